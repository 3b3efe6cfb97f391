"""indicators/calculation.py against domain.md §3 and §4; pure, no database."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.calculation import (
    BandUnit,
    Input,
    Result,
    Series,
    State,
    band,
    direct,
    exact,
    growth,
    ratio,
)

steady = settings(deadline=None, derandomize=True)
HUNDRED = Decimal(100)
BANDS = [
    (Decimal(30000), Decimal(3)),
    (Decimal(0), Decimal(1)),
    (Decimal(15000), Decimal(2)),
]


def known(name, amount, *, year=2023, factor=1):
    return Input(name, year, Decimal(amount), factor=Decimal(factor))


def unknown(name, *, year=2023, detail=""):
    return Input(name, year, None, detail=detail)


def inapplicable(name, *, year=2023, detail=""):
    return Input(name, year, None, not_applicable=True, detail=detail)


def percent(numerator, denominator, *, zero_over_zero=False):
    return ratio(numerator, denominator, scale=HUNDRED, zero_over_zero=zero_over_zero)


def series(name, last, this, *, years=(2022, 2023)):
    return Series(name, known(name, this, year=years[1]), known(name, last, year=years[0]))


def township(name, posts, size):
    return BandUnit(name, known("社工岗位", posts), known("常住人口", size))


def value_of(numerator, denominator, digits="0.0001"):
    result = percent([known("分子", numerator)], [known("分母", denominator)])
    return result.value.quantize(Decimal(digits))


# --- direct ---------------------------------------------------------------------------------------


def test_direct_adds_the_weighted_amounts():
    inputs = [known("持证", "300"), known("在读", "41", factor="0.5")]
    assert direct(inputs) == Result(State.VALUE, Decimal("320.5"))


def test_zero_is_a_value_and_not_missing():
    assert direct([known("持证", 0)]) == Result(State.VALUE, Decimal(0))


def test_missing_input_leaves_no_value_and_is_named_with_its_detail():
    inputs = [known("持证", 3), unknown("示范点", detail="12/17 个乡镇已报，缺：溢水镇、大庙乡…")]
    assert direct(inputs) == Result(
        State.MISSING, notes=("缺 2023 年示范点（12/17 个乡镇已报，缺：溢水镇、大庙乡…）",)
    )


def test_not_applicable_input_makes_the_value_not_applicable_and_says_why():
    assert direct([inapplicable("退役安置", detail="无此机构")]) == Result(
        State.NOT_APPLICABLE, notes=("2023 年退役安置不适用（无此机构）",)
    )


def test_missing_wins_over_not_applicable():
    result = direct([inapplicable("甲"), unknown("乙")])
    assert result == Result(State.MISSING, notes=("缺 2023 年乙",))


def test_formula_without_inputs_is_missing_and_not_zero():
    assert direct([]) == Result(State.MISSING, notes=("未设置数据项",))


# --- ratio ----------------------------------------------------------------------------------------


def test_ratio_keeps_numerator_and_denominator():
    result = percent([known("护理型床位", 150)], [known("机构床位", 300)])
    assert result == Result(State.VALUE, Decimal(50), Decimal(150), Decimal(300))


def test_row_2_rural_over_urban_standard_times_twelve():
    result = percent([known("农村低保标准", 5900)], [known("城市低保标准", 668, factor=12)])
    assert result.denominator == 8016
    assert result.value.quantize(Decimal("0.0001")) == Decimal("73.6028")


def test_ratio_sums_both_sides_before_dividing():
    result = percent([known("a", 1), known("b", 2)], [known("c", 2), known("d", 4)])
    assert result == Result(State.VALUE, Decimal(50), Decimal(3), Decimal(6))


def test_ratio_names_every_missing_input_once():
    missing = unknown("农村低保标准")
    result = percent([missing, known("a", 1)], [missing, unknown("城市低保标准")])
    assert result == Result(
        State.MISSING, notes=("缺 2023 年农村低保标准", "缺 2023 年城市低保标准")
    )


@pytest.mark.parametrize("sides", [([], [known("a", 1)]), ([known("a", 1)], [])])
def test_ratio_with_an_empty_side_is_missing(sides):
    assert percent(*sides) == Result(State.MISSING, notes=("未设置数据项",))


@pytest.mark.parametrize(
    ("numerator", "denominator", "allowed", "state", "note"),
    [
        (0, 0, True, State.NOT_APPLICABLE, "分子、分母均为 0"),
        (
            0,
            0,
            False,
            State.IMPOSSIBLE,
            "分子、分母均为 0，无法计算，请核对 2023 年应送返人数、2023 年已送返人数",
        ),
        (
            "3.00",
            0,
            True,
            State.IMPOSSIBLE,
            "分母为 0 而分子为 3，请核对 2023 年应送返人数、2023 年已送返人数",
        ),
        (
            3,
            "-20",
            True,
            State.IMPOSSIBLE,
            "分母为 -20 而分子为 3，请核对 2023 年应送返人数、2023 年已送返人数",
        ),
    ],
)
def test_denominator_that_is_not_positive(numerator, denominator, allowed, state, note):
    result = percent(
        [known("已送返人数", numerator)], [known("应送返人数", denominator)], zero_over_zero=allowed
    )
    assert result == Result(state, None, Decimal(numerator), Decimal(denominator), notes=(note,))


def test_ratio_is_not_rounded():
    assert value_of(59996, 100000, "0.000001") == Decimal("59.996")
    assert percent([known("n", 2)], [known("m", 3)]).value == Decimal("66." + "6" * 47 + "7")


def test_scale_comes_before_the_division_so_that_nothing_is_lost():
    one, three = [known("n", 1)], [known("m", 3)]
    assert ratio(one, three, scale=Decimal(3), zero_over_zero=False).value == 1


def test_absurd_amount_is_an_entry_error_and_no_exception():
    assert direct([known("n", "9E+999999999999999999", factor=10)]) == Result(
        State.IMPOSSIBLE, notes=("数值超出可计算范围，请核对录入的数据",)
    )


def test_result_does_not_depend_on_the_callers_decimal_context():
    usual = percent([known("n", 2)], [known("m", 3)])
    with exact(3):
        assert percent([known("n", 2)], [known("m", 3)]) == usual


# --- growth ---------------------------------------------------------------------------------------


def test_row_1_shows_the_smaller_growth_beside_its_bar():
    urban, rural = series("城市低保标准", 630, 668), series("农村低保标准", 5600, 5900)
    result = growth([urban, rural], [known("居民人均消费支出增速", "5.5", year=2022)])
    rates = [(name, rate.quantize(Decimal("0.0001"))) for name, rate in result.series]
    assert rates == [("城市低保标准", Decimal("6.0317")), ("农村低保标准", Decimal("5.3571"))]
    assert result == Result(
        State.VALUE, result.series[1][1], series=result.series, bar=Decimal("5.5")
    )


def test_growth_exactly_at_a_decimal_percentage_stays_exact():
    assert growth([series("标准", 600, 633)], []).value == Decimal("5.5")


def test_growth_applies_factors_before_comparing_units():
    this = known("标准", 100, factor=12)
    last = known("标准", 1000, year=2022)
    assert growth([Series("标准", this, last)], []).value == Decimal(20)


def test_missing_bar_leaves_the_value_and_says_so():
    result = growth([series("标准", 100, 110)], [unknown("居民人均消费支出增速", year=2022)])
    assert result == Result(
        State.VALUE,
        Decimal(10),
        series=(("标准", Decimal(10)),),
        notes=("缺 2022 年居民人均消费支出增速",),
    )


def test_growth_without_bar_has_none():
    result = growth([series("标准", 100, 90)], [])
    assert result == Result(State.VALUE, Decimal(-10), series=(("标准", Decimal(-10)),))


def test_several_bars_are_compounded():
    bar = [known("增速", 10, year=2021), known("增速", 20, year=2022)]
    assert growth([series("标准", 100, 140, years=(2021, 2023))], bar).bar == Decimal(32)


def test_one_missing_year_leaves_no_cumulative_bar():
    bar = [known("增速", 10, year=2021), unknown("增速", year=2022)]
    result = growth([series("标准", 100, 140)], bar)
    assert (result.value, result.bar, result.notes) == (40, None, ("缺 2022 年增速",))


def test_missing_lag_input_leaves_no_value():
    lagged = Series("标准", known("农村低保标准", 5900), unknown("农村低保标准", year=2022))
    assert growth([lagged, series("城市", 1, 2)], [known("增速", 5)]) == Result(
        State.MISSING, bar=Decimal(5), notes=("缺 2022 年农村低保标准",)
    )


@pytest.mark.parametrize("last", [0, -5])
def test_growth_on_nothing_is_impossible(last):
    assert growth([series("标准", last, 10)], []) == Result(
        State.IMPOSSIBLE, notes=(f"2022 年标准为 {last}，无法计算增长率，请核对",)
    )


def test_growth_without_series_is_missing():
    assert growth([], []) == Result(State.MISSING, notes=("未设置数据项",))


def test_growth_of_an_inapplicable_series_is_not_applicable():
    one = Series("标准", inapplicable("标准"), known("标准", 1, year=2022))
    assert growth([one], []) == Result(State.NOT_APPLICABLE, notes=("2023 年标准不适用",))


# --- band -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "posts", "reached"),
    [
        (14999, 1, True),
        (14999, 0, False),
        (15000, 1, False),
        (15000, 2, True),
        (29999, 2, True),
        (30000, 2, False),
        (30000, 3, True),
    ],
)
def test_c17_minimum_is_that_of_the_size_class(size, posts, reached):
    result = band([township("溢水镇", posts, size)], BANDS, scale=HUNDRED)
    assert result == Result(
        State.VALUE,
        HUNDRED if reached else Decimal(0),
        Decimal(reached),
        Decimal(1),
        short_units=() if reached else ("溢水镇",),
    )


def test_band_is_the_share_of_units_and_names_the_short_ones_in_order():
    units = [township(name, posts, 20000) for name, posts in [("丙", 1), ("甲", 2), ("乙", 0)]]
    units.append(township("丁", 5, 20000))
    assert band(units, BANDS, scale=HUNDRED) == Result(
        State.VALUE, Decimal(50), Decimal(2), Decimal(4), short_units=("丙", "乙")
    )


def test_band_names_unit_and_item_that_are_missing():
    unit = BandUnit("溢水镇", unknown("社工岗位"), unknown("常住人口"))
    assert band([unit, township("甲", 1, 1)], BANDS, scale=HUNDRED) == Result(
        State.MISSING, notes=("溢水镇：缺 2023 年社工岗位", "溢水镇：缺 2023 年常住人口")
    )


def test_band_leaves_inapplicable_units_out_of_both_counts():
    unit = BandUnit("溢水镇", inapplicable("社工岗位"), known("常住人口", 100))
    assert band([unit, township("甲", 1, 1)], BANDS, scale=HUNDRED) == Result(
        State.VALUE, HUNDRED, Decimal(1), Decimal(1)
    )


def test_band_of_inapplicable_units_only_is_not_applicable():
    unit = BandUnit("溢水镇", inapplicable("社工岗位"), known("常住人口", 100))
    assert band([unit], BANDS, scale=HUNDRED) == Result(
        State.NOT_APPLICABLE, notes=("溢水镇：2023 年社工岗位不适用",)
    )


def test_size_below_every_class_is_impossible():
    result = band([township("甲", 1, 10)], [(Decimal(100), Decimal(1))], scale=HUNDRED)
    assert result == Result(
        State.IMPOSSIBLE, notes=("甲：2023 年常住人口为 10，不在任何分档内，请核对",)
    )


def test_band_without_units_is_missing():
    assert band([], BANDS, scale=HUNDRED) == Result(State.MISSING, notes=("没有填报单位",))


# --- properties -----------------------------------------------------------------------------------

amounts = st.decimals(-(10**10), 10**10, places=6)
positive = st.decimals("0.000001", 10**10, places=6)
any_finite = st.decimals(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [Decimal("9e999999999999999"), Decimal("-9e999999999999999"), Decimal("1e-999999999999999")]
)
any_input = st.builds(
    Input,
    name=st.just("数据项"),
    year=st.integers(2015, 2035),
    amount=st.none() | any_finite,
    factor=any_finite,
    not_applicable=st.booleans(),
)
some_inputs = st.lists(any_input, max_size=3)


@steady
@given(amounts, positive, positive)
def test_scaling_both_sides_alike_changes_nothing(numerator, denominator, factor):
    plain = percent([known("n", numerator)], [known("m", denominator)])
    scaled = percent(
        [known("n", numerator, factor=factor)], [known("m", denominator, factor=factor)]
    )
    assert scaled.value == plain.value


@steady
@given(positive, positive, positive)
def test_growth_does_not_depend_on_the_unit_of_measure(last, this, factor):
    plain = growth([series("s", last, this)], [])
    scaled = Series(
        "s",
        known("s", this, factor=factor),
        known("s", last, year=2022, factor=factor),
    )
    assert growth([scaled], []).value == plain.value


@steady
@given(positive, positive)
def test_growth_is_nought_or_more_exactly_when_the_amount_did_not_fall(last, this):
    assert (growth([series("s", last, this)], []).value >= 0) is (this >= last)


@steady
@given(some_inputs, some_inputs, any_finite, st.booleans())
def test_no_finite_input_raises_and_a_value_is_finite(some, others, scale, allowed):
    unit = [BandUnit("甲", a, b) for a, b in zip(some, others, strict=False)]
    pairs = [Series("s", a, b) for a, b in zip(some, others, strict=False)]
    for result in (
        direct(some),
        ratio(some, others, scale=scale, zero_over_zero=allowed),
        growth(pairs, others),
        band(unit, BANDS, scale=scale),
    ):
        assert (result.state is State.VALUE) is (result.value is not None)
        assert result.value is None or result.value.is_finite()
        assert result.bar is None or result.bar.is_finite()
        assert result.notes or result.state is State.VALUE


@steady
@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=17), st.randoms())
def test_order_of_bands_and_units_changes_nothing(pairs, random):
    units = [township(str(n), posts, size) for n, (posts, size) in enumerate(pairs)]
    mixed, bands = random.sample(units, len(units)), random.sample(BANDS, len(BANDS))
    one, other = band(units, BANDS, scale=HUNDRED), band(mixed, bands, scale=HUNDRED)
    assert (one.value, set(one.short_units)) == (other.value, set(other.short_units))
