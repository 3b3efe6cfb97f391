"""规划全文: the plan from its first to its last clause, and what became of each.

Hangs what other pages show one by one on the clauses; judges nothing itself."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeVar

from django.db.models import FilteredRelation

from indicators import judging
from indicators.coverage import address
from plans.models import Box, Clause, Plan, Section
from plans.numerals import write_numeral
from programs import standing
from programs.coverage import ClauseCoverage
from programs.standing import ProjectStanding, TaskStanding, Works, indicators_of
from reports.choice import Choice
from reports.sentences import (
    Became,
    Sentence,
    components_became,
    measures_became,
    names_in,
    project_said,
    sentences_of,
)
from reports.summary import Row, row_of

One = TypeVar("One")
BARE, LATE = "bare", "late"


@dataclass(frozen=True)
class Entry:
    """One clause with all that carries it out. `linked`: indicators of other clauses that its
    numbers name or that its tasks and projects serve; `serving`: tasks of other clauses that serve
    its own indicators."""

    clause: Clause
    indicators: Sequence[Row] = ()
    tasks: Sequence[TaskStanding] = ()
    projects: Sequence[ProjectStanding] = ()
    sentences: Sequence[Sentence] = ()
    linked: Sequence[Row] = ()
    serving: Sequence[TaskStanding] = ()

    @property
    def anchor(self) -> str:
        return anchor(self.clause)

    @property
    def is_bare(self) -> bool:
        """Nothing carries it out, and nothing says why."""
        return not (self.indicators or self.tasks or self.projects or self.clause.reason)

    @property
    def is_late(self) -> bool:
        return (
            any(row.is_behind for row in self.indicators)
            or any(task.is_late for task in self.tasks)
            or any(project.is_late for project in self.projects)
        )

    @property
    def project_lines(self) -> list[tuple[ProjectStanding, str]]:
        """Each with how far it is, in short."""
        return [(one, project_said(one)) for one in self.projects]

    @property
    def has_parts(self) -> bool:
        return any(one.parts for one in self.sentences)

    def fits(self, only: str) -> bool:
        return {BARE: self.is_bare, LATE: self.is_late}.get(only, True)


@dataclass(frozen=True)
class Block:
    """Clauses that follow each other, of one 专栏 or of none."""

    box: Box | None
    entries: Sequence[Any]


@dataclass(frozen=True)
class SectionPart:
    name: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class ChapterPart:
    """`number` is 0 for what stands before the first chapter."""

    number: int
    name: str
    sections: Sequence[SectionPart]

    @property
    def entries(self) -> list[Any]:
        return [e for section in self.sections for block in section.blocks for e in block.entries]

    @property
    def late(self) -> int:
        return sum(entry.is_late for entry in self.entries)

    @property
    def bare(self) -> int:
        return sum(entry.is_bare for entry in self.entries)


@dataclass(frozen=True)
class Outline:
    """`chapters`: those with something to show; `contents`: all of them; `only`: the filter."""

    contents: Sequence[ChapterPart]
    chapters: Sequence[ChapterPart]
    only: str = ""

    @property
    def clauses(self) -> int:
        return sum(len(chapter.entries) for chapter in self.contents)

    @property
    def late(self) -> int:
        return sum(chapter.late for chapter in self.contents)

    @property
    def bare(self) -> int:
        return sum(chapter.bare for chapter in self.contents)

    @property
    def has_wording(self) -> bool:
        return any(entry.clause.wording for part in self.contents for entry in part.entries)


def anchor(clause: Clause) -> str:
    """Of the clause on this page and on the coverage page."""
    return f"c{clause.pk}"


def outline(choice: Choice, only: str = "") -> Outline:
    entries = _entries(choice)
    chosen = only if only in (BARE, LATE) else ""
    contents = chapters_of(entries)
    shown = chapters_of([entry for entry in entries if entry.fits(chosen)]) if chosen else contents
    return Outline(contents, shown, chosen)


@dataclass(frozen=True)
class Material:
    """All that hangs on the clauses, each by the id of its clause; `rows` of the indicators by id
    and by name (“指标 8”); `became` by name."""

    tasks: Mapping[int | None, list[TaskStanding]]
    projects: Mapping[int | None, list[ProjectStanding]]
    judged: Mapping[int | None, list[judging.Standing]]
    rows: Mapping[int, Row]
    ids: Mapping[str, int]
    became: Mapping[str, Became]
    serving: Mapping[int, list[TaskStanding]]


def _entries(choice: Choice) -> list[Entry]:
    """Every clause in its order; eight queries, however many there are."""
    plan, year = choice.plan, choice.year
    works = standing.works(plan, year, choice.layer, choice.scope, choice.rounds, places=False)
    judged = judging.standings(plan, year, choice.layer, choice.visible)
    material = _material(works, judged)
    return [_entry(clause, names, material) for clause, names in _clauses(plan)]


def _clauses(plan: Plan) -> list[tuple[Clause, list[str]]]:
    """Every clause with what its numbers are said to be represented by, in one query: a row for
    each number, in `part`; a clause without any has a row without it."""
    rows = plan.clauses.annotate(part=FilteredRelation("numbers"))
    rows = rows.select_related("section__chapter", "box", "part").order_by(
        "order", "pk", "part__order"
    )
    found: dict[int, tuple[Clause, list[str]]] = {}
    for row in rows:
        _, names = found.setdefault(row.pk, (row, []))
        if (number := getattr(row, "part", None)) is not None:
            names += names_in(number.represented_by)
    return list(found.values())


def _material(works: Works, judged: Sequence[judging.Standing]) -> Material:
    serving: dict[int, list[TaskStanding]] = defaultdict(list)
    for task in works.tasks:
        for pk in indicators_of(task.task):
            serving[pk].append(task)
    parts = [one for task in works.tasks for one in measures_became(task)]
    parts += [one for project in works.projects for one in components_became(project)]
    return Material(
        _by_clause(works.tasks, lambda one: one.task.clause_id),
        _by_clause(works.projects, lambda one: one.project.clause_id),
        _by_clause(judged, lambda one: one.indicator.clause_id),
        {one.indicator.pk: row_of(one) for one in judged},
        {address(one.indicator): one.indicator.pk for one in judged},
        {one.name: one for one in parts},
        serving,
    )


def _entry(clause: Clause, names: Iterable[str], material: Material) -> Entry:
    tasks, projects = material.tasks[clause.pk], material.projects[clause.pk]
    own = [one.indicator.pk for one in material.judged[clause.pk]]
    named = [material.ids[name] for name in names if name in material.ids]
    served = [pk for one in tasks for pk in indicators_of(one.task)]
    served += [pk for one in projects for pk in indicators_of(one.project)]
    linked = [pk for pk in dict.fromkeys([*named, *served]) if pk not in own]
    serving = {one.task.pk: one for pk in own for one in material.serving.get(pk, ())}
    return Entry(
        clause,
        [material.rows[pk] for pk in own],
        tasks,
        projects,
        sentences_of(_coverage(clause, tasks, projects), material.became),
        [material.rows[pk] for pk in linked if pk in material.rows],
        [one for one in serving.values() if one.task.clause_id != clause.pk],
    )


def _coverage(
    clause: Clause, tasks: Iterable[TaskStanding], projects: Iterable[ProjectStanding]
) -> ClauseCoverage:
    measures = [part for one in tasks for part in one.parts]
    components = [part.component for one in projects for part in one.components]
    return ClauseCoverage(clause, measures=measures, components=components)


def _by_clause(
    things: Iterable[One], clause_of: Callable[[One], int | None]
) -> Mapping[int | None, list[One]]:
    found: dict[int | None, list[One]] = defaultdict(list)
    for one in things:
        found[clause_of(one)].append(one)
    return found


def chapters_of(entries: Iterable[Any]) -> list[ChapterPart]:
    """Whatever has a `clause` under the headings, in the order of the text."""
    found: list[ChapterPart] = []
    for section, some in groupby(entries, key=lambda entry: entry.clause.section):
        number, name = chapter_of(section)
        part = SectionPart(section_name(section), _blocks(some))
        if found and found[-1].number == number:
            found[-1] = replace(found[-1], sections=[*found[-1].sections, part])
        else:
            found.append(ChapterPart(number, name, [part]))
    return found


def _blocks(entries: Iterable[Any]) -> list[Block]:
    parts = groupby(entries, key=lambda entry: entry.clause.box)
    return [Block(box, list(some)) for box, some in parts]


def chapter_of(section: Section | None) -> tuple[int, str]:
    if section is None:
        return 0, "前言"
    chapter = section.chapter
    return chapter.number, f"第{write_numeral(chapter.number)}章　{chapter.title}"


def section_name(section: Section | None) -> str:
    """“第一节　发展基础”; empty for what stands before the first chapter."""
    return f"第{write_numeral(section.number)}节　{section.title}" if section else ""
