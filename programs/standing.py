"""How the work of a plan stands in one year, from what is published or, with the switch
含未发布数据, from what was handed in. Read, never computed on the way: at most six queries, however
many tasks, measures and projects; four for a page that has the rounds and asks for no places.

The state of a year is the one of its newest round that has it, as with figures."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    CharField,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    prefetch_related_objects,
)

from indicators.models import Layer, Round
from organization.joined import ids, joined
from organization.models import Unit
from plans.models import Plan
from programs import rollup
from programs.content import ComponentContent, TaskContent, component_from, task_from
from programs.models import (
    Assignment,
    Component,
    ComponentProgress,
    Grade,
    Measure,
    Project,
    Task,
    TaskProgress,
    WorkStatus,
)

NOT_REPORTED = "未填报"


@dataclass(frozen=True)
class Lead:
    """Who answers for it in the year."""

    unit: Unit
    supervisor: str
    is_assumed: bool


@dataclass(frozen=True)
class TaskStanding:
    """`content` None: not reported in the year; `round`: where it was said; `row_id`: of its
    TaskProgress; `measures`: how many it has, `parts` the measures themselves."""

    task: Task
    lead: Lead | None
    content: TaskContent | None = None
    round: Round | None = None
    row_id: int | None = None
    measures: int = 0
    parts: Sequence[Measure] = ()

    @property
    def ended(self) -> int:
        """Measures that are 办结."""
        return rollup.ended(self.content)

    @property
    def is_late(self) -> bool:
        return self.status == WorkStatus.BEHIND

    @property
    def is_sought(self) -> bool:
        return self.task.grade == Grade.SEEK

    @property
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
    component: Component
    content: ComponentContent | None = None
    round: Round | None = None
    row_id: int | None = None

    @property
    def status(self) -> str:
        return self.content.status if self.content else WorkStatus.BLANK

    @property
    def label(self) -> str:
        return WorkStatus(self.status).label if self.status else NOT_REPORTED

    @property
    def badge(self) -> str:
        return self.status or "not_reported"

    @property
    def is_sought(self) -> bool:
        return self.component.grade == Grade.SEEK

    @property
    def is_late(self) -> bool:
        known = self.round is not None
        return known and rollup.is_late(self.content, self.round.as_of, self.planned_end)

    @property
    def planned_end(self) -> date | None:
        """As said; else that of the plan."""
        said = self.content.planned_end if self.content else None
        return said or self.component.planned_end

    @property
    def is_overdue(self) -> bool:
        known = self.content is not None and self.round is not None
        return known and rollup.is_overdue(self.content, self.round.as_of, self.planned_end)


@dataclass(frozen=True)
class ProjectStanding:
    """`counted_in`: code of the project of a 专栏 of which this one, named outside of the boxes,
    is the same; else empty."""

    project: Project
    lead: Lead | None
    components: list[ComponentStanding] = field(default_factory=list)
    counted_in: str = ""

    @property
    def counts(self) -> bool:
        """Whether it enters counts and sums: what overlaps is shown, but counted once."""
        return not self.counted_in

    @property
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

    @property
    def is_sought(self) -> bool:
        """The plan only seeks the whole of it."""
        parts = self.components
        return self.project.grade == Grade.SEEK or (bool(parts) and all(p.is_sought for p in parts))

    @property
    def late_parts(self) -> list[ComponentStanding]:
        """What makes the project late: of a project that is promised, not what is only sought."""
        late = [one for one in self.components if one.is_late]
        return late if self.is_sought else [one for one in late if not one.is_sought]

    @property
    def late_sought_parts(self) -> list[ComponentStanding]:
        """Late, and only sought, in a project that is promised."""
        return [one for one in self.components if one.is_late and one not in self.late_parts]

    @property
    def is_late(self) -> bool:
        return bool(self.late_parts)

    @property
    def is_overdue(self) -> bool:
        return any(one.is_overdue for one in self.late_parts)

    @property
    def money(self) -> rollup.Sum:
        return rollup.money(one.content for one in self.components)

    @property
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
) -> Works:
    """`scope`: units of whose returns what is not published may be shown (None: all); of the
    others the published state is given. `rounds`: of the plan, where the page has them already;
    `places`: whether the townships of the components are wanted."""
    asked = plan.rounds.filter(year=year) if rounds is None else rounds
    said = _newest({one.pk: one for one in asked if one.year == year}, layer, scope)
    leads = leads_of(plan, year)
    return Works(
        _tasks(plan, leads["task"], said),
        _projects(plan, leads["project"], said, places),
    )


def _tasks(plan: Plan, leads: Mapping[int, Lead], said: "SaidById") -> list[TaskStanding]:
    found: dict[int, tuple[Any, list[Measure]]] = {}
    for row in _with_measures(plan):
        task, measures = found.setdefault(row.pk, (row, []))
        if (measure := getattr(row, "part", None)) is not None:
            measure.task = task
            measures.append(measure)
    return [_task(task, parts, leads.get(pk), said) for pk, (task, parts) in found.items()]


def _with_measures(plan: Plan) -> QuerySet[Any]:
    """A row for each measure, in `part`; a task without any has a row without it."""
    linked = Task.indicators.through.objects.filter(task=OuterRef("pk"))
    tasks = plan.tasks.annotate(
        part=FilteredRelation("measures"), indicator_ids=joined(linked, "task", "indicator")
    )
    tasks = tasks.select_related("clause__section__chapter", "part")
    return tasks.order_by("order", "pk", "part__order", "part__pk")


def _task(
    task: Task, parts: Sequence[Measure], lead: Lead | None, said: "SaidById"
) -> TaskStanding:
    told = said.get((TASK, task.pk), NOTHING)
    content = task_from(told.kept)
    return TaskStanding(task, lead, content, told.round, told.row_id, len(parts), parts)


def indicators_of(work: Any) -> Sequence[int]:
    """Ids of the indicators that a task or project from `works` serves."""
    return ids(work.indicator_ids)


def _projects(
    plan: Plan, leads: Mapping[int, Lead], said: "SaidById", places: bool
) -> list[ProjectStanding]:
    found: dict[int, ProjectStanding] = {}
    for row in _with_components(plan):
        outside = row.box_id is None and row.same_in_box
        standing = ProjectStanding(row, leads.get(row.pk), [], row.same_in_box if outside else "")
        standing = found.setdefault(row.pk, standing)
        component = getattr(row, "part", None)
        if component is not None:
            component.project = standing.project
            standing.components.append(_component(component, said))
    if places:
        parts = [one.component for standing in found.values() for one in standing.components]
        prefetch_related_objects(parts, "townships")
    return list(found.values())


def _with_components(plan: Plan) -> QuerySet[Any]:
    """A row for each component, in `part`; a project without any has a row without it."""
    same = Project.objects.filter(related=OuterRef("pk"), box__isnull=False).order_by("order")
    linked = Project.indicators.through.objects.filter(project=OuterRef("pk"))
    projects = plan.projects.annotate(
        part=FilteredRelation("components"),
        same_in_box=Subquery(same.values("code")[:1]),
        indicator_ids=joined(linked, "project", "indicator"),
    )
    projects = projects.select_related("clause__section__chapter", "box", "part")
    return projects.order_by("order", "pk", "part__order", "part__pk")


def _component(component: Component, said: "SaidById") -> ComponentStanding:
    told = said.get((COMPONENT, component.pk), NOTHING)
    return ComponentStanding(component, component_from(told.kept), told.round, told.row_id)


def leads_of(plan: Plan, year: int) -> dict[str, dict[int, Lead]]:
    """ "task" and "project" → id → who leads it in that year."""
    rows = Assignment.objects.filter(Q(task__plan=plan) | Q(project__plan=plan))
    found: dict[str, dict[int, Lead]] = {"task": {}, "project": {}}
    rows = rows.filter(effective_year__lte=year).select_related("unit")
    for row in rows.order_by("effective_year", "pk"):
        lead = Lead(row.unit, row.supervisor or row.unit.supervisor, row.is_assumed)
        kind, key = ("task", row.task_id) if row.task_id else ("project", row.project_id)
        found[kind][key] = lead
    return found


TASK, COMPONENT = "task", "component"


class Said(NamedTuple):
    """What is kept of one task or component, and where it was said."""

    row_id: int | None
    round: Round | None
    kept: Any


NOTHING = Said(None, None, None)
SaidById = Mapping[tuple[str, int], Said]


def _newest(rounds: Mapping[int, Round], layer: str, scope: Collection[int] | None) -> SaidById:
    """TASK or COMPONENT and its id → the newest that may be shown."""
    kept = ["published"] if layer == Layer.OFFICIAL else ["published", "handed_in", "approved"]
    rows = _rows(TaskProgress, TASK, rounds, kept)
    rows = rows.union(_rows(ComponentProgress, COMPONENT, rounds, kept), all=True)
    told = []
    for kind, of, row_id, round_id, unit_id, *layers in rows:
        hidden = scope is not None and unit_id not in scope
        if (shown := _shown(layers[:1] if hidden else layers)) is not None:
            told.append(((kind, of), Said(row_id, rounds[round_id], shown)))
    return dict(sorted(told, key=lambda pair: pair[1].round.rank))


def _rows(kind: Any, name: str, rounds: Mapping[int, Round], kept: list[str]) -> QuerySet[Any]:
    rows = kind.objects.filter(annual_return__round__in=rounds).order_by()
    columns = (f"{name}_id", "pk", "annual_return__round_id", "annual_return__unit_id", *kept)
    return rows.values_list(Value(name, CharField()), *columns)


def _shown(layers: list[Any]) -> Any:
    """Of published, handed in, approved: handed in, else approved, else published."""
    published, *newer = layers
    return next((one for one in newer if one is not None), published)
