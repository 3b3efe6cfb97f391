"""From entered amounts to an indicator's value: direct, ratio, growth, band (domain.md §3).

Pure: amounts in, a `Result` out; no database, no clock. Nothing is rounded: sums and products are
exact for the amounts the program accepts, and each value takes one division, to 50 digits.
Missing is never zero: a value needs all its inputs, otherwise the result says which one is missing.
Guardian: tests/indicators/test_calculation.py.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal, localcontext
from enum import StrEnum
from functools import cache
from math import prod

DIGITS = 50
HUNDRED = Decimal(100)


def exact(digits: int = DIGITS) -> AbstractContextManager[Context]:
    """A decimal context of its own, so that no caller's setting changes a result.

    No traps: whatever finite amounts come in, arithmetic goes on and the end is checked.
    """
    return localcontext(context(digits))


@cache
def context(digits: int = DIGITS) -> Context:
    """The same, for methods that take a context; shared, so nobody may change it."""
    return Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])


class State(StrEnum):
    """Whether a calculation has a value, and if not, why."""

    VALUE = "value"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True)
class Input:
    """One term of a formula in the item's unit, already summed over its reporting units."""

    name: str
    year: int
    amount: Decimal | None
    factor: Decimal = Decimal(1)
    not_applicable: bool = False
    detail: str = ""  # why it is missing or not applicable, printed in （）

    @property
    def missing(self) -> bool:
        return self.amount is None and not self.not_applicable

    @property
    def weighted(self) -> Decimal:
        """factor × amount; only asked once nothing is missing or not applicable."""
        return self.factor * (self.amount or Decimal(0))

    @property
    def title(self) -> str:
        return f"{self.year} 年{self.name}"

    @property
    def sentence(self) -> str:
        """What to tell the clerk: “缺 2023 年农村低保标准（…）” or “2023 年…不适用（…）”."""
        said = f"{self.title}不适用" if self.not_applicable else f"缺 {self.title}"
        return f"{said}（{self.detail}）" if self.detail else said


@dataclass(frozen=True)
class Series:
    """One series of a growth indicator, e.g. 城市低保标准: this year against an earlier one."""

    name: str
    this: Input
    last: Input


@dataclass(frozen=True)
class BandUnit:
    """One unit of a band indicator: its amount, and the size that decides its minimum."""

    name: str
    amount: Input
    size: Input


@dataclass(frozen=True)
class Result:
    """A value with what it was made of, or the reasons why there is none (AnnualValue, §3)."""

    state: State
    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    series: tuple[tuple[str, Decimal], ...] = ()  # (name, growth in %)
    bar: Decimal | None = None  # 参照值 in %, None when missing
    notes: tuple[str, ...] = ()
    short_units: tuple[str, ...] = ()  # band: units below their minimum


def direct(inputs: Sequence[Input]) -> Result:
    """Σ factor × amount, in the items' unit."""
    with exact():
        return _hindrance(inputs) or _finished(Result(State.VALUE, _total(inputs)))


def ratio(
    numerator: Sequence[Input],
    denominator: Sequence[Input],
    *,
    scale: Decimal,
    zero_over_zero: bool,
) -> Result:
    """Σ numerator ÷ Σ denominator × scale (100 for %).

    0 ÷ 0 is 不适用 where the indicator allows it; any other denominator ≤ 0 is an entry error.
    """
    with exact():
        hindrance = _hindrance(numerator, denominator)
        if hindrance:
            return hindrance
        above, below = _total(numerator), _total(denominator)
        if below > 0:
            return _finished(Result(State.VALUE, above * scale / below, above, below))
        if above == below == 0 and zero_over_zero:
            return Result(State.NOT_APPLICABLE, None, above, below, notes=("分子、分母均为 0",))
        note = _bad_denominator(above, below, [*denominator, *numerator])
        return Result(State.IMPOSSIBLE, None, above, below, notes=(note,))


def growth(series: Sequence[Series], bar: Sequence[Input]) -> Result:
    """(this ÷ last − 1) × 100 of each series; the value is the smallest, so all must pass the bar.

    `bar` in %: one input is the bar itself, several are compounded, none is no bar. A missing bar
    leaves the value standing: the value is known, only the verdict has to wait.
    """
    with exact():
        bar_value, bar_notes = _bar(bar)
        result = _growth(series)
        notes = result.notes + bar_notes
        return _finished(
            Result(result.state, result.value, series=result.series, bar=bar_value, notes=notes)
        )


def band(
    units: Sequence[BandUnit], bands: Sequence[tuple[Decimal, Decimal]], *, scale: Decimal
) -> Result:
    """Share of units whose amount reaches the minimum of their size class, × scale.

    `bands` holds (lower bound of size, minimum amount) in any order. Numerator and denominator are
    counts of units; units that are not applicable are in neither.
    """
    with exact():
        counted = [u for u in units if not (u.amount.not_applicable or u.size.not_applicable)]
        hindrance = _band_hindrance(units, counted, bands)
        if hindrance:
            return hindrance
        short = tuple(u.name for u in counted if not _reaches_minimum(u, bands))
        above, below = Decimal(len(counted) - len(short)), Decimal(len(counted))
        return _finished(
            Result(State.VALUE, above * scale / below, above, below, short_units=short)
        )


def _total(inputs: Iterable[Input]) -> Decimal:
    return sum((term.weighted for term in inputs), Decimal(0))


def _hindrance(*groups: Sequence[Input]) -> Result | None:
    """Why there can be no value; missing comes first, because it is what somebody can mend."""
    if not all(groups):
        return Result(State.MISSING, notes=("未设置数据项",))
    inputs = [term for group in groups for term in group]
    return _stopped(State.MISSING, inputs, lambda term: term.missing) or _stopped(
        State.NOT_APPLICABLE, inputs, lambda term: term.not_applicable
    )


def _stopped(
    state: State, inputs: Iterable[Input], applies: Callable[[Input], bool]
) -> Result | None:
    """A result without value that names every input it `applies` to, each once."""
    notes = tuple(dict.fromkeys(term.sentence for term in inputs if applies(term)))
    return Result(state, notes=notes) if notes else None


def _finished(result: Result) -> Result:
    """Only a finite number is a value: absurd amounts are an entry error, not an exception."""
    for number in (result.value, result.bar):
        if number is not None and not number.is_finite():
            return Result(State.IMPOSSIBLE, notes=("数值超出可计算范围，请核对录入的数据",))
    return result


def _bad_denominator(above: Decimal, below: Decimal, inputs: Iterable[Input]) -> str:
    names = "、".join(dict.fromkeys(term.title for term in inputs))
    if above == below == 0:
        return f"分子、分母均为 0，无法计算，请核对 {names}"
    return f"分母为 {_plain(below)} 而分子为 {_plain(above)}，请核对 {names}"


def _plain(number: Decimal) -> str:
    """3.00 → 3 and 1E+2 → 100, but an absurd exponent is not written out as a page of zeros."""
    short = number.normalize()
    return f"{short:f}" if abs(short.adjusted()) < DIGITS else str(short)


def _growth(series: Sequence[Series]) -> Result:
    hindrance = _hindrance([term for one in series for term in (one.this, one.last)])
    if hindrance:
        return hindrance
    bad = tuple(_bad_base(one.last) for one in series if one.last.weighted <= 0)
    if bad:
        return Result(State.IMPOSSIBLE, notes=bad)
    rates = tuple((one.name, _rate(one)) for one in series)
    return Result(State.VALUE, min(rate for _, rate in rates), series=rates)


def _rate(one: Series) -> Decimal:
    """Growth in %, with the division last: an exact percentage stays exact."""
    last = one.last.weighted
    return (one.this.weighted - last) * HUNDRED / last


def _bad_base(last: Input) -> str:
    return f"{last.title}为 {_plain(last.weighted)}，无法计算增长率，请核对"


def _bar(bar: Sequence[Input]) -> tuple[Decimal | None, tuple[str, ...]]:
    """(bar in %, notes); several years compound: (Π(1 + bar ÷ 100) − 1) × 100."""
    unknown = [term for term in bar if term.missing or term.not_applicable]
    if unknown or not bar:
        return None, tuple(dict.fromkeys(term.sentence for term in unknown))
    if len(bar) == 1:
        return bar[0].weighted, ()
    factors = (1 + term.weighted / HUNDRED for term in bar)
    return (prod(factors, start=Decimal(1)) - 1) * HUNDRED, ()


def _band_hindrance(
    units: Sequence[BandUnit],
    counted: Sequence[BandUnit],
    bands: Sequence[tuple[Decimal, Decimal]],
) -> Result | None:
    if not units:
        return Result(State.MISSING, notes=("没有填报单位",))
    missing = _unit_notes(counted, lambda term: term.missing)
    if missing:
        return Result(State.MISSING, notes=missing)
    if not counted:
        notes = _unit_notes(units, lambda term: term.not_applicable)
        return Result(State.NOT_APPLICABLE, notes=notes)
    outside = tuple(_outside(u) for u in counted if _minimum(u.size.weighted, bands) is None)
    return Result(State.IMPOSSIBLE, notes=outside) if outside else None


def _unit_notes(units: Sequence[BandUnit], applies: Callable[[Input], bool]) -> tuple[str, ...]:
    return tuple(
        f"{unit.name}：{term.sentence}"
        for unit in units
        for term in (unit.amount, unit.size)
        if applies(term)
    )


def _outside(unit: BandUnit) -> str:
    return f"{unit.name}：{unit.size.title}为 {_plain(unit.size.weighted)}，不在任何分档内，请核对"


def _minimum(size: Decimal, bands: Sequence[tuple[Decimal, Decimal]]) -> Decimal | None:
    """The minimum of the highest lower bound that the size reaches; None below all of them."""
    reached = [one for one in bands if one[0] <= size]
    return max(reached)[1] if reached else None


def _reaches_minimum(unit: BandUnit, bands: Sequence[tuple[Decimal, Decimal]]) -> bool:
    minimum = _minimum(unit.size.weighted, bands)
    return minimum is not None and unit.amount.weighted >= minimum
