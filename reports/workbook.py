"""The evaluation tables of a year as the office files them: 表1, 正文量化目标, 章节任务进展 and
专栏项目进展 as Excel.

Prints a `Summary` and a `WorkSummary` and computes nothing: every number is a number that prints as
`Number.text`, and none is a formula, so that it reads the same in Excel, WPS and LibreOffice
(`domain.md` §6)."""

from collections.abc import Iterator, Sequence
from io import BytesIO

from openpyxl import Workbook

from indicators.models import Group
from reports import sheets, workbook_work
from reports.summary import Row, Summary
from reports.workbook_columns import columns, notes
from reports.workbook_sheet import Table, write
from reports.works import WorkSummary


def tables(summary: Summary, work: WorkSummary | None = None) -> Iterator[Table]:
    """A plan without tasks or projects has no sheet for them."""
    main, text = Group.TABLE.label, Group.COMMITMENT.label
    yield _table(summary, f"表1{main}完成情况", main, "序号", summary.table, summary.sentence)
    yield _table(summary, text, text, "代码", summary.commitments, summary.commitment_sentence)
    if work and work.works.tasks:
        yield workbook_work.task_table(summary, work, marks(summary))
    if work and work.works.projects:
        yield workbook_work.project_table(summary, work, marks(summary))


def _table(
    summary: Summary, name: str, subject: str, code: str, rows: Sequence[Row], sentence: str
) -> Table:
    return Table(
        name=name,
        title=title(summary, subject),
        unit_line=_unit_line(summary),
        columns=columns(summary, rows, code),
        rows=rows,
        sentence=sentence,
        notes=notes(summary, rows),
        header=marks(summary),
        footer=f"{summary.plan.short_title} {subject}完成情况（{summary.year}年）",
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


def table_workbook(summary: Summary, work: WorkSummary | None = None) -> bytes:
    """The tables of the year, one sheet each, as an .xlsx file."""
    book = Workbook()
    book.remove(book.active)
    sheets.set_unit_of_width(book)
    book.properties.title = sheets.clean(title(summary, Group.TABLE.label))
    book.properties.creator = sheets.clean(summary.plan.bureau.name)
    for table in tables(summary, work):
        write(book.create_sheet(table.name), table)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _unit_line(summary: Summary) -> tuple[str, ...]:
    as_of = summary.as_of
    return (
        f"编制单位：{summary.plan.bureau.name}",
        f"数据时点：{as_of.year}年{as_of.month}月{as_of.day}日",
        f"数据性质：{summary.nature or '尚无数据'}",
        "单位：见“单位”栏",
    )
