"""Two ends side by side: which indicators got better or worse, by how much, and who answers for
them; how tasks, projects and their money stood then and stand now.

Pure: two `Side`s in, rows ready to be printed out. What got worse most comes first, the binding
before the others; the order of the table can be asked for instead."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from indicators.judging import Standing
from indicators.models import Group, RoundNature
from indicators.printing import display
from indicators.progress import Comparator
from programs import rollup
from programs.standing import ProjectStanding, TaskStanding
from reports.comparing_sides import Side
from reports.moves import (
    Direction,
    Trend,
    both,
    direction,
    fall,
    late_turned,
    lateness,
    relative,
    trend,
    turned,
)
from reports.summary import NATURES, Number, Row, plain_number, row_of
from reports.work_rows import Money, money_of, unit_of

WORST_FIRST, AS_PRINTED = "", "table"


@dataclass(frozen=True)
class Moved:
    """One indicator at both ends. `change` and `trend` are of the value, `direction` and `turned`
    of the status; `fell`: by how many ranks it got worse, `gained`: relative, to sort by."""

    then: Row
    now: Row
    change: Number
    trend: Trend
    fell: int
    gained: Decimal

    @property
    def direction(self) -> Direction:
        return direction(self.then.status, self.now.status)

    @property
    def turned(self) -> str:
        return turned(self.then.label, self.now.label)

    @property
    def words(self) -> tuple[str, str]:
        """(“数值改善”, “评价转差”) where the two went opposite ways, else ("", “转差”)."""
        return both(self.direction, self.trend)

    @property
    def was_responsible(self) -> str:
        """Only where somebody else answered for it then."""
        return self.then.responsible if self.then.responsible != self.now.responsible else ""

    @property
    def old_target(self) -> str:
        """Only where the target was revised in between."""
        moved = self.then.target.value != self.now.target.value and not self.now.target_is_moving
        return self.then.target.text if moved else ""


@dataclass(frozen=True)
class Part:
    """主要指标 or 正文量化目标."""

    name: str
    rows: tuple[Moved, ...]

    @property
    def sentence(self) -> str:
        """“15项：转差2项（约束性1项），转好3项（约束性0项），未变10项。”"""
        counted = Counter(one.direction for one in self.rows)
        binding = Counter(one.direction for one in self.rows if one.now.is_binding)
        has_binding = any(one.now.is_binding for one in self.rows)
        said = [
            f"{one.label}{counted[one]}项"
            + (f"（约束性{binding[one]}项）" if has_binding and one.moved else "")
            for one in Direction
            if counted[one]
        ]
        return f"{len(self.rows)}项：{'，'.join(said)}。"


@dataclass(frozen=True)
class WorkMoved:
    """A task or project whose status is another one now, or that has become late. `counted_in`:
    code of the project of a 专栏 that it overlaps, in which it is counted."""

    is_task: bool
    code: str
    name: str
    then_label: str
    then_badge: str
    now_label: str
    now_badge: str
    late_then: str
    late_now: str
    unit: str
    counted_in: str

    @property
    def is_worse(self) -> bool:
        return bool(self.late_now) and not self.late_then

    @property
    def lateness(self) -> str:
        return late_turned(self.late_then, self.late_now)


@dataclass(frozen=True)
class MoneyLine:
    """万元, totals since the beginning: 计划, 到位, 完成."""

    name: str
    then: Number
    now: Number
    change: Number


@dataclass(frozen=True)
class Counted:
    """How many tasks and projects have a status, then and now."""

    label: str
    badge: str
    then_tasks: int
    now_tasks: int
    then_projects: int
    now_projects: int


@dataclass(frozen=True)
class Comparison:
    then: Side
    now: Side
    order: str
    moved: tuple[Moved, ...]

    @property
    def is_same(self) -> bool:
        return self.then.end == self.now.end

    @property
    def then_nature(self) -> str:
        return _nature(self.then)

    @property
    def now_nature(self) -> str:
        return _nature(self.now)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Those that the plan has."""
        found = (
            Part(group.label, tuple(self._of(group))) for group in (Group.TABLE, Group.COMMITMENT)
        )
        return tuple(part for part in found if part.rows)

    def _of(self, group: str) -> list[Moved]:
        codes = {s.indicator.code for s in self.now.standings if s.indicator.group == group}
        rows = [one for one in self.moved if one.now.code in codes]
        return rows if self.order == AS_PRINTED else sorted(rows, key=_worst_first)

    @property
    def sentence(self) -> str:
        head = f"{self.now.end.label}与{self.then.end.label}相比"
        return f"{head}，{'；'.join(part.name + part.sentence[:-1] for part in self.parts)}。"

    # --- tasks and projects ----------------------------------------------------------------------

    @cached_property
    def works(self) -> tuple[WorkMoved, ...]:
        """Those that moved; newly late ones first, tasks before projects."""
        pairs = [
            *zip(self.then.works.tasks, self.now.works.tasks, strict=True),
            *zip(self.then.works.projects, self.now.works.projects, strict=True),
        ]
        found = [
            _work(then, now)
            for then, now in pairs
            if then.status != now.status or then.is_late != now.is_late
        ]
        return tuple(sorted(found, key=lambda one: not one.is_worse))

    @property
    def works_sentence(self) -> str:
        """“10 项有变化（另有 2 个与专栏项目重叠，不计数）”."""
        overlapping = sum(bool(one.counted_in) for one in self.works)
        number = len(self.works) - overlapping
        said = f"{number} 项有变化" if number else "没有变化"
        return said + (f"（另有 {overlapping} 个与专栏项目重叠，不计数）" if overlapping else "")

    @property
    def has_works(self) -> bool:
        """Something is said of them at one of the ends."""
        works = (self.then.works, self.now.works)
        return any(one.status for some in works for one in (*some.tasks, *some.projects))

    @cached_property
    def counted(self) -> tuple[Counted, ...]:
        """By status, in the order of the page; overlapping projects are counted once."""
        sides = (self.then.works, self.now.works)
        tasks = [Counter((one.label, one.badge) for one in side.tasks) for side in sides]
        projects = [Counter((one.label, one.badge) for one in side.counted) for side in sides]
        keys = dict.fromkeys(key for some in (*tasks, *projects) for key in some)
        return tuple(
            Counted(*key, *(side[key] for side in tasks), *(side[key] for side in projects))
            for key in keys
        )

    @cached_property
    def money(self) -> tuple[MoneyLine, ...]:
        then, now = (_money(side.works.counted) for side in (self.then, self.now))
        names = ("计划投资", "到位资金", "完成投资")
        lines = zip(names, then.cells, now.cells, strict=True)
        return tuple(MoneyLine(*one, _grown(*one[1:])) for one in lines)

    @property
    def has_money(self) -> bool:
        return any(n.value is not None for line in self.money for n in (line.then, line.now))


def _nature(side: Side) -> str:
    """To be said beside the year; the name of a round says it itself, 年报数 are usual."""
    return "" if side.end.round or side.nature == RoundNature.ANNUAL else NATURES[side.nature]


def compare(then: Side, now: Side, order: str = WORST_FIRST) -> Comparison:
    before = {one.indicator.pk: one for one in then.standings}
    usual = [{side.end.year: side.nature} if side.nature else {} for side in (then, now)]
    moved = tuple(_moved(before[one.indicator.pk], one, *usual) for one in now.standings)
    return Comparison(then, now, AS_PRINTED if order == AS_PRINTED else WORST_FIRST, moved)


Natures = Mapping[int, str]  # year → the nature that needs no mark


def _moved(then: Standing, now: Standing, usual_then: Natures, usual_now: Natures) -> Moved:
    comparator = now.yardstick.comparator
    values = [one.annual_value.value if one.annual_value else None for one in (then, now)]
    before, after = row_of(then, usual=usual_then), row_of(now, usual=usual_now)
    return Moved(
        then=before,
        now=after,
        change=_difference(values[0], values[1], now.indicator.decimals),
        trend=trend(*values, comparator),
        fell=fall(before.status, after.status),
        gained=relative(*values, comparator),
    )


def _difference(then: Decimal | None, now: Decimal | None, decimals: int) -> Number:
    """“+2.10”, “−0.5”; never printed as 0 when it is not."""
    if then is None or now is None:
        return Number(None)
    change = now - then
    bound = Decimal(0) if change else None
    comparator = Comparator.GT if change > 0 else Comparator.LT
    text = display(change, decimals, comparator, bound)
    return Number(change, f"+{text}" if change > 0 else text.replace("-", "−"))


def _worst_first(one: Moved) -> tuple[object, ...]:
    """Stable: what is equal keeps the order of the table."""
    worse = one.direction is Direction.WORSE
    return (one.direction.rank, not one.now.is_binding, -one.fell if worse else 0, one.gained)


def _work(then: TaskStanding | ProjectStanding, now: TaskStanding | ProjectStanding) -> WorkMoved:
    is_task = isinstance(now, TaskStanding)
    thing = now.task if is_task else now.project
    return WorkMoved(
        is_task=is_task,
        code=thing.code,
        name=thing.name,
        then_label=then.label,
        then_badge=then.badge,
        now_label=now.label,
        now_badge=now.badge,
        late_then=lateness(then.status, then.is_late),
        late_now=lateness(now.status, now.is_late),
        unit=unit_of(now.lead),
        counted_in="" if is_task else now.counted_in,
    )


def _money(projects: Iterable[ProjectStanding]) -> Money:
    return money_of(rollup.money(part.content for one in projects for part in one.components))


def _grown(then: Number, now: Number) -> Number:
    if then.value is None or now.value is None:
        return Number(None)
    change = now.value - then.value
    text = plain_number(abs(change))
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return Number(change, f"{sign}{text}")
