"""What is published stays, or becomes a 更正; rounds that are open follow what changes."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from indicators import grid, judging, values, workflow
from indicators.models import (
    AnnualReturn,
    AnnualValue,
    DataItem,
    Definition,
    Explanation,
    Figure,
    Indicator,
    Milestone,
    Responsibility,
    Round,
)
from indicators.workflow import WorkflowError
from organization.models import Unit, User
from programs.loading import load_plan
from tests.world import World

pytestmark = pytest.mark.django_db
FIXTURE = Path(__file__).parents[2] / "fixtures" / "zhushan-2021-2025"


def play(world: World, year: int, d1: int = 180, d2: int = 300) -> Round:
    rnd = world.round(year)
    world.fill(rnd, d1, d2, [1, 1, 0], 470)
    world.explain(rnd)
    world.approve_all(rnd)
    return world.publish(rnd)


def post(as_person, who: str, address: str, **data: object):
    return as_person(who).post(f"/admin/{address}", data)


def faults(answer) -> str:
    """What the form says; "" when it was saved."""
    if answer.status_code == 302:
        return ""
    return " ".join(" ".join(e) for e in answer.context["adminform"].form.errors.values())


def unit_form(unit: Unit, **changes: object) -> dict[str, object]:
    names = ("code", "name", "kind", "order", "valid_from", "valid_until", "basis_document")
    form = {name: getattr(unit, name) for name in names} | {"bureau": unit.bureau_id}
    form |= {"successor": unit.successor_id} | changes
    return {name: "" if value is None else value for name, value in form.items()}


def official(world: World, code: str, year: int) -> AnnualValue:
    return AnnualValue.objects.get(
        indicator=world.indicators[code], year=year, layer="official", indicator__plan=world.plan
    )


def labels(world: World, year: int) -> dict[str, str]:
    plan = type(world.plan).objects.get(pk=world.plan.pk)
    return {s.indicator.code: s.judgement.label for s in judging.standings(plan, year)}


def ended(sysadmin: User, unit: Unit, year: int, successor: Unit | None = None) -> list[str]:
    unit.refresh_from_db()
    unit.valid_until, unit.successor, unit.basis_document = year, successor, "县政府批复"
    return workflow.change_unit(sysadmin, unit)


def new_unit(sysadmin: User, world: World, name: str, kind: str, since: int) -> Unit:
    unit = Unit(code=name, name=name, kind=kind, bureau=world.bureau, order=99, valid_from=since)
    unit.basis_document = "县政府批复"
    workflow.change_unit(sysadmin, unit)
    return unit


# --- what holds from a year on ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"valid_until": 2022, "basis_document": "批复"}, "最后有效年应为 2023 年或以后"),
        ({"valid_from": 2022, "basis_document": "批复"}, "生效年不能再改（原为 1949）"),
        ({"kind": "department"}, "类型和所属局不能再改"),
        ({"valid_until": 2023}, "请写明依据文件"),
        ({"valid_until": 2023, "basis_document": "批复"}, ""),
        ({"name": "北街道"}, ""),
    ],
)
def test_a_unit_stays_what_it_was_when_it_was_published(
    world: World, as_person, changes, says
) -> None:
    play(world, 2023)
    north = world.townships[2]
    answer = post(
        as_person,
        "sysadmin",
        f"organization/unit/{north.pk}/change/",
        **unit_form(north, **changes),
    )
    told = faults(answer)
    assert says in told and bool(says) == bool(told)
    assert official(world, "W2", 2023).denominator == 3


@pytest.mark.parametrize(
    ("kind", "since", "says"),
    [
        ("township", 1949, "新设乡镇的生效年应为 2024 年或以后"),
        ("township", 2024, ""),
        ("department", 1949, ""),
    ],
)
def test_a_new_township_begins_after_what_is_published(
    world: World, as_person, kind, since, says
) -> None:
    play(world, 2023)
    unit = Unit(code="N", name="新镇", kind=kind, bureau=world.bureau, valid_from=since)
    form = unit_form(unit, basis_document="批复")
    told = faults(post(as_person, "sysadmin", "organization/unit/add/", **form))
    assert says in told and bool(says) == bool(told)
    assert official(world, "W2", 2023).denominator == 3


def test_a_successor_is_of_the_same_bureau_and_makes_no_circle(world: World, as_person) -> None:
    north, south = world.townships[2], world.townships[1]
    Unit.objects.filter(pk=south.pk).update(successor=north)
    other = Unit.objects.create(code="B2", name="别的局", kind="bureau")
    for successor, says in [(south, "循环"), (other, "同属一个局")]:
        form = unit_form(north, successor=successor.pk, basis_document="批复", valid_until=2023)
        answer = post(as_person, "sysadmin", f"organization/unit/{north.pk}/change/", **form)
        assert says in faults(answer)


@pytest.mark.parametrize(
    ("year", "document", "says"),
    [
        (2021, "会议纪要", "2022 年数据已经发布，生效年应为 2023 至 2025 年，现为 2021"),
        (2022, "会议纪要", "2022 年数据已经发布"),
        (5, "会议纪要", "生效年应在 2020 至 2025 年之间，现为 5，请改正。"),
        (9999, "会议纪要", "生效年应在 2020 至 2025 年之间"),
        (2023, "", "请写明依据文件。"),
        (2023, "会议纪要", ""),
    ],
)
def test_wording_and_duties_begin_after_what_is_published(
    world: World, as_person, year, document, says
) -> None:
    play(world, 2022)
    one = {"indicator": world.indicators["W1"].pk, "effective_year": year}
    one |= {"basis_document": document}
    for address, more in [
        ("definition", {"text": "改口径"}),
        ("responsibility", {"unit": world.affairs.pk, "item": ""}),
    ]:
        told = faults(post(as_person, "planner", f"indicators/{address}/add/", **one, **more))
        assert says in told and bool(says) == bool(told)
    made = Definition.objects.filter(text="改口径").count()
    made += Responsibility.objects.filter(basis_document="会议纪要").count()
    assert made == (0 if says else 2)


def test_a_duty_goes_to_a_unit_that_can_have_it(world: World, as_person) -> None:
    one = {"indicator": world.indicators["W1"].pk, "effective_year": 2023, "item": ""}
    one |= {"basis_document": "文件"}
    Unit.objects.filter(pk=world.affairs.pk).update(valid_until=2022)
    for unit, says in [(world.townships[0], "是乡镇"), (world.affairs, "在 2023 年无效")]:
        answer = post(as_person, "planner", "indicators/responsibility/add/", **one, unit=unit.pk)
        assert says in faults(answer)


def test_a_target_is_revised_for_years_that_are_not_published(world: World, as_person) -> None:
    play(world, 2022)
    form = {"indicator": world.indicators["W1"].pk, "value": "45", "printed": "45", "reason": "r"}
    form |= {"document": "d", "approved_by_body": "县政府", "effective_year": 2022}
    told = faults(post(as_person, "planner", "indicators/target/add/", **form))
    assert "2022 年数据已经发布，生效年应为 2023 至 2025 年" in told
    form["effective_year"] = 2023
    assert faults(post(as_person, "planner", "indicators/target/add/", **form)) == ""


def test_after_the_last_year_nothing_can_begin(world: World, as_person) -> None:
    play(world, 2025)
    form = {"indicator": world.indicators["W1"].pk, "effective_year": 2025, "text": "改"}
    form |= {"basis_document": "文件"}
    told = faults(post(as_person, "planner", "indicators/definition/add/", **form))
    assert "规划末年 2025 年的数据（含预计数）已经发布，不能再从本规划的年份改起" in told


# --- milestones -------------------------------------------------------------------------------


@pytest.mark.parametrize("blank", ["indicator", "year", "value"])
def test_a_milestone_without_everything_is_asked_for(world: World, as_person, blank) -> None:
    form = {"indicator": world.indicators["W1"].pk, "year": 2022, "value": 50, "basis": "文件"}
    answer = post(as_person, "planner", "indicators/milestone/add/", **form | {blank: ""})
    assert "这个字段是必填项" in faults(answer)


def test_the_milestone_of_a_published_year_stays_where_it_is(world: World, as_person) -> None:
    one = Milestone.objects.create(
        indicator=world.indicators["W1"], year=2022, value=41, basis="要点"
    )
    play(world, 2022)
    form = {"indicator": one.indicator_id, "year": 2024, "value": 59, "basis": "要点"}
    answer = post(as_person, "planner", f"indicators/milestone/{one.pk}/change/", **form)
    assert "这是 2022 年的年度目标，该年数据已经发布，不能再改" in faults(answer)
    one.refresh_from_db()
    assert (one.year, one.value) == (2022, 41)


def test_a_milestone_that_bends_a_published_line_is_a_correction(world: World, planner) -> None:
    play(world, 2020, 40, 100)
    play(world, 2022, 45, 100)
    one = Milestone(indicator=world.indicators["W1"], year=2024, value=59, basis="县发1号")
    told = workflow.set_milestone(planner, one)
    assert len(told) == 1 and told[0].startswith("2022 年已发布的结果随之改变，已记为更正：W1")
    assert Round.objects.get(year=2022).correction == "更正：设定年度目标，依据县发1号"
    assert Round.objects.get(year=2020).correction == ""


# --- settings of all years --------------------------------------------------------------------


def test_thresholds_after_a_publication_need_a_reason_and_are_a_correction(
    world: World, as_person
) -> None:
    play(world, 2020, 40, 100)
    play(world, 2022, 45, 100)
    before, address = labels(world, 2022), f"plans/plan/{world.plan.pk}/change/"
    form = {"fast_from": "1.05", "on_pace_from": "0.5", "slight_from": "0.3", "reason": ""}
    assert "请写明修改原因" in faults(post(as_person, "planner", address, **form))
    assert labels(world, 2022) == before
    form["reason"] = "市局评价办法调整"
    assert faults(post(as_person, "planner", address, **form)) == ""
    assert labels(world, 2022) != before
    rnd = Round.objects.get(year=2022)
    assert rnd.correction == "更正：市局评价办法调整" and rnd.corrected_at is not None
    assert rnd.history.latest().history_change_reason == "更正：市局评价办法调整"
    assert world.plan.history.latest().history_change_reason == "市局评价办法调整"


def test_how_an_indicator_is_counted_changes_with_a_reason(world: World, as_person) -> None:
    play(world, 2022)
    one = world.indicators["W1"]
    form = {"growth_basis": "yearly", "gap_rule": "both", "decimals": 1, "to_verify": ""}
    address = f"indicators/indicator/{one.pk}/change/"
    assert "请写明修改原因" in faults(post(as_person, "planner", address, **form))
    reasoned = form | {"reason": "按统计局口径取一位小数"}
    assert faults(post(as_person, "planner", address, **reasoned)) == ""
    assert "按统计局口径" in Round.objects.get().correction
    only_remark = form | {"to_verify": "分母待核"}
    assert faults(post(as_person, "planner", address, **only_remark)) == ""


def test_before_anything_is_published_no_reason_is_asked_for(world: World, as_person) -> None:
    form = {"fast_from": "1.05", "on_pace_from": "0.5", "slight_from": "0.3"}
    address = f"plans/plan/{world.plan.pk}/change/"
    assert faults(post(as_person, "planner", address, **form)) == ""


# --- an open round follows --------------------------------------------------------------------


def test_an_open_round_follows_a_merger_and_a_new_township(world: World, sysadmin) -> None:
    rnd = world.round(2024)
    new = new_unit(sysadmin, world, "新镇", "township", 2024)
    ended(sysadmin, world.townships[2], 2023, world.townships[1])
    spoken_of = Figure.objects.filter(round=rnd, item__code="D3").values_list(
        "unit__name", flat=True
    )
    assert sorted(spoken_of) == sorted(["东镇", "南乡", "新镇"])
    made = world.figure(rnd, "D3", new).history.latest()
    assert made.history_user == sysadmin and "单位调整：新镇" in made.history_change_reason
    care = world.return_of(rnd, world.care)
    page = grid.build(care, editable=True)
    assert [(len(b.rows), b.missing) for b in page.lists] == [(3, ["东镇", "南乡", "新镇"])]
    world.save(world.people["clerk"], care, D1=150, D2=300, D3=[1, 1, 0])
    world.return_of(rnd, world.care)
    care.refresh_from_db()
    workflow.submit(world.people["clerk"], care.pk, care.version)
    row = AnnualValue.objects.get(indicator__code="W2", year=2024, layer="provisional")
    assert (row.numerator, row.denominator) == (2, 3)
    assert values.differences(world.plan) == []


def test_what_a_vanished_township_told_is_kept_and_not_counted(
    world: World, as_person, sysadmin
) -> None:
    rnd = world.round(2024)
    care = world.return_of(rnd, world.care)
    world.save(world.people["clerk"], care, D1=150, D2=300, D3=[1, 1, 1])
    care.refresh_from_db()
    version = care.version
    told = ended(sysadmin, world.townships[2], 2023, world.townships[1])
    assert told == ["2024 年年报：“建有服务中心”（北乡）已填的内容保留备查，锁定，不再计入。"]
    care.refresh_from_db()
    assert care.version == version + 1  # a page that is open is stale
    page = grid.build(care, editable=True)
    (block,) = page.lists
    assert (block.told, len(block.rows), block.total) == (2, 2, "2 个“是”")
    assert [row.figure.unit.name for row in page.gone] == ["北乡"]
    shown = as_person("clerk").get(reverse("admin:indicators_annualreturn_change", args=[care.pk]))
    text = shown.content.decode()
    assert "北乡（已撤并）：是" in text and re.search(r"已填 <b>2/2</b>", text)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    row = AnnualValue.objects.get(indicator__code="W2", year=2024, layer="provisional")
    assert (row.numerator, row.denominator) == (2, 2)


def test_what_was_handed_in_is_left_and_the_planner_is_told(
    world: World, as_person, sysadmin
) -> None:
    rnd = world.round(2024)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    new = Unit(code="N", name="新镇", kind="township", bureau=world.bureau, valid_from=2024)
    new.basis_document = "批复"
    (told,) = workflow.change_unit(sysadmin, new)
    assert "“建有服务中心”（新镇）没有加入" in told and "按现行单位和责任分工更新" in told
    care = world.return_of(rnd, world.care)
    workflow.reopen(world.people["planner"], care.pk, care.version, [], "新设乡镇")
    data = {"action": "catch_up", "_selected_action": [rnd.pk]}
    page = as_person("planner").post(
        reverse("admin:indicators_round_changelist"), data, follow=True
    )
    assert "已按现行单位和责任分工核对" in page.content.decode()
    assert world.figure(rnd, "D3", new).annual_return_id == care.pk


def test_a_published_round_follows_nothing(world: World, planner, sysadmin) -> None:
    rnd = play(world, 2023)
    new_unit(sysadmin, world, "新镇", "township", 2024)
    assert rnd.figures.filter(item__code="D3").count() == 3
    with pytest.raises(WorkflowError, match="已经发布"):
        workflow.catch_up(planner, rnd.pk)


def duty(world: World, code: str, unit: Unit, year: int) -> Responsibility:
    of = {"indicator": world.indicators[code]} if code[0] == "W" else {"item": world.items[code]}
    return Responsibility(unit=unit, effective_year=year, basis_document="三定方案", **of)


def test_a_duty_that_moves_takes_its_open_figures_along(world: World, planner) -> None:
    rnd = world.round(2024)
    care, affairs = (world.return_of(rnd, unit) for unit in (world.care, world.affairs))
    world.save(world.people["clerk"], care, D1=150)
    for code in ("D1", "D3", "W1"):
        assert workflow.assign(planner, duty(world, code, world.affairs, 2024)) == []
    moved = world.figure(rnd, "D1")
    assert (moved.annual_return, moved.unit, moved.amount) == (affairs, world.affairs, 150)
    towns = Figure.objects.filter(round=rnd, item__code="D3")
    assert {(f.annual_return_id, f.unit.kind) for f in towns} == {(affairs.pk, "township")}
    text = Explanation.objects.get(indicator__code="W1", annual_return__round=rnd)
    assert text.annual_return == affairs
    last = moved.history.latest()
    assert (last.history_user, last.history_change_reason) == (
        planner,
        "责任分工调整（三定方案），转由新的责任单位填报",
    )
    assert workflow.assign(planner, duty(world, "W2", world.affairs, 2024)) == []
    assert workflow.assign(planner, duty(world, "D2", world.affairs, 2024)) == []
    assert AnnualReturn.objects.filter(round=rnd, unit=world.care).exists()  # somebody saved in it


def test_a_return_that_nobody_touched_goes_with_its_last_duty(world: World, planner) -> None:
    rnd = world.round(2024)
    told = [workflow.assign(planner, duty(world, c, world.care, 2024)) for c in ("D4", "W3", "W4")]
    assert told == [[], [], ["2024 年年报：社会事务股的监测表已没有内容，已撤销。"]]
    assert [str(r.unit) for r in rnd.returns.all()] == ["养老股"]


def test_a_duty_does_not_move_out_of_a_return_that_was_handed_in(world: World, planner) -> None:
    rnd = world.round(2024)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    (told,) = workflow.assign(planner, duty(world, "D1", world.affairs, 2024))
    assert "“护理型床位”（养老股）所在的监测表已报送或审核过，仍由原表办结" in told
    assert world.figure(rnd, "D1").annual_return == care
    assert workflow.assign(planner, duty(world, "D2", world.affairs, 2025)) == []  # not this round


# --- who goes on ------------------------------------------------------------------------------


def test_a_round_after_the_end_of_a_unit_goes_to_who_goes_on(world: World, sysadmin) -> None:
    care = world.care
    middle = new_unit(sysadmin, world, "养老一股", "department", 2022)
    last = new_unit(sysadmin, world, "养老服务股", "department", 2023)
    ended(sysadmin, middle, 2022, last)
    ended(sysadmin, care, 2021, middle)
    assert {str(r.unit) for r in world.round(2021).returns.all()} == {"养老股", "社会事务股"}
    assert {str(r.unit) for r in world.round(2022).returns.all()} == {"养老一股", "社会事务股"}
    rnd = world.round(2024)
    assert {str(r.unit) for r in rnd.returns.all()} == {"养老服务股", "社会事务股"}
    assert world.figure(rnd, "D1").unit == last


def test_a_unit_that_ended_without_a_successor_stops_the_round(world: World, sysadmin) -> None:
    ended(sysadmin, world.care, 2023)
    with pytest.raises(WorkflowError, match="养老股在 2024 年已撤销，又没有继任单位"):
        world.round(2024)
    assert not Round.objects.filter(year=2024).exists()


def test_nobody_ends_with_open_work_and_without_a_successor(world: World, as_person) -> None:
    rnd = world.round(2024)
    form = unit_form(world.care, valid_until=2023, basis_document="批复")
    address = f"organization/unit/{world.care.pk}/change/"
    told = faults(post(as_person, "sysadmin", address, **form))
    assert "2024 年年报正在填报，养老股在 2024 年仍有负责的数据或工作；请填写继任单位" in told
    form["successor"] = world.affairs.pk
    assert faults(post(as_person, "sysadmin", address, **form)) == ""
    assert [str(r.unit) for r in rnd.returns.all()] == ["社会事务股"]
    assert world.figure(rnd, "D1").unit == world.affairs


def test_who_goes_on_finishes_what_was_left_open(world: World, as_person, sysadmin) -> None:
    rnd = world.round(2023)
    care = world.return_of(rnd, world.care)
    url = reverse("admin:indicators_annualreturn_change", args=[care.pk])
    assert as_person("other_clerk").get(url).status_code == 404
    ended(sysadmin, world.care, 2023, world.affairs)
    client = as_person("other_clerk")
    assert client.get(url).status_code == 200
    assert (
        "养老股" in client.get(reverse("admin:indicators_annualreturn_changelist")).content.decode()
    )
    assert "2023 年年报 · 养老股" in client.get("/todo/").content.decode()
    late = as_person("planner").get("/todo/late/").content.decode()
    row = next(part for part in late.split("<tr") if "养老股" in part)
    assert "甲other_clerk" in row and "甲clerk" in row
    world.save(User.objects.get(username="other_clerk"), care, D1=150, D2=300, D3=[1, 1, 0])
    care.refresh_from_db()
    assert workflow.submit(User.objects.get(username="other_clerk"), care.pk, care.version)
    assert care.acts.first().provider == ""  # no 代录
    assert as_person("township_clerk").get(url).status_code == 404


def test_a_unit_that_goes_on_still_has_nothing_of_other_units(world: World, as_person) -> None:
    """The successor is named before the unit ends: until then it is a unit of its own."""
    Unit.objects.filter(pk=world.care.pk).update(
        valid_until=date.today().year, successor=world.affairs
    )
    care = world.return_of(world.round(2023), world.care)
    url = reverse("admin:indicators_annualreturn_change", args=[care.pk])
    assert as_person("other_clerk").get(url).status_code == 404


# --- the county's own plan --------------------------------------------------------------------


@pytest.fixture
def county(db: None):
    plan = load_plan(FIXTURE)
    people = {
        "planner": User.objects.create_user(
            "p", name="规划", unit=plan.bureau, roles=["planner", "clerk"]
        ),
        "sysadmin": User.objects.create_user("s", name="系统", roles=["sysadmin"]),
    }
    return plan, people


def denominators(plan) -> dict[int, Decimal]:
    """Of the indicators that count townships."""
    rows = AnnualValue.objects.filter(
        indicator__plan=plan, indicator__terms__item__isnull=True, layer="official"
    )
    return {(r.indicator.code, r.year): r.denominator for r in rows.select_related("indicator")}


def test_two_of_17_townships_merge(county) -> None:
    plan, people = county
    rounds = {
        year: workflow.open_round(
            people["planner"], plan, year=year, name="年报", nature="annual",
            as_of=date(year, 12, 31), is_backfill=True,
        )
        for year in (2022, 2023)
    }  # fmt: skip
    for rnd in rounds.values():
        yes_no = rnd.figures.filter(item__kind="yesno")
        yes_no.update(published_knowledge="have", published_amount=1)
    values.recompute(plan)
    old = denominators(plan)
    assert {number for number in old.values()} == {17}
    one, other = Unit.objects.of(plan.bureau).townships()[:2]
    Round.objects.filter(year=2022).update(published_at="2023-03-01T00:00:00Z")
    ended(people["sysadmin"], one, 2022, other)
    now = denominators(plan)
    assert {k: v for k, v in now.items() if k[1] == 2022} == {
        k: v for k, v in old.items() if k[1] == 2022
    }
    assert {number for (_, year), number in now.items() if year == 2023} == {16}
    items = DataItem.objects.filter(plan=plan, collection="list", rate_of=None)
    for item in items:
        rows = Figure.objects.filter(round=rounds[2023], item=item)
        assert rows.exclude(knowledge="", published_knowledge="").count() in (0, 17)
        assert sum(f.unit.is_valid_in(2023) for f in rows.select_related("unit")) == 16
    assert values.differences(plan) == []
    with pytest.raises(WorkflowError, match="2022 年数据已经发布"):
        ended(people["sysadmin"], other, 2021)


def test_two_indicators_are_handed_over_through_the_pages(world: World, as_person) -> None:
    play(world, 2023)
    things = [("indicator", world.indicators[c].pk) for c in ("W1", "W2")]
    things += [("item", world.items[c].pk) for c in ("D1", "D2", "D3")]
    for what, pk in things:
        form = {"indicator": "", "item": ""} | {what: pk}
        form |= {"unit": world.affairs.pk, "effective_year": 2024, "basis_document": "机构改革方案"}
        assert faults(post(as_person, "planner", "indicators/responsibility/add/", **form)) == ""
    rnd = world.round(2024)
    assert [str(r.unit) for r in rnd.returns.all()] == ["社会事务股"]
    annual_return = world.return_of(rnd, world.affairs)
    clerk = world.people["other_clerk"]
    world.save(clerk, annual_return, D1=200, D2=300, D3=[1, 1, 0], D4=480)
    world.explain(rnd)
    world.approve_all(rnd)
    world.publish(rnd)
    names = {
        year: {s.indicator.code: s.indicator.unit_name for s in judging.standings(world.plan, year)}
        for year in (2023, 2024)
    }
    assert (names[2023]["W1"], names[2024]["W1"]) == ("养老股", "社会事务股")
    assert official(world, "W1", 2023).value == 60
    assert Indicator.objects.for_year(2024).get(code="W2").unit_name == "社会事务股"
    assert values.differences(world.plan) == []
