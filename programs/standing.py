"""How the work of a plan stands in one year, from what is published or, with the switch
含未发布数据, from what was handed in. Read, never computed on the way: at most five queries,
however many tasks, measures and projects; three for a page that has the rounds and asks for no
places. What the plan lays down is read by `laid_out.py`.

The state of a year is the one of its newest round that has it, as with figures."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from indicators.models import Layer, Round
from organization.prepared import Prepared
from plans.models import Plan
from plans.remembered import remember
from plans.versions import Tokens
from programs import laid_out, rollup
from programs.content import ComponentContent, TaskContent, component_from, task_from
from programs.laid_out import (
    PROJECT,
    TASK,
    ComponentLine,
    Lead,
    MeasureLine,
    ProjectLine,
    TaskLine,
)
from programs.models import (
    Component,
    ComponentProgress,
    Grade,
    Measure,
    Project,
    Task,
    TaskProgress,
    WorkStatus,
)
from programs.rules import ENDED

NOT_REPORTED = "未填报"
Leads = Mapping[str, Mapping[int, Lead]]  # "task" and "project" → id → who leads it


@dataclass(frozen=True)
class TaskStanding:
    """`content` None: not reported in the year; `round`: where it was said; `row_id`: of its
    TaskProgress; `measures`: how many it has, `parts` the measures themselves."""

    task: Task | TaskLine
    lead: Lead | None
    content: TaskContent | None = None
    round: Round | None = None
    row_id: int | None = None
    measures: int = 0
    parts: Sequence[Measure | MeasureLine] = ()

    @cached_property
    def ended(self) -> int:
        """Measures that are 办结."""
        return rollup.ended(self.content)

    @cached_property
    def measures_by_grade(self) -> Mapping[str, tuple[int, int]]:
        """Grade → how many measures there are, and how many are 办结."""
        told = self.content.measures if self.content else {}
        found: dict[str, tuple[int, int]] = {}
        for part in self.parts:
            done = (said := told.get(part.pk)) is not None and said.status in ENDED
            known, ended = found.get(part.grade, (0, 0))
            found[part.grade] = (known + 1, ended + done)
        return found

    @cached_property
    def is_late(self) -> bool:
        return self.status == WorkStatus.BEHIND

    @cached_property
    def is_sought(self) -> bool:
        return self.task.grade == Grade.SEEK

    @cached_property
    def status(self) -> str:
        return self.content.status if self.content else WorkStatus.BLANK

    @property
    def label(self) -> str:
        return WorkStatus(self.status).label if self.status else NOT_REPORTED

    @property
    def badge(self) -> str:
        return self.status or "not_reported"


@dataclass(frozen=True)
class ComponentStanding:
    component: Component | ComponentLine
    content: ComponentContent | None = None
    round: Round | None = None
    row_id: int | None = None

    @cached_property
    def status(self) -> str:
        return self.content.status if self.content else WorkStatus.BLANK

    @property
    def label(self) -> str:
        return WorkStatus(self.status).label if self.status else NOT_REPORTED

    @property
    def badge(self) -> str:
        return self.status or "not_reported"

    @cached_property
    def is_sought(self) -> bool:
        return self.component.grade == Grade.SEEK

    @cached_property
    def is_late(self) -> bool:
        known = self.round is not None
        return known and rollup.is_late(self.content, self.round.as_of, self.planned_end)

    @property
    def planned_end(self) -> date | None:
        """As said; else that of the plan."""
        said = self.content.planned_end if self.content else None
        return said or self.component.planned_end

    @cached_property
    def is_overdue(self) -> bool:
        known = self.content is not None and self.round is not None
        return known and rollup.is_overdue(self.content, self.round.as_of, self.planned_end)


@dataclass(frozen=True)
class ProjectStanding:
    """`counted_in`: code of the project of a 专栏 of which this one, named outside of the boxes,
    is the same; else empty."""

    project: Project | ProjectLine
    lead: Lead | None
    components: list[ComponentStanding] = field(default_factory=list)
    counted_in: str = ""

    @property
    def counts(self) -> bool:
        """Whether it enters counts and sums: what overlaps is shown, but counted once."""
        return not self.counted_in

    @cached_property
    def status(self) -> str:
        parts = self.components
        return rollup.project_status(
            [one.status for one in parts if self.is_sought or not one.is_sought]
        )

    @property
    def label(self) -> str:
        return WorkStatus(self.status).label if self.status else NOT_REPORTED

    @property
    def badge(self) -> str:
        return self.status or "not_reported"

    @cached_property
    def is_sought(self) -> bool:
        """The plan only seeks the whole of it."""
        parts = self.components
        return self.project.grade == Grade.SEEK or (bool(parts) and all(p.is_sought for p in parts))

    @cached_property
    def late_parts(self) -> list[ComponentStanding]:
        """What makes the project late: of a project that is promised, not what is only sought."""
        late = [one for one in self.components if one.is_late]
        return late if self.is_sought else [one for one in late if not one.is_sought]

    @cached_property
    def late_sought_parts(self) -> list[ComponentStanding]:
        """Late, and only sought, in a project that is promised."""
        return [one for one in self.components if one.is_late and one not in self.late_parts]

    @cached_property
    def is_late(self) -> bool:
        return bool(self.late_parts)

    @cached_property
    def is_overdue(self) -> bool:
        return any(one.is_overdue for one in self.late_parts)

    @cached_property
    def money(self) -> rollup.Sum:
        return rollup.money(one.content for one in self.components)

    @cached_property
    def as_of(self) -> date | None:
        return max((one.round.as_of for one in self.components if one.round), default=None)


@dataclass(frozen=True)
class Works:
    """Tasks (保障措施 among them) and projects in the order of the plan."""

    tasks: list[TaskStanding]
    projects: list[ProjectStanding]

    @property
    def components(self) -> list[ComponentStanding]:
        return [one for project in self.projects for one in project.components]

    @property
    def counted(self) -> list[ProjectStanding]:
        """The projects that enter counts and sums."""
        return [one for one in self.projects if one.counts]

    @property
    def late_tasks(self) -> list[TaskStanding]:
        return [one for one in self.tasks if one.is_late]

    @property
    def late_projects(self) -> list[ProjectStanding]:
        return [one for one in self.projects if one.is_late]


def works(
    plan: Plan,
    year: int,
    layer: str = Layer.OFFICIAL,
    scope: Collection[int] | None = None,
    rounds: Iterable[Round] | None = None,
    places: bool = True,
    leads: Leads | None = None,
    tokens: Tokens | None = None,
) -> Works:
    """`scope`: units of whose returns what is not published may be shown (None: all); of the
    others the published state is given. `rounds` of the plan and `leads` of the year, where the
    page has them already; `places`: whether the townships of the components are wanted;
    `tokens`: of the data, where what the plan lays down may be remembered."""
    asked = plan.rounds.filter(year=year) if rounds is None else rounds
    of_year = {one.pk: one for one in asked if one.year == year}
    rows, known = _rows_of(of_year, layer), tokens or {}
    leads = laid_out.links_of(plan, year, tokens=tokens).leads if leads is None else leads
    tasks, projects = laid_out.work_of(plan, places, tokens)
    shown = None if scope is None else frozenset(scope)
    of = (tasks, projects, leads, *of_year.values())

    def build() -> Works:
        said = _said(of_year, rows, scope)
        return Works(
            [_task(known, *one, leads[TASK], said) for one in tasks],
            [_project(known, *one, leads[PROJECT], said) for one in projects],
        )

    return remember(known, ("works", shown, *rows), build, of)


def _task(
    tokens: Tokens,
    task: TaskLine,
    parts: Sequence[MeasureLine],
    leads: Mapping[int, Lead],
    said: "SaidById",
) -> TaskStanding:
    """One of the same line, lead and words is the same one: what is worked out of it stays."""
    told = said.get((TASK, task.pk), NOTHING)
    content, lead = content_of(TASK, told.kept), leads.get(task.pk)
    return remember(
        tokens,
        (TASK, told.row_id),
        lambda: TaskStanding(task, lead, content, told.round, told.row_id, len(parts), parts),
        (task, lead, content, told.round),
    )


def _project(
    tokens: Tokens,
    project: ProjectLine,
    parts: Sequence[ComponentLine],
    leads: Mapping[int, Lead],
    said: "SaidById",
) -> ProjectStanding:
    same = project.same_in_box if project.box is None else ""
    components = [_component(tokens, one, said) for one in parts]
    lead = leads.get(project.pk)
    return remember(
        tokens,
        PROJECT,
        lambda: ProjectStanding(project, lead, components, same),
        (project, lead, *components),
    )


def _component(tokens: Tokens, component: ComponentLine, said: "SaidById") -> ComponentStanding:
    told = said.get((COMPONENT, component.pk), NOTHING)
    content = content_of(COMPONENT, told.kept)
    return remember(
        tokens,
        (COMPONENT, told.row_id),
        lambda: ComponentStanding(component, content, told.round, told.row_id),
        (component, content, told.round),
    )


COMPONENT = "component"
READ = {TASK: task_from, COMPONENT: component_from}


@lru_cache(maxsize=4000)
def content_of(kind: str, kept: str) -> Any:
    """What a TASK or COMPONENT said, None for nothing. The same text says the same: what was parsed
    for one page serves the next, so nobody changes it."""
    return READ[kind](json.loads(kept))


class Said(NamedTuple):
    """What is kept of one task or component, as text, and where it was said."""

    row_id: int | None
    round: Round | None
    kept: str

    @property
    def content(self) -> Any:
        """Parsed when asked for: a year may have several rounds, of which the newest tells."""
        return json.loads(self.kept)


NOTHING = Said(None, None, "null")
SaidById = Mapping[tuple[str, int], Said]


def newest(rounds: Mapping[int, Round], layer: str, scope: Collection[int] | None) -> SaidById:
    """TASK or COMPONENT and its id → the newest that may be shown."""
    return _said(rounds, _rows_of(rounds, layer), scope)


def _said(
    rounds: Mapping[int, Round], rows: Iterable[Any], scope: Collection[int] | None
) -> SaidById:
    told = []
    for kind, of, row_id, round_id, unit_id, *layers in rows:
        hidden = scope is not None and unit_id not in scope
        if (shown := _shown(layers[:1] if hidden else layers)) is not None:
            told.append(((kind, of), Said(row_id, rounds[round_id], shown)))
    return dict(sorted(told, key=lambda pair: pair[1].round.rank))


def _rows_of(rounds: Mapping[int, Round], layer: str) -> list[Any]:
    """A statement for each number of rounds; a year has one or a few."""
    if not rounds:
        return []
    return _ROWS(
        layer, str(len(rounds)), **{f"round{place}": pk for place, pk in enumerate(rounds)}
    )


def _rows(layer: str, count: str, **rounds: int) -> QuerySet[Any]:
    kept = ["published"] if layer == Layer.OFFICIAL else ["published", "handed_in", "approved"]
    asked = [
        kind.objects.filter(annual_return__round__in=rounds.values())
        .order_by()
        .values_list(
            Value(name, CharField()),
            *(f"{name}_id", "pk", "annual_return__round_id", "annual_return__unit_id"),
            *(Cast(one, TextField()) for one in kept),
        )
        for name, kind in ((TASK, TaskProgress), (COMPONENT, ComponentProgress))
    ]
    return asked[0].union(asked[1], all=True)


_ROWS = Prepared(_rows)


def _shown(layers: list[str | None]) -> str | None:
    """Of published, handed in, approved: handed in, else approved, else published."""
    published, *newer = layers
    return next((one for one in newer if one is not None), published)
