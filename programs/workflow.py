"""The verb of progress. Everything after saving (报送, 审核, 退回, 发布 …) is done by the verbs of
the return, which ask `work_part.py`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators import identity, settled
from indicators.bulk import upsert, write_history
from indicators.entry import Provision
from indicators.models import AnnualReturn, ReturnAct, ReturnStatus
from indicators.workflow import Conflict, Unconfirmed, WorkflowError
from indicators.workflow.following import follow
from indicators.workflow.returns import needed_provision
from indicators.workflow.steps import Verb, need_reason, refuse_unless
from organization import permissions
from organization.models import User
from programs import sheet
from programs.content import PARTS, Content, MeasureContent, TaskContent
from programs.models import (
    Assignment,
    Component,
    ComponentProgress,
    MeasureState,
    Money,
    Project,
    Task,
    TaskProgress,
)

COMMON = ("status", "reason", "situation", "next_step")
STATE = ("status", "done_on", "document", "note")


class FaultyWork(WorkflowError):
    """What was typed contradicts itself; `faults` by field name."""

    def __init__(self, faults: dict[str, str], label: str = "") -> None:
        self.faults = faults
        told = "；".join(dict.fromkeys(faults.values()))
        super().__init__(f"{label}：{told}" if label else told)


@transaction.atomic
def save_progress(
    user: User,
    return_id: int,
    key: str,
    version: int,
    content: Content,
    provision: Provision | None = None,
    confirmed: bool = False,
) -> sheet.Line:
    """Stores what was typed about one task or component. `version` is that of its row: two people
    at two rows of a return do not meet, and figures being typed on an open page can still be
    saved.

    Raises Conflict when the row or the return moved on, FaultyWork for contradictions,
    Unconfirmed where an identity number seems to stand in a text."""
    annual_return = _locked(user, return_id)
    provision = needed_provision(user, annual_return, provision)
    line = sheet.line(annual_return, key)
    if line is None:
        raise WorkflowError("这项任务或项目不在这张监测表里，请返回列表重新选择。")
    _refuse_late(line, version)
    return _save(user, annual_return, [(line, content)], provision, confirmed)[0]


@transaction.atomic
def save_each(
    user: User,
    return_id: int,
    said: Callable[[sheet.Line], Content | None],
    provision: Provision | None = None,
    confirmed: bool = False,
    versions: Mapping[str, int] | None = None,
) -> list[sheet.Line]:
    """The same for many rows of a return at once: read together, written together, one 办理记录;
    all are stored or none. `said` is asked for each row; None leaves it as it is. `versions`: by
    key, where rows were read before; one that moved on is a Conflict."""
    annual_return = _locked(user, return_id)
    provision = needed_provision(user, annual_return, provision)
    told = ((line, said(line)) for line in sheet.lines(annual_return))
    pairs = [(line, content) for line, content in told if content is not None]
    for line, _ in pairs:
        _refuse_late(line, line.row.version if versions is None else versions[line.key])
    return _save(user, annual_return, pairs, provision, confirmed)


Pairs = Sequence[tuple[sheet.Line, Content]]


def _save(
    user: User,
    annual_return: AnnualReturn,
    pairs: Pairs,
    provision: Provision | None,
    confirmed: bool,
) -> list[sheet.Line]:
    """The lines as they now stand; those of which nothing changed leave no trace."""
    changed = [(line, content) for line, content in pairs if line.content != content]
    for line, content in changed:
        if faults := sheet.faults_of(content, line.facts):
            raise FaultyWork(faults, line.label if len(pairs) > 1 else "")
    if changed:
        contents = [content for _, content in changed]
        remark = _settle_identity(contents, provision, confirmed)
        told = "；".join(filter(None, [f"代录：{provision}" if provision else "", remark]))
        _write(changed, user, str(provision) if provision else "", told)
        given = vars(provision) if provision else {}
        said = _named(changed) + (f"　{told}" if told else "")
        ReturnAct.objects.create(
            annual_return=annual_return, verb=Verb.SAVE, actor=user, reason=said, **given
        )
    return [replace(line, content=content) for line, content in pairs]


def _named(changed: Pairs) -> str:
    first = changed[0][0].label
    return first if len(changed) == 1 else f"{first}等 {len(changed)} 项任务、项目进展"


def _locked(user: User, return_id: int) -> AnnualReturn:
    annual_return = (
        AnnualReturn.objects.select_for_update(of=("self",))
        .select_related("round__plan__bureau", "unit__bureau")
        .get(pk=return_id)
    )
    refuse_unless(permissions.can_enter_for(user, annual_return.unit), "您只能填报本单位的监测表。")
    if annual_return.status != ReturnStatus.DRAFT:
        label = annual_return.get_status_display()
        raise Conflict(f"这张监测表现在是“{label}”，不能填写；请刷新页面查看。")
    return annual_return


def _refuse_late(line: sheet.Line, version: int) -> None:
    if line.row.locked:
        raise WorkflowError(f"“{line.label}”已审核锁定，不能修改；请先申请重新开启。")
    if line.row.version != version:
        raise Conflict("这一项在您打开页面之后已被他人改动；请对照最新内容后再保存。")


def _settle_identity(
    contents: Iterable[Content], provision: Provision | None, confirmed: bool
) -> str:
    texts = [text for content in contents for text in _texts(content)]
    texts.append(str(provision) if provision else "")
    if not identity.found_in_any(texts):
        return ""
    if not confirmed:
        raise Unconfirmed(f"填写的文字里{identity.ASK}")
    return identity.CONFIRMED


def _texts(content: Content) -> Iterable[str]:
    yield from (content.reason, content.situation, content.next_step)
    if isinstance(content, TaskContent):
        for state in content.measures.values():
            yield from (state.document, state.note)
    else:
        yield from (content.document, content.fall_reason)


@transaction.atomic
def assign(user: User, assignment: Assignment) -> list[str]:
    """Who leads a task or project from a year on. Rounds that are open follow; what the person has
    to know comes back as sentences."""
    of = assignment.of
    if of is None:
        raise WorkflowError("请选择这项牵头分工针对的任务或项目。")
    refuse_unless(permissions.can_plan(user, of.plan.bureau), "只有规划管理员可以调整牵头分工。")
    try:
        assignment.full_clean()
    except ValidationError as error:
        raise WorkflowError("；".join(error.messages)) from error
    assignment._history_user = user
    assignment.save()
    why = f"牵头分工调整（{assignment.basis_document.strip()}）"
    return follow(user, [of.plan], why, since=assignment.effective_year)


@transaction.atomic
def confirm_assignment(user: User, assignment: Assignment) -> None:
    """分工待确认 no longer: the office has looked at what was assumed. Changes nobody's duty."""
    of = assignment.of
    assert of is not None
    refuse_unless(permissions.can_plan(user, of.plan.bureau), "只有规划管理员可以确认牵头分工。")
    assignment.is_assumed = False
    assignment._history_user, assignment._change_reason = user, "确认牵头分工"
    assignment.save(update_fields=["is_assumed"])


@transaction.atomic
def change_work(user: User, work: Task | Project | Component, reason: str = "") -> None:
    """Saves what the office settles about a task, project or component; once something of the plan
    is published, with a reason that stays in the history."""
    plan = work.project.plan if isinstance(work, Component) else work.plan
    refuse_unless(permissions.can_plan(user, plan.bureau), "只有规划管理员可以修改任务和项目。")
    if settled.last_published([plan]) is not None:
        says = "已有进展发布，请写明修改原因；原因写入修改记录。"
        need_reason(reason, says, "修改原因")
    work._history_user, work._change_reason = user, reason.strip()
    work.save()


# --- rows ------------------------------------------------------------------------------------


def _write(changed: Pairs, user: User, provider: str, why: str) -> None:
    """The rows with their history, and what hangs on them."""
    for line, content in changed:
        if _facts(line.content) != _facts(content) or line.row.entered_by_id is None:
            line.row.entered_by, line.row.provider = user, provider
    tasks = [(line.row, content) for line, content in changed if line.is_task]
    components = [(line.row, content) for line, content in changed if not line.is_task]
    _write_rows(TaskProgress, tasks, COMMON, user, why)
    _write_rows(ComponentProgress, components, (*COMMON, *sheet.COMPONENT_FIELDS), user, why)
    _write_states(tasks, user, why)
    _write_money(components, user, why)


def _facts(content: Content) -> Content:
    """Without the texts: whoever only words them anew is not the source of what is said."""
    bare = replace(content, reason="", situation="", next_step="")
    if isinstance(bare, TaskContent):
        states = {key: replace(state, note="") for key, state in bare.measures.items()}
        return replace(bare, measures=states)
    return replace(bare, fall_reason="")


Rows = Sequence[tuple[Any, Any]]


def _write_rows(kind: Any, rows: Rows, names: Sequence[str], user: User, why: str) -> None:
    for row, content in rows:
        values = {name: getattr(content, name) for name in names}
        for name, value in {**values, "version": row.version + 1}.items():
            setattr(row, name, value)
    written = [row for row, _ in rows]
    upsert(kind, written, [*names, "entered_by_id", "provider", "version"])
    write_history(kind, written, user, why)


def _write_states(rows: Rows, user: User, why: str) -> None:
    changed = []
    for state, wanted in _wanted_states(rows):
        if any(getattr(state, name) != getattr(wanted, name) for name in STATE):
            for name in STATE:
                setattr(state, name, getattr(wanted, name))
            changed.append(state)
    upsert(MeasureState, changed, STATE)
    write_history(MeasureState, changed, user, why)


def _wanted_states(rows: Rows) -> Iterable[tuple[MeasureState, MeasureContent]]:
    for row, content in rows:
        for state in row.measure_states.all():
            if wanted := content.measures.get(state.measure_id):
                yield state, wanted


def _write_money(rows: Rows, user: User, why: str) -> None:
    """A source that says nothing any more keeps its row, empty: its history stays with it."""
    changed, fresh = [], []
    for row, content in rows:
        known = {one.source: one for one in row.money.all()}
        for source in [*known, *(source for source in content.money if source not in known)]:
            wanted = content.money.get(source)
            values = {part: getattr(wanted, part) if wanted else None for part in PARTS}
            if source not in known:
                fresh.append(Money(progress=row, source=source, **values))
            elif any(getattr(known[source], part) != value for part, value in values.items()):
                for part, value in values.items():
                    setattr(known[source], part, value)
                changed.append(known[source])
    Money.objects.bulk_create(fresh)
    write_history(Money, fresh, user, why, created=True)
    upsert(Money, changed, PARTS)
    write_history(Money, changed, user, why)
