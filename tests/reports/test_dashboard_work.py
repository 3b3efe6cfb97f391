"""任务与项目 on the page leadership opens."""

import re
from datetime import date

import pytest

from indicators import workflow
from programs.models import Project
from tests.programs.test_standing import more
from tests.reports import builders
from tests.reports.builders import queries, text_of
from tests.work import Work
from tests.world import World

pytestmark = pytest.mark.django_db
HEADING = "<h2>任务与项目</h2>"
SENTENCE = (
    "2项任务：推进中1项；争取类1项单列：未启动1项。1个项目：推进中1个。"
    "累计到位资金600万元，完成投资400.5万元。"
)


def section(page: str) -> str:
    """From the heading of the section to the next one."""
    found = page[page.index(HEADING) :]
    return found[: found.index("</section>")]


def test_a_plan_without_tasks_shows_nothing_of_it(world: World, as_person) -> None:
    builders.published(world, 2020)
    assert HEADING not in text_of(as_person("leader"), "/")


def test_before_anything_is_published_only_what_the_plan_lists(work: Work, as_person) -> None:
    shown = section(text_of(as_person("leader"), "/?year=2023"))
    assert "规划列有2项任务、1个项目，2023 年还没有发布进展。" in shown
    assert "badge" not in shown


def test_counts_what_is_sought_apart_and_sums_money(work: Work, as_person) -> None:
    work.publish(2023)
    shown = section(text_of(as_person("leader"), "/"))
    assert SENTENCE in shown
    assert '任务 </span>1</b><b><span class="visually-hidden">项目 </span>1</b>' in shown
    assert '<span class="visually-hidden">争取任务 </span>1</b>' in shown
    assert (
        '合计</a></th><td class="num">1200</td>'
        '<td class="num">600</td><td class="num">400.5</td>' in shown
    )


def test_late_ones_are_named_with_reason_unit_and_next_step(
    work: Work, as_person, monkeypatch
) -> None:
    behind = work.task_done("behind", reason="编制未落实", next_step="报县委编办")
    over = work.building(planned_end=date(2023, 9, 30))
    monkeypatch.setattr(work, "task_done", lambda: behind)
    monkeypatch.setattr(work, "building", lambda: over)
    work.publish(2023)
    shown = section(text_of(as_person("leader"), "/"))
    project, task = shown.split("<tr>")[2:4]
    for said in ('href="/projects/Z3-1/?year=2023"', "超期", "养老股", "副局长"):
        assert said in project
    assert "计划2023年9月30日完工，至2023年12月31日尚未完工" in project
    for said in ('href="/tasks/4.1-1/?year=2023"', "编制未落实", "报县委编办", "滞后"):
        assert said in task
    assert "1项任务、1个项目滞后或超过计划完工时间" in shown


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("planner", True),
        ("reviewer", True),
        ("clerk", True),
        ("other_clerk", False),
        ("leader", False),
    ],
)
def test_unpublished_progress_is_seen_by_those_who_may(
    work: Work, as_person, clerk, who: str, sees: bool
) -> None:
    world = work.world
    rnd = world.round(2023)
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    work.fill(rnd)
    world.explain(rnd)
    care = world.return_of(rnd, world.care)
    workflow.submit(clerk, care.pk, care.version)
    page = text_of(as_person(who), "/?year=2023&draft=1")
    assert ("完成投资400.5万元" in page, "400.5" in page) == (sees, sees)
    assert "400.5" not in text_of(as_person(who), "/?year=2023")


def test_text_of_tasks_and_projects_is_escaped(work: Work, as_person, monkeypatch) -> None:
    sharp = work.building(status="behind", reason="<i>资金</i>")
    monkeypatch.setattr(work, "building", lambda: sharp)
    Project.objects.update(name='<b title="1">')
    work.publish(2023)
    shown = section(text_of(as_person("leader"), "/"))
    assert '<b title="1">' not in shown and "<i>资金" not in shown
    assert "&lt;i&gt;资金" in shown


def test_components_by_stage_and_each_thing_by_its_own_grade(work: Work, as_person) -> None:
    work.publish(2023)
    shown = section(text_of(as_person("leader"), "/"))
    assert (
        '<span class="stage-count">谋划 <b>1</b><small>（争取类 1）</small></span> '
        '<span class="stage-count">主体 <b>1</b></span>' in shown
    )
    grades = shown[shown.index('aria-label="任务与项目按承诺程度汇总"') :].split("</table>")[0]
    cells = [re.findall("<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in grades.split("<tr>")[2:]]
    assert cells == [
        ["须完成", "0", "0", "0", "1/1", "1", "0", "0", "400.5"],
        ["推进", "1", "0", "0", "0/2", "0", "0", "0", "—"],
        ["争取", "1", "0", "0", "0/1", "1", "0", "0", "—"],
    ]


@pytest.mark.parametrize(
    ("who", "address"),
    [("leader", "/"), *((who, "/?draft=1") for who in ("planner", "reviewer", "clerk"))],
)
@pytest.mark.parametrize("assigned", [False, True])
def test_as_many_queries_with_1_as_with_4_of_each(
    work: Work, as_person, who, address, assigned
) -> None:
    work.publish(2023)
    if assigned:
        work.world.people["reviewer"].review_units.set([work.world.care])
    client = as_person(who)
    few = queries(client, address)
    more(work, 3)
    assert (queries(client, address), few <= 12) == (few, True)
