"""The evaluation tables of a year as the office files them: 表1 and 正文量化目标 as Excel.

Prints a `Summary` and computes nothing: every number is a number that prints as `Number.text`,
and none is a formula, so that it reads the same in Excel, WPS and LibreOffice (`domain.md` §6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from indicators.models import Group
from indicators.progress import BEHIND, ON_TRACK, Status
from reports import sheets
from reports.sheets import Look
from reports.summary import Number, Row, Summary
from reports.workbook_columns import Column, columns, notes

TITLE_ROW, UNIT_ROW, GROUP_ROW, HEADING_ROW = range(1, 5)
FROZEN_COLUMNS = 2  # code and name
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
NOTE = Look(sheets.TEXT_FONT, 10, across="left", framed=False)
SIGNATURE = Look(sheets.TEXT_FONT, 12, across="left", framed=False)

# Darker is worse, so that a black-and-white copy keeps the order; the word decides.
MET_FILL = "D5E8CF"
ON_TRACK_FILL = "EEF6EB"
SLIGHT_FILL = "FFE08A"
BEHIND_FILL = "F0A07C"
OPEN_FILL = "D9D9D9"


@dataclass(frozen=True)
class Table:
    """One of the two sheets: its name, what it is about, and its rows."""

    name: str
    subject: str
    code_heading: str
    rows: Sequence[Row]
    sentence: str


def tables(summary: Summary) -> tuple[Table, Table]:
    main, text = Group.TABLE.label, Group.COMMITMENT.label
    return (
        Table(f"表1{main}完成情况", main, "序号", summary.table, summary.sentence),
        Table(text, text, "代码", summary.commitments, summary.commitment_sentence),
    )


def title(summary: Summary, subject: str) -> str:
    return f"{summary.plan.title}{subject}完成情况（{summary.year}年）{marks(summary)}"


def marks(summary: Summary) -> str:
    """What nobody may miss who holds the sheet in hand."""
    provisional = "（含未发布数据）" if summary.is_provisional else ""
    return provisional + ("（演示数据）" if summary.plan.is_sample else "")


def file_name(summary: Summary) -> str:
    return sheets.file_name(
        f"{summary.plan.short_title}完成情况（{summary.year}年）{marks(summary)}.xlsx"
    )


def table_workbook(summary: Summary) -> bytes:
    """表1 and the commitments of the year, one sheet each, as an .xlsx file."""
    book = Workbook()
    book.remove(book.active)
    sheets.set_unit_of_width(book)
    book.properties.title = sheets.clean(title(summary, Group.TABLE.label))
    book.properties.creator = sheets.clean(summary.plan.bureau.name)
    for table in tables(summary):
        _write(book.create_sheet(table.name), summary, table)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write(sheet: Worksheet, summary: Summary, table: Table) -> None:
    wanted = columns(summary, table.rows, table.code_heading)
    for i, column in enumerate(wanted, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = _width(column, table.rows)
    sheets.span(sheet, TITLE_ROW, 1, len(wanted), title(summary, table.subject), TITLE)
    sheets.share_out(sheet, UNIT_ROW, _unit_line(summary), UNIT_LINE)
    _write_headings(sheet, wanted)
    for row in table.rows:
        _write_row(sheet, wanted, row)
    _write_foot(sheet, len(wanted), table.sentence, notes(summary, table.rows))
    _set_up_page(sheet, summary, table)


def _width(column: Column, rows: Sequence[Row]) -> float:
    contents = [column.read(row) for row in rows]
    numbers = [sheets.column_width(c.text, Look()) for c in contents if isinstance(c, Number)]
    texts = [sheets.column_width(c, Look()) for c in contents if isinstance(c, str)]
    return max(column.width, *numbers, min(column.widest, max(texts, default=0) / FEW_LINES))


def _unit_line(summary: Summary) -> tuple[str, ...]:
    as_of = summary.as_of
    return (
        f"编制单位：{summary.plan.bureau.name}",
        f"数据时点：{as_of.year}年{as_of.month}月{as_of.day}日",
        f"数据性质：{summary.nature or '尚无数据'}",
        "单位：见“单位”栏",
    )


def _set_up_page(sheet: Worksheet, summary: Summary, table: Table) -> None:
    sheet.freeze_panes = f"{get_column_letter(FROZEN_COLUMNS + 1)}{HEADING_ROW + 1}"
    sheets.set_up_page(
        sheet,
        heading_rows=f"{GROUP_ROW}:{HEADING_ROW}",
        header=marks(summary),
        footer=f"{summary.plan.short_title} {table.subject}完成情况（{summary.year}年）",
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


def _write_row(sheet: Worksheet, wanted: Sequence[Column], row: Row) -> None:
    """One line; texts too long for one go on in lines headed “续”."""
    looks = [_look(column, row.status) for column in wanted]
    split = [
        _split(column.read(row), width, look)
        for column, width, look in zip(wanted, sheets.widths(sheet), looks, strict=True)
    ]
    _write_line(sheet, [some[0] for some in split], looks)
    plain = [Look(across=column.across) for column in wanted]
    for part in range(1, max(map(len, split))):
        rest = [some[part] if part < len(some) else "" for some in split[1:]]
        _write_line(sheet, [f"{row.row_no or row.code}续", *rest], plain)


def _split(content: str | Number, width: float, look: Look) -> Sequence[str | Number]:
    return [content] if isinstance(content, Number) else sheets.pieces(content, width, look)


def _write_line(sheet: Worksheet, contents: Sequence[str | Number], looks: Sequence[Look]) -> None:
    line = sheet.max_row + 1
    sheets.grow(sheet, line, sheets.height(2, Look()))
    for i, (content, look) in enumerate(zip(contents, looks, strict=True), start=1):
        sheets.put(sheet.cell(line, i), content, look)
        sheets.fit(sheet, line, str(content), sheets.widths(sheet)[i - 1], look)


def _look(column: Column, status: Status) -> Look:
    if column.is_status:
        return Look(sheets.HEADING_FONT, fill=status_fill(status), bold=status in BEHIND)
    return Look(across=column.across)


def status_fill(status: Status) -> str:
    if status is Status.MET:
        return MET_FILL
    if status in ON_TRACK:
        return ON_TRACK_FILL
    if status is Status.SLIGHTLY_BEHIND:
        return SLIGHT_FILL
    return BEHIND_FILL if status in BEHIND else OPEN_FILL


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
