"""Workbooks that are filled in and come back: headings with notes, drop-downs, checked numbers,
and nothing open for typing but the cells meant for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from exchange.text import clean, put_text

Value = str | int | Decimal | date | None

AUTHOR = "竹山规划通"
TITLE_ROW, HELP_ROW, HEADING_ROW = 1, 2, 3
GB2312 = 134
A4 = 9
NOTE_WIDTH, NOTE_HEIGHT = 300, 90

_LINE = Side(style="thin", color="BFC6CF")
FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
HEADING = PatternFill("solid", fgColor="DDE5EE")
INPUT_HEADING = PatternFill("solid", fgColor="FFE9A8")
CLOSED = PatternFill("solid", fgColor="F2F3F5")


@dataclass(frozen=True)
class Column:
    """`kind`: text, number (not negative), whole (0 to 100), date, or code (text that Excel must
    not take for a number or a day). `note`: what the heading's comment says."""

    heading: str
    width: int
    kind: str = "text"
    note: str = ""
    is_input: bool = False


@dataclass(frozen=True)
class Written:
    """One cell: its value, whether it may be changed, the words it may hold, and its comment."""

    value: Value
    is_open: bool = False
    choices: tuple[str, ...] = ()
    note: str = ""


def font(size: int = 10, bold: bool = False, colour: str = "000000") -> Font:
    return Font(name="宋体", size=size, bold=bold, color=colour, charset=GB2312)


def new_book() -> Workbook:
    book = Workbook()
    book.remove(book.active)
    return book


def write_sheet(
    book: Workbook,
    name: str,
    title: str,
    help_text: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Written]],
    *,
    is_protected: bool = True,
    frozen: int = 2,
) -> Worksheet:
    sheet = book.create_sheet(name)
    _write_head(sheet, title, help_text, columns)
    all_rows = list(rows)
    for number, row in enumerate(all_rows, start=HEADING_ROW + 1):
        for place, (column, one) in enumerate(zip(columns, row, strict=True), start=1):
            _write_cell(sheet.cell(number, place), column, one, is_protected)
    for place, column in enumerate(columns, start=1):
        _add_validations(sheet, place, column, [row[place - 1] for row in all_rows])
    _set_up(sheet, frozen, is_protected)
    return sheet


def _write_head(sheet: Worksheet, title: str, help_text: str, columns: Sequence[Column]) -> None:
    put_text(sheet.cell(TITLE_ROW, 1), title)
    sheet.cell(TITLE_ROW, 1).font = font(14, bold=True)
    put_text(sheet.cell(HELP_ROW, 1), help_text)
    sheet.cell(HELP_ROW, 1).font = font(10, colour="465160")
    for place, column in enumerate(columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        cell = sheet.cell(HEADING_ROW, place)
        put_text(cell, column.heading)
        cell.font, cell.border = font(bold=True), FRAME
        cell.fill = INPUT_HEADING if column.is_input else HEADING
        cell.alignment = Alignment("center", "center", wrap_text=True)
        if column.note:
            cell.comment = _comment(column.note)


def _comment(text: str) -> Comment:
    return Comment(clean(text), AUTHOR, NOTE_HEIGHT, NOTE_WIDTH)


def _write_cell(cell: Cell, column: Column, one: Written, is_protected: bool) -> None:
    if isinstance(one.value, str):
        if one.value:
            put_text(cell, one.value)
    else:
        cell.value = one.value
    if column.kind == "date":
        cell.number_format = "yyyy-mm-dd"
    elif column.kind in {"code", "text"}:
        cell.number_format = "@"
    across = "left" if column.kind in {"text", "code"} else "right"
    cell.alignment = Alignment(across, "top", wrap_text=True)
    cell.font, cell.border = font(), FRAME
    cell.protection = Protection(locked=is_protected and not one.is_open)
    if is_protected and not one.is_open:
        cell.fill = CLOSED
    if one.note:
        cell.comment = _comment(one.note)


def _add_validations(
    sheet: Worksheet, place: int, column: Column, cells: Sequence[Written]
) -> None:
    """One rule for each run of cells that may hold the same."""
    letter, number = get_column_letter(place), HEADING_ROW + 1
    for (is_open, choices), run in groupby(cells, key=lambda one: (one.is_open, one.choices)):
        last = number + len(list(run)) - 1
        rule = _validation(column, choices) if is_open else None
        if rule is not None:
            rule.add(f"{letter}{number}:{letter}{last}")
            sheet.add_data_validation(rule)
        number = last + 1


def _validation(column: Column, choices: tuple[str, ...]) -> DataValidation | None:
    rules = {
        "number": ("decimal", "greaterThanOrEqual", "0", None, "请填不小于 0 的数字。"),
        "whole": ("decimal", "between", "0", "100", "请填 0 至 100 之间的整数。"),
        "date": ("date", "greaterThan", "18264", None, "请填日期，例如 2023-03-15。"),
    }
    if choices:
        rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        says = "请从下拉列表中选择。"
    elif column.kind in rules:
        kind, operator, low, high, says = rules[column.kind]
        rule = DataValidation(
            type=kind, operator=operator, formula1=low, formula2=high, allow_blank=True
        )
    else:
        return None
    rule.showErrorMessage = True
    rule.errorTitle, rule.error = column.heading, says
    return rule


def _set_up(sheet: Worksheet, frozen: int, is_protected: bool) -> None:
    sheet.freeze_panes = f"{get_column_letter(frozen + 1)}{HEADING_ROW + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADING_ROW}:{HEADING_ROW}"
    if is_protected:
        sheet.protection.enable()
        # Against slips, not against people: columns and rows may still be made wider or hidden.
        sheet.protection.formatColumns = sheet.protection.formatRows = False
