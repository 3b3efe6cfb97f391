"""The list of projects: what is asked for, and sums that add up."""

from decimal import Decimal

import pytest

from programs.content import MoneyContent
from programs.models import Project
from reports.project_list import ProjectList, rate_of
from tests.reports.builders import queries, text_of
from tests.reports.test_outline import more
from tests.work import Work

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside(work: Work) -> Project:
    """Named outside of the boxes; with money of its own."""
    project = Project.objects.create(
        plan=work.world.plan, code="W-01", order=5, name="敬老院", clause=work.care_task.clause,
        grade="advance", kind="construction",
    )  # fmt: skip
    project.components.create(order=1, name="敬老院", grade="advance", measure="所", sentences=[1])
    project.assignments.create(unit=work.world.care, effective_year=2020)
    return project


def publish(work: Work, outside: Project) -> None:
    fill = work.fill

    def filled(rnd) -> None:
        fill(rnd)
        care = work.world.return_of(rnd, work.world.care)
        money = {"private": MoneyContent(Decimal(50), Decimal(20), Decimal(10))}
        content = work.building(stage="in_use", percent=100, money=money)
        work.save(work.world.people["clerk"], care, outside.components.get(), content)

    work.fill = filled
    work.publish(2023)


def asked(client, **query: str) -> ProjectList:
    return client.get("/projects/", query).context["list"]


def codes(found: ProjectList) -> list[tuple[str, list[str]]]:
    return [
        (line.standing.project.code, [row.name for row in line.rows])
        for box in found.boxes
        for line in box.lines
    ]


def money(sums) -> list[str]:
    return [cell.text for cell in sums.money.cells]


def test_boxes_first_then_what_is_named_outside_and_the_sums_add_up(
    work: Work, outside: Project, as_person
) -> None:
    publish(work, outside)
    found = asked(as_person("leader"))
    assert codes(found) == [("Z3-1", ["失能老人养老院", "老年公寓"]), ("W-01", ["敬老院"])]
    assert [(box.name, money(box.sums)) for box in found.boxes] == [
        ("专栏3 养老设施建设工程", ["1200", "600", "400.5"]),
        ("专栏外的项目", ["50", "20", "10"]),
    ]
    assert money(found.sums) == ["1250", "620", "410.5"]
    assert (found.sums.projects, found.sums.components, found.sums.overlapping) == (2, 3, 0)


def test_what_overlaps_with_a_box_is_shown_but_counted_there_only(
    work: Work, outside: Project, as_person
) -> None:
    outside.related.add(work.project)
    publish(work, outside)
    found = asked(as_person("leader"))
    assert len(codes(found)) == 2
    assert money(found.sums) == ["1200", "600", "400.5"]
    assert (found.sums.projects, found.sums.components, found.sums.overlapping) == (1, 2, 1)
    page = text_of(as_person("leader"), "/projects/")
    assert "与 Z3-1 是同一事项，进展见" in page and "不计入合计" in page
    assert "合计<small>1 个项目，2 个子项；另有 1 个与专栏项目重叠，不重复计</small>" in page


HOME, FLATS, OUTSIDE = "失能老人养老院", "老年公寓", "敬老院"


@pytest.mark.parametrize(
    ("name", "value", "left"),
    [
        ("box", "3", [HOME, FLATS]),
        ("box", "none", [OUTSIDE]),
        ("grade", "firm", [HOME]),
        ("grade", "seek", [FLATS]),
        ("township", "XA-T0", [HOME]),
        ("township", "none", [FLATS, OUTSIDE]),
        ("unit", "XA-1", [HOME, FLATS, OUTSIDE]),
        ("stage", "structure", [HOME]),
        ("stage", "conceived", [FLATS]),
        ("status", "not_started", [FLATS]),
        ("status", "under_way", [HOME, OUTSIDE]),
        ("late", "1", []),
        ("late", "0", [HOME, FLATS, OUTSIDE]),
        ("grade", "nonsense", [HOME, FLATS, OUTSIDE]),
        ("box", "3' OR 1=1", [HOME, FLATS, OUTSIDE]),
    ],
)
def test_only_components_that_have_what_is_asked_for(
    work: Work, outside: Project, as_person, name: str, value: str, left: list[str]
) -> None:
    publish(work, outside)
    found = asked(as_person("leader"), **{name: value})
    assert [row for _, rows in codes(found) for row in rows] == left


def test_filters_join_and_the_sums_follow(work: Work, outside: Project, as_person) -> None:
    publish(work, outside)
    found = asked(as_person("leader"), box="3", grade="seek")
    assert codes(found) == [("Z3-1", [FLATS])]
    (line,) = found.boxes[0].lines
    assert (line.is_whole, line.hidden, money(found.sums)) == (False, 1, ["—", "—", "—"])
    assert found.asked == {"box": "3", "grade": "seek"}
    page = text_of(as_person("leader"), "/projects/?box=3&grade=seek")
    assert "另有 1 个子项不在筛选范围" in page
    assert '?year=2023&amp;box=3&amp;grade=seek" aria-current="true">2023' in page
    nothing = text_of(as_person("leader"), "/projects/?box=none&grade=seek")
    assert "没有符合条件的项目。" in nothing


def test_only_what_occurs_can_be_asked_for(work: Work, outside: Project, as_person) -> None:
    publish(work, outside)
    found = {one.name: one.options for one in asked(as_person("leader")).filters}
    assert found == {
        "box": [("3", "专栏3 养老设施建设工程"), ("none", "专栏外")],
        "grade": [("firm", "须完成"), ("advance", "推进"), ("seek", "争取")],
        "township": [("XA-T0", "东镇"), ("none", "未分到乡镇")],
        "unit": [("XA-1", "养老股")],
        "stage": [("conceived", "谋划"), ("structure", "主体"), ("in_use", "投用")],
        "status": [("not_started", "未启动"), ("under_way", "推进中")],
    }


def test_late_ones_are_found_and_marked(work: Work, as_person) -> None:
    work.building = lambda **fields: type(work).building(work, status="behind", reason="缺资金")
    work.publish(2023)
    found = asked(as_person("leader"), late="1")
    assert codes(found) == [("Z3-1", [HOME])] and found.sums.late == 1


@pytest.mark.parametrize(
    ("sort", "order", "marked"),
    [
        ("", ["Z3-1", "W-01"], []),
        ("planned", ["Z3-1", "W-01"], [("计划投资", "descending", "?year=2023&sort=planned_up")]),
        ("planned_up", ["W-01", "Z3-1"], [("计划投资", "ascending", "?year=2023&sort=planned")]),
        ("spent_up", ["W-01", "Z3-1"], [("完成投资", "ascending", "?year=2023&sort=spent")]),
        ("rate", ["Z3-1", "W-01"], [("投资完成率", "descending", "?year=2023&sort=rate_up")]),
        ("rate_up", ["W-01", "Z3-1"], [("投资完成率", "ascending", "?year=2023&sort=rate")]),
        ("nonsense", ["Z3-1", "W-01"], []),
    ],
)
def test_projects_can_be_put_in_order_of_their_money(
    work: Work, outside: Project, as_person, sort: str, order: list[str], marked: list
) -> None:
    publish(work, outside)
    context = as_person("leader").get("/projects/", {"sort": sort}).context
    assert [code for code, _ in codes(context["list"])] == order
    heads = [(head.label, head.aria, head.query) for head in context["heads"] if head.aria]
    assert heads == marked


def test_what_was_spent_of_the_plan_stands_beside_it_and_what_has_no_plan_comes_last(
    work: Work, outside: Project, as_person
) -> None:
    publish(work, outside)
    leader = as_person("leader")
    found = asked(leader, sort="rate")
    (box,) = found.boxes
    rates = [(line.standing.project.code, rate_of(line.money).text) for line in box.lines]
    assert (box.name, rates) == ("按投资完成率从高到低", [("Z3-1", "33.4%"), ("W-01", "20%")])
    assert rate_of(found.sums.money).text == "32.8%"
    page = text_of(leader, "/projects/?sort=rate&grade=advance")
    assert (
        'aria-sort="descending"' in page
        and '<option value="rate" selected>投资完成率从高到低</option>' in page
    )
    assert "金额和合计只计表中所列的子项" in page
    assert '?year=2023&amp;grade=advance&amp;sort=rate" aria-current="true">2023' in page
    for sort in ("rate", "rate_up"):
        lines = asked(leader, year="2022", sort=sort).boxes[0].lines
        assert [rate_of(line.money).text for line in lines] == ["—", "—"]


def test_before_anything_is_published_the_plan_is_shown(work: Work, as_person) -> None:
    found = asked(as_person("leader"), year="2022")
    assert codes(found) == [("Z3-1", [HOME, FLATS])]
    assert [row.label for box in found.boxes for line in box.lines for row in line.rows] == [
        "未填报",
        "未填报",
    ]


@pytest.mark.parametrize("who", ["leader", "clerk", "reviewer", "planner"])
def test_as_many_queries_with_1_as_with_3(work: Work, as_person, who: str) -> None:
    work.publish(2023)
    client = as_person(who)
    few = queries(client, "/projects/")
    work.publish(2024)
    more(work, 3)
    assert queries(client, "/projects/") == few
    assert few <= 12


def test_amounts_of_several_townships_are_not_read_as_those_of_one(work: Work, as_person) -> None:
    leader, (one, other, *_) = as_person("leader"), work.world.townships
    note = "其中跨乡镇 1 个子项"
    assert asked(leader, township=one.code).spanning == 0
    work.home.townships.add(other)
    assert asked(leader, township=one.code).spanning == 1
    assert note in leader.get("/projects/", {"township": one.code}).content.decode()
    assert note not in text_of(leader, "/projects/")


def test_a_value_that_nothing_has_is_named_and_everything_is_listed(
    work: Work, outside: Project, as_person
) -> None:
    client = as_person("leader")
    page = text_of(client, "/projects/?township=unknown")
    assert "没有按“乡镇”筛选" in page and "Z3-1" in page
    assert "没有按" not in text_of(client, "/projects/")


@pytest.mark.parametrize("url", ["/projects/", "/outline/", "/tasks/4.1-1/", "/projects/Z3-1/"])
def test_whose_unpublished_progress_is_not_shown_is_said(work: Work, as_person, url: str) -> None:
    said = {
        who: [
            sentence
            for sentence in ("任务和项目仍只列已发布的进展", "您负责范围内的含未发布内容")
            if sentence in text_of(as_person(who), f"{url}?draft=1")
        ]
        for who in ("leader", "clerk", "planner")
    }
    assert said == {
        "leader": ["任务和项目仍只列已发布的进展"],
        "clerk": ["您负责范围内的含未发布内容"],
        "planner": [],
    }
    assert "任务和项目仍只列" not in text_of(as_person("leader"), url)
