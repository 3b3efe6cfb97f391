"""What the office settles: targets, duties, how an indicator is counted, which units there are.

Three ways to be fair to what is published: what holds from a year on begins after the published
years (`settled.py`); what holds for all years needs a reason and becomes a 更正 where it shows
(`correcting.py`); and open rounds follow the change (`following.py`)."""

from copy import copy
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators import parts, settled, values
from indicators.entry import plain
from indicators.models import Indicator, Milestone, Responsibility, Round, Target
from indicators.workflow.correcting import correcting, reason_fault
from indicators.workflow.errors import WorkflowError
from indicators.workflow.following import follow
from indicators.workflow.rounds import answering
from indicators.workflow.steps import refuse_unless
from organization import permissions
from organization.models import Unit, UnitKind, User
from plans.models import Plan


@transaction.atomic
def revise_target(
    user: User,
    indicator: Indicator,
    *,
    value: Decimal,
    printed: str,
    effective_year: int,
    reason: str,
    document: str,
    approved_by_body: str,
) -> Target:
    """A new target beside the old one; reason, document and approving body are required."""
    refuse_unless(permissions.can_plan(user, indicator.plan.bureau), "只有规划管理员可以调整目标。")
    target = Target(
        indicator=indicator,
        value=value,
        printed=printed,
        effective_year=effective_year,
        reason=reason.strip(),
        document=document.strip(),
        approved_by_body=approved_by_body.strip(),
    )
    faults = target_faults(target)
    if faults:
        raise WorkflowError("；".join(faults))
    target._history_user, target._change_reason = user, reason
    target.save()
    return target


def target_faults(target: Target) -> list[str]:
    """Why this revision cannot be made; empty when it can."""
    plan, bounds = target.indicator.plan, getattr(target.indicator, "rate_item", None)
    faults = []
    if not (plan.start_year <= target.effective_year <= plan.end_year):
        faults.append(f"生效年应在 {plan.start_year} 至 {plan.end_year} 年之间。")
    elif fault := settled.published_fault(plan, target.effective_year):
        faults.append(fault)
    low = bounds.minimum if bounds else Decimal(0)
    high = bounds.maximum if bounds else None
    if target.value is None or (low is not None and target.value < low):
        faults.append(f"目标值应不小于 {plain(low) or '规划允许的最小值'}。")
    elif high is not None and target.value > high:
        faults.append(f"目标值应不大于 {plain(high)}。")
    try:
        target.full_clean()
    except ValidationError as error:
        faults += error.messages
    return faults


@transaction.atomic
def change_indicator(user: User, indicator: Indicator, reason: str = "") -> list[str]:
    """Saves how an indicator is counted, and recomputes its values. What the person has to know
    comes back as sentences, here and below."""
    refuse_unless(permissions.can_plan(user, indicator.plan.bureau), "只有规划管理员可以修改指标。")
    _refuse_reason(indicator.plan, indicator, reason)
    with correcting(user, indicator.plan, reason) as told:
        indicator._history_user, indicator._change_reason = user, reason.strip()
        indicator.save()
        years = values.years_with_rounds(indicator.plan)
        values.recompute(indicator.plan, {(indicator.pk, year) for year in years})
    return told


@transaction.atomic
def change_plan(user: User, plan: Plan, reason: str = "") -> list[str]:
    """Saves the thresholds. Statuses are not stored: they follow at once, in all years."""
    refuse_unless(permissions.can_plan(user, plan.bureau), "只有规划管理员可以修改评价界限。")
    _refuse_reason(plan, plan, reason)
    with correcting(user, plan, reason) as told:
        plan._history_user, plan._change_reason = user, reason.strip()
        plan.save()
    return told


def _refuse_reason(plan: Plan, row: Indicator | Plan, reason: str) -> None:
    stored = type(row).objects.get(pk=row.pk)
    names = [field.attname for field in row._meta.concrete_fields]
    changed = [name for name in names if getattr(row, name) != getattr(stored, name)]
    if fault := reason_fault(plan, changed, reason):
        raise WorkflowError(fault)


@transaction.atomic
def set_milestone(user: User, milestone: Milestone) -> list[str]:
    """Saves a 年度目标. It bends the expected line of the years before it; where one of these is
    published, the document of the milestone is the reason of the 更正."""
    plan = milestone.indicator.plan
    refuse_unless(permissions.can_plan(user, plan.bureau), "只有规划管理员可以设定年度目标。")
    _refuse_faulty(milestone)
    with correcting(user, plan, f"设定年度目标，依据{milestone.basis.strip()}") as told:
        milestone._history_user = user
        milestone.save()
    return told


@transaction.atomic
def assign(user: User, duty: Responsibility) -> list[str]:
    """Who answers from a year on. Rounds that are open follow."""
    of = duty.indicator or duty.item
    if of is None:
        raise WorkflowError("请选择这项责任分工针对的指标或数据项。")
    refuse_unless(permissions.can_plan(user, of.plan.bureau), "只有规划管理员可以调整责任分工。")
    _refuse_faulty(duty)
    duty._history_user = user
    duty.save()
    why = f"责任分工调整（{duty.basis_document.strip()}）"
    return follow(user, [of.plan], why, since=duty.effective_year)


def _refuse_faulty(row: Milestone | Responsibility) -> None:
    try:
        row.full_clean()
    except ValidationError as error:
        raise WorkflowError("；".join(error.messages)) from error


@transaction.atomic
def change_unit(user: User, unit: Unit) -> list[str]:
    """Saves a unit; the number of valid townships goes into values, so they are recomputed."""
    refuse_unless(permissions.can_manage_accounts(user), "只有系统管理员可以修改单位。")
    faults = unit_faults(unit)
    if faults:
        raise WorkflowError("；".join(faults.values()))
    unit._history_user = user
    unit.save()
    plans = list(Plan.objects.filter(bureau_id=unit.root_id))
    told = follow(user, plans, f"单位调整：{unit}（{unit.basis_document or '新设'}）")
    for plan in plans:
        values.recompute(plan)
    return told


# --- units over time -------------------------------------------------------------------------


def unit_faults(unit: Unit) -> dict[str, str]:
    """Field → why the unit cannot be saved like this: as far as it is published a unit stays what
    it was, a change names its document, and who ends leaves no open work behind."""
    before = Unit.objects.filter(pk=unit.pk).first()
    plans = list(Plan.objects.filter(bureau_id__in={unit.root_id, (before or unit).root_id}))
    faults = _rewriting(unit, before, settled.last_published(plans))
    if not unit.basis_document.strip() and _needs_document(unit, before, plans):
        faults["basis_document"] = "单位新设、撤并或更换继任单位，请写明依据文件。"
    if says := _leaving_work(unit, plans):
        faults["successor"] = says
    return faults


def _rewriting(unit: Unit, before: Unit | None, last: int | None) -> dict[str, str]:
    """A new 股室 changes nothing of what was; a new township counts."""
    if last is None or (before is None and unit.kind != UnitKind.TOWNSHIP):
        return {}
    if before is None:
        begins = f"{last} 年数据已经发布，新设乡镇的生效年应为 {last + 1} 年或以后。"
        return {"valid_from": begins} if unit.valid_from <= last else {}
    faults = {}
    if (unit.kind, unit.bureau_id) != (before.kind, before.bureau_id):
        faults["kind"] = f"{last} 年数据已经发布，单位的类型和所属局不能再改；请另建单位。"
    if unit.valid_from != before.valid_from and min(unit.valid_from, before.valid_from) <= last:
        faults["valid_from"] = (
            f"{last} 年数据已经发布，生效年不能再改（原为 {before.valid_from}）。"
            f"{last + 1} 年起新设的单位请另行增加。"
        )
    ends = [year for year in (unit.valid_until, before.valid_until) if year is not None]
    if unit.valid_until != before.valid_until and min(ends) < last:
        faults["valid_until"] = (
            f"{last} 年数据已经发布，最后有效年应为 {last} 年或以后，"
            f"即最早从 {last + 1} 年起撤并；已发布年份的乡镇数不变。"
            if before.valid_until is None or before.valid_until >= last
            else f"{last} 年数据已经发布，最后有效年不能再改（原为 {before.valid_until}）。"
        )
    return faults


def _needs_document(unit: Unit, before: Unit | None, plans: list[Plan]) -> bool:
    if before is None:
        first = min((plan.base_year for plan in plans), default=unit.valid_from)
        return unit.kind == UnitKind.TOWNSHIP and unit.valid_from > first
    names = ("valid_from", "valid_until", "successor_id")
    return any(getattr(unit, name) != getattr(before, name) for name in names)


def _leaving_work(unit: Unit, plans: list[Plan]) -> str:
    """A township's rows end with it; what a 股室 owes in an open round somebody takes over."""
    if unit.pk is None or unit.kind == UnitKind.TOWNSHIP or unit.valid_until is None:
        return ""
    for rnd in Round.objects.filter(plan__in=plans, published_at=None).select_related("plan"):
        named = Unit.objects.filter(pk__in=_laid_down(rnd)).select_related("successor")
        lost = [one for one in named if _loses(one, unit, rnd.year)]
        if lost:
            others = "、".join(str(one) for one in lost if one.pk != unit.pk)
            whose = f"{unit}（继任{others}）" if others else str(unit)
            return (
                f"{rnd}正在填报，{whose}在 {rnd.year} 年仍有负责的数据或工作；请填写继任单位，"
                "或先由规划管理员在“责任分工”“牵头分工”中另定责任单位。"
            )
    return ""


def _loses(named: Unit, unit: Unit, year: int) -> bool:
    """Whether nobody goes on for `named` any more once `unit` is saved like this, wherever in the
    chain of successors it stands."""
    if named.heir(year, unit) is not None:
        return False
    going_on = copy(unit)
    going_on.valid_until = None
    return named.heir(year, going_on) is not None


def _laid_down(rnd: Round) -> set[int]:
    """Ids of the units that are named for something in the round, also where they have ended."""
    figures_and_texts = (answering(rnd.plan, rnd.year, one) for one in ("item", "indicator"))
    named = {unit_id for of in figures_and_texts for unit_id in of.values()}
    return named.union(*(part.owing(rnd) for part in parts.parts()))
