"""One year of the work: the waist for tasks and projects, beside `summary.py` for the numbers.

Dashboard, Excel, Word and API print what stands here. Two rules hold everywhere (`domain.md` §2):
what the plan only seeks (争取) is tallied apart, and a project named outside of the boxes that is
the same as one of a 专栏 is shown but counted once, there. Sums run over whole `Number`s: exact
Decimals in 万元."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import Any

from indicators.models import Layer, Round
from plans.models import Plan
from plans.numerals import write_numeral
from plans.remembered import remember
from plans.versions import Tokens
from programs import rollup, standing
from programs.models import Grade, Source, Stage
from programs.standing import NOT_REPORTED, ProjectStanding, TaskStanding, Works
from reports.work_counts import (
    GradeLine,
    Group,
    Standing,
    added_lines,
    grade_lines,
    group,
    project_sentence,
    task_sentence,
    together,
    work_of,
)
from reports.work_rows import (
    NO_UNIT,
    ComponentRow,
    Late,
    Money,
    TaskRow,
    component_rows,
    late_of,
    money_of,
    task_row,
)

OUTSIDE = "专栏外的项目"
Some = Sequence[Any]


@dataclass(frozen=True)
class SourceMoney:
    """`key`: of the source, or "sought" for the part of the total that is only sought."""

    key: str
    label: str
    money: Money


@dataclass(frozen=True)
class StageCount:
    """Components of construction projects that have come as far; `label` 未填报 without a stage."""

    label: str
    components: int
    sought: int

    @property
    def all(self) -> int:
        return self.components + self.sought


@dataclass(frozen=True)
class Sums:
    """What some tasks and projects add to the lines by grade, the money by source, the money that
    is only sought, and the stages ((stage, is sought) → components)."""

    grades: tuple[GradeLine, ...]
    sources: Mapping[str, rollup.Sum]
    sought: rollup.Sum
    stages: Counter[tuple[str, bool]]


def sums_of(tasks: Sequence[TaskStanding], projects: Sequence[ProjectStanding]) -> Sums:
    parts = [part for one in projects if one.counts for part in one.components]
    sought = (part.content for part in parts if part.component.grade == Grade.SEEK)
    return Sums(
        grades=grade_lines(tasks, projects),
        sources=rollup.money_by_source(part.content for part in parts),
        sought=rollup.money(sought),
        stages=Counter(
            (part.content.stage if part.content else "", part.component.grade == Grade.SEEK)
            for part in parts
            if part.component.project.has_stages
        ),
    )


@dataclass(frozen=True)
class BoxRows:
    """Components of one 专栏, or of the projects outside of them, with their sum."""

    name: str
    rows: tuple[ComponentRow, ...]
    money: Money


@dataclass(frozen=True)
class ChapterRows:
    name: str
    rows: tuple[TaskRow, ...]
    group: Group


@dataclass(frozen=True)
class WorkSummary:
    """The work of a plan in one year, in one layer; put together when somebody asks."""

    plan: Plan
    year: int
    layer: str
    works: Works
    tokens: Tokens = field(default_factory=dict, repr=False, compare=False)

    def _group(self, key: Sequence[object], tasks: Some, projects: Some) -> Group:
        """Of the same tasks and projects it is the same."""
        *_, number, name = key
        told = ("group", number, name, len(tasks))
        return remember(
            self.tokens, told, lambda: group(number, name, tasks, projects), (*tasks, *projects)
        )

    @property
    def is_empty(self) -> bool:
        """The plan has neither tasks nor projects."""
        return not (self.works.tasks or self.works.projects)

    @property
    def is_provisional(self) -> bool:
        return self.layer == Layer.PROVISIONAL

    @property
    def is_reported(self) -> bool:
        return self.as_of is not None

    @cached_property
    def as_of(self) -> date | None:
        told = [one.round.as_of for one in self.works.tasks if one.round]
        return max([*told, *(one.as_of for one in self.works.projects if one.as_of)], default=None)

    @cached_property
    def whole(self) -> Group:
        return together("", self.plan.short_title, self.chapters)

    @cached_property
    def _by_chapters(self) -> "Parts":
        """In the order of the plan."""
        return _parted(self.works, _by_chapter)

    @cached_property
    def chapters(self) -> tuple[Group, ...]:
        return tuple(self._group(key, *of) for key, of in self._by_chapters.items())

    @cached_property
    def _sums(self) -> list[Sums]:
        """Of each chapter by itself: where nothing new was said they are the same."""
        return [
            remember(self.tokens, "sums", partial(sums_of, *of), (*of[0], *of[1]))
            for of in self._by_chapters.values()
        ]

    @cached_property
    def units(self) -> tuple[Group, ...]:
        """By who leads it in the year, in the order of the units; those without come last."""
        parts = _parted(self.works, _by_unit)
        return tuple(self._group(key, *of) for key, of in parts.items())

    @cached_property
    def grades(self) -> tuple[GradeLine, ...]:
        return added_lines([one.grades for one in self._sums])

    @cached_property
    def money(self) -> Money:
        return self.whole.money

    @cached_property
    def sources(self) -> tuple[SourceMoney, ...]:
        """Only those of which something is said."""
        found = [one.sources for one in self._sums]
        return tuple(
            SourceMoney(key, Source(key).label, money_of(rollup.added(said)))
            for key in Source.values
            if (said := [of[key] for of in found if key in of])
        )

    @cached_property
    def sought_money(self) -> Money:
        """The part of `money` that belongs to components the plan only seeks."""
        return money_of(rollup.added(one.sought for one in self._sums))

    @cached_property
    def stages(self) -> tuple[StageCount, ...]:
        seen = sum((one.stages for one in self._sums), Counter())
        stages = [*(stage for stage in Stage if stage), Stage.BLANK]
        return tuple(
            StageCount(stage.label if stage else NOT_REPORTED, *counted)
            for stage in stages
            if any(counted := (seen[stage, False], seen[stage, True]))
        )

    @cached_property
    def stages_said(self) -> str:
        """“子项按形象进度：谋划3个（其中争取类2个），前期5个。”"""
        told = "，".join(
            f"{one.label}{one.all}个" + (f"（其中争取类{one.sought}个）" if one.sought else "")
            for one in self.stages
        )
        return f"建设类子项按形象进度：{told}。" if told else ""

    @cached_property
    def own_figures(self) -> tuple[str, ...]:
        """Components of projects that overlap one of a 专栏 which say amounts of their own: these
        are in no sum, and nobody but a person can tell whether the other project has them too."""
        return tuple(said for project in self.overlapping for said in self._own(project))

    def _own(self, project: ProjectStanding) -> tuple[str, ...]:
        return remember(
            self.tokens, "own figures", lambda: tuple(_own_figures(project)), (project,)
        )

    @cached_property
    def late(self) -> tuple[Late, ...]:
        return late_of(self.works, self.tokens)

    @cached_property
    def late_said(self) -> str:
        """“2项任务、1个项目滞后或超过计划完工时间（另有争取类1项）”; what overlaps is counted once,
        what is only sought apart."""
        tally = self.whole.tally
        said = [f"{tally.late_tasks}项任务"] if tally.late_tasks else []
        said += [f"{tally.late_projects}个项目"] if tally.late_projects else []
        sought = sum(one.is_sought and not one.counted_in for one in self.late)
        if not said:
            return f"争取类{sought}项滞后或超过计划完工时间，单列" if sought else ""
        also = f"（另有争取类{sought}项）" if sought else ""
        return f"{'、'.join(said)}滞后或超过计划完工时间{also}"

    @cached_property
    def sentence(self) -> str:
        return self.task_sentence + self.project_sentence

    @cached_property
    def task_sentence(self) -> str:
        return task_sentence(self.whole)

    @cached_property
    def project_sentence(self) -> str:
        return project_sentence(self.whole, len(self.overlapping))

    @cached_property
    def overlapping(self) -> tuple[ProjectStanding, ...]:
        return tuple(one for one in self.works.projects if not one.counts)

    # --- rows, for what prints all of them -----------------------------------------------------

    @cached_property
    def task_rows(self) -> tuple[ChapterRows, ...]:
        parts = _parted(self.works, _by_chapter)
        return tuple(
            ChapterRows(key[-1], tuple(map(task_row, tasks)), group(*key, tasks, ()))
            for key, (tasks, _) in parts.items()
            if tasks
        )

    @cached_property
    def component_rows(self) -> tuple[BoxRows, ...]:
        found: dict[tuple[bool, int, str], list[ProjectStanding]] = {}
        for one in self.works.projects:
            found.setdefault(_by_box(one), []).append(one)
        return tuple(
            BoxRows(
                key[-1],
                tuple(row for one in found[key] for row in component_rows(one)),
                group("", "", (), found[key]).money,
            )
            for key in sorted(found)
        )


def summarize_work(
    plan: Plan,
    year: int,
    layer: str = Layer.OFFICIAL,
    scope: Collection[int] | None = None,
    rounds: Iterable[Round] | None = None,
    places: bool = False,
    tokens: Tokens | None = None,
) -> WorkSummary:
    """`scope`, `rounds`, `places` and `tokens` as for `programs.standing.works`."""
    works = standing.works(plan, year, layer, scope, rounds, places, tokens=tokens)
    known = tokens or {}
    name = ("work summary", year, layer)
    return remember(
        known, name, lambda: WorkSummary(plan, year, layer, works, known), (plan, works)
    )


def _own_figures(project: ProjectStanding) -> Iterable[str]:
    for row in component_rows(project):
        if said := _figures(row):
            yield f"{project.project.code} {row.name}（{said}）"


def _figures(row: ComponentRow) -> str:
    """“完成3期，完成投资5万元”."""
    named = (("计划投资", row.money.planned), ("到位资金", row.money.arrived))
    named = (*named, ("完成投资", row.money.spent))
    said = [f"完成{row.quantity}{row.measure}"] if row.quantity.value else []
    return "，".join([*said, *(f"{name}{number}万元" for name, number in named if number.value)])


# --- parted ----------------------------------------------------------------------------------

Parts = dict[tuple, tuple[list[TaskStanding], list[ProjectStanding]]]


def _parted(works: Works, key: Callable[[Standing], tuple]) -> Parts:
    """Key → its tasks and its projects, in the order of the keys."""
    found: Parts = {}
    for task in works.tasks:
        found.setdefault(key(task), ([], []))[0].append(task)
    for project in works.projects:
        found.setdefault(key(project), ([], []))[1].append(project)
    return dict(sorted(found.items()))


def _by_chapter(one: Standing) -> tuple[int, str]:
    section = work_of(one).clause.section
    if section is None:
        return (0, "前言")
    chapter = section.chapter
    return (chapter.number, f"第{write_numeral(chapter.number)}章 {chapter.title}")


def _by_unit(one: Standing) -> tuple[bool, int, str, int, str]:
    if one.lead is None:
        return (True, 0, "", 0, NO_UNIT)
    unit = one.lead.unit
    return (False, unit.order, unit.code, unit.pk, unit.name)


def _by_box(one: ProjectStanding) -> tuple[bool, int, str]:
    """The boxes in their order, then what is named outside of them."""
    box = one.project.box
    return (True, 0, OUTSIDE) if box is None else (False, box.number, str(box))
