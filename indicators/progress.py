"""An indicator's value against its target: expected value, pace, status, verdict.

Pure, and the heart of domain.md §5 (the rest: `gaps.py`, `printing.py`, `sentences.py`):
values and dates in, judgements out; no database, no clock.
Nothing is rounded before it is judged. Guardian: tests/indicators/test_progress.py.
"""

import operator
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from indicators.calculation import DIGITS, State, context, exact

# Intermediate results carry more digits than values do, and are rounded at the end to the digits
# of a value: a value of 19 ÷ 3 then equals a level of 0.95 × 20 ÷ 3, and 7 equals 1.05 × 20 ÷ 3.
GUARD_DIGITS = 2 * DIGITS
GUARDED, SETTLED = context(GUARD_DIGITS), context()
MONTHS = 12


class Kind(StrEnum):
    """Reach the target by the due year, hold it every year, or reach a bar that moves (§4)."""

    REACH = "reach"
    HOLD = "hold"
    BAR = "bar"


class Verdict(StrEnum):
    """What decides over the whole plan: the due year alone, or every year."""

    DUE = "due"
    EVERY = "every"


class Comparator(StrEnum):
    """How a value has to stand to its target; printed as in the plan."""

    GE = "≥"
    GT = ">"
    LE = "≤"
    LT = "<"

    @property
    def higher_is_better(self) -> bool:
        return self in (Comparator.GE, Comparator.GT)

    @property
    def strict(self) -> bool:
        return self in (Comparator.GT, Comparator.LT)

    def satisfied(self, value: Decimal, bound: Decimal) -> bool:
        return _SATISFIES[self](value, bound)

    def reaches(self, value: Decimal, level: Decimal) -> bool:
        """At least as good as the level; levels on the way to a target include the level."""
        return value >= level if self.higher_is_better else value <= level

    def excess(self, value: Decimal, level: Decimal) -> Decimal:
        """How much better than the level; negative when worse."""
        return value - level if self.higher_is_better else level - value


_SATISFIES: Mapping[Comparator, Callable[[Decimal, Decimal], bool]] = {
    Comparator.GE: operator.ge,
    Comparator.GT: operator.gt,
    Comparator.LE: operator.le,
    Comparator.LT: operator.lt,
}


class Status(StrEnum):
    """The status of one year, in the table order of §5."""

    NOT_REPORTED = "not_reported"
    NOT_APPLICABLE = "not_applicable"
    BASE = "base"
    NOT_JUDGED = "not_judged"
    MET = "met"
    MISSED_TARGET = "missed_target"
    BELOW = "below"
    WORSE_THAN_BASE = "worse_than_base"
    AHEAD = "ahead"
    ON_PACE = "on_pace"
    SLIGHTLY_BEHIND = "slightly_behind"
    FAR_BEHIND = "far_behind"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Status.NOT_REPORTED: "未填报",
    Status.NOT_APPLICABLE: "不适用",
    Status.BASE: "基期",
    Status.NOT_JUDGED: "暂不评价",
    Status.MET: "已达标",
    Status.MISSED_TARGET: "未达目标",
    Status.BELOW: "未达标",
    Status.WORSE_THAN_BASE: "低于基期",
    Status.AHEAD: "快于序时",
    Status.ON_PACE: "符合序时",
    Status.SLIGHTLY_BEHIND: "略有滞后",
    Status.FAR_BEHIND: "明显滞后",
}
ON_TRACK = frozenset({Status.AHEAD, Status.ON_PACE})
BEHIND_ON_THE_WAY = frozenset(
    {Status.SLIGHTLY_BEHIND, Status.FAR_BEHIND, Status.WORSE_THAN_BASE, Status.BELOW}
)
BEHIND = BEHIND_ON_THE_WAY | {Status.MISSED_TARGET}


@dataclass(frozen=True)
class Thresholds:
    """Pace from which a value is ahead, on pace, slightly behind; the plan's data."""

    fast: Decimal = Decimal("1.05")
    on_pace: Decimal = Decimal("0.95")
    slight: Decimal = Decimal("0.60")


@dataclass(frozen=True)
class Yardstick:
    """All that judging needs to know of an indicator; values in the indicator's unit."""

    kind: Kind
    verdict: Verdict
    comparator: Comparator
    base_year: int
    due_year: int
    target: Decimal | None  # None for a bar
    base_value: Decimal | None
    milestones: Mapping[int, Decimal] = field(default_factory=dict)  # year → value on 31 December
    thresholds: Thresholds = Thresholds()


@dataclass(frozen=True)
class Reading:
    """What is known of one year; `bar` is the 参照值 of a bar indicator."""

    year: int
    as_of: date
    state: State
    value: Decimal | None
    bar: Decimal | None = None


@dataclass(frozen=True)
class Judgement:
    """The verdict on one year, with the numbers it rests on.

    `goal` and `pace` are None unless they say something: only an indicator that has a way to go
    from its base has travelled a share of it.
    """

    status: Status
    early: bool  # 提前完成: a reach indicator that is met before its due year
    label: str  # what the badge prints
    time: Decimal  # 时间进度, 0 to 1
    expected: Decimal | None  # 序时进度应达值; the target of a hold, the bar of a bar
    deviation: Decimal | None  # 偏差, value − expected
    goal: Decimal | None  # 目标进度, 1 = target
    completion: Decimal | None  # 完成率, value ÷ target
    pace: Decimal | None  # 1 = as expected


@dataclass(frozen=True)
class PlanVerdict:
    """The verdict over the whole plan; `met` is None for 暂不评价 and 未到期."""

    met: bool | None
    status: Status
    met_years: tuple[int, ...]
    judged_years: tuple[int, ...]
    text: str


def time_progress(base_year: int, due_year: int, as_of: date) -> Decimal:
    """时间进度: whole months since 31 December of the base year ÷ all months, 0 to 1."""
    span = MONTHS * (due_year - base_year)
    gone = _months_since(base_year, as_of)
    if span <= 0 or gone >= span:
        return Decimal(1)
    with exact():
        return Decimal(max(gone, 0)) / span


def expected_value(yardstick: Yardstick, as_of: date) -> Decimal | None:
    """序时进度应达值 E in the indicator's unit, None where nothing can be expected.

    A hold is expected to stand at its target; a bar's expectation comes with the reading.
    """
    with exact(GUARD_DIGITS):
        expected = _expected(yardstick, as_of)
    return None if expected is None else settled(expected)


def judge(yardstick: Yardstick, reading: Reading) -> Judgement:
    """The status of one year by the table of §5, first row that fits. Never raises."""
    with exact(GUARD_DIGITS):
        is_bar = yardstick.kind is Kind.BAR
        expected = reading.bar if is_bar else _expected(yardstick, reading.as_of)
        status = _status(yardstick, reading, expected)
        return _judgement(yardstick, reading, status, expected)


def plan_verdict(
    yardstick: Yardstick, judgements_by_year: Mapping[int, Judgement], years: Sequence[int]
) -> PlanVerdict:
    """The verdict over `years` (those the evaluation covers).

    Due-year verdict: the due year's status, later years are only reported as 保持情况.
    Every-year verdict: met in all years; a missing year leaves it open, 不适用 does not count.
    """
    if yardstick.verdict is Verdict.EVERY:
        return _every_year_verdict(yardstick, judgements_by_year, years)
    return _due_year_verdict(yardstick, judgements_by_year, years)


# --- time and the line of expected values ---------------------------------------------------------


def _months_since(base_year: int, as_of: date) -> int:
    """Whole months since 31 December of the base year; a month is whole on its last day."""
    whole = as_of.day == monthrange(as_of.year, as_of.month)[1]
    return MONTHS * (as_of.year - base_year - 1) + as_of.month - (0 if whole else 1)


def settled(number: Decimal) -> Decimal:
    """Rid of its guard digits."""
    return SETTLED.plus(number)


def _expected(yardstick: Yardstick, as_of: date) -> Decimal | None:
    if yardstick.target is None or yardstick.kind is Kind.BAR:
        return None
    if yardstick.kind is Kind.HOLD:
        return yardstick.target
    if yardstick.base_value is None:
        return _expected_without_base(yardstick, yardstick.target, as_of)
    return _on_line(
        _line(yardstick, yardstick.base_value, yardstick.target),
        _months_since(yardstick.base_year, as_of),
    )


def _expected_without_base(yardstick: Yardstick, target: Decimal, as_of: date) -> Decimal | None:
    """Without B there is no line to stand on, only its corners: milestones and target."""
    if as_of.year >= yardstick.due_year:
        return target
    at_year_end = (as_of.month, as_of.day) == (12, 31)
    if not at_year_end or as_of.year <= yardstick.base_year:
        return None
    return yardstick.milestones.get(as_of.year)


def _line(yardstick: Yardstick, base: Decimal, target: Decimal) -> list[tuple[int, Decimal]]:
    """Corners as (months since base, value): (b, B) → milestones strictly between → (d, T)."""
    between = [
        (MONTHS * (year - yardstick.base_year), value)
        for year, value in sorted(yardstick.milestones.items())
        if yardstick.base_year < year < yardstick.due_year
    ]
    end = MONTHS * (yardstick.due_year - yardstick.base_year)
    return [(0, base), *between, (end, target)]


def _on_line(line: Sequence[tuple[int, Decimal]], month: int) -> Decimal:
    """The value at a month; level before the first and after the last corner."""
    if month >= line[-1][0]:
        return line[-1][1]
    if month <= line[0][0]:
        return line[0][1]
    (m0, v0), (m1, v1) = next(pair for pair in pairwise(line) if month <= pair[1][0])
    return (v0 * (m1 - month) + v1 * (month - m0)) / (m1 - m0)


# --- the status table -----------------------------------------------------------------------------


def _status(yardstick: Yardstick, reading: Reading, expected: Decimal | None) -> Status:
    """The rows that need no value, then those that do."""
    if reading.state is State.NOT_APPLICABLE:
        return Status.NOT_APPLICABLE
    if reading.state is not State.VALUE or reading.value is None:
        return Status.NOT_REPORTED
    if reading.year <= yardstick.base_year:
        return Status.BASE
    return _status_of_value(yardstick, reading, reading.value, expected)


def _status_of_value(
    yardstick: Yardstick, reading: Reading, value: Decimal, expected: Decimal | None
) -> Status:
    aim = reading.bar if yardstick.kind is Kind.BAR else yardstick.target
    if aim is not None and yardstick.comparator.satisfied(value, aim):
        return Status.MET
    on_the_way = yardstick.kind is Kind.REACH and reading.year < yardstick.due_year
    if aim is None or (on_the_way and expected is None):
        return Status.NOT_JUDGED
    if on_the_way and expected is not None:
        return _status_on_the_way(yardstick, value, expected)
    return _status_of_failure(yardstick, reading.year)


def _status_of_failure(yardstick: Yardstick, year: int) -> Status:
    final = yardstick.kind is Kind.REACH or yardstick.verdict is Verdict.DUE
    return Status.MISSED_TARGET if final and year == yardstick.due_year else Status.BELOW


def _status_on_the_way(yardstick: Yardstick, value: Decimal, expected: Decimal) -> Status:
    """低于基期, or by pace; a better value never gets a worse status.

    pace = (V − B) ÷ (E − B) means something only where E lies beyond B. At E = B it has no value,
    and behind B (a milestone below the base) its sign turns, so that a better V would score lower.
    There reaching E is all that can be asked: 符合序时.
    """
    comparator, base = yardstick.comparator, yardstick.base_value
    if base is not None and not comparator.reaches(value, base):
        return Status.WORSE_THAN_BASE
    if base is None or comparator.reaches(base, expected):
        return Status.ON_PACE if comparator.reaches(value, expected) else Status.FAR_BEHIND
    return _status_by_pace(yardstick, value, base, expected)


def _status_by_pace(
    yardstick: Yardstick, value: Decimal, base: Decimal, expected: Decimal
) -> Status:
    """Pace ≥ limit, asked as V against B + limit × (E − B): no quotient is rounded."""
    limits = yardstick.thresholds
    for limit, status in (
        (limits.fast, Status.AHEAD),
        (limits.on_pace, Status.ON_PACE),
        (limits.slight, Status.SLIGHTLY_BEHIND),
    ):
        level = base + settled(limit * (expected - base))
        if yardstick.comparator.reaches(value, settled(level)):
            return status
    return Status.FAR_BEHIND


def _judgement(
    yardstick: Yardstick, reading: Reading, status: Status, expected: Decimal | None
) -> Judgement:
    value = reading.value if reading.state is State.VALUE else None
    shown = None if expected is None else settled(expected)
    early = (
        status is Status.MET and yardstick.kind is Kind.REACH and reading.year < yardstick.due_year
    )
    return Judgement(
        status=status,
        early=early,
        label="提前完成" if early else _label(yardstick, status),
        time=time_progress(yardstick.base_year, yardstick.due_year, reading.as_of),
        expected=shown,
        deviation=None if value is None or shown is None else settled(value - shown),
        goal=_share(yardstick, value, yardstick.target),
        completion=_completion(yardstick, value),
        pace=_share(yardstick, value, expected),
    )


def _label(yardstick: Yardstick, status: Status) -> str:
    if status is Status.NOT_JUDGED:
        return f"{status.label}（缺{_lacking(yardstick)}）"
    if status is Status.WORSE_THAN_BASE and not yardstick.comparator.higher_is_better:
        return "高于基期"
    return status.label


def _lacking(yardstick: Yardstick) -> str:
    if yardstick.kind is Kind.BAR:
        return "参照值"
    return "目标值" if yardstick.target is None else "基期"


def _share(yardstick: Yardstick, value: Decimal | None, end: Decimal | None) -> Decimal | None:
    """(V − B) ÷ (end − B) of a reach indicator, None unless `end` lies beyond the base."""
    base = yardstick.base_value
    if yardstick.kind is not Kind.REACH or value is None or end is None or base is None:
        return None
    if yardstick.comparator.reaches(base, end):
        return None
    return settled((value - base) / (end - base))


def _completion(yardstick: Yardstick, value: Decimal | None) -> Decimal | None:
    """完成率 V ÷ T; says nothing where lower is better or the target is 0."""
    target = yardstick.target
    if value is None or not target or not yardstick.comparator.higher_is_better:
        return None
    return settled(value / target)


# --- the verdict over the plan --------------------------------------------------------------------


def _due_year_verdict(
    yardstick: Yardstick, judgements: Mapping[int, Judgement], years: Sequence[int]
) -> PlanVerdict:
    due = yardstick.due_year
    judgement = judgements.get(due)
    if judgement is None and due not in years:
        return PlanVerdict(None, Status.NOT_JUDGED, (), (), f"{due} 年到期，尚未到期")
    status = judgement.status if judgement else Status.NOT_REPORTED
    met = _met(status)
    label = judgement.label if judgement else status.label
    return PlanVerdict(
        met,
        status,
        (due,) if met else (),
        () if met is None else (due,),
        f"{due} 年{label}{_held_since(due, judgements, years)}",
    )


def _held_since(due: int, judgements: Mapping[int, Judgement], years: Sequence[int]) -> str:
    """保持情况 of the years after a due year inside the plan (C16); no part of the verdict."""
    statuses = [judgements[year].status for year in years if year > due and year in judgements]
    verdicts = [met for met in map(_met, statuses) if met is not None]
    return f"；此后 {len(verdicts)} 年中 {sum(verdicts)} 年达标" if verdicts else ""


def _every_year_verdict(
    yardstick: Yardstick, judgements: Mapping[int, Judgement], years: Sequence[int]
) -> PlanVerdict:
    statuses = {
        year: judgements[year].status if year in judgements else Status.NOT_REPORTED
        for year in sorted(set(years))
        if year > yardstick.base_year
    }
    counted = {y: s for y, s in statuses.items() if s not in (Status.NOT_APPLICABLE, Status.BASE)}
    if not counted:
        status = Status.NOT_APPLICABLE if statuses else Status.NOT_JUDGED
        return PlanVerdict(None, status, (), (), "各年均不适用" if statuses else "尚无可评价的年份")
    return _counted_verdict(counted)


def _counted_verdict(statuses: Mapping[int, Status]) -> PlanVerdict:
    met_years = tuple(year for year, status in statuses.items() if _met(status))
    missing = [year for year, status in statuses.items() if _met(status) is None]
    judged = tuple(year for year in statuses if year not in missing)
    text = f"{len(statuses)} 年中 {len(met_years)} 年达标"
    if missing:
        text += f"，{'、'.join(str(year) for year in missing)} 年缺数据或暂不评价"
        return PlanVerdict(None, Status.NOT_JUDGED, met_years, judged, text)
    met = met_years == judged
    return PlanVerdict(met, Status.MET if met else Status.BELOW, met_years, judged, text)


def _met(status: Status) -> bool | None:
    """True, False, or None where the year has no verdict."""
    if status is Status.MET:
        return True
    return False if status in BEHIND | ON_TRACK else None
