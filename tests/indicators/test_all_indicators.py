"""Every indicator of the plan computes from entered figures: each expectation by hand."""

from decimal import Decimal
from pathlib import Path

import pytest

from indicators import judging
from indicators.models import AnnualValue, Indicator
from programs.loading import load_plan
from tests.indicators.plan_folder import FIRST, SECOND
from tests.played import play

pytestmark = pytest.mark.django_db

FIRST_TOWNSHIPS = (
    "城关镇 溢水镇 麻家渡镇 宝丰镇 擂鼓镇 秦古镇 得胜镇 上庸镇 官渡镇 潘口乡 竹坪乡 大庙乡"
    " 双台乡 楼台乡 文峰乡 深河乡 柳林乡"
).split()


def yes(count: int, names: list[str] = FIRST_TOWNSHIPS) -> dict[str, int]:
    """The first `count` townships say yes, the others no."""
    return {name: int(n < count) for n, name in enumerate(names)}


# Thirteen small townships need one post, three middle ones two, one large one three.
POPULATION = dict.fromkeys(FIRST_TOWNSHIPS, 14999) | {
    "宝丰镇": 15000,
    "擂鼓镇": 29999,
    "得胜镇": 20000,
    "城关镇": 30000,
}
POSTS = dict.fromkeys(FIRST_TOWNSHIPS, 1) | {"宝丰镇": 2, "擂鼓镇": 2, "城关镇": 3}

FIGURES = {
    2022: {"D01": 630, "D02": 5600, "D03": "5.5"},
    2023: {
        "D01": 668, "D02": 5900, "D03": 6, "D04": 880, "D05": 330, "D06": 7200, "D07": 7182,
        "D08": 5000, "D09": 5000, "D10": 1, "D11": 1, "D12": 40, "D13": 39, "D14": 2, "D15": 2,
        "D16": 1, "D17": 45, "D18": 18, "D19": 402, "D20": 122, "D21": 138, "D22": 66, "D23": 300,
        "D24": 150, "D25": 3, "D26": 60, "D27": 84000, "D28": 17, "D29": 0, "D30": 0,
        "D31": yes(10), "D32": yes(12), "D33": yes(17), "D34": 106, "D35": yes(4), "D36": yes(3),
        "D37": 227, "D38": 17, "D39": 227, "D40": 230, "D41": "48003.2", "D42": 160000, "D43": 12,
        "D44": 182, "D45": 976, "D46": 488, "D47": 166, "D48": 670, "D49": "385.25", "D50": 1,
        "D51": POSTS, "D52": POPULATION,
    },
}  # fmt: skip

# code: (how it comes out by hand, to 6 decimals; status in 2023 without any base value)
EXPECTED = {
    "1": ("5.357143", "未达标"),  # rural 5900/5600 − 1; urban +6.03; bar of 2022 5.5
    "2": ("73.602794", "暂不评价（缺基期）"),  # 5900 ÷ (668 × 12)
    "3": ("99.750000", "未达标"),  # 7182 ÷ 7200
    "4": ("100.000000", "已达标"),
    "5": ("100.000000", "提前完成"),
    "6": ("97.500000", "未达标"),  # 39 ÷ 40
    "7": ("50.000000", "暂不评价（缺基期）"),
    "8": ("50.000000", "暂不评价（缺基期）"),  # 150 ÷ 300
    "9": ("58.823529", "暂不评价（缺基期）"),  # 10 ÷ 17
    "10": ("70.588235", "暂不评价（缺基期）"),  # 12 ÷ 17
    "11": ("402.000000", "暂不评价（缺基期）"),
    "12": ("60.000000", "暂不评价（缺基期）"),  # 138 ÷ 230
    "13": ("66.000000", "暂不评价（缺基期）"),
    "14": ("30.002000", "提前完成"),  # 48003.2 ÷ 160000 × 100, > 30
    "15": ("166.000000", "暂不评价（缺基期）"),
    "C01": ("37.500000", "暂不评价（缺基期）"),  # 330 ÷ 880
    "C02": ("2.000000", "未达标"),
    "C03": ("100.000000", "提前完成"),
    "C04": ("46.696035", "暂不评价（缺基期）"),  # 106 ÷ 227
    "C05": ("100.000000", "已达标"),
    "C06": ("70.588235", "暂不评价（缺基期）"),  # 12 ÷ 17
    "C07": ("80.176211", "暂不评价（缺基期）"),  # 182 ÷ 227
    "C08": ("50.000000", "暂不评价（缺基期）"),  # 488 ÷ 976
    "C09": ("50.000000", "暂不评价（缺基期）"),  # 122 ÷ (227 + 17)
    "C10": ("100.000000", "已达标"),  # 17 ÷ 17
    "C11": (None, "不适用"),  # 0 ÷ 0
    "C12": ("1.000000", "提前完成"),  # 3 ÷ 300 × 100
    "C13": ("0.750000", "暂不评价（缺基期）"),  # 63 ÷ 84000 × 1000
    "C14": ("40.000000", "暂不评价（缺基期）"),  # 18 ÷ 45
    "C15": ("1.000000", "已达标"),
    "C16": ("57.500000", "已达标"),  # 385.25 ÷ 670, due 2022, held afterwards
    "C17": ("94.117647", "暂不评价（缺基期）"),  # 16 of 17: 得胜镇 has one post of two
    "C18": ("75.000000", "暂不评价（缺基期）"),  # 3 ÷ 4
}


def standings_of(plan, year: int) -> dict:
    return {
        s.indicator.code: (
            None
            if s.annual_value.value is None
            else str(s.annual_value.value.quantize(Decimal("0.000001"))),
            s.judgement.label,
        )
        for s in judging.standings(plan, year)
    }


def test_all_33_indicators_compute_from_entered_figures() -> None:
    plan = load_plan(FIRST)
    play(plan, FIGURES)
    assert standings_of(plan, 2023) == EXPECTED
    assert Indicator.objects.filter(plan=plan).count() == 33
    band = AnnualValue.objects.get(indicator__code="C17", year=2023, layer="official")
    assert band.lacking == ["得胜镇"]


SECOND_FIGURES = {
    2025: {
        "L01": 100, "L02": 40, "L03": 2000, "L04": 9, "L05": 400, "L06": 10000, "L07": 30,
        "L08": dict.fromkeys(("东河镇", "南坪镇", "西岭乡", "北原镇"), 10000), "L09": 8000,
        "L10": 5, "L11": 6000, "L13": 0, "L14": 200, "L16": 100,
    },
    2026: {
        "L01": 150, "L02": 35, "L03": 2000, "L04": 4, "L05": 425, "L06": 10000, "L07": 32,
        "L08": {"东河镇": 20000, "南坪镇": 9000, "西岭乡": 6000, "北原镇": 5000}, "L09": 8480,
        "L10": 4, "L11": 6360,
        "L12": {"东河镇": 2, "南坪镇": 1, "西岭乡": 0, "北原镇": 1}, "L13": 190, "L14": 100,
        "L15": {"东河镇": 1}, "L16": {"东河镇": 300, "南坪镇": 200, "西岭乡": 250, "北原镇": 250},
    },
}  # fmt: skip

SECOND_EXPECTED = {
    "1": ("150.000000", "快于序时"),  # milestone 180 in 2027: E 140
    "2": ("1.750000", "快于序时"),  # 35 ÷ 2000, lower is better: 2 → 1.5 in 2028, E 1.833…
    "3": ("4.000000", "已达标"),  # < 5
    "4": ("42.500000", "快于序时"),  # 425 ÷ 10000 × 1000; 40 → 45, E 41
    "5": ("8.000000", "提前完成"),  # 32 ÷ 40000 × 10000
    "6": ("6.000000", "已达标"),  # 8480 ÷ 8000, bar 5 of the year before
    "7": ("6.000000", "符合序时"),  # 6360 ÷ 6000 cumulative; 0 → 30, E 6
    "8": ("75.000000", "暂不评价（缺基期）"),  # 西岭乡 has none
    "9": ("95.000000", "已达标"),  # 190 ÷ 200, the denominator is last year's
    "C1": ("25.000000", "暂不评价（缺基期）"),  # 1 ÷ 4
    "C2": ("1000.000000", "已达标"),  # four townships' own returns
    "C3": ("25.000000", "已达标"),  # 425 − 400
    "C4": ("6.000000", "已达标"),  # cumulative of both, bar 4
}


def test_a_second_plan_computes_beside_the_first_without_a_change_of_code() -> None:
    first, second = load_plan(FIRST), load_plan(SECOND)
    play(first, {2023: FIGURES[2023]})
    before = standings_of(first, 2023)
    play(second, SECOND_FIGURES)
    found = standings_of(second, 2026)
    assert found == SECOND_EXPECTED
    assert standings_of(first, 2023) == before


def test_the_fixtures_folder_is_the_only_place_that_names_the_county() -> None:
    root = Path(__file__).resolve().parents[2]
    apps = ("organization", "plans", "indicators", "programs", "reports")
    named = [
        str(path.relative_to(root))
        for app in apps
        for path in (root / app).rglob("*.py")
        if "竹山" in path.read_text(encoding="utf-8")
    ]
    assert named == []
