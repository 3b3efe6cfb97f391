"""The tasks and components in a return, with what is said about them now and what was said before.

Two kinds of rows, read alike: `Line` is one of them as plain values. A constant number of
queries, however many rows."""

from collections.abc import Iterable, Mapping
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
    anything; `facts`: what the rules need to know."""

    row: Row
    content: Content
    before: Content | None
    facts: rules.TaskFacts | rules.ComponentFacts

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
        return rules.component_owed(self.content, self.facts, self.before)  # type: ignore[arg-type]

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
    before = _before(rows, annual_return.round, "task_id", task_from)
    return [Line(row, task_content(row), before.get(row.task_id), task_facts(row)) for row in rows]


def _components(annual_return: AnnualReturn) -> list[Line]:
    rows = component_rows(annual_return)
    before = _before(rows, annual_return.round, "component_id", component_from)
    return [
        Line(
            row,
            component_content(row),
            before.get(row.component_id),
            component_facts(row, annual_return.round),
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


def _before(rows: Iterable[Any], rnd: Round, of: str, read: Any) -> Mapping[int, Any]:
    """Id of the task or component → what the newest older round says that was approved."""
    ids = {getattr(row, of) for row in rows}
    if not ids:
        return {}
    kind = type(next(iter(rows)))
    older = kind.objects.filter(**{f"{of}__in": ids}, approved__isnull=False).exclude(
        annual_return__round=rnd
    )
    found = sorted(
        (row for row in older.select_related("annual_return__round") if _rank(row) < rnd.rank),
        key=_rank,
    )
    return {getattr(row, of): read(row.approved) for row in found}


def _rank(row: Row) -> Any:
    return row.annual_return.round.rank


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
        last_day=None if rnd.nature == RoundNature.FORECAST else rnd.as_of,
    )
