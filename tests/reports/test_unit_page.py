"""What a unit, and one of the 分管领导, answers for."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import workflow
from indicators.models import Responsibility
from organization.models import Unit
from programs.models import Assignment, Task
from programs.standing import Works
from reports.answering import Answer
from reports.unit_page import UnitPage
from tests.reports.builders import (
    more_indicators,
    other_bureau_plan,
    published,
    queries,
    submitted_year,
    text_of,
)
from tests.reports.test_kept import forget
from tests.reports.work_builders import project, task
from tests.work import Work
from tests.world import World

pytestmark = pytest.mark.django_db
CARE, AFFAIRS, TOWN = "/units/XA-1/", "/units/XA-2/", "/units/XA-T2/"


def detail(client, address: str, **query: str) -> UnitPage:
    forget()  # a page that is kept has no context
    return client.get(address, query).context["detail"]


def items(page: UnitPage) -> list[tuple]:
    return [(row.item.code, row.texts, row.filled_by) for row in page.items]


def returns(page: UnitPage) -> list[tuple]:
    return [(str(one.round), one.label, one.filled, one.owed) for one in page.returns]


def test_a_unit_answers_for_its_indicators_binding_first(world, as_person) -> None:
    published(world, 2020, 2021, 2022, 2023)
    page = detail(as_person("leader"), CARE)
    assert [row.code for row in page.answer.table] == ["W1", "W2"]
    assert [row.code for row in page.answer.laggards] == ["W1", "W2"]
    assert page.answer.sentence == (
        "负责主要指标2项（约束性1项，滞后或未达1项；预期性1项，滞后或未达1项）。"
    )
    text = text_of(as_person("leader"), CARE)
    assert "进度偏慢的原因" in text and "下一步的措施" in text and "明显滞后" in text
    assert "分管养老股的副局长" in text


def test_a_duty_moves_with_its_year(world, as_person) -> None:
    published(world, 2020, 2021)
    w1 = world.indicators["W1"]
    Responsibility.objects.create(
        indicator=w1, unit=world.affairs, effective_year=2022, basis_document="文"
    )
    published(world, 2022)
    leader = as_person("leader")
    assert [r.code for r in detail(leader, CARE).answer.table] == ["W2"]
    assert [r.code for r in detail(leader, AFFAIRS).answer.table] == ["W1", "W3", "W4"]
    assert [r.code for r in detail(leader, CARE, year="2021").answer.table] == ["W1", "W2"]


def test_what_it_fills_in_with_the_year_before(world, as_person) -> None:
    published(world, 2020, 2021)
    page = detail(as_person("leader"), CARE)
    assert items(page) == [
        ("D1", ("400", "440"), ""),
        ("D2", ("1,000", "1,000"), ""),
        ("D3", ("0 个乡镇", "1 个乡镇"), ""),
    ]
    assert returns(page) == [
        ("2021 年年报", "已发布", 5, 5),
        ("2020 年年报", "已发布", 5, 5),
    ]


def test_a_township_shows_what_is_told_of_it_and_by_whom(world, as_person) -> None:
    published(world, 2020, 2021)
    one, other = world.townships[0].code, world.townships[2].code
    leader = as_person("leader")
    has = detail(leader, f"/units/{one}/")
    assert (items(has), has.lacking) == ([("D3", ("否", "是"), "养老股")], ())
    page = detail(leader, f"/units/{other}/")
    assert items(page) == [("D3", ("否", "否"), "养老股")]
    assert [row.code for row in page.lacking] == ["W2"]
    assert "尚未达到的指标" in text_of(leader, f"/units/{other}/")


def test_what_a_township_has_not_is_told_apart_from_what_the_county_reached(
    world, as_person
) -> None:
    published(world, 2020, 2021)
    leader = as_person("leader")
    text = text_of(leader, f"/units/{world.townships[2].code}/")
    assert "本乡镇：<b>没有</b>；全县：<span" in text
    forget()
    towns = leader.get("/units/", {"year": "2021"}).context["list"].townships
    rows = [row for one in towns for row in one.lacking]
    assert rows and {one.is_alarming for one in towns if one.lacking} == {
        any(row.is_behind for row in rows)
    }


def test_projects_stand_on_the_page_of_their_township(work: Work, as_person) -> None:
    work.publish(2023)
    leader = as_person("leader")
    code = work.world.townships[0].code
    page = detail(leader, f"/units/{code}/")
    assert [(one.component.component.name, one.is_shared) for one in page.places] == [
        ("失能老人养老院", False)
    ]
    assert "projects/?year=2023&amp;township=XA-T0" in text_of(leader, f"/units/{code}/")
    assert detail(leader, TOWN).places == ()


def test_tasks_and_projects_it_leads_and_those_it_helps_with(work: Work, as_person) -> None:
    work.care_task.cooperating.add(work.world.affairs)
    work.project.cooperating.add(work.world.affairs)
    work.publish(2023)
    leader = as_person("leader")
    care, affairs = (detail(leader, address).answer for address in (CARE, AFFAIRS))
    assert [one.task.code for one in care.works.tasks] == ["4.1-1"]
    assert [one.project.code for one in care.works.projects] == ["Z3-1"]
    assert (care.helped.tasks, care.helped.projects) == ([], [])
    assert [one.task.code for one in affairs.works.tasks] == ["4.1-2"]
    assert [one.task.code for one in affairs.helped.tasks] == ["4.1-1"]
    assert [one.project.code for one in affairs.helped.projects] == ["Z3-1"]
    assert "协同的任务和项目" in text_of(leader, AFFAIRS)
    assert care.sentence.endswith("牵头任务1项（没有滞后）、项目1个（没有滞后或超期）。")


def test_sentence_and_heading_count_what_overlaps_apart() -> None:
    works = Works([task()], [project(), project(counted_in="Z1")])
    one = Answer((), (), works, Works([], []))
    assert one.led_head == "任务1项，项目1个（另有1个与专栏项目重叠）"
    assert one.sentence == (
        "牵头任务1项（没有滞后）、项目1个（另有1个与专栏项目重叠；没有滞后或超期）。"
    )


def test_late_work_is_named_with_its_reason(work: Work, as_person) -> None:
    build = work.building
    work.building = lambda **fields: build(status="behind", reason="缺资金", **fields)
    work.publish(2023)
    page = detail(as_person("leader"), CARE)
    assert [(one.code, one.reason) for one in page.answer.late] == [
        ("Z3-1", "失能老人养老院：缺资金")
    ]
    assert "滞后或超期1个" in page.answer.sentence


def test_explanations_are_owed_until_cause_and_next_step_are_published(world, as_person) -> None:
    published(world, 2020)
    submitted_year(world, 2021)
    planner = as_person("planner")
    page = detail(planner, CARE, year="2021", draft="1")
    assert {row.code for row in page.answer.unexplained} == {
        row.code for row in page.answer.laggards
    }


def test_an_ended_unit_says_until_when_and_who_goes_on(world, as_person) -> None:
    published(world, 2020, 2021)
    new = Unit.objects.create(
        code="XA-3", name="养老服务股", kind="department", bureau=world.bureau, valid_from=2022,
        basis_document="西编〔2022〕1号",
    )  # fmt: skip
    Unit.objects.filter(pk=world.care.pk).update(valid_until=2021, successor=new)
    leader = as_person("leader")
    page = detail(leader, CARE, year="2021")
    assert (page.is_valid, page.validity, page.successor.name) == (
        True,
        "到 2021 年为止",
        "养老服务股",
    )
    assert "以后由<a" in text_of(leader, f"{CARE}?year=2021")
    after = detail(leader, "/units/XA-3/", year="2021")
    assert (after.is_valid, after.validity) == (False, "2022 年起")
    assert [one.name for one in after.predecessors] == ["养老股"]
    assert "西编〔2022〕1号" in text_of(leader, "/units/XA-3/?year=2021")
    listed = text_of(leader, "/units/?year=2021")
    assert "2021 年无效的单位" in listed and "2022 年起" in listed


def test_a_unit_without_anything_says_what_to_do(world, as_person) -> None:
    published(world, 2020)
    Unit.objects.create(code="XA-9", name="新股", kind="department", bureau=world.bureau)
    page = text_of(as_person("leader"), "/units/XA-9/")
    assert "2020 年没有由新股负责的事项" in page and "责任分工" in page


def test_a_unit_without_an_indicator_yet_has_a_page_before_anything_is_published(
    world, as_person
) -> None:
    page = text_of(as_person("leader"), CARE)
    assert "负责主要指标2项" in page and "未填报" in page


@pytest.mark.parametrize("code", ["XX", "OB", "1", "XA-1%00"])
def test_a_unit_that_the_bureau_does_not_have_is_not_found(world, as_person, code) -> None:
    other_bureau_plan()
    assert as_person("leader").get(f"/units/{code}/").status_code in (400, 404)


# --- what is not published -----------------------------------------------------------------------


def test_unpublished_figures_are_seen_by_their_own_people_only(world, as_person) -> None:
    published(world, 2020, 2021, 2022)
    submitted_year(world, 2023)

    def seen(who: str, **query: str) -> tuple:
        return items(detail(as_person(who), CARE, year="2023", **query))[0]

    new, old = ("D1", ("480", "450"), ""), ("D1", ("480", "—"), "")
    assert {who: seen(who, draft="1") for who in PEOPLE} == {
        "clerk": new,
        "other_clerk": old,
        "reviewer": new,
        "planner": new,
        "leader": old,
    }
    assert {seen(who) for who in PEOPLE} == {old}


PEOPLE = ("clerk", "other_clerk", "reviewer", "planner", "leader")


def test_unpublished_values_follow_the_rights_of_the_dashboard(world, as_person) -> None:
    published(world, 2020, 2021, 2022)
    submitted_year(world, 2023)

    def seen(who: str, **query: str) -> str:
        return (
            detail(as_person(who), CARE, year="2023", **query).answer.table[0].current.number.text
        )

    assert {who: seen(who, draft="1") for who in PEOPLE} == {
        "clerk": "45.00",
        "other_clerk": "—",
        "reviewer": "45.00",
        "planner": "45.00",
        "leader": "45.00",
    }
    assert {seen(who) for who in PEOPLE} == {"—"}


def test_a_draft_is_shown_to_nobody(world, as_person) -> None:
    published(world, 2020, 2021, 2022)
    rnd = world.round(2023)
    world.fill(rnd, "777", "1000", [1, 0, 0], "400")
    for who in PEOPLE:
        for draft in ("", "&draft=1"):
            assert "777" not in text_of(as_person(who), f"{CARE}?year=2023{draft}")


def test_the_state_of_an_open_return_is_told_to_those_who_may_read_it(world, as_person) -> None:
    published(world, 2020)
    world.round(2021, due_on=date(2022, 2, 15))
    seen = {
        who: [row[1] for row in returns(detail(as_person(who), CARE, year="2021"))]
        for who in PEOPLE
    }
    draft = ["草稿，未报送", "已发布"]
    assert seen == {
        "clerk": draft,
        "other_clerk": ["已发布"],
        "reviewer": draft,
        "planner": draft,
        "leader": draft,
    }
    assert "2021 年年报：草稿，未报送，逾期" in text_of(as_person("leader"), f"{CARE}?year=2021")


def test_only_those_who_may_open_a_return_are_led_to_it(world, as_person) -> None:
    published(world, 2020)
    rnd = world.round(2021)
    draft = world.return_of(rnd, world.care).pk
    link = f"/admin/indicators/annualreturn/{draft}/change/"
    linked = {who: link in text_of(as_person(who), f"{CARE}?year=2021") for who in PEOPLE}
    assert linked == {
        "clerk": True,
        "other_clerk": False,
        "reviewer": False,
        "planner": True,
        "leader": False,
    }


# --- all units, and leaders ------------------------------------------------------------------


def test_the_list_says_of_each_unit_what_lags_behind(work: Work, as_person) -> None:
    work.publish(2023)
    found = as_person("leader").get("/units/").context["list"]
    assert [(one.unit.name, one.answer.cells) for one in found.departments] == [
        ("养老股", ((0, 1), (0, 1), (0, 0), (0, 1), (0, 1))),
        ("社会事务股", ((0, 0), (0, 2), (0, 0), (0, 1), (0, 0))),
    ]
    assert [one.unit.name for one in found.townships] == ["东镇", "南乡", "北乡"]
    assert found.completeness.sentence.startswith("2023 年年报：应报 2 个单位，均已报送")


def test_leaders_with_binding_laggards_come_first(world, as_person) -> None:
    published(world, 2020, 2021, 2022, 2023)
    found = as_person("leader").get("/units/").context["list"]
    assert [(one.name, [unit.name for unit in one.units]) for one in found.leaders] == [
        ("分管养老股的副局长", ["养老股"]),
        ("分管社会事务股的副局长", ["社会事务股"]),
    ]
    world.indicators["W1"].responsibilities.update(supervisor="甲")
    names = [one.name for one in as_person("leader").get("/units/").context["list"].leaders]
    assert names[0] == "甲"


def test_what_one_leader_answers_for(work: Work, as_person) -> None:
    work.publish(2023)
    leader = as_person("leader")
    page = leader.get("/units/", {"leader": "副局长"})
    one = page.context["leader"]
    assert [unit.name for unit in one.units] == ["养老股", "社会事务股"]
    assert [task.task.code for task in one.answer.works.tasks] == ["4.1-1", "4.1-2"]
    assert one.answer.rows == ()
    other = leader.get("/units/", {"leader": "分管养老股的副局长"}).context["leader"]
    assert [row.code for row in other.answer.rows] == ["W1", "W2"]
    assert 'leader=%E5%89%AF%E5%B1%80%E9%95%BF"' in page.content.decode()


@pytest.mark.parametrize("name", ["没有这个人", "<script>", "甲" * 400])
def test_a_leader_who_answers_for_nothing_is_not_found(world, as_person, name) -> None:
    published(world, 2020)
    assert as_person("leader").get("/units/", {"leader": name}).status_code == 404


def test_nobody_in_charge_is_a_line_of_its_own(world, as_person) -> None:
    published(world, 2020)
    world.indicators["W3"].responsibilities.update(supervisor="")
    names = [one.name for one in as_person("leader").get("/units/").context["list"].leaders]
    assert "未定分管领导" in names


@pytest.mark.parametrize("who", ["leader", "clerk", "planner", "reviewer"])
@pytest.mark.parametrize("address", ["/units/", CARE, TOWN, "/units/?leader=副局长"])
def test_as_many_queries_with_1_as_with_3(work: Work, as_person, who, address) -> None:
    work.publish(2023)
    client, draft = as_person(who), "&draft=1" if "?" in address else "?draft=1"
    few = cold(client, address), cold(client, address + draft)
    work.publish(2024)
    more_indicators(work.world, 3)
    more_work(work)
    assert (cold(client, address), cold(client, address + draft)) == few
    assert few[0] <= 12 and few[1] <= 12
    assert queries(client, address) <= 3  # it is kept


def cold(client, address: str) -> int:
    """Queries of a page that nobody has asked for yet."""
    client.get(address)  # templates and content types are read once per process
    forget()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def more_work(work: Work) -> None:
    plan = work.world.plan
    for number in range(3):
        task = Task.objects.create(
            plan=plan, code=f"9.{number}", order=90 + number, name="新任务", grade="advance",
            clause=work.care_task.clause, kind="task",
        )  # fmt: skip
        Assignment.objects.create(task=task, unit=work.world.care, effective_year=2020)
        Unit.objects.create(
            code=f"XA-N{number}", name=f"新乡{number}", kind="township", bureau=work.world.bureau
        )


def test_what_was_corrected_is_what_is_shown(world, as_person) -> None:
    published(world, 2020, 2021)
    rnd = world.plan.rounds.get(year=2021)
    care, people = world.return_of(rnd, world.care), world.people
    figure = world.figure(rnd, "D1")
    workflow.reopen(people["reviewer"], care.pk, care.version, [figure.pk], "核对")
    saved = world.save(people["clerk"], care, D1="441")
    sent = workflow.submit(people["clerk"], saved.pk, saved.version)
    workflow.approve(people["reviewer"], sent.pk, sent.version)
    assert items(detail(as_person("leader"), CARE))[0] == ("D1", ("400", "440"), "")
    workflow.correct(people["planner"], rnd.pk, "重复登记")
    assert items(detail(as_person("leader"), CARE))[0] == ("D1", ("400", "441"), "")


def test_names_are_escaped(world: World, as_person) -> None:
    published(world, 2020)
    Unit.objects.filter(pk=world.care.pk).update(name="<b>股", supervisor="<i>甲&乙")
    page = text_of(as_person("leader"), CARE)
    assert "<b>股" not in page and "<i>甲" not in page
