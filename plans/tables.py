"""Reads the tables of a plan folder: CSV in UTF-8, made by an office in WPS or Excel.

Nothing here stops at the first fault. Every getter of `Row` that meets nonsense adds a sentence to
the list of faults and returns an empty value, so that the office sees all faults at once; whoever
writes to the database asks `faults` first and raises `PlanFolderError`."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

Value = TypeVar("Value")

LARGEST_FILE = 5_000_000
YES_NO = {"是": True, "否": False, "": False}
INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
# No exponent, no NaN, no Infinity: "1e309" is a slip of the keyboard, never a figure of a plan.
DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class PlanFolderError(Exception):
    """The folder cannot be loaded; `faults` are Chinese sentences, one for every fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


@dataclass
class Row:
    """One row of a table. `line` is the row number as WPS and Excel show it (header = 1);
    `lines` has the row of each name in a table of names and contents."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: list[str] = field(repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)
    sound: bool = True

    def fault(self, column: str | None, says: str) -> None:
        """Adds “文件 第 n 行“列”：说什么” to the faults; `says` ends with 。 and what to do."""
        self.sound = False
        line = self.lines.get(column, self.line) if column else self.line
        place = f"{self.file} 第 {line} 行"
        self.faults.append(f"{place}“{column}”：{says}" if column else f"{place}：{says}")

    def text(self, column: str, *, required: bool = True, max_length: int | None = None) -> str:
        cell = self._cell(column, required)
        if UNPRINTABLE.search(cell):
            return self._wrong(column, "含有看不见的控制字符，请清除后重新输入。", "")
        if max_length is not None and len(cell) > max_length:
            says = f"最多 {max_length} 个字，现有 {len(cell)} 个字，请缩短。"
            return self._wrong(column, says, "")
        return cell

    def integer(
        self,
        column: str,
        *,
        minimum: int | None = None,
        maximum: int | None = None,
        required: bool = True,
    ) -> int | None:
        cell = self._cell(column, required)
        if not cell:
            return None
        number = _half_width(cell)
        if INTEGER.fullmatch(number) and _within(int(number), minimum, maximum):
            return int(number)
        return self._wrong(column, _should_be("整数", minimum, maximum, cell), None)

    def decimal(
        self,
        column: str,
        *,
        minimum: Decimal | int | None = None,
        maximum: Decimal | int | None = None,
        digits: int = 20,
        places: int = 6,
        required: bool = True,
    ) -> Decimal | None:
        """A plain number of at most `digits` digits, `places` of them after the point."""
        cell = self._cell(column, required)
        if not cell:
            return None
        number = _plain(cell)
        if number is None or not _within(number, minimum, maximum):
            return self._wrong(column, _should_be("数字", minimum, maximum, cell), None)
        if not _fits(number, digits, places):
            says = (
                f"整数部分最多 {digits - places} 位、小数最多 {places} 位，现为“{_short(cell)}”。"
            )
            return self._wrong(column, says, None)
        return number

    def date(self, column: str, *, required: bool = True) -> date | None:
        cell = self._cell(column, required)
        if not cell:
            return None
        found = DATE.fullmatch(_half_width(cell))
        try:
            return date(*map(int, found.groups()))  # type: ignore[union-attr]
        except (AttributeError, ValueError):
            says = f"应为日期，例如 2022-04-15，现为“{_short(cell)}”。"
            return self._wrong(column, says, None)

    def flag(self, column: str) -> bool:
        """是 or 否; blank means 否."""
        cell = self._cell(column, False)
        if cell in YES_NO:
            return YES_NO[cell]
        return self._wrong(column, f"应填“是”或“否”，现为“{_short(cell)}”。", False)

    def choice(
        self, column: str, values: Mapping[str, Value], *, required: bool = True
    ) -> Value | None:
        """The value that belongs to the Chinese word of the cell; None where blank is allowed."""
        cell = self._cell(column, required)
        if not cell:
            return None
        if cell in values:
            return values[cell]
        words = "、".join(word for word in values if word)
        return self._wrong(column, f"应为{words}之一，现为“{_short(cell)}”。", None)

    def _cell(self, column: str, required: bool) -> str:
        """A column that is not there has been reported with the header already."""
        cell = self.cells.get(column, "")
        if required and not cell and column in self.cells:
            self.fault(column, "不能为空，请填写。")
        return cell

    def _wrong(self, column: str, says: str, instead: Value) -> Value:
        self.fault(column, says)
        return instead


def read_table(
    folder: Path,
    name: str,
    columns: Sequence[str],
    faults: list[str],
    *,
    optional: Sequence[str] = (),
    required_file: bool = True,
) -> list[Row]:
    """The rows of `folder/name`, empty lines skipped; [] when the file or its header is wrong.

    Every column of `columns` must be there, those of `optional` may be; no other is accepted, so
    that a misspelt heading is not silently ignored."""
    content = _content(Path(folder) / name, faults, required_file)
    records = _records(name, content, faults) if content is not None else []
    if not records or not _header_is_right(name, records[0][1], columns, optional, faults):
        return []
    header = records[0][1]
    return [_row(name, line, header, cells, faults) for line, cells in records[1:] if any(cells)]


def read_settings(
    folder: Path, name: str, required: Sequence[str], optional: Sequence[str], faults: list[str]
) -> Row | None:
    """A table of two columns (项目, 内容) as one row whose columns are the names."""
    table = unique(read_table(folder, name, ["项目", "内容"], faults), "项目")
    rows = {key: row for (key,), row in table.items()}
    for key, row in rows.items():
        if key not in {*required, *optional}:
            row.fault("项目", f"不认识的项目“{_short(key)}”，请改成规定的名称或删去这一行。")
    if not rows:
        return None
    missing = [key for key in required if key not in rows]
    faults += [f"{name}：缺少“{key}”这一项，请补一行。" for key in missing]
    cells = {key: row.cells["内容"] for key, row in rows.items()}
    return Row(name, 1, cells, faults, {key: row.line for key, row in rows.items()}, not missing)


def unique(rows: Iterable[Row], *columns: str) -> dict[tuple[str, ...], Row]:
    """The rows by the cells of these columns; a second row with the same cells is a fault."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row.cells.get(column, "") for column in columns)
        if not any(key):
            continue
        first = found.setdefault(key, row)
        if first is not row:
            says = f"“{' '.join(key)}”与第 {first.line} 行重复，请删去一行或改正。"
            row.fault("、".join(columns), says)
    return found


def write_table(
    folder: Path, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Writes a table as `read_table` reads it, with the mark by which Excel knows UTF-8."""
    with (Path(folder) / name).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _content(path: Path, faults: list[str], required: bool) -> str | None:
    if not path.is_file():
        if required:
            faults.append(f"{path.name}：规划文件夹中没有这个文件，请补上。")
        return None
    if path.stat().st_size > LARGEST_FILE:
        faults.append(
            f"{path.name}：文件超过 {LARGEST_FILE // 1_000_000} MB，请检查是否放错了文件。"
        )
        return None
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(f"{path.name}：不是 UTF-8 编码，请在 WPS 或 Excel 中另存为“CSV UTF-8”。")
        return None


def _records(name: str, content: str, faults: list[str]) -> list[tuple[int, list[str]]]:
    """Numbered as a spreadsheet numbers them: a cell with a line break is still one row."""
    try:
        read = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error:
        faults.append(f"{name}：引号不成对，读不出行列，请在 WPS 或 Excel 中打开检查后重新保存。")
        return []
    if not any(any(cells) for cells in read):
        faults.append(f"{name}：文件是空的，第 1 行应为列名。")
        return []
    return [(line, [cell.strip() for cell in cells]) for line, cells in enumerate(read, start=1)]


def _header_is_right(
    name: str,
    header: list[str],
    columns: Sequence[str],
    optional: Sequence[str],
    faults: list[str],
) -> bool:
    named = [column for column in header if column]
    wrong = [f"缺少“{column}”列，请补上。" for column in columns if column not in named]
    known = {*columns, *optional}
    wrong += [
        f"不认识的列“{_short(column)}”，请改成规定的列名或删去。"
        for column in dict.fromkeys(named)
        if column not in known
    ]
    wrong += [
        f"“{column}”列重复，请删去一列。"
        for column in dict.fromkeys(named)
        if named.count(column) > 1
    ]
    faults += [f"{name} 第 1 行：{says}" for says in wrong]
    return not wrong


def _row(name: str, line: int, header: list[str], cells: list[str], faults: list[str]) -> Row:
    filled = [*cells, *[""] * (len(header) - len(cells))]
    row = Row(name, line, dict(zip(header, filled, strict=False)), faults)
    if any(cell for place, cell in enumerate(cells) if place >= len(header) or not header[place]):
        row.fault(None, "有内容落在列名之外，多半是文字里有英文逗号而没有加引号，请检查。")
    return row


def _half_width(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).replace(" ", "")


def _plain(cell: str) -> Decimal | None:
    number = _half_width(cell)
    if GROUPED.fullmatch(number):
        number = number.replace(",", "")
    return Decimal(number) if DECIMAL.fullmatch(number) else None


def _fits(number: Decimal, digits: int, places: int) -> bool:
    """Asked before anything is stored: the database would round, or refuse the whole table."""
    whole, _, fraction = f"{abs(number):f}".partition(".")
    return len(whole.lstrip("0")) <= digits - places and len(fraction.rstrip("0")) <= places


def _within(
    number: Decimal | int, minimum: Decimal | int | None, maximum: Decimal | int | None
) -> bool:
    above = minimum is None or number >= minimum
    return above and (maximum is None or number <= maximum)


def _should_be(
    what: str, minimum: Decimal | int | None, maximum: Decimal | int | None, cell: str
) -> str:
    return f"应为{_range(minimum, maximum)}{what}，现为“{_short(cell)}”。"


def _range(minimum: Decimal | int | None, maximum: Decimal | int | None) -> str:
    if minimum is not None and maximum is not None:
        return f" {minimum} 至 {maximum} 之间的"
    if minimum is not None:
        return f"不小于 {minimum} 的"
    return f"不大于 {maximum} 的" if maximum is not None else ""


def _short(cell: str) -> str:
    return cell if len(cell) <= 30 else f"{cell[:30]}…"
