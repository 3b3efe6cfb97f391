"""What a unit, or one of the 分管领导, answers for: indicators, tasks, projects; what of it lags
behind, binding first, and which explanations are owed."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from indicators.entry import Texts
from indicators.judging import LaidDown, Standing
from indicators.models import Group
from plans.versions import Tokens
from programs.laid_out import PROJECT, TASK
from programs.standing import ProjectStanding, TaskStanding, Works
from reports.summary import Row, row_on, worst_first
from reports.work_counts import Group as Counted
from reports.work_counts import group
from reports.work_rows import Late, late_of

NOBODY = "未定分管领导"
CELLS = ("约束性", "预期性", "正文目标", "任务", "项目")


@dataclass(frozen=True)
class Owned:
    """An indicator of the plan; its row is put together when somebody asks."""

    standing: Standing
    texts: Texts | None
    usual: Mapping[int, str]
    laid: LaidDown
    tokens: Tokens = field(default_factory=dict)

    @cached_property
    def row(self) -> Row:
        return row_on(self.laid, self.standing, self.texts, self.usual, self.tokens)

    @property
    def group(self) -> str:
        return self.standing.indicator.group

    @property
    def unit_id(self) -> int | None:
        """Who answers for it in the year."""
        return vars(self.standing.indicator)["unit_id"]

    @property
    def supervisor(self) -> str:
        return vars(self.standing.indicator)["supervisor"] or NOBODY

    @property
    def lacking(self) -> Sequence[str]:
        """Names of the townships that have not."""
        row = self.standing.annual_value
        return row.lacking if row is not None else ()


@dataclass(frozen=True)
class Answer:
    """`table` and `commitments` with the binding first, else in the order of the plan; what only
    `helped` with is led by others."""

    table: tuple[Row, ...]
    commitments: tuple[Row, ...]
    works: Works
    helped: Works
    tokens: Tokens = field(default_factory=dict, repr=False, compare=False)

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*self.table, *self.commitments)

    @property
    def binding(self) -> tuple[Row, ...]:
        return tuple(row for row in self.table if row.is_binding)

    @property
    def anticipatory(self) -> tuple[Row, ...]:
        return tuple(row for row in self.table if not row.is_binding)

    @cached_property
    def laggards(self) -> tuple[Row, ...]:
        return worst_first(self.table, self.commitments)

    @cached_property
    def late(self) -> tuple[Late, ...]:
        return late_of(self.works, self.tokens)

    @cached_property
    def counted(self) -> Counted:
        return group("", "", self.works.tasks, self.works.projects)

    @property
    def cells(self) -> tuple[tuple[int, int], ...]:
        """(behind, all) of binding, anticipatory, commitments, tasks, projects."""
        rows = (self.binding, self.anticipatory, self.commitments)
        works = (self.works.tasks, self.works.counted)
        return (
            *((sum(row.is_behind for row in some), len(some)) for some in rows),
            *((sum(one.is_late for one in some), len(some)) for some in works),
        )

    @property
    def named_cells(self) -> Iterable[tuple[str, int, int]]:
        """`cells`, each with its name before it."""
        return ((name, *cell) for name, cell in zip(CELLS, self.cells, strict=True))

    @property
    def led_head(self) -> str:
        return work_head(self.works)

    @property
    def helped_head(self) -> str:
        return work_head(self.helped)

    @property
    def unexplained(self) -> tuple[Row, ...]:
        """Laggards of which no cause or no next step is published."""
        return tuple(row for row in self.laggards if not (row.cause and row.next_step))

    @property
    def is_empty(self) -> bool:
        works = (self.works, self.helped)
        return not self.rows and not any(one.tasks or one.projects for one in works)

    @property
    def sentence(self) -> str:
        """“负责主要指标5项（约束性2项，滞后或未达1项；预期性3项，没有滞后或未达）；牵头任务11项
        （滞后1项）、项目20个（另有1个与专栏项目重叠；滞后或超期2个）。”"""
        parts = filter(None, ["、".join(self._of_indicators()), "、".join(self._of_works())])
        said = "；".join(parts)
        return f"{said}。" if said else ""

    def _of_indicators(self) -> Iterable[str]:
        if self.table:
            named = (("约束性", self.binding), ("预期性", self.anticipatory))
            kinds = [f"{name}{len(rows)}项，{_behind(rows)}" for name, rows in named if rows]
            yield f"负责主要指标{len(self.table)}项（{'；'.join(kinds)}）"
        if self.commitments:
            lead = "" if self.table else "负责"
            number = len(self.commitments)
            yield f"{lead}正文量化目标{number}项（{_behind(self.commitments)}）"

    def _of_works(self) -> Iterable[str]:
        """Those that are counted here; overlapping projects count in their 专栏."""
        tasks, projects = self.works.tasks, self.works.counted
        if tasks:
            late = len(self.works.late_tasks)
            yield f"牵头任务{len(tasks)}项（{f'滞后{late}项' if late else '没有滞后'}）"
        if self.works.projects:
            late = sum(one.is_late for one in projects)
            said = f"滞后或超期{late}个" if late else "没有滞后或超期"
            also = _overlapping(self.works)
            said = f"{also}；{said}" if also else said
            yield f"{'' if tasks else '牵头'}项目{len(projects)}个（{said}）"


def work_head(works: Works) -> str:
    """“任务11项，项目4个（另有1个与专栏项目重叠）”, as the sentence counts them."""
    also = _overlapping(works)
    tasks = f"任务{len(works.tasks)}项" if works.tasks else ""
    projects = f"项目{len(works.counted)}个" if works.projects else ""
    return "，".join(filter(None, [tasks, projects])) + (f"（{also}）" if also else "")


def _overlapping(works: Works) -> str:
    number = len(works.projects) - len(works.counted)
    return f"另有{number}个与专栏项目重叠" if number else ""


def _behind(rows: Sequence[Row]) -> str:
    late = sum(row.is_behind for row in rows)
    return f"滞后或未达{late}项" if late else "没有滞后或未达"


NOTHING = Works([], [])


def answer(
    owned: Sequence[Owned],
    works: Works,
    helpers: Mapping[tuple[str, int], Collection[int]],
    unit_id: int | None = None,
    supervisor: str | None = None,
) -> Answer:
    """Of one unit, or of all that one leader answers for. `helpers`: as in `UnitLinks`."""

    def mine(row: Owned) -> bool:
        if supervisor is not None:
            return row.supervisor == supervisor
        return row.unit_id == unit_id

    def led(one: TaskStanding | ProjectStanding) -> bool:
        if supervisor is not None:
            return supervisor_of(one) == supervisor
        return one.lead is not None and one.lead.unit.pk == unit_id

    def helped(one: TaskStanding | ProjectStanding) -> bool:
        return unit_id in helpers.get(_key(one), ()) and not led(one)

    rows = [one for one in owned if mine(one)]
    table = [one.row for one in rows if one.group == Group.TABLE]
    return Answer(
        table=tuple(sorted(table, key=lambda row: not row.is_binding)),
        commitments=tuple(one.row for one in rows if one.group == Group.COMMITMENT),
        works=_chosen(works, led),
        helped=_chosen(works, helped) if unit_id is not None else NOTHING,
        tokens=owned[0].tokens if owned else {},
    )


def supervisor_of(one: TaskStanding | ProjectStanding) -> str:
    return (one.lead.supervisor if one.lead else "") or NOBODY


def _key(one: TaskStanding | ProjectStanding) -> tuple[str, int]:
    if isinstance(one, TaskStanding):
        return TASK, one.task.pk
    return PROJECT, one.project.pk


def _chosen(works: Works, fits: Callable[[TaskStanding | ProjectStanding], bool]) -> Works:
    return Works(
        [one for one in works.tasks if fits(one)], [one for one in works.projects if fits(one)]
    )
