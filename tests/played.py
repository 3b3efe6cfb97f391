"""Plays figures of a loaded plan through the verbs, for tests on whole plans.

`amounts`: {year: {item code: amount, or {township name: amount}}}; what is not named is 暂无."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from indicators import workflow
from indicators.entry import Entry, Texts
from indicators.models import AnnualReturn, Figure, Round
from organization.models import Role, Unit, User
from plans.models import Plan
from programs.content import ComponentContent, Content, MeasureContent, TaskContent
from programs.models import Stage, WorkStatus
from programs.sheet import Line
from programs.workflow import save_each
from tests.world import PASSWORD

Amounts = Mapping[int, Mapping[str, object]]


def person(plan: Plan, role: Role, unit: Unit | None = None) -> User:
    """One account per role and unit, made when first needed."""
    unit = unit or plan.bureau
    name = f"{role}-{unit.code}"
    found = User.objects.filter(username=name).first()
    if found is None:
        found = User.objects.create_user(name, PASSWORD, name=name, unit=unit, roles=[role.value])
        found.review_units.add(plan.bureau)
    return found


def play(plan: Plan, amounts: Amounts) -> None:
    for year, of_year in sorted(amounts.items()):
        rnd = workflow.open_round(
            person(plan, Role.PLANNER),
            plan,
            year=year,
            name="年报",
            # What is still to come can only be forecast.
            nature="annual" if date(year, 12, 31) <= date.today() else "forecast",
            as_of=date(year, 12, 31),
        )
        for annual_return in rnd.returns.select_related("unit"):
            _play_return(plan, annual_return, of_year)
        _publish(plan, rnd)


def _play_return(plan: Plan, annual_return: AnnualReturn, of_year: Mapping[str, object]) -> None:
    clerk = person(plan, Role.CLERK, annual_return.unit)
    entries = {
        figure.pk: _entry(figure, of_year)
        for figure in annual_return.figures.select_related("item", "unit")
    }
    told = annual_return.explanations.values_list("indicator_id", flat=True)
    texts = {pk: Texts("", "原因", "措施") for pk in told}
    saved = workflow.save_draft(clerk, annual_return.pk, annual_return.version, entries, texts)
    save_each(clerk, saved.pk, _not_started)
    sent = workflow.submit(clerk, saved.pk, saved.version)
    workflow.approve(person(plan, Role.REVIEWER), sent.pk, sent.version)


def _not_started(line: Line) -> Content:
    """The least that may be said of a task or component."""
    status = WorkStatus.NOT_STARTED
    if isinstance(line.content, TaskContent):
        measures = {pk: MeasureContent(status) for pk in line.content.measures}
        return TaskContent(status=status, measures=measures)
    stage = Stage.CONCEIVED if line.facts.has_stages else Stage.BLANK
    return ComponentContent(status=status, stage=stage)


def _entry(figure: Figure, of_year: Mapping[str, object]) -> Entry:
    amount = of_year.get(figure.item.code)
    if isinstance(amount, Mapping):
        amount = amount.get(figure.unit.name, 0)
    if amount is None:
        return Entry(None, "none", "测试中没有给出")
    return Entry(Decimal(str(amount)), "have", "测试")  # the note answers every warning


def _publish(plan: Plan, rnd: Round) -> None:
    signed_on = min(date(rnd.year + 1, 2, 1), date.today())
    workflow.publish(person(plan, Role.PLANNER), rnd.pk, "局长", signed_on)
