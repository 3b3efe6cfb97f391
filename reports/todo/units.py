"""What a unit owes, and what its reviewer does: the clerk's and the reviewer's tasks."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from indicators import checks
from indicators.duties import Duty, Stage
from indicators.judging import Standing
from indicators.models import AnnualReturn, ChangeRequest, Explanation, ReturnStatus, RoundNature
from organization import permissions
from organization.models import Role, User
from reports.todo.tasks import Kind, Task, Urgency, day, urgency_of

State = ChangeRequest.State
WAITING_LONG = 5  # days after which a waiting review is urgent
ANSWER_SHOWN = timedelta(days=30)


def clerk(user: User, duties: Sequence[Duty], today: date) -> Iterator[Task]:
    """Of the own units: what came back, what is due, what was asked, what lags unexplained."""
    units = permissions.own_units(user)
    own = [duty for duty in duties if duty.annual_return.unit_id in units]
    yield from (_owed(duty, today) for duty in own if duty.is_with_unit)
    yield from _asked(units, today)
    yield from _unexplained(units)


def _owed(duty: Duty, today: date) -> Task:
    late = duty.days_late(today)
    kind, detail, least = _telling(duty)
    urgency = min(urgency_of(late), least, key=lambda urgency: urgency.rank)
    return Task(kind, str(duty.annual_return), detail, _page(duty), duty.due_on, late, urgency)


def _telling(duty: Duty) -> tuple[Kind, str, Urgency]:
    if duty.stage == Stage.SENT_BACK:
        return Kind.SENT_BACK, f"退回原因：{duty.reason}", Urgency.SOON
    if duty.stage == Stage.REOPENED:
        what = f"可改 {duty.unlocked} 项" if duty.unlocked else "只补写情况说明"
        return Kind.REOPENED, f"{what}。原因：{duty.reason}", Urgency.SOON
    if duty.blank == duty.owed:
        return Kind.DUE, "还没有填写", Urgency.INFO
    return Kind.DUE, f"草稿，已填 {duty.filled}，尚未报送", Urgency.INFO


def _page(duty: Duty) -> str:
    return return_url(duty.annual_return.pk)


def return_url(pk: int) -> str:
    return reverse("admin:indicators_annualreturn_change", args=[pk])


def _asked(units: frozenset[int], today: date) -> Iterator[Task]:
    """The units' own requests: not answered yet, or lately declined."""
    declined = Q(state=State.DECLINED, decided_at__date__gte=today - ANSWER_SHOWN)
    rows = ChangeRequest.objects.filter(Q(state=State.OPEN) | declined)
    for row in _with_return(rows.filter(annual_return__unit__in=units)):
        waits = row.state == State.OPEN
        detail = f"已申请修改，等待答复：{row.reason}" if waits else f"未同意修改：{row.answer}"
        url = return_url(row.annual_return_id)
        yield Task(Kind.REQUESTS, str(row.annual_return), detail, url, urgency=Urgency.INFO)


def _with_return(rows: QuerySet[ChangeRequest]) -> QuerySet[ChangeRequest]:
    return rows.select_related("annual_return__round", "annual_return__unit", "requested_by")


def _unexplained(units: frozenset[int]) -> Iterator[Task]:
    """Laggards the units answer for, in the rounds that are not published yet."""
    found = AnnualReturn.objects.filter(unit__in=units, round__published_at__isnull=True)
    found = found.select_related("round__plan", "unit")
    texts = Explanation.objects.filter(annual_return__in=found).order_by()
    asked = set(texts.values_list("annual_return_id", "indicator_id"))
    rounds = {row.round_id: row.round for row in found}
    returns = {(row.round_id, pk): row for row in found for at, pk in asked if at == row.pk}
    for rnd, standing in checks.silent_laggards(list(rounds.values())):
        if row := returns.get((rnd.pk, standing.indicator.pk)):
            title = str(standing.indicator)
            detail = f"{judged_from(standing)}；{_where_to_explain(row)}"
            url = return_url(row.pk)
            yield Task(Kind.LAGGARDS, title, detail, url, urgency=Urgency.SOON)


def judged_from(standing: Standing) -> str:
    """The data it lags by: the page of an open return counts what is not handed in as well."""
    row = standing.annual_value
    nature = RoundNature(row.nature).label if row and row.nature else "数据"
    return f"按已报送、已审核的{nature}判断，不含草稿"


def _where_to_explain(annual_return: AnnualReturn) -> str:
    if annual_return.status == ReturnStatus.DRAFT:
        return f"在{annual_return.round}监测表中写明原因和下一步措施"
    if annual_return.status == ReturnStatus.SUBMITTED:
        return f"{annual_return.round}监测表已报送：请先撤回，补写后再报送"
    return f"{annual_return.round}监测表已审核：请申请修改后补写"


# --- the reviewer ---------------------------------------------------------------------------


def reviewer(
    user: User, duties: Sequence[Duty], scope: frozenset[int] | None, today: date
) -> Iterator[Task]:
    """Of the units in `scope` (None: all): what waits for review."""
    for duty in duties:
        in_scope = scope is None or duty.annual_return.unit_id in scope
        if in_scope and duty.stage == Stage.WAITING:
            yield _waiting(user, duty, today)


def _waiting(user: User, duty: Duty, today: date) -> Task:
    annual_return = duty.annual_return
    since = timezone.localdate(annual_return.submitted_at)
    days = (today - since).days
    detail = f"{annual_return.submitted_by} {day(since)}报送，已等 {days} 天"
    urgency = Urgency.SOON if days >= WAITING_LONG else Urgency.OPEN
    if annual_return.submitted_by_id == user.pk:
        detail, urgency = "由您报送，须由另一位审核员审核", Urgency.INFO
    return Task(Kind.REVIEW, str(annual_return), detail, _page(duty), urgency=urgency)


def to_decide(user: User, scope: frozenset[int] | None, today: date) -> Iterator[Task]:
    """Requests that wait for an answer; the planner decides for every unit, as a reviewer does
    for those assigned."""
    rows = ChangeRequest.objects.filter(state=State.OPEN)
    if user.unit is None:
        return
    rows = rows.filter(annual_return__round__plan__bureau=user.unit.root_id)
    if scope is not None:
        rows = rows.filter(annual_return__unit__in=scope)
    for row in _with_return(rows):
        days = (today - timezone.localdate(row.requested_at)).days
        detail = f"{row.requested_by}申请修改，已等 {days} 天：{row.reason}"
        urgency = Urgency.SOON if days >= WAITING_LONG else Urgency.OPEN
        url = return_url(row.annual_return_id)
        yield Task(Kind.REQUESTS, str(row.annual_return), detail, url, urgency=urgency)


def decides_for(user: User) -> frozenset[int] | None:
    """The units whose requests this person answers; None means every one."""
    return None if user.has_role(Role.PLANNER) else permissions.review_scope(user)
