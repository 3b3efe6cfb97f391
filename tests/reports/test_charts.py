"""Charts: numbers in, SVG out; nothing outside the picture, nothing unescaped."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import Point, bullet, clock, trend

NUMBERS = st.decimals(-(10**12), 10**12, allow_nan=False, places=6)


def numbers_of(svg: str, pattern: str) -> list[float]:
    return [float(found) for found in re.findall(pattern, svg)]


@given(NUMBERS, NUMBERS, st.none() | NUMBERS, st.none() | NUMBERS)
def test_a_bullet_stays_inside_its_picture(value, target, base, expected) -> None:
    svg = bullet(value, target, base=base, expected=expected, status="met")
    places = numbers_of(svg, r'd="M([-\d.e]+)') + numbers_of(svg, r'class="bar met" x="([-\d.e]+)')
    assert all(0 <= place <= 108 for place in places)


@pytest.mark.parametrize(("value", "target"), [(None, Decimal(60)), (Decimal(60), None)])
def test_without_value_or_target_there_is_no_bullet(value, target) -> None:
    assert bullet(value, target) == ""


def test_a_bullet_goes_from_the_base_to_the_value() -> None:
    svg = bullet(Decimal(50), Decimal(60), base=Decimal(40), expected=Decimal(55), status="met")
    assert 'class="bar met" x="2.0" y="4" width="51.0"' in svg
    assert '<path class="expected" d="M78.5 1V15"/>' in svg
    assert '<path class="target" d="M104.0 1V15"/>' in svg


def test_texts_are_escaped() -> None:
    nasty = '<script>"&'
    point = Point(2021, Decimal(1), nasty)
    for svg in (
        bullet(Decimal(1), Decimal(2), title=nasty),
        clock(2021, 2025, Decimal("0.6"), nasty),
        trend([2020, 2021], [point], [], Decimal(2), target_text=nasty, title=nasty),
    ):
        assert "<script>" not in svg and "&lt;script&gt;" in svg


@given(st.dictionaries(st.integers(2020, 2025), NUMBERS, min_size=1), NUMBERS)
def test_a_trend_stays_inside_its_picture(values, target) -> None:
    points = [Point(year, value, "1") for year, value in sorted(values.items())]
    svg = trend(range(2020, 2026), points, sorted(values.items()), target, target_text="目标")
    heights = numbers_of(svg, r' y="([-\d.e]+)') + numbers_of(svg, r'cy="([-\d.e]+)')
    assert all(0 <= height <= 220 for height in heights)


def test_a_trend_without_values_is_left_out() -> None:
    assert trend([2020, 2021], [], [], None) == ""


@pytest.mark.parametrize(("share", "anchor"), [("0", "start"), ("0.6", "end"), ("1", "end")])
def test_the_clock_s_label_stays_inside(share: str, anchor: str) -> None:
    assert f'text-anchor="{anchor}">时间进度' in clock(2021, 2025, Decimal(share), "时间进度")
