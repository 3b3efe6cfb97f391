"""All that the page of one project shows, as dataclasses; the template only prints."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.db.models import FilteredRelation
from django.http import Http404

from indicators.models import Evidence, Round
from organization.models import Unit
from plans.remembered import remember
from plans.versions import Tokens
from programs import form, rollup
from programs.models import (
    Component,
    Project,
    Source,
    Stage,
)
from programs.standing import ComponentStanding, ProjectStanding
from reports import links
from reports.choice import Choice
from reports.hands import with_hands
from reports.links import Link, Links
from reports.sources import Hands
from reports.summary import Row
from reports.task_page import Linked, files_of, indicator_rows, lead_in, state_of
from reports.told import COMPONENT, TASK, Told, before_said, of_year, told_of_project
from reports.work_rows import ComponentRow, Money, component_row, money_of


@dataclass(frozen=True)
class Step:
    """One stage of 形象进度; `state` is past, now or ahead."""

    label: str
    state: str


@dataclass(frozen=True)
class Part:
    """One component in the chosen year; `steps` only where something is built."""

    row: ComponentRow
    standing: ComponentStanding
    steps: Sequence[Step]

    @property
    def component(self) -> Component:
        return self.standing.component


@dataclass(frozen=True)
class MoneyLine:
    label: str
    money: Money


@dataclass(frozen=True)
class Moment:
    """What one component said in one round; `said` in short. `before`: what was published in its
    place until a 更正."""

    name: str
    told: Told
    said: str
    before: Sequence[str] = ()


@dataclass(frozen=True)
class RoundOf:
    """One round in the history: who said what, with its pictures."""

    round: Round
    moments: Sequence[Moment]
    pictures: Sequence[Evidence]

    @property
    def is_published(self) -> bool:
        return all(one.told.is_published for one in self.moments)

    @property
    def hands(self) -> Hands | None:
        """All components are in the return of who leads the project."""
        return next((one.told.hands for one in self.moments if one.told.hands), None)


@dataclass(frozen=True)
class ProjectDetail:
    """One project in one year, with all of its years. `same`: projects that overlap with it."""

    standing: ProjectStanding
    year: int
    lead: Link | None
    leads: Sequence[Link]
    helpers: Sequence[str]
    parts: Sequence[Part]
    sources: Sequence[MoneyLine]
    by_part: Sequence[MoneyLine]
    total: Money
    tasks: Sequence[Linked]
    indicators: Sequence[Row]
    same: Sequence[Link]
    history: Sequence[RoundOf]
    files: Sequence[Evidence] = field(repr=False, default=())

    @property
    def project(self) -> Project:
        return self.standing.project

    @property
    def is_whole(self) -> bool:
        """In one piece: its only component is the project itself."""
        return len(self.parts) == 1


def describe_project(
    choice: Choice, code: str, scope: frozenset[int] | None, tokens: Tokens
) -> ProjectDetail:
    """Raises 404 for a code the plan does not have. `scope`: units whose published evidence is
    shown, None for all. `tokens`: of the data, where what the plan lays down is remembered."""
    name = ("project", choice.plan.pk, code)
    project, components, linked = remember(tokens, name, lambda: _laid_down(choice, code))
    rows = told_of_project(choice, project.pk)
    now = of_year(rows, choice.year)
    own = with_hands([row for row in rows if row.kind == COMPONENT], scope)
    files = files_of(choice, own, scope, tokens)
    standing = _standing(project, components, linked[links.RELATED], now)
    contents = [one.content for one in standing.components]
    return ProjectDetail(
        standing=standing,
        year=choice.year,
        lead=lead_in(linked, choice.year),
        leads=list(reversed(linked[links.LEAD])),
        helpers=[one.first for one in linked[links.HELPER]],
        parts=[_part(standing, one, linked[links.TOWN]) for one in standing.components],
        sources=[
            MoneyLine(Source(key).label, money_of(one))
            for key, one in rollup.money_by_source(contents).items()
        ],
        by_part=_by_part(standing),
        total=money_of(standing.money),
        tasks=[_linked(one, now.get((TASK, one.pk))) for one in linked[links.TASK]],
        indicators=indicator_rows(choice, linked, tokens),
        same=linked[links.RELATED],
        history=_history(own, components, files),
        files=files,
    )


def _laid_down(choice: Choice, code: str) -> tuple[Project, list[Component], Links]:
    project, components = _project(choice, code)
    return project, components, links.links_of_project(project)


def _project(choice: Choice, code: str) -> tuple[Project, list[Component]]:
    """With its components, in one query."""
    rows: Any = choice.plan.projects.filter(code=code).annotate(part=FilteredRelation("components"))
    rows = rows.select_related("clause__section__chapter", "clause__box", "box", "part")
    found = list(rows.order_by("part__order"))
    if not found:
        raise Http404
    components = [part for row in found if (part := getattr(row, "part", None))]
    for one in components:
        one.project = found[0]
    return found[0], components


def _standing(
    project: Project,
    components: Iterable[Component],
    related: Sequence[Link],
    now: dict[tuple[str, int], Told],
) -> ProjectStanding:
    boxed = [one.first for one in related if one.flag]
    counted_in = boxed[0] if project.box_id is None and boxed else ""
    parts = [_component(one, now.get((COMPONENT, one.pk))) for one in components]
    return ProjectStanding(project, None, parts, counted_in)


def _component(component: Component, row: Told | None) -> ComponentStanding:
    if row is None:
        return ComponentStanding(component)
    return ComponentStanding(component, row.content, row.round, row.row_id)


def _part(project: ProjectStanding, one: ComponentStanding, towns: Iterable[Link]) -> Part:
    places = [
        Unit(name=town.first, code=town.second, order=int(town.third))
        for town in towns
        if town.place == one.component.pk
    ]
    steps = _steps(one) if project.project.has_stages else ()
    return Part(component_row(project, one, places), one, steps)


def _steps(one: ComponentStanding) -> list[Step]:
    stages = [stage for stage in Stage if stage]
    reached = stages.index(Stage(one.content.stage)) if one.content and one.content.stage else -1
    return [
        Step(stage.label, "past" if place < reached else "now" if place == reached else "ahead")
        for place, stage in enumerate(stages)
    ]


def _by_part(standing: ProjectStanding) -> list[MoneyLine]:
    """Only where several components have money."""
    lines = [
        MoneyLine(one.component.name, money_of(rollup.money([one.content])))
        for one in standing.components
    ]
    told_of = [line for line in lines if not line.money.is_blank]
    return told_of if len(told_of) > 1 else []


def _linked(one: Link, row: Told | None) -> Linked:
    return Linked(one.first, one.second, state_of(row.content.status if row else ""))


def _moment(row: Told, component: Component) -> Moment:
    said = form.component_said(row.content, component)
    before = [
        before_said(one, form.component_said(one, component), row.content) for one in row.before
    ]
    return Moment(component.name, row, said, before)


def _history(
    rows: Iterable[Told], components: Sequence[Component], files: Iterable[Evidence]
) -> list[RoundOf]:
    """The newest round first; inside, the components in their order."""
    by_id = {one.pk: one for one in components}
    place = {one.pk: number for number, one in enumerate(components)}
    pictures: dict[int, list[Evidence]] = {}
    for file in files:
        if file.is_image:
            pictures.setdefault(file.annual_return.round_id, []).append(file)
    return [
        RoundOf(
            rnd,
            [_moment(row, by_id[row.of]) for row in sorted(some, key=lambda row: place[row.of])],
            pictures.get(rnd.pk, []),
        )
        for rnd, some in groupby(rows, key=lambda row: row.round)
    ]
