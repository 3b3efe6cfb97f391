"""Two years, or two rounds, side by side."""

from datetime import date
from urllib.parse import urlencode

import pytest
from django.test import Client

from indicators import workflow
from indicators.models import Responsibility, Round
from programs.standing import Works
from reports.comparing import Comparison, compare
from reports.comparing_sides import End, Side
from reports.moves import Direction, Trend, both
from tests.reports.builders import (
    FIGURES,
    more_indicators,
    other_bureau_plan,
    publish_year,
    published,
    submitted_year,
    text_of,
)
from tests.reports.test_kept import forget
from tests.reports.test_unit_page import cold
from tests.reports.work_builders import component, project
from tests.work import Work
from tests.world import World

pytestmark = pytest.mark.django_db
EARLY = ("430", "1000", [1, 1, 0], "390")


def asked(client: Client, **query: str) -> Comparison:
    forget()  # a page that is kept has no context
    return client.get("/compare/", query).context["comparison"]


def told(found: Comparison) -> list[tuple]:
    return [
        (
            one.now.code,
            one.then.current.number.text,
            one.now.current.number.text,
            one.change.text,
            one.trend.label,
            one.direction.label,
            one.turned,
        )
        for part in found.parts
        for one in part.rows
    ]


def forecast(world: World) -> Round:
    """An autumn round of 2023 with figures of its own, published before the annual one."""
    rnd = world.round(2023, name="预计", nature="forecast", as_of=date(2023, 9, 30))
    world.fill(rnd, *EARLY)
    world.explain(rnd)
    for one in rnd.returns.all():
        one.refresh_from_db()
    world.approve_all(rnd)
    workflow.publish(world.people["planner"], rnd.pk, "局长", date(2023, 10, 8))
    return rnd


def test_this_year_is_held_against_the_year_before_what_got_worse_first(world, as_person) -> None:
    published(world, 2020, 2021, 2022, 2023)
    found = asked(as_person("leader"))
    assert (found.then.end.label, found.now.end.label) == ("2022 年", "2023 年")
    assert told(found) == [
        ("W1", "48.00", "45.00", "−3.00", "变差", "转差", "由“符合序时”转为“明显滞后”"),
        ("W2", "33.33", "33.33", "0.00", "持平", "转差", "由“快于序时”转为“略有滞后”"),
        ("W3", "360.00", "400.00", "+40.00", "改善", "转好", "由“略有滞后”转为“符合序时”"),
        ("W4", "36.00", "40.00", "+4.00", "改善", "未变", ""),
    ]
    assert found.sentence == (
        "2023 年与2022 年相比，主要指标4项：转差2项（约束性1项），转好1项（约束性0项），未变1项。"
    )


def test_the_order_of_the_table_can_be_asked_for(world, as_person) -> None:
    published(world, 2020, 2021, 2022, 2023)
    found = asked(as_person("leader"), order="table")
    assert [row[0] for row in told(found)] == ["W1", "W2", "W3", "W4"]


def test_any_two_years_can_be_chosen_also_backwards(world, as_person) -> None:
    published(world, 2020, 2021, 2022, 2023)
    found = asked(as_person("leader"), **{"from": "2023", "to": "2021", "order": "table"})
    assert (found.then.end.key, found.now.end.key) == ("2023", "2021")
    assert told(found)[0][:5] == ("W1", "45.00", "44.00", "−1.00", "变差")


def test_a_round_shows_what_was_known_by_then(world, as_person) -> None:
    published(world, 2020, 2021, 2022)
    early = forecast(world)
    late = publish_year(world, 2023)
    keys = [one.key for one in as_person("leader").get("/compare/").context["ends"]]
    assert keys == ["2023", f"2023-{late.pk}", f"2023-{early.pk}", "2022", "2021", "2020"]
    ends = {"from": f"2023-{early.pk}", "to": f"2023-{late.pk}", "order": "table"}
    found = asked(as_person("leader"), **ends)
    assert [row[:4] for row in told(found)] == [
        ("W1", "43.00", "45.00", "+2.00"),
        ("W2", "66.67", "33.33", "−33.33"),
        ("W3", "390.00", "400.00", "+10.00"),
        ("W4", "39.00", "40.00", "+1.00"),
    ]
    assert (found.then.as_of, found.now.as_of) == (date(2023, 9, 30), date(2023, 12, 31))
    assert found.then.end.label == "2023 年预计（预计数）"


def test_the_newest_round_says_the_same_as_its_year(world, as_person) -> None:
    published(world, 2020, 2021, 2022)
    forecast(world)
    late = publish_year(world, 2023)
    ends = {"from": f"2023-{late.pk}", "to": "2023", "order": "table"}
    assert {row[3:] for row in told(asked(as_person("leader"), **ends))} == {
        ("0.00", "持平", "未变", "")
    }


def test_a_round_is_not_named_while_its_year_has_no_other(world, as_person) -> None:
    published(world, 2020, 2021)
    ends = as_person("leader").get("/compare/").context["ends"]
    assert [one.key for one in ends] == ["2021", "2020"]


def test_a_revised_target_and_a_new_owner_are_told(world, as_person) -> None:
    published(world, 2020, 2021)
    w1 = world.indicators["W1"]
    w1.targets.create(
        value=55, printed="55", effective_year=2022, reason="调整", document="文",
        approved_by_body="县人民政府",
    )  # fmt: skip
    w1.responsibilities.create(
        unit=world.affairs, supervisor="分管社会事务股的副局长", effective_year=2022,
        basis_document="文",
    )  # fmt: skip
    publish_year(world, 2022)
    found = asked(as_person("leader"), order="table")
    (one, *others) = found.moved
    assert (one.old_target, one.now.target.text, one.was_responsible) == ("60", "55", "养老股")
    assert {(o.old_target, o.was_responsible) for o in others} == {("", "")}


def test_the_first_year_alone_says_that_both_are_the_same(world, as_person) -> None:
    published(world, 2020)
    assert "两边选的是同一期" in text_of(as_person("leader"), "/compare/")


def test_before_anything_is_published_the_page_says_what_to_do(world, as_person) -> None:
    assert "还没有可以比较的数据" in text_of(as_person("leader"), "/compare/")


@pytest.mark.parametrize(
    "asked_for",
    [
        "2019",
        "2031",
        "x",
        "2021-x",
        "2021-0",
        "2021-99999999999",
        "-",
        "２０２１",
        "2021-1-1",
        "2022",
    ],
)
@pytest.mark.parametrize("place", ["from", "to"])
def test_an_end_that_does_not_exist_is_not_found(world, as_person, place, asked_for) -> None:
    published(world, 2020, 2021)
    assert as_person("leader").get("/compare/", {place: asked_for}).status_code == 404


def test_a_round_of_another_bureau_is_not_found(world, as_person) -> None:
    published(world, 2020, 2021)
    other = Round.objects.create(
        plan=other_bureau_plan(), year=2021, name="年报", nature="annual", as_of=date(2021, 12, 31)
    )
    assert as_person("leader").get("/compare/", {"to": f"2021-{other.pk}"}).status_code == 404


# --- what is not published -------------------------------------------------------------------


def two_rounds(world: World) -> tuple[Round, Round]:
    """2023: published in autumn, handed in since."""
    published(world, 2020, 2021, 2022)
    return forecast(world), submitted_year(world, 2023, *FIGURES[2023])


def test_an_unpublished_round_is_offered_with_the_switch_only(world, as_person) -> None:
    early, late = two_rounds(world)
    ends = {"from": f"2023-{early.pk}", "to": f"2023-{late.pk}"}
    assert as_person("leader").get("/compare/", ends).status_code == 404
    found = asked(as_person("leader"), **ends, draft="1", order="table")
    assert [row[2] for row in told(found)] == ["45.00", "33.33", "400.00", "40.00"]


def test_others_see_unpublished_values_of_their_own_indicators_only(world, as_person) -> None:
    early, late = two_rounds(world)
    ends = {"from": f"2023-{early.pk}", "to": f"2023-{late.pk}", "draft": "1", "order": "table"}
    seen = {
        who: [row[2] for row in told(asked(as_person(who), **ends))]
        for who in ("clerk", "other_clerk", "planner", "reviewer")
    }
    assert seen == {
        "clerk": ["45.00", "33.33", "390.00", "39.00"],
        "other_clerk": ["43.00", "66.67", "400.00", "39.00"],
        "planner": ["45.00", "33.33", "400.00", "40.00"],
        "reviewer": ["45.00", "33.33", "400.00", "40.00"],
    }


@pytest.mark.parametrize("ends", [{"to": "2023", "year": "2020"}, {"from": "2023", "year": "2020"}])
def test_who_sees_what_is_settled_by_the_later_end(world, as_person, ends: dict) -> None:
    """D1 and D2 are another unit's from 2023 on: their figures of that year are not the clerk's,
    whatever other year the address names."""
    published(world, 2020, 2021, 2022)
    for code in ("D1", "D2"):
        Responsibility.objects.create(
            item=world.items[code], unit=world.affairs, effective_year=2023
        )
    rnd = world.round(2023)
    theirs = world.return_of(rnd, world.affairs)
    world.save(world.people["other_clerk"], theirs, D1="777", D2="1000", D4="400")
    world.save(world.people["clerk"], world.return_of(rnd, world.care), D3=[1, 0, 0])
    world.explain(rnd)
    theirs.refresh_from_db()
    workflow.submit(world.people["other_clerk"], theirs.pk, theirs.version)
    page = text_of(as_person("planner"), "/compare/?draft=1&to=2023")
    assert "77.70" in page
    page = text_of(as_person("clerk"), f"/compare/?{urlencode({'draft': 1, **ends})}")
    assert "77.70" not in page


def test_drafts_enter_for_nobody(world, as_person) -> None:
    published(world, 2020, 2021, 2022)
    early = forecast(world)
    late = world.round(2023)
    world.fill(late, *FIGURES[2023])
    ends = {"from": f"2023-{early.pk}", "to": f"2023-{late.pk}", "draft": "1"}
    for who in ("clerk", "planner", "leader"):
        found = asked(as_person(who), **ends)
        assert {row[3] for row in told(found)} == {"0.00"}


# --- tasks and projects --------------------------------------------------------------------------


def test_tasks_projects_and_their_money_then_and_now(work: Work, as_person) -> None:
    work.publish(2023)
    build = work.building
    work.building = lambda **fields: build(status="behind", reason="缺资金", **fields)
    work.publish(2024)
    found = asked(as_person("leader"))
    assert [(one.code, one.then_label, one.now_label, one.is_worse) for one in found.works] == [
        ("Z3-1", "推进中", "滞后", True)
    ]
    assert [
        (line.name, line.then.text, line.now.text, line.change.text) for line in found.money
    ] == [
        ("计划投资", "1200", "1200", "0"),
        ("到位资金", "600", "600", "0"),
        ("完成投资", "400.5", "400.5", "0"),
    ]
    page = text_of(as_person("leader"), "/compare/")
    assert "新滞后" in page and "投资（万元，开工以来累计）" in page


def held_against(then: list, now: list) -> Comparison:
    """Projects only, without a database."""
    ends = (
        Side(End(2023 + i), [], Works([], some), None, "") for i, some in enumerate((then, now))
    )
    return compare(*ends)


def test_what_overlaps_is_shown_but_not_counted() -> None:
    then = [project(code="Z3-1"), project(code="W-01", counted_in="Z3-1")]
    now = [project("done", code="Z3-1"), project("done", code="W-01", counted_in="Z3-1")]
    found = held_against(then, now)
    assert [(one.code, one.counted_in) for one in found.works] == [("Z3-1", ""), ("W-01", "Z3-1")]
    assert found.works_sentence == "1 项有变化（另有 1 个与专栏项目重叠，不计数）"
    assert [(one.label, one.then_projects, one.now_projects) for one in found.counted] == [
        ("推进中", 1, 0),
        ("已完成", 0, 1),
    ]


def test_what_only_passed_its_end_is_newly_overdue() -> None:
    def ends(status: str, day: str) -> list:
        return [project(parts=[component(status, planned_end=date.fromisoformat(day))])]

    early, passed = "2022-06-30", "2029-12-31"
    pairs = [
        (ends("under_way", passed), ends("under_way", early)),
        (ends("under_way", passed), ends("behind", passed)),
        (ends("behind", passed), ends("under_way", early)),
        (ends("under_way", early), ends("done", early)),
    ]
    assert [held_against(*pair).works[0].lateness for pair in pairs] == [
        "新超期",
        "新滞后",
        "由滞后转为超期",
        "不再超期",
    ]


@pytest.mark.parametrize(
    ("direction", "trend", "told"),
    [
        (Direction.WORSE, Trend.BETTER, ("数值改善", "评价转差")),
        (Direction.BETTER, Trend.WORSE, ("数值变差", "评价转好")),
        (Direction.WORSE, Trend.WORSE, ("", "转差")),
        (Direction.SAME, Trend.BETTER, ("", "未变")),
    ],
)
def test_a_better_value_with_a_worse_status_is_told_as_both(direction, trend, told) -> None:
    assert both(direction, trend) == told


def test_unpublished_progress_is_shown_to_its_own_people_only(work: Work, as_person) -> None:
    work.publish(2023)
    rnd = work.world.round(2024)
    world = work.world
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    build = work.building
    work.building = lambda **fields: build(status="behind", reason="缺资金", **fields)
    work.fill(rnd)
    world.explain(rnd)
    care = world.return_of(rnd, world.care)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    ends = {"from": "2023", "to": "2024", "draft": "1"}
    seen = {
        who: [one.now_label for one in asked(as_person(who), **ends).works if one.code == "Z3-1"]
        for who in ("clerk", "planner", "other_clerk", "leader")
    }
    assert seen == {
        "clerk": ["滞后"],
        "planner": ["滞后"],
        "other_clerk": ["未填报"],
        "leader": ["未填报"],
    }


@pytest.mark.parametrize("who", ["leader", "clerk", "planner"])
def test_as_many_queries_with_4_indicators_as_with_7(work: Work, as_person, who) -> None:
    work.publish(2023)
    work.publish(2024)
    client = as_person(who)
    few = cold(client, "/compare/")
    more_indicators(work.world, 3)
    assert cold(client, "/compare/") == few
    assert few <= 12


def test_rounds_take_a_constant_number_of_queries(world, as_person) -> None:
    early, late = two_rounds(world)
    address = f"/compare/?from=2023-{early.pk}&to=2023-{late.pk}&draft=1"
    client = as_person("planner")
    few = cold(client, address)
    more_indicators(world, 3)
    assert cold(client, address) == few
    assert few <= 20
