"""indicators/progress.py against domain.md §5; pure, no database."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.calculation import Input, Series, State, growth, ratio
from indicators.progress import (
    BEHIND,
    ON_TRACK,
    Comparator,
    Judgement,
    Kind,
    PlanVerdict,
    Reading,
    Status,
    Thresholds,
    Verdict,
    Yardstick,
    expected_value,
    judge,
    plan_verdict,
    time_progress,
)

steady = settings(deadline=None, derandomize=True)
SEVERITY = {  # best first; a better value must never come further down
    Status.MET: 0,
    Status.AHEAD: 1,
    Status.ON_PACE: 2,
    Status.SLIGHTLY_BEHIND: 3,
    Status.FAR_BEHIND: 4,
    Status.WORSE_THAN_BASE: 5,
    Status.BELOW: 6,
    Status.MISSED_TARGET: 6,
    Status.NOT_JUDGED: 6,
}


def yardstick(base=40, target=60, *, kind=Kind.REACH, comparator="≥", milestones=None, **changes):
    """A reach indicator 2020–2025 from 40 to 60, unless told otherwise."""
    usual = Yardstick(
        kind=kind,
        verdict=Verdict.DUE,
        comparator=Comparator(comparator),
        base_year=2020,
        due_year=2025,
        target=None if target is None else Decimal(target),
        base_value=None if base is None else Decimal(base),
        milestones={year: Decimal(value) for year, value in (milestones or {}).items()},
    )
    return replace(usual, **changes)


def reading(value, year=2023, *, as_of=None, bar=None, state=State.VALUE):
    return Reading(
        year,
        as_of or date(year, 12, 31),
        state,
        None if value is None else Decimal(value),
        None if bar is None else Decimal(bar),
    )


def status_of(stick, value, year=2023, **known):
    return judge(stick, reading(value, year, **known)).status


def judged(status, *, early=False):
    """A judgement of which only the status matters."""
    label = "提前完成" if early else status.label
    return Judgement(status, early, label, Decimal(1), None, None, None, None, None)


# --- the worked examples of §5 --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "year", "status", "goal", "pace"),
    [
        ("52", 2023, Status.ON_PACE, "0.6", "1"),
        ("54", 2023, Status.AHEAD, "0.7", "1.1667"),
        ("50", 2023, Status.SLIGHTLY_BEHIND, "0.5", "0.8333"),
        ("45", 2023, Status.FAR_BEHIND, "0.25", "0.4167"),
        ("39", 2023, Status.WORSE_THAN_BASE, "-0.05", "-0.0833"),
        ("60", 2023, Status.MET, "1", "1.6667"),
        ("59.996", 2025, Status.MISSED_TARGET, "0.9998", "0.9998"),
    ],
)
def test_worked_example_from_40_to_60(value, year, status, goal, pace):
    judgement = judge(yardstick(), reading(value, year))
    assert judgement.status is status
    assert judgement.goal == Decimal(goal)
    assert judgement.pace.quantize(Decimal("0.0001")) == Decimal(pace)


def test_judgement_as_a_whole():
    assert judge(yardstick(), reading("51")) == Judgement(
        status=Status.SLIGHTLY_BEHIND,
        early=False,
        label="略有滞后",
        time=Decimal("0.6"),
        expected=Decimal(52),
        deviation=Decimal(-1),
        goal=Decimal("0.55"),
        completion=Decimal("0.85"),
        pace=Decimal("0.91" + "6" * 47 + "7"),
    )


def test_met_before_the_due_year_is_early():
    judgement = judge(yardstick(), reading("60"))
    assert (judgement.status, judgement.early, judgement.label) == (Status.MET, True, "提前完成")


def test_met_in_the_due_year_is_plainly_met():
    judgement = judge(yardstick(), reading("60", 2025))
    assert (judgement.status, judgement.early, judgement.label) == (Status.MET, False, "已达标")


@pytest.mark.parametrize(("year", "expected"), [(2021, "42.5"), (2022, 45), (2023, 50), (2025, 60)])
def test_line_runs_through_the_milestone(year, expected):
    stick = yardstick(milestones={2022: 45})
    assert expected_value(stick, date(year, 12, 31)) == Decimal(expected)


@pytest.mark.parametrize(
    ("base", "value", "year", "status"),
    [
        (None, "30", 2025, Status.MISSED_TARGET),
        (None, "30.01", 2025, Status.MET),
        ("30", "30", 2023, Status.ON_PACE),
        ("30", "29.99", 2023, Status.WORSE_THAN_BASE),
        ("30", "30.01", 2023, Status.MET),
    ],
)
def test_row_14_is_more_than_30_square_metres(base, value, year, status):
    stick = yardstick(base, 30, comparator=">")
    assert status_of(stick, value, year) is status
    assert expected_value(stick, date(2023, 12, 31)) == (None if base is None else 30)


def test_row_1_slower_rural_growth_misses_the_bar():
    def standard(name, last, this):
        return Series(name, Input(name, 2023, Decimal(this)), Input(name, 2022, Decimal(last)))

    bar = Input("居民人均消费支出增速", 2022, Decimal("5.5"))
    result = growth([standard("城市", 630, 668), standard("农村", 5600, 5900)], [bar])
    stick = yardstick(None, None, kind=Kind.BAR, verdict=Verdict.EVERY)
    judgement = judge(stick, reading(result.value, bar=result.bar))
    assert (judgement.label, judgement.expected) == ("未达标", Decimal("5.5"))
    assert result.value.quantize(Decimal("0.0001")) == Decimal("5.3571")


# --- time and expected value ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "months"),
    [
        (date(2019, 5, 1), 0),
        (date(2020, 12, 31), 0),
        (date(2021, 1, 30), 0),
        (date(2021, 1, 31), 1),
        (date(2023, 2, 28), 26),
        (date(2024, 2, 28), 37),
        (date(2024, 2, 29), 38),
        (date(2023, 6, 29), 29),
        (date(2023, 6, 30), 30),
        (date(2023, 12, 31), 36),
        (date(2025, 12, 31), 60),
        (date(2031, 1, 1), 60),
    ],
)
def test_time_counts_whole_months(as_of, months):
    assert time_progress(2020, 2025, as_of) * 60 == months


def test_time_of_a_plan_without_length_is_over():
    assert time_progress(2025, 2025, date(2021, 1, 1)) == 1


def test_expected_value_at_mid_year_is_half_a_years_step():
    assert expected_value(yardstick(), date(2021, 6, 30)) == 42


@pytest.mark.parametrize(("year", "expected"), [(2019, 40), (2020, 40), (2026, 60)])
def test_line_is_level_outside_the_plan(year, expected):
    assert expected_value(yardstick(), date(year, 12, 31)) == expected


def test_milestones_outside_the_plan_do_not_bend_the_line():
    stick = yardstick(milestones={2020: 99, 2025: 99, 2027: 99, 2019: 99})
    assert [expected_value(stick, date(y, 12, 31)) for y in range(2019, 2028)] == [
        *[40, 40, 44, 48, 52, 56],
        *[60, 60, 60],
    ]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        (date(2020, 12, 31), None),
        (date(2022, 12, 31), 45),
        (date(2022, 12, 30), None),
        (date(2023, 12, 31), None),
        (date(2025, 6, 30), 60),
        (date(2025, 12, 31), 60),
        (date(2026, 12, 31), 60),
    ],
)
def test_without_base_only_milestones_and_target_are_expected(as_of, expected):
    stick = yardstick(None, milestones={2020: 40, 2022: 45, 2025: 99})
    assert expected_value(stick, as_of) == expected


def test_hold_is_expected_at_its_target_from_the_start():
    assert expected_value(yardstick(kind=Kind.HOLD), date(2021, 12, 31)) == 60


def test_bar_has_no_expected_value_of_its_own():
    assert expected_value(yardstick(kind=Kind.BAR), date(2021, 12, 31)) is None


def test_pace_without_milestones_is_goal_over_time():
    judgement = judge(yardstick(), reading("47", 2022, as_of=date(2022, 6, 30)))
    assert judgement.pace * judgement.time == pytest.approx(judgement.goal, rel=Decimal("1e-45"))


# --- the status table, row by row -----------------------------------------------------------------


@pytest.mark.parametrize("state", [State.MISSING, State.IMPOSSIBLE])
def test_year_without_value_is_not_reported(state):
    judgement = judge(yardstick(), reading(None, state=state))
    assert judgement == Judgement(
        Status.NOT_REPORTED, False, "未填报", Decimal("0.6"), Decimal(52), *[None] * 4
    )


def test_impossible_value_is_not_judged_even_if_a_number_comes_along():
    judgement = judge(yardstick(), reading(99, state=State.IMPOSSIBLE))
    assert (judgement.status, judgement.deviation) == (Status.NOT_REPORTED, None)


def test_value_that_is_no_value_is_not_reported():
    assert status_of(yardstick(), None) is Status.NOT_REPORTED


def test_not_applicable_inputs_say_so():
    assert judge(yardstick(), reading(None, state=State.NOT_APPLICABLE)).label == "不适用"


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("year", [2019, 2020])
def test_base_year_and_earlier_are_base_for_every_kind(kind, year):
    assert status_of(yardstick(kind=kind), 99, year, bar=1) is Status.BASE


@pytest.mark.parametrize("year", [2023, 2025, 2026])
def test_bar_without_reference_is_never_judged(year):
    stick = yardstick(None, None, kind=Kind.BAR)
    assert judge(stick, reading(9, year)).label == "暂不评价（缺参照值）"


def test_reach_without_base_and_milestone_is_not_judged():
    judgement = judge(yardstick(None), reading(50))
    assert (judgement.status, judgement.label) == (Status.NOT_JUDGED, "暂不评价（缺基期）")


def test_reach_without_base_is_met_all_the_same_when_it_satisfies_the_target():
    assert judge(yardstick(None), reading(60)).label == "提前完成"


@pytest.mark.parametrize(
    ("year", "status"),
    [(2025, Status.MISSED_TARGET), (2026, Status.BELOW), (2024, Status.NOT_JUDGED)],
)
def test_reach_without_base_is_judged_from_the_due_year_on(year, status):
    assert status_of(yardstick(None), 59, year) is status


@pytest.mark.parametrize(("value", "status"), [(45, Status.ON_PACE), ("44.9", Status.FAR_BEHIND)])
def test_milestone_decides_where_the_base_is_unknown(value, status):
    assert status_of(yardstick(None, milestones={2022: 45}), value, 2022) is status


def test_milestone_without_base_does_not_judge_the_middle_of_its_year():
    stick = yardstick(None, milestones={2022: 45})
    assert status_of(stick, 50, 2022, as_of=date(2022, 6, 30)) is Status.NOT_JUDGED


@pytest.mark.parametrize("kind", [Kind.REACH, Kind.HOLD])
def test_indicator_without_target_is_not_judged(kind):
    assert judge(yardstick(40, None, kind=kind), reading(50)).label == "暂不评价（缺目标值）"


@pytest.mark.parametrize(
    ("kind", "verdict", "year", "status"),
    [
        (Kind.REACH, Verdict.DUE, 2025, Status.MISSED_TARGET),
        (Kind.REACH, Verdict.EVERY, 2025, Status.MISSED_TARGET),
        (Kind.REACH, Verdict.DUE, 2026, Status.BELOW),
        (Kind.HOLD, Verdict.DUE, 2024, Status.BELOW),
        (Kind.HOLD, Verdict.DUE, 2025, Status.MISSED_TARGET),
        (Kind.HOLD, Verdict.DUE, 2026, Status.BELOW),
        (Kind.HOLD, Verdict.EVERY, 2025, Status.BELOW),
        (Kind.BAR, Verdict.EVERY, 2025, Status.BELOW),
        (Kind.BAR, Verdict.DUE, 2025, Status.MISSED_TARGET),
        (Kind.BAR, Verdict.DUE, 2024, Status.BELOW),
    ],
)
def test_what_a_failure_is_called(kind, verdict, year, status):
    stick = yardstick(kind=kind, verdict=verdict)
    assert status_of(stick, 59, year, bar=60) is status


def test_hold_needs_no_base_to_be_judged():
    assert status_of(yardstick(None, 100, kind=Kind.HOLD), 98) is Status.BELOW


@pytest.mark.parametrize("kind", [Kind.HOLD, Kind.BAR])
def test_hold_or_bar_met_is_not_early(kind):
    judgement = judge(yardstick(kind=kind), reading(60, 2022, bar=60))
    assert (judgement.early, judgement.label) == (False, "已达标")


def test_hold_below_its_base_is_below_its_target():
    assert status_of(yardstick(kind=Kind.HOLD), 39) is Status.BELOW


def test_hold_and_bar_have_no_share_of_a_way():
    for kind in (Kind.HOLD, Kind.BAR):
        judgement = judge(yardstick(kind=kind), reading(50, bar=55))
        assert (judgement.goal, judgement.pace) == (None, None)


def test_lower_is_better_is_the_same_table_upside_down():
    stick = yardstick(60, 40, comparator="≤")
    labels = {value: judge(stick, reading(value)).label for value in (40, 46, 48, 50, 55, 60, 61)}
    assert labels == {
        40: "提前完成",
        46: "快于序时",
        48: "符合序时",
        50: "略有滞后",
        55: "明显滞后",
        60: "明显滞后",
        61: "高于基期",
    }


def test_lower_is_better_has_no_completion():
    assert judge(yardstick(60, 40, comparator="≤"), reading(50)).completion is None


def test_completion_of_a_target_of_nought_is_not_asked():
    assert judge(yardstick(-5, 0), reading(-1)).completion is None


@pytest.mark.parametrize(
    ("pace", "status"),
    [
        ("1.05", Status.AHEAD),
        ("1.0499999", Status.ON_PACE),
        ("0.95", Status.ON_PACE),
        ("0.9499999", Status.SLIGHTLY_BEHIND),
        ("0.6", Status.SLIGHTLY_BEHIND),
        ("0.5999999", Status.FAR_BEHIND),
    ],
)
def test_thresholds_include_themselves(pace, status):
    assert status_of(yardstick(0, 100), Decimal(pace) * 60) is status


def test_thresholds_are_the_plans_data():
    stick = yardstick(thresholds=Thresholds(Decimal("1.3"), Decimal("1.2"), Decimal("1.1")))
    assert status_of(stick, 54) is Status.SLIGHTLY_BEHIND


def test_threshold_at_an_expected_value_that_does_not_end():
    """E = 1000 + 20 ÷ 3 has no last digit, 1.05 × 20 ÷ 3 = 7 has: V = 1007 is ahead."""
    stick, as_of = yardstick(1000, 1050), date(2021, 8, 31)  # 50 × 8 ÷ 60 = 20 ÷ 3
    assert status_of(stick, 1007, 2021, as_of=as_of) is Status.AHEAD
    assert status_of(stick, "1006." + "9" * 40, 2021, as_of=as_of) is Status.ON_PACE


def test_threshold_at_nought_from_a_base_below_it():
    """−0.64 + 0.60 × 16 ÷ 15 is 0 and not the speck that rounding would leave."""
    stick, as_of = yardstick("-0.64", "7.36"), date(2021, 8, 31)
    assert status_of(stick, 0, 2021, as_of=as_of) is Status.SLIGHTLY_BEHIND
    assert status_of(stick, "-1E-40", 2021, as_of=as_of) is Status.FAR_BEHIND


@pytest.mark.parametrize("base", [0, 1000])
def test_ratio_that_does_not_end_reaches_its_threshold(base):
    """V = base + 19 ÷ 3, rounded to 50 digits, is at 0.95 × 20 ÷ 3."""
    terms = [Input("n", 2021, Decimal(3 * base + 19))], [Input("m", 2021, Decimal(3))]
    value = ratio(*terms, scale=Decimal(1), zero_over_zero=False).value
    stick, as_of = yardstick(base, base + 50), date(2021, 8, 31)
    assert status_of(stick, value, 2021, as_of=as_of) is Status.ON_PACE


def test_value_and_expectation_of_a_third_are_equal():
    """A ratio of 100 ÷ 3, rounded to 50 digits, is on the line that expects 100 ÷ 3."""
    third = growth([Series("s", Input("s", 1, Decimal(4)), Input("s", 0, Decimal(3)))], []).value
    judgement = judge(yardstick(0, 50), reading(third, as_of=date(2024, 4, 30)))
    assert (judgement.deviation, judgement.status) == (0, Status.ON_PACE)


def test_met_comes_before_worse_than_base_where_the_base_was_better_than_the_target():
    stick = yardstick(70, 60)
    assert judge(stick, reading(65)).label == "提前完成"
    assert judge(stick, reading(65)).goal is None
    assert status_of(stick, 59) is Status.WORSE_THAN_BASE


@pytest.mark.parametrize(
    ("value", "status"),
    [(40, Status.ON_PACE), (45, Status.ON_PACE), (39, Status.WORSE_THAN_BASE)],
)
def test_milestone_below_the_base_asks_for_no_more_than_reaching_it(value, status):
    judgement = judge(yardstick(milestones={2023: 35}), reading(value))
    assert (judgement.status, judgement.pace) == (status, None)


def test_behind_is_what_counts_as_laggard():
    labels = {status.label for status in BEHIND}
    assert labels == {"略有滞后", "明显滞后", "低于基期", "未达标", "未达目标"}
    assert {status.label for status in ON_TRACK} == {"快于序时", "符合序时"}


# --- the verdict over the plan --------------------------------------------------------------------

YEARS = range(2021, 2026)


def every_year(*statuses):
    stick = yardstick(verdict=Verdict.EVERY)
    judgements = {y: judged(s) for y, s in zip(YEARS, statuses, strict=False) if s}
    return plan_verdict(stick, judgements, YEARS)


def test_every_year_met_is_met():
    years = tuple(YEARS)
    assert every_year(*[Status.MET] * 5) == PlanVerdict(
        True, Status.MET, years, years, "5 年中 5 年达标"
    )


@pytest.mark.parametrize("failed", [Status.BELOW, Status.MISSED_TARGET, Status.ON_PACE])
def test_one_year_not_met_fails_every_year(failed):
    assert every_year(Status.MET, failed, *[Status.MET] * 3) == PlanVerdict(
        False, Status.BELOW, (2021, 2023, 2024, 2025), tuple(YEARS), "5 年中 4 年达标"
    )


@pytest.mark.parametrize("absent", [None, Status.NOT_REPORTED, Status.NOT_JUDGED])
def test_missing_year_leaves_every_year_open(absent):
    assert every_year(Status.MET, Status.BELOW, Status.MET, absent, Status.MET) == PlanVerdict(
        None,
        Status.NOT_JUDGED,
        (2021, 2023, 2025),
        (2021, 2022, 2023, 2025),
        "5 年中 3 年达标，2024 年缺数据或暂不评价",
    )


def test_inapplicable_year_does_not_count():
    verdict = every_year(Status.NOT_APPLICABLE, *[Status.MET] * 4)
    assert (verdict.met, verdict.text) == (True, "4 年中 4 年达标")


def test_inapplicable_years_only_give_no_verdict():
    verdict = every_year(*[Status.NOT_APPLICABLE] * 5)
    assert verdict == PlanVerdict(None, Status.NOT_APPLICABLE, (), (), "各年均不适用")


def test_no_years_give_no_verdict():
    verdict = plan_verdict(yardstick(verdict=Verdict.EVERY), {}, [2020])
    assert verdict == PlanVerdict(None, Status.NOT_JUDGED, (), (), "尚无可评价的年份")


def test_due_year_decides_alone():
    judgements = {2024: judged(Status.FAR_BEHIND), 2025: judged(Status.MET)}
    assert plan_verdict(yardstick(), judgements, YEARS) == PlanVerdict(
        True, Status.MET, (2025,), (2025,), "2025 年已达标"
    )


def test_missed_due_year_is_not_met():
    verdict = plan_verdict(yardstick(), {2025: judged(Status.MISSED_TARGET)}, YEARS)
    assert verdict == PlanVerdict(False, Status.MISSED_TARGET, (), (2025,), "2025 年未达目标")


def test_due_year_still_to_come_is_open():
    verdict = plan_verdict(yardstick(), {2023: judged(Status.MET, early=True)}, [2021, 2022, 2023])
    assert verdict == PlanVerdict(None, Status.NOT_JUDGED, (), (), "2025 年到期，尚未到期")


def test_due_year_without_judgement_is_not_reported():
    verdict = plan_verdict(yardstick(), {}, YEARS)
    assert verdict == PlanVerdict(None, Status.NOT_REPORTED, (), (), "2025 年未填报")


def test_c16_is_decided_in_2022_and_reports_the_later_years():
    judgements = {
        2022: judged(Status.MET),
        2023: judged(Status.BELOW),
        2024: judged(Status.MET),
        2025: judged(Status.NOT_REPORTED),
    }
    assert plan_verdict(yardstick(due_year=2022), judgements, YEARS) == PlanVerdict(
        True, Status.MET, (2022,), (2022,), "2022 年已达标；此后 2 年中 1 年达标"
    )


# --- gaps, forecast -------------------------------------------------------------------------------


# --- printed numbers ------------------------------------------------------------------------------


# --- the summary sentence -------------------------------------------------------------------------


# --- properties -----------------------------------------------------------------------------------

numbers = st.decimals(-(10**4), 10**4, places=6)
small = st.integers(-20, 20).map(Decimal)  # meets equalities far more often
values = numbers | small
dates = st.dates(date(2018, 1, 1), date(2029, 12, 31))
comparators = st.sampled_from(Comparator)
sticks = st.builds(
    Yardstick,
    kind=st.sampled_from(Kind),
    verdict=st.sampled_from(Verdict),
    comparator=comparators,
    base_year=st.integers(2018, 2022),
    due_year=st.integers(2020, 2027),
    target=st.none() | values,
    base_value=st.none() | values,
    milestones=st.dictionaries(st.integers(2018, 2028), values, max_size=4),
    thresholds=st.just(Thresholds()) | st.builds(Thresholds, values, values, values),
)
any_finite = st.decimals(allow_nan=False, allow_infinity=False)
wild_sticks = st.builds(
    Yardstick,
    kind=st.sampled_from(Kind),
    verdict=st.sampled_from(Verdict),
    comparator=comparators,
    base_year=st.integers(1, 9999),
    due_year=st.integers(1, 9999),
    target=st.none() | any_finite,
    base_value=st.none() | any_finite,
    milestones=st.dictionaries(st.integers(1, 9999), any_finite, max_size=3),
)
readings = st.builds(
    Reading,
    year=st.integers(1, 9999),
    as_of=st.dates(),
    state=st.sampled_from(State),
    value=st.none() | any_finite,
    bar=st.none() | any_finite,
)


@settings(steady, max_examples=1000)
@given(sticks, st.integers(2018, 2028), dates, values, values, st.none() | values)
def test_better_value_never_gets_a_worse_status(stick, year, as_of, one, other, bar):
    worse, better = sorted([one, other], reverse=not stick.comparator.higher_is_better)
    statuses = [
        judge(stick, Reading(year, as_of, State.VALUE, value, bar)).status
        for value in (worse, better)
    ]
    if Status.BASE not in statuses:
        assert SEVERITY[statuses[1]] <= SEVERITY[statuses[0]]


@settings(steady, max_examples=1000)
@given(sticks, st.integers(2018, 2028), dates, values, st.none() | values)
def test_mirrored_indicator_gets_the_same_status(stick, year, as_of, value, bar):
    """≤ is ≥ with all signs turned: neither direction has rules of its own."""
    turned = {"≥": "≤", ">": "<", "≤": "≥", "<": ">"}
    mirror = replace(
        stick,
        comparator=Comparator(turned[stick.comparator]),
        target=None if stick.target is None else -stick.target,
        base_value=None if stick.base_value is None else -stick.base_value,
        milestones={y: -v for y, v in stick.milestones.items()},
    )
    mirrored_bar = None if bar is None else -bar
    assert (
        judge(stick, Reading(year, as_of, State.VALUE, value, bar)).status
        is judge(mirror, Reading(year, as_of, State.VALUE, -value, mirrored_bar)).status
    )


@settings(steady, max_examples=500)
@given(wild_sticks, readings)
def test_judging_never_raises(stick, known):
    judgement = judge(stick, known)
    assert 0 <= judgement.time <= 1
    assert judgement.status.label in judgement.label or judgement.label in {"提前完成", "高于基期"}


@steady
@given(values, comparators, st.integers(2021, 2027), st.integers(1, 20))
def test_status_is_never_decided_on_a_rounded_number(target, comparator, year, places):
    """A hair to the wrong side of the target is not the target, a hair to the right side is."""
    hair = Decimal(1).scaleb(-places)
    better = 1 if comparator.higher_is_better else -1
    stick = yardstick(None, target, comparator=comparator)
    assert status_of(stick, target + better * hair, year) is Status.MET
    assert status_of(stick, target - better * hair, year) is not Status.MET
    assert (status_of(stick, target, year) is Status.MET) is not comparator.strict


@steady
@given(small, st.integers(1, 50), st.sampled_from(["1.05", "0.95", "0.60"]), st.integers(1, 20))
def test_pace_is_never_decided_on_a_rounded_number(base, way, limit, places):
    stick = yardstick(base, base + 100 * way)
    level, hair = base + Decimal(limit) * 60 * way, Decimal(1).scaleb(-places - 2)
    at, short = status_of(stick, level), status_of(stick, level - hair)
    assert SEVERITY[short] == SEVERITY[at] + 1
