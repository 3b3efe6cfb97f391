"""The verbs of 督办: every change of a row has its one address here.

Each is one short transaction: lock, check, set, write down. Raises WorkflowError with a sentence;
then nothing is stored, no file is left behind. `today` is the day on which the verb is spoken."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from indicators.workflow import Conflict, WorkflowError
from indicators.workflow.steps import need_reason, refuse_unless
from organization import permissions
from organization.models import Unit, User
from plans.models import Plan
from reports.models import Supervision, SupervisionAct, SupervisionState
from reports.models.supervision import PREFIX
from reports.supervision import files, subjects
from reports.supervision.files import Upload
from reports.supervision.said import line_of, refuse_day, refuse_state, text_of
from reports.supervision.subjects import Laggard

Verb = SupervisionAct.Verb
OFFICE_ONLY = "督办由规划管理员开启、调整、销号和撤销。"
SUBJECT = ("indicator_id", "task_id", "project_id", "component_id")


@dataclass(frozen=True)
class Terms:
    """What is to be done by whom and until when."""

    measures: str
    unit: Unit
    lead: str
    deadline: date


@dataclass(frozen=True)
class Closing:
    """What was achieved on which day, and what proves it: a document, a file, or both."""

    on: date
    achieved: str
    document: str = ""
    upload: Upload | None = None


# --- opening ----------------------------------------------------------------------------------


@transaction.atomic
def open_supervision(
    user: User,
    plan: Plan,
    year: int,
    kind: str,
    code: str,
    terms: Terms,
    cause: str,
    today: date,
    prefix: str = PREFIX,
) -> Supervision:
    """Follows up what published data of `year` shows to be behind. The next number of the year of
    `today`; the state, value and gap are copied as everybody sees them now."""
    refuse_unless(permissions.can_supervise(user, plan.bureau), OFFICE_ONLY)
    _lock_numbers(plan)
    laggard = _behind(plan, year, kind, code)
    row = Supervision(
        plan=plan,
        prefix=line_of("编号字头", prefix),
        year=today.year,
        serial=_next_serial(plan, today.year),
        title=laggard.title,
        about_year=year,
        as_of=laggard.as_of,
        nature=laggard.nature,
        status_then=laggard.status,
        label_then=laggard.label,
        value_then=laggard.value,
        gap=laggard.gap,
        cause=text_of("原因", cause),
        opened_on=today,
        opened_by=user,
        **laggard.keys,
    )
    _refuse_second(row)
    _agree(row, terms, today)
    return _keep(row, user, Verb.OPEN, today, _as_shown(row))


def _lock_numbers(plan: Plan) -> None:
    """Whoever numbers a row or opens one again waits here, so that no number is given twice and
    none is left out."""
    Plan.objects.select_for_update().get(pk=plan.pk)


def _next_serial(plan: Plan, year: int) -> int:
    last = Supervision.objects.filter(plan=plan, year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


def _behind(plan: Plan, year: int, kind: str, code: str) -> Laggard:
    found = subjects.find(plan, year, kind, code, list(plan.rounds.all()))
    if found is None:
        name = subjects.name_of(plan, kind, code) or code
        raise WorkflowError(
            f"按 {year} 年已发布的数据，“{name}”没有滞后，不能开启督办；"
            "只在未发布数据里滞后的，请在定稿发布后开启。"
        )
    return found


def _refuse_second(row: Supervision) -> None:
    """One row at a time for one thing."""
    same = {name: getattr(row, name) for name in SUBJECT}
    others = Supervision.objects.filter(state=SupervisionState.OPEN, **same).exclude(pk=row.pk)
    if other := others.first():
        raise WorkflowError(f"“{row.title}”正在督办（{other.number}），不能重复开启。")


def _as_shown(row: Supervision) -> str:
    said = "，".join(filter(None, [row.label_then, row.gap]))
    return f"按 {row.about_year} 年已发布的数据：{said}"


# --- what is agreed ---------------------------------------------------------------------------


@transaction.atomic
def revise(
    user: User, pk: int, version: int, terms: Terms, reason: str, today: date
) -> Supervision:
    """Other measures, another deadline, unit or leader. A later deadline needs a reason."""
    row = _locked(user, pk, version, SupervisionState.OPEN, "调整")
    old = (row.measures, row.unit_id, row.lead, row.deadline)
    if terms.deadline > row.deadline:
        need_reason(reason, "时限往后延，请写明延期的原因。", "调整原因")
    _agree(row, terms, today)
    if old == (row.measures, row.unit_id, row.lead, row.deadline):
        raise WorkflowError("措施、时限、责任单位和责任领导都没有改动，不用保存。")
    return _keep(row, user, Verb.REVISE, today, text_of("调整原因", reason, needed=False))


def _agree(row: Supervision, terms: Terms, today: date) -> None:
    """A deadline that has gone by may stay as it is, but none is set anew."""
    if terms.deadline != row.deadline and terms.deadline < today:
        raise WorkflowError(f"时限不能早于 {today.isoformat()}，请改正。")
    if terms.unit.root_id != row.plan.bureau_id:
        raise WorkflowError("责任单位不在编制规划的局，请重新选择。")
    if terms.unit.pk != row.unit_id and not terms.unit.is_valid_in(today.year):
        raise WorkflowError(f"“{terms.unit}”已经撤并，请选现行的单位。")
    row.measures, row.lead = text_of("措施", terms.measures), line_of("责任领导", terms.lead)
    row.unit, row.deadline = terms.unit, terms.deadline


# --- what becomes of it -----------------------------------------------------------------------


@transaction.atomic
def note_progress(user: User, pk: int, on: date, text: str, today: date) -> SupervisionAct:
    """One more line of 进展; nothing of the row changes, so pages that are open stay good."""
    row = _found(pk)
    allowed = permissions.can_report_on_supervision(user, row.unit)
    refuse_unless(allowed, "进展由责任单位的填报员或规划管理员报告。")
    refuse_state(row, SupervisionState.OPEN, "报告进展")
    refuse_day("进展", on, row.opened_on, today)
    return _write_down(row, user, Verb.NOTE, on, text_of("进展", text))


def close(user: User, pk: int, version: int, closing: Closing, today: date) -> Supervision:
    """销号: what was achieved, with a document or a file that shows it."""
    with files.kept_or_gone(user, closing.upload) as found, transaction.atomic():
        row = _locked(user, pk, version, SupervisionState.OPEN, "销号")
        refuse_day("销号", closing.on, row.opened_on, today)
        achieved = text_of("取得的成效", closing.achieved)
        document = line_of("依据文件", closing.document, needed=False)
        if not document and found is None:
            raise WorkflowError("销号要有依据：请填写依据文件的名称和文号，或上传一份文件。")
        row.state, row.ended_on = SupervisionState.CLOSED, closing.on
        row.outcome, row.document = achieved, document
        _keep(row, user, Verb.CLOSE, closing.on, achieved, document)
        if found is not None and closing.upload is not None:
            act = row.acts.filter(verb=Verb.CLOSE).latest("pk")
            files.store(found, act, closing.upload.content)
    return row


@transaction.atomic
def cancel(user: User, pk: int, version: int, reason: str, today: date) -> Supervision:
    """Opened in error. The row keeps its number, so that none is missing."""
    row = _locked(user, pk, version, SupervisionState.OPEN, "撤销")
    need_reason(reason, "请写明撤销的原因。", "撤销原因")
    row.state, row.ended_on = SupervisionState.CANCELLED, today
    row.outcome = text_of("撤销原因", reason)
    return _keep(row, user, Verb.CANCEL, today, row.outcome)


@transaction.atomic
def reopen(
    user: User, pk: int, version: int, deadline: date, reason: str, today: date
) -> Supervision:
    """Struck off too early: goes on under its old number until a new deadline. What the 销号 said
    stays among what was done."""
    _lock_numbers(_found(pk).plan)
    row = _locked(user, pk, version, SupervisionState.CLOSED, "恢复")
    need_reason(reason, "请写明恢复督办的原因。", "恢复原因")
    if deadline < today:
        raise WorkflowError("新的时限不能早于今天，请改正。")
    _refuse_second(row)
    row.state, row.ended_on, row.deadline = SupervisionState.OPEN, None, deadline
    row.outcome, row.document = "", ""
    return _keep(row, user, Verb.REOPEN, today, text_of("恢复原因", reason))


# --- what they share --------------------------------------------------------------------------


def _found(pk: int) -> Supervision:
    rows = Supervision.objects.select_for_update(of=("self",))
    return rows.select_related("plan__bureau", "unit__bureau").get(pk=pk)


def _locked(user: User, pk: int, version: int, state: str, act: str) -> Supervision:
    """The row under lock, in the state the act needs and as the person saw it."""
    row = _found(pk)
    refuse_unless(permissions.can_supervise(user, row.plan.bureau), OFFICE_ONLY)
    refuse_state(row, state, act)
    if row.version != version:
        raise Conflict(
            f"这条督办在您打开页面之后已被他人改动；请对照最新内容后再{act}，填写的内容还在下面。"
        )
    return row


def _keep(
    row: Supervision, user: User, verb: Verb, on: date, text: str, document: str = ""
) -> Supervision:
    row.version += 1
    row._history_user = user
    row._change_reason = f"{verb.label}：{text}" if text else verb.label
    row.save()
    _write_down(row, user, verb, on, text, document)
    return row


def _write_down(
    row: Supervision, user: User, verb: Verb, on: date, text: str, document: str = ""
) -> SupervisionAct:
    return SupervisionAct.objects.create(
        supervision=row, verb=verb, on=on, text=text, document=document,
        version=row.version, by=user,
    )  # fmt: skip
