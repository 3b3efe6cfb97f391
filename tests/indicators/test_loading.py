"""The plan folders under fixtures/ and tests/plans_data/, loaded; and what is refused."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.test import TestCase

from indicators.models import (
    AnnualReturn,
    Collection,
    DataItem,
    Definition,
    Figure,
    Group,
    Indicator,
    Knowledge,
    Milestone,
    Responsibility,
    Round,
    RoundNature,
    StatedValue,
    Target,
    TermRole,
)
from indicators.progress import Comparator, Kind, Verdict
from organization.models import Unit
from plans.models import Plan
from plans.tables import PlanFolderError
from programs.loading import load_plan
from tests.indicators.plan_folder import FIRST, SECOND, PlanFolder

pytestmark = pytest.mark.django_db

# Table 1 as the notice prints it.
TABLE_1 = [
    ("城乡低保标准年度增速", "%", "不低于居民上年度人均消费支出增速", "预期性"),
    ("农村低保标准占城市低保标准比例", "%", "75", "预期性"),
    ("困难残疾人生活补贴覆盖率", "%", "100", "约束性"),
    ("重度残疾人护理补贴覆盖率", "%", "100", "约束性"),
    ("婚姻登记“跨省通办”实施率", "%", "100", "预期性"),
    ("查明身份信息流浪乞讨受助人员接送返回率", "%", "100", "约束性"),
    ("县级公益性安葬(放)设施覆盖率", "%", "100", "约束性"),
    ("养老机构护理型床位占比", "%", "60", "约束性"),
    ("乡镇范围具备综合功能的养老服务机构覆盖率", "%", "60", "预期性"),
    ("乡镇未成年人保护工作站覆盖率", "%", "100", "预期性"),
    ("社会工作专业人才总量", "", "460", "预期性"),
    ("志愿服务站点在社区综合服务设施中的覆盖率", "%", "80", "预期性"),
    ("福利彩票销售网点数", "", "500", "预期性"),
    ("每百户居民拥有城乡的社区综合服务设施面积", "平方米", ">30", "预期性"),
    ("社会组织专职工作人员数量", "", "200", "预期性"),
]
COMMITMENTS = [f"C{number:02}" for number in range(1, 19)]
# domain.md §4: kind, verdict, comparator, target, due year; all others reach, ≥ and 2025.
UNLIKE_THE_OTHERS = {
    "1": (Kind.BAR, Verdict.EVERY, Comparator.GE, None, 2025),
    "3": (Kind.HOLD, Verdict.DUE, Comparator.GE, 100, 2025),
    "4": (Kind.HOLD, Verdict.DUE, Comparator.GE, 100, 2025),
    "6": (Kind.HOLD, Verdict.DUE, Comparator.GE, 100, 2025),
    "14": (Kind.REACH, Verdict.DUE, Comparator.GT, 30, 2025),
    "C02": (Kind.HOLD, Verdict.EVERY, Comparator.LE, 0, 2025),
    "C05": (Kind.HOLD, Verdict.EVERY, Comparator.GE, 100, 2025),
    "C10": (Kind.HOLD, Verdict.EVERY, Comparator.GE, 100, 2025),
    "C11": (Kind.HOLD, Verdict.EVERY, Comparator.GE, 100, 2025),
    "C15": (Kind.HOLD, Verdict.EVERY, Comparator.GE, 1, 2025),
    "C16": (Kind.REACH, Verdict.DUE, Comparator.GE, 55, 2022),
}

# All but those of 100 %.
TARGETS = {
    "1": None,
    "2": 75,
    "8": 60,
    "9": 60,
    "11": 460,
    "12": 80,
    "13": 500,
    "14": 30,
    "15": 200,
    "C01": 50,
    "C02": 0,
    "C04": 60,
    "C12": 1,
    "C13": 1,
    "C15": 1,
    "C16": 55,
}


def contents() -> dict[str, list[tuple]]:
    """Every row of every table of ours, history included."""
    ours = ("organization", "plans", "indicators", "programs")
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label in ours
    }


def contents_of(plan: Plan) -> list[list[tuple]]:
    """What the plan's indicators, items, terms and targets say."""
    return [
        list(plan.indicators.order_by("pk").values_list()),
        list(plan.items.order_by("pk").values_list()),
        list(plan.indicators.order_by("terms__pk").values_list("terms__item", "terms__factor")),
        list(plan.indicators.order_by("targets__pk").values_list("targets__value")),
    ]


def term(indicator: str, role: TermRole, plan: Plan):
    return plan.indicators.get(code=indicator).terms.get(role=role)


def faults_of(folder: PlanFolder) -> list[str]:
    with pytest.raises(PlanFolderError) as refused:
        load_plan(folder.path)
    return refused.value.faults


def without_indicator_5(folder: PlanFolder) -> PlanFolder:
    return folder.drop("indicators", "5").drop("terms", "5").drop("items", "L07")


def open_round(plan: Plan, *, published: bool = False) -> Round:
    return Round.objects.create(
        plan=plan,
        year=2026,
        name="年报",
        nature=RoundNature.ANNUAL,
        as_of=date(2026, 12, 31),
        published_at=datetime(2027, 2, 1, tzinfo=UTC) if published else None,
    )


def enter(plan: Plan, code: str) -> None:
    """One figure of the item, as a draft."""
    unit = Unit.objects.get(code="LC-JZ")
    annual_return = AnnualReturn.objects.create(round=open_round(plan), unit=unit)
    Figure.objects.create(
        annual_return=annual_return,
        round=annual_return.round,
        item=plan.items.get(code=code),
        unit=unit,
        amount=Decimal(7),
        knowledge=Knowledge.HAVE,
    )


class TestPlanOfZhushan(TestCase):
    """What `domain.md` §4 says of the 33 indicators."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.plan = load_plan(FIRST)

    def test_table_1_is_loaded_as_printed(self):
        loaded = self.plan.indicators.table().order_by("row_no")
        assert [
            (one.name, one.printed_unit, one.printed_target, one.get_attribute_display())
            for one in loaded
        ] == TABLE_1
        assert [(one.code, one.row_no) for one in loaded] == [(str(n), n) for n in range(1, 16)]

    def test_all_eighteen_commitments_are_loaded_without_attribute(self):
        loaded = self.plan.indicators.filter(group=Group.COMMITMENT)
        assert [(one.code, one.attribute, one.row_no) for one in loaded] == [
            (code, "", None) for code in COMMITMENTS
        ]

    def test_kind_verdict_comparator_target_and_due_year_are_those_of_the_domain(self):
        usual = (Kind.REACH, Verdict.DUE, Comparator.GE)
        unlike = {
            one.code: (one.kind, one.verdict, one.comparator, one.targets.get().value, one.due_year)
            for one in self.plan.indicators.all()
            if (one.kind, one.verdict, one.comparator) != usual or one.due_year != 2025
        }
        assert unlike == UNLIKE_THE_OTHERS

    def test_targets_are_the_numbers_that_the_plan_prints(self):
        targets = {one.code: one.targets.get().value for one in self.plan.indicators.all()}
        assert {code: value for code, value in targets.items() if value != 100} == TARGETS
        assert [code for code, value in targets.items() if value == 100] == [
            *("3", "4", "5", "6", "7", "10"),
            *("C03", "C05", "C06", "C07", "C08", "C09", "C10", "C11", "C14", "C17", "C18"),
        ]

    def test_rows_without_printed_unit_have_a_display_unit_of_ours(self):
        without = self.plan.indicators.table().filter(printed_unit="")
        assert [(one.code, one.display_unit) for one in without] == [
            ("11", "人"),
            ("13", "个"),
            ("15", "人"),
        ]

    def test_every_indicator_has_definition_responsibility_clause_and_target_of_the_base_year(self):
        for one in self.plan.indicators.all():
            assert one.clause is not None
            assert [row.effective_year for row in one.definitions.all()] == [2020]
            assert [row.effective_year for row in one.responsibilities.all()] == [2020]
            assert [(row.effective_year, row.is_original) for row in one.targets.all()] == [
                (2020, True)
            ]

    def test_bar_of_row_1_is_last_years_and_row_2_counts_twelve_months(self):
        assert term("1", TermRole.BAR, self.plan).lag == 1
        assert term("2", TermRole.DENOMINATOR, self.plan).factor == 12

    def test_share_of_townships_is_counted_over_the_townships_of_the_year(self):
        counted = self.plan.indicators.filter(terms__role=TermRole.DENOMINATOR, terms__item=None)
        assert [one.code for one in counted] == ["9", "10", "C03"]

    def test_post_standard_has_the_three_printed_size_classes(self):
        bands = self.plan.indicators.get(code="C17").bands.values_list("size_from", "minimum")
        assert list(bands) == [(0, 1), (15000, 2), (30000, 3)]

    def test_items_are_entered_once_and_used_many_times(self):
        used = {
            item.code: sorted({term.indicator.code for term in item.terms.all()})
            for item in self.plan.items.all()
        }
        assert used["D02"] == ["1", "2"]
        assert used["D23"] == ["8", "C12"]
        assert used["D25"] == ["C12", "C13"]
        assert used["D37"] == ["C04", "C05", "C07", "C09"]
        assert used["D38"] == ["C06", "C09", "C10"]

    def test_every_item_is_used_or_holds_a_historical_rate(self):
        assert list(self.plan.items.filter(terms=None, rate_of=None)) == []

    def test_every_indicator_that_is_not_direct_has_an_item_for_its_historical_rate(self):
        without = [one.code for one in self.plan.indicators.filter(rate_item=None)]
        assert without == ["11", "13", "15", "C02", "C15"]
        rate = self.plan.items.get(code="H-8")
        assert (rate.name, rate.measure) == ("养老机构护理型床位占比（历史数据）", "%")
        assert (rate.rate_of.code, rate.responsibilities.get().unit.code) == ("8", "ZS-YLET")

    def test_historical_rates_are_bounded_by_what_they_can_be(self):
        items = self.plan.items.filter(code__in=["H-1", "H-2", "H-3", "H-C17"])
        assert {item.code: (item.minimum, item.maximum) for item in items} == {
            "H-1": (-100, None),
            "H-2": (0, None),
            "H-3": (0, 100),
            "H-C17": (0, 100),
        }

    def test_only_the_three_real_base_facts_are_stated(self):
        stated = StatedValue.objects.filter(item__plan=self.plan).order_by("clause__order")
        assert [(v.clause.locator, v.item.code, v.year, v.amount) for v in stated] == [
            ("第一章第一节 第2段", "D02", 2020, 4560),
            ("第一章第一节 第6段", "H-C05", 2020, 100),
            ("专栏3 第1条", "D28", 2020, 13),
        ]

    def test_units_that_the_plan_does_not_name_are_marked_as_assumptions(self):
        departments = Unit.objects.of(self.plan.bureau).filter(kind="department")
        named = [unit.name for unit in departments if not unit.is_assumption]
        assert named == ["养老服务和儿童福利股", "社会事务和慈善事业股"]
        assert Unit.objects.of(self.plan.bureau).townships().count() == 17


class TestLoadingAChangedFolder(TestCase):
    """The small plan is loaded; its folder then changes."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.plan = load_plan(SECOND)

    @pytest.fixture(autouse=True)
    def _copy_folder(self, tmp_path) -> None:
        self.folder = PlanFolder(tmp_path)

    def test_changed_wording_is_taken_over(self):
        self.folder.put("indicators", "5", 名称="每万人社会组织拥有数", 口径="登记在册的社会组织。")
        self.folder.put("items", "L07", 名称="登记社会组织数", 采集方式="乡镇填报")
        load_plan(self.folder.path)
        indicator = self.plan.indicators.get(code="5")
        item = self.plan.items.get(code="L07")
        assert indicator.name == "每万人社会组织拥有数"
        assert indicator.definitions.get().text == "登记在册的社会组织。"
        assert (item.name, item.collection) == ("登记社会组织数", Collection.TOWNSHIP)
        assert self.plan.items.get(code="H-5").name == "每万人社会组织拥有数（历史数据）"

    def test_changed_formula_replaces_the_terms_and_bands(self):
        self.folder.drop("terms", "C3 2").put("bands", "8 20000", 规模下限=30000)
        load_plan(self.folder.path)
        assert self.plan.indicators.get(code="C3").terms.count() == 1
        assert [band.size_from for band in self.plan.indicators.get(code="8").bands.all()] == [
            0,
            30000,
        ]

    def test_changed_target_updates_the_original_before_anything_is_published(self):
        load_plan(self.folder.put("indicators", "1", 目标值=320, 原文目标="320").path)
        target = self.plan.indicators.get(code="1").targets.get()
        assert (target.value, target.printed, target.is_original) == (320, "320", True)

    def test_changed_target_is_refused_once_a_round_is_published(self):
        open_round(self.plan, published=True)
        self.folder.put("indicators", "1", 目标值=320)
        assert faults_of(self.folder) == [
            "indicators.csv 第 2 行“目标值”：已有发布的数据，不能改规划原定的目标值，请在系统中用“目标调整”。"
        ]

    def test_what_the_office_added_later_is_left_alone(self):
        indicator, unit = self.plan.indicators.get(code="1"), Unit.objects.get(code="LC-JZ")
        later = {"effective_year": 2028}
        document = {"document": "临民〔2028〕1号", "approved_by_body": "县人民政府"}
        Target.objects.create(
            indicator=indicator, value=280, printed="280", reason="r", **document, **later
        )
        Definition.objects.create(indicator=indicator, text="新口径", **later)
        Responsibility.objects.create(indicator=indicator, unit=unit, **later)
        Milestone.objects.create(indicator=indicator, year=2029, value=260)
        before = contents()
        load_plan(self.folder.path)
        assert contents() == before

    def test_milestone_is_the_offices_once_a_round_is_published(self):
        open_round(self.plan, published=True)
        load_plan(self.folder.put("milestones", "1 2027", 年度目标=190).path)
        assert [m.value for m in self.plan.indicators.get(code="1").milestones.all()] == [180, 220]

    def test_way_of_collection_is_the_offices_once_figures_were_entered(self):
        enter(self.plan, "L07")
        load_plan(self.folder.put("items", "L07", 采集方式="乡镇填报", 名称="登记社会组织数").path)
        item = self.plan.items.get(code="L07")
        assert (item.collection, item.name) == (Collection.DEPARTMENT, "登记社会组织数")

    def test_indicator_gone_from_the_folder_is_removed_with_its_items(self):
        load_plan(without_indicator_5(self.folder).path)
        assert not Indicator.objects.filter(plan=self.plan, code="5").exists()
        assert not DataItem.objects.filter(plan=self.plan, code__in=["L07", "H-5"]).exists()

    def test_item_with_figures_is_not_removed(self):
        enter(self.plan, "L07")
        assert faults_of(without_indicator_5(self.folder)) == [
            "items.csv：数据项“L07 社会组织数”已有填报或调整的内容，不能从规划中去掉，请恢复原来的内容。"
        ]
        assert Indicator.objects.filter(plan=self.plan, code="5").exists()

    def test_indicator_with_a_historical_rate_is_not_removed(self):
        enter(self.plan, "H-5")
        assert faults_of(without_indicator_5(self.folder)) == [
            "indicators.csv：指标“5 每万人社会组织数”已有填报或调整的内容，不能从规划中去掉，"
            "请恢复原来的内容。"
        ]

    def test_indicator_that_the_office_worked_on_is_not_removed(self):
        indicator = self.plan.indicators.get(code="5")
        Definition.objects.create(indicator=indicator, text="新口径", effective_year=2028)
        assert faults_of(without_indicator_5(self.folder)) == [
            "indicators.csv：指标“5 每万人社会组织数”已有填报或调整的内容，不能从规划中去掉，"
            "请恢复原来的内容。"
        ]

    def test_historical_rate_goes_when_an_indicator_becomes_direct(self):
        self.folder.put("indicators", "5", 方法="直接取数", 倍率="", 差距算法="按指标单位")
        load_plan(self.folder.drop("terms", "5 2").path)
        assert not DataItem.objects.filter(plan=self.plan, code="H-5").exists()

    def test_check_rules_are_those_of_the_folder(self):
        loaded = self.plan.check_rules.order_by("pk")
        assert [
            (str(one.item or ""), one.kind, str(one.other_item or ""), one.threshold, one.severity)
            for one in loaded
        ] == [
            ("", "jump", "", 60, "warning"),
            ("L05 养老床位数", "jump", "", 40, "error"),
            ("L06 老年人口数", "part", "L08 常住人口", None, "error"),
            ("L09 特困供养标准", "unchanged", "", None, "warning"),
            ("L01 养老护理员数", "same", "L05 养老床位数", None, "warning"),
            ("", "flash", "", 10, "warning"),
        ]
        assert {one.is_loaded for one in loaded} == {True}

    def test_a_rule_gone_from_the_folder_goes_and_those_of_the_office_stay(self):
        rules = self.plan.check_rules
        rules.create(kind="unchanged", item=self.plan.items.get(code="L11"))
        rules.filter(kind="flash").update(is_active=False)
        load_plan(self.folder.drop("checks", "L06").put("checks", "L05", 界限="30").path)
        assert not rules.filter(item__code="L06").exists()
        assert rules.filter(item__code="L11").exists()
        assert rules.get(item__code="L05").threshold == 30
        assert not rules.get(kind="flash").is_active

    def test_a_folder_without_checks_is_held_to_the_usual_rule(self):
        (self.folder.path / "checks.csv").unlink()
        load_plan(self.folder.path)
        usual = self.plan.check_rules.get()
        assert (usual.kind, usual.item, usual.threshold, usual.floor, usual.severity) == (
            "jump",
            None,
            50,
            20,
            "warning",
        )

    def test_a_faulty_folder_leaves_the_loaded_plan_as_it_was(self):
        before = contents()
        self.folder.put("indicators", "5", 名称="别的名称").put("terms", "1", 系数="0")
        assert len(faults_of(self.folder)) == 1
        assert contents() == before


@pytest.mark.parametrize("source", [FIRST, SECOND])
def test_loading_again_changes_nothing_not_even_the_history(source):
    load_plan(source)
    before = contents()
    load_plan(source)
    assert contents() == before


def test_second_plan_loads_beside_the_first():
    first = load_plan(FIRST)
    before = contents_of(first)
    second = load_plan(SECOND)
    assert contents_of(first) == before
    assert [one.code for one in second.indicators.all()] == [
        *"123456789",
        *("C1", "C2", "C3", "C4"),
    ]
    assert [second.indicators.get(code="1").name, first.indicators.get(code="1").name] == [
        "养老护理员数",
        "城乡低保标准年度增速",
    ]


def test_all_faults_are_told_at_once_and_nothing_is_written(tmp_path):
    folder = PlanFolder(tmp_path)
    folder.put("items", "L05", 责任单位代码="LC-9").put("terms", "1", 系数="0")
    folder.put("bands", "8 0", 最低数量="3").drop("indicators", "C2")
    folder.put("tasks", "2.1-1", 关联指标="C1")
    assert faults_of(folder) == [
        "items.csv 第 6 行“责任单位代码”：units.csv 中没有“LC-9”，请补上或改正。",
        "terms.csv 第 2 行“系数”：不能为 0，请改正或删去这一行。",
        "terms.csv 第 19 行“指标代码”：indicators.csv 中没有“C2”，请补上或改正。",
        "bands.csv 第 3 行“最低数量”：规模更大而最低数量少于第 2 行，请核对。",
    ]
    assert (Plan.objects.count(), Unit.objects.count(), DataItem.objects.count()) == (0, 0, 0)
