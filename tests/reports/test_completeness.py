"""Reporting completeness: counts and states by unit, never a figure."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import workflow
from indicators.models import ReturnAct, Round
from organization import permissions
from organization.models import Unit
from reports.completeness import Completeness, UnitReport, completeness, named
from tests.reports.builders import submitted_year
from tests.work import Work
from tests.world import World

pytestmark = pytest.mark.django_db
DUE = date(2024, 2, 15)
BEFORE, LATER = date(2024, 2, 10), date(2024, 2, 20)


@pytest.fixture
def rnd(world: World) -> Round:
    return world.round(due_on=DUE)


def found(world: World, today: date = LATER, scope=None, year: int = 2023) -> Completeness:
    return completeness(world.plan, year, list(world.plan.rounds.all()), today, scope)


def told(one: UnitReport) -> tuple:
    counts = (one.owed, one.filled, one.handed_in, one.approved, one.published)
    return (one.name, one.label, counts, one.when)


def rows(world: World, **asked) -> list[tuple]:
    newest = found(world, **asked).newest
    return [told(one) for one in newest.rows] if newest else []


def handed_in(world: World, clerk, unit: Unit, rnd: Round, on: date):
    """Submitted on that day."""
    annual_return = world.return_of(rnd, unit)
    sent = workflow.submit(clerk, annual_return.pk, annual_return.version)
    act = ReturnAct.objects.get(annual_return=sent, verb="submit")
    with connection.cursor() as cursor:  # acts are append-only, also for tests
        cursor.execute("UPDATE indicators_returnact SET at = %s WHERE id = %s", [on, act.pk])
    return sent


def test_a_unit_says_how_much_it_owes_and_has_filled(world, rnd, clerk) -> None:
    world.save(clerk, world.return_of(rnd, world.care), D1=150)
    assert rows(world) == [
        ("养老股", "草稿，未报送", (5, 1, 0, 0, 0), "逾期 5 天"),
        ("社会事务股", "草稿，未报送", (1, 0, 0, 0, 0), "逾期 5 天"),
    ]
    assert [row[-1] for row in rows(world, today=BEFORE)] == ["还有 5 天", "还有 5 天"]
    assert [row[-1] for row in rows(world, today=DUE)] == ["今天截止", "今天截止"]


def test_tasks_and_components_are_owed_as_well(work: Work, clerk) -> None:
    rnd = work.world.round(due_on=DUE)
    care = work.world.return_of(rnd, work.world.care)
    work.save(clerk, care, work.care_task, work.task_done())
    assert [row[2] for row in rows(work.world)] == [(8, 1, 0, 0, 0), (2, 0, 0, 0, 0)]


def test_what_is_handed_in_late_says_by_how_much_and_what_is_approved_counts(
    world, rnd, clerk, reviewer
) -> None:
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    sent = handed_in(world, clerk, world.care, rnd, date(2024, 2, 18))
    assert rows(world)[0] == ("养老股", "已报送，待审核", (5, 5, 5, 0, 0), "迟报 3 天")
    workflow.approve(reviewer, sent.pk, sent.version)
    assert rows(world)[0] == ("养老股", "已审核", (5, 5, 5, 5, 0), "迟报 3 天")


def test_what_was_in_time_and_is_sent_back_stays_in_time_once_it_is_back(
    world, rnd, clerk, reviewer
) -> None:
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    sent = handed_in(world, clerk, world.care, rnd, date(2024, 2, 10))
    draft = workflow.send_back(reviewer, sent.pk, sent.version, "不符")
    assert rows(world)[0][1::2] == ("已退回，待修改", "逾期 5 天")
    workflow.submit(clerk, draft.pk, draft.version)
    assert rows(world)[0][1::2] == ("已报送，待审核", "")


def test_what_is_reopened_is_not_late_and_keeps_what_was_approved(world, rnd, reviewer) -> None:
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    for one in rnd.returns.all():
        one.refresh_from_db()
    world.approve_all(rnd)
    care = world.return_of(rnd, world.care)
    figure = world.figure(rnd, "D1")
    workflow.reopen(reviewer, care.pk, care.version, [figure.pk], "核对")
    assert rows(world)[0] == ("养老股", "已重新开启，待修改", (5, 5, 5, 5, 0), "")


@pytest.mark.parametrize(
    ("done", "sentence"),
    [
        ("nothing", "2023 年年报：应报 2 个单位，已报送 0 个，已审核 0 个；未报送：养老股、社会事务股，"
         "其中 2 个逾期。"),
        ("submitted", "2023 年年报：应报 2 个单位，已报送 2 个，已审核 0 个，没有未报送的单位。"),
        ("approved", "2023 年年报：应报 2 个单位，均已报送并审核通过，待定稿发布。"),
        ("published", "2023 年年报：应报 2 个单位，均已报送并审核通过，已定稿发布（2024-02-01 签发）。"),
    ],
)  # fmt: skip
def test_the_sentence_says_how_far_the_round_is(world, reviewer, done, sentence) -> None:
    if done == "nothing":
        world.round(due_on=DUE)
    else:
        rnd = submitted_year(world, 2023)
        if done != "submitted":
            for one in rnd.returns.all():
                workflow.approve(reviewer, one.pk, one.version)
        if done == "published":
            world.publish(rnd)
    assert found(world).sentence == sentence


def test_a_year_without_a_round_says_so(world) -> None:
    assert found(world, year=2024).sentence == "2024 年还没有开启填报批次。"
    assert found(world, year=2024).newest is None


def test_many_names_are_cut(world) -> None:
    assert named(["甲", "乙"]) == "甲、乙"
    assert named([str(n) for n in range(9)]) == "0、1、2、3、4、5、6、7等 9 个单位"


def test_a_published_round_is_over_for_everybody(world, clerk) -> None:
    rnd = submitted_year(world, 2023)
    for one in rnd.returns.all():
        workflow.approve(world.people["reviewer"], one.pk, one.version)
    world.publish(rnd)
    assert rows(world) == [
        ("养老股", "已发布", (5, 5, 5, 5, 5), ""),
        ("社会事务股", "已发布", (1, 1, 1, 1, 1), ""),
    ]


def test_the_state_of_a_foreign_return_is_told_only_once_published(world, rnd) -> None:
    scope = permissions.completeness_scope(world.people["clerk"])
    assert [row[0] for row in rows(world, scope=scope)] == ["养老股"]
    assert found(world, scope=scope).sentence == (
        "2023 年年报：您负责范围内应报 1 个单位，已报送 0 个，已审核 0 个；未报送：养老股，其中 1 个逾期。"
    )


def test_what_is_reopened_after_publication_is_told_to_its_own_people_only(world) -> None:
    rnd = submitted_year(world, 2023)
    for one in rnd.returns.all():
        workflow.approve(world.people["reviewer"], one.pk, one.version)
    world.publish(rnd)
    affairs = world.return_of(rnd, world.affairs)
    reopened = world.figure(rnd, "D4").pk
    workflow.reopen(world.people["reviewer"], affairs.pk, affairs.version, [reopened], "核对")
    people = world.people
    seen = {
        who: rows(world, scope=permissions.completeness_scope(people[who]))[1][1]
        for who in ("clerk", "other_clerk", "reviewer", "planner", "leader")
    }
    other = "已重新开启，待修改"
    assert seen == {
        "clerk": "已发布",
        "other_clerk": other,
        "reviewer": other,
        "planner": other,
        "leader": other,
    }


def test_one_query_however_many_units_and_rounds(work: Work) -> None:
    def queries() -> int:
        rounds = list(work.world.plan.rounds.all())
        with CaptureQueriesContext(connection) as captured:
            completeness(work.world.plan, 2023, rounds, LATER)
        return len(captured)

    assert queries() == 0
    work.world.round()
    assert queries() == 1
    work.world.round(name="快报", nature="flash")
    work.world.round(name="预计", nature="forecast")
    assert queries() == 1
    assert [one.round.name for one in found(work.world).rounds] == ["年报", "快报", "预计"]
