"""The trend: what is drawn apart from what, and words that never stand on one another."""

import re
from collections.abc import Iterator
from decimal import Decimal
from html import unescape
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.charts import Aim, Milestone, Other, Point, Trend, trend
from reports.charts.placing import Box, Ground, Spot, shortened, spread, width_of

NUMBERS = st.decimals(-(10**12), 10**12, allow_nan=False, places=6)
YEARS = range(2020, 2026)
TEXT = re.compile(
    r'<text class="([^"]*)" x="([-\d.]+)" y="([-\d.]+)" text-anchor="(\w+)">([^<]*)</text>'
)
SHARE = {"start": 0, "middle": 0.5, "end": 1}


def boxes(svg: str) -> Iterator[tuple[str, tuple[float, float, float, float]]]:
    """Text → left, top, right, bottom: Chinese characters 12 wide, others 7.2, from 9.5 above
    the line to 2 below it."""
    assert svg.count("<text") == len(TEXT.findall(svg))
    for _, x, y, anchor, written in TEXT.findall(svg):
        text = unescape(written)
        width = sum(12.0 if ord(one) >= 0x2E80 else 7.2 for one in text)
        left = float(x) - width * SHARE[anchor]
        yield text, (left, float(y) - 9.5, left + width, float(y) + 2)


def collisions(svg: str) -> list[tuple[str, str]]:
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes(svg), 2)
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def outside(svg: str) -> list[str]:
    width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])
    return [t for t, box in boxes(svg) if min(box) < 0 or box[2] > width or box[3] > height]


def words(svg: str) -> list[str]:
    return [unescape(found[4]) for found in TEXT.findall(svg)]


def points(values: dict[int, object], **more: object) -> list[Point]:
    return [
        Point(year, Decimal(str(v)), f"{Decimal(str(v)):,.2f}", "met", **more)
        for year, v in values.items()
    ]


FLAT = dict.fromkeys(YEARS, 60)
RISING = {2020: 40, 2021: 44, 2022: 48, 2023: 50, 2024: 55, 2025: "59.93"}
LONG = "这是一句非常非常长的目标表述，长到任何图里都放不下，因此必须截短才行"
AIM = [Aim(Decimal(60), "目标 60", 2020)]
REVISED = [Aim(Decimal(55), "原目标 55", 2020, 2023), Aim(Decimal(60), "目标 60", 2023)]
OTHERS = [
    Other(f"参考：{name}", [(y, Decimal(v)) for y in YEARS])
    for name, v in (
        ("市平均", 60),
        ("省平均", "60.1"),
        ("房县", 60),
        ("郧西", "59.9"),
        ("竹溪", 60),
    )
]
ADVERSE = {
    "all equal, and equal to target, path and others": Trend(
        YEARS, points(FLAT), [(y, Decimal(60)) for y in YEARS], AIM, others=OTHERS,
        forecast=[(2024, Decimal(60)), (2025, Decimal(60))], forecast_text="推算 60",
    ),
    "a revision, milestones and breaks in a crowd": Trend(
        YEARS, points(RISING), [(y, Decimal(40 + 4 * (y - 2020))) for y in YEARS], REVISED,
        [Milestone(y, Decimal(40 + 4 * (y - 2020)), f"{y} 年度目标") for y in (2021, 2022, 2023)],
        dict.fromkeys(range(2021, 2026), "口径调整"), others=OTHERS,
    ),
    "twelve years of wide numbers": Trend(
        range(2014, 2026), points({y: 123456789012 + y for y in range(2014, 2026)}), aims=AIM
    ),
    "huge beside tiny": Trend(YEARS, points({2020: "0.000001", 2021: 10**12, 2022: 1}), aims=AIM),
    "below zero": Trend(YEARS, points({2020: -5, 2021: -10**9, 2023: 3}), aims=AIM),
    "long texts": Trend(
        YEARS, [Point(y, Decimal(y), LONG, "met", LONG) for y in YEARS],
        aims=[Aim(Decimal(2024), LONG, 2020, 2024), Aim(Decimal(2024), LONG, 2024)],
        milestones=[Milestone(2022, Decimal(2022), LONG)], breaks={2022: LONG, 2023: LONG},
        forecast=[(2024, Decimal(2024)), (2025, Decimal(2025))], forecast_text=LONG,
        others=[Other(LONG, [(2020, Decimal(2020))])],
    ),
    "a single point": Trend(YEARS, points({2022: 5})),
    "a plan of one year": Trend([2023], points({2023: 5}), aims=AIM),
    "no base": Trend(YEARS, points({2023: 52, 2025: 60}), [(2025, Decimal(60))], AIM),
    "a value far off": Trend(YEARS, points({**RISING, 2022: 99999}), aims=AIM),
    "forecasts": Trend(YEARS, points(RISING, is_guess=True), aims=AIM),
}  # fmt: skip


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("name", ADVERSE)
def test_no_words_stand_on_one_another_and_none_leaves_the_picture(name: str, narrow: bool) -> None:
    svg = trend(ADVERSE[name], narrow=narrow)
    assert (collisions(svg), outside(svg)) == ([], [])


@pytest.mark.parametrize("narrow", [False, True])
def test_in_an_ordinary_picture_every_word_finds_a_place(narrow: bool) -> None:
    path = [(y, Decimal(40 + 4 * (y - 2020))) for y in YEARS]
    shown = Trend(
        YEARS, points(RISING), path, REVISED, [Milestone(2022, Decimal(48), "年度目标 48")],
        {2023: "口径调整"}, [(2024, Decimal(54)), (2025, Decimal(57))], "推算 57", OTHERS[:2],
    )  # fmt: skip
    said = words(trend(shown, narrow=narrow))
    expected = ["原目标 55", "目标 60", "年度目标 48", "口径调整", "推算 57"]
    expected += ["参考：市平均", "参考：省平均", *map(str, YEARS), *(p.text for p in shown.points)]
    assert sorted(said) == sorted(expected)


TEXTS = st.text(st.sampled_from("年目标推算参考0123456789.,% ≥<&"), min_size=1, max_size=24)
STEPS = st.lists(st.tuples(st.integers(2020, 2031), NUMBERS), max_size=6, unique_by=lambda s: s[0])


@st.composite
def trends(draw: st.DrawFn) -> Trend:
    years = range(2020, 2020 + draw(st.integers(1, 12)))
    of_year = st.sampled_from(list(years))
    values = draw(st.dictionaries(of_year, NUMBERS, min_size=1))
    close = draw(st.booleans())  # all of them within a hair
    near = draw(NUMBERS)

    def number(value: Decimal) -> Decimal:
        return near + value / 10**14 if close else value

    def steps() -> list[tuple[int, Decimal]]:
        return [(y, number(v)) for y, v in sorted(draw(STEPS)) if y in years]

    return Trend(
        years,
        [
            Point(year, number(value), draw(TEXTS), "met", "", draw(st.booleans()))
            for year, value in sorted(values.items())
        ],
        steps(),
        [
            Aim(number(draw(NUMBERS)), draw(TEXTS), year, draw(st.none() | of_year))
            for year in sorted(draw(st.lists(of_year, max_size=4)))
        ],
        [Milestone(year, value, draw(TEXTS)) for year, value in steps()],
        {year: draw(TEXTS) for year in draw(st.lists(of_year, max_size=4))},
        steps(),
        draw(TEXTS),
        [Other(draw(TEXTS), steps()) for _ in range(draw(st.integers(0, 6)))],
        "图",
    )


@settings(max_examples=150, deadline=None)
@given(trends(), st.booleans())
def test_whatever_is_drawn_no_words_collide_and_none_leaves_the_picture(shown, narrow) -> None:
    svg = trend(shown, narrow=narrow)
    assert (collisions(svg), outside(svg)) == ([], [])


@given(st.dictionaries(st.integers(2020, 2025), NUMBERS, min_size=1), NUMBERS)
def test_a_trend_stays_inside_its_picture(values, target) -> None:
    shown = Trend(YEARS, points(dict(sorted(values.items()))), aims=[Aim(target, "目标", 2020)])
    svg = trend(shown)
    places = re.findall(r"translate\(([-\d.]+) ([-\d.]+)\)", svg)
    assert all(0 <= float(x) <= 720 and 0 <= float(y) <= 240 for x, y in places)


# --- what is drawn apart -----------------------------------------------------------------------


def test_a_trend_without_values_is_left_out() -> None:
    assert trend(Trend([2020, 2021], [])) == ""


def lines(svg: str, name: str) -> int:
    return svg.count(f'<path class="{name}"')


def test_facts_are_solid_forecasts_broken_and_missing_years_a_gap() -> None:
    told = points({2020: 40, 2021: 44, 2023: 50})
    told.append(Point(2024, Decimal(55), "55", "on_pace", "", is_guess=True))
    svg = trend(Trend(YEARS, told))
    assert (lines(svg, "facts-line"), lines(svg, "facts-line guess")) == (1, 1)
    assert '<g class="mk on_pace guess"' in svg and "55 预计" in words(svg)


def test_a_break_stops_the_line_and_names_itself() -> None:
    svg = trend(Trend(YEARS, points(RISING), breaks={2023: "口径调整"}))
    assert (lines(svg, "facts-line"), lines(svg, "break")) == (4, 1)
    assert "口径调整" in words(svg)


def test_what_is_expected_has_a_gap_where_a_year_of_it_is_missing() -> None:
    path = [(2020, Decimal(1)), (2021, Decimal(2)), (2023, Decimal(3))]
    assert lines(trend(Trend(YEARS, points(RISING), path)), "path") == 2


def test_an_old_target_is_grey_as_far_as_its_revision() -> None:
    svg = trend(Trend(YEARS, points(RISING), aims=REVISED))
    old = re.findall(r'class="aim old" d="M([\d.]+) [\d.]+ L([\d.]+)', svg)[0]
    new = re.findall(r'class="aim" d="M([\d.]+) [\d.]+ L([\d.]+)', svg)[0]
    assert old[1] == new[0] and float(old[0]) < float(old[1]) < float(new[1])


def test_the_computed_line_and_others_have_words_of_their_own() -> None:
    line = [(2024, Decimal(54)), (2025, Decimal(57))]
    svg = trend(
        Trend(YEARS, points(RISING), forecast=line, forecast_text="推算 57", others=OTHERS[:1])
    )
    assert (lines(svg, "forecast"), lines(svg, "other o0")) == (1, 1)
    assert {"推算 57", "参考：市平均"} <= set(words(svg))


def test_others_are_named_with_their_newest_value_where_there_is_room() -> None:
    other = Other("参考：十堰市平均", [(2023, Decimal("65.5"))], "参考：十堰市平均 65.5")
    long = Other(f"参考：{LONG}", [(2023, Decimal("66.5"))], f"参考：{LONG} 66.5")
    shown = Trend(YEARS, points(RISING), others=[other, long])
    wide, narrow = words(trend(shown)), words(trend(shown, narrow=True))
    assert "参考：十堰市平均 65.5" in wide and "参考：十堰市平均" in narrow
    assert not any("66.5" in word for word in (*wide, *narrow))


def test_a_trend_says_in_words_what_it_shows() -> None:
    svg = trend(Trend(YEARS, points(RISING), title="床位占比历年数值", desc="2020 年 40.00"))
    assert 'role="img" aria-label="床位占比历年数值"' in svg
    assert "<title>床位占比历年数值</title><desc>2020 年 40.00</desc>" in svg
    assert "style=" not in svg


# --- placing -----------------------------------------------------------------------------------


def test_a_text_takes_the_first_place_that_nothing_runs_through() -> None:
    ground = Ground(Box(0, 0, 100, 100))
    ground.run([(0, 50), (100, 50)])
    assert 'y="80.0"' in ground.put("v", "12", [Spot(50, 52), Spot(50, 80)])
    assert 'y="52.0"' in ground.put("v", "12", [Spot(50, 80), Spot(50, 52)])
    assert ground.put("v", "12", [Spot(50, 80), Spot(50, 52), Spot(1, 20)]) == ""


def test_texts_that_are_too_long_are_cut_with_a_sign() -> None:
    assert (shortened("目标 60", 100), shortened("目标值六十", 40)) == ("目标 60", "目标…")
    assert shortened("目标", 5) == "" and width_of("目标…") == 36


@given(st.lists(st.floats(-50, 250), max_size=10))
def test_labels_of_a_column_keep_their_distance_and_their_order(wanted: list[float]) -> None:
    found = spread(wanted, 14, 10, 200)
    ordered = sorted(range(len(wanted)), key=lambda n: found[n])
    heights = [found[n] for n in ordered]
    assert all(b - a >= 13.999 for a, b in pairwise(heights))
    assert all(9.999 <= height <= 200.001 for height in heights)
    assert [wanted[n] for n in ordered] == sorted(wanted)
