"""Every fault of a plan folder has its sentence; each case breaks one thing of the small plan."""

import csv

import pytest

from indicators.loading_checks import Checks
from indicators.loading_tables import read_sheets
from organization.models import Unit, UnitKind
from plans.models import Clause, Plan
from tests.indicators.plan_folder import SECOND, PlanFolder

PLAN = Plan(base_year=2025, start_year=2026, end_year=2030)
UNITS = {
    "LC-YL": Unit(name="养老服务股", kind=UnitKind.DEPARTMENT),
    "LC-JZ": Unit(name="社会救助和社会组织股", kind=UnitKind.DEPARTMENT),
    "LC-T1": Unit(name="东河镇", kind=UnitKind.TOWNSHIP),
}


def clauses() -> dict[str, Clause]:
    with (SECOND / "clauses.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["定位"]: Clause(locator=row["定位"]) for row in csv.DictReader(file)}


def faults_in(folder: PlanFolder) -> list[str]:
    faults: list[str] = []
    sheets = read_sheets(folder.path, faults)
    Checks(sheets, PLAN, UNITS, clauses()).run()
    return faults


@pytest.fixture
def folder(tmp_path) -> PlanFolder:
    return PlanFolder(tmp_path)


def test_the_folder_itself_has_no_fault(folder):
    assert faults_in(folder) == []


BAR = {"类型": "动态参照", "目标值": ""}
FAULTS = [
    # items.csv
    (
        [("put", "items", "L05", {"最大值": "-1"})],
        "items.csv 第 6 行“最大值”：应不小于最小值 0，现为 -1。",
    ),
    (
        [("put", "items", "L15", {"最大值": "2"})],
        "items.csv 第 16 行“最大值”：类别为“是否”的，最小值应为 0、最大值应为 1。",
    ),
    (
        [("put", "items", "L05", {"最大值": "1e309"})],
        "items.csv 第 6 行“最大值”：应为 -999999999999 至 999999999999 之间的数字，现为“1e309”。",
    ),
    (
        [("put", "items", "L05", {"类别": "个数"})],
        "items.csv 第 6 行“类别”：应为数量、金额、比率、是否之一，现为“个数”。",
    ),
    (
        [("add", "items", "L05", {"代码": "H-1"})],
        "items.csv 第 18 行“代码”：“H-”开头的代码留给历史数据，请换一个。",
    ),
    (
        [("add", "items", "L05", {"代码": "C1"})],
        "items.csv 第 18 行“代码”：indicators.csv 中已有代码“C1”，请换一个。",
    ),
    (
        [("add", "items", "L05", {})],
        "items.csv 第 18 行“代码”：“L05”与第 6 行重复，请删去一行或改正。",
    ),
    (
        [("put", "items", "L05", {"责任单位代码": "LC-9"})],
        "items.csv 第 6 行“责任单位代码”：units.csv 中没有“LC-9”，请补上或改正。",
    ),
    (
        [("put", "items", "L05", {"责任单位代码": "LC-T1"})],
        "items.csv 第 6 行“责任单位代码”：应为局或股室，“东河镇”是乡镇。",
    ),
    # indicators.csv
    (
        [("put", "indicators", "3", {"表中序号": ""})],
        "indicators.csv 第 4 行“表中序号”：主要指标必须填表中序号。",
    ),
    (
        [("put", "indicators", "3", {"表中序号": "2"})],
        "indicators.csv 第 4 行“表中序号”：与第 3 行重复，请改正。",
    ),
    (
        [("put", "indicators", "3", {"属性": ""})],
        "indicators.csv 第 4 行“属性”：主要指标必须填约束性或预期性。",
    ),
    (
        [("put", "indicators", "C1", {"表中序号": "10"})],
        "indicators.csv 第 11 行“表中序号”：正文量化目标不在表中，请清空。",
    ),
    (
        [("put", "indicators", "3", {"到期年": "2031"})],
        "indicators.csv 第 4 行“到期年”：应在规划期 2026—2030 年内，现为 2031。",
    ),
    (
        [("put", "indicators", "3", {"目标值": ""})],
        "indicators.csv 第 4 行“目标值”：每年保持的指标必须填目标值。",
    ),
    (
        [("put", "indicators", "6", {"目标值": "5"})],
        "indicators.csv 第 7 行“目标值”：动态参照的指标没有固定目标值，请清空。",
    ),
    (
        [
            ("put", "indicators", "7", {"方法": "直接取数", "增速口径": "", **BAR}),
            ("put", "terms", "7 1", {"部位": "分子"}),
            ("add", "terms", "7 1", {"部位": "参照值", "排序": "2"}),
        ],
        "indicators.csv 第 8 行“方法”：动态参照的指标只能是增速，现为直接取数。",
        "terms.csv 第 25 行“部位”：指标 7 的方法是直接取数，只能用分子，现为参照值。",
    ),
    (
        [("put", "indicators", "2", {"倍率": "0"})],
        "indicators.csv 第 3 行“倍率”：应大于 0，例如百分比填 100。",
    ),
    (
        [("put", "indicators", "3", {"倍率": "100"})],
        "indicators.csv 第 4 行“倍率”：只有比率和分档达标用倍率，请清空。",
    ),
    (
        [("put", "indicators", "3", {"增速口径": "逐年增速"})],
        "indicators.csv 第 4 行“增速口径”：只有增速指标填增速口径，请清空。",
    ),
    (
        [("put", "indicators", "3", {"零比零不适用": "是"})],
        "indicators.csv 第 4 行“零比零不适用”：只有比率指标可以填“是”。",
    ),
    (
        [("put", "indicators", "3", {"差距算法": "补足分子"})],
        "indicators.csv 第 4 行“差距算法”：“补足分子”只用于比率和分档达标，请改为“按指标单位”。",
    ),
    (
        [("put", "indicators", "2", {"差距算法": "分子分母同增"})],
        "indicators.csv 第 3 行“差距算法”：“分子分母同增”只用于越高越好的比率，请改正。",
    ),
    (
        [("put", "indicators", "8", {"比较": "不高于"})],
        "indicators.csv 第 9 行“比较”：分档达标指标越高越好，只能填不低于或高于。",
    ),
    (
        [("put", "indicators", "C4", {"比较": "不高于"})],
        "indicators.csv 第 14 行“比较”：有两个以上增速序列的指标，只能填不低于或高于。",
    ),
    (
        [("put", "indicators", "3", {"条款定位": "表1 第99行"})],
        "indicators.csv 第 4 行“条款定位”：clauses.csv 中没有“表1 第99行”，请补上或改正。",
    ),
    (
        [("put", "indicators", "3", {"责任单位代码": "LC-9"})],
        "indicators.csv 第 4 行“责任单位代码”：units.csv 中没有“LC-9”，请补上或改正。",
    ),
    (
        [("put", "indicators", "3", {"口径": ""})],
        "indicators.csv 第 4 行“口径”：不能为空，请填写。",
    ),
    # terms.csv
    (
        [("add", "terms", "1", {"指标代码": "99"})],
        "terms.csv 第 25 行“指标代码”：indicators.csv 中没有“99”，请补上或改正。",
    ),
    (
        [("put", "terms", "1", {"数据项代码": "L99"})],
        "terms.csv 第 2 行“数据项代码”：items.csv 中没有“L99”，请补上或改正。",
    ),
    (
        [("add", "terms", "1", {"部位": "分母", "排序": "2"})],
        "terms.csv 第 25 行“部位”：指标 1 的方法是直接取数，只能用分子，现为分母。",
    ),
    (
        [("drop", "terms", "5 2", {})],
        "indicators.csv 第 6 行“方法”：比率指标在 terms.csv 中缺少“分母”，请补上。",
    ),
    (
        [("drop", "terms", "7", {})],
        "indicators.csv 第 8 行“方法”：增速指标在 terms.csv 中缺少“增速序列”，请补上。",
    ),
    (
        [("drop", "terms", "6 2", {})],
        "indicators.csv 第 7 行“方法”：增速指标在 terms.csv 中缺少“参照值”，请补上。",
    ),
    (
        [("drop", "terms", "8 2", {})],
        "indicators.csv 第 9 行“方法”：分档达标指标在 terms.csv 中缺少“分档规模”，请补上。",
    ),
    (
        [("add", "terms", "8 2", {"排序": "3"})],
        "terms.csv 第 25 行“部位”：指标 8 的“分档规模”只能有一行，请删去一行。",
    ),
    (
        [("put", "terms", "8 1", {"数据项代码": "L01"})],
        "terms.csv 第 13 行“数据项代码”：分档按乡镇计算，“L01”应由乡镇填报或附乡镇明细。",
    ),
    (
        [("add", "terms", "6 2", {"指标代码": "7"})],
        "terms.csv 第 25 行“部位”：指标 7 不是动态参照，不设参照值，请删去这一行。",
    ),
    (
        [("put", "terms", "1", {"数据项代码": ""})],
        "terms.csv 第 2 行“数据项代码”：只有分母可以留空（当年有效的乡镇数），请填写。",
    ),
    (
        [("put", "terms", "1", {"系数": "0"})],
        "terms.csv 第 2 行“系数”：不能为 0，请改正或删去这一行。",
    ),
    (
        [("put", "terms", "1", {"滞后年数": "-1"})],
        "terms.csv 第 2 行“滞后年数”：应为 0 至 10 之间的整数，现为“-1”。",
    ),
    # bands.csv
    (
        [("add", "bands", "8 0", {"指标代码": "1"})],
        "bands.csv 第 4 行“指标代码”：指标 1 不是分档达标，不设分档，请删去这一行。",
    ),
    (
        [("add", "bands", "8 0", {"指标代码": "99"})],
        "bands.csv 第 4 行“指标代码”：indicators.csv 中没有“99”，请补上或改正。",
    ),
    (
        [("drop", "bands", "8", {})],
        "indicators.csv 第 9 行“方法”：分档达标指标在 bands.csv 中没有分档标准，请补上。",
    ),
    (
        [("put", "bands", "8 0", {"最低数量": "3"})],
        "bands.csv 第 3 行“最低数量”：规模更大而最低数量少于第 2 行，请核对。",
    ),
    # milestones.csv
    (
        [("add", "milestones", "1 2027", {"指标代码": "6"})],
        "milestones.csv 第 6 行“指标代码”：指标 6 是动态参照，没有年度目标。",
    ),
    (
        [("put", "milestones", "C1", {"年度": "2028"})],
        "milestones.csv 第 5 行“年度”：应在 2026—2027 年内（到期年以前），现为 2028。",
    ),
    (
        [("put", "milestones", "C1", {"指标代码": "C9"})],
        "milestones.csv 第 5 行“指标代码”：indicators.csv 中没有“C9”，请补上或改正。",
    ),
    # stated_values.csv
    (
        [("put", "stated_values", "L01", {"代码": "L99"})],
        "stated_values.csv 第 2 行“代码”：items.csv 和 indicators.csv 中都没有“L99”，请补上或改正。",
    ),
    (
        [("put", "stated_values", "9", {"代码": "1"})],
        "stated_values.csv 第 3 行“代码”：指标 1 直接取数，请改填它的数据项代码。",
    ),
    (
        [("put", "stated_values", "9", {"定位": "专栏9 第9条"})],
        "stated_values.csv 第 3 行“定位”：clauses.csv 中没有“专栏9 第9条”，请补上或改正。",
    ),
    (
        [("put", "stated_values", "L01", {"数值": "5001"})],
        "stated_values.csv 第 2 行“数值”：大于数据项 L01 的最大值 5000，请核对。",
    ),
    (
        [("put", "stated_values", "L01", {"数值": "-1"})],
        "stated_values.csv 第 2 行“数值”：小于数据项 L01 的最小值 0，请核对。",
    ),
    # checks.csv
    (
        [("put", "checks", "L05", {"数据项代码": "L99"})],
        "checks.csv 第 3 行“数据项代码”：items.csv 中没有“L99”，请补上或改正。",
    ),
    (
        [("put", "checks", "L06", {"对照数据项": "L99"})],
        "checks.csv 第 4 行“对照数据项”：items.csv 中没有“L99”，请补上或改正。",
    ),
    (
        [("put", "checks", "L05", {"规则": "突变"})],
        "checks.csv 第 3 行“规则”：应为与上年跳变、部分大于整体、乡镇合计不符、累计下降、三年未变、两项同数、快报年报相差之一，现为“突变”。",
    ),
    (
        [("put", "checks", "L05", {"级别": "警告"})],
        "checks.csv 第 3 行“级别”：应为错误、提醒之一，现为“警告”。",
    ),
    (
        [("put", "checks", "L05", {"级别": ""})],
        "checks.csv 第 3 行“级别”：不能为空，请填写。",
    ),
    (
        [("put", "checks", "L05", {"界限": ""})],
        "checks.csv 第 3 行“界限”：规则“与上年跳变”要填大于 0 的界限，例如 50 表示 50%。",
    ),
    (
        [("put", "checks", "L05", {"界限": "50%"})],
        "checks.csv 第 3 行“界限”：应为 0 至 999999999999 之间的数字，现为“50%”。",
    ),
    (
        [("put", "checks", "L09", {"界限": "5"})],
        "checks.csv 第 5 行“界限”：规则“三年未变”不用界限，请清空。",
    ),
    (
        [("put", "checks", "L06", {"起比数": "5"})],
        "checks.csv 第 4 行“起比数”：规则“部分大于整体”不用起比数，请清空。",
    ),
    (
        [("put", "checks", "L06", {"对照数据项": ""})],
        "checks.csv 第 4 行“对照数据项”：规则“部分大于整体”要与另一个数据项对照，请填写。",
    ),
    (
        [("put", "checks", "L06", {"数据项代码": ""})],
        "checks.csv 第 4 行“数据项代码”：规则“部分大于整体”对照两个数据项，请填写。",
    ),
    (
        [("put", "checks", "L06", {"对照数据项": "L06"})],
        "checks.csv 第 4 行“对照数据项”：与数据项相同，请换一个。",
    ),
    (
        [("put", "checks", "L09", {"对照数据项": "L08"})],
        "checks.csv 第 5 行“对照数据项”：规则“三年未变”只看一个数据项，请清空。",
    ),
    (
        [("put", "checks", "L01", {"数据项代码": ""})],
        "checks.csv 第 6 行“数据项代码”：规则“两项同数”对照两个数据项，请填写。",
    ),
    (
        [("put", "checks", "L09", {"数据项代码": "L15"})],
        "checks.csv 第 5 行“数据项代码”：“L15”是“是否”类数据项，不比较大小，请换一个。",
    ),
    (
        [("put", "checks", "L06", {"规则": "乡镇合计不符"})],
        "checks.csv 第 4 行“数据项代码”：“L06”应逐乡镇填报，请换一个或改正采集方式。",
        "checks.csv 第 4 行“对照数据项”：“L08”应由股室填报，请换一个或改正采集方式。",
    ),
    (
        [("add", "checks", "L09", {})],
        "checks.csv 第 8 行“数据项代码、规则、对照数据项”：“L09 三年未变 ”与第 5 行重复，请删去一行或改正。",
    ),
]


@pytest.mark.parametrize(("changes", "sentences"), [(c, list(s)) for c, *s in FAULTS])
def test_fault_is_told_with_file_row_and_column(folder, changes, sentences):
    for verb, table, key, cells in changes:
        getattr(folder, verb)(table, key, **cells)
    assert faults_in(folder) == sentences
