"""All that the page of one task shows, as dataclasses; the template only prints."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import FilteredRelation
from django.http import Http404

from indicators import judging
from indicators.models import Evidence
from plans.remembered import remember
from plans.versions import Tokens
from programs import rollup
from programs.content import MeasureContent, TaskContent
from programs.models import Grade, Measure, Task, WorkStatus
from programs.standing import NOT_REPORTED, TaskStanding
from reports import links
from reports.choice import Choice
from reports.hands import with_hands
from reports.links import Link, Links
from reports.proofs import files_of_progress
from reports.summary import Row, row_on
from reports.told import COMPONENT, TASK, Told, of_year, told_of_task


@dataclass(frozen=True)
class State:
    """One status of something, to be printed as a badge."""

    label: str
    badge: str


class YearState(NamedTuple):
    year: int
    label: str
    badge: str


@dataclass(frozen=True)
class MeasureLine:
    """`states`: one for each year shown, with it."""

    measure: Measure
    content: MeasureContent
    states: Sequence[YearState]


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


def describe_task(
    choice: Choice, code: str, scope: frozenset[int] | None, tokens: Tokens
) -> TaskDetail:
    """Raises 404 for a code the plan does not have. `scope`: units whose published evidence is
    shown, None for all. `tokens`: of the data, where what the plan lays down is remembered."""
    name = ("task", choice.plan.pk, code)
    task, measures, linked = remember(tokens, name, lambda: _laid_down(choice, code))
    rows = told_of_task(choice, task.pk)
    own = with_hands([row for row in rows if row.kind == TASK], scope)
    now = of_year(rows, choice.year)
    standing = _standing(task, now.get((TASK, task.pk)), len(measures))
    years = range(choice.plan.start_year, choice.year + 1)
    return TaskDetail(
        standing=standing,
        years=years,
        lead=lead_in(linked, choice.year),
        helpers=[one.first for one in linked[links.HELPER]],
        measures=_measures(measures, own, years),
        indicators=indicator_rows(choice, linked, tokens),
        projects=_projects(linked, now),
        history=own,
        leads=list(reversed(linked[links.LEAD])),
        files=files_of(choice, own, scope, tokens),
    )


def _laid_down(choice: Choice, code: str) -> tuple[Task, list[Measure], Links]:
    task, measures = _task(choice, code)
    return task, measures, links.links_of_task(task)


def files_of(
    choice: Choice, rows: Iterable[Told], scope: frozenset[int] | None, tokens: Tokens
) -> list[Evidence]:
    """Published files of what was told."""
    keys = tuple(sorted(one.key for one in rows))
    name = ("files", choice.plan.pk, keys, scope)
    return remember(tokens, name, lambda: files_of_progress(choice.plan, keys, scope))


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


def indicator_rows(choice: Choice, linked: Links, tokens: Tokens) -> list[Row]:
    """Judged like everywhere; nothing is asked where none is linked."""
    wanted = {one.pk for one in linked[links.INDICATOR]}
    if not wanted:
        return []
    laid = judging.laid_down(choice.plan, choice.year, tokens)
    found = judging.standings_on(laid, choice.layer, choice.visible)
    shown = (one for one in found if one.indicator.pk in wanted)
    return [row_on(laid, one, None, {}, tokens) for one in shown]


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
    return State(*_state(status))


def _state(status: str) -> tuple[str, str]:
    return (WorkStatus(status).label, status) if status else (NOT_REPORTED, "not_reported")


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
            [YearState(year, *_state(_of(by_year.get(year), one).status)) for year in years],
        )
        for one in measures
    ]


def _of(content: TaskContent | None, measure: Measure) -> MeasureContent:
    states = content.measures if content else {}
    return states.get(measure.pk, MeasureContent())
