"""Workbooks made by script: small ones of chosen XML, and every kind of hostile one."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

from openpyxl import Workbook, load_workbook

MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet {NS}><numFmts count="2"><numFmt numFmtId="164" formatCode="0.0%"/>'
    '<numFmt numFmtId="165" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts>'
    '<cellXfs count="6"><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="164"/>'
    '<xf numFmtId="14"/><xf numFmtId="31"/><xf numFmtId="165"/></cellXfs></styleSheet>'
)


def parts(rows: str, **changes: str) -> dict[str, bytes]:
    """The parts of a workbook with one sheet “表” that has these `<row>` elements."""
    found = {
        "[Content_Types].xml": f'<Types><Override PartName="/xl/workbook.xml" ContentType="{MAIN}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="r" Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {NS} xmlns:r="{REL}"><sheets><sheet name="表" sheetId="1" r:id="a"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="a" Type="{REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="b" Type="{REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
        "xl/worksheets/sheet1.xml": f"<worksheet {NS}><sheetData>{rows}</sheetData></worksheet>",
    }
    return {name: text.encode() for name, text in {**found, **changes}.items()}


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as container:
        for name, content in members.items():
            container.writestr(name, content)
    return file.getvalue()


def sheet(rows: str, **changes: str) -> bytes:
    return packed(parts(rows, **changes))


def edited(content: bytes, cells: dict[str, Any]) -> bytes:
    """As a person would: {"投资!E4": 12, "项目进展!J4": (0.6, "0%")} by sheet and cell."""
    book = load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        name, _, address = place.partition("!")
        cell = book[name][address]
        cell.value, style = value if isinstance(value, tuple) else (value, None)
        if style:
            cell.number_format = style
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def values(content: bytes) -> dict[str, list[list[Any]]]:
    book = load_workbook(io.BytesIO(content))
    return {one.title: [[cell.value for cell in row] for row in one.rows] for one in book}


# --- hostile -----------------------------------------------------------------------------------

EMPTY_ROWS = '<row r="1"><c r="A1"><v>1</v></c></row>' + "".join(
    f'<row r="{number}" ht="15"/>' for number in range(2, 1_000_001)
)


def million_empty_rows() -> bytes:
    return sheet(EMPTY_ROWS)


def column_names(count: int) -> list[str]:
    def name(number: int) -> str:
        letters = ""
        while number:
            number, rest = divmod(number - 1, 26)
            letters = chr(65 + rest) + letters
        return letters

    return [name(number) for number in range(1, count + 1)]


def wide() -> bytes:
    cells = "".join(f'<c r="{name}1"><v>1</v></c>' for name in column_names(16_384))
    return sheet(f'<row r="1">{cells}</row>')


def far_away() -> bytes:
    return sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')


def many_cells() -> bytes:
    names = column_names(150)
    return sheet(
        "".join(
            f'<row r="{r}">{"".join(f"<c r={chr(34)}{n}{r}{chr(34)}><v>1</v></c>" for n in names)}</row>'
            for r in range(1, 2_000)
        )
    )


def styled_blanks() -> bytes:
    rows = '<row r="1">' + "<c/>" * 2_000_000 + "</row>"
    return packed(parts(rows), zipfile.ZIP_STORED)


def deep() -> bytes:
    return sheet("<a>" * 50_000 + "</a>" * 50_000)


def bomb() -> bytes:
    return sheet("<!--" + " " * 60_000_000 + "-->")


def incompressible_bomb() -> bytes:
    """Stays below the ratio; only the count stops it."""
    members = {f"xl/media/{n}.bin": bytes(range(256)) * 40_000 for n in range(6)}
    return packed({**parts(""), **members}, zipfile.ZIP_STORED)


def lying_bomb() -> bytes:
    """The directory says that the sheet is a hundred bytes long."""
    content = bytearray(bomb())
    place = content.rfind(b"PK\x01\x02", 0, content.rfind(b"PK\x05\x06"))
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    return bytes(content)


def entities() -> bytes:
    lines = ['<!DOCTYPE x [<!ENTITY a0 "ha">']
    lines += [f'<!ENTITY a{n} "&a{n - 1};&a{n - 1};&a{n - 1};&a{n - 1};">' for n in range(1, 30)]
    body = (
        f"<worksheet {NS}><sheetData><row><c t='str'><v>&a29;</v></c></row></sheetData></worksheet>"
    )
    return sheet("", **{"xl/worksheets/sheet1.xml": "".join(lines) + "]>" + body})


def entities_in_utf16() -> bytes:
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    return packed(parts("") | {"xl/theme/theme1.xml": text.encode("utf-16")})


def external_entity() -> bytes:
    text = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    return sheet("", **{"xl/sharedStrings.xml": text})


def with_vba() -> bytes:
    return packed({**parts(""), "xl/vbaProject.bin": b"x"})


def macro_enabled() -> bytes:
    types = '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
    return sheet("", **{"[Content_Types].xml": types})


def encrypted() -> bytes:
    """With the flag of a password on its first member."""
    content = bytearray(sheet(""))
    content[6] |= 1
    place = content.find(b"PK\x01\x02")
    content[place + 8] |= 1
    return bytes(content)


def cut_off() -> bytes:
    return sheet('<row r="1"><c r="A1"><v>1</v></c></row>')[:-100]


def bad_xml() -> bytes:
    return sheet("<row><c></row>")


def missing_string() -> bytes:
    return sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>')


def other_zip() -> bytes:
    return packed({"清单.txt": b"x"})


def docx() -> bytes:
    types = '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    return packed({"[Content_Types].xml": types.encode(), "word/document.xml": b"<x/>"})


def many_members() -> bytes:
    return packed({**parts(""), **{f"x/{n}": b"" for n in range(2_001)}})


def many_sheets() -> bytes:
    book = Workbook()
    for number in range(60):
        book.create_sheet(f"{number}")
    return saved(book)


ODD = "“{}”的内部结构不正常，不能上传；请用办公软件另存后再试。"
MACRO = "“{}”含有宏，不能上传；请另存为不含宏的文件。"
BLOWN = "“{}”展开后过大，不能上传；请检查文件。"
BROKEN = "“{}”已损坏，打不开；请用原来的文件上传。"
OLD = "“{}”是加密的或旧格式的 Office 文件，请去掉密码并另存为新格式。"
NO_BOOK = "“{}”不是 Excel 工作簿；请用下载的填报表填写后上传。"
NO_CONTENT = "“{}”的内容不是 Excel 工作簿；请用下载的填报表填写后上传。"
TOO_MUCH = "“{}”的内容过多，请检查是否选错了文件。"
NOT_XLSX = "只收 .xlsx 工作簿，现为“{}”；请在 Excel 或 WPS 中另存为 .xlsx。"
TOO_LONG = "“{}”的工作表“表”超过 20000 行，请删除数据下方的空白行（整行删除）后再上传。"
TOO_WIDE = "“{}”的工作表“表”超过 200 列，请删除右侧多余的列（整列删除）后再上传。"

HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "no workbook": ("a.xlsx", lambda: b"\x00\x01\x02", NO_CONTENT),
    "text under the right name": ("a.xlsx", "任务代码,状态".encode, NO_CONTENT),
    "html under the right name": ("a.xlsx", lambda: b"<html><table>", NO_CONTENT),
    "pdf under the right name": ("a.xlsx", lambda: b"%PDF-1.4", NO_CONTENT),
    "document under the right name": ("a.xlsx", docx, NO_BOOK),
    "other zip under the right name": ("a.xlsx", other_zip, NO_BOOK),
    "old format": ("a.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NOT_XLSX),
    "macro by name": ("a.xlsm", with_vba, NOT_XLSX),
    "no extension": ("a", lambda: sheet(""), NOT_XLSX),
    "empty": ("a.xlsx", lambda: b"", "“{}”是空文件，请检查是否选错了文件。"),
    "too large": ("a.xlsx", lambda: b"PK\x03\x04" + b"x" * (11 << 20), "“{}”超过 10 MB，请检查是否选错了文件。"),
    "password or old": ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD),
    "zip with password": ("a.xlsx", encrypted, "“{}”设有密码，请去掉密码后再上传。"),
    "macro part": ("a.xlsx", with_vba, MACRO),
    "macro-enabled type": ("a.xlsx", macro_enabled, MACRO),
    "bomb": ("a.xlsx", bomb, BLOWN),
    "stored bomb": ("a.xlsx", incompressible_bomb, "“{}”超过 10 MB，请检查是否选错了文件。"),
    "lying bomb": ("a.xlsx", lying_bomb, BROKEN),
    "entities": ("a.xlsx", entities, ODD),
    "entities in UTF-16": ("a.xlsx", entities_in_utf16, ODD),
    "external entity": ("a.xlsx", external_entity, ODD),
    "many members": ("a.xlsx", many_members, ODD),
    "path out": ("a.xlsx", lambda: packed({**parts(""), "../x": b"x"}), ODD),
    "odd method": ("a.xlsx", lambda: packed(parts(""), zipfile.ZIP_LZMA), ODD),
    "cut off": ("a.xlsx", cut_off, BROKEN),
    "bad XML": ("a.xlsx", bad_xml, BROKEN),
    "missing string": ("a.xlsx", missing_string, BROKEN),
    "missing part": ("a.xlsx", lambda: packed({k: v for k, v in parts("").items() if "sheet1" not in k}), BROKEN),
    "million empty rows": ("a.xlsx", million_empty_rows, TOO_LONG),
    "far away": ("a.xlsx", far_away, TOO_LONG),
    "16,384 columns": ("a.xlsx", wide, TOO_WIDE),
    "many cells": ("a.xlsx", many_cells, TOO_MUCH),
    "two million blanks": ("a.xlsx", styled_blanks, TOO_MUCH),
    "deep": ("a.xlsx", deep, TOO_MUCH),
    "many sheets": ("a.xlsx", many_sheets, "“{}”的工作表超过 50 张，请检查是否选错了文件。"),
}  # fmt: skip
