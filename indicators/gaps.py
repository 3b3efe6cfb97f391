"""How far it is to the target, in whole steps, and where the line of the years leads
(domain.md §5: 差距, 预测). Pure."""

from collections.abc import Mapping
from decimal import Decimal

from indicators.calculation import exact
from indicators.progress import GUARD_DIGITS, Comparator, settled


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
    return settled(line)


def _smallest_steps(need: Decimal, step: Decimal, comparator: Comparator) -> int:
    """Smallest whole x ≥ 0 with x × step ≥ need, or > need for a strict comparator; step > 0."""
    if need < 0:
        return 0
    whole = int(need // step)
    return whole if whole * step == need and not comparator.strict else whole + 1
