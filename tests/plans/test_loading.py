from datetime import date
from decimal import Decimal

import pytest

from organization.models import Unit, UnitKind
from plans.models import Clause, Plan, StatedNumber
from plans.tables import PlanFolderError
from plans.text import DocumentError, read_document
from plans.wording import load_wording
from programs.loading import load_plan
from tests.plans import folders
from tests.plans.folders import folder, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(tmp_path) -> Plan:
    return load_plan(folder(tmp_path / "plan"))


def faults(path) -> list[str]:
    with pytest.raises(PlanFolderError) as error:
        load_plan(path)
    return error.value.faults


def test_plan_row_with_defaults(loaded):
    assert (loaded.code, loaded.title, loaded.bureau.code) == (
        "qingshan-2031-2035",
        folders.TITLE,
        "QS",
    )
    assert (loaded.base_year, loaded.start_year, loaded.end_year) == (2030, 2031, 2035)
    assert (loaded.issued_on, loaded.evaluation_years) == (date(2031, 3, 1), [2033, 2035])
    assert (loaded.fast_from, loaded.on_pace_from, loaded.slight_from) == (
        Decimal("1.05"),
        Decimal("0.9"),
        Decimal("0.60"),
    )


def test_clauses_know_their_place(loaded):
    assert [
        (one.order, one.locator, one.kind, str(one.section or ""), str(one.box or ""))
        for one in loaded.clauses.select_related("section__chapter", "box")
    ] == [
        (1, "前言 第1段", "paragraph", "", ""),
        (2, "第一章第一节 第1段", "paragraph", "1.1 目标", ""),
        (3, "表1 第1行", "table_row", "1.1 目标", ""),
        (4, "表1 第2行", "table_row", "1.1 目标", ""),
        (5, "第二章第一节 第1段", "paragraph", "2.1 养老", ""),
        (6, "专栏1 第1条", "box_item", "2.1 养老", "专栏1 设施工程"),
        (7, "专栏1 第2条", "box_item", "2.1 养老", "专栏1 设施工程"),
        (8, "第二章第一节 第2段", "paragraph", "2.1 养老", ""),
        (9, "第二章第二节 第1段", "paragraph", "2.2 助餐", ""),
    ]


def test_numbers_say_what_represents_them(loaded):
    assert list(
        StatedNumber.objects.filter(clause__locator="第二章第一节 第1段").values_list(
            "order", "printed", "represented_by", "reason"
        )
    ) == [(1, "60%", "指标 1", ""), (2, "1~2", "", "每年的次数")]


def test_units_form_a_tree_with_successors(loaded):
    assert list(
        Unit.objects.of(loaded.bureau).values_list(
            "code", "kind", "bureau__code", "valid_until", "successor__code", "is_assumption"
        )
    ) == [
        ("QS", "bureau", None, None, None, False),
        ("QS-1", "department", "QS", None, None, True),
        ("QS-T1", "township", "QS", 2022, "QS-T2", False),
        ("QS-T2", "township", "QS", None, None, False),
    ]


def test_a_second_load_writes_nothing(tmp_path, loaded):
    history = (Plan.history.count(), Unit.history.count())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.models.Model.save", lambda *args, **kwargs: pytest.fail("saved"))
        load_plan(tmp_path / "plan")
    assert (Plan.history.count(), Unit.history.count()) == history


def test_what_has_gone_from_the_folder_is_removed_and_wording_stays(tmp_path, loaded):
    load_wording(loaded, read_document("a.txt", folders.txt()))
    fewer = [row for row in rows("clauses") if "助餐" not in row[1]]
    folder(
        tmp_path / "plan",
        sections=rows("sections")[:2],
        clauses=fewer,
        numbers=rows("numbers")[:-1],
        tasks=rows("tasks")[:-1],
        measures=rows("measures")[:-1],
    )
    load_plan(tmp_path / "plan")
    assert list(loaded.clauses.values_list("locator", flat=True)) == [row[0] for row in fewer]
    assert loaded.clauses.get(locator="专栏1 第2条").wording == "2.对养老院进行一次改造"
    assert [str(one) for one in loaded.chapters.get(number=2).sections.all()] == ["2.1 养老"]


def test_a_changed_summary_keeps_row_and_wording(tmp_path, loaded):
    load_wording(loaded, read_document("a.txt", folders.txt()))
    before = loaded.clauses.get(locator="第二章第二节 第1段")
    changed = rows("clauses", **{before.locator: "另一概要"})
    load_plan(folder(tmp_path / "plan", clauses=changed))
    after = Clause.objects.get(pk=before.pk)
    assert (after.summary, after.wording) == ("另一概要", "建助餐点,服务1.5万人次。")


def test_faults_of_all_files_are_told_at_once_and_nothing_is_written(tmp_path):
    path = folder(
        tmp_path / "plan",
        units=[*rows("units"), ["QS-2", "助餐股", "科", "QS", 5, "", "", "", "", "", ""]],
        plan=rows("plan", 起始年="二〇三一", 评估年度="中期"),
        sections=[*rows("sections"), [3, 1, "无章"]],
        boxes=[*rows("boxes"), [2, 2, 9, "无节"]],
        clauses=[
            *rows("clauses"),
            ["第九章第一节 第1段", "无节", 1, ""],
            ["第1章 1段", "写法", 1, ""],
            ["专栏9 第1条", "无专栏", 1, ""],
            ["第二章第二节 第1段", "重复", 1, ""],
            ["第二章第二节 第2段", "", "一", ""],
        ],
        numbers=[
            *rows("numbers"),
            ["第二章第二节 第2段", 1, "7", "", ""],
            ["第八章 第1段", 1, "8", "", "无"],
        ],
    )
    assert faults(path) == [
        "units.csv 第 6 行“类型”：应为局、股室、乡镇之一，现为“科”。",
        "plan.csv 第 10 行“起始年”：应为 1949 至 2200 之间的整数，现为“二〇三一”。",
        "plan.csv 第 12 行“评估年度”：应为用顿号分开的年份，例如“2023、2025”，现有“中期”。",
        "sections.csv 第 5 行“章号”：chapters.csv 中没有第 3 章，请补上或改正。",
        "boxes.csv 第 3 行“节号”：sections.csv 中没有第 2 章第 9 节，请补上或改正。",
        "clauses.csv 第 14 行“定位”：“第二章第二节 第1段”与第 10 行重复，请删去一行或改正。",
        "clauses.csv 第 11 行“定位”：chapters.csv 或 sections.csv 中没有这一章、节，请补上或改正。",
        "clauses.csv 第 12 行“定位”：应写成“第四章第一节 第3段”“前言 第1段”“专栏3 第2条”“表1 第8行”"
        "中的一种，现为“第1章 1段”。",
        "clauses.csv 第 13 行“定位”：boxes.csv 中没有专栏9，请补上或改正。",
        "clauses.csv 第 15 行“概要”：不能为空，请填写。",
        "clauses.csv 第 15 行“句数”：应为 0 至 1000 之间的整数，现为“一”。",
        "numbers.csv 第 11 行：“由何体现”和“不单列的理由”至少填一项。",
        "numbers.csv 第 12 行“定位”：clauses.csv 中没有“第八章 第1段”，请补上或改正。",
    ]
    assert (Plan.objects.count(), Unit.objects.count(), Unit.history.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"末年": "2030"}, "plan.csv 第 10 行“起始年”：年份应为：基期年 < 起始年 ≤ 末年，请改正。"),
        (
            {"符合序时界限": "1.2"},
            "plan.csv 第 14 行“符合序时界限”：三个界限应为：略有滞后 ≤ 符合序时 ≤ 快于序时，请改正。",
        ),
        (
            {"规划代码": "青山"},
            "plan.csv 第 2 行“规划代码”：只能用英文字母、数字和“-”，现为“青山”。",
        ),
        (
            {"单位代码": "QS-1"},
            "plan.csv 第 5 行“单位代码”：应为 units.csv 中类型为“局”的单位代码，现为“QS-1”。",
        ),
    ],
)
def test_a_plan_that_contradicts_itself(tmp_path, changes, says):
    assert says in faults(folder(tmp_path / "plan", plan=rows("plan", **changes)))


def test_a_missing_plan_file(tmp_path):
    assert faults(folder(tmp_path / "plan", plan=None))[0] == (
        "plan.csv：规划文件夹中没有这个文件，请补上。"
    )


@pytest.mark.parametrize(
    ("units", "says"),
    [
        (rows("units")[1:], "units.csv 第 2 行“类型”：文件中没有类型为“局”的一行，请补上局本级。"),
        (
            [*rows("units"), ["QS2", "另一局", "局", "", "", "", "", "", "", "", ""]],
            "units.csv 第 6 行“类型”：一个规划文件夹只能有一个局，请删去或改为股室、乡镇。",
        ),
        (
            [*rows("units"), ["X", "股", "股室", "LS", "", "", "", "", "", "", ""]],
            "units.csv 第 6 行“所属局代码”：应为“QS”，现为“LS”。",
        ),
        (
            [*rows("units"), ["X", "股", "股室", "QS", "", 2030, 2029, "", "", "", ""]],
            "units.csv 第 6 行“最后有效年”：应为 2030 至 2200 之间的整数，现为“2029”。",
        ),
        (
            [*rows("units"), ["X", "股", "股室", "QS", "", "", "", "X", "", "", ""]],
            "units.csv 第 6 行“继任单位代码”：应为本文件中另一个单位的代码，现为“X”。",
        ),
        ([], "plan.csv 第 5 行“单位代码”：应为 units.csv 中类型为“局”的单位代码，现为“QS”。"),
    ],
)
def test_units_that_form_no_tree(tmp_path, units, says):
    assert says in faults(folder(tmp_path / "plan", units=units))
    assert not Unit.objects.exists()


def test_the_units_of_another_county_are_not_touched(tmp_path):
    other = Unit.objects.create(code="LS", name="绿水县民政局", kind=UnitKind.BUREAU)
    Unit.objects.create(code="QS-1", name="救助股", kind=UnitKind.DEPARTMENT, bureau=other)
    assert faults(folder(tmp_path / "plan"))[0] == (
        "units.csv 第 3 行“单位代码”：“QS-1”在系统中已属于“绿水县民政局”，请换一个代码。"
    )
    assert Unit.objects.get(code="QS-1").name == "救助股"


def test_a_bureau_of_another_name_is_another_bureau(tmp_path):
    Unit.objects.create(code="QS", name="清水县民政局", kind=UnitKind.BUREAU)
    assert faults(folder(tmp_path / "plan"))[0] == (
        "units.csv 第 2 行“单位代码”：“QS”在系统中已属于“清水县民政局”，请换一个代码。"
    )


def test_the_plan_of_another_bureau_is_not_taken_over(tmp_path):
    other = Unit.objects.create(code="LS", name="绿水县民政局", kind=UnitKind.BUREAU)
    years = {"base_year": 2030, "start_year": 2031, "end_year": 2035}
    Plan.objects.create(code="qingshan-2031-2035", title="甲", bureau=other, **years)
    assert faults(folder(tmp_path / "plan")) == [
        "plan.csv 第 2 行“规划代码”：“qingshan-2031-2035”在系统中已是“绿水县民政局”的规划，请换一个代码。"
    ]


def test_units_that_left_the_file_stay(tmp_path, loaded):
    units = [[*row[:6], "", "", *row[8:]] for row in rows("units")[:3]]
    load_plan(folder(tmp_path / "plan", units=units))
    assert Unit.objects.filter(code="QS-T2").exists()
    assert Unit.objects.get(code="QS-T1").successor is None


def test_wording_goes_to_the_clause_with_the_locator(loaded):
    content = folders.txt().decode().replace("第二节  助餐", "第三节  助餐").encode()
    result = load_wording(loaded, read_document("a.txt", content))
    assert (result.matched, result.changed) == (8, 8)
    assert result.unmatched == [
        "第二章第三节 第1段：文件中有，规划数据中没有这一条款。",
        "第二章第二节 第1段：文件中没有这一条款。",
    ]
    assert loaded.clauses.get(locator="前言 第1段").wording == "为做好老龄工作,制定本规划。"
    assert load_wording(loaded, read_document("a.txt", content)).changed == 0


def test_the_wording_of_another_plan_is_refused(loaded):
    content = folders.txt().decode().replace("青山县", "绿水县").encode()
    with pytest.raises(DocumentError) as error:
        load_wording(loaded, read_document("a.txt", content))
    assert str(error.value) == f"文件开头没有规划名称“{folders.TITLE}”，请确认没有选错文件。"
    assert not loaded.clauses.exclude(wording="").exists()
