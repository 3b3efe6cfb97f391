"""The waist of the work: counts, sums, who is late, and the sentence."""

from datetime import date
from decimal import Decimal

import pytest

from reports.work_rows import townships_text
from reports.works import summarize_work
from tests.reports.work_builders import component, lead, project, summary, task
from tests.work import Work


def lines(group) -> list[tuple[str, int, int]]:
    return [(count.label, count.tasks, count.projects) for count in group.counts]


# --- counts ---------------------------------------------------------------------------------------


def test_what_is_sought_is_tallied_apart() -> None:
    whole = summary(
        tasks=[task("done"), task("under_way"), task("", kind="safeguard")],
        projects=[project("behind"), project("not_approved", grade="seek"), project("done")],
    ).whole
    assert lines(whole.tally) == [
        ("已完成", 1, 1),
        ("推进中", 1, 0),
        ("滞后", 0, 1),
        ("未填报", 1, 0),
    ]
    assert lines(whole.sought) == [("未获批准", 0, 1)]
    assert (whole.tasks, whole.safeguards, whole.projects) == (3, 1, 3)


def grade(one) -> tuple:
    counts = [(n.all, n.done, n.late) for n in (one.tasks, one.measures, one.components)]
    return (one.name, *counts, one.money.spent.text)


def test_each_thing_counts_under_its_own_grade() -> None:
    """A firm measure of a task that only advances, a sought component of a firm project."""
    work = summary(
        tasks=[
            task("done", grade="advance", measures=("done", "", "done"),
                 grades=("firm", "firm", "advance")),
            task("behind", grade="seek"),
        ],
        projects=[
            project(
                "", parts=[
                    component("done", money={"other": (None, None, "3")}),
                    component("behind", grade="seek", money={"other": (None, None, "40")}),
                ],
            ),
            project("done", code="W-01", counted_in="Z3-1", spent="7"),
        ],
    )  # fmt: skip
    assert [grade(one) for one in work.grades] == [
        ("须完成", (0, 0, 0), (2, 1, 0), (1, 1, 0), "3"),
        ("推进", (1, 1, 0), (1, 1, 0), (0, 0, 0), "—"),
        ("争取", (1, 0, 1), (0, 0, 0), (1, 0, 1), "40"),
    ]
    assert work.sought_money.spent.text == "40"


def test_chapters_and_units_add_up_to_the_whole() -> None:
    work = summary(
        tasks=[task("done", chapter=2), task("behind", chapter=4, lead=lead("乙股", 2))],
        projects=[project("done", chapter=4, spent="3.5"), project("", chapter=2, lead=None)],
    )
    assert [(one.name, one.tasks, one.projects) for one in work.chapters] == [
        ("第二章 第2章标题", 1, 1),
        ("第四章 第4章标题", 1, 1),
    ]
    assert [(one.name, one.tasks, one.projects) for one in work.units] == [
        ("甲股", 1, 1),
        ("乙股", 1, 0),
        ("未定牵头单位", 0, 1),
    ]
    assert sum(one.tasks.all for one in work.grades) == work.whole.tasks
    assert sum(one.components.all for one in work.grades) == len(work.works.components)
    for parts in (work.chapters, work.units):
        assert sum(one.tasks for one in parts) == work.whole.tasks
        assert sum(one.projects for one in parts) == work.whole.projects
        assert sum(one.money.spent.value or 0 for one in parts) == work.money.spent.value


def test_stages_count_the_components_of_construction_projects() -> None:
    work = summary(
        projects=[
            project(
                parts=[component(stage="structure"), component(grade="seek", stage="conceived")]
            ),
            project(kind="service", parts=[component()]),
            project(""),
        ]
    )
    assert [(one.label, one.components, one.sought) for one in work.stages] == [
        ("谋划", 0, 1),
        ("主体", 1, 0),
        ("未填报", 1, 0),
    ]
    assert work.stages_said == (
        "建设类子项按形象进度：谋划1个（其中争取类1个），主体1个，未填报1个。"
    )


# --- money ----------------------------------------------------------------------------------------


def test_money_is_summed_exactly_over_sources_and_missing_is_not_zero() -> None:
    work = summary(
        projects=[
            project(parts=[component(money={"central": ("0.1", "0.1", None)})]),
            project(
                parts=[
                    component(money={"central": ("0.2", None, None), "lottery": ("5", "1", None)})
                ]
            ),
        ]
    )
    assert [number.text for number in work.money.cells] == ["5.3", "1.1", "—"]
    assert work.money.planned.value == Decimal("5.3")
    assert [(one.label, [n.text for n in one.money.cells]) for one in work.sources] == [
        ("中央预算内", ["0.3", "0.1", "—"]),
        ("福彩公益金", ["5", "1", "—"]),
    ]


def test_the_part_that_is_only_sought_is_told() -> None:
    sought = component(grade="seek", money={"other": ("40", None, None)})
    work = summary(projects=[project(parts=[component(money={"other": ("2", "1", "1")}), sought])])
    assert [number.text for number in work.sought_money.cells] == ["40", "—", "—"]
    assert [number.text for number in work.money.cells] == ["42", "1", "1"]


def test_what_overlaps_a_box_is_in_no_count_and_no_sum() -> None:
    twice = project("behind", code="W-01", counted_in="Z3-1", spent="7")
    work = summary(projects=[twice, project("under_way", code="Z3-1", spent="7")])
    assert (work.whole.projects, work.money.spent.text, lines(work.whole.tally)) == (
        1,
        "7",
        [("推进中", 0, 1)],
    )
    assert [(one.name, one.counted_in) for one in work.late] == [("项目W-01", "Z3-1")]
    assert work.late_said == ""
    assert [row.code for box in work.component_rows for row in box.rows] == ["W-01", "Z3-1"]
    assert work.own_figures == ("W-01 子项（完成投资7万元）",)


def test_an_overlapping_component_without_amounts_of_its_own_is_not_told() -> None:
    parts = [component(name="轮训"), component(name="示范班", quantity=Decimal(3), measure="期")]
    work = summary(projects=[project(code="W-05", counted_in="Z2-4", parts=parts)])
    assert work.own_figures == ("W-05 示范班（完成3期）",)


# --- who is late ----------------------------------------------------------------------------------


def test_late_ones_are_named_the_firmest_first_and_the_sought_last() -> None:
    work = summary(
        tasks=[task("behind", grade="explore", code="2.1-1"), task("behind", code="2.1-2")],
        projects=[project("behind", grade="seek", code="Z1"), project("behind", code="Z2")],
    )
    assert [(one.code, one.is_sought) for one in work.late] == [
        ("Z2", False),
        ("2.1-2", False),
        ("2.1-1", False),
        ("Z1", True),
    ]
    assert work.late_said == "2项任务、1个项目滞后或超过计划完工时间（另有争取类1项）"


def test_a_late_component_that_is_only_sought_is_named_apart() -> None:
    parts = [
        component("under_way", name="北楼"),
        component("behind", name="公寓", grade="seek", reason="未获批"),
    ]
    work = summary(tasks=[task("behind", code="2.1-1")], projects=[project(code="Z1", parts=parts)])
    assert [(one.code, one.is_sought, one.label, one.reason) for one in work.late] == [
        ("2.1-1", False, "滞后", ""),
        ("Z1", True, "滞后", "公寓：未获批"),
    ]
    assert (work.whole.tally.late_projects, work.works.projects[0].label) == (0, "推进中")
    assert work.late_said == "1项任务滞后或超过计划完工时间（另有争取类1项）"
    only = summary(projects=[project(parts=parts)])
    assert only.late_said == "争取类1项滞后或超过计划完工时间，单列"


def test_late_of_chapters_and_units_adds_up_to_those_that_are_named() -> None:
    overdue = [component(planned_end=date(2023, 6, 30))]
    work = summary(
        tasks=[task("behind", chapter=2), task("behind", grade="seek", chapter=3)],
        projects=[
            project(chapter=3, parts=overdue, lead=None),
            project("behind", chapter=4),
            project("behind", chapter=4, grade="seek"),
            project("behind", counted_in="Z1"),
        ],
    )
    assert (len(work.late), work.late_said) == (
        6,
        "1项任务、2个项目滞后或超过计划完工时间（另有争取类2项）",
    )
    for parts in (work.chapters, work.units, [work.whole]):
        assert sum(one.tally.late_tasks for one in parts) == 1
        assert sum(one.tally.late_projects for one in parts) == 2


def test_the_end_that_the_plan_gives_is_told_where_nothing_else_is_said() -> None:
    part = component()
    part.component.planned_end = date(2023, 6, 30)
    (late,) = summary(projects=[project(parts=[part])]).late
    assert late.reason == "计划2023年6月30日完工，至2023年12月31日尚未完工"


def test_a_late_project_says_which_of_its_components_and_why() -> None:
    parts = [
        component("behind", name="南楼", reason="资金未到位。", next_step="申请专项债"),
        component("under_way", name="北楼", planned_end=date(2023, 6, 30)),
        component("done", name="西楼", planned_end=date(2023, 6, 30)),
    ]
    (late,) = summary(projects=[project(parts=parts)]).late
    assert (late.label, late.is_overdue) == ("滞后", True)
    assert late.reason == "南楼：资金未到位；北楼：计划2023年6月30日完工，至2023年12月31日尚未完工"
    assert late.next_step == "南楼：申请专项债"


def test_a_project_in_one_piece_is_not_named_twice() -> None:
    (late,) = summary(projects=[project(parts=[component("behind", reason="资金未到位")])]).late
    assert (late.reason, late.is_overdue) == ("资金未到位", False)


# --- the sentence ---------------------------------------------------------------------------------


def test_the_sentence_counts_tasks_projects_and_money() -> None:
    work = summary(
        tasks=[task("done"), task("under_way"), task("behind"), task("done", kind="safeguard")],
        projects=[
            project("under_way", arrived="680", spent="450.5"),
            project("under_way", parts=[component(planned_end=date(2023, 6, 30))]),
            project("not_approved", grade="seek"),
            project("behind", code="W-01", counted_in="Z3-1"),
        ],
    )
    assert work.sentence == (
        "4项任务（含保障措施1项）：已完成2项，推进中1项，滞后1项。"
        "3个项目（另有1个与专栏项目重叠，不重复计数）：推进中2个；争取类1个单列：未获批准1个；"
        "超过计划完工时间未完成的1个。累计到位资金680万元，完成投资450.5万元。"
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ""),
        ({"tasks": [("", {})]}, "1项任务：未填报1项。"),
        ({"tasks": [("done", {"grade": "seek"})]}, "1项任务：争取类1项单列：已完成1项。"),
        ({"projects": [("done", {"spent": "0"})]}, "1个项目：已完成1个。完成投资0万元。"),
    ],
)
def test_what_there_is_none_of_is_not_mentioned(given: dict, said: str) -> None:
    tasks = [task(status, **more) for status, more in given.get("tasks", [])]
    projects = [project(status, **more) for status, more in given.get("projects", [])]
    assert summary(tasks=tasks, projects=projects).sentence == said


# --- rows -----------------------------------------------------------------------------------------


def test_boxes_come_in_order_and_what_is_outside_of_them_last() -> None:
    work = summary(
        projects=[
            project(code="W-1", box=None, spent="1"),
            project(code="Z3", box=3, spent="2"),
            project(code="Z1", box=1, spent="4"),
            project(code="W-2", box=None, counted_in="Z1", spent="8"),
        ]
    )
    assert [
        (box.name, [row.code for row in box.rows], box.money.spent.text)
        for box in work.component_rows
    ] == [
        ("专栏1 专栏1标题", ["Z1"], "4"),
        ("专栏3 专栏3标题", ["Z3"], "2"),
        ("专栏外的项目", ["W-1", "W-2"], "1"),
    ]


def test_few_townships_are_named_and_many_counted() -> None:
    units = [lead(f"{n}镇", n).unit for n in range(1, 18)]
    assert [townships_text(some) for some in ([], units[:2], units)] == [
        "",
        "1镇、2镇",
        "1镇等17个乡镇",
    ]


# --- through the tables ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_published_year_is_told(work: Work) -> None:
    work.publish(2023)
    found = summarize_work(work.world.plan, 2023)
    assert found.sentence == (
        "2项任务：推进中1项；争取类1项单列：未启动1项。1个项目：推进中1个。"
        "累计到位资金600万元，完成投资400.5万元。"
    )
    assert (found.as_of, found.is_reported, found.is_empty) == (date(2023, 12, 31), True, False)
    assert [(one.label, one.components, one.sought) for one in found.stages] == [
        ("谋划", 0, 1),
        ("主体", 1, 0),
    ]
    assert summarize_work(work.world.plan, 2022).is_reported is False
