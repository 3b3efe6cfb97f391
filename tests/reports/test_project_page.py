"""All that is known about one project: quantities, stages, money, pictures, years."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from indicators import evidence, workflow
from indicators.models import Round
from indicators.parts import named
from programs.content import MoneyContent
from programs.models import Project
from tests.indicators import sample_files
from tests.reports import builders
from tests.reports.builders import queries, text_of
from tests.reports.test_outline import more
from tests.work import Work

pytestmark = pytest.mark.django_db

PAGE = "/projects/Z3-1/"


def test_a_code_the_plan_does_not_have_is_404(work: Work, as_person) -> None:
    assert as_person("leader").get("/projects/nope/").status_code == 404


def test_a_project_of_another_bureau_is_404(work: Work, as_person) -> None:
    work.project.plan = builders.other_bureau_plan()
    work.project.save()
    assert as_person("planner").get(PAGE).status_code == 404


def test_tells_quantities_dates_and_stages_of_each_component(work: Work, as_person) -> None:
    work.publish(2023)
    home, flats = as_person("leader").get(PAGE).context["detail"].parts
    assert (home.row.quantity.text, home.row.planned.text, home.row.measure) == ("0", "1", "所")
    assert (home.row.started_on, home.row.townships, home.row.grade) == (
        "2023-03-01",
        "东镇",
        "须完成",
    )
    assert [(step.label, step.state) for step in home.steps] == [
        ("谋划", "past"),
        ("前期", "past"),
        ("开工", "past"),
        ("主体", "now"),
        ("竣工", "ahead"),
        ("投用", "ahead"),
    ]
    assert (flats.row.planned.text, flats.component.quantity_note) == ("—", "规划没有写明数量")


def test_money_adds_up_by_source(work: Work, as_person) -> None:
    work.publish(2023)
    detail = as_person("leader").get(PAGE).context["detail"]
    lines = {one.label: [cell.text for cell in one.money.cells] for one in detail.sources}
    assert lines == {"中央预算内": ["900", "500", "320.5"], "市县财政": ["300", "100", "80"]}
    assert [cell.text for cell in detail.total.cells] == ["1200", "600", "400.5"]
    assert detail.by_part == []


def test_money_is_parted_where_several_components_have_some(work: Work, as_person) -> None:
    money = {"lottery": MoneyContent(Decimal(10), Decimal(5), Decimal("0.5"))}
    work.waiting = lambda: work.building(stage="preparing", quantity=None, money=money)
    work.publish(2023)
    detail = as_person("leader").get(PAGE).context["detail"]
    assert [(one.label, one.money.spent.text) for one in detail.by_part] == [
        ("失能老人养老院", "400.5"),
        ("老年公寓", "0.5"),
    ]
    assert detail.total.spent.value == Decimal(401)


def test_a_service_project_has_no_stages(work: Work, as_person) -> None:
    Project.objects.filter(pk=work.project.pk).update(kind="service")
    assert [list(one.steps) for one in as_person("leader").get(PAGE).context["detail"].parts] == [
        [],
        [],
    ]


def test_a_project_past_its_planned_end_is_late(work: Work, as_person) -> None:
    work.building = lambda **fields: type(work).building(work, planned_end=date(2023, 6, 30))
    work.publish(2023)
    page = text_of(as_person("leader"), PAGE)
    assert "超期" in page
    assert "计划2023年6月30日完工，至2023年12月31日尚未完工" in page


def test_links_tasks_indicators_and_what_overlaps(work: Work, as_person) -> None:
    outside = Project.objects.create(
        plan=work.world.plan, code="W-01", order=5, name="养老院", clause=work.care_task.clause,
        grade="firm", kind="construction",
    )  # fmt: skip
    outside.related.add(work.project)
    work.project.indicators.add(work.world.indicators["W2"])
    work.publish(2023)
    detail = as_person("leader").get(PAGE).context["detail"]
    assert [(one.code, one.state.label) for one in detail.tasks] == [("4.1-1", "推进中")]
    assert [row.code for row in detail.indicators] == ["W2"]
    assert [one.first for one in detail.same] == ["W-01"]
    assert detail.standing.counted_in == ""
    other = as_person("leader").get("/projects/W-01/")
    assert other.context["detail"].standing.counted_in == "Z3-1"
    assert "进展见" in other.content.decode()


def test_pictures_stand_with_the_round_they_came_in(work: Work, as_person) -> None:
    world = work.world
    rnd = world.round(2023)
    care = world.return_of(rnd, world.care)
    part = named(care)[work.key(care, work.home)]
    clerk = world.people["clerk"]
    photo = evidence.attach(clerk, care, None, "工地.png", sample_files.png(), part=part)
    paper = evidence.attach(clerk, care, None, "批复.pdf", sample_files.pdf(), part=part)
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    work.fill(rnd)
    world.explain(rnd)
    for one in rnd.returns.all():
        one.refresh_from_db()
    world.approve_all(rnd)
    world.publish(rnd)
    detail = as_person("leader").get(PAGE).context["detail"]
    assert [(one.round, list(one.pictures)) for one in detail.history] == [(rnd, [photo])]
    assert list(detail.files) == [photo, paper]
    assert f'src="/evidence/{photo.pk}/picture/"' in text_of(as_person("leader"), PAGE)


def test_nothing_unpublished_without_the_switch(work: Work, as_person) -> None:
    rnd = work.world.round(2023)
    work.fill(rnd)
    for who in ("leader", "planner", "clerk"):
        page = text_of(as_person(who), f"{PAGE}?year=2023")
        assert "主体施工。" not in page and "2023 年还没有已发布的进展。" in page
    assert "主体施工。" not in text_of(as_person("planner"), f"{PAGE}?year=2023&draft=1")


def test_a_corrected_round_says_so_in_the_history(work: Work, as_person) -> None:
    rnd = work.publish(2023)
    assert "本批次于" not in text_of(as_person("leader"), PAGE)
    Round.objects.filter(pk=rnd.pk).update(
        corrected_at=datetime(2024, 5, 6, 12, tzinfo=UTC), correction="更正：重复统计"
    )
    assert "本批次于 2024-05-06 更正：重复统计" in text_of(as_person("leader"), PAGE)


def corrected(work: Work) -> None:
    """One component of a published round: reopened, changed, approved, published as 更正."""
    world, people = work.world, work.world.people
    rnd = work.publish(2023)
    care = world.return_of(rnd, world.care)
    opened = workflow.reopen(
        people["reviewer"], care.pk, care.version, [], "投资数有误", [work.key(care, work.home)]
    )
    changed = work.building(percent=50, situation="主体<半>", fall_reason="核减重复列支")
    work.save(people["clerk"], care, work.home, changed)
    sent = workflow.submit(people["clerk"], care.pk, opened.version)
    workflow.approve(people["reviewer"], sent.pk, sent.version)
    workflow.correct(people["planner"], rnd.pk, "更正：重复统计")


def test_what_a_correction_replaced_is_struck_through(work: Work, as_person) -> None:
    corrected(work)
    (said,) = as_person("leader").get(PAGE).context["detail"].history
    assert [one.before for one in said.moments] == [
        ["推进中 · 主体 · 60% · 0/1 所 · 完成投资 400.5 万元；主体施工。"],
        [],
    ]
    page = text_of(as_person("leader"), PAGE)
    assert "<s>推进中 · 主体 · 60% · 0/1 所 · 完成投资 400.5 万元；主体施工。</s>" in page


def test_a_correction_that_is_not_out_yet_strikes_nothing_through(work: Work, as_person) -> None:
    rnd = work.publish(2023)
    Round.objects.filter(pk=rnd.pk).update(corrected_at=datetime(2024, 5, 6, tzinfo=UTC))
    assert "<s>" not in text_of(as_person("planner"), f"{PAGE}?draft=1")


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
    work.project.indicators.add(work.world.indicators["W1"])
    work.publish(2023)
    client = as_person(who)
    few = queries(client, f"{PAGE}{query}")
    more(work, 3)
    work.project.tasks.set(work.world.plan.tasks.all())
    work.project.indicators.set(work.world.indicators.values())
    for order in (7, 8, 9):
        one = work.project.components.create(
            order=order, name="再一项", grade="firm", sentences=[1]
        )
        one.townships.set(work.world.townships)
    assert queries(client, f"{PAGE}{query}") == few
    assert few <= 12


def test_says_through_whose_hands_published_progress_went_to_those_who_may_know(
    work: Work, as_person
) -> None:
    work.publish(2023)
    said = ("报送 甲clerk", "审核 甲reviewer", "签发 局长")
    for page in ("/projects/Z3-1/", "/tasks/4.1-1/"):
        for who, knows in (("leader", True), ("clerk", True), ("other_clerk", False)):
            told = text_of(as_person(who), page)
            assert [one in told for one in said] == [knows] * 3, (page, who)
