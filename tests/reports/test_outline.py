"""The plan read from top to bottom: what became of each clause."""

import pytest
from django.db.models import F

from indicators import workflow
from plans.models import Clause, StatedNumber
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


def test_indicators_that_numbers_name_or_tasks_serve_are_linked_and_the_reverse(
    work: Work, as_person
) -> None:
    Clause.objects.update(order=F("order") + 5)
    row = Clause.objects.create(
        plan=work.world.plan, locator="表1 第1行", kind="table_row", order=0, summary="护理型床位",
    )  # fmt: skip
    indicator = work.world.indicators["W1"]
    indicator.clause = row
    indicator.save()
    other = work.sought_task.clause
    StatedNumber.objects.create(
        clause=other, order=1, printed="60%", represented_by="指标 W1、数据项 D1"
    )
    page = shown(as_person("leader"))
    assert [
        (entry.clause.locator, [one.code for one in entry.linked],
         [one.task.code for one in entry.serving])
        for chapter in page.chapters for entry in chapter.entries
    ] == [
        ("表1 第1行", [], ["4.1-1"]),
        ("第四章第一节 第1段", ["W1"], []),
        ("第四章第一节 第2段", ["W1"], []),
        ("专栏3 第1条", [], []),
    ]  # fmt: skip
    assert text_of(as_person("leader"), "/outline/").count('<span class="mark">关联</span>') == 3


def test_each_sentence_says_what_became_of_it(work: Work, as_person) -> None:
    work.publish(2023)
    (chapter,) = shown(as_person("leader")).chapters
    assert [
        (one.number, [(part.name, part.label, part.said) for part in one.parts])
        for entry in chapter.entries
        for one in entry.sentences
    ] == [
        (1, [("措施 4.1-1-1", "推进中", "")]),
        (
            2,
            [
                ("措施 4.1-1-2", "推进中", ""),
                ("措施 4.1-1-3", "已完成", "2023-06-01 · 县民政发〔2023〕8号"),
            ],
        ),
        (1, [("措施 4.1-2-1", "未启动", "")]),
        (2, [("措施 4.1-2-1", "未启动", "")]),
        (1, [("子项 Z3-1-1", "推进中", "主体 · 60% · 0/1 所 · 完成投资 400.5 万元")]),
        (2, [("子项 Z3-1-2", "未启动", "谋划")]),
    ]
    page = text_of(as_person("leader"), "/outline/")
    assert "<summary>逐句落实（2 句）</summary>" in page
    project = page[page.index("Z3-1 养老院建设") :].split("</li>")[0]
    assert "<small>完成投资 400.5 万元</small>" in project


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


@pytest.mark.parametrize("query", ["", "?draft=1"])
@pytest.mark.parametrize("who", ["leader", "clerk", "reviewer", "limited", "planner"])
def test_as_many_queries_with_1_as_with_3(work: Work, as_person, who: str, query: str) -> None:
    """`limited`: a reviewer of one unit."""
    work.publish(2023)
    reviews = work.world.people["reviewer"].review_units
    every, some = list(reviews.all()), [work.world.care]
    client = as_person("reviewer" if who == "limited" else who)
    reviews.set(some if who == "limited" else every)
    few = queries(client, f"/outline/{query}")
    reviews.set(every)
    work.publish(2024)
    reviews.set(some if who == "limited" else every)
    more(work, 3)
    for number, clause in enumerate(Clause.objects.all()):
        StatedNumber.objects.create(
            clause=clause, order=number, printed="1", represented_by="指标 W1、子项 Z3-1-1"
        )
    assert queries(client, f"/outline/{query}") == few
    assert few <= 12
