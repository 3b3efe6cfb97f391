"""What may be said about a task or a component: pure functions of plain values.

A fault is a field name and a sentence. `*_faults` are contradictions, refused as soon as they are
saved; `*_owed` is what must be there before 报送. Names of fields are those of the form:
"status", "m12-status" (measure 12), "money-central-spent"."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programs.content import PARTS, ComponentContent, MeasureContent, TaskContent
from programs.models import EXPLAINED, Grade, Source, Stage, WorkStatus

Faults = dict[str, str]
STAGES = [stage for stage in Stage.values if stage]
FINISHED = frozenset({Stage.COMPLETED, Stage.IN_USE})
ENDED = frozenset(
    {WorkStatus.DONE, WorkStatus.ADJUSTED, WorkStatus.STOPPED, WorkStatus.NOT_APPROVED}
)
PART_NAMES = {"planned": "计划投资", "arrived": "到位资金", "spent": "完成投资"}


@dataclass(frozen=True)
class MeasureFacts:
    name: str
    grade: str
    is_result: bool


@dataclass(frozen=True)
class TaskFacts:
    """`measures` by measure id, in order."""

    grade: str
    measures: Mapping[int, MeasureFacts]


@dataclass(frozen=True)
class ComponentFacts:
    """`planned`: None where the plan leaves the quantity open. `last_day`: the as-of date, or
    None for a forecast, which may speak of days to come. `planned_end`: that of the plan."""

    grade: str
    has_stages: bool
    planned: Decimal | None
    measure: str
    last_day: date | None
    planned_end: date | None = None


@dataclass(frozen=True)
class Later:
    """What the next newer round says that was approved; `own`: what was approved in this one."""

    name: str
    content: ComponentContent
    own: ComponentContent | None = None


# --- both ------------------------------------------------------------------------------------


def status_fault(status: str, grade: str, why: str, where: str = "原因") -> str:
    """What is wrong with a status: 未获批准 is for what is only sought; some must say why."""
    if status == WorkStatus.NOT_APPROVED and grade != Grade.SEEK:
        label = Grade(grade).label
        return f"规划对此的承诺是“{label}”，不能选“未获批准”；请改选“滞后”“调整”或“终止”。"
    if status in EXPLAINED and not why.strip():
        return f"选“{WorkStatus(status).label}”时，请在“{where}”中写明。"
    return ""


def _told(**faults: str) -> Faults:
    return {name.replace("__", "-"): says for name, says in faults.items() if says}


# --- tasks -----------------------------------------------------------------------------------


def task_faults(content: TaskContent, facts: TaskFacts) -> Faults:
    found = _told(status=status_fault(content.status, facts.grade, content.reason))
    for key, measure in facts.measures.items():
        state = content.measures.get(key, MeasureContent())
        if says := status_fault(state.status, measure.grade, state.note, "说明"):
            found[f"m{key}-status"] = says
    if not found:
        found |= _told(status=_unfinished(content, facts) or _begun(content, facts))
    return found


def _unfinished(content: TaskContent, facts: TaskFacts) -> str:
    """A task is done when none of its measures is still under way."""
    open_ones = _measures_in(content, facts, set(WorkStatus.values) - ENDED - {""})
    if content.status != WorkStatus.DONE or not open_ones:
        return ""
    return f"还有 {len(open_ones)} 项措施没有完成（{_some(open_ones)}），任务不能填“已完成”。"


def _begun(content: TaskContent, facts: TaskFacts) -> str:
    """A task has begun when one of its measures has."""
    begun = _measures_in(content, facts, {WorkStatus.UNDER_WAY, WorkStatus.DONE})
    if content.status != WorkStatus.NOT_STARTED or not begun:
        return ""
    return f"有 {len(begun)} 项措施已推进或完成（{_some(begun)}），任务不能填“未启动”。"


def _measures_in(content: TaskContent, facts: TaskFacts, statuses: Container[str]) -> list[str]:
    return [
        measure.name
        for key, measure in facts.measures.items()
        if (state := content.measures.get(key)) and state.status in statuses
    ]


def task_owed(content: TaskContent, facts: TaskFacts) -> Faults:
    """The status of the task and of each measure; what is done proves itself."""
    found = _told(
        status="" if content.status else "请选择状态。",
        situation=_missing_situation(content.status, content.situation),
    )
    for key, measure in facts.measures.items():
        state = content.measures.get(key, MeasureContent())
        if not state.status:
            found[f"m{key}-status"] = "请选择状态。"
        elif measure.is_result and state.status == WorkStatus.DONE:
            if not (state.done_on and state.document.strip()):
                found[f"m{key}-done_on"] = "有明确结果的措施，完成时请填完成日期和依据文件。"
    return found


def _missing_situation(status: str, situation: str) -> str:
    if not status or status == WorkStatus.NOT_STARTED or situation.strip():
        return ""
    return "请写明进展情况。"


# --- components ------------------------------------------------------------------------------


def component_faults(content: ComponentContent, facts: ComponentFacts) -> Faults:
    found = _told(
        status=status_fault(content.status, facts.grade, content.reason)
        or _not_started(content)
        or _not_done(content, facts)
        or _already_done(content),
        stage="" if facts.has_stages or not content.stage else "非建设类项目不填形象进度。",
        percent=_percent(content),
        completed_on=_completed(content, facts),
        started_on=_future(content.started_on, facts.last_day),
        planned_end=_planned(content),
    )
    for source, money in content.money.items():
        for part in PARTS:
            amount = getattr(money, part)
            if amount is not None and amount < 0:
                found[f"money-{source}-{part}"] = f"应为不小于 0 的数，现为 {amount:f}。"
    return found


def _not_started(content: ComponentContent) -> str:
    if content.status != WorkStatus.NOT_STARTED:
        return ""
    dated = content.started_on or content.completed_on
    if dated or content.quantity or content.percent or content.total("spent"):
        return "已有开工或完工日期、完成数量、百分比或完成投资，不能填“未启动”。"
    return ""


def _not_done(content: ComponentContent, facts: ComponentFacts) -> str:
    if content.status != WorkStatus.DONE:
        return ""
    if facts.planned is not None and content.quantity is not None:
        if content.quantity < facts.planned:
            unit = facts.measure
            return (
                f"计划 {_text(facts.planned)} {unit}，完成 {_text(content.quantity)} {unit}，"
                "不能填“已完成”；请核对数量，或把状态改为“推进中”“调整”。"
            )
    if facts.has_stages and content.stage and content.stage not in FINISHED:
        return f"形象进度是“{Stage(content.stage).label}”，不能填“已完成”。"
    return ""


def _already_done(content: ComponentContent) -> str:
    ready = content.stage == Stage.IN_USE or content.percent == 100
    if content.status != WorkStatus.UNDER_WAY or content.completed_on is None or not ready:
        return ""
    return "已完工投用，请把状态改为“已完成”；没有完工的，请核对完工日期和进度。"


def _percent(content: ComponentContent) -> str:
    if content.percent is None:
        return ""
    if not 0 <= content.percent <= 100:
        return f"应为 0 至 100 之间的整数，现为 {content.percent}。"
    if content.stage in FINISHED and content.percent < 100:
        stage = Stage(content.stage).label
        return f"形象进度是“{stage}”，完成百分比应为 100，现为 {content.percent}。"
    return ""


def _completed(content: ComponentContent, facts: ComponentFacts) -> str:
    if content.completed_on is None:
        return ""
    if content.started_on and content.completed_on < content.started_on:
        if facts.has_stages:
            return "实际完工不能早于实际开工。"
        return "完成日期不能早于实际开始。"
    return _future(content.completed_on, facts.last_day)


def _planned(content: ComponentContent) -> str:
    start, end = content.planned_start, content.planned_end
    return "计划完工不能早于计划开工。" if start and end and end < start else ""


def _future(day: date | None, last_day: date | None) -> str:
    if day is None or last_day is None or day <= last_day:
        return ""
    return f"数据时点是 {last_day:%Y-%m-%d}，不能填以后的日期 {day:%Y-%m-%d}。"


def component_owed(
    content: ComponentContent,
    facts: ComponentFacts,
    before: ComponentContent | None,
    later: Later | None = None,
) -> Faults:
    """`before`: what the last round said. From one round to the next totals do not fall, and the
    planned end does not move away, without a reason."""
    found = _told(
        status="" if content.status else "请选择状态。",
        situation=_missing_situation(content.status, content.situation),
        stage="请选择形象进度。" if _lacks_stage(content, facts) else "",
        quantity="请填完成数量。" if _lacks_quantity(content, facts) else "",
        started_on="已开工，请填实际开工日期。" if _lacks_start(content, facts) else "",
        completed_on=_lacks_end(content, facts),
        document="已完成，请填依据文件。" if _lacks_document(content) else "",
    )
    if not content.fall_reason.strip():
        found |= _told(fall_reason=_unexplained(content, facts, before, later))
    return found


def _unexplained(
    content: ComponentContent,
    facts: ComponentFacts,
    before: ComponentContent | None,
    later: Later | None,
) -> str:
    falls = list(fallen(content, before, facts.measure))
    if above := list(_above(content, later, facts.measure)):
        falls.append(f"与以后的批次不符：{'；'.join(above)}")
    told = f"{'；'.join(falls)}。累计数一般只增不减，请核对或写明减少原因。" if falls else ""
    moved = _moved(content, before, facts)
    return f"{told}{moved}。请核对或写明调整原因。" if moved else told


def _moved(
    content: ComponentContent, before: ComponentContent | None, facts: ComponentFacts
) -> str:
    """By the planned end lateness is judged; one that is blank is that of the plan."""
    said = before.planned_end if before else None
    was, now = said or facts.planned_end, content.planned_end or facts.planned_end
    if was is None or (now is not None and now <= was):
        return ""
    return f"计划完工{'上期' if said else '原定'} {was}，本期{f' {now}' if now else '没有填'}"


def _lacks_stage(content: ComponentContent, facts: ComponentFacts) -> bool:
    return facts.has_stages and bool(content.status) and not content.stage


def _lacks_quantity(content: ComponentContent, facts: ComponentFacts) -> bool:
    told = content.status in {WorkStatus.UNDER_WAY, WorkStatus.DONE, WorkStatus.BEHIND}
    return facts.planned is not None and told and content.quantity is None


def _lacks_start(content: ComponentContent, facts: ComponentFacts) -> bool:
    begun = content.stage in STAGES[STAGES.index(Stage.STARTED) :]
    return facts.has_stages and begun and content.started_on is None


def _lacks_end(content: ComponentContent, facts: ComponentFacts) -> str:
    if content.status != WorkStatus.DONE or content.completed_on is not None:
        return ""
    return f"已完成，请填{'实际完工' if facts.has_stages else '完成'}日期。"


def _lacks_document(content: ComponentContent) -> bool:
    return content.status == WorkStatus.DONE and not content.document.strip()


def fallen(content: ComponentContent, before: ComponentContent | None, unit: str) -> Iterator[str]:
    """Each total that is smaller than the last round said it was; what was said and no longer is
    counts as fallen to nothing."""
    now = _totals(content, unit)
    for what, (old, of) in _totals(before, unit).items() if before else ():
        new, _ = now.get(what, NOTHING)
        if old > new:
            yield f"{what}上期 {_text(old)} {of}，本期 {_text(new)} {of}"


def _above(content: ComponentContent, later: Later | None, unit: str) -> Iterator[str]:
    """Each total that is greater than the next newer round says. Where that round has said why it
    is smaller, only what is greater now than it was approved."""
    if later is None:
        return
    newer = _totals(later.content, unit)
    approved = _totals(later.own, unit) if later.own and later.content.fall_reason else {}
    for what, (now, of) in _totals(content, unit).items():
        then, _ = newer.get(what, NOTHING)
        if now > max(then, approved.get(what, NOTHING)[0]):
            yield f"{what}本期 {_text(now)} {of}，{later.name} {_text(then)} {of}"


NOTHING = (Decimal(0), "")


def _totals(content: ComponentContent, unit: str) -> dict[str, tuple[Decimal, str]]:
    """What only grows: its name → how much of what."""
    told = {
        "完成数量": (content.quantity, unit),
        "完成百分比": (content.percent, "%"),
    } | {
        f"{Source(source).label}{PART_NAMES[part]}": (getattr(money, part), "万元")
        for source, money in content.money.items()
        for part in ("arrived", "spent")
    }
    return {what: (Decimal(much), of) for what, (much, of) in told.items() if much}


def hints(content: ComponentContent) -> list[str]:
    """Nothing that stands in the way, but a reviewer looks twice."""
    found = []
    planned, arrived, spent = (content.total(part) for part in PARTS)
    if spent is not None and planned is not None and spent > planned:
        found.append(f"完成投资 {_text(spent)} 万元超过计划投资 {_text(planned)} 万元。")
    if spent is not None and arrived is not None and spent > arrived:
        found.append(f"完成投资 {_text(spent)} 万元超过到位资金 {_text(arrived)} 万元。")
    return found


def _text(number: object) -> str:
    return format(Decimal(str(number)).normalize(), "f")


def _some(names: list[str]) -> str:
    return "、".join(names[:3]) + ("等" if len(names) > 3 else "")
