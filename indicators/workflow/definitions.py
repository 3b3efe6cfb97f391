"""What the office settles: targets, how an indicator is counted, which units there are."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators import values
from indicators.entry import plain
from indicators.models import Indicator, Target
from indicators.workflow.errors import WorkflowError
from indicators.workflow.steps import refuse_unless
from organization import permissions
from organization.models import Unit, User
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
def change_indicator(user: User, indicator: Indicator) -> Indicator:
    """Saves how an indicator is counted, and recomputes its values."""
    refuse_unless(permissions.can_plan(user, indicator.plan.bureau), "只有规划管理员可以修改指标。")
    indicator._history_user = user
    indicator.save()
    years = values.years_with_rounds(indicator.plan)
    values.recompute(indicator.plan, {(indicator.pk, year) for year in years})
    return indicator


@transaction.atomic
def change_unit(user: User, unit: Unit) -> Unit:
    """Saves a unit; the number of valid townships goes into values, so they are recomputed."""
    refuse_unless(permissions.can_manage_accounts(user), "只有系统管理员可以修改单位。")
    unit._history_user = user
    unit.save()
    for plan in Plan.objects.filter(bureau_id=unit.root_id):
        values.recompute(plan)
    return unit
