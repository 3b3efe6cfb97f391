"""The verbs: every change of a round, a return or a figure happens here and nowhere else.

Admin page, import, API and commands call these. Each verb is one transaction: lock the row, check
who and in which state, set, write history, recompute what is touched. Whoever may not know that a
thing exists gets 404 from the page; here a foreign hand is `Refused`."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from indicators import checks, values
from indicators.bulk import upsert, write_history
from indicators.entry import Entry, Texts
from indicators.models import (
    AnnualReturn,
    Collection,
    DataItem,
    Explanation,
    Figure,
    Indicator,
    Layer,
    Responsibility,
    ReturnAct,
    ReturnStatus,
    Round,
    RoundNature,
    Target,
)
from organization import permissions
from organization.models import Unit, User
from plans.models import Plan

Verb = ReturnAct.Verb


class WorkflowError(Exception):
    """The act is not possible now; the sentence says why and what to do."""


class Refused(WorkflowError):
    """The person may not do this."""


class Conflict(WorkflowError):
    """Somebody else changed the return after this page was opened."""


class Faulty(WorkflowError):
    """What was entered contradicts itself; `faults` maps figure ids to sentences."""

    def __init__(self, faults: Mapping[int, str]) -> None:
        self.faults = dict(faults)
        super().__init__("；".join(dict.fromkeys(self.faults.values())))


ENTRY_FIELDS = ("amount", "knowledge", "note", "document_no", "document_date")


# --- rounds --------------------------------------------------------------------------------


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
    _refuse_unless(permissions.can_plan(user, plan.bureau), "只有规划管理员可以开启填报批次。")
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
    rnd = _locked_round(user, round_id, "只有规划管理员可以修改报送截止日期。")
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
    owed = list(_owed(rnd))
    if not owed:
        raise WorkflowError("没有任何单位负责数据项，请先载入规划或填写责任分工。")
    explains = _owners(rnd.plan, rnd.year, "indicator")
    returns = {
        unit_id: AnnualReturn(round=rnd, unit_id=unit_id)
        for unit_id in dict.fromkeys([*(owner for owner, _, _ in owed), *explains.values()])
    }
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


def _owed(rnd: Round) -> Iterable[tuple[int, DataItem, int]]:
    """(unit that owes it, item, unit spoken of) for every figure of the round."""
    owners = _owners(rnd.plan, rnd.year, "item")
    townships = list(Unit.objects.of(rnd.plan.bureau).townships().valid_in(rnd.year))
    items = DataItem.objects.filter(plan=rnd.plan)
    for item in items if rnd.is_backfill else items.filter(rate_of=None):
        if item.collection == Collection.TOWNSHIP:
            yield from ((unit.pk, item, unit.pk) for unit in townships)
        elif owner := owners.get(item.pk):
            spoken_of = [unit.pk for unit in townships] if item.by_township else [owner]
            yield from ((owner, item, unit_id) for unit_id in spoken_of)


def _owners(plan: Plan, year: int, what: str) -> dict[int, int]:
    """Id of item or indicator → id of the unit that answers for it in that year."""
    rows = Responsibility.objects.filter(
        Q(item__plan=plan) | Q(indicator__plan=plan), effective_year__lte=year
    )
    rows = rows.filter(**{f"{what}__isnull": False}).order_by("effective_year", "pk")
    return dict(rows.values_list(f"{what}_id", "unit_id"))


# --- returns -------------------------------------------------------------------------------


@transaction.atomic
def save_draft(
    user: User,
    return_id: int,
    version: int,
    entries: Mapping[int, Entry],
    texts: Mapping[int, Texts] | None = None,
    provider: str = "",
) -> AnnualReturn:
    """Stores what was typed. `entries` by figure id, `texts` by indicator id.

    Raises Conflict when the return moved on, Faulty when what is entered contradicts itself."""
    annual_return = _locked(user, return_id, version, ReturnStatus.DRAFT, "填写")
    _refuse_unless(
        permissions.can_enter_for(user, annual_return.unit), "您只能填报本单位的监测表。"
    )
    reason = _entry_reason(user, annual_return, provider)
    changed = _changed_figures(annual_return, entries, user)
    faults = checks.entry_faults(changed)
    if faults:
        raise Faulty(faults)
    told = _changed_texts(annual_return, texts or {}, user)
    if not changed and not told:
        return annual_return
    store_figures(changed, [*ENTRY_FIELDS, "entered_by_id"], user, reason)
    _store_texts(told, user, reason)
    _refuse_contradictions(annual_return, changed)
    return _move(annual_return, user, Verb.SAVE, reason=reason)


def _entry_reason(user: User, annual_return: AnnualReturn, provider: str) -> str:
    if not permissions.enters_for_other(user, annual_return.unit):
        return ""
    if not provider.strip():
        raise WorkflowError("代录时请写明数据由谁提供（姓名或单位、日期、依据文件）。")
    return f"代录，数据提供：{provider.strip()}"


def _changed_figures(
    annual_return: AnnualReturn, entries: Mapping[int, Entry], user: User
) -> list[Figure]:
    figures = annual_return.figures.filter(pk__in=entries).select_related("item", "unit")
    changed = []
    for figure in figures:
        if _apply(figure, entries[figure.pk]):
            _refuse_locked(figure)
            figure.entered_by = user
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
        if any(getattr(explanation, name) != text for name, text in pairs.items()):
            for name, text in pairs.items():
                setattr(explanation, name, text)
            explanation.entered_by = user
            changed.append(explanation)
    return changed


def _refuse_contradictions(annual_return: AnnualReturn, changed: list[Figure]) -> None:
    """3 ÷ 0 and the like: refused while both parts stand on the same page."""
    faults = checks.contradictions(annual_return, {f.item_id for f in changed})
    if faults:
        raise Faulty(faults)


@transaction.atomic
def submit(user: User, return_id: int, version: int) -> AnnualReturn:
    """报送: hands the return to its reviewer; everything owed must be said."""
    annual_return = _locked(user, return_id, version, ReturnStatus.DRAFT, "报送")
    _refuse_unless(
        permissions.can_enter_for(user, annual_return.unit), "您只能报送本单位的监测表。"
    )
    faults = checks.submission_faults(annual_return)
    if faults:
        raise Faulty(faults)
    annual_return.status = ReturnStatus.SUBMITTED
    annual_return.submitted_by, annual_return.submitted_at = user, timezone.now()
    moved = _move(annual_return, user, Verb.SUBMIT, fields=("submitted_by", "submitted_at"))
    _recompute(annual_return, Layer.PROVISIONAL)
    return moved


@transaction.atomic
def withdraw(user: User, return_id: int, version: int, reason: str = "") -> AnnualReturn:
    """撤回: the submitting unit takes its return back before it is approved."""
    annual_return = _locked(user, return_id, version, ReturnStatus.SUBMITTED, "撤回")
    _refuse_unless(
        permissions.can_enter_for(user, annual_return.unit), "您只能撤回本单位的监测表。"
    )
    return _back_to_draft(annual_return, user, Verb.WITHDRAW, reason)


@transaction.atomic
def send_back(user: User, return_id: int, version: int, reason: str) -> AnnualReturn:
    """退回: a draft again; the reason is kept for ever."""
    annual_return = _locked(user, return_id, version, ReturnStatus.SUBMITTED, "退回")
    _refuse_unless(permissions.can_review(user, annual_return.unit), "您不负责审核这个单位。")
    _need_reason(reason, "请写明退回原因，让填报人知道改哪里。")
    return _back_to_draft(annual_return, user, Verb.SEND_BACK, reason)


@transaction.atomic
def approve(user: User, return_id: int, version: int) -> AnnualReturn:
    """审核通过: locks the figures. Nobody approves what they entered or submitted."""
    annual_return = _locked(user, return_id, version, ReturnStatus.SUBMITTED, "审核")
    _refuse_unless(permissions.can_review(user, annual_return.unit), "您不负责审核这个单位。")
    authors = _authors(annual_return)
    _refuse_unless(
        permissions.can_approve(user, annual_return.unit, authors),
        "您填报或报送过这张表，不能由您审核；请由另一位审核员办理。",
    )
    figures = [f for f in annual_return.figures.all() if not f.locked]
    for figure in figures:
        figure.approved_amount, figure.approved_knowledge = figure.amount, figure.knowledge
        figure.locked = True
    store_figures(figures, ["approved_amount", "approved_knowledge", "locked"], user, "审核通过")
    annual_return.status = ReturnStatus.APPROVED
    annual_return.approved_by, annual_return.approved_at = user, timezone.now()
    moved = _move(annual_return, user, Verb.APPROVE, fields=("approved_by", "approved_at"))
    _recompute(annual_return, Layer.PROVISIONAL)
    return moved


def _authors(annual_return: AnnualReturn) -> set[int | None]:
    """Everybody who entered what is not yet approved, and who submitted it."""
    entered = annual_return.figures.filter(locked=False).values_list("entered_by", flat=True)
    told = annual_return.explanations.values_list("entered_by", flat=True)
    return {*entered, *told, annual_return.submitted_by_id}


@transaction.atomic
def reopen(
    user: User, return_id: int, version: int, figure_ids: Iterable[int], reason: str
) -> AnnualReturn:
    """重新开启: the named figures of an approved return (and its texts) may change again. What is
    published stands until the correction is approved and published."""
    annual_return = _locked(user, return_id, version, ReturnStatus.APPROVED, "重新开启")
    _refuse_unless(
        permissions.can_reopen(user, annual_return.unit), "只有审核员或规划管理员可以重新开启。"
    )
    _need_reason(reason, "请写明重新开启的原因。")
    figures = list(annual_return.figures.filter(pk__in=list(figure_ids)))
    for figure in figures:
        figure.locked = False
    store_figures(figures, ["locked"], user, f"重新开启：{reason.strip()}")
    return _back_to_draft(annual_return, user, Verb.REOPEN, reason)


def _back_to_draft(annual_return: AnnualReturn, user: User, verb: str, reason: str) -> AnnualReturn:
    annual_return.status = ReturnStatus.DRAFT
    moved = _move(annual_return, user, verb, reason=reason.strip())
    _recompute(annual_return, Layer.PROVISIONAL)
    return moved


# --- publishing ----------------------------------------------------------------------------


@transaction.atomic
def publish(user: User, round_id: int, signed_by: str, signed_on: date | None) -> Round:
    """定稿发布: every return approved, every laggard explained, the signature named. Only now do
    leaders see the figures."""
    rnd = _locked_round(user, round_id)
    if rnd.is_published:
        raise WorkflowError("这个批次已经发布；如有改动，请用“更正发布”。")
    if not signed_by.strip() or signed_on is None:
        raise WorkflowError("请填写审定签发人和签发日期后再发布。")
    _refuse_unfinished(rnd)
    _refuse_unexplained(rnd)
    rnd.signed_by, rnd.signed_on = signed_by.strip(), signed_on
    return _publish(rnd, user, Verb.PUBLISH, "定稿发布")


@transaction.atomic
def correct(user: User, round_id: int, reason: str) -> Round:
    """更正发布: publishes what was reopened, changed and approved since; the reason is kept."""
    rnd = _locked_round(user, round_id)
    if not rnd.is_published:
        raise WorkflowError("这个批次还没有发布过，请用“定稿发布”。")
    _need_reason(reason, "请写明更正原因。")
    if not _unpublished_figures(rnd) and not _unpublished_texts(rnd):
        raise WorkflowError("没有已审核而未发布的改动，不需要更正。")
    return _publish(rnd, user, Verb.CORRECT, f"更正：{reason.strip()}")


def _locked_round(
    user: User, round_id: int, otherwise: str = "只有规划管理员可以发布批次。"
) -> Round:
    rounds = Round.objects.select_for_update(of=("self",)).select_related("plan__bureau")
    rnd = rounds.get(pk=round_id)
    _refuse_unless(permissions.can_plan(user, rnd.plan.bureau), otherwise)
    return rnd


def _refuse_unfinished(rnd: Round) -> None:
    waiting = rnd.returns.exclude(status=ReturnStatus.APPROVED).select_related("unit")
    names = [f"{r.unit}（{r.get_status_display()}）" for r in waiting]
    if names:
        raise WorkflowError(f"还有 {len(names)} 张监测表未审核通过，不能发布：{'、'.join(names)}。")


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
        if (f.approved_amount, f.approved_knowledge) != (f.published_amount, f.published_knowledge)
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


def _publish(rnd: Round, user: User, verb: str, reason: str) -> Round:
    figures = _unpublished_figures(rnd)
    for figure in figures:
        figure.published_amount = figure.approved_amount
        figure.published_knowledge = figure.approved_knowledge
    store_figures(figures, ["published_amount", "published_knowledge"], user, reason)
    texts = _unpublished_texts(rnd)
    for row in texts:
        for name in Explanation.TEXTS:
            setattr(row, f"published_{name}", getattr(row, name))
    _store_texts(texts, user, reason)
    rnd.published_at, rnd.published_by = timezone.now(), user
    rnd._history_user, rnd._change_reason = user, reason
    rnd.save()
    touched_returns = {f.annual_return_id for f in figures} | {t.annual_return_id for t in texts}
    ReturnAct.objects.bulk_create(
        ReturnAct(annual_return_id=pk, verb=verb, actor=user, reason=reason)
        for pk in sorted(touched_returns)
    )
    cells = values.touched(rnd.plan, rnd.year, {f.item_id for f in figures})
    values.recompute(rnd.plan, cells, [Layer.OFFICIAL])
    return rnd


# --- targets -------------------------------------------------------------------------------


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
    _refuse_unless(
        permissions.can_plan(user, indicator.plan.bureau), "只有规划管理员可以调整目标。"
    )
    target = Target(
        indicator=indicator,
        value=value,
        printed=printed,
        effective_year=effective_year,
        reason=reason.strip(),
        document=document.strip(),
        approved_by_body=approved_by_body.strip(),
    )
    try:
        target.full_clean()
    except ValidationError as error:
        raise WorkflowError("；".join(error.messages)) from error
    target._history_user, target._change_reason = user, reason
    target.save()
    return target


@transaction.atomic
def change_indicator(user: User, indicator: Indicator) -> Indicator:
    """Saves how an indicator is counted, and recomputes its values."""
    _refuse_unless(
        permissions.can_plan(user, indicator.plan.bureau), "只有规划管理员可以修改指标。"
    )
    indicator._history_user = user
    indicator.save()
    years = values.years_with_rounds(indicator.plan)
    values.recompute(indicator.plan, {(indicator.pk, year) for year in years})
    return indicator


# --- units ---------------------------------------------------------------------------------


@transaction.atomic
def change_unit(user: User, unit: Unit) -> Unit:
    """Saves a unit; the number of valid townships goes into values, so they are recomputed."""
    _refuse_unless(permissions.can_manage_accounts(user), "只有系统管理员可以修改单位。")
    unit._history_user = user
    unit.save()
    for plan in Plan.objects.filter(bureau_id=unit.root_id):
        values.recompute(plan)
    return unit


# --- shared steps --------------------------------------------------------------------------


def _refuse_unless(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise Refused(sentence)


def _need_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise WorkflowError(sentence)


def _locked(user: User, return_id: int, version: int, status: str, act: str) -> AnnualReturn:
    """The return under lock, in the state the act needs and as the person saw it."""
    annual_return = (
        AnnualReturn.objects.select_for_update(of=("self",))
        .select_related("round__plan__bureau", "unit__bureau")
        .get(pk=return_id)
    )
    if annual_return.status != status:
        raise Conflict(
            f"这张监测表现在是“{annual_return.get_status_display()}”，不能{act}；请刷新页面查看。"
        )
    if annual_return.version != version:
        raise Conflict("这张监测表在您打开页面之后已被他人改动；请对照最新内容后再保存。")
    return annual_return


def _move(
    annual_return: AnnualReturn,
    user: User,
    verb: str,
    *,
    reason: str = "",
    fields: tuple[str, ...] = (),
) -> AnnualReturn:
    """Counts the version up and writes down the act."""
    annual_return.version += 1
    annual_return._history_user = user
    annual_return._change_reason = Verb(verb).label + (f"：{reason}" if reason else "")
    annual_return.save(update_fields=["status", "version", *fields])
    ReturnAct.objects.create(annual_return=annual_return, verb=verb, actor=user, reason=reason)
    return annual_return


def _recompute(annual_return: AnnualReturn, layer: str) -> None:
    rnd = annual_return.round
    items = annual_return.figures.values_list("item_id", flat=True)
    values.recompute(rnd.plan, values.touched(rnd.plan, rnd.year, items), [layer])


def store_figures(figures: list[Figure], fields: list[str], user: User, reason: str) -> None:
    """Saves the named fields of many figures in one statement, history in another."""
    upsert(Figure, figures, fields)
    write_history(Figure, figures, user, reason)


def _store_texts(texts: list[Explanation], user: User, reason: str) -> None:
    fields = [*Explanation.TEXTS, *(f"published_{t}" for t in Explanation.TEXTS), "entered_by"]
    upsert(Explanation, texts, fields)
    write_history(Explanation, texts, user, reason)
