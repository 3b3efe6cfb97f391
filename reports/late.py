"""催报清单: who has not handed in, as a sheet to be printed and as a file.

Gathers once; page, Excel and CSV print the same rows."""

import csv
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from indicators.duties import Duty
from indicators.models import Round
from organization.models import Role, Unit, User
from reports import sheets
from reports.sheets import Look
from reports.todo import days_text
from reports.todo.tasks import day

HEADINGS = ("序号", "填报单位", "状态", "已填", "报送截止", "逾期", "最近办理", "填报人及电话")
WIDTHS = (6, 18, 16, 8, 13, 11, 26, 30)
NONE = "—"


@dataclass(frozen=True)
class LateRow:
    """One unit that has not handed in; texts as they are printed."""

    unit: str
    state: str
    filled: str
    due_on: date | None
    days_late: int | None
    last_act: str
    people: str
    return_id: int

    @property
    def when(self) -> str:
        return days_text(self.days_late) or NONE

    @property
    def is_late(self) -> bool:
        return (self.days_late or 0) > 0

    @property
    def due_text(self) -> str:
        return self.due_on.isoformat() if self.due_on else NONE


@dataclass(frozen=True)
class LateList:
    """All units that have not handed in a round, the latest first."""

    round: Round
    today: date
    rows: tuple[LateRow, ...]

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rows)

    @property
    def title(self) -> str:
        sample = "（演示数据）" if self.round.plan.is_sample else ""
        return f"{self.round.plan.bureau}{self.round}催报清单{sample}"

    @property
    def sentence(self) -> str:
        """“截至 2024 年 2 月 20 日，尚有 2 个单位未报送，其中 1 个逾期。”"""
        until = f"截至 {day(self.today)}"
        if not self.rows:
            return f"{until}，各单位均已报送。"
        late = f"其中 {self.late} 个逾期" if self.late else "均未逾期"
        return f"{until}，尚有 {len(self.rows)} 个单位未报送，{late}。"


def late_list(
    rnd: Round, duties: Iterable[Duty], scope: Collection[int] | None, today: date
) -> LateList:
    """`duties`: open returns; `scope`: ids of the units that may be shown, None for all."""
    owing = [
        duty
        for duty in duties
        if duty.annual_return.round_id == rnd.pk
        and duty.is_with_unit
        and (scope is None or duty.annual_return.unit_id in scope)
    ]
    people = _clerks({duty.annual_return.unit for duty in owing}, today.year)
    rows = [_row(duty, people[duty.annual_return.unit_id], today) for duty in owing]
    return LateList(rnd, today, tuple(sorted(rows, key=lambda row: -(row.days_late or 0))))


def chosen(rounds: Sequence[Round], asked: str, duties: Iterable[Duty]) -> Round | None:
    """The round asked for, else the one whose return is due first, else any; None without one.

    Raises LookupError for a round that is not among `rounds`."""
    by_id = {str(rnd.pk): rnd for rnd in rounds}
    if asked:
        return by_id[asked]
    owing = [duty.annual_return.round_id for duty in duties if duty.is_with_unit]
    first = next((str(pk) for pk in owing if str(pk) in by_id), None)
    return by_id[first] if first else next(iter(rounds), None)


def _clerks(units: Iterable[Unit], year: int) -> dict[int, list[User]]:
    """Unit id → its clerks, and those of the unit that goes on for it. Roles are a list on the
    account, which SQLite cannot search."""
    heirs = {unit.pk: unit.heir(year) for unit in units}
    asked = {pk: {pk, heir.pk if heir else pk} for pk, heir in heirs.items()}
    users = User.objects.filter(unit__in=set().union(*asked.values()), is_active=True)
    clerks = [user for user in users.order_by("username") if user.has_role(Role.CLERK)]
    return {pk: [user for user in clerks if user.unit_id in ids] for pk, ids in asked.items()}


def _row(duty: Duty, clerks: Sequence[User], today: date) -> LateRow:
    return LateRow(
        unit=duty.annual_return.unit.name,
        state=duty.stage.label,
        filled=duty.filled,
        due_on=duty.due_on,
        days_late=duty.days_late(today),
        last_act=_last_act(duty),
        people="；".join(f"{user} {user.phone}".strip() for user in clerks) or "（没有填报员账号）",
        return_id=duty.annual_return.pk,
    )


def _last_act(duty: Duty) -> str:
    if duty.last is None:
        return "还没有办理"
    at = timezone.localdate(duty.last.at)
    return f"{at.isoformat()} {duty.last.actor} {duty.last.get_verb_display()}"


# --- files ----------------------------------------------------------------------------------


def cells(late: LateList) -> list[tuple[str, ...]]:
    return [
        (
            str(number),
            row.unit,
            row.state,
            row.filled,
            row.due_text,
            row.when,
            row.last_act,
            row.people,
        )
        for number, row in enumerate(late.rows, start=1)
    ]


def file_name(late: LateList, ending: str) -> str:
    return sheets.file_name(f"{late.title}（{late.today.isoformat()}）.{ending}")


def as_csv(late: LateList) -> bytes:
    """With a BOM, so that WPS and Excel read it as UTF-8; no cell is taken for a formula."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(HEADINGS)
    writer.writerows([sheets.inert(text) for text in row] for row in cells(late))
    return file.getvalue().encode("utf-8-sig")


TITLE = Look(sheets.TITLE_FONT, 18, framed=False)
LINE = Look(sheets.TEXT_FONT, 11, across="left", framed=False)
HEADING = Look(sheets.HEADING_FONT, 10, fill="EDEDED")
BODY = Look(across="left")
SIGNATURES = ("经办人：", "联系电话：", "（盖章处）")
HEADING_ROW = 3


def as_workbook(late: LateList) -> bytes:
    """One sheet, A4 landscape, with title, date and the place of the seal."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheets.set_unit_of_width(book)
    sheet.title = "催报清单"
    for i, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = width
    sheets.span(sheet, 1, 1, len(WIDTHS), late.title, TITLE)
    sheets.span(sheet, 2, 1, len(WIDTHS), late.sentence, LINE)
    for i, row in enumerate([HEADINGS, *cells(late)]):
        _write_row(sheet, HEADING_ROW + i, row, BODY if i else HEADING)
    sheets.share_out(sheet, sheet.max_row + 2, SIGNATURES, LINE)
    sheets.set_up_page(
        sheet,
        heading_rows=f"{HEADING_ROW}:{HEADING_ROW}",
        header="",
        footer=late.title,
        paper=sheets.A4,
    )
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _write_row(sheet: Worksheet, number: int, texts: Sequence[str], look: Look) -> None:
    for column, text in enumerate(texts, start=1):
        sheets.put(sheet.cell(number, column), text, look)
        sheets.fit(sheet, number, text, WIDTHS[column - 1], look)
