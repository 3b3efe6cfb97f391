"""What a reminder says: one mail a person, without figures, reasons or notes.

Gathers and words; `manage.py send_reminders` sends. Mail leaves the bureau's own network, so it
names only which return is due and when; everything else is read behind the log-in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from indicators.duties import Duty, Stage, duties
from organization import permissions
from organization.models import Role, Unit, UnitKind, User
from reports.todo import days_text
from reports.todo.tasks import day


@dataclass(frozen=True)
class Reminder:
    """One mail. `lines`: what the person owes, the most urgent first."""

    user: User
    lines: tuple[str, ...]
    subject: str
    text: str


def reminders(today: date, days: int, site: str) -> Iterator[Reminder]:
    """For everybody with an address who owes something that is late or due within `days`."""
    for bureau in Unit.objects.filter(kind=UnitKind.BUREAU):
        owed = duties(bureau.pk)
        users = User.objects.filter(unit__in=Unit.objects.of(bureau), is_active=True)
        addressed = users.exclude(email="").select_related("unit__bureau")
        for user in addressed.order_by("username"):
            lines = tuple(_lines(user, owed, today, days))
            if lines:
                yield _mail(user, bureau, lines, today, site)


def _lines(user: User, owed: Sequence[Duty], today: date, days: int) -> Iterator[str]:
    if user.has_role(Role.CLERK):
        own = [duty for duty in owed if permissions.is_of(user, duty.annual_return.unit)]
        yield from (_due(duty, today) for duty in own if _presses(duty, today, days))
    scope = permissions.review_scope(user)
    for duty in owed:
        in_scope = scope is None or duty.annual_return.unit_id in scope
        if in_scope and duty.stage == Stage.WAITING:
            yield f"{duty.annual_return}：已报送，等待审核"


def _presses(duty: Duty, today: date, days: int) -> bool:
    late = duty.days_late(today)
    came_back = duty.stage in (Stage.SENT_BACK, Stage.REOPENED)
    return came_back or (late is not None and late >= -days)


def _due(duty: Duty, today: date) -> str:
    when = days_text(duty.days_late(today))
    until = f"，{day(duty.due_on)}截止（{when}）" if duty.due_on else ""
    return f"{duty.annual_return}：{duty.stage.label}{until}"


def _mail(user: User, bureau: Unit, lines: tuple[str, ...], today: date, site: str) -> Reminder:
    listed = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    text = (
        f"{user}：\n\n截至 {day(today)}，您在规划实施监测系统中有 {len(lines)} 项待办：\n\n"
        f"{listed}\n\n请登录办理：{site}/todo/\n\n"
        f"（本邮件由{bureau}系统自动发送，请勿回复；不含业务数据。已经办理的请不必理会。）\n"
    )
    return Reminder(user, lines, f"规划实施监测：您有 {len(lines)} 项待办", text)
