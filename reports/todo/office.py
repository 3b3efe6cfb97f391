"""What the office owes: the planner's tasks."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Exists, OuterRef
from django.urls import reverse

from indicators import checks
from indicators.calculation import State
from indicators.duties import Duty, open_rounds, rounds_to_correct
from indicators.models import AnnualValue, Indicator, IndicatorKind, Layer, Round
from organization.models import Unit
from reports.todo.tasks import Kind, Task, Urgency, days_text, urgency_of
from reports.todo.units import judged_from


def planner(bureau_id: int, duties: Sequence[Duty], today: date) -> Iterator[Task]:
    yield from _late_rounds(duties, today)
    yield from _unpublished(bureau_id)
    yield from (_to_correct(rnd) for rnd in rounds_to_correct(bureau_id))
    yield from _without_base(bureau_id)
    yield from _to_verify(bureau_id)


def round_url(rnd: Round) -> str:
    return reverse("admin:indicators_round_change", args=[rnd.pk])


def _late_rounds(duties: Sequence[Duty], today: date) -> Iterator[Task]:
    """One task a round: how many units have not handed in, how many of them are late."""
    owing: dict[Round, list[Duty]] = defaultdict(list)
    for duty in duties:
        if duty.is_with_unit and not duty.annual_return.round.is_published:
            owing[duty.annual_return.round].append(duty)
    for rnd, open_duties in owing.items():
        late = sum(duty.is_late(today) for duty in open_duties)
        days = (today - rnd.due_on).days if rnd.due_on else None
        told = f"{late} 个单位逾期" if late else days_text(days) or "未设截止日期"
        detail = f"{len(open_duties)} 个单位尚未报送，{told}"
        url = f"{reverse('late')}?round={rnd.pk}"
        urgency = urgency_of(days) if late or (days or 0) <= 0 else Urgency.OPEN
        yield Task(Kind.LATE_ROUNDS, str(rnd), detail, url, rnd.due_on, days, urgency)


def _unpublished(bureau_id: int) -> Iterator[Task]:
    """Laggards without explanation; and rounds that nothing keeps from being published."""
    rounds = list(open_rounds(bureau_id))
    silent = checks.silent_laggards(rounds)
    for rnd, standing in silent:
        indicator = standing.indicator
        whose = f"{rnd} · {indicator.unit_name or '未定责任单位'}"
        detail = f"{whose} · {judged_from(standing)}"
        yield Task(Kind.LAGGARDS, str(indicator), detail, round_url(rnd))
    kept_back = {rnd.pk for rnd, _ in silent}
    for rnd in rounds:
        if not rnd.unfinished and rnd.pk not in kept_back:
            detail = "填写签发人和签发日期后发布，领导即可看到"
            yield Task(Kind.TO_PUBLISH, str(rnd), detail, round_url(rnd), urgency=Urgency.SOON)


def _to_correct(rnd: Round) -> Task:
    detail = "写明更正原因后发布；此前领导看到的仍是原数"
    return Task(Kind.TO_CORRECT, str(rnd), detail, round_url(rnd), urgency=Urgency.SOON)


def _without_base(bureau_id: int) -> Iterator[Task]:
    """What has to be reached by a year is judged from its base; what has to hold, or is held
    against a bar, needs none."""
    base = AnnualValue.objects.filter(
        indicator=OuterRef("pk"), year=OuterRef("plan__base_year"), layer=Layer.OFFICIAL
    )
    indicators = Indicator.objects.filter(plan__bureau=bureau_id, kind=IndicatorKind.REACH)
    missing = indicators.exclude(Exists(base.filter(state=State.VALUE))).select_related("plan")
    for indicator in missing.order_by("plan", "order"):
        plan = indicator.plan
        detail = f"{plan} · 请在 {plan.base_year} 年历史补录批次中填报"
        url = f"{reverse('indicator', args=[indicator.code])}?plan={plan.code}"
        yield Task(Kind.NO_BASE, str(indicator), detail, url)


def _to_verify(bureau_id: int) -> Iterator[Task]:
    for indicator in Indicator.objects.filter(plan__bureau=bureau_id).exclude(to_verify=""):
        url = reverse("admin:indicators_indicator_change", args=[indicator.pk])
        yield Task(Kind.TO_VERIFY, str(indicator), indicator.to_verify, url)
    for unit in Unit.objects.filter(bureau=bureau_id, is_assumption=True):
        yield _unit_to_verify(unit)


def _unit_to_verify(unit: Unit) -> Task:
    """The office knows whether it is right; only the 系统管理员 can say so (`others.sysadmin`)."""
    detail = "规划没有写明这个单位；核对后请系统管理员在账号与单位中确认"
    url = reverse("unit", args=[unit.code])
    return Task(Kind.TO_VERIFY, unit.name, detail, url, urgency=Urgency.INFO)
