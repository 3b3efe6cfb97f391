"""All that the page of one task shows, as dataclasses; the template only prints."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import FilteredRelation
from django.http import Http404

from indicators import judging
from indicators.models import Evidence
from programs import rollup
from programs.content import MeasureContent, TaskContent
from programs.models import ComponentProgress, Grade, Measure, Task, TaskProgress, WorkStatus
from programs.standing import NOT_REPORTED, TaskStanding
from reports import links
from reports.choice import Choice
from reports.links import Link, Links
from reports.proofs import files_of_progress
from reports.summary import Row, row_of
from reports.told import COMPONENT, TASK, Told, of_year, rows_of_year, told


@dataclass(frozen=True)
class State:
    """One status of something, to be printed as a badge."""

    label: str
    badge: str


BLANK = State(NOT_REPORTED, "not_reported")


@dataclass(frozen=True)
class MeasureLine:
    """`states`: one for each year shown."""

    measure: Measure
    content: MeasureContent
    states: Sequence[State]


@dataclass(frozen=True)
class Linked:
    """Another task or project and how it stands in the year."""

    code: str
    name: str
    state: State


@dataclass(frozen=True)
class TaskDetail:
    """One task in one year, with all of its years."""

    standing: TaskStanding
    years: Sequence[int]
    lead: Link | None
    helpers: Sequence[str]
    measures: Sequence[MeasureLine]
    indicators: Sequence[Row]
    projects: Sequence[Linked]
    history: Sequence[Told]
    leads: Sequence[Link]
    files: Sequence[Evidence] = field(repr=False, default=())

    @property
    def task(self) -> Task:
        return self.standing.task


def describe_task(choice: Choice, code: str, files_of: frozenset[int] | None) -> TaskDetail:
    """Raises 404 for a code the plan does not have. `files_of`: units whose published evidence is
    shown, None for all."""
    task, measures = _task(choice, code)
    linked = links.links_of_task(task)
    parts = ComponentProgress.objects.filter(component__project__tasks=task)
    rows = told(choice, TaskProgress.objects.filter(task=task), rows_of_year(parts, choice.year))
    own = [row for row in rows if row.kind == TASK]
    now = of_year(rows, choice.year)
    standing = _standing(task, now.get((TASK, task.pk)), len(measures))
    years = range(choice.plan.start_year, choice.year + 1)
    return TaskDetail(
        standing=standing,
        years=years,
        lead=lead_in(linked, choice.year),
        helpers=[one.first for one in linked[links.HELPER]],
        measures=_measures(measures, own, years),
        indicators=indicator_rows(choice, linked),
        projects=_projects(linked, now),
        history=own,
        leads=list(reversed(linked[links.LEAD])),
        files=files_of_progress(choice.plan, [one.key for one in own], files_of),
    )


def _task(choice: Choice, code: str) -> tuple[Task, list[Measure]]:
    """With its measures, in one query."""
    rows: Any = choice.plan.tasks.filter(code=code).annotate(part=FilteredRelation("measures"))
    rows = rows.select_related("clause__section__chapter", "clause__box", "part")
    found = list(rows.order_by("part__order"))
    if not found:
        raise Http404
    return found[0], [part for row in found if (part := getattr(row, "part", None))]


def _standing(task: Task, row: Told | None, measures: int) -> TaskStanding:
    if row is None:
        return TaskStanding(task, None, measures=measures)
    return TaskStanding(task, None, row.content, row.round, row.row_id, measures)


def lead_in(linked: Links, year: int) -> Link | None:
    known = (one for one in reversed(linked[links.LEAD]) if one.place <= year)
    return next(known, None)


def indicator_rows(choice: Choice, linked: Links) -> list[Row]:
    """Judged like everywhere; nothing is asked where none is linked."""
    wanted = {one.pk for one in linked[links.INDICATOR]}
    if not wanted:
        return []
    found = judging.standings(choice.plan, choice.year, choice.layer, choice.visible)
    return [row_of(one) for one in found if one.indicator.pk in wanted]


def _projects(linked: Links, now: dict[tuple[str, int], Told]) -> list[Linked]:
    firm: dict[int, list[str]] = defaultdict(list)
    sought: dict[int, list[str]] = defaultdict(list)
    for part in linked[links.PART]:
        row = now.get((COMPONENT, part.pk))
        states = sought if part.first == Grade.SEEK else firm
        states[part.place].append(row.content.status if row else "")
    return [
        Linked(one.first, one.second, state_of(rollup.project_status(firm[one.pk], sought[one.pk])))
        for one in linked[links.PROJECT]
    ]


def state_of(status: str) -> State:
    return State(WorkStatus(status).label, status) if status else BLANK


def _measures(
    measures: Iterable[Measure], own: Sequence[Told], years: Sequence[int]
) -> list[MeasureLine]:
    """What the newest round of each year says of each measure."""
    by_year: dict[int, TaskContent] = {}
    for row in own:
        by_year.setdefault(row.round.year, row.content)
    return [
        MeasureLine(
            one,
            _of(by_year.get(years[-1]), one) if years else MeasureContent(),
            [state_of(_of(by_year.get(year), one).status) for year in years],
        )
        for one in measures
    ]


def _of(content: TaskContent | None, measure: Measure) -> MeasureContent:
    states = content.measures if content else {}
    return states.get(measure.pk, MeasureContent())
