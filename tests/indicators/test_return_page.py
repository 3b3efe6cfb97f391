"""The return as one page: what stands on it, what is typed into it, who may open it."""

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from indicators import workflow
from indicators.models import Figure
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "admin:indicators_annualreturn_change"


def posted(world: World, annual_return, version: int | None = None, **typed: str) -> dict:
    """The form as the browser sends it: every field, what is named by item code replaced."""
    data = {"version": str(version or annual_return.version), "act": "save"}
    for figure in annual_return.figures.select_related("item", "unit"):
        key = figure.item.code + (f"_{figure.unit.name}" if figure.item.by_township else "")
        data[f"amount-{figure.pk}"] = typed.get(key, "")
        for part in ("knowledge", "note", "document_no", "document_date"):
            data[f"{part}-{figure.pk}"] = typed.get(f"{key}_{part}", "")
    return data


def test_a_saved_page_comes_back_with_what_was_typed(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    url = reverse(PAGE, args=[care.pk])
    typed = {"D1": "1,150", "D2": "３０００", "D3_东镇": "是", "D1_note": "含在建"}
    response = as_person("clerk").post(url, posted(world, care, **typed), follow=True)
    assert response.redirect_chain == [(url, 302)]
    rows = {(r.item.code, r.label): r for r in response.context["grid"].rows}
    assert rows["D1", "护理型床位"].typed["amount"] == "1150"
    assert rows["D1", "护理型床位"].typed["note"] == "含在建"
    assert rows["D3", "东镇"].typed["amount"] == "是"
    fed = {row.code: (row.value, row.judgement.label) for row in response.context["grid"].fed}
    assert fed["W1"] == ("38.33", "暂不评价（缺基期）")


@pytest.mark.parametrize("typed", ["abc", "-5", "1e309", "NaN", "60%", "99999999999999999"])
def test_nonsense_keeps_all_that_was_typed_and_stores_nothing(
    world: World, as_person, typed: str
) -> None:
    care = world.return_of(world.round(), world.care)
    data = posted(world, care, D1=typed, D2="300", D2_note="年报")
    response = as_person("clerk").post(reverse(PAGE, args=[care.pk]), data)
    assert response.status_code == 422
    rows = {r.item.code: r for r in response.context["grid"].single}
    assert rows["D1"].typed["amount"] == typed
    assert rows["D2"].typed == {
        "amount": "300",
        "knowledge": "",
        "note": "年报",
        "document_no": "",
        "document_date": "",
    }
    assert rows["D1"].fault
    assert rows["D1"].fault in response.content.decode().replace("&quot;", '"')
    assert not Figure.objects.exclude(amount=None).exists()


def test_three_over_zero_is_told_beside_both_fields(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    data = posted(world, care, D1="3", D2="0")
    response = as_person("clerk").post(reverse(PAGE, args=[care.pk]), data)
    rows = {r.item.code: r for r in response.context["grid"].single}
    assert response.status_code == 422
    assert rows["D1"].fault == rows["D2"].fault
    assert rows["D1"].fault.startswith("护理型床位占比：")
    assert (rows["D1"].typed["amount"], rows["D2"].typed["amount"]) == ("3", "0")
    assert world.figure(care.round, "D2").amount is None


def test_a_second_tab_loses_nothing_typed(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    client = as_person("clerk")
    client.post(reverse(PAGE, args=[care.pk]), posted(world, care, D1="150"))
    data = posted(world, care, version=1, D1="160")
    response = client.post(reverse(PAGE, args=[care.pk]), data)
    assert response.status_code == 409
    assert {r.item.code: r.typed["amount"] for r in response.context["grid"].single}["D1"] == "160"
    assert world.figure(care.round, "D1").amount == 150


def test_save_and_submit_in_one_press(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    towns = {f"D3_{unit.name}": "是" for unit in world.townships}
    data = posted(world, care, D1="150", D2="300", **towns) | {"act": "submit"}
    as_person("clerk").post(reverse(PAGE, args=[care.pk]), data)
    care.refresh_from_db()
    assert care.status == "submitted"


def test_an_incomplete_return_is_saved_but_not_submitted(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    data = posted(world, care, D1="150", D2="300") | {"act": "submit"}
    response = as_person("clerk").post(reverse(PAGE, args=[care.pk]), data)
    care.refresh_from_db()
    assert (response.status_code, care.status) == (422, "draft")
    assert world.figure(care.round, "D1").amount == 150
    faults = {r.fault for r in response.context["grid"].rows if r.fault}
    assert faults == {"未填：请选“是”或“否”，或选“不适用”“暂无”并写明原因。"}


def test_last_year_and_change_stand_beside_the_input(world: World, as_person) -> None:
    before = world.round(2022)
    world.fill(before, 100, 250, [1, 0, 0], 400)
    world.approve_all(before)
    care = world.return_of(world.round(2023), world.care)
    world.save(world.people["clerk"], care, D1=150)
    response = as_person("clerk").get(reverse(PAGE, args=[care.pk]))
    rows = {(r.item.code, r.label): (r.last, r.change) for r in response.context["grid"].rows}
    assert rows["D1", "护理型床位"] == ("100", "+50.0%")
    assert rows["D2", "养老机构床位"] == ("250", "—")
    assert rows["D3", "东镇"] == ("是", "—")


@pytest.mark.parametrize(
    ("who", "draft", "submitted"),
    [
        ("clerk", 200, 200),
        ("other_clerk", 404, 404),
        ("township_clerk", 404, 404),
        ("reviewer", 404, 200),
        ("planner", 200, 200),
        ("leader", 404, 404),
        ("sysadmin", 404, 404),
        ("auditor", 404, 404),
    ],
)
def test_a_foreign_return_does_not_exist(
    world: World, as_person, who: str, draft: int, submitted: int
) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    url, client = reverse(PAGE, args=[care.pk]), as_person(who)
    assert client.get(url).status_code == draft
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care.refresh_from_db()
    workflow.submit(world.people["clerk"], care.pk, care.version)
    assert client.get(url).status_code == submitted


@pytest.mark.parametrize("townships", [1, 3])
def test_the_page_takes_the_same_number_of_queries(
    world: World, as_person, django_assert_num_queries, townships: int
) -> None:
    for unit in world.townships[townships:]:
        unit.valid_from = 2024
        unit.save()
    care = world.return_of(world.round(), world.care)
    client = as_person("clerk")
    with django_assert_num_queries(32, exact=False):
        client.get(reverse(PAGE, args=[care.pk]))


def test_saving_takes_a_bounded_number_of_statements(
    world: World, as_person, django_assert_max_num_queries
) -> None:
    care = world.return_of(world.round(), world.care)
    towns = {f"D3_{unit.name}": "是" for unit in world.townships}
    data = posted(world, care, D1="150", D2="300", **towns)
    client = as_person("clerk")
    with django_assert_max_num_queries(40):
        client.post(reverse(PAGE, args=[care.pk]), data)
    assert world.figure(care.round, "D1").amount == Decimal(150)


def test_the_printed_sheet_has_signature_line_and_seal(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    world.save(world.people["clerk"], care, D1=150)
    url = reverse("admin:indicators_annualreturn_print", args=[care.pk])
    page = as_person("clerk").get(url).content.decode()
    words = ("单位负责人", "分管领导", "审核人", "填报人", "电话", "报出日期", "单位盖章处", "150")
    assert [word for word in words if word not in page] == []


def test_the_office_opens_and_publishes_a_round_in_the_browser(world: World, as_person) -> None:
    client = as_person("planner")
    form = {"plan": world.plan.pk, "year": 2023, "name": "年报", "nature": "annual"}
    client.post(reverse("admin:indicators_round_add"), form | {"as_of": "2023-12-31"})
    rnd = world.plan.rounds.get()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    publish = reverse("admin:indicators_round_publish", args=[rnd.pk])
    signature = {"signed_by": "局长", "signed_on": "2024-02-01"}
    shown = client.post(publish, signature).content.decode()
    rnd.refresh_from_db()
    assert "2 张，全部审核通过" in shown and "6 项" in shown and not rnd.is_published
    seen = re.search(r'name="seen" value="(\w+)"', shown)[1]
    client.post(publish, signature | {"confirmed": "on", "seen": seen})
    rnd.refresh_from_db()
    assert rnd.is_published and rnd.signed_by == "局长"


def test_a_wrong_round_is_answered_beside_the_form(world: World, as_person) -> None:
    form = {"plan": world.plan.pk, "year": 2031, "name": "年报", "nature": "annual"}
    response = as_person("planner").post(
        reverse("admin:indicators_round_add"), form | {"as_of": "2031-12-31"}
    )
    assert "年度应在 2020 至 2025 年之间，现为 2031，请改正。" in response.content.decode()


@pytest.mark.parametrize("roles", [["clerk"], ["clerk", "leader"]])
def test_being_a_leader_as_well_shows_no_figures_of_other_units(
    world: World, as_person, roles
) -> None:
    """A leader sees what unpublished figures come to, never the figures themselves."""
    rnd = world.round()
    rule = {"kind": "same", "item": world.items["D1"], "other_item": world.items["D4"]}
    world.plan.check_rules.create(**rule)
    world.fill(rnd, 6543, 9000, [1, 1, 0], 6543)
    affairs = world.return_of(rnd, world.affairs)
    workflow.submit(world.people["other_clerk"], affairs.pk, affairs.version)
    clerk = world.people["clerk"]
    clerk.roles = roles
    clerk.save()
    for name in (PAGE, "admin:indicators_annualreturn_print"):
        url = reverse(name, args=[world.return_of(rnd, world.care).pk])
        page = as_person("clerk").get(url).content.decode()
        assert "D4 社工人才也是（他单位尚未发布，数略）" in page


def test_the_page_counts_the_whole_return_first_and_then_its_parts(work, as_person) -> None:
    world = work.world
    care = world.return_of(world.round(), world.care)
    care = world.save(world.people["clerk"], care, D1=1)
    page = as_person("clerk").get(reverse(PAGE, args=[care.pk])).content.decode()
    assert "已填 1/8（数据 1/5，任务与项目 0/3）" in page
    assert "任务与项目进展（已填 0/3）" in page
