"""indicators/gaps.py against domain.md §5; pure, no database."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.gaps import forecast, gap_both, gap_numerator, gap_value
from indicators.progress import (
    Comparator,
)

steady = settings(deadline=None, derandomize=True)


HUNDRED = Decimal(100)


def test_row_8_gaps_are_30_beds_by_conversion_and_75_new():
    known = {"scale": HUNDRED, "comparator": Comparator.GE, "target": Decimal(60)}
    assert gap_numerator(Decimal(150), Decimal(300), **known) == 30
    assert gap_both(Decimal(150), Decimal(300), **known) == 75


def test_10_of_17_townships_at_60_percent_lack_one():
    known = {"scale": HUNDRED, "comparator": Comparator.GE, "target": Decimal(60)}
    assert gap_numerator(Decimal(10), Decimal(17), **known) == 1


@pytest.mark.parametrize(
    ("comparator", "target", "by_conversion", "by_building"),
    [
        ("≥", 50, 0, 0),
        (">", 50, 1, 1),
        ("≥", 100, 5, None),
        ("≥", 120, 7, None),
        ("≤", 50, 0, None),
        ("<", 50, 1, None),
        ("≤", 0, 5, None),
        ("<", 0, None, None),
    ],
)
def test_gaps_of_5_of_10(comparator, target, by_conversion, by_building):
    known = {
        "scale": HUNDRED,
        "comparator": Comparator(comparator),
        "target": Decimal(target),
    }
    assert gap_numerator(Decimal(5), Decimal(10), **known) == by_conversion
    assert gap_both(Decimal(5), Decimal(10), **known) == by_building


@pytest.mark.parametrize("gap", [gap_numerator, gap_both])
def test_gap_over_nothing_is_unknown(gap):
    known = {"scale": HUNDRED, "comparator": Comparator.GE, "target": Decimal(60)}
    assert gap(Decimal(0), Decimal(0), **known) is None


@pytest.mark.parametrize(
    ("value", "comparator", "gap"),
    [(300, "≥", 160), (460, "≥", 0), (500, "≥", 0), (460, ">", 0), (500, "≤", 40), (9, "≤", 0)],
)
def test_gap_value_is_in_the_indicators_unit(value, comparator, gap):
    assert gap_value(Decimal(value), Comparator(comparator), Decimal(460)) == gap


def test_forecast_continues_a_straight_line():
    points = {2021: Decimal(10), 2022: Decimal(12), 2023: Decimal(14)}
    assert forecast(points, 2025) == 18


def test_forecast_is_the_least_squares_line():
    points = {2021: Decimal(1), 2022: Decimal(3), 2023: Decimal(2)}
    assert forecast(points, 2024) == 3


def test_two_points_are_no_trend():
    assert forecast({2021: Decimal(1), 2022: Decimal(2)}, 2025) is None


numbers = st.decimals(-(10**4), 10**4, places=6)


small = st.integers(-20, 20).map(Decimal)  # meets equalities far more often


values = numbers | small


counts = st.integers(0, 10**6).map(Decimal)


comparators = st.sampled_from(Comparator)


def stands(numerator, denominator, comparator, target):
    """Whether the ratio in % satisfies the target, by another way than the code's."""
    return comparator.satisfied(HUNDRED * numerator, target * denominator)


@settings(steady, max_examples=500)
@given(counts, counts.filter(bool), comparators, st.decimals(0, 200, places=3) | small)
def test_gap_of_the_numerator_meets_the_target_and_one_less_does_not(n, m, comparator, target):
    gap = gap_numerator(n, m, scale=HUNDRED, comparator=comparator, target=target)
    step = 1 if comparator.higher_is_better else -1
    if gap is None:
        assert not stands(Decimal(0), m, comparator, target)
    else:
        assert stands(n + step * gap, m, comparator, target)
        assert gap == 0 or not stands(n + step * (gap - 1), m, comparator, target)


@settings(steady, max_examples=500)
@given(counts, counts.filter(bool), comparators, st.decimals(0, 200, places=3) | small)
def test_gap_of_both_meets_the_target_and_one_less_does_not(n, m, comparator, target):
    gap = gap_both(n, m, scale=HUNDRED, comparator=comparator, target=target)
    if gap is None:
        assert not comparator.higher_is_better or target >= HUNDRED
    else:
        assert stands(n + gap, m + gap, comparator, target)
        assert gap == 0 or not stands(n + gap - 1, m + gap - 1, comparator, target)


@steady
@given(values, comparators, values)
def test_gap_value_closes_the_gap_and_is_never_negative(value, comparator, target):
    gap = gap_value(value, comparator, target)
    step = 1 if comparator.higher_is_better else -1
    assert gap >= 0
    assert comparator.reaches(value + step * gap, target)
    assert not (gap and comparator.satisfied(value, target))


@steady
@given(st.dictionaries(st.integers(2015, 2030), values, min_size=3), values, st.integers(0, 9))
def test_forecast_moves_with_its_points(points, shift, later):
    moved = forecast({year: value + shift for year, value in points.items()}, 2030 + later)
    plain = forecast(points, 2030 + later)
    assert abs(moved - plain - shift) < Decimal("1e-18")
