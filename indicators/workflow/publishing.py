"""Publishing a round, and publishing corrections of it."""

import hashlib
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from indicators import checks, values
from indicators.calculation import State
from indicators.models import (
    AnnualValue,
    Explanation,
    Figure,
    Layer,
    ReturnAct,
    ReturnStatus,
    Round,
    RoundNature,
)
from indicators.parts import parts
from indicators.workflow.errors import Conflict, WorkflowError
from indicators.workflow.following import out_of_step
from indicators.workflow.steps import (
    Verb,
    locked_round,
    need_reason,
    store_figures,
    store_texts,
)
from organization.models import User

PARTS = ("amount", "knowledge", "note")


@transaction.atomic
def publish(
    user: User, round_id: int, signed_by: str, signed_on: date | None, seen: str | None = None
) -> Round:
    """定稿发布: every return approved, every laggard explained, the signature named. Only now do
    leaders see the figures. `seen`: the fingerprint of what the person confirmed; Conflict where
    it is another one now."""
    rnd = locked_round(user, round_id)
    _refuse_publishing(user, rnd, signed_by, signed_on)
    if seen is not None and seen != _fingerprint(rnd):
        raise Conflict("您查看之后监测表有改动，还没有发布；请按现在的内容再次确认。")
    rnd.signed_by, rnd.signed_on = signed_by.strip(), signed_on
    return _publish(rnd, user, Verb.PUBLISH, "定稿发布")


@dataclass(frozen=True)
class Ahead:
    """What publishing a round would publish."""

    round: Round
    returns: int
    figures: int
    texts: int
    others: int
    seen: str  # its fingerprint


@transaction.atomic
def about_to_publish(user: User, round_id: int, signed_by: str, signed_on: date | None) -> Ahead:
    """What `publish` would do now, to be looked at before: it is done and taken back, so that it
    refuses what `publish` refuses."""
    rnd = locked_round(user, round_id)
    figures, texts = len(_unpublished_figures(rnd)), len(_unpublished_texts(rnd))
    ahead = Ahead(
        rnd, rnd.returns.count(), figures, texts, _unpublished_others(rnd), _fingerprint(rnd)
    )
    with transaction.atomic():
        publish(user, round_id, signed_by, signed_on)
        transaction.set_rollback(True)
    return ahead


def _fingerprint(rnd: Round) -> str:
    """Approving counts the version of a return up: no other figures have the same versions."""
    versions = rnd.returns.order_by("pk").values_list("pk", "version")
    return hashlib.sha256(repr(list(versions)).encode()).hexdigest()[:16]


def _refuse_publishing(user: User, rnd: Round, signed_by: str, signed_on: date | None) -> None:
    if rnd.is_published:
        raise WorkflowError("这个批次已经发布；如有改动，请用“更正发布”。")
    if not signed_by.strip() or signed_on is None:
        raise WorkflowError("请填写审定签发人和签发日期后再发布。")
    _refuse_wrong_day(rnd, signed_on)
    _refuse_unfinished(user, rnd)


def _refuse_wrong_day(rnd: Round, signed_on: date) -> None:
    """Only what is forecast can be signed before its as-of date."""
    today = timezone.localdate()
    if signed_on > today:
        raise WorkflowError(
            f"签发日期不能晚于今天（{today:%Y-%m-%d}），现为 {signed_on:%Y-%m-%d}，请改正。"
        )
    if signed_on < rnd.as_of and rnd.nature != RoundNature.FORECAST:
        raise WorkflowError(
            f"签发日期不能早于数据时点（{rnd.as_of:%Y-%m-%d}），现为 {signed_on:%Y-%m-%d}，请改正。"
        )


@transaction.atomic
def correct(user: User, round_id: int, reason: str) -> Round:
    """更正发布: publishes what was reopened, changed and approved since; the reason is kept."""
    rnd = locked_round(user, round_id)
    if not rnd.is_published:
        raise WorkflowError("这个批次还没有发布过，请用“定稿发布”。")
    need_reason(reason, "请写明更正原因。", "更正原因")
    if not (_unpublished_others(rnd) or _unpublished_figures(rnd) or _unpublished_texts(rnd)):
        raise WorkflowError("没有已审核而未发布的改动，不需要更正。")
    return _publish(rnd, user, Verb.CORRECT, f"更正：{reason.strip()}")


def _refuse_unfinished(user: User, rnd: Round) -> None:
    """Also what the round lacks of what the units and duties in force ask for: once it is
    published nothing can come in."""
    waiting = rnd.returns.waiting().select_related("unit", "round")
    names = [f"{r.unit}（{r.status_text}）" for r in waiting]
    if names:
        raise WorkflowError(f"还有 {len(names)} 张监测表未审核通过，不能发布：{'、'.join(names)}。")
    if lacks := out_of_step(user, rnd):
        raise WorkflowError(f"不能发布：{lacks}")


def _refuse_impossible(rnd: Round) -> None:
    """Contradictions between the figures of two units. Asked of what has just been published,
    inside the transaction: which figures will stand beside each other is known only then."""
    wrong = checks.published_errors(rnd)
    if wrong:
        raise WorkflowError(f"以下数据互相矛盾，不能发布，请重新开启核对：{''.join(wrong)}")
    rows = AnnualValue.objects.filter(
        indicator__plan=rnd.plan,
        year=rnd.year,
        layer=Layer.OFFICIAL,
        state=State.IMPOSSIBLE,
    ).select_related("indicator")
    wrong = [f"{row.indicator}：{'；'.join(row.notes)}" for row in rows]
    if wrong:
        raise WorkflowError(f"以下指标的数据互相矛盾，不能发布：{'。'.join(wrong)}请退回核对。")


def _refuse_unexplained(rnd: Round) -> None:
    silent = checks.unexplained_laggards(rnd)
    if silent:
        raise WorkflowError(
            "以下滞后指标还没有写明原因和下一步措施，不能发布："
            f"{'；'.join(silent)}。请审核员或规划管理员重新开启相应监测表后补写。"
        )


def _unpublished_figures(rnd: Round) -> list[Figure]:
    """Approved figures that differ from what is published, of returns that are approved."""
    figures = rnd.figures.filter(annual_return__status=ReturnStatus.APPROVED, locked=True)
    return [
        f
        for f in figures
        if any(getattr(f, f"approved_{part}") != getattr(f, f"published_{part}") for part in PARTS)
    ]


def _unpublished_texts(rnd: Round) -> list[Explanation]:
    rows = Explanation.objects.filter(
        annual_return__round=rnd, annual_return__status=ReturnStatus.APPROVED
    )
    return [
        row
        for row in rows
        if any(getattr(row, t) != getattr(row, f"published_{t}") for t in Explanation.TEXTS)
    ]


def _unpublished_others(rnd: Round) -> int:
    return sum(part.unpublished(rnd) for part in parts())


def _publish(rnd: Round, user: User, verb: str, reason: str) -> Round:
    figures = _unpublished_figures(rnd)
    for figure in figures:
        for part in PARTS:
            setattr(figure, f"published_{part}", getattr(figure, f"approved_{part}"))
    store_figures(figures, [f"published_{part}" for part in PARTS], user, reason)
    texts = _unpublished_texts(rnd)
    for row in texts:
        for name in Explanation.TEXTS:
            setattr(row, f"published_{name}", getattr(row, name))
    store_texts(texts, user, reason)
    if verb == Verb.PUBLISH:
        rnd.published_at, rnd.published_by = timezone.now(), user
    else:
        rnd.corrected_at, rnd.correction = timezone.now(), reason
    rnd._history_user, rnd._change_reason = user, reason
    rnd.save()
    touched_returns = {f.annual_return_id for f in figures} | {t.annual_return_id for t in texts}
    for part in parts():
        touched_returns |= part.publish(user, rnd, reason)
    ReturnAct.objects.bulk_create(
        ReturnAct(annual_return_id=pk, verb=verb, actor=user, reason=reason)
        for pk in sorted(touched_returns)
    )
    values.refresh(rnd.plan, rnd.year, {f.item_id for f in figures}, [Layer.OFFICIAL])
    _refuse_impossible(rnd)
    _refuse_unexplained(rnd)
    return rnd
