"""A number printed so that it stands on the side of the bound on which it is judged. Pure."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from functools import cache

from indicators.progress import GUARDED, Comparator


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
