"""The planner's pages of a round, and what a lagging indicator asks of whom."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators import checks, workflow
from indicators.models import Milestone
from tests.indicators.test_return_page import PAGE
from tests.world import World

pytestmark = pytest.mark.django_db
ROUND = "admin:indicators_round_change"
LIST = "admin:indicators_annualreturn_changelist"


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def lagging(world: World):
    """W3 lags behind its yearly target, and nobody has said why."""
    Milestone.objects.create(indicator=world.indicators["W3"], year=2023, value=450, basis="x")
    base = world.round(2020, is_backfill=True)
    world.save(world.people["other_clerk"], world.return_of(base, world.affairs), D4=400)
    affairs = world.return_of(base, world.affairs)
    sent = workflow.submit(world.people["other_clerk"], affairs.pk, affairs.version)
    workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 401)
    affairs = world.return_of(rnd, world.affairs)
    return workflow.submit(world.people["other_clerk"], affairs.pk, affairs.version)


# --- publishing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nature", "signed_on", "says"),
    [
        ("annual", None, "签发日期不能晚于今天（{today}），现为 {tomorrow}，请改正。"),
        (
            "annual",
            date(2023, 12, 30),
            "签发日期不能早于数据时点（2023-12-31），现为 2023-12-30，请改正。",
        ),
        ("forecast", date(2023, 12, 30), ""),
    ],
)
def test_the_day_of_the_signature(world: World, nature, signed_on, says) -> None:
    rnd = world.round(nature=nature)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    world.approve_all(rnd)
    today = timezone.localdate()
    tomorrow = today + timedelta(1)
    given = (world.people["planner"], rnd.pk, "局长", signed_on or tomorrow)
    if not says:
        assert workflow.publish(*given).is_published
        return
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.publish(*given)
    assert str(refused.value) == says.format(today=today, tomorrow=tomorrow)


def test_what_was_confirmed_is_what_is_published(world: World, as_person) -> None:
    rnd, client = world.round(), as_person("planner")
    care = world.return_of(rnd, world.care)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    world.approve_all(rnd)
    url = reverse("admin:indicators_round_publish", args=[rnd.pk])
    signed = {"signed_by": "局长", "signed_on": "2024-02-01"}
    shown = client.post(url, signed).context["ahead"].seen
    care.refresh_from_db()
    opened = [world.figure(rnd, "D1").pk]
    workflow.reopen(world.people["reviewer"], care.pk, care.version, opened, "改")
    world.save(world.people["clerk"], care, D1=145)
    care.refresh_from_db()
    sent = workflow.submit(world.people["clerk"], care.pk, care.version)
    workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    answer = client.post(url, signed | {"confirmed": "on", "seen": shown})
    assert answer.status_code == 409
    assert said(answer) == ["您查看之后监测表有改动，还没有发布；请按现在的内容再次确认。"]
    rnd.refresh_from_db()
    assert not rnd.is_published
    page = answer.content.decode()
    seen = answer.context["ahead"].seen
    assert f'name="seen" value="{seen}"' in page
    client.post(url, signed | {"confirmed": "on", "seen": seen})
    rnd.refresh_from_db()
    assert rnd.is_published


def test_what_cannot_be_published_is_refused_before_it_is_confirmed(world, as_person) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care.refresh_from_db()
    sent = workflow.submit(world.people["clerk"], care.pk, care.version)
    workflow.send_back(world.people["reviewer"], sent.pk, sent.version, "核对")
    url = reverse("admin:indicators_round_publish", args=[rnd.pk])
    answer = as_person("planner").post(url, {"signed_by": "局长", "signed_on": "2024-02-01"})
    assert said(answer) == [
        "还有 2 张监测表未审核通过，不能发布：养老股（已退回）、社会事务股（草稿）。"
    ]


# --- due dates ---------------------------------------------------------------------------------


def _open(world: World, as_person, **fields: str):
    form = {"plan": world.plan.pk, "year": 2023, "name": "年报", "nature": "annual"}
    form |= {"as_of": "2023-12-31", **fields}
    return as_person("planner").post(reverse("admin:indicators_round_add"), form, follow=True)


def test_no_round_is_opened_with_a_due_date_gone_by(world: World, as_person) -> None:
    page = _open(world, as_person, due_on="2024-01-15").content.decode()
    assert f"报送截止不能早于今天（{timezone.localdate()}）；往年数据没有期限的请留空。" in page
    assert not world.plan.rounds.exists()


@pytest.mark.parametrize(("nature", "warned"), [("annual", True), ("forecast", False)])
def test_a_due_date_before_the_as_of_date_is_asked_about(
    world: World, as_person, nature: str, warned: bool
) -> None:
    rnd = world.round(2025, nature=nature, as_of=date(2025, 12, 31))
    url = reverse("admin:indicators_round_due", args=[rnd.pk])
    answer = as_person("planner").post(url, {"due_on": "2025-11-30"}, follow=True)
    assert any("早于数据时点（2025-12-31）" in one for one in said(answer)) == warned


# --- lagging indicators ------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["other_clerk", "reviewer"])
def test_laggards_without_a_word_are_named_after_submitting(
    world: World, as_person, lagging, who: str
) -> None:
    page = as_person(who).get(reverse(PAGE, args=[lagging.pk]))
    assert page.context["grid"].silent == ["W3 社工人才总量"]
    assert "以下滞后指标还没有写明原因和下一步措施，发布前必须补写" in page.content.decode()


def test_the_round_leads_to_the_return_that_has_to_explain(world, as_person, lagging) -> None:
    page = as_person("planner").get(reverse(ROUND, args=[lagging.round_id]))
    lines = page.context["unexplained"]
    assert ("W3 社工人才总量（社会事务股）", lagging.pk) in lines


def test_a_flash_round_opened_after_the_annual_one_explains_nothing(
    world: World, as_person, lagging
) -> None:
    workflow.approve(world.people["reviewer"], lagging.pk, lagging.version)
    flash = world.round(name="快报", nature="flash")
    late = world.return_of(flash, world.affairs)
    page = as_person("other_clerk").get(reverse(PAGE, args=[late.pk]))
    rows = {row.code: row for row in page.context["grid"].fed}
    assert (rows["W3"].is_overtaken, rows["W3"].must_explain) == (True, False)
    assert "本年已有更新的年报数，下表按年报数测算" in page.content.decode()
    silent = [(rnd.name, one.indicator.code) for rnd, one in checks.silent_laggards([flash])]
    assert ("快报", "W3") not in silent
    assert ("年报", "W3") in [
        (rnd.name, one.indicator.code) for rnd, one in checks.silent_laggards([lagging.round])
    ]


# --- the reviewer after sending back --------------------------------------------------------------


def test_a_reviewer_is_told_where_a_return_went_and_sees_nothing_of_it(
    world: World, as_person
) -> None:
    rnd, client = world.round(), as_person("reviewer")
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    url = reverse(PAGE, args=[care.pk])
    assert client.get(url).status_code == 404
    sent = workflow.submit(world.people["clerk"], care.pk, care.version)
    workflow.send_back(world.people["reviewer"], sent.pk, sent.version, "核对")
    answer = client.get(url, follow=True)
    assert answer.redirect_chain == [(reverse(LIST), 302)]
    assert said(answer) == ["2023 年年报 · 养老股：已退回填报单位，等待填报单位重新报送。"]
    assert as_person("leader").get(url).status_code == 404


def test_a_reopened_return_is_called_so(world: World) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    care = world.return_of(rnd, world.care)
    reopened = workflow.reopen(world.people["planner"], care.pk, care.version, [], "补写")
    assert reopened.status_text == "已重新开启"
