"""Reads an uploaded workbook into plain cells, in one pass and without trusting it.

The file is checked as a container first, then its sheets are read as a stream: neither the used
range that a sheet claims nor its number of empty rows decides how much work is done. openpyxl is
not used here: it trusts the used range, and shows either formulas or their results, not both."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import PurePosixPath
from posixpath import normpath
from xml.etree.ElementTree import Element, ParseError
from zipfile import ZipFile

from defusedxml.ElementTree import iterparse
from openpyxl.styles.numbers import BUILTIN_FORMATS

from exchange import container
from exchange.cells import Cell, CellKind, number_cell
from exchange.container import NotAccepted

LARGEST = 10 * 1024 * 1024
UNPACKED = 40 * 1024 * 1024
ROWS, COLUMNS, SHEETS = 20_000, 200, 50
CELLS = 150_000  # that hold something
ELEMENTS = 500_000  # of one part, also those that say nothing
DEPTH = 40
WORKBOOK = b"spreadsheetml.sheet.main+xml"
# Dates of a Chinese Excel or WPS that no file spells out: 27–36 and 50–58.
CHINESE_DATES = {
    **dict.fromkeys([*range(27, 37), *range(50, 59)], "yyyy-mm-dd"),
    **dict.fromkeys([27, 36, 50, 52, 57], "yyyy-mm"),
    **dict.fromkeys([32, 33, 34, 35, 55, 56], "h:mm:ss"),
}
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# Excel writes characters that XML cannot hold as _x0001_.
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Sheet:
    """`rows`: row number → column number → cell, only cells that hold something, hidden rows left
    out; `hidden`: numbers of the hidden rows that hold something."""

    name: str
    is_hidden: bool = False
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)


@dataclass
class Book:
    sheets: list[Sheet]

    def get(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def read_book(name: str, content: bytes) -> Book:
    """Every sheet of the workbook. Raises NotAccepted with a sentence."""
    _refuse_by_name(name, content)
    with container.opened(name, content, unpacked=UNPACKED, without_dtd=True) as packed:
        if WORKBOOK not in container.content_types(name, packed):
            raise NotAccepted(f"“{name}”不是 Excel 工作簿；请用下载的填报表填写后上传。")
        try:
            return _Reader(name, packed).book()
        except (ParseError, KeyError, IndexError, AttributeError) as error:
            raise NotAccepted(f"“{name}”已损坏，打不开；请用原来的文件上传。") from error


def _refuse_by_name(name: str, content: bytes) -> None:
    if PurePosixPath(name).suffix.lower() != ".xlsx":
        raise NotAccepted(f"只收 .xlsx 工作簿，现为“{name}”；请在 Excel 或 WPS 中另存为 .xlsx。")
    if not content:
        raise NotAccepted(f"“{name}”是空文件，请检查是否选错了文件。")
    if len(content) > LARGEST:
        raise NotAccepted(f"“{name}”超过 {LARGEST >> 20} MB，请检查是否选错了文件。")
    container.refuse_old(name, content)
    if not content.startswith(container.ZIP):
        raise NotAccepted(f"“{name}”的内容不是 Excel 工作簿；请用下载的填报表填写后上传。")


@dataclass
class _Reader:
    name: str
    packed: ZipFile
    cells: int = 0

    def book(self) -> Book:
        path = self._main()
        named: list[Mapping[str, str]] = []
        self.since_1904 = False
        for element in self._elements(path):
            match _local(element):
                case "workbookPr":
                    self.since_1904 = element.get("date1904") in {"1", "true"}
                case "sheet":
                    named.append({_bare(key): value for key, value in element.items()})
        links = self._links(path)
        self.strings = self._strings(links)
        self.formats = self._formats(links)
        if len(named) > SHEETS:
            raise NotAccepted(f"“{self.name}”的工作表超过 {SHEETS} 张，请检查是否选错了文件。")
        found = ((one, links.get(one.get("id", ""))) for one in named)
        return Book([self._sheet(one, *link) for one, link in found if link])

    # --- parts -------------------------------------------------------------------------------

    def _main(self) -> str:
        for kind, target in self._links("").values():
            if kind == "officeDocument":
                return target
        raise KeyError("officeDocument")

    def _links(self, path: str) -> dict[str, tuple[str, str]]:
        """Id → what kind of part, and where it is. `path`: of the part that links."""
        folder, name = str(PurePosixPath(path).parent), PurePosixPath(path).name
        found = {}
        for element in self._elements(normpath(f"{folder}/_rels/{name}.rels")):
            if _local(element) == "Relationship":
                kind = element.get("Type", "").rpartition("/")[2]
                target = normpath(f"{folder}/{element.get('Target', '')}")
                if element.get("Target", "").startswith("/"):
                    target = normpath(element.get("Target", "").lstrip("/"))
                found[element.get("Id", "")] = (kind, target)
        return found

    def _strings(self, links: Mapping[str, tuple[str, str]]) -> list[str]:
        return [
            _text(element)
            for kind, target in links.values()
            if kind == "sharedStrings"
            for element in self._elements(target, whole="si")
            if _local(element) == "si"
        ]

    def _formats(self, links: Mapping[str, tuple[str, str]]) -> list[str]:
        """The number format of each cell style."""
        codes: dict[int, str] = {**BUILTIN_FORMATS, **CHINESE_DATES}
        path = next((target for kind, target in links.values() if kind == "styles"), None)
        used: list[int] = []
        for element in self._elements(path, whole="cellXfs") if path else ():
            match _local(element):
                case "numFmt":
                    codes[int(element.get("numFmtId", ""))] = element.get("formatCode", "")
                case "cellXfs":
                    used = [int(style.get("numFmtId", "0")) for style in element]
        return [codes.get(one, "General") for one in used]

    # --- sheets ------------------------------------------------------------------------------

    def _sheet(self, named: Mapping[str, str], kind: str, path: str) -> Sheet:
        title = named.get("name", "")
        sheet = Sheet(title, named.get("state", "visible") != "visible")
        if kind != "worksheet":
            return sheet
        number = rows = column = 0
        is_hidden = False
        for event, element in self._events(path, starts="row", whole="c"):
            if event == "start":
                number, column, rows = int(element.get("r") or number + 1), 0, rows + 1
                is_hidden = element.get("hidden") in {"1", "true"}
                if rows > ROWS:
                    raise NotAccepted(self._too_long(title))
            elif _bare(element.tag) == "c":
                column = _column(element, number) or column + 1
                if len(element):
                    self._keep(sheet, number, column, element, is_hidden)
        sheet.hidden = list(dict.fromkeys(sheet.hidden))
        return sheet

    def _keep(self, sheet: Sheet, row: int, column: int, element: Element, is_hidden: bool) -> None:
        cell = self._cell(row, column, element)
        if cell is None:
            return
        self.cells += 1
        if row > ROWS:
            raise NotAccepted(self._too_long(sheet.name))
        if column > COLUMNS:
            raise NotAccepted(
                f"“{self.name}”的工作表“{sheet.name}”超过 {COLUMNS} 列，"
                "请删除右侧多余的列（整列删除）后再上传。"
            )
        if self.cells > CELLS:
            raise NotAccepted(f"“{self.name}”的内容过多，请检查是否选错了文件。")
        if is_hidden:
            sheet.hidden.append(row)
        else:
            sheet.rows.setdefault(row, {})[column] = cell

    def _too_long(self, title: str) -> str:
        return (
            f"“{self.name}”的工作表“{title}”超过 {ROWS} 行，"
            "请删除数据下方的空白行（整行删除）后再上传。"
        )

    def _cell(self, row: int, column: int, element: Element) -> Cell | None:
        """None where nothing stands in it."""
        parts = {_local(part): part for part in element}
        value = (parts["v"].text or "") if "v" in parts else ""
        # A formula may well have a text of no letters as its result.
        is_blank = element.get("t") == "str" and "v" in parts
        if "f" in parts and not value and not is_blank:
            return Cell(row, column, "公式", CellKind.UNCOMPUTED, True)
        kind, shown = self._shown(element, value, parts.get("is"))
        shown = shown.strip()
        return Cell(row, column, shown, kind, "f" in parts) if shown else None

    def _shown(self, element: Element, value: str, inline: Element | None) -> tuple[CellKind, str]:
        match element.get("t", "n"):
            case "s":
                return CellKind.TEXT, self.strings[int(value)] if value else ""
            case "inlineStr":
                return CellKind.TEXT, _text(inline) if inline is not None else ""
            case "b":
                return CellKind.TRUTH, "TRUE" if value == "1" else "FALSE"
            case "e":
                return CellKind.ERROR, value
            case "n" if value:
                style = int(element.get("s") or 0)
                code = self.formats[style] if style < len(self.formats) else "General"
                return number_cell(value.strip(), code, self.since_1904)
        return CellKind.TEXT, _unescaped(value)

    # --- XML ---------------------------------------------------------------------------------

    def _elements(self, path: str, whole: str = "") -> Iterator[Element]:
        for _, element in self._events(path, whole=whole):
            yield element

    def _events(
        self, path: str, *, starts: str = "", whole: str = ""
    ) -> Iterator[tuple[str, Element]]:
        """Each element as it ends, emptied afterwards; what stands inside of `whole` is kept until
        that ends. `starts`: also as it starts, where that is its name."""
        if not path.lower().endswith(container.XML_PARTS):
            raise KeyError(path)  # has not been looked through for a DTD
        seen, open_elements, inside = 0, [], 0
        with self.packed.open(path) as part:
            for event, element in iterparse(part, ("start", "end"), forbid_dtd=True):
                tag = _bare(element.tag)
                is_whole = tag == whole
                if event == "start":
                    open_elements.append(element)
                    inside += is_whole
                    seen += 1
                    if seen > ELEMENTS or len(open_elements) > DEPTH:
                        raise NotAccepted(f"“{self.name}”的内容过多，请检查是否选错了文件。")
                    if tag == starts:
                        yield event, element
                    continue
                open_elements.pop()
                inside -= is_whole
                yield event, element
                if not inside:
                    element.clear()
                    if open_elements:
                        open_elements[-1].clear()


def _local(element: Element) -> str:
    return _bare(element.tag)


@lru_cache(1_000)
def _bare(name: str) -> str:
    """Whatever its namespace: strict and transitional workbooks differ in it."""
    return name.rpartition("}")[2]


def _column(element: Element, row: int) -> int:
    """0 where the cell does not say where it stands."""
    found = REFERENCE.fullmatch(element.get("r", ""))
    if found is None:
        return 0
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    return number


def _text(element: Element) -> str:
    """All runs of a rich text, without the reading aids of Asian scripts."""
    runs = []
    for part in element:
        match _local(part):
            case "t":
                runs.append(part.text or "")
            case "r":
                runs += [one.text or "" for one in part if _local(one) == "t"]
    return _unescaped("".join(runs))


def _unescaped(text: str) -> str:
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text).replace("\r\n", "\n")
