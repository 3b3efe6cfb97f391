"""规划全文: the plan from its first to its last clause, and what became of each.

Hangs what other pages show one by one on the clauses; judges nothing itself."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, TypeVar

from indicators import judging
from plans.models import Box, Clause, Section
from plans.numerals import write_numeral
from programs import standing
from programs.models import WorkStatus
from programs.standing import ProjectStanding, TaskStanding
from reports.choice import Choice
from reports.summary import Row, row_of

One = TypeVar("One")
BARE, LATE = "bare", "late"


@dataclass(frozen=True)
class Entry:
    """One clause with all that carries it out."""

    clause: Clause
    indicators: Sequence[Row] = ()
    tasks: Sequence[TaskStanding] = ()
    projects: Sequence[ProjectStanding] = ()

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
            or any(task.status == WorkStatus.BEHIND for task in self.tasks)
            or any(project.is_late for project in self.projects)
        )

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


def _entries(choice: Choice) -> list[Entry]:
    """Every clause in its order; eight queries, however many there are."""
    plan, year = choice.plan, choice.year
    works = standing.works(plan, year, choice.layer, choice.scope, choice.rounds, places=False)
    standings = judging.standings(plan, year, choice.layer, choice.visible)
    tasks = _by_clause(works.tasks, lambda one: one.task.clause_id)
    projects = _by_clause(works.projects, lambda one: one.project.clause_id)
    judged = _by_clause(standings, lambda one: one.indicator.clause_id)
    return [
        Entry(
            clause,
            tuple(row_of(one) for one in judged[clause.pk]),
            tasks[clause.pk],
            projects[clause.pk],
        )
        for clause in plan.clauses.select_related("section__chapter", "box").order_by("order")
    ]


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
