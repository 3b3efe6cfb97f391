"""Whatever comes between typing and storing, no word is lost: stale pages, unreadable numbers,
refused acts, double clicks, expired sessions."""

import pytest
from django.test import Client
from django.urls import reverse

from indicators import workflow
from indicators.models import AnnualReturn
from tests.indicators.test_return_page import PAGE, posted
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db
SOURCE = {"provider": "养老股", "provided_on": "2024-01-08", "document": "报表"}
TOWNS = {"D3_东镇": "是", "D3_南乡": "是", "D3_北乡": "否"}
COMPLETE = {"D1": "150", "D2": "300", **TOWNS}


def key(annual_return: AnnualReturn) -> tuple[int, int]:
    annual_return.refresh_from_db()
    return annual_return.pk, annual_return.version


def verb(name: str, annual_return: AnnualReturn) -> str:
    return reverse(f"admin:indicators_annualreturn_{name}", args=[annual_return.pk])


def sides(response) -> list[tuple[str, str, str]]:
    return [(s.name, s.typed, s.stored) for s in response.context["unsaved"]]


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def care(world: World) -> AnnualReturn:
    return world.return_of(world.round(), world.care)


@pytest.fixture
def submitted(world: World, care) -> AnnualReturn:
    world.fill(care.round, 150, 300, [1, 1, 0], 470)
    return workflow.submit(world.people["clerk"], *key(care))


@pytest.fixture
def approved(world: World, submitted) -> AnnualReturn:
    return workflow.approve(world.people["reviewer"], *key(submitted))


# --- stale pages ----------------------------------------------------------------------------


def test_an_unreadable_number_on_a_stale_page_shows_both_versions(world, as_person, care) -> None:
    client, url = as_person("clerk"), reverse(PAGE, args=[care.pk])
    client.post(url, posted(world, care, D1="111", D2="222"))
    response = client.post(url, posted(world, care, version=1, D1="12x", D2="300"))
    assert response.status_code == 409
    assert sides(response) == [
        ("D1 护理型床位", "12x", "111"),
        ("D2 养老机构床位", "300", "222"),
    ]
    rows = {row.item.code: row for row in response.context["grid"].single}
    assert rows["D1"].fault.startswith("应填数字，现为“12x”")
    assert (rows["D1"].typed["amount"], rows["D2"].typed["amount"]) == ("12x", "300")


def test_correcting_an_unreadable_number_keeps_the_version_the_page_was_opened_with(
    world, as_person, care
) -> None:
    client, url = as_person("clerk"), reverse(PAGE, args=[care.pk])
    response = client.post(url, posted(world, care, D1="12x"))
    assert (response.status_code, response.context["version"]) == (422, 1)
    client.post(url, posted(world, care, D1="111"))
    response = client.post(url, posted(world, care, version=1, D1="120"))
    assert response.status_code == 409
    assert world.figure(care.round, "D1").amount == 111


def test_unreadable_numbers_in_a_return_that_was_handed_in_are_shown(
    world, as_person, submitted
) -> None:
    data = posted(world, submitted, version=1, D1="99x", D2="300", **TOWNS)
    response = as_person("clerk").post(reverse(PAGE, args=[submitted.pk]), data)
    assert response.status_code == 409
    assert sides(response) == [("D1 护理型床位", "99x", "150")]


@pytest.mark.parametrize(
    ("field", "typed", "shown"),
    [
        ("document_no", "民发1号", "150；依据文号：民发1号"),
        ("document_date", "2023-05-01", "150；文件日期：2023-05-01"),
        ("note", "含在建", "150（含在建）"),
    ],
)
def test_what_differs_in_any_field_is_no_double_click(
    world, as_person, care, field, typed, shown
) -> None:
    client, url = as_person("clerk"), reverse(PAGE, args=[care.pk])
    client.post(url, posted(world, care, version=1, D1="150"))
    data = posted(world, care, version=1, D1="150", **{f"D1_{field}": typed})
    response = client.post(url, data)
    assert response.status_code == 409
    assert sides(response) == [("D1 护理型床位", shown, "150")]
    assert response.context["grid"].single[0].typed[field] == typed


def test_another_source_of_the_same_figures_is_no_double_click(world, as_person, care) -> None:
    client, url = as_person("planner"), reverse(PAGE, args=[care.pk])
    data = posted(world, care, version=1, D1="150") | SOURCE
    client.post(url, data)
    again = client.post(url, data | {"provided_on": "2024年1月8日"}, follow=True)
    assert said(again)[-1] == "内容已经保存过了。"
    other = client.post(url, data | {"provider": "敬老院"})
    assert sides(other) == [("代录来源", "敬老院，2024-01-08，报表", "养老股，2024-01-08，报表")]


def test_saving_what_is_stored_already_says_so(world, as_person, care) -> None:
    client, url = as_person("planner"), reverse(PAGE, args=[care.pk])
    client.post(url, posted(world, care, D1="150") | SOURCE)
    care.refresh_from_db()
    other = posted(world, care, D1="150") | SOURCE | {"provider": "敬老院"}
    response = client.post(url, other, follow=True)
    assert said(response)[-1] == "内容没有改动，无需保存；代录来源随改动的数据一起记录。"


def test_a_double_click_on_save_and_submit_is_told_that_it_went_through(
    world, as_person, care
) -> None:
    client, url = as_person("clerk"), reverse(PAGE, args=[care.pk])
    data = posted(world, care, **COMPLETE) | {"act": "submit"}
    client.post(url, data)
    again = client.post(url, data, follow=True)
    assert said(again)[-1] == "已经报送过了，等待审核。"
    other = client.post(url, data | posted(world, care, version=1, **COMPLETE | {"D1": "151"}))
    assert (other.status_code, sides(other)) == (409, [("D1 护理型床位", "151", "150")])


def test_the_same_content_handed_in_by_somebody_else_is_told(world, as_person, care) -> None:
    client, url = as_person("clerk"), reverse(PAGE, args=[care.pk])
    client.post(url, posted(world, care, **COMPLETE))
    workflow.submit(world.people["planner"], *key(care))
    again = client.post(url, posted(world, care, version=1, **COMPLETE) | {"act": "submit"})
    assert again.status_code == 409
    assert said(again)[-1] == "这张监测表现在是“已报送”，不能填写；请刷新页面查看。"


def test_a_day_that_does_not_exist_is_named(world, as_person, care) -> None:
    data = posted(world, care, D1="150") | SOURCE | {"provided_on": "2024-13-01"}
    response = as_person("planner").post(reverse(PAGE, args=[care.pk]), data)
    assert said(response) == ["草稿没有保存：提供日期“2024-13-01”不存在，请核对年月日。"]
    assert response.context["given"]["provided_on"] == "2024-13-01"
    assert response.context["grid"].single[0].typed["amount"] == "150"


# --- refused acts ---------------------------------------------------------------------------


def test_a_stale_send_back_keeps_its_reason_and_names_the_act(world, as_person, submitted) -> None:
    reason = {"version": 99, "reason": "很长的退回原因"}
    response = as_person("reviewer").post(verb("send_back", submitted), reason)
    assert response.status_code == 409
    assert said(response) == ["这张监测表在您打开页面之后已被他人改动；请对照最新内容后再退回。"]
    assert 'rows="2" required>很长的退回原因</textarea>' in response.content.decode()


@pytest.mark.parametrize("name", ["reopen", "request"])
def test_a_stale_act_keeps_its_ticks(world, as_person, approved, name: str) -> None:
    figure = world.figure(approved.round, "D2")
    ticked = f'name="open-{figure.pk}" checked'
    data = {"version": 1, "reason": "很长的原因", f"open-{figure.pk}": "on"}
    client = as_person("planner")
    response = client.post(verb(name, approved), data)
    page = response.content.decode()
    assert (response.status_code, page.count(ticked), page.count("checked")) == (409, 1, 1)
    assert page.count("很长的原因</textarea>") == 1
    response = client.post(verb(name, approved), data | {"version": approved.version, "reason": ""})
    assert (response.status_code, response.content.decode().count(ticked)) == (422, 1)


def test_a_stale_refusal_of_a_request_keeps_its_reason(world, as_person, approved) -> None:
    workflow.request_change(world.people["clerk"], *key(approved), [], "整张")
    data = {"version": 1, "reason": "很长的理由"}
    response = as_person("reviewer").post(verb("decline", approved), data)
    assert response.status_code == 409
    assert "很长的理由</textarea>" in response.content.decode()


def test_a_reason_without_its_form_is_shown_to_be_copied(world, as_person, submitted) -> None:
    client = as_person("reviewer")
    data = {"version": submitted.version, "reason": "很长的退回原因"}
    workflow.approve(world.people["reviewer"], *key(submitted))
    response = client.post(verb("send_back", submitted), data)
    assert (response.status_code, "很长的退回原因" in response.content.decode()) == (409, True)


def test_a_reason_for_a_return_that_left_ones_sight_is_shown(world, as_person, submitted) -> None:
    data = {"version": submitted.version, "reason": "很长的退回原因"}
    client = as_person("reviewer")
    client.get(reverse(PAGE, args=[submitted.pk]))
    url = verb("send_back", submitted)
    # Taken back between the reviewer's look at the return and the verb.
    take_back = workflow.send_back

    def overtaken(*args: object) -> None:
        workflow.withdraw(world.people["clerk"], *key(submitted))
        take_back(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("indicators.return_views.workflow.send_back", overtaken)
        response = client.post(url, data, follow=True)
    assert response.redirect_chain[0][0] == reverse("admin:indicators_annualreturn_changelist")
    assert "您填写的内容没有提交：很长的退回原因" in said(response)


@pytest.mark.parametrize("name", ["reopen", "request"])
def test_impossible_numbers_are_ignored(world, as_person, approved, name: str) -> None:
    data = {"version": approved.version, "reason": "x", "open-99999999999999999999": "on"}
    assert as_person("planner").post(verb(name, approved), data).status_code == 302


def test_reopening_without_a_tick_says_what_it_means(world, as_person, approved) -> None:
    data = {"version": approved.version, "reason": "补写"}
    response = as_person("planner").post(verb("reopen", approved), data, follow=True)
    assert said(response) == ["已重新开启，但没有勾选数据：填报单位只能补写情况说明。"]


def test_a_request_for_the_whole_return_ticks_every_box(world, as_person, approved) -> None:
    workflow.request_change(world.people["clerk"], *key(approved), [], "整张")
    page = as_person("reviewer").get(reverse(PAGE, args=[approved.pk])).content.decode()
    boxes = page.count('<input type="checkbox" name="open-')
    assert (boxes, page.count("checked")) == (5, 5)


def test_a_refused_correction_keeps_its_reason(world, as_person, approved) -> None:
    url = reverse("admin:indicators_round_correct", args=[approved.round_id])
    response = as_person("planner").post(url, {"reason": "很长的更正原因"})
    assert response.status_code == 422
    world.explain(world.round(2022))
    rnd = AnnualReturn.objects.exclude(round=approved.round).first().round
    world.fill(rnd, 200, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    url = reverse("admin:indicators_round_correct", args=[rnd.pk])
    response = as_person("planner").post(url, {"reason": "很长的更正原因"})
    assert response.status_code == 422
    assert "很长的更正原因</textarea>" in response.content.decode()


def test_a_refused_publication_keeps_the_signature(world, as_person, submitted) -> None:
    url = reverse("admin:indicators_round_publish", args=[submitted.round_id])
    data = {"signed_by": "陈局长", "signed_on": "2024-02-01"}
    response = as_person("planner").post(url, data)
    assert response.status_code == 422
    assert "陈局长" in response.content.decode()


# --- expired sessions -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "name", "page"),
    [
        ("planner", "admin:indicators_round_publish", "admin:indicators_round_change"),
        ("planner", "admin:indicators_round_correct", "admin:indicators_round_change"),
        ("planner", "admin:indicators_round_due", "admin:indicators_round_change"),
        ("clerk", "todo_note", "todo"),
    ],
)
def test_after_logging_in_anew_one_lands_on_the_page(world, care, who, name, page) -> None:
    client, args = Client(), [care.round_id] if name != "todo_note" else []
    login = client.post(reverse(name, args=args), {"reason": "x"})["Location"]
    response = client.post(login, {"username": who, "password": PASSWORD}, follow=True)
    assert response.status_code == 200
    assert response.redirect_chain[-1][0] == reverse(page, args=args)


@pytest.mark.parametrize("name", ["send_back", "reopen", "decline", "request"])
def test_every_reason_is_kept_in_the_browser(world, as_person, approved, name: str) -> None:
    """The script finds its forms by these attributes; what it does is tested in the browser."""
    care, who = approved, "clerk" if name == "request" else "reviewer"
    if name == "decline":
        workflow.request_change(world.people["clerk"], *key(care), [], "整张")
    if name == "send_back":
        workflow.reopen(world.people["planner"], *key(care), [], "补写")
        workflow.submit(world.people["clerk"], *key(care))
    page = as_person(who).get(reverse(PAGE, args=[care.pk])).content.decode()
    user = world.people[who].pk
    assert f'data-keep="{care.pk}" data-form="{name}" data-user="{user}"' in page
    assert "js/kept.js" in page
