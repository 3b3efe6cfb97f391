"""The work of a plan as it is laid down: tasks with measures, projects with components, who leads
them in a year.

A page needs hundreds of them and few of their fields, so these are plain rows that carry the names
of the models' fields: a model instance for each, with clause, section and chapter of its own,
costs four times as much as everything else a page does with them (`benchmarks/RESULTS.md`).
Whoever writes takes the model by its id."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

from django.db.models import (
    Case,
    DateField,
    DecimalField,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from indicators.models import DIGITS
from organization.prepared import Prepared
from plans.models import Plan
from plans.remembered import remember
from plans.versions import Tokens
from programs.models import Assignment, Component, Grade, Project, ProjectKind, Task, TaskKind

GRADES, TASK_KINDS = dict(Grade.choices), dict(TaskKind.choices)
PROJECT_KINDS = dict(ProjectKind.choices)


class ChapterLine(NamedTuple):
    number: int
    title: str


class SectionLine(NamedTuple):
    pk: int
    number: int
    title: str
    chapter: ChapterLine

    def __str__(self) -> str:
        return f"{self.chapter.number}.{self.number} {self.title}"


class ClauseLine(NamedTuple):
    """Where the plan says it; `section` None before the first chapter."""

    pk: int
    locator: str
    section: SectionLine | None

    def __str__(self) -> str:
        return self.locator


class TaskLine(NamedTuple):
    pk: int
    order: int
    code: str
    name: str
    grade: str
    kind: str
    clause: ClauseLine

    @property
    def clause_id(self) -> int:
        return self.clause.pk

    def get_grade_display(self) -> str:
        return GRADES[self.grade]

    def get_kind_display(self) -> str:
        return TASK_KINDS[self.kind]


class MeasureLine(NamedTuple):
    task: TaskLine
    pk: int
    order: int
    grade: str
    text: str
    sentences_text: str

    @property
    def sentences(self) -> Sequence[int]:
        """Parsed when asked for: most pages do not."""
        return json.loads(self.sentences_text)

    def get_grade_display(self) -> str:
        return GRADES[self.grade]


class BoxLine(NamedTuple):
    number: int
    title: str

    def __str__(self) -> str:
        return f"专栏{self.number} {self.title}"


class ProjectLine(NamedTuple):
    """`same_in_box`: code of the project of a 专栏 that is the same as this one, else empty."""

    pk: int
    order: int
    code: str
    name: str
    grade: str
    kind: str
    clause: ClauseLine
    box: BoxLine | None
    same_in_box: str

    @property
    def clause_id(self) -> int:
        return self.clause.pk

    @property
    def has_stages(self) -> bool:
        return self.kind == ProjectKind.CONSTRUCTION

    def get_grade_display(self) -> str:
        return GRADES[self.grade]

    def get_kind_display(self) -> str:
        return PROJECT_KINDS[self.kind]


class PlaceLine(NamedTuple):
    """A township."""

    order: int
    code: str
    name: str


class Places(tuple[PlaceLine, ...]):
    """In the order of the units; `all` as of the model's field."""

    def all(self) -> "Places":
        return self


NOWHERE = Places()


class ComponentLine(NamedTuple):
    """`townships` is empty where the page did not ask for places."""

    project: ProjectLine
    pk: int
    order: int
    grade: str
    name: str
    sentences_text: str
    measure: str
    planned: Decimal | None
    planned_start: date | None
    planned_end: date | None
    townships: Places

    def __str__(self) -> str:
        return f"{self.project.code}-{self.order} {self.name}"

    @property
    def sentences(self) -> Sequence[int]:
        return json.loads(self.sentences_text)

    def get_grade_display(self) -> str:
        return GRADES[self.grade]


class UnitLine(NamedTuple):
    pk: int
    order: int
    code: str
    name: str

    def __str__(self) -> str:
        return self.name


class Lead(NamedTuple):
    """Who answers for it in the year. `unit` has the id, order, code and name of a Unit."""

    unit: Any
    supervisor: str
    is_assumed: bool


# --- read ------------------------------------------------------------------------------------

IN_SECTION = (
    "section_id",
    "section__number",
    "section__title",
    "section__chapter__number",
    "section__chapter__title",
)
OF_WORK = (
    *("pk", "order", "code", "name", "grade", "kind", "clause_id", "clause__locator"),
    *(f"clause__{name}" for name in IN_SECTION),
)
OF_PART = ("pk", "order", "grade")
DATES = ("planned_start", "planned_end")
NO_TEXT = Value("", TextField())
NO_COUNT = Cast(Value(None), PositiveSmallIntegerField())
NO_NUMBER = Cast(Value(None), DecimalField(**DIGITS))
NO_DAY = Cast(Value(None), DateField())
TASK, PROJECT = "task", "project"
Tasks = Sequence[tuple[TaskLine, Sequence[MeasureLine]]]
Projects = Sequence[tuple[ProjectLine, Sequence[ComponentLine]]]


def work_of(
    plan: Plan, places: bool = False, tokens: Tokens | None = None
) -> tuple[Tasks, Projects]:
    """All of it in order, in one query: a row for each measure and component, and one for what has
    none. `places`: whether the townships are wanted, for one more query. `tokens`: of the data,
    where it may be remembered; nobody changes it."""
    return remember(tokens or {}, ("work", plan.pk, places), lambda: _work_of(plan, places))


def _work_of(plan: Plan, places: bool) -> tuple[Tasks, Projects]:
    where = _places(plan) if places else {}
    read = {TASK: _with_measure, PROJECT: partial(_with_component, where)}
    found: dict[str, dict[int, Any]] = {TASK: {}, PROJECT: {}}
    for kind, *row in _WORK(plan=plan.pk):
        read[kind](found[kind], row)
    tasks, projects = (sorted(some.values(), key=_of_pair) for some in found.values())
    for _, parts in (*tasks, *projects):
        parts.sort(key=_in_order)
    return tasks, projects


# Both in one shape; what a table has no column for is a constant of the right type.


def _tasks(plan: int) -> QuerySet[Any]:
    return Task.objects.filter(plan=plan).order_by().values_list(
        Value(TASK, TextField()), *OF_WORK, *(f"measures__{name}" for name in OF_PART),
        "measures__text", Cast("measures__sentences", TextField()),
        NO_COUNT, NO_TEXT, NO_TEXT, NO_TEXT, NO_NUMBER, NO_DAY, NO_DAY,
    )  # fmt: skip


def _projects(plan: int) -> QuerySet[Any]:
    same = Project.objects.filter(related=OuterRef("pk"), box__isnull=False).order_by("order")
    return Project.objects.filter(plan=plan).order_by().values_list(
        Value(PROJECT, TextField()), *OF_WORK, *(f"components__{name}" for name in OF_PART),
        "components__name", Cast("components__sentences", TextField()),
        "box__number", "box__title", Subquery(same.values("code")[:1]),
        "components__measure", "components__planned", *(f"components__{day}" for day in DATES),
    )  # fmt: skip


_WORK = Prepared(lambda plan: _tasks(plan).union(_projects(plan), all=True))


def _with_measure(found: dict[int, Any], row: Sequence[Any]) -> None:
    if (kept := found.get(row[0])) is None:
        kept = found[row[0]] = TaskLine(*row[:6], _clause(row[6:13])), []
    if row[13] is not None:
        kept[1].append(MeasureLine(kept[0], *row[13:18]))


def _with_component(where: Mapping[int, Places], found: dict[int, Any], row: Sequence[Any]) -> None:
    if (kept := found.get(row[0])) is None:
        number, title, same = row[18:21]
        box = None if number is None else BoxLine(number, title)
        project = ProjectLine(*row[:6], _clause(row[6:13]), box, same or "")
        kept = found[row[0]] = project, []
    if row[13] is not None:
        kept[1].append(ComponentLine(kept[0], *row[13:18], *row[21:], where.get(row[13], NOWHERE)))


def _of_pair(pair: tuple[Any, object]) -> tuple[int, int]:
    return _in_order(pair[0])


def _in_order(one: Any) -> tuple[int, int]:
    return one.order, one.pk


def _clause(row: Sequence[Any]) -> ClauseLine:
    pk, locator, *section = row
    return ClauseLine(pk, locator, section_of(section))


def section_of(row: Sequence[Any]) -> SectionLine | None:
    """Of the columns IN_SECTION."""
    pk, number, title, chapter, chapter_title = row
    if pk is None:
        return None
    return SectionLine(pk, number, title, ChapterLine(chapter, chapter_title))


_PLACES = Prepared(
    lambda plan: (
        Component.townships.through.objects.filter(component__project__plan=plan)
        .order_by()
        .values_list("component_id", "unit__order", "unit__code", "unit__name")
    )
)


def _places(plan: Plan) -> Mapping[int, Places]:
    """By component."""
    found: dict[int, list[PlaceLine]] = {}
    for component, *unit in _PLACES(plan=plan.pk):
        found.setdefault(component, []).append(PlaceLine(*unit))
    return {component: Places(sorted(units)) for component, units in found.items()}


class Links(NamedTuple):
    """Of tasks and projects, by kind and id: who leads it in the year; ids of the indicators it
    serves."""

    leads: Mapping[str, Mapping[int, Lead]]
    served: Mapping[str, Mapping[int, Sequence[int]]]


def links_of(
    plan: Plan, year: int, indicators: bool = False, tokens: Tokens | None = None
) -> Links:
    """One query. `indicators`: whether those that are served are wanted. `tokens`: as above."""
    name = ("links", plan.pk, year, indicators)
    return remember(tokens or {}, name, lambda: _links_of(plan, year, indicators))


def _links_of(plan: Plan, year: int, indicators: bool) -> Links:
    leads: dict[str, dict[int, Lead]] = {TASK: {}, PROJECT: {}}
    served: dict[str, dict[int, list[int]]] = {TASK: {}, PROJECT: {}}
    rows = _LINKS(*(["indicators"] if indicators else []), plan=plan.pk, year=year)
    for kind, work, place, pk, *lead in sorted(rows, key=_oldest_first):
        if pk is None:
            served[kind].setdefault(work, []).append(place)
        else:
            leads[kind][work] = _lead(*lead)
    return Links(leads, served)


def _oldest_first(row: Sequence[Any]) -> tuple[int, int]:
    return row[2], row[3] or 0


def _lead(said: str, usual: str, is_assumed: bool, *unit: Any) -> Lead:
    return Lead(UnitLine(*unit), said or usual, is_assumed)


def _links(*wanted: str, plan: int, year: int) -> QuerySet[Any]:
    """Assignments by year and id; indicators by their id, without any."""
    unit = ("unit_id", "unit__order", "unit__code", "unit__name")
    said = ("effective_year", "pk", "supervisor", "unit__supervisor", "is_assumed", *unit)
    of_plan = Q(task__plan=plan) | Q(project__plan=plan)
    rows = Assignment.objects.filter(of_plan, effective_year__lte=year).order_by()
    kind = Case(When(task=None, then=Value(PROJECT)), default=Value(TASK))
    leads = rows.values_list(kind, Coalesce("task_id", "project_id"), *said)
    if not wanted:
        return leads
    empty = (NO_COUNT, NO_TEXT, NO_TEXT, Value(False), NO_COUNT, NO_COUNT, NO_TEXT, NO_TEXT)
    served = (
        of.through.objects.filter(**{f"{name}__plan": plan})
        .order_by()
        .values_list(Value(name, TextField()), f"{name}_id", "indicator_id", *empty)
        for name, of in ((TASK, Task.indicators), (PROJECT, Project.indicators))
    )
    return leads.union(*served, all=True)


_LINKS = Prepared(_links)
