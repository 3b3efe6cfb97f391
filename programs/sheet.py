"""The tasks and components in a return, with what is said about them now and what was said before.

Two kinds of rows, read alike: `Line` is one of them as plain values. A constant number of
queries, however many rows."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from indicators.models import AnnualReturn, Round, RoundNature
from programs import rules
from programs.content import (
    PARTS,
    ComponentContent,
    Content,
    MeasureContent,
    MoneyContent,
    TaskContent,
    component_from,
    task_from,
)
from programs.models import ComponentProgress, MeasureState, Money, TaskProgress

Row = TaskProgress | ComponentProgress


@dataclass(frozen=True)
class Line:
    """`content`: as it is being worked on; `before`: what was approved in the round before, if
    anything; `facts`: what the rules need to know; `later`: of a component, the round after."""

    row: Row
    content: Content
    before: Content | None
    facts: rules.TaskFacts | rules.ComponentFacts
    later: rules.Later | None = None

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def is_task(self) -> bool:
        return isinstance(self.row, TaskProgress)

    @property
    def label(self) -> str:
        """“3.1-2 健全基层群众自治制度”, “Z3-3 福利院建设 · 县老年公寓”."""
        if isinstance(self.row, TaskProgress):
            return str(self.row.task)
        component = self.row.component
        project = component.project
        return str(project) if project.name == component.name else f"{project} · {component.name}"

    @property
    def faults(self) -> rules.Faults:
        """What contradicts itself, by field."""
        return faults_of(self.content, self.facts)

    @property
    def owed(self) -> rules.Faults:
        """What must be said before 报送, by field."""
        if isinstance(self.content, TaskContent):
            return rules.task_owed(self.content, self.facts)  # type: ignore[arg-type]
        return rules.component_owed(self.content, self.facts, self.before, self.later)  # type: ignore[arg-type]

    @property
    def hints(self) -> list[str]:
        return rules.hints(self.content) if isinstance(self.content, ComponentContent) else []


def faults_of(content: Content, facts: Any) -> rules.Faults:
    if isinstance(content, TaskContent):
        return rules.task_faults(content, facts)
    return rules.component_faults(content, facts)


def lines(annual_return: AnnualReturn) -> list[Line]:
    """All of the return in the order of the plan: tasks, then components."""
    return [*_tasks(annual_return), *_components(annual_return)]


def line(annual_return: AnnualReturn, key: str) -> Line | None:
    return next((one for one in lines(annual_return) if one.key == key), None)


def _tasks(annual_return: AnnualReturn) -> list[Line]:
    rows = task_rows(annual_return)
    rnd = annual_return.round
    told = approved_of(TaskProgress, [row.task_id for row in rows], rnd)
    return [
        Line(
            row,
            task_content(row),
            task_from(before(told.get(row.task_id, []), rnd)),
            task_facts(row),
        )
        for row in rows
    ]


def _components(annual_return: AnnualReturn) -> list[Line]:
    rows = component_rows(annual_return)
    rnd = annual_return.round
    told = approved_of(ComponentProgress, [row.component_id for row in rows], rnd)
    return [
        Line(
            row,
            component_content(row),
            component_from(before(told.get(row.component_id, []), rnd)),
            component_facts(row, rnd),
            _later(told.get(row.component_id, []), row, rnd),
        )
        for row in rows
    ]


def task_rows(annual_return: AnnualReturn) -> list[TaskProgress]:
    rows = TaskProgress.objects.filter(annual_return=annual_return)
    rows = rows.select_related("task__clause").prefetch_related("measure_states__measure")
    return list(rows.order_by("task__order", "pk"))


def component_rows(annual_return: AnnualReturn) -> list[ComponentProgress]:
    rows = ComponentProgress.objects.filter(annual_return=annual_return)
    rows = rows.select_related("component__project__clause").prefetch_related("money")
    return list(rows.order_by("component__project__order", "component__order", "pk"))


# --- the rounds before and after -----------------------------------------------------------------

Told = list[tuple[Round, Any]]  # a round and what was approved in it, the oldest first


def approved_of(kind: Any, ids: Collection[int], rnd: Round) -> Mapping[int, Told]:
    """Id of the task or component → what was approved of it in the other rounds."""
    if not ids:
        return {}
    of = "task_id" if kind is TaskProgress else "component_id"
    rows = kind.objects.filter(**{f"{of}__in": ids}, approved__isnull=False)
    rows = rows.exclude(annual_return__round=rnd).select_related("annual_return__round")
    found: dict[int, Told] = {}
    for row in sorted(rows, key=lambda row: row.annual_return.round.rank):
        found.setdefault(getattr(row, of), []).append((row.annual_return.round, row.approved))
    return found


def before(told: Told, rnd: Round) -> Any:
    """What the last round said. Facts are compared with facts as long as there are any; a forecast
    goes on from whatever was said last."""
    older = [(one, kept) for one, kept in told if one.rank < rnd.rank]
    facts = [] if _is_forecast(rnd) else [pair for pair in older if not _is_forecast(pair[0])]
    return (facts or older)[-1][1] if older else None


def _later(told: Told, row: ComponentProgress, rnd: Round) -> rules.Later | None:
    """The next newer round, one of facts if there is any. A forecast need not agree with what came
    after it."""
    newer = [(one, kept) for one, kept in told if one.rank > rnd.rank]
    if not newer or _is_forecast(rnd):
        return None
    facts = [pair for pair in newer if not _is_forecast(pair[0])]
    one, kept = (facts or newer)[0]
    content = component_from(kept)
    assert content is not None
    return rules.Later(str(one), content, component_from(row.approved))


def _is_forecast(rnd: Round) -> bool:
    return rnd.nature == RoundNature.FORECAST


# --- content of the rows as they are -----------------------------------------------------------


def _common(row: Row) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("status", "reason", "situation", "next_step")}


def task_content(row: TaskProgress) -> TaskContent:
    return TaskContent(
        **_common(row),
        measures={
            state.measure_id: MeasureContent(
                state.status, state.done_on, state.document, state.note
            )
            for state in _in_order(row)
        },
    )


def _in_order(row: TaskProgress) -> list[MeasureState]:
    return sorted(row.measure_states.all(), key=lambda state: state.measure.order)


COMPONENT_FIELDS = (
    "stage",
    "percent",
    "quantity",
    "planned_start",
    "planned_end",
    "started_on",
    "completed_on",
    "document",
    "fall_reason",
)


def component_content(row: ComponentProgress) -> ComponentContent:
    money = {one.source: _money(one) for one in row.money.all()}
    return ComponentContent(
        **_common(row),
        **{name: getattr(row, name) for name in COMPONENT_FIELDS},
        money={source: one for source, one in money.items() if not one.is_blank},
    )


def _money(row: Money) -> MoneyContent:
    return MoneyContent(**{part: getattr(row, part) for part in PARTS})


def task_facts(row: TaskProgress) -> rules.TaskFacts:
    return rules.TaskFacts(
        row.task.grade,
        {
            state.measure_id: rules.MeasureFacts(
                state.measure.text, state.measure.grade, state.measure.is_result
            )
            for state in _in_order(row)
        },
    )


def component_facts(row: ComponentProgress, rnd: Round) -> rules.ComponentFacts:
    component = row.component
    return rules.ComponentFacts(
        grade=component.grade,
        has_stages=component.project.has_stages,
        planned=component.planned,
        measure=component.measure,
        last_day=None if _is_forecast(rnd) else rnd.as_of,
        planned_end=component.planned_end,
    )
