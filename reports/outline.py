"""规划全文: the plan from its first to its last clause, and what became of each.

Hangs what other pages show one by one on the clauses; judges nothing itself."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple, TypeVar

from indicators import judging
from indicators.coverage import address
from plans.models import Clause, Plan, Section
from plans.numerals import write_numeral
from plans.remembered import remember
from plans.versions import Tokens
from programs import laid_out, standing
from programs.laid_out import BoxLine, SectionLine
from programs.standing import ProjectStanding, TaskStanding, Works
from reports.choice import Choice
from reports.sentences import Sentence, names_in, project_said, sentences_of
from reports.summary import Row, row_on

One = TypeVar("One")
BARE, LATE = "bare", "late"


class ClauseText(NamedTuple):
    """A clause with what this page reads of it; named as the model's fields. `sentences`: how
    many."""

    pk: int
    order: int
    locator: str
    summary: str
    sentences: int
    reason: str
    wording: str
    section: SectionLine | None
    box: BoxLine | None


@dataclass(frozen=True)
class Entry:
    """One clause with all that carries it out. `linked`: indicators of other clauses that its
    numbers name or that its tasks and projects serve; `serving`: tasks of other clauses that serve
    its own indicators."""

    clause: ClauseText
    indicators: Sequence[Row] = ()
    tasks: Sequence[TaskStanding] = ()
    projects: Sequence[ProjectStanding] = ()
    linked: Sequence[Row] = ()
    serving: Sequence[TaskStanding] = ()

    @property
    def anchor(self) -> str:
        return anchor(self.clause)

    @property
    def is_bare(self) -> bool:
        """Nothing carries it out, and nothing says why."""
        return not (self.indicators or self.tasks or self.projects or self.clause.reason)

    @cached_property
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

    @cached_property
    def sentences(self) -> list[Sentence]:
        return sentences_of(self.clause, self.tasks, self.projects)

    @property
    def has_parts(self) -> bool:
        return any(one.parts for one in self.sentences)

    def fits(self, only: str) -> bool:
        return {BARE: self.is_bare, LATE: self.is_late}.get(only, True)


@dataclass(frozen=True)
class Block:
    """Clauses that follow each other, of one 专栏 or of none (`box` None)."""

    box: Any
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


def anchor(clause: Clause | ClauseText) -> str:
    """Of the clause on this page and on the coverage page."""
    return f"c{clause.pk}"


def outline(choice: Choice, only: str = "", tokens: Tokens | None = None) -> Outline:
    """`tokens`: of the data, where what the plan lays down may be remembered."""
    entries = _entries(choice, tokens or {})
    chosen = only if only in (BARE, LATE) else ""
    contents = chapters_of(entries)
    shown = chapters_of([entry for entry in entries if entry.fits(chosen)]) if chosen else contents
    return Outline(contents, shown, chosen)


Served = Mapping[str, Mapping[int, Sequence[int]]]


@dataclass(frozen=True)
class Material:
    """All that hangs on the clauses, each by the id of its clause; `rows` of the indicators by id,
    `ids` by name (“指标 8”); `served`: indicators by kind and id of the work."""

    tasks: Mapping[int | None, list[TaskStanding]]
    projects: Mapping[int | None, list[ProjectStanding]]
    own: Mapping[int | None, list[int]]
    rows: Mapping[int, Row]
    ids: Mapping[str, int]
    served: Served
    serving: Mapping[int, list[TaskStanding]]


def _entries(choice: Choice, tokens: Tokens) -> list[Entry]:
    """Every clause in its order; seven queries, however many there are."""
    plan, year = choice.plan, choice.year
    links = laid_out.links_of(plan, year, indicators=True, tokens=tokens)
    shown = (choice.layer, choice.scope, choice.rounds)
    works = standing.works(plan, year, *shown, places=False, leads=links.leads, tokens=tokens)
    laid = judging.laid_down(plan, year, tokens)
    judged = judging.standings_on(laid, choice.layer, choice.visible)
    rows = {one.indicator.pk: row_on(laid, one, None, {}, tokens) for one in judged}
    material = _material(works, judged, rows, links.served)
    clauses = remember(tokens, ("clauses", plan.pk), lambda: _clauses(plan))
    return [_entry(clause, names, material) for clause, names in clauses]


OF_CLAUSE = ("pk", "order", "locator", "summary", "sentences", "reason", "wording")


def _clauses(plan: Plan) -> list[tuple[ClauseText, list[str]]]:
    """Every clause with what its numbers are said to be represented by, in one query: a row for
    each number; a clause without any has a row without it."""
    box = ("box__number", "box__title")
    number = ("numbers__order", "numbers__represented_by")
    rows = plan.clauses.order_by().values_list(*OF_CLAUSE, *laid_out.IN_SECTION, *box, *number)
    found: dict[int, tuple[ClauseText, list[str]]] = {}
    for row in sorted(rows, key=lambda row: (row[1], row[0], row[14] or 0)):
        if (kept := found.get(row[0])) is None:
            kept = found[row[0]] = _clause(row), []
        kept[1].extend(names_in(row[15] or ""))
    return list(found.values())


def _clause(row: Sequence[Any]) -> ClauseText:
    number, title = row[12:14]
    box = None if number is None else BoxLine(number, title)
    return ClauseText(*row[:7], laid_out.section_of(row[7:12]), box)


def _material(
    works: Works,
    judged: Sequence[judging.Standing],
    rows: Mapping[int, Row],
    served: Served,
) -> Material:
    serving: dict[int, list[TaskStanding]] = defaultdict(list)
    for task in works.tasks:
        for pk in served[laid_out.TASK].get(task.task.pk, ()):
            serving[pk].append(task)
    own = _by_clause(judged, lambda one: one.indicator.clause_id)
    return Material(
        _by_clause(works.tasks, lambda one: one.task.clause_id),
        _by_clause(works.projects, lambda one: one.project.clause_id),
        {clause: [one.indicator.pk for one in some] for clause, some in own.items()},
        rows,
        {address(one.indicator): one.indicator.pk for one in judged},
        served,
        serving,
    )


def _entry(clause: ClauseText, names: Iterable[str], material: Material) -> Entry:
    tasks, projects = material.tasks.get(clause.pk, []), material.projects.get(clause.pk, [])
    own = material.own.get(clause.pk, [])
    of_tasks, of_projects = material.served[laid_out.TASK], material.served[laid_out.PROJECT]
    named = [material.ids[name] for name in names if name in material.ids]
    served = [pk for one in tasks for pk in of_tasks.get(one.task.pk, ())]
    served += [pk for one in projects for pk in of_projects.get(one.project.pk, ())]
    linked = [pk for pk in dict.fromkeys([*named, *served]) if pk not in own]
    serving = {one.task.pk: one for pk in own for one in material.serving.get(pk, ())}
    return Entry(
        clause,
        [material.rows[pk] for pk in own],
        tasks,
        projects,
        [material.rows[pk] for pk in linked if pk in material.rows],
        [one for one in serving.values() if one.task.clause_id != clause.pk],
    )


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


def chapter_of(section: Section | SectionLine | None) -> tuple[int, str]:
    if section is None:
        return 0, "前言"
    chapter = section.chapter
    return chapter.number, f"第{write_numeral(chapter.number)}章　{chapter.title}"


def section_name(section: Section | SectionLine | None) -> str:
    """“第一节　发展基础”; empty for what stands before the first chapter."""
    return f"第{write_numeral(section.number)}节　{section.title}" if section else ""
