"""The clerk's own file back, with what is wrong marked where it stands: red, with a comment.

What a cell looked like before is kept in a hidden sheet, so that the marks of one try are gone on
the next. Everything else of the file stays as it came."""

from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from exchange.container import NotAccepted
from exchange.preview import BadCell
from exchange.text import clean, put_text

SHEET = "标注记录"
AUTHOR = "竹山规划通"
LEAD = "【需改正】"
RED = PatternFill("solid", fgColor="FFC7CE")
WIDTH, HEIGHT = 320, 110


def marked(content: bytes, bad: Iterable[BadCell]) -> bytes:
    """The file, which `read_book` accepted, with every bad cell marked and old marks removed."""
    book = _opened(content)
    _unmark(book)
    by_cell: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in bad:
        place = one.address if one.column else f"A{one.row}"
        by_cell[one.sheet, place].append(one.says)
    kept = [
        _mark(book[sheet], place, says)
        for (sheet, place), says in by_cell.items()
        if sheet in book.sheetnames
    ]
    _keep(book, [one for one in kept if one])
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _opened(content: bytes) -> Workbook:
    try:
        return load_workbook(BytesIO(content))
    except (InvalidFileException, KeyError, ValueError, TypeError, IndexError) as error:
        raise NotAccepted("这个文件可以读取，但不能写入标注；请对照页面上的清单改正。") from error


def _mark(sheet: Worksheet, place: str, says: list[str]) -> list[str] | None:
    """What is needed to take the mark off again."""
    cell = sheet[place]
    if not isinstance(cell, Cell) or isinstance(cell, MergedCell):
        return None
    before = [sheet.title, place, *_fill(cell), cell.comment.text if cell.comment else ""]
    cell.fill = RED
    cell.comment = Comment(clean(LEAD + "\n".join(says)), AUTHOR, HEIGHT, WIDTH)
    return before


def _fill(cell: Cell) -> list[str]:
    """Pattern and colour; a colour of the theme is kept as such."""
    fill = cell.fill
    colour = fill.fgColor
    return [fill.patternType or "", colour.type or "", str(colour.value), str(colour.tint or 0)]


def _keep(book: Workbook, marks: list[list[str]]) -> None:
    if not marks:
        return
    sheet = book.create_sheet(SHEET)
    sheet.sheet_state = "veryHidden"
    for row, values in enumerate(marks, start=1):
        for column, value in enumerate(values, start=1):
            put_text(sheet.cell(row, column), value)


def _unmark(book: Workbook) -> None:
    """As it was before the last try. Also where a row was moved since: the comments tell."""
    before = {}
    if SHEET in book.sheetnames:
        rows = book[SHEET].iter_rows(max_col=7, values_only=True)
        before = {(row[0], row[1]): [str(one or "") for one in row[2:]] for row in rows}
        del book[SHEET]
    for sheet in book.worksheets:
        for cell in _with_mark(sheet):
            pattern, kind, colour, tint, text = before.get(
                (sheet.title, cell.coordinate), ["", "", "", "0", ""]
            )
            cell.fill = _filled(pattern, kind, colour, tint)
            cell.comment = Comment(text, AUTHOR, HEIGHT, WIDTH) if text else None


def _with_mark(sheet: Worksheet) -> list[Cell]:
    return [
        cell
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment and LEAD in cell.comment.text
    ]


def _filled(pattern: str, kind: str, colour: str, tint: str) -> PatternFill:
    if pattern != "solid":
        return PatternFill()
    number = int(colour) if kind in {"theme", "indexed"} and colour.isdigit() else None
    if kind == "theme" and number is not None:
        return PatternFill("solid", fgColor=Color(theme=number, tint=float(tint)))
    if kind == "indexed" and number is not None:
        return PatternFill("solid", fgColor=Color(indexed=number))
    return PatternFill("solid", fgColor=colour) if kind == "rgb" else PatternFill()
