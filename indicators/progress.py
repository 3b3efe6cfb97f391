"""An indicator's value against its target: expected value, pace, status, verdict, gap, forecast.

Pure, and the whole of domain.md §5: values and dates in, judgements out; no database, no clock.
Nothing is rounded before it is judged. Guardian: tests/indicators/test_progress.py.
"""

import operator
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
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
    return None if expected is None else _settled(expected)


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


def gap_numerator(
    numerator: Decimal,
    denominator: Decimal,
    *,
    scale: Decimal,
    comparator: Comparator,
    target: Decimal,
) -> int | None:
    """改造口径: smallest whole number to add to the numerator, the denominator staying as it is.

    Lower-is-better: the smallest to take away. None when the denominator is not positive, or when
    more would have to be taken away than there is.
    """
    if denominator <= 0 or scale <= 0:
        return None
    with exact(GUARD_DIGITS):
        # Multiplied out, so that 10.2 of 17 townships becomes 11 without any division.
        need = -comparator.excess(numerator * scale, target * denominator)
        steps = _smallest_steps(need, scale, comparator)
        return steps if comparator.higher_is_better or steps <= numerator else None


def gap_both(
    numerator: Decimal,
    denominator: Decimal,
    *,
    scale: Decimal,
    comparator: Comparator,
    target: Decimal,
) -> int | None:
    """新建口径: smallest whole x with (n + x) ÷ (m + x) × scale satisfying the target.

    None when no x does (a target of the full scale is never reached by building alongside), when
    lower is better, and when the denominator is not positive.
    """
    if denominator <= 0 or scale <= 0 or not comparator.higher_is_better:
        return None
    with exact(GUARD_DIGITS):
        need = target * denominator - numerator * scale
        if need < 0 or (need == 0 and not comparator.strict):
            return 0
        return _smallest_steps(need, scale - target, comparator) if target < scale else None


def gap_value(value: Decimal, comparator: Comparator, target: Decimal) -> Decimal:
    """Distance to the target in the indicator's unit, ≥ 0; 0 also exactly at a strict target."""
    with exact():
        return max(Decimal(0), -comparator.excess(value, target))


def forecast(points: Mapping[int, Decimal], year: int) -> Decimal | None:
    """The least-squares line through year → value, at `year`; None with fewer than 3 points.

    Drawn beside the facts and never a status (§5).
    """
    count = len(points)
    if count < 3:
        return None
    with exact(GUARD_DIGITS):
        years, total = sum(points), sum(points.values(), Decimal(0))
        spread = count * sum(x * x for x in points) - years * years
        slope = count * sum((x * y for x, y in points.items()), Decimal(0)) - years * total
        line = (total * spread + slope * (count * year - years)) / (count * spread)
    return _settled(line)


def display(
    value: Decimal,
    decimals: int,
    comparator: Comparator,
    bound: Decimal | None,
    *,
    max_decimals: int = 12,
) -> str:
    """The value rounded half up, with as many more digits as it takes to print the truth.

    59.996 against ≥ 60 is never printed as 60.00. Where even `max_decimals` do not tell, the last
    digit is rounded away from the bound. Thousands are separated by commas.
    """
    rounded = value.quantize(_last_place(decimals), ROUND_HALF_UP, GUARDED)
    if bound is None:
        return _printed(rounded)
    met = comparator.satisfied(value, bound)
    if comparator.satisfied(rounded, bound) is not met:
        candidates = _roundings(value, decimals, max_decimals)
        rounded = next(c for c in candidates if comparator.satisfied(c, bound) is met)
    return _printed(rounded)


def summary_sentence(
    binding: Sequence[Judgement],
    anticipatory: Sequence[Judgement],
    group_name: str = "主要指标",
) -> str:
    """“15项主要指标（约束性5项、预期性10项）：提前完成4项，…”; the groups add up to the total.

    未达目标 is an end verdict and counted apart from 滞后. Binding comes first, never averaged in.
    """
    total = len(binding) + len(anticipatory)
    both = bool(binding and anticipatory)
    head = f"{total}项{group_name}"
    if both:
        head += f"（{_split(binding, anticipatory)}）"
    parts = [_part(group, binding, anticipatory, both) for group in _GROUPS]
    said = "，".join(part for part in parts if part)
    return f"{head}：{said}。" if said else f"{head}。"


# --- time and the line of expected values ---------------------------------------------------------


def _months_since(base_year: int, as_of: date) -> int:
    """Whole months since 31 December of the base year; a month is whole on its last day."""
    whole = as_of.day == monthrange(as_of.year, as_of.month)[1]
    return MONTHS * (as_of.year - base_year - 1) + as_of.month - (0 if whole else 1)


def _settled(number: Decimal) -> Decimal:
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
        level = base + _settled(limit * (expected - base))
        if yardstick.comparator.reaches(value, _settled(level)):
            return status
    return Status.FAR_BEHIND


def _judgement(
    yardstick: Yardstick, reading: Reading, status: Status, expected: Decimal | None
) -> Judgement:
    value = reading.value if reading.state is State.VALUE else None
    shown = None if expected is None else _settled(expected)
    early = (
        status is Status.MET and yardstick.kind is Kind.REACH and reading.year < yardstick.due_year
    )
    return Judgement(
        status=status,
        early=early,
        label="提前完成" if early else _label(yardstick, status),
        time=time_progress(yardstick.base_year, yardstick.due_year, reading.as_of),
        expected=shown,
        deviation=None if value is None or shown is None else _settled(value - shown),
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
    return _settled((value - base) / (end - base))


def _completion(yardstick: Yardstick, value: Decimal | None) -> Decimal | None:
    """完成率 V ÷ T; says nothing where lower is better or the target is 0."""
    target = yardstick.target
    if value is None or not target or not yardstick.comparator.higher_is_better:
        return None
    return _settled(value / target)


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


# --- whole steps and printed numbers --------------------------------------------------------------


def _smallest_steps(need: Decimal, step: Decimal, comparator: Comparator) -> int:
    """Smallest whole x ≥ 0 with x × step ≥ need, or > need for a strict comparator; step > 0."""
    if need < 0:
        return 0
    whole = int(need // step)
    return whole if whole * step == need and not comparator.strict else whole + 1


def _roundings(value: Decimal, decimals: int, max_decimals: int) -> Iterator[Decimal]:
    """Half up with more and more digits; last, to both sides, one of which is always right."""
    most = max(decimals, max_decimals)
    for digits in range(decimals, most + 1):
        yield value.quantize(_last_place(digits), ROUND_HALF_UP, GUARDED)
    for rounding in (ROUND_FLOOR, ROUND_CEILING):
        yield value.quantize(_last_place(most), rounding, GUARDED)


@cache
def _last_place(digits: int) -> Decimal:
    return Decimal(1).scaleb(-digits)


def _printed(number: Decimal) -> str:
    return f"{number if number else number.copy_abs():,f}"  # no “-0.00”


# --- the summary sentence -------------------------------------------------------------------------

_Group = tuple[str, Callable[[Judgement], bool]]


def _is(*statuses: Status) -> Callable[[Judgement], bool]:
    return lambda judgement: judgement.status in statuses


_LAGGARDS: _Group = ("滞后", _is(*BEHIND_ON_THE_WAY))
_GROUPS: tuple[_Group, ...] = (
    ("提前完成", lambda judgement: judgement.early),
    ("已达标", lambda judgement: judgement.status is Status.MET and not judgement.early),
    ("快于或符合序时", _is(*ON_TRACK)),
    _LAGGARDS,
    *(
        (status.label, _is(status))
        for status in (
            Status.MISSED_TARGET,
            Status.NOT_JUDGED,
            Status.NOT_APPLICABLE,
            Status.NOT_REPORTED,
            Status.BASE,
        )
    ),
)


def _part(
    group: _Group,
    binding: Iterable[Judgement],
    anticipatory: Iterable[Judgement],
    both: bool,
) -> str:
    """“滞后2项（约束性1项、预期性1项）”, or nothing for an empty group."""
    name, belongs = group
    of_binding = [one for one in binding if belongs(one)]
    of_anticipatory = [one for one in anticipatory if belongs(one)]
    count = len(of_binding) + len(of_anticipatory)
    if not count:
        return ""
    split = f"（{_split(of_binding, of_anticipatory)}）" if both and group is _LAGGARDS else ""
    return f"{name}{count}项{split}"


def _split(binding: Sequence[Judgement], anticipatory: Sequence[Judgement]) -> str:
    kinds = (("约束性", binding), ("预期性", anticipatory))
    return "、".join(f"{name}{len(some)}项" for name, some in kinds if some)
