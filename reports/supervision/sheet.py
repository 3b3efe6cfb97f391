"""The 督办清单 as an Excel file: one sheet, A4 landscape, to be printed and stamped. Prints a
`SupervisionList` and computes nothing."""

from io import BytesIO

from openpyxl import Workbook

from reports import sheets
from reports.supervision.listing import Line, SupervisionList
from reports.supervision.standing import Standing, day
from reports.workbook_sheet import Column, Shade, Table, write

NAME = "督办清单"
SHADES = {Standing.OVERDUE: Shade("FAE5E6", bold=True), Standing.SOON: Shade("FBF0DA")}


def file_name(found: SupervisionList) -> str:
    return sheets.file_name(f"{found.title}（{found.today.isoformat()}）.xlsx")


def workbook(found: SupervisionList) -> bytes:
    book = Workbook()
    book.remove(book.active)
    sheets.set_unit_of_width(book)
    book.properties.title = sheets.clean(found.title)
    book.properties.creator = sheets.clean(found.plan.bureau.name)
    sheet = book.create_sheet(NAME)
    write(sheet, _table(found))
    sheet.page_setup.paperSize = sheets.A4
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _table(found: SupervisionList) -> Table:
    return Table(
        name=NAME,
        title=found.title,
        unit_line=(
            f"编制单位：{found.plan.bureau.name}",
            f"规划：{found.plan.short_title}",
            f"制表日期：{day(found.today)}",
        ),
        columns=_columns(found),
        rows=found.lines,
        sentence=found.sentence,
        notes=_notes(found),
        header="",
        footer=found.title,
    )


def _columns(found: SupervisionList) -> list[Column]:
    place = {line.row.pk: str(number) for number, line in enumerate(found.lines, start=1)}
    return [
        Column("序号", lambda line: place[line.row.pk], 6),
        Column("督办编号", lambda line: line.row.number, 17),
        Column("事项", lambda line: f"{line.kind_label} {line.code} {line.row.title}", 20, **TEXT),
        Column("问题（差距）", lambda line: line.problem, 18, **TEXT),
        Column("原因", lambda line: line.row.cause, 26, **TEXT),
        Column("措施", lambda line: line.row.measures, 26, **TEXT),
        Column("责任单位", lambda line: line.row.unit.name, 14),
        Column("责任领导", lambda line: line.row.lead, 14),
        Column("时限", lambda line: line.row.deadline.isoformat(), 12),
        Column("进展", lambda line: line.progress, 26, **TEXT),
        Column("状态", lambda line: line.status.label, 9, shade=_shade),
    ]


TEXT = {"across": "left"}


def _shade(line: Line) -> Shade:
    return SHADES.get(line.status, Shade(""))


def _notes(found: SupervisionList) -> list[str]:
    notes = ["问题（差距）为开启督办时已发布的数据；状态按制表日期计算，时限前 30 天以内为临期。"]
    return [*notes, f"只列：{found.asked_said}。"] if found.asked else notes
