"""How a table of the workbook is written: title, unit line, headings, rows, notes, signatures.

Knows neither plans nor indicators; every table of `workbook.py` goes through it, so that all
sheets have one form. Every number is a number that prints as `Number.text`, none is a formula."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports import sheets
from reports.sheets import Look
from reports.summary import Number

TITLE_ROW, UNIT_ROW, GROUP_ROW, HEADING_ROW = range(1, 5)
SIGNATURES = (
    "单位负责人：",
    "分管领导：",
    "审核人：",
    "填报人：",
    "电话：",
    "报出日期：　　　年　　月　　日",
    "（盖章处）",
)
SIGNATURE_HEIGHT = 48
FEW_LINES = 3

TITLE = Look(sheets.TITLE_FONT, 20, framed=False)
UNIT_LINE = Look(sheets.TEXT_FONT, 11, across="left", framed=False)
HEADING = Look(sheets.HEADING_FONT, 10, fill="EDEDED")
TOTAL = Look(sheets.HEADING_FONT, 10, fill="F4F4F4")
NOTE = Look(sheets.TEXT_FONT, 10, across="left", framed=False)
SIGNATURE = Look(sheets.TEXT_FONT, 12, across="left", framed=False)


@dataclass(frozen=True)
class Shade:
    """How a status is told besides its word."""

    fill: str
    bold: bool = False


@dataclass(frozen=True)
class Column:
    """`width` is the least; numbers get what they need, long texts up to `widest`. `shade`: of a
    row, for the column of its status."""

    heading: str
    read: Callable[[Any], str | Number]
    width: float
    group: str = ""
    across: str = "center"
    widest: float = 0
    shade: Callable[[Any], Shade] | None = None


@dataclass(frozen=True)
class Total:
    """A line of sums: what stands under which heading."""

    cells: Mapping[str, str | Number]


@dataclass(frozen=True)
class Table:
    """One sheet: its name, what stands above, in and below the table, and how it is marked."""

    name: str
    title: str
    unit_line: tuple[str, ...]
    columns: Sequence[Column]
    rows: Sequence[Any]
    sentence: str
    notes: Sequence[str]
    header: str
    footer: str
    frozen: int = 2  # columns: code and name


def write(sheet: Worksheet, table: Table) -> None:
    for i, column in enumerate(table.columns, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = _width(column, table.rows)
    sheets.span(sheet, TITLE_ROW, 1, len(table.columns), table.title, TITLE)
    sheets.share_out(sheet, UNIT_ROW, table.unit_line, UNIT_LINE)
    _write_headings(sheet, table.columns)
    for row in table.rows:
        _write_row(sheet, table.columns, row)
    _write_foot(sheet, len(table.columns), table.sentence, table.notes)
    _set_up_page(sheet, table)


def _content(column: Column, row: Any) -> str | Number:
    return row.cells.get(column.heading, "") if isinstance(row, Total) else column.read(row)


def _width(column: Column, rows: Sequence[Any]) -> float:
    contents = [_content(column, row) for row in rows]
    numbers = [sheets.column_width(c.text, Look()) for c in contents if isinstance(c, Number)]
    texts = [sheets.column_width(c, Look()) for c in contents if isinstance(c, str)]
    return max(column.width, *numbers, min(column.widest, max(texts, default=0) / FEW_LINES))


def _set_up_page(sheet: Worksheet, table: Table) -> None:
    sheet.freeze_panes = f"{get_column_letter(table.frozen + 1)}{HEADING_ROW + 1}"
    sheets.set_up_page(
        sheet,
        heading_rows=f"{GROUP_ROW}:{HEADING_ROW}",
        header=table.header,
        footer=table.footer,
    )


# --- headings -------------------------------------------------------------------------------------


def _write_headings(sheet: Worksheet, wanted: Sequence[Column]) -> None:
    for first, last in _blocks(wanted):
        block = wanted[first - 1 : last]
        if block[0].group:
            sheets.span(sheet, GROUP_ROW, first, last, block[0].group, HEADING)
            for i, column in enumerate(block, start=first):
                sheets.span(sheet, HEADING_ROW, i, i, column.heading, HEADING)
        else:
            _write_tall_heading(sheet, first, block[0].heading)


def _write_tall_heading(sheet: Worksheet, column: int, heading: str) -> None:
    """Over both heading rows; the lower one alone is made high enough."""
    sheets.put(sheet.cell(GROUP_ROW, column), heading, HEADING)
    sheet.merge_cells(None, GROUP_ROW, column, HEADING_ROW, column)
    sheets.fit(sheet, HEADING_ROW, heading, sheets.widths(sheet)[column - 1], HEADING)


def _blocks(wanted: Sequence[Column]) -> Iterator[tuple[int, int]]:
    """First and last column under one group heading; a column without a group is its own."""
    first = 1
    for i, column in enumerate(wanted, start=1):
        following = wanted[i].group if i < len(wanted) else ""
        if not column.group or column.group != following:
            yield first, i
            first = i + 1


# --- rows -----------------------------------------------------------------------------------------


def _write_row(sheet: Worksheet, wanted: Sequence[Column], row: Any) -> None:
    """One line; texts too long for one go on in lines headed “续”."""
    looks = [_look(column, row) for column in wanted]
    contents = [_content(column, row) for column in wanted]
    split = [
        _split(content, width, look)
        for content, width, look in zip(contents, sheets.widths(sheet), looks, strict=True)
    ]
    _write_line(sheet, [some[0] for some in split], looks)
    plain = [Look(across=column.across) for column in wanted]
    for part in range(1, max(map(len, split))):
        rest = [some[part] if part < len(some) else "" for some in split[1:]]
        _write_line(sheet, [f"{contents[0]}续", *rest], plain)


def _split(content: str | Number, width: float, look: Look) -> Sequence[str | Number]:
    return [content] if isinstance(content, Number) else sheets.pieces(content, width, look)


def _write_line(sheet: Worksheet, contents: Sequence[str | Number], looks: Sequence[Look]) -> None:
    line = sheet.max_row + 1
    sheets.grow(sheet, line, sheets.height(2, Look()))
    for i, (content, look) in enumerate(zip(contents, looks, strict=True), start=1):
        sheets.put(sheet.cell(line, i), content, look)
        sheets.fit(sheet, line, str(content), sheets.widths(sheet)[i - 1], look)


def _look(column: Column, row: Any) -> Look:
    if isinstance(row, Total):
        return TOTAL
    if column.shade:
        shade = column.shade(row)
        return Look(sheets.HEADING_FONT, fill=shade.fill, bold=shade.bold)
    return Look(across=column.across)


# --- below the table ------------------------------------------------------------------------------


def _write_foot(sheet: Worksheet, last: int, sentence: str, said: Sequence[str]) -> None:
    for text in (sentence, *_numbered(said)):
        for piece in sheets.pieces(text, sum(sheets.widths(sheet)), NOTE):
            sheets.span(sheet, sheet.max_row + 1, 1, last, piece, NOTE)
    signatures = sheet.max_row + 1
    sheets.share_out(sheet, signatures, SIGNATURES, SIGNATURE)
    sheets.grow(sheet, signatures, SIGNATURE_HEIGHT)


def _numbered(said: Sequence[str]) -> list[str]:
    return [f"{'　　' if i > 1 else '注：'}{i}．{text}" for i, text in enumerate(said, start=1)]
