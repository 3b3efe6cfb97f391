"""All that is known about one task, and not more than may be known."""

from datetime import UTC, datetime

import pytest

from indicators import evidence, workflow
from indicators.models import Round
from indicators.parts import named
from programs.content import MeasureContent
from programs.models import TaskProgress
from tests.indicators import sample_files
from tests.reports import builders
from tests.reports.builders import queries, text_of
from tests.reports.test_outline import more
from tests.work import Work

pytestmark = pytest.mark.django_db

PAGE = "/tasks/4.1-1/"


@pytest.mark.parametrize("code", ["nope", "4.1", "X' OR 1=1"])
def test_a_code_the_plan_does_not_have_is_404(work: Work, as_person, code: str) -> None:
    assert as_person("leader").get(f"/tasks/{code}/").status_code == 404


def test_a_task_of_another_bureau_is_404(work: Work, as_person) -> None:
    work.care_task.plan = builders.other_bureau_plan()
    work.care_task.save()
    assert as_person("planner").get(PAGE).status_code == 404
    assert as_person("planner").get(f"{PAGE}?plan=other").status_code == 404


def test_tells_how_it_stands_who_leads_it_and_what_the_plan_says(work: Work, as_person) -> None:
    work.publish(2023)
    work.care_task.cooperating.add(work.world.affairs)
    detail = as_person("leader").get(PAGE).context["detail"]
    assert (detail.standing.label, detail.standing.ended, detail.standing.measures) == (
        "推进中",
        1,
        3,
    )
    assert detail.lead[3:] == ("养老股", "副局长", "", False)
    assert detail.helpers == ["社会事务股"]
    assert [row.code for row in detail.indicators] == ["W1"]
    assert [(one.code, one.state.label) for one in detail.projects] == [("Z3-1", "推进中")]
    page = text_of(as_person("leader"), PAGE)
    for said in ("按计划推进。", "第四章第一节 第1段", "机构养老", "县民政发〔2023〕8号"):
        assert said in page
    assert f'href="/outline/?year=2023#c{work.care_task.clause.pk}"' in page


def test_each_measure_has_its_state_in_every_year(work: Work, as_person) -> None:
    work.publish(2023)
    work.publish(2024)
    detail = as_person("leader").get(PAGE).context["detail"]
    assert list(detail.years) == [2021, 2022, 2023, 2024]
    assert [[state.label for state in line.states] for line in detail.measures] == [
        ["未填报", "未填报", "推进中", "推进中"],
        ["未填报", "未填报", "推进中", "推进中"],
        ["未填报", "未填报", "已完成", "已完成"],
    ]
    assert [one.round.year for one in detail.history] == [2024, 2023]
    earlier = as_person("leader").get(f"{PAGE}?year=2023").context["detail"]
    assert [one.round.year for one in earlier.history] == [2023]


def test_who_leads_it_is_told_with_the_year_and_whether_it_is_assumed(
    work: Work, as_person
) -> None:
    work.publish(2023)
    work.care_task.assignments.create(
        unit=work.world.affairs, effective_year=2024, is_assumed=True, basis_document="改革方案"
    )
    page = text_of(as_person("leader"), f"{PAGE}?year=2024")
    assert "待确认" in page and "2020 年起" in page and "改革方案" in page
    earlier = as_person("leader").get(f"{PAGE}?year=2023").context["detail"]
    assert (earlier.lead.first, earlier.lead.flag) == ("养老股", False)


def change(work: Work, rnd) -> None:
    """Handed in and not published."""
    world = work.world
    work.fill(rnd)
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    world.explain(rnd)
    secret = work.task_done("behind", reason="还不能外传")
    care = world.return_of(rnd, world.care)
    work.save(world.people["clerk"], care, work.care_task, secret)
    care.refresh_from_db()
    workflow.submit(world.people["clerk"], care.pk, care.version)


@pytest.mark.parametrize("who", ["leader", "planner", "clerk", "reviewer"])
def test_nothing_unpublished_without_the_switch(work: Work, as_person, who: str) -> None:
    change(work, work.world.round(2023))
    page = text_of(as_person(who), f"{PAGE}?year=2023")
    assert "还不能外传" not in page and "2023 年还没有已发布的进展。" in page


@pytest.mark.parametrize("who", ["leader", "other_clerk"])
def test_the_switch_shows_nothing_of_others(work: Work, as_person, who: str) -> None:
    change(work, work.world.round(2023))
    assert "还不能外传" not in text_of(as_person(who), f"{PAGE}?year=2023&draft=1")


@pytest.mark.parametrize("who", ["planner", "clerk", "reviewer"])
def test_the_switch_shows_what_was_handed_in_to_its_own_people(
    work: Work, as_person, who: str
) -> None:
    change(work, work.world.round(2023))
    page = text_of(as_person(who), f"{PAGE}?year=2023&draft=1")
    assert "还不能外传" in page and "未发布" in page


def attached(work: Work, rnd, name: str = "现场.png"):
    care = work.world.return_of(rnd, work.world.care)
    part = named(care)[work.key(care, work.care_task)]
    clerk = work.world.people["clerk"]
    return evidence.attach(clerk, care, None, name, sample_files.png(), part=part)


def test_files_are_shown_once_they_are_published(work: Work, as_person) -> None:
    world = work.world
    rnd = world.round(2023)
    attached(work, rnd)
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    work.fill(rnd)
    world.explain(rnd)
    for one in rnd.returns.all():
        one.refresh_from_db()
    assert "现场.png" not in text_of(as_person("leader"), f"{PAGE}?year=2023")
    world.approve_all(rnd)
    world.publish(rnd)
    assert "现场.png" in text_of(as_person("leader"), PAGE)
    assert "现场.png" in text_of(as_person("clerk"), PAGE)
    assert "现场.png" not in text_of(as_person("other_clerk"), PAGE)


def test_a_measure_without_a_word_has_a_dash(work: Work, as_person) -> None:
    work.publish(2023)
    late = work.care_task.measures.create(
        order=9, text="后来加的", verb="加", grade="advance", sentences=[1]
    )
    detail = as_person("leader").get(PAGE).context["detail"]
    assert detail.measures[-1].measure == late
    assert detail.measures[-1].content == MeasureContent()


def test_a_corrected_round_says_so_in_the_history(work: Work, as_person) -> None:
    rnd = work.publish(2023)
    assert "本批次于" not in text_of(as_person("leader"), PAGE)
    Round.objects.filter(pk=rnd.pk).update(
        corrected_at=datetime(2024, 5, 6, 12, tzinfo=UTC), correction="更正：重复统计"
    )
    assert "本批次于 2024-05-06 更正：重复统计" in text_of(as_person("leader"), PAGE)


def test_what_a_correction_replaced_is_struck_through(work: Work, as_person) -> None:
    rnd = work.publish(2023)
    Round.objects.filter(pk=rnd.pk).update(corrected_at=datetime(2024, 5, 6, tzinfo=UTC))
    (row,) = TaskProgress.objects.filter(task=work.care_task)
    row.published = {**row.published, "status": "done", "situation": "已经建成。"}
    row.save()
    page = text_of(as_person("leader"), PAGE)
    assert "<s>推进中 · 措施 1/3 项已办结；" in page and "已经建成。" in page


@pytest.mark.parametrize(
    ("who", "query"),
    [
        ("leader", ""),
        ("leader", "?draft=1"),
        ("clerk", "?draft=1"),
        ("reviewer", "?draft=1"),
        ("planner", "?draft=1"),
    ],
)
def test_as_many_queries_with_1_as_with_3(work: Work, as_person, who: str, query: str) -> None:
    work.publish(2023)
    client = as_person(who)
    few = queries(client, f"{PAGE}{query}")
    work.publish(2024)
    more(work, 3)
    for project in work.world.plan.projects.all():
        project.tasks.add(work.care_task)
    work.care_task.indicators.set(work.world.indicators.values())
    assert queries(client, f"{PAGE}{query}") == few
    assert few <= 12
