"""The plan read from top to bottom: what became of each clause."""

import pytest

from indicators import workflow
from plans.models import Clause
from programs.models import Project, Task
from reports.outline import Outline
from tests.reports import builders
from tests.reports.builders import queries, text_of
from tests.work import Work

pytestmark = pytest.mark.django_db


def shown(client, query: str = "") -> Outline:
    return client.get(f"/outline/{query}").context["outline"]


def told(outline: Outline) -> list[tuple[str, list[str]]]:
    """Each clause shown, with the codes of what carries it out."""
    return [
        (
            entry.clause.locator,
            [one.task.code for one in entry.tasks]
            + [one.project.code for one in entry.projects]
            + [row.code for row in entry.indicators],
        )
        for chapter in outline.chapters
        for entry in chapter.entries
    ]


def test_every_clause_stands_in_its_place_with_what_carries_it_out(work: Work, as_person) -> None:
    indicator = work.world.indicators["W1"]
    indicator.clause = work.care_task.clause
    indicator.save()
    found = shown(as_person("leader"))
    assert told(found) == [
        ("第四章第一节 第1段", ["4.1-1", "W1"]),
        ("第四章第一节 第2段", ["4.1-2"]),
        ("专栏3 第1条", ["Z3-1"]),
    ]
    (chapter,) = found.chapters
    (section,) = chapter.sections
    assert (chapter.name, section.name) == ("第四章　基本社会服务", "第一节　养老服务")
    assert [str(block.box) for block in section.blocks] == ["None", "专栏3 养老设施建设工程"]


def test_the_preamble_stands_before_the_first_chapter(work: Work, as_person) -> None:
    Clause.objects.filter(plan=work.world.plan).update(order=5)
    Clause.objects.create(
        plan=work.world.plan, locator="前言 第1段", kind="paragraph", order=1,
        summary="编制目的", sentences=1, reason="编制说明，不含任务",
    )  # fmt: skip
    found = shown(as_person("leader"))
    assert [(one.number, one.name) for one in found.chapters] == [
        (0, "前言"),
        (4, "第四章　基本社会服务"),
    ]
    assert "编制说明，不含任务" in text_of(as_person("leader"), "/outline/")


def test_says_how_each_stands_and_who_answers(work: Work, as_person) -> None:
    work.publish(2023)
    page = text_of(as_person("leader"), "/outline/?year=2023")
    task = page[page.index("4.1-1 强化养老机构") :].split("</li>")[0]
    assert "措施 1/3 办结" in task
    assert '<span class="badge under_way">推进中</span>' in task and "养老股" in task
    project = page[page.index("Z3-1 养老院建设") :].split("</li>")[0]
    assert "2 个子项" in project and "推进中" in project


def test_only_what_lags_is_left_when_asked_for(work: Work, as_person) -> None:
    rnd = work.world.round(2023)
    late = work.task_done("behind", reason="缺资金")
    work.fill(rnd)
    care = work.world.return_of(rnd, work.world.care)
    work.save(work.world.people["clerk"], care, work.care_task, late)
    submit(work, rnd)
    found = shown(as_person("planner"), "?year=2023&draft=1&only=late")
    assert told(found) == [("第四章第一节 第1段", ["4.1-1"])]
    assert (found.late, found.bare, found.clauses) == (1, 0, 3)


def submit(work: Work, rnd) -> None:
    work.world.fill(rnd, 30, 50, [1, 1, 0], 460)
    work.world.explain(rnd)
    for one in rnd.returns.all():
        clerk = "clerk" if one.unit == work.world.care else "other_clerk"
        workflow.submit(work.world.people[clerk], one.pk, one.version)


def test_only_what_nothing_carries_out_is_left_when_asked_for(work: Work, as_person) -> None:
    bare = Clause.objects.create(
        plan=work.world.plan, section=work.care_task.clause.section, locator="第四章第一节 第3段",
        kind="paragraph", order=9, summary="没有人管的一段", sentences=1,
    )  # fmt: skip
    assert told(shown(as_person("leader"), "?only=bare")) == [(bare.locator, [])]
    assert "没有任务、项目或指标体现" in text_of(as_person("leader"), "/outline/?only=bare")
    bare.reason = "现状回顾，不含任务"
    bare.save()
    page = text_of(as_person("leader"), "/outline/?only=bare")
    assert "每个条款都有任务、项目或指标体现，或者写明了理由。" in page


def test_prints_the_published_wording_where_the_office_has_loaded_it(work: Work, as_person) -> None:
    page = text_of(as_person("leader"), "/outline/")
    assert "<blockquote" not in page and "载入正式文件后显示发布原文" in page
    Clause.objects.filter(locator="专栏3 第1条").update(wording="建设<养老院>。")
    page = text_of(as_person("leader"), "/outline/")
    assert '<blockquote class="wording">建设&lt;养老院&gt;。</blockquote>' in page


def test_another_year_keeps_the_filter(work: Work, as_person) -> None:
    work.publish(2023)
    page = text_of(as_person("leader"), "/outline/?year=2023&only=late")
    assert 'href="?year=2023&amp;only=late" aria-current="true">2023' in page


def test_a_clause_leads_to_its_line_in_the_coverage(work: Work, as_person) -> None:
    page = text_of(as_person("leader"), "/outline/")
    anchor = f"c{work.care_task.clause.pk}"
    assert f'href="/coverage/?year=2021#{anchor}"' in page
    assert f'id="{anchor}"' in text_of(as_person("leader"), "/coverage/")


def test_a_bureau_without_a_plan_is_told_so(work: Work, as_person) -> None:
    work.world.plan.bureau = builders.other_bureau_plan().bureau
    work.world.plan.save()
    client = as_person("leader")
    for url in ("/outline/", "/projects/", "/coverage/"):
        assert "尚未载入规划" in text_of(client, url)
    assert client.get("/tasks/4.1-1/").status_code == 404


def more(work: Work, count: int) -> None:
    """Clauses, each with a task and a project."""
    section = work.care_task.clause.section
    for n in range(count):
        clause = Clause.objects.create(
            plan=work.world.plan, section=section, locator=f"第四章第一节 第{50 + n}段",
            kind="paragraph", order=50 + n, summary="再一段", sentences=1,
        )  # fmt: skip
        task = Task.objects.create(
            plan=work.world.plan, code=f"X-{n}", order=50 + n, name="再一项", clause=clause,
            grade="firm", kind="task",
        )  # fmt: skip
        project = Project.objects.create(
            plan=work.world.plan, code=f"Y-{n}", order=50 + n, name="再一个", clause=clause,
            grade="firm", kind="service",
        )  # fmt: skip
        for order in (1, 2):
            project.components.create(order=order, name="子项", grade="firm", sentences=[1])
            task.measures.create(order=order, text="措施", verb="做", grade="firm", sentences=[1])
        project.tasks.add(task)
        task.assignments.create(unit=work.world.care, effective_year=2020)
        project.assignments.create(unit=work.world.care, effective_year=2020)


@pytest.mark.parametrize(
    ("who", "most"), [("leader", 12), ("clerk", 12), ("reviewer", 12), ("planner", 12)]
)
def test_as_many_queries_with_1_as_with_3(work: Work, as_person, who: str, most: int) -> None:
    work.publish(2023)
    client = as_person(who)
    few = queries(client, "/outline/")
    work.publish(2024)
    more(work, 3)
    assert queries(client, "/outline/") == few
    assert few <= most
