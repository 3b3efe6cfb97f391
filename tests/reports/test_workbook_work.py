"""章节任务进展 and 专栏项目进展 as Excel, cell by cell against the waist they print."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from programs.content import MoneyContent
from programs.models import Assignment, ComponentProgress, WorkStatus
from reports.workbook import table_workbook
from reports.workbook_columns import BEHIND_FILL
from reports.works import WorkSummary, summarize_work
from tests.programs.test_standing import outside
from tests.reports import workbook_builders
from tests.reports.builders import text_of
from tests.reports.test_workbook import headings, printed, texts
from tests.reports.work_builders import EVERY, component, project, summary, task
from tests.work import Work

TASKS, PROJECTS = "章节任务进展", "专栏项目进展"
FIRST = 5  # the first row below the headings


def made(work: WorkSummary) -> Workbook:
    of = workbook_builders.summary()
    return load_workbook(BytesIO(table_workbook(of, work)))


def lines(sheet, *names: str) -> list[list[str]]:
    """What is printed under these headings, of every row down to 合计."""
    at = [headings(sheet).index(name) for name in names]
    found = []
    for row in sheet.iter_rows(min_row=FIRST):
        found.append([printed(row[i]) for i in at])
        if "合计" in {cell.value for cell in row}:
            return found
    raise AssertionError("没有合计")


# --- sheets ---------------------------------------------------------------------------------------


def test_they_come_after_the_numbers_and_only_where_there_is_something() -> None:
    assert made(summary(tasks=[task()], projects=[project()])).sheetnames == [
        *workbook_builders.SHEETS,
        TASKS,
        PROJECTS,
    ]
    assert made(summary()).sheetnames == workbook_builders.SHEETS
    assert made(summary(tasks=[task()])).sheetnames == [*workbook_builders.SHEETS, TASKS]


def test_headings_are_those_of_the_design() -> None:
    book = made(summary(tasks=[task()], projects=[project()]))
    assert headings(book[TASKS]) == [
        *("代码", "章节", "任务", "承诺程度", "牵头单位", "分管领导", "状态", "已办结", "共"),
        *("进展情况", "原因", "下一步措施"),
    ]
    assert headings(book[PROJECTS]) == [
        *("代码", "专栏", "项目", "子项", "承诺程度", "乡镇", "计划数量", "完成数量", "单位"),
        *("计划投资", "到位资金", "完成投资", "形象\n进度", "完成\n百分比"),
        *("计划开工", "实际开工", "计划完工", "实际完工", "状态", "牵头单位", "分管领导"),
        *("进展情况", "原因", "下一步措施"),
    ]


def test_titles_unit_line_and_paper_are_those_of_the_other_sheets() -> None:
    book = made(summary(tasks=[task()], projects=[project()]))
    assert texts(book[PROJECTS])[:5] == [
        "青山县民政事业发展第十五个五年规划专栏项目进展情况（2023年）",
        "编制单位：青山县民政局",
        "数据时点：2023年12月31日",
        "数据性质：年报数",
        "单位：万元",
    ]
    for name, frozen in ((TASKS, "D5"), (PROJECTS, "E5")):
        sheet = book[name]
        assert (sheet.freeze_panes, sheet.print_title_rows) == (frozen, "$3:$4")
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
        assert sheet.oddFooter.right.text == "第 &P 页，共 &N 页"


# --- rows -----------------------------------------------------------------------------------------


def test_a_task_prints_all_that_is_known_of_it() -> None:
    said = {"situation": "方案已印发。", "reason": "资金未到位", "next_step": "申请专项债"}
    one = task("behind", code="2.1-1", measures=("done", "stopped", "under_way"), **said)
    sheet = made(summary(tasks=[one]))[TASKS]
    assert [printed(cell) for cell in sheet[FIRST]] == [
        *("2.1-1", "2.1 一节", "任务2.1-1", "推进", "甲股", "王副局长", "滞后", "2", "3"),
        *("方案已印发。", "资金未到位", "申请专项债"),
    ]


def test_a_component_prints_all_that_is_known_of_it() -> None:
    part = component(
        name="东楼",
        planned="2",
        stage="structure",
        percent=60,
        quantity=Decimal(1),
        planned_start=date(2022, 3, 1),
        started_on=date(2022, 5, 4),
        planned_end=date(2024, 6, 30),
        situation="主体施工。",
        next_step="装修招标。",
        money={"central": ("900", "500", "320.5"), "county": ("300", None, "80")},
    )
    sheet = made(summary(projects=[project(code="Z1-1", parts=[part])]))[PROJECTS]
    assert [printed(cell) for cell in sheet[FIRST]] == [
        *("Z1-1", "专栏1", "项目Z1-1", "东楼", "须完成", "—", "2", "1", "所"),
        *("1200", "500", "400.5", "主体", "60%"),
        *("2022年\n3月1日", "2022年\n5月4日", "2024年\n6月30日", "—"),
        *("推进中", "甲股", "王副局长", "主体施工。", "", "装修招标。"),
    ]


def test_what_is_past_its_planned_end_bears_the_word() -> None:
    gone = {"planned_end": date(2023, 6, 30)}
    parts = [
        component(**gone),
        component("behind", reason="缺资金", **gone),
        component("done", **gone),
    ]
    sheet = made(summary(projects=[project(parts=parts)]))[PROJECTS]
    assert [line[0] for line in lines(sheet, "状态")][:3] == ["推进中\n超期", "滞后", "已完成"]


def test_what_is_not_reported_is_no_zero() -> None:
    book = made(summary(tasks=[task("", measures=("",))], projects=[project("")]))
    assert lines(book[TASKS], "状态", "已办结", "共")[0] == ["未填报", "—", "1"]
    assert lines(book[PROJECTS], "状态", "完成数量", "计划投资")[0] == ["未填报", "—", "—"]


def test_every_number_is_a_number_and_none_is_a_formula() -> None:
    money = {"other": ("1234567.25", "0", None)}
    part = component(planned="17", quantity=Decimal("0.5"), percent=5, money=money)
    book = made(summary(tasks=[task(measures=("done",))], projects=[project(parts=[part])]))
    row = dict(zip(headings(book[PROJECTS]), book[PROJECTS][FIRST], strict=True))
    names = ("计划数量", "完成数量", "计划投资", "到位资金", "完成\n百分比")
    assert [row[name].value for name in names] == [17, 0.5, 1234567.25, 0, 0.05]
    kinds = {cell.data_type for name in (TASKS, PROJECTS) for row in book[name] for cell in row}
    assert "f" not in kinds


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "#N/A"])
def test_what_people_write_stays_text(text: str) -> None:
    part = component(name=text, measure=text, situation=text, reason=text)
    given = task(situation=text, reason=text, next_step=text)
    book = made(summary(tasks=[given], projects=[project(code=text, parts=[part])]))
    for name in (TASKS, PROJECTS):
        found = [cell for row in book[name] for cell in row if cell.value == text]
        assert len(found) > 2 and {cell.data_type for cell in found} == {"s"}


@pytest.mark.parametrize("status", EVERY)
def test_status_is_told_by_word_and_fill_and_behind_is_darkest(status: str) -> None:
    sheet = made(summary(tasks=[task(status)]))[TASKS]
    field = sheet.cell(FIRST, headings(sheet).index("状态") + 1)
    assert field.value == WorkStatus(status).label
    assert (field.fill.fgColor.rgb == f"00{BEHIND_FILL}") == (status == "behind")


# --- sums -----------------------------------------------------------------------------------------


def test_chapters_are_summed_and_so_is_the_plan() -> None:
    done, open_one = ("done",), ("under_way", "done")
    some = [task(chapter=2, measures=done), task(chapter=3, measures=open_one)]
    sheet = made(summary(tasks=some, projects=[project(chapter=3)]))[TASKS]
    assert lines(sheet, "章节", "任务", "已办结", "共")[1::2] == [
        ["第二章 第2章标题 小计", "1项", "1", "1"],
        ["第三章 第3章标题 小计", "1项", "1", "2"],
    ]
    assert lines(sheet, "章节", "任务", "已办结", "共")[-1] == ["合计", "2项", "2", "3"]


def test_boxes_are_summed_and_what_overlaps_is_named_and_left_out() -> None:
    work = summary(
        projects=[
            project(code="Z1-1", spent="0.1"),
            project(code="W-01", box=None, counted_in="Z1-1", spent="7"),
            project(code="W-02", box=None, spent="0.2"),
        ]
    )
    sheet = made(work)[PROJECTS]
    assert lines(sheet, "项目", "完成投资") == [
        ["项目Z1-1", "0.1"],
        ["专栏1 专栏1标题 小计", "0.1"],
        ["项目W-01（见Z1-1，不计入合计）", "7"],
        ["项目W-02", "0.2"],
        ["专栏外的项目 小计", "0.2"],
        ["合计", "0.3"],
    ]
    assert "　　4．内容重叠的项目只在专栏中计数：W-01与Z1-1。" in texts(sheet)


def test_what_is_only_sought_is_a_line_below_the_sum() -> None:
    sheet = made(summary(projects=[project("not_started", grade="seek", planned="40")]))[PROJECTS]
    last = [cell.value for cell in sheet[FIRST + 3]]
    assert (last[2], last[9]) == ("其中：争取类", 40)
    assert sheet.cell(FIRST + 4, 1).value == (
        "1个项目：争取类1个单列：未启动1个。建设类子项按形象进度：未填报1个（其中争取类1个）。"
    )


def test_why_a_total_fell_stands_below_the_reason() -> None:
    parts = [component("behind", reason="资金未到位", fall_reason="核减重复统计"), component()]
    sheet = made(summary(projects=[project(parts=parts)]))[PROJECTS]
    label = ComponentProgress._meta.get_field("fall_reason").verbose_name
    assert [sheet.cell(FIRST + n, 23).value for n in (0, 1)] == [
        f"资金未到位\n{label}：核减重复统计",
        None,
    ]


def test_amounts_of_overlapping_projects_are_named_below() -> None:
    work = summary(projects=[project(code="W-01", counted_in="Z1", spent="7")])
    assert any(
        "其中自行报送了数量或投资、不计入合计的：W-01 子项（完成投资7万元）。" in str(cell.value)
        for row in made(work)[PROJECTS].iter_rows()
        for cell in row
    )


# --- page, workbook and waist ---------------------------------------------------------------------


def play(work: Work) -> None:
    """A published year; outside of the boxes one project that overlaps and one that does not."""
    world, clerk = work.world, work.world.people["clerk"]
    extra = [outside(work, "W-01", work.project), outside(work, "W-02")]
    for one in extra:
        Assignment.objects.create(project=one, unit=world.care, effective_year=2020)
    rnd = world.round(2023)
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    work.fill(rnd)
    for one in extra:
        money = {"lottery": MoneyContent(Decimal("10.25"), Decimal(10), Decimal("0.5"))}
        content = work.building(quantity=Decimal(3), money=money)
        work.save(clerk, world.return_of(rnd, world.care), one.components.get(), content)
    world.explain(rnd)
    world.approve_all(rnd)
    world.publish(rnd)


NAMES = ("计划投资", "到位资金", "完成投资", "计划数量", "完成数量")


@pytest.mark.django_db
def test_money_and_quantities_agree_on_page_list_workbook_and_waist(work, as_person) -> None:
    play(work)
    leader = as_person("leader")
    waist = summarize_work(work.world.plan, 2023, places=True)
    sheet = load_workbook(BytesIO(leader.get("/reports/2023/table.xlsx").content))[PROJECTS]
    page, listed = text_of(leader, "/?year=2023"), text_of(leader, "/projects/?year=2023")

    rows = [row for box in waist.component_rows for row in box.rows]
    numbers = [[*row.money.cells, row.planned, row.quantity] for row in rows]
    assert [[number.text for number in of] for of in numbers] == [
        ["1200", "600", "400.5", "1", "0"],
        ["—", "—", "—", "—", "—"],
        ["10.25", "10", "0.5", "—", "3"],
        ["10.25", "10", "0.5", "—", "3"],
    ]
    at = [headings(sheet).index(name) for name in NAMES]
    written = [cells for cells in sheet.iter_rows(min_row=FIRST) if cells[0].value]
    for cells, of in zip(written, numbers, strict=False):
        assert [Decimal(str(cells[i].value)) for i in at if cells[i].data_type == "n"] == [
            number.value for number in of if number.value is not None
        ]

    assert [number.text for number in waist.money.cells] == ["1210.25", "610", "401"]
    assert lines(sheet, *NAMES[:3])[-1] == ["1210.25", "610", "401"]
    assert waist.sentence in page
    for number in waist.money.cells:
        assert f'<td class="num">{number}</td>' in page
        assert f">{number}</td>" in listed
    assert "0 / 1 " in listed and "<small>计划数量未定</small>" in listed
