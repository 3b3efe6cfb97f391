"""Opening a round: who owes what, and the blank rows that ask for it."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from indicators import values
from indicators.bulk import write_history
from indicators.models import (
    AnnualReturn,
    Collection,
    DataItem,
    Explanation,
    Figure,
    Responsibility,
    Round,
    RoundNature,
)
from indicators.parts import parts
from indicators.workflow.errors import WorkflowError
from indicators.workflow.steps import locked_round, refuse_unless
from organization import permissions
from organization.models import Unit, User
from plans.models import Plan


@transaction.atomic
def open_round(
    user: User,
    plan: Plan,
    *,
    year: int,
    name: str,
    nature: str,
    as_of: date,
    due_on: date | None = None,
    is_backfill: bool = False,
) -> Round:
    """Opens a round: each unit that owes items gets its return, with a blank row per figure."""
    refuse_unless(permissions.can_plan(user, plan.bureau), "只有规划管理员可以开启填报批次。")
    _check_round(plan, year, nature, as_of)
    rnd = Round(
        plan=plan,
        year=year,
        name=name.strip(),
        nature=nature,
        as_of=as_of,
        due_on=due_on,
        is_backfill=is_backfill,
    )
    try:
        rnd.full_clean()
    except ValidationError as error:
        raise WorkflowError("；".join(error.messages)) from error
    rnd._history_user = user
    rnd.save()
    _hand_out(user, rnd)
    values.recompute(plan, {c for c in values.all_cells(plan) if c[1] == year})
    return rnd


@transaction.atomic
def set_due_date(user: User, round_id: int, due_on: date | None) -> Round:
    """Moves the date by which returns are due."""
    rnd = locked_round(user, round_id, "只有规划管理员可以修改报送截止日期。")
    rnd.due_on = due_on
    rnd._history_user, rnd._change_reason = user, "修改报送截止日期"
    rnd.save(update_fields=["due_on"])
    return rnd


def _check_round(plan: Plan, year: int, nature: str, as_of: date) -> None:
    if year not in plan.years:
        raise WorkflowError(
            f"年度应在 {plan.base_year} 至 {plan.end_year} 年之间，现为 {year}，请改正。"
        )
    if nature not in RoundNature.values:
        raise WorkflowError("数据性质只能是预计数、快报数或年报数，请重新选择。")
    if as_of.year != year:
        raise WorkflowError(f"数据时点应在 {year} 年内，现为 {as_of:%Y-%m-%d}，请改正。")


def _hand_out(user: User, rnd: Round) -> None:
    """One return per owing unit, one figure per item and unit spoken of."""
    owed = list(owed_figures(rnd))
    if not owed:
        raise WorkflowError("没有任何单位负责数据项，请先载入规划或填写责任分工。")
    explains = owners(rnd, "indicator")
    works = heirs(rnd, (unit_id for part in parts() for unit_id in sorted(part.owing(rnd))))
    owing = [*(owner for owner, _, _ in owed), *explains.values(), *works.values()]
    returns = {pk: AnnualReturn(round=rnd, unit_id=pk) for pk in dict.fromkeys(owing)}
    AnnualReturn.objects.bulk_create(returns.values())
    write_history(AnnualReturn, list(returns.values()), user, "开启批次", created=True)
    figures = [
        Figure(annual_return=returns[owner], round=rnd, item=item, unit_id=unit_id)
        for owner, item, unit_id in owed
    ]
    Figure.objects.bulk_create(figures, batch_size=500)
    write_history(Figure, figures, user, "开启批次", created=True)
    Explanation.objects.bulk_create(
        Explanation(annual_return=returns[unit_id], indicator_id=indicator_id)
        for indicator_id, unit_id in explains.items()
    )
    by_owner = returns | {pk: returns[heir] for pk, heir in works.items()}
    for part in parts():
        part.hand_out(user, rnd, by_owner)


def owed_figures(rnd: Round) -> Iterable[tuple[int, DataItem, int]]:
    """(unit that owes it, item, unit spoken of) for every figure of the round."""
    owner_of = owners(rnd, "item")
    townships = list(Unit.objects.of(rnd.plan.bureau).townships().valid_in(rnd.year))
    items = DataItem.objects.filter(plan=rnd.plan)
    for item in items if rnd.is_backfill else items.filter(rate_of=None):
        if item.collection == Collection.TOWNSHIP:
            yield from ((unit.pk, item, unit.pk) for unit in townships)
        elif owner := owner_of.get(item.pk):
            spoken_of = [unit.pk for unit in townships] if item.by_township else [owner]
            yield from ((owner, item, unit_id) for unit_id in spoken_of)


def owners(rnd: Round, what: str) -> dict[int, int]:
    """Id of item or indicator → id of the unit that answers for it in the year of the round."""
    named = answering(rnd.plan, rnd.year, what)
    follows = heirs(rnd, named.values())
    return {pk: follows[unit_id] for pk, unit_id in named.items()}


def answering(plan: Plan, year: int, what: str) -> dict[int, int]:
    """The same as it is laid down, also where the unit has ended since."""
    rows = Responsibility.objects.filter(
        Q(item__plan=plan) | Q(indicator__plan=plan), effective_year__lte=year
    )
    rows = rows.filter(**{f"{what}__isnull": False}).order_by("effective_year", "pk")
    return dict(rows.values_list(f"{what}_id", "unit_id"))


def heirs(rnd: Round, unit_ids: Iterable[int]) -> dict[int, int]:
    """Unit id → id of the unit that goes on for it in the year of the round, mostly itself.

    Raises WorkflowError naming those that have ended without anybody to go on."""
    wanted = set(unit_ids)
    units = Unit.objects.filter(pk__in=wanted).select_related("successor")
    found = {unit.pk: unit.heir(rnd.year) for unit in units}
    lost = [str(unit) for unit in units if found[unit.pk] is None]
    if lost:
        raise WorkflowError(
            f"{'、'.join(lost)}在 {rnd.year} 年已撤销，又没有继任单位，它负责的数据和工作无人填报。"
            "请系统管理员在“单位”中填写继任单位，或由规划管理员在“责任分工”中另定责任单位。"
        )
    return {pk: heir.pk for pk, heir in found.items() if heir is not None}
