"""indicators/printing.py against domain.md §5; pure, no database."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.printing import display
from indicators.progress import (
    Comparator,
)

steady = settings(deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("value", "decimals", "comparator", "bound", "printed"),
    [
        ("59.996", 2, "≥", "60", "59.996"),
        ("60.004", 2, "≥", "60", "60.00"),
        ("59.99999999999999999", 2, "≥", "60", "59.999999999999"),
        ("30.01", 1, ">", "30", "30.01"),
        ("30.00000000000000001", 1, ">", "30", "30.000000000001"),
        ("30", 1, ">", "30", "30.0"),
        ("0.04", 1, "≤", "0", "0.04"),
        ("-0.04", 1, "≤", "0", "0.0"),
        ("1234567.005", 2, "≥", None, "1,234,567.01"),
        ("2.5", 0, "≥", None, "3"),
        ("5E+3", 0, "≥", "4000", "5,000"),
        ("-0.004", 2, "≥", None, "0.00"),
        ("0.3", 14, "≥", None, "0.30000000000000"),
    ],
)
def test_display_prints_the_truth(value, decimals, comparator, bound, printed):
    bound = None if bound is None else Decimal(bound)
    assert display(Decimal(value), decimals, Comparator(comparator), bound) == printed


numbers = st.decimals(-(10**4), 10**4, places=6)


small = st.integers(-20, 20).map(Decimal)  # meets equalities far more often


values = numbers | small


comparators = st.sampled_from(Comparator)


@settings(steady, max_examples=500)
@given(
    values,
    st.integers(0, 4),
    comparators,
    values | st.none(),
    st.integers(1, 30),
    st.sampled_from([-1, 0, 1]),
)
def test_display_stands_on_the_right_side(bound, decimals, comparator, free, places, side):
    value = bound + side * Decimal(1).scaleb(-places) if free is None else free
    printed = Decimal(display(value, decimals, comparator, bound).replace(",", ""))
    assert comparator.satisfied(printed, bound) is comparator.satisfied(value, bound)
    assert abs(printed - value) <= Decimal(1).scaleb(-decimals)
