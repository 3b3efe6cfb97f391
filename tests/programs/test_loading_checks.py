"""Every fault of the tables about the work has its sentence; each case breaks one thing of the
small plan."""

import csv

import pytest

from organization.models import Unit, UnitKind
from plans.models import Clause, Plan, StatedNumber
from programs.loading_checks import Surroundings, WorkChecks
from programs.loading_tables import read_work
from tests.indicators.plan_folder import SECOND, PlanFolder

PLAN = Plan(base_year=2025, start_year=2026, end_year=2030)
DEPARTMENT, TOWNSHIP = UnitKind.DEPARTMENT, UnitKind.TOWNSHIP
UNITS = {
    "LC": Unit(name="临川县民政局", kind=UnitKind.BUREAU),
    "LC-YL": Unit(name="养老服务股", kind=DEPARTMENT),
    "LC-JZ": Unit(name="社会救助和社会组织股", kind=DEPARTMENT),
    "LC-X": Unit(name="新设股", kind=DEPARTMENT, valid_from=2027),
    "LC-J": Unit(name="旧股", kind=DEPARTMENT, valid_until=2025),
    "LC-T1": Unit(name="东河镇", kind=TOWNSHIP),
    "LC-T2": Unit(name="南坪镇", kind=TOWNSHIP),
    "LC-T4": Unit(name="北原镇", kind=TOWNSHIP),
}
BOX_ID = 7


def table(name: str) -> list[dict[str, str]]:
    with (SECOND / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def surroundings() -> Surroundings:
    clauses = {
        row["定位"]: Clause(
            pk=pk,
            locator=row["定位"],
            sentences=int(row["句数"]),
            box_id=BOX_ID if row["定位"].startswith("专栏") else None,
        )
        for pk, row in enumerate(table("clauses.csv"))
    }
    numbers = [
        StatedNumber(
            clause_id=clauses[row["定位"]].pk,
            printed=row["原文数字"],
            represented_by=row["由何体现"],
        )
        for row in table("numbers.csv")
    ]
    indicators = frozenset(row["代码"] for row in table("indicators.csv"))
    return Surroundings(PLAN, UNITS, clauses, {BOX_ID: 1}, numbers, indicators)


def faults_in(folder: PlanFolder) -> list[str]:
    faults: list[str] = []
    WorkChecks(read_work(folder.path, faults), surroundings()).run()
    return faults


@pytest.fixture
def folder(tmp_path) -> PlanFolder:
    return PlanFolder(tmp_path)


def test_the_folder_itself_has_no_fault(folder):
    assert faults_in(folder) == []


def test_a_plan_needs_no_work(folder):
    for name in ("tasks", "measures", "projects", "components"):
        (folder.path / f"{name}.csv").unlink()
    assert faults_in(folder) == []


FAULTS = [
    # tasks.csv
    (
        ["put", "tasks", "2.2", {"任务代码": "2.2、1"}],
        "tasks.csv 第 3 行“任务代码”：只能用英文字母、数字、“.”和“-”，现为“2.2、1”。",
        "measures.csv 第 4 行“任务代码”：tasks.csv 中没有“2.2”，请补上或改正。",
    ),
    (
        ["add", "tasks", "2.2", {}],
        "tasks.csv 第 4 行“任务代码”：“2.2”与第 3 行重复，请删去一行或改正。",
    ),
    (
        ["put", "tasks", "2.2", {"类型": "工作"}],
        "tasks.csv 第 3 行“类型”：应为任务、保障措施之一，现为“工作”。",
    ),
    (
        ["put", "tasks", "2.2", {"承诺程度": "完成"}],
        "tasks.csv 第 3 行“承诺程度”：应为须完成、推进、探索、争取之一，现为“完成”。",
    ),
    (
        ["put", "tasks", "2.2", {"名称": ""}],
        "tasks.csv 第 3 行“名称”：不能为空，请填写。",
    ),
    (
        ["put", "tasks", "2.2", {"排序": "第二"}],
        "tasks.csv 第 3 行“排序”：应为 0 至 99999 之间的整数，现为“第二”。",
    ),
    (
        ["put", "tasks", "2.2", {"定位": "第二章第九节 第1段"}],
        "tasks.csv 第 3 行“定位”：clauses.csv 中没有“第二章第九节 第1段”，请补上或改正。",
    ),
    (
        ["put", "tasks", "2.2", {"定位": "表1 第1行"}],
        "tasks.csv 第 3 行“定位”：“表1 第1行”在 clauses.csv 中的句数是 0，请先补上句数或改正定位。",
    ),
    (
        ["put", "tasks", "2.2", {"牵头单位代码": "LC-9"}],
        "tasks.csv 第 3 行“牵头单位代码”：units.csv 中没有“LC-9”，请补上或改正。",
    ),
    (
        ["put", "tasks", "2.2", {"牵头单位代码": "LC-T1"}],
        "tasks.csv 第 3 行“牵头单位代码”：应为局或股室，“东河镇”是乡镇。",
    ),
    (
        ["put", "tasks", "2.2", {"牵头单位代码": "LC-X"}],
        "tasks.csv 第 3 行“牵头单位代码”：“新设股”在规划起始的 2026 年不是有效单位，请改为当年有效的单位。",
    ),
    (
        ["put", "tasks", "2.2", {"牵头单位代码": "LC-J"}],
        "tasks.csv 第 3 行“牵头单位代码”：“旧股”在规划起始的 2026 年不是有效单位，请改为当年有效的单位。",
    ),
    (
        ["put", "tasks", "2.2", {"协同单位代码": "LC-YL、LC-9"}],
        "tasks.csv 第 3 行“协同单位代码”：units.csv 中没有“LC-9”，请补上或改正。",
    ),
    (
        ["put", "tasks", "2.2", {"协同单位代码": "LC-YL、LC-YL"}],
        "tasks.csv 第 3 行“协同单位代码”：“LC-YL”写了 2 次，请只写一次。",
    ),
    (
        ["put", "tasks", "2.2", {"协同单位代码": "LC-JZ"}],
        "tasks.csv 第 3 行“协同单位代码”：“LC-JZ”已是牵头单位，不再列为协同单位，请删去。",
    ),
    (
        ["put", "tasks", "2.2", {"分工待确认": "待定"}],
        "tasks.csv 第 3 行“分工待确认”：应填“是”或“否”，现为“待定”。",
    ),
    (
        ["put", "tasks", "2.2", {"关联指标": "7、C9"}],
        "tasks.csv 第 3 行“关联指标”：indicators.csv 中没有“C9”，请补上或改正。",
    ),
    # measures.csv
    (
        ["put", "measures", "2.2", {"任务代码": "2.9"}],
        "measures.csv 第 4 行“任务代码”：tasks.csv 中没有“2.9”，请补上或改正。",
    ),
    (
        ["put", "measures", "2.1-1 2", {"序": "1"}],
        "measures.csv 第 3 行“任务代码、序”：“2.1-1 1”与第 2 行重复，请删去一行或改正。",
    ),
    (
        ["put", "measures", "2.2", {"措施": "提高" * 31}],
        "measures.csv 第 4 行“措施”：最多 60 个字，现有 62 个字，请缩短。",
    ),
    (
        ["put", "measures", "2.2", {"句": ""}],
        "measures.csv 第 4 行“句”：不能为空，请填写。",
    ),
    (
        ["put", "measures", "2.2", {"句": "2"}],
        "measures.csv 第 4 行“句”：“第二章第二节 第1段”只有 1 句，没有第 2 句，请改正。",
    ),
    (
        ["put", "measures", "2.1-1 2", {"句": "2~1"}],
        "measures.csv 第 3 行“句”：应写成“3”“1~3”或“2、4”，现为“2~1”。",
    ),
    (
        ["put", "measures", "2.1-1 2", {"句": "第二句"}],
        "measures.csv 第 3 行“句”：应写成“3”“1~3”或“2、4”，现为“第二句”。",
    ),
    (
        ["put", "measures", "2.1-1 2", {"句": "0"}],
        "measures.csv 第 3 行“句”：应写成“3”“1~3”或“2、4”，现为“0”。",
    ),
    (
        ["put", "measures", "2.1-1 2", {"体现的数字": "121"}],
        "measures.csv 第 3 行“体现的数字”：numbers.csv 中“第二章第一节 第1段”没有数字“121”，请补上或改正。",
    ),
    (
        ["put", "measures", "2.1-1 2", {"体现的数字": "120"}],
        "measures.csv 第 3 行“体现的数字”：numbers.csv 中“第二章第一节 第1段”的数字“120”没有写由"
        "“措施 2.1-1-2”体现，请补上或在此删去。",
    ),
    # projects.csv
    (
        ["put", "projects", "W-1", {"类型": "建设"}],
        "projects.csv 第 2 行“类型”：应为建设类、非建设类之一，现为“建设”。",
    ),
    (
        ["put", "projects", "W-1", {"牵头单位代码": "LC-T1"}],
        "projects.csv 第 2 行“牵头单位代码”：应为局或股室，“东河镇”是乡镇。",
    ),
    (
        ["put", "projects", "W-1", {"专栏号": "1"}],
        "projects.csv 第 2 行“专栏号”：“第二章第一节 第1段”的项目应留空，现为 1。",
    ),
    (
        ["put", "projects", "Z1-1", {"专栏号": ""}],
        "projects.csv 第 3 行“专栏号”：“专栏1 第1条”的项目应为 1，现为空。",
    ),
    (
        ["put", "projects", "Z1-1", {"专栏号": "2"}],
        "projects.csv 第 3 行“专栏号”：“专栏1 第1条”的项目应为 1，现为 2。",
    ),
    (
        ["put", "projects", "W-1", {"关联任务": "2.1-1、2.9"}],
        "projects.csv 第 2 行“关联任务”：tasks.csv 中没有“2.9”，请补上或改正。",
    ),
    (
        ["put", "projects", "W-1", {"关联项目": "W-1、W-9"}],
        "projects.csv 第 2 行“关联项目”：projects.csv 中没有“W-9”，请补上或改正。",
        "projects.csv 第 2 行“关联项目”：不能是项目自己，请删去或改正。",
    ),
    (
        ["drop", "components", "Z1-1"],
        "projects.csv 第 3 行“项目代码”：这个项目在 components.csv 中没有子项，请至少补一行"
        "（不分子项的写项目本身）。",
    ),
    # components.csv
    (
        ["put", "components", "W-1 2", {"项目代码": "W-9"}],
        "components.csv 第 3 行“项目代码”：projects.csv 中没有“W-9”，请补上或改正。",
    ),
    (
        ["put", "components", "W-1 1", {"计量单位": ""}],
        "components.csv 第 2 行“计量单位”：写了计划数量，必须填计量单位。",
    ),
    (
        ["put", "components", "W-1 1", {"计划数量": "-1"}],
        "components.csv 第 2 行“计划数量”：应为 0 至 999999999999 之间的数字，现为“-1”。",
    ),
    (
        ["put", "components", "W-1 1", {"计划开工": "2026年", "计划完工": "2027-13"}],
        "components.csv 第 2 行“计划开工”：应为年和月，例如 2023-06，现为“2026年”。",
        "components.csv 第 2 行“计划完工”：应为年和月，例如 2023-06，现为“2027-13”。",
    ),
    (
        ["put", "components", "W-1 1", {"计划完工": "2026-02"}],
        "components.csv 第 2 行“计划完工”：早于计划开工 2026-03，请改正。",
    ),
    (
        ["put", "components", "W-1 1", {"乡镇": "LC-YL、LC-T9"}],
        "components.csv 第 2 行“乡镇”：应为乡镇，“养老服务股”不是乡镇，请改正。",
        "components.csv 第 2 行“乡镇”：units.csv 中没有“LC-T9”，请补上或改正。",
    ),
    (
        ["put", "components", "W-1 1", {"乡镇": "全部、LC-T1"}],
        "components.csv 第 2 行“乡镇”：“全部”不能与乡镇代码写在一起，请删去一样。",
    ),
    (
        ["put", "components", "Z1-1", {"句": "1~3"}],
        "components.csv 第 4 行“句”：“专栏1 第1条”只有 1 句，没有第 2 句，请改正。",
    ),
    (
        ["put", "components", "Z1-1", {"体现的数字": "20"}],
        "components.csv 第 4 行“体现的数字”：numbers.csv 中“专栏1 第1条”没有数字“20”，请补上或改正。",
    ),
]


@pytest.mark.parametrize("case", FAULTS, ids=lambda case: f"{case[0][1]} {case[1][-24:]}")
def test_every_fault_has_its_sentence(folder, case):
    (change, name, key, *cells), *sentences = case
    getattr(folder, change)(name, key, **(cells[0] if cells else {}))
    assert faults_in(folder) == sentences


@pytest.mark.parametrize(
    ("cell", "sentences"),
    [("2", [2]), ("1~2", [1, 2]), ("2、1", [1, 2]), ("１～２", [1, 2]), (" 1 、 2 ", [1, 2])],
)
def test_sentences_are_written_in_several_ways(folder, cell, sentences):
    sheets = read_work(folder.put("measures", "2.1-1 2", 句=cell).path, [])
    assert sheets.measures[1].values["sentences"] == sentences


@pytest.mark.parametrize("cell", ["2028-02", "2028年2月", "2028/2", "2028.02"])
def test_a_month_begins_with_its_first_and_ends_with_its_last_day(folder, cell):
    folder.put("components", "W-1 1", 计划开工=cell, 计划完工=cell)
    values = read_work(folder.path, []).components[0].values
    assert [str(values["planned_start"]), str(values["planned_end"])] == [
        "2028-02-01",
        "2028-02-29",
    ]
