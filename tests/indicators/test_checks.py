"""The rules of the checks, one by one, without a database."""

from decimal import Decimal

import pytest

from indicators.checks import rules
from indicators.checks.rules import Limit, Number

BEDS = "D24 养老机构护理型床位数"


def number(amount: object, name: str = BEDS, measure: str = "张", **more: bool) -> Number:
    return Number(name, decimal(amount), measure, **more)


def decimal(amount: object) -> Decimal | None:
    return None if amount is None else Decimal(str(amount))


def limit(percent: object, floor: object = None, *, in_points: bool = False) -> Limit:
    return Limit(Decimal(str(percent)), "提醒", decimal(floor), in_points)


# this year, last year, limit in %, floor: what is found
JUMPS = [
    (900, 650, 30, None, "本次 900 张，上年 650 张，增长 38.5%，超过提醒界限 30%"),
    (650, 900, 25, None, "本次 650 张，上年 900 张，下降 27.8%，超过提醒界限 25%"),
    (150, 100, 50, None, ""),  # exactly at the limit is within
    (50, 100, 50, None, ""),
    (151, 100, 50, None, "本次 151 张，上年 100 张，增长 51.0%，超过提醒界限 50%"),
    # never printed on the wrong side of the limit
    ("150.001", 100, 50, None, "本次 150.001 张，上年 100 张，增长 50.001%，超过提醒界限 50%"),
    (0, 100, 50, None, "本次 0 张，上年 100 张，下降 100.0%，超过提醒界限 50%"),
    (5, 0, 50, None, "本次 5 张，上年 0 张，从无到有，无法计算增幅"),
    (0, 0, 50, None, ""),
    (900, None, 30, None, ""),  # no last year
    (None, 650, 30, None, ""),  # 暂无, 不适用, not filled in
    (19, 1, 50, 20, ""),  # both below the floor
    (20, 1, 50, 20, "本次 20 张，上年 1 张，增长 1,900.0%，超过提醒界限 50%"),
    (0, 20, 50, 20, "本次 0 张，上年 20 张，下降 100.0%，超过提醒界限 50%"),
    (-2, -1, 50, None, "本次 -2 张，上年 -1 张，下降 100.0%，超过提醒界限 50%"),
]


@pytest.mark.parametrize(("now", "last", "percent", "floor", "found"), JUMPS)
def test_jump_on_last_year(now, last, percent, floor, found) -> None:
    assert rules.jump(number(now), decimal(last), limit(percent, floor)) == found


@pytest.mark.parametrize(
    ("now", "last", "found"),
    [
        (12.6, -1.5, "本次 12.6 %，上年 -1.5 %，上升 14.1 个百分点，超过提醒界限 10 个百分点"),
        (0, 11, "本次 0 %，上年 11 %，下降 11.0 个百分点，超过提醒界限 10 个百分点"),
        (8.5, -1.5, ""),  # exactly at the limit
        (5, 0, ""),
    ],
)
def test_a_percentage_jumps_by_points(now, last, found) -> None:
    told = rules.jump(number(now, measure="%"), decimal(last), limit(10, in_points=True))
    assert told == found


FLASHES = [
    (900, 650, 10, "年报数 900 张，快报数 650 张，增加 38.5%，超过提醒界限 10%"),
    (90, 100, 10, ""),
    (89, 100, 10, "年报数 89 张，快报数 100 张，减少 11.0%，超过提醒界限 10%"),
    (89, None, 10, ""),
]


@pytest.mark.parametrize(("now", "earlier", "percent", "found"), FLASHES)
def test_annual_against_flash_figure(now, earlier, percent, found) -> None:
    names = ("年报数", "快报数")
    assert rules.flash(number(now), decimal(earlier), limit(percent), names) == found


# this year, last year, the year before
FALLS = [
    (600, 640, 405, "本次 600 张，2022 年 640 张，累计数下降"),
    (640, 640, 405, ""),
    (641, 640, 700, ""),  # the newest year counts
    (600, None, 640, "本次 600 张，2021 年 640 张，累计数下降"),
    (600, None, None, ""),
    (None, 640, 640, ""),
]


@pytest.mark.parametrize(("now", "last", "before", "found"), FALLS)
def test_a_running_total_that_falls(now, last, before, found) -> None:
    years = [(2022, decimal(last)), (2021, decimal(before))]
    assert rules.fall(number(now), years) == found


UNCHANGED = [
    (976, 976, 976, None, "本次 976 张，2022 年、2021 年也是 976 张，三年未变"),
    ("976.0", "976.000", 976, None, "本次 976 张，2022 年、2021 年也是 976 张，三年未变"),
    (976, 976, 975, None, ""),
    (976, 976, None, None, ""),
    (None, None, None, None, ""),
    (0, 0, 0, None, ""),
    (99, 99, 99, 100, ""),
    (100, 100, 100, 100, "本次 100 张，2022 年、2021 年也是 100 张，三年未变"),
]


@pytest.mark.parametrize(("now", "last", "before", "floor", "found"), UNCHANGED)
def test_unchanged_for_three_years(now, last, before, floor, found) -> None:
    years = [(2022, decimal(last)), (2021, decimal(before))]
    assert rules.unchanged(number(now), years, decimal(floor)) == found


def test_two_years_are_not_three() -> None:
    assert rules.unchanged(number(976), [(2022, Decimal(976))]) == ""


WHOLE = "D23 养老机构床位数"
PARTS = [
    (301, 300, "本次 301 张，D23 养老机构床位数 300 张，部分大于整体"),
    (300, 300, ""),
    (300, None, ""),
    (None, 300, ""),
    (1, 0, "本次 1 张，D23 养老机构床位数 0 张，部分大于整体"),
]


@pytest.mark.parametrize(("part", "whole", "found"), PARTS)
def test_part_above_whole(part, whole, found) -> None:
    assert rules.part_above_whole(number(part), number(whole, WHOLE)) == found


def test_yes_and_no_are_told_as_words() -> None:
    yes = number(1, "D36 已建成（东镇）", "", yes_no=True)
    no = number(0, "D35 有条件（东镇）", "", yes_no=True)
    told = rules.part_above_whole(yes, no)
    assert told == "本次 “是”，而D35 有条件（东镇） “否”，两者不能同时成立"


def test_what_another_unit_has_not_published_is_compared_and_not_printed() -> None:
    told = rules.part_above_whole(number(301), number(300, WHOLE, hidden=True))
    assert told == "本次 301 张，D23 养老机构床位数（他单位尚未发布，数略），部分大于整体"


TOTALS = [
    (100, 101, "本次 100 张，L12 床位（各乡镇合计） 101 张，两数不符"),
    (100, 100, ""),
    (100, None, ""),  # 12 of 17 townships are no sum
    (None, 100, ""),
]


@pytest.mark.parametrize(("department", "townships", "found"), TOTALS)
def test_township_list_against_department_figure(department, townships, found) -> None:
    total = number(townships, "L12 床位（各乡镇合计）")
    assert rules.total_differs(number(department), total) == found


SAME = [
    (230, 230, None, "本次 230 张，D23 养老机构床位数也是 230 张，两项同数"),
    (230, 231, None, ""),
    (0, 0, None, ""),
    (None, None, None, ""),
    (99, 99, 100, ""),
    (100, 100, 100, "本次 100 张，D23 养老机构床位数也是 100 张，两项同数"),
]


@pytest.mark.parametrize(("one", "other", "floor", "found"), SAME)
def test_the_same_number_in_two_items(one, other, floor, found) -> None:
    assert rules.same_number(number(one), number(other, WHOLE), decimal(floor)) == found
