"""What the reviewer sees beside the figures, and what two editors see of each other."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from indicators import workflow
from tests.indicators.test_return_page import PAGE, posted
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_reviewer_sees_last_year_last_round_last_version_and_the_effect(
    world: World, as_person
) -> None:
    people = world.people
    before = world.round(2022)
    world.fill(before, 100, 250, [1, 0, 0], 400)
    world.approve_all(before)
    flash = world.round(2023, name="快报", nature="flash")
    world.fill(flash, 140, 300, [1, 1, 0], 460)
    world.approve_all(flash)
    annual = world.round(2023)
    world.fill(annual, 150, 300, [1, 1, 0], 470)
    world.approve_all(annual)
    care = world.return_of(annual, world.care)
    figure = world.figure(annual, "D1")
    care = workflow.reopen(people["planner"], care.pk, care.version, [figure.pk], "更正")
    world.save(people["clerk"], care, D1=180)
    care.refresh_from_db()
    workflow.submit(people["clerk"], care.pk, care.version)
    page = as_person("reviewer").get(reverse(PAGE, args=[care.pk])).context["grid"]
    rows = {r.item.code: (r.last, r.previous, r.approved, r.changed) for r in page.single}
    assert rows == {"D1": ("100", "140", "150", True), "D2": ("250", "300", "300", False)}
    fed = {f.code: (f.before, f.before_label, f.value, f.judgement.label) for f in page.fed}
    assert fed["W1"] == ("50.00", "暂不评价（缺基期）", "60.00", "提前完成")


def test_both_versions_stand_side_by_side_and_saving_again_is_a_choice(
    world: World, as_person
) -> None:
    care = world.return_of(world.round(), world.care)
    url, client = reverse(PAGE, args=[care.pk]), as_person("clerk")
    client.post(url, posted(world, care, D1="150", D2="300"))
    stale = posted(world, care, version=1, D1="160", D2="300")
    response = client.post(url, stale)
    assert response.status_code == 409
    sides = [(s.name, s.typed, s.stored) for s in response.context["unsaved"]]
    assert sides == [("D1 护理型床位", "160", "150")]
    assert "现在保存的是：150" in response.content.decode()
    care.refresh_from_db()
    assert f'name="version" value="{care.version}"' in response.content.decode()
    client.post(url, posted(world, care, D1="160", D2="300"))
    assert world.figure(care.round, "D1").amount == 160


def test_a_conflicting_explanation_is_not_lost(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    url, client = reverse(PAGE, args=[care.pk]), as_person("clerk")
    pk = world.indicators["W1"].pk
    texts = {f"situation-{pk}": "", f"cause-{pk}": "原来的原因", f"next_step-{pk}": ""}
    client.post(url, posted(world, care) | texts)
    response = client.post(url, posted(world, care, version=1) | texts | {f"cause-{pk}": "新原因"})
    sides = [(s.name, s.typed, s.stored) for s in response.context["unsaved"]]
    assert sides == [("W1 护理型床位占比 原因分析", "新原因", "原来的原因")]


def test_a_double_click_saves_once_and_frightens_nobody(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    url, client = reverse(PAGE, args=[care.pk]), as_person("clerk")
    for _ in range(2):
        data = posted(world, care, version=1, D1="150")
        response = client.post(url, data, follow=True)
    assert [str(m) for m in response.context["messages"]] == ["内容已经保存过了。"]
    assert care.acts.count() == 1


def test_what_was_typed_into_a_submitted_return_is_shown_not_stored(
    world: World, as_person
) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    data = posted(world, care, D1="155", D2="300")
    workflow.submit(world.people["clerk"], care.pk, care.version)
    response = as_person("clerk").post(reverse(PAGE, args=[care.pk]), data)
    assert response.status_code == 409
    assert "155" in response.content.decode()
    assert world.figure(rnd, "D1").amount == 150


def test_a_planner_enters_for_a_unit_on_the_page(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    url, client = reverse(PAGE, args=[care.pk]), as_person("planner")
    data = posted(world, care, D1="150")
    response = client.post(url, data | {"provider": "养老股"})
    assert "代录时请写明数据由谁提供、提供日期和依据文件。" in response.content.decode()
    assert {r.item.code: r.typed["amount"] for r in response.context["grid"].single}["D1"] == "150"
    source = {"provider": "养老股", "provided_on": "2024年1月8日", "document": "报表"}
    client.post(url, data | source)
    assert world.figure(care.round, "D1").provider == "养老股，2024-01-08，报表"


def _again(world: World, rnd, **entry: object):
    """Approved, reopened for D1, changed, submitted again."""
    people, care = world.people, world.return_of(rnd, world.care)
    figure = world.figure(rnd, "D1")
    reopened = workflow.reopen(people["planner"], care.pk, care.version, [figure.pk], "更正")
    new = workflow.Entry(**{"amount": figure.amount, "knowledge": "have", **entry})
    texts = {world.indicators["W1"].pk: workflow.Texts("", "全新的原因", "下一步的措施")}
    saved = workflow.save_draft(people["clerk"], care.pk, reopened.version, {figure.pk: new}, texts)
    return workflow.submit(people["clerk"], care.pk, saved.version)


@pytest.mark.parametrize(
    ("entry", "was"),
    [
        ({"note": "新备注"}, ["备注原为：空"]),
        ({"document_no": "民发9号"}, ["依据文号原为：空"]),
        ({"document_date": date(2024, 1, 1)}, ["文件日期原为：空"]),
        ({"amount": 180}, []),
    ],
)
def test_the_reviewer_sees_every_change(world: World, as_person, entry, was) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    world.approve_all(rnd)
    care = _again(world, rnd, **entry)
    response = as_person("reviewer").get(reverse(PAGE, args=[care.pk]))
    rows = {row.item.code: row for row in response.context["grid"].single}
    assert (rows["D1"].changed, rows["D1"].was) == (True, was)
    assert (rows["D2"].changed, rows["D2"].was) == (False, [])
    fed = {one.code: one.was for one in response.context["grid"].fed}
    assert fed["W1"] == ["原因分析原为：进度偏慢的原因"]
    assert "原因分析原为：进度偏慢的原因" in response.content.decode()


def test_what_was_approved_as_unknown_and_is_known_now_is_a_change(world, as_person) -> None:
    people, rnd = world.people, world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care, figure = world.return_of(rnd, world.care), world.figure(rnd, "D1")
    unknown = {figure.pk: workflow.Entry(None, "none", "没有统计")}
    workflow.save_draft(people["clerk"], care.pk, care.version, unknown)
    world.explain(rnd)
    world.approve_all(rnd)
    care = _again(world, rnd, amount=150)
    page = as_person("reviewer").get(reverse(PAGE, args=[care.pk])).context["grid"]
    assert page.single[0].changed
    assert (page.single[0].approved, page.single[0].was) == ("暂无", ["备注原为：没有统计"])


def test_a_first_version_is_no_change(world: World, as_person) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    care = world.return_of(rnd, world.care)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    response = as_person("reviewer").get(reverse(PAGE, args=[care.pk]))
    page = response.context["grid"]
    assert not any(row.changed or row.was for row in page.rows)
    assert not any(one.was for one in page.fed)
    assert "有改动" not in response.content.decode()


def test_the_last_round_is_never_a_newer_one(world: World, as_person) -> None:
    flash = world.round(name="快报", nature="flash")
    world.fill(flash, 100, 300, [1, 1, 0], 470)
    annual = world.round()
    world.fill(annual, 200, 300, [1, 1, 0], 470)
    world.approve_all(annual)
    care = world.return_of(flash, world.care)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    page = as_person("reviewer").get(reverse(PAGE, args=[care.pk])).context["grid"]
    assert {row.previous for row in page.rows} == {""}


def test_a_return_handed_in_again_shows_no_old_approval(world: World, as_person) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    world.approve_all(rnd)
    care = _again(world, rnd, amount=180)
    approval = f"{timezone.localtime(care.approved_at):%Y-%m-%d %H:%M}</td></tr>"
    page = as_person("planner").get(reverse("admin:indicators_round_change", args=[rnd.pk]))
    assert page.content.decode().count('<td class="nowrap">—</td></tr>') == 1
    assert page.content.decode().count(approval) == 1  # the other return
    url = reverse("admin:indicators_annualreturn_print", args=[care.pk])
    assert "审核人：</span>" in as_person("planner").get(url).content.decode()


def test_the_acts_are_told_with_their_year(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    world.save(world.people["clerk"], care, D1=150)
    page = as_person("clerk").get(reverse(PAGE, args=[care.pk])).content.decode()
    act = care.acts.get()
    assert f'<span class="from">{timezone.localtime(act.at):%Y-%m-%d %H:%M}</span>' in page
