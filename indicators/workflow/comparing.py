"""参考值: what others have reached, entered, corrected and withdrawn by the office.

Nothing is computed from it and nothing judged by it, so no value and no publication moves."""

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators.models import ComparisonValue
from indicators.workflow.errors import WorkflowError
from indicators.workflow.steps import need_reason, refuse_identity, refuse_unless
from organization import permissions
from organization.models import User

FIELDS = ("year", "whose", "amount", "source", "document_date")


@transaction.atomic
def enter_comparison(user: User, value: ComparisonValue) -> ComparisonValue:
    """Stores a new 参考值. Raises WorkflowError; then nothing is stored."""
    _refuse_stranger(user, value)
    value.recorded_by = user
    return _store(user, value, "登记参考值")


@transaction.atomic
def correct_comparison(user: User, value: ComparisonValue, reason: str) -> ComparisonValue:
    """Stores it as changed; what it said before stays in its history, with the reason."""
    stored = _locked(user, value)
    if stored.is_withdrawn:
        raise WorkflowError("这条参考值已经撤下，不能再改；请另行登记。")
    need_reason(reason, "请写明修改原因。", "修改原因")
    return _store(user, value, f"修改参考值：{reason.strip()}")


@transaction.atomic
def withdraw_comparison(user: User, value: ComparisonValue, reason: str) -> ComparisonValue:
    """Shown nowhere from now on, kept with its history. What else was changed on the object is
    not stored."""
    stored = _locked(user, value)
    if stored.is_withdrawn:
        raise WorkflowError("这条参考值已经撤下。")
    need_reason(reason, "请写明撤下原因。", "撤下原因")
    stored.is_withdrawn = True
    return _store(user, stored, f"撤下参考值：{reason.strip()}")


def _locked(user: User, value: ComparisonValue) -> ComparisonValue:
    rows = ComparisonValue.objects.select_for_update(of=("self",))
    stored = rows.select_related("indicator__plan__bureau").get(pk=value.pk)
    _refuse_stranger(user, stored)
    if value.indicator_id != stored.indicator_id:
        raise WorkflowError("参考值不能改到另一个指标；请撤下这条，另行登记。")
    return stored


def _refuse_stranger(user: User, value: ComparisonValue) -> None:
    allowed = permissions.can_plan(user, value.indicator.plan.bureau)
    refuse_unless(allowed, "只有规划管理员可以登记参考值。")


def _store(user: User, value: ComparisonValue, reason: str) -> ComparisonValue:
    refuse_identity("参考对象", value.whose)
    refuse_identity("来源文件", value.source)
    try:
        value.full_clean(exclude=["recorded_by"])
    except ValidationError as error:
        raise WorkflowError("；".join(error.messages)) from error
    value._history_user, value._change_reason = user, reason  # type: ignore[attr-defined]
    value.save()
    return value
