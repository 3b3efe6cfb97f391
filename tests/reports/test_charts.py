"""Charts: numbers in, SVG out; nothing outside the picture, nothing unescaped."""

import re
from decimal import Decimal
from timeit import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.progress import Status
from reports.charts import Aim, Point, Trend, bar, bullet, clock, mark, sparkline, trend
from reports.charts.marks import SHAPES

NUMBERS = st.decimals(-(10**12), 10**12, allow_nan=False, places=6)
YEARS = range(2020, 2026)


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
    points = [Point(2021, Decimal(1), nasty, "met", nasty)]
    for svg in (
        bullet(Decimal(1), Decimal(2), title=nasty),
        clock(2021, 2025, Decimal("0.6"), nasty),
        sparkline(YEARS, [Decimal(1)] * 6, None, "met", nasty),
        trend(Trend([2020, 2021], points, aims=[Aim(Decimal(2), nasty, 2020)], title=nasty)),
    ):
        assert "<script>" not in svg and "&lt;script&gt;" in svg


@pytest.mark.parametrize(("share", "anchor"), [("0", "start"), ("0.6", "end"), ("1", "end")])
def test_the_clock_s_label_stays_inside(share: str, anchor: str) -> None:
    assert f'text-anchor="{anchor}">时间进度' in clock(2021, 2025, Decimal(share), "时间进度")


# --- a shape for each status -------------------------------------------------------------------


def test_every_status_has_a_shape_of_its_own() -> None:
    assert set(SHAPES) == {status.value for status in Status} | {"milestone"}
    drawn = {(status, *shape) for status, shape in SHAPES.items()}
    hollow = {"slightly_behind", "not_judged", "not_reported", "base"}  # app.css draws the outline
    told_apart = {(outline, upon, status in hollow) for status, outline, upon in drawn}
    same = {("base", "milestone")}  # a year's value, and a 年度目标 beside the line
    assert len(told_apart) >= len(drawn) - len(same)


def test_a_forecast_has_the_shape_of_its_status_without_what_is_drawn_upon_it() -> None:
    assert 'class="upon"' in mark("met", 1, 2)
    assert mark("met", 1, 2, guess=True).startswith('<g class="mk met guess"')
    assert 'class="upon"' not in mark("met", 1, 2, guess=True)


# --- the small line of the years ---------------------------------------------------------------

SOME = [Decimal("40.123456"), None, Decimal("48.5"), Decimal(50), Decimal("55.25"), Decimal("59.9")]


def test_a_sparkline_has_a_gap_where_a_year_is_missing_and_marks_the_last() -> None:
    svg = sparkline(YEARS, SOME, Decimal(60), "missed_target", "历年")
    line = re.findall(r'class="line" d="([^"]+)"', svg)[0]
    assert line.count("M") == 2 and line.count("L") == 3
    assert 'class="mk missed_target" transform="translate(66 4.1)"' in svg
    assert '<path class="aim" d="M4 4.0h64"/>' in svg


def test_a_sparkline_without_a_value_is_left_out() -> None:
    assert sparkline(YEARS, [None] * 6, Decimal(60), "not_reported") == ""


@given(
    st.lists(st.none() | NUMBERS, min_size=1, max_size=12),
    st.none() | NUMBERS,
    st.sampled_from(Status),
)
def test_a_sparkline_is_small_and_stays_inside(values, target, status) -> None:
    svg = sparkline(range(2020, 2020 + len(values)), values, target, status.value, "历年数值")
    assert len(svg.encode()) < 700
    if svg:
        places = re.findall(r"[ML]([-\d.]+) ([-\d.]+)", svg.split('class="line"')[1].split("/>")[0])
        assert all(0 <= float(x) <= 72 and 0 <= float(y) <= 20 for x, y in places)


def test_thirty_three_sparklines_cost_about_a_millisecond() -> None:
    once = min(
        timeit(lambda: sparkline(YEARS, SOME, Decimal(60), "far_behind", "历年"), number=200)
        for _ in range(5)
    )
    assert once / 200 < 0.000_1  # 6 µs where it was written; slow machines are slower


# --- bars --------------------------------------------------------------------------------------


def test_bars_are_as_long_as_their_values_beside_the_largest() -> None:
    rows = {value: bar(Decimal(value), Decimal(8)) for value in (8, 4, 0)}
    assert [numbers_of(svg, r'width="([\d.]+)" h')[0] for svg in rows.values()] == [120, 60, 1]


def test_what_is_missing_is_a_frame_and_not_a_bar_of_no_length() -> None:
    assert 'class="none"' in bar(None, Decimal(8)) and 'class="none"' not in bar(
        Decimal(0), Decimal(8)
    )


def test_below_zero_a_bar_goes_to_the_left() -> None:
    svg = bar(Decimal(-2), Decimal(2), smallest=Decimal(-2))
    assert 'x="0.0" y="1" width="60.0"' in svg
