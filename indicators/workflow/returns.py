"""The way of a return: draft, submitted, approved, and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from indicators import checks, values
from indicators.entry import Entry, Provision, Texts, too_long
from indicators.models import AnnualReturn, Explanation, Figure, Layer, ReturnAct, ReturnStatus
from indicators.parts import parts
from indicators.workflow import requests
from indicators.workflow.confirming import settle_identity
from indicators.workflow.errors import Faulty, WorkflowError
from indicators.workflow.steps import (
    Verb,
    ever_entered,
    locked_return,
    move,
    need_reason,
    refuse_identity,
    refuse_unless,
    store_figures,
    store_texts,
)
from organization import permissions
from organization.models import User

SUBMITTING = ("submitted_by", "submitted_at")
APPROVING = ["approved_amount", "approved_knowledge", "approved_note", "locked"]
REVIEWING = ("review_started_by", "review_started_at")
ENTRY_FIELDS = ("amount", "knowledge", "note", "document_no", "document_date")


@transaction.atomic
def save_draft(
    user: User,
    return_id: int,
    version: int,
    entries: Mapping[int, Entry],
    texts: Mapping[int, Texts] | None = None,
    provision: Provision | None = None,
    confirmed: bool = False,
) -> AnnualReturn:
    """Stores what was typed. `entries` by figure id, `texts` by indicator id; `provision` is
    needed when somebody enters for another unit (代录); `confirmed` says that what looks like an
    identity number is none.

    Raises Conflict when the return moved on, Faulty when what is entered contradicts itself,
    Unconfirmed where an identity number seems to stand in a text."""
    annual_return = locked_return(user, return_id, version, ReturnStatus.DRAFT, "填写")
    refuse_unless(permissions.can_enter_for(user, annual_return.unit), "您只能填报本单位的监测表。")
    provision = needed_provision(user, annual_return, provision)
    changed = _changed_figures(annual_return, entries, user, provision)
    faults = checks.entry_faults(changed)
    if faults:
        raise Faulty(faults)
    told = _changed_texts(annual_return, texts or {}, user)
    if not changed and not told:
        return annual_return
    remark = settle_identity(changed, told, provision, confirmed)
    reason = "；".join(filter(None, [f"代录：{provision}" if provision else "", remark]))
    store_figures(changed, [*ENTRY_FIELDS, "entered_by_id", "provider"], user, reason)
    store_texts(told, user, reason)
    _refuse_contradictions(annual_return, changed)
    return move(annual_return, user, Verb.SAVE, reason=reason, provision=provision)


def needed_provision(
    user: User, annual_return: AnnualReturn, provision: Provision | None
) -> Provision | None:
    """None for a clerk of the unit itself; a complete one for everybody else."""
    if not permissions.enters_for_other(user, annual_return.unit):
        return None
    if provision is None or not (provision.provider.strip() and provision.document.strip()):
        raise WorkflowError("代录时请写明数据由谁提供、提供日期和依据文件。")
    return provision


def _changed_figures(
    annual_return: AnnualReturn,
    entries: Mapping[int, Entry],
    user: User,
    provision: Provision | None,
) -> list[Figure]:
    figures = annual_return.figures.filter(pk__in=entries).select_related("item", "unit")
    changed = []
    for figure in figures:
        before = (figure.amount, figure.knowledge)
        if _apply(figure, entries[figure.pk]):
            _refuse_locked(figure)
            if (figure.amount, figure.knowledge) != before or figure.entered_by_id is None:
                figure.entered_by = user
                figure.provider = str(provision) if provision else ""
            changed.append(figure)
    return changed


def _apply(figure: Figure, entry: Entry) -> bool:
    """Sets what differs; True when something did."""
    before = [getattr(figure, name) for name in ENTRY_FIELDS]
    after = [getattr(entry, name) for name in ENTRY_FIELDS]
    for name, value in zip(ENTRY_FIELDS, after, strict=True):
        setattr(figure, name, value)
    return before != after


def _refuse_locked(figure: Figure) -> None:
    if figure.locked:
        raise WorkflowError(
            f"{figure.unit}“{figure.item.name}”已审核锁定，不能修改；请先申请重新开启。"
        )


def _changed_texts(
    annual_return: AnnualReturn, texts: Mapping[int, Texts], user: User
) -> list[Explanation]:
    changed = []
    for explanation in annual_return.explanations.filter(indicator__in=texts):
        wanted = texts[explanation.indicator_id]
        pairs = {name: getattr(wanted, name).strip() for name in Explanation.TEXTS}
        _refuse_long(explanation, pairs)
        if any(getattr(explanation, name) != text for name, text in pairs.items()):
            for name, text in pairs.items():
                setattr(explanation, name, text)
            explanation.entered_by = user
            changed.append(explanation)
    return changed


def _refuse_long(explanation: Explanation, texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if says := too_long(text):
            label = Explanation._meta.get_field(name).verbose_name
            raise WorkflowError(f"“{explanation.indicator}”的{label}{says}")


def _refuse_contradictions(annual_return: AnnualReturn, changed: list[Figure]) -> None:
    """3 ÷ 0 and the like: refused while both parts stand on the same page."""
    faults = checks.contradictions(annual_return, {f.item_id for f in changed})
    if faults:
        raise Faulty(faults)


@transaction.atomic
def submit(user: User, return_id: int, version: int) -> AnnualReturn:
    """报送: hands the return to its reviewer; everything owed must be said."""
    annual_return = locked_return(user, return_id, version, ReturnStatus.DRAFT, "报送")
    refuse_unless(permissions.can_enter_for(user, annual_return.unit), "您只能报送本单位的监测表。")
    figures = list(annual_return.figures.select_related("item", "unit").order_by())
    faults = checks.submission_faults(annual_return, figures) | checks.cleared(figures)
    others = [says for part in parts() for says in part.faults(annual_return)]
    if faults or others:
        raise Faulty(faults, others)
    annual_return.status = ReturnStatus.SUBMITTED
    annual_return.submitted_by, annual_return.submitted_at = user, timezone.now()
    annual_return.review_started_by = annual_return.review_started_at = None
    for part in parts():
        part.submit(user, annual_return)
    moved = move(annual_return, user, Verb.SUBMIT, fields=(*SUBMITTING, *REVIEWING))
    _recompute(annual_return, Layer.PROVISIONAL, figures)
    return moved


@transaction.atomic
def withdraw(user: User, return_id: int, version: int, reason: str = "") -> AnnualReturn:
    """撤回: the unit takes its return back while nobody has started reviewing."""
    annual_return = locked_return(user, return_id, version, ReturnStatus.SUBMITTED, "撤回")
    refuse_unless(permissions.can_enter_for(user, annual_return.unit), "您只能撤回本单位的监测表。")
    if annual_return.review_started_by is not None:
        raise WorkflowError("审核员已经开始审核，不能撤回；需要修改请联系审核员退回。")
    refuse_identity("撤回说明", reason)
    return _back_to_draft(annual_return, user, Verb.WITHDRAW, reason)


@transaction.atomic
def start_review(user: User, return_id: int, version: int) -> AnnualReturn:
    """开始审核: from now on the unit can no longer withdraw. Changes no figure, so the version
    stays and nobody's open page becomes stale."""
    annual_return = locked_return(user, return_id, version, ReturnStatus.SUBMITTED, "审核")
    _refuse_author(user, annual_return)
    if annual_return.review_started_by is None:
        annual_return.review_started_by = user
        annual_return.review_started_at = timezone.now()
        annual_return._history_user, annual_return._change_reason = user, "开始审核"
        annual_return.save(update_fields=list(REVIEWING))
        ReturnAct.objects.create(annual_return=annual_return, verb=Verb.START_REVIEW, actor=user)
    return annual_return


def _refuse_author(user: User, annual_return: AnnualReturn) -> None:
    refuse_unless(permissions.can_review(user, annual_return.unit), "您不负责审核这个单位。")
    refuse_unless(
        permissions.can_approve(user, annual_return.unit, _authors(annual_return)),
        "您填报或报送过这张表，不能由您审核；请由另一位审核员办理。",
    )


@transaction.atomic
def send_back(user: User, return_id: int, version: int, reason: str) -> AnnualReturn:
    """退回: a draft again; the reason is kept for ever."""
    annual_return = locked_return(user, return_id, version, ReturnStatus.SUBMITTED, "退回")
    refuse_unless(permissions.can_review(user, annual_return.unit), "您不负责审核这个单位。")
    need_reason(reason, "请写明退回原因，让填报人知道改哪里。", "退回原因")
    return _back_to_draft(annual_return, user, Verb.SEND_BACK, reason)


@transaction.atomic
def approve(user: User, return_id: int, version: int) -> AnnualReturn:
    """审核通过: locks the figures. Nobody approves what they entered or submitted."""
    annual_return = locked_return(user, return_id, version, ReturnStatus.SUBMITTED, "审核")
    _refuse_author(user, annual_return)
    _refuse_errors(user, annual_return)
    every = list(annual_return.figures.all())
    figures = [figure for figure in every if not figure.locked]
    for figure in figures:
        figure.approved_amount, figure.approved_knowledge = figure.amount, figure.knowledge
        figure.approved_note = figure.note
        figure.locked = True
    store_figures(figures, APPROVING, user, "审核通过")
    for part in parts():
        part.approve(user, annual_return)
    annual_return.status = ReturnStatus.APPROVED
    annual_return.approved_by, annual_return.approved_at = user, timezone.now()
    moved = move(annual_return, user, Verb.APPROVE, fields=("approved_by", "approved_at"))
    _recompute(annual_return, Layer.PROVISIONAL, every)
    return moved


def _refuse_errors(user: User, annual_return: AnnualReturn) -> None:
    """Another unit may have changed its figures after this return was submitted; and what was
    noted beside a contradiction with its figures does not make both of them true."""
    wrong = checks.standing_errors(annual_return, permissions.figure_scope(user))
    if wrong:
        raise WorkflowError(f"数据检查有错误，不能通过，请退回核对：{''.join(wrong)}")


@dataclass(frozen=True)
class Outcome:
    """What became of one return in a bulk act; `refusal` is empty when it went through."""

    annual_return: AnnualReturn
    refusal: str = ""


def approve_each(
    user: User, returns: Iterable[AnnualReturn], seen: Mapping[int, int]
) -> list[Outcome]:
    """批量审核 for backfill rounds: `approve` return by return, each in its own transaction with
    its own four eyes; what is refused stays as it was and says why. `seen`: return id → the
    version that the list showed; what moved on since is not approved."""
    return [_approve_one(user, row, seen.get(row.pk, 0)) for row in returns]


def _approve_one(user: User, annual_return: AnnualReturn, version: int) -> Outcome:
    if not annual_return.round.is_backfill:
        return Outcome(annual_return, "只有历史补录批次可以批量审核，请打开逐张审核。")
    if annual_return.version != version:
        return Outcome(annual_return, "列表打开之后又有改动，没有审核；请核对最新内容后再审核。")
    try:
        return Outcome(approve(user, annual_return.pk, version))
    except WorkflowError as error:
        return Outcome(annual_return, str(error))


def _authors(annual_return: AnnualReturn) -> set[int | None]:
    """Everybody who ever saved or submitted this return, and everybody who ever entered what is
    open in it, also while it stood in the return of another unit: whoever overwrote an amount
    later, or added a word to it, does not make the first hand disappear."""
    acts = annual_return.acts.filter(verb__in=[Verb.SAVE, Verb.SUBMIT])
    open_figures = annual_return.figures.filter(locked=False)
    return {
        *acts.order_by().values_list("actor_id", flat=True).distinct(),
        *ever_entered(Figure, open_figures),
        *ever_entered(Explanation, annual_return.explanations.all()),
        *(author for part in parts() for author in part.authors(annual_return)),
        annual_return.submitted_by_id,
    }


@transaction.atomic
def reopen(
    user: User,
    return_id: int,
    version: int,
    figure_ids: Iterable[int],
    reason: str,
    others: Iterable[str] = (),
) -> AnnualReturn:
    """重新开启: the named figures of an approved return, `others` (keys of parts) and its texts may
    change again. What is published stands until the correction is approved and published. An open
    request is granted thereby, so all that was asked for must be among it."""
    annual_return = locked_return(user, return_id, version, ReturnStatus.APPROVED, "重新开启")
    refuse_unless(
        permissions.can_reopen(user, annual_return.unit), "只有审核员或规划管理员可以重新开启。"
    )
    need_reason(reason, "请写明重新开启的原因。", "重新开启的原因")
    figures = list(annual_return.figures.filter(pk__in=list(figure_ids)))
    opened = set(others)
    requests.refuse_granting_less(annual_return, figures, opened)
    for figure in figures:
        figure.locked = False
    store_figures(figures, ["locked"], user, f"重新开启：{reason.strip()}")
    for part in parts():
        part.reopen(user, annual_return, opened, reason.strip())
    requests.answer_open(user, annual_return, granted=True, answer=reason)
    return _back_to_draft(annual_return, user, Verb.REOPEN, reason)


def _back_to_draft(annual_return: AnnualReturn, user: User, verb: str, reason: str) -> AnnualReturn:
    annual_return.status = ReturnStatus.DRAFT
    annual_return.sent_back = verb == Verb.SEND_BACK
    for part in parts():
        part.take_back(user, annual_return)
    moved = move(annual_return, user, verb, reason=reason.strip(), fields=("sent_back",))
    _recompute(annual_return, Layer.PROVISIONAL)
    return moved


def _recompute(
    annual_return: AnnualReturn, layer: str, figures: Iterable[Figure] | None = None
) -> None:
    rnd = annual_return.round
    if figures is None:
        figures = annual_return.figures.only("item_id")
    values.refresh(rnd.plan, rnd.year, {figure.item_id for figure in figures}, [layer])
