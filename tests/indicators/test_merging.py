"""Two tabs, two people: what was left alone takes what is stored, what only one changed is kept."""

import json
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators import workflow
from indicators.models import Responsibility
from tests.indicators.test_return_page import PAGE, posted
from tests.world import World

pytestmark = pytest.mark.django_db


class Tab:
    """A page as a browser holds it: what its fields showed, and what was typed since."""

    def __init__(self, world: World, client: Client, annual_return) -> None:
        self.client, self.url = client, reverse(PAGE, args=[annual_return.pk])
        shown = client.get(self.url).context
        self.data = posted(world, annual_return) | {
            "version": str(shown["version"]),
            "held": shown["held"],
        }
        for row in shown["grid"].rows:
            self.data |= {f"{part}-{row.key}": text for part, text in row.typed.items()}
        for one in shown["grid"].fed:
            self.data |= {f"{name}-{one.indicator_id}": text for name, text in one.typed.items()}

    def send(self, **typed: str):
        return self.client.post(self.url, self.data | typed, follow=True)


@pytest.fixture
def care(world: World):
    return world.return_of(world.round(), world.care)


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def key(world: World, care, code: str, part: str = "amount") -> str:
    return f"{part}-{world.figure(care.round, code).pk}"


def test_what_the_second_tab_left_alone_is_not_undone(world: World, as_person, care) -> None:
    client = as_person("clerk")
    first, second = Tab(world, client, care), Tab(world, client, care)
    first.send(**{key(world, care, "D1"): "150"})
    response = second.send(**{key(world, care, "D2"): "300"})
    assert said(response) == ["草稿已保存，并与您打开页面之后的其他改动合并。"]
    amounts = [world.figure(care.round, code).amount for code in ("D1", "D2")]
    assert amounts == [150, 300]


def test_only_what_both_changed_is_listed_and_the_next_save_decides(
    world: World, as_person, care
) -> None:
    client = as_person("clerk")
    first, second = Tab(world, client, care), Tab(world, client, care)
    first.send(**{key(world, care, "D1"): "150", key(world, care, "D2"): "300"})
    response = second.send(**{key(world, care, "D1"): "160"})
    assert response.status_code == 409
    assert [(s.name, s.typed, s.stored) for s in response.context["unsaved"]] == [
        ("D1 护理型床位", "160", "150")
    ]
    assert said(response) == [
        "草稿没有保存：这张监测表在您打开页面之后您在别的窗口改动过；请对照最新内容后再保存。"
    ]
    shown = {row.item.code: row.typed["amount"] for row in response.context["grid"].single}
    assert shown == {"D1": "160", "D2": "300"}
    again = Tab(world, client, care)
    again.data["held"] = response.context["held"]
    again.send(**{key(world, care, "D1"): "160"})
    amounts = [world.figure(care.round, code).amount for code in ("D1", "D2")]
    assert amounts == [160, 300]


def test_texts_are_merged_one_by_one(world: World, as_person, care) -> None:
    client, pk = as_person("clerk"), world.indicators["W1"].pk
    first, second = Tab(world, client, care), Tab(world, client, care)
    first.send(**{f"cause-{pk}": "第一个窗口"})
    second.send(**{f"next_step-{pk}": "第二个窗口"})
    told = care.explanations.get(indicator=pk)
    assert (told.cause, told.next_step) == ("第一个窗口", "第二个窗口")


def test_what_was_merged_unseen_is_saved_and_not_handed_in(world, as_person, care) -> None:
    world.save(world.people["clerk"], care, D3=[1, 1, 0])
    first = Tab(world, as_person("clerk"), care)
    world.save(world.people["clerk"], care, D2=300)
    response = first.send(**{key(world, care, "D1"): "150", "act": "submit"})
    care.refresh_from_db()
    assert care.status == "draft"
    assert said(response) == [
        "草稿已保存，并与您打开页面之后的其他改动合并，但还没有报送；请核对后再按“保存并报送”。"
    ]


def test_somebody_elses_change_is_called_so(world: World, as_person, care) -> None:
    tab = Tab(world, as_person("clerk"), care)
    entries = world.entries(care, D1=150)
    provision = workflow.Provision("养老股", timezone.localdate(), "报表")
    workflow.save_draft(
        world.people["planner"], care.pk, care.version, entries, provision=provision
    )
    response = tab.send(**{key(world, care, "D1"): "160"})
    assert "已被他人改动" in said(response)[0]


@pytest.mark.parametrize("held", ["", "[]", "{", '{"1": 5}', "[" * 5000])
def test_a_field_that_cannot_be_read_does_no_harm(world, as_person, care, held: str) -> None:
    tab = Tab(world, as_person("clerk"), care)
    world.save(world.people["clerk"], care, D2=300)
    tab.data["held"] = held
    assert tab.send(**{key(world, care, "D1"): "160"}).status_code in (200, 409)


def test_one_hidden_field_carries_what_the_page_showed(world: World, as_person, care) -> None:
    world.save(world.people["clerk"], care, D1=150)
    page = as_person("clerk").get(reverse(PAGE, args=[care.pk])).content.decode()
    text = page.partition('name="held" value="')[2].partition('"')[0]
    figure = world.figure(care.round, "D1").pk
    shown = json.loads(unescape(text))
    assert shown.pop("page")
    assert shown == {str(figure): ["150", "", "", "", ""]}


# --- 返回: a page that was saved, gone back to and saved again ----------------------------------


@pytest.mark.parametrize(("base", "then", "last"), [(None, "150", ""), ("150", "1500", "150")])
def test_what_is_typed_after_going_back_counts_also_where_it_was_so_at_first(
    world: World, as_person, care, base, then, last
) -> None:
    if base:
        world.save(world.people["clerk"], care, D1=base)
    tab = Tab(world, as_person("clerk"), care)
    tab.send(**{key(world, care, "D1"): then})
    response = tab.send(**{key(world, care, "D1"): last})
    assert said(response) == ["草稿已保存。"]
    assert world.figure(care.round, "D1").amount == (int(last) if last else None)


def test_after_going_back_the_page_can_be_handed_in(world: World, as_person, care) -> None:
    world.fill(care.round, 150, 300, [1, 1, 0], 470)
    care.refresh_from_db()
    tab = Tab(world, as_person("clerk"), care)
    tab.send(**{key(world, care, "D1"): "200"})
    tab.send(**{key(world, care, "D1"): "150", "act": "submit"})
    care.refresh_from_db()
    assert (care.status, world.figure(care.round, "D1").amount) == ("submitted", 150)


def test_going_back_past_a_send_back_saves_and_does_not_hand_in(world, as_person, care) -> None:
    world.fill(care.round, 150, 300, [1, 1, 0], 470)
    care.refresh_from_db()
    tab = Tab(world, as_person("clerk"), care)
    tab.send(**{key(world, care, "D1"): "200", "act": "submit"})
    care.refresh_from_db()
    workflow.send_back(world.people["reviewer"], care.pk, care.version, "核对")
    response = tab.send(**{key(world, care, "D1"): "150", "act": "submit"})
    assert said(response) == ["草稿已保存，但还没有报送；请核对后再按“保存并报送”。"]
    assert world.figure(care.round, "D1").amount == 150


def test_going_back_keeps_what_another_window_saved_since(world, as_person, care) -> None:
    client = as_person("clerk")
    tab, other = Tab(world, client, care), Tab(world, client, care)
    tab.send(**{key(world, care, "D1"): "150"})
    other.send(**{key(world, care, "D2"): "300"})
    response = tab.send(**{key(world, care, "D1"): ""})
    assert said(response) == ["草稿已保存，并与您打开页面之后的其他改动合并。"]
    assert [world.figure(care.round, code).amount for code in ("D1", "D2")] == [None, 300]


def test_nothing_is_called_saved_that_is_not(world: World, as_person, care) -> None:
    tab = Tab(world, as_person("clerk"), care)
    world.save(world.people["clerk"], care, D1=150)
    assert said(tab.send()) == [
        "没有要保存的改动；打开页面之后保存的内容与这一页不同，已原样保留，请核对。"
    ]


# --- rows that went while the page was open ------------------------------------------------------


GONE = "以下内容所在的行已不能在这张监测表里填写，没有保存，请抄录"


def _care_takes_over(world: World) -> None:
    duty = Responsibility(
        item=world.items["D4"], unit=world.care, effective_year=2023, basis_document="文1"
    )
    workflow.assign(world.people["planner"], duty)


def _end(world: World, township) -> None:
    township.refresh_from_db()
    township.valid_until, township.successor = 2022, world.townships[0]
    township.basis_document = "撤并文件"
    workflow.change_unit(world.people["sysadmin"], township)


@pytest.mark.parametrize("told", [False, True])
def test_what_was_typed_for_a_township_that_ended_is_told(world, as_person, care, told) -> None:
    town = world.townships[2]
    if told:
        world.save(world.people["clerk"], care, D3=[1, 1, 0])
    tab = Tab(world, as_person("clerk"), care)
    row = world.figure(care.round, "D3", town).pk
    _end(world, town)
    typed = {f"amount-{row}": "是", f"note-{row}": "挂牌文号12", key(world, care, "D1"): "150"}
    response = tab.send(**typed)
    assert response.status_code == 409
    assert [(one.name, one.typed) for one in response.context["lost"]] == [
        (f"{world.items['D3']} {town}", "是（挂牌文号12）")
    ]
    page = response.content.decode()
    assert GONE in page and "挂牌文号12" in page
    assert world.figure(care.round, "D1").amount is None
    again = {name: text for name, text in tab.data.items() if not name.endswith(f"-{row}")}
    again |= {"version": str(response.context["version"]), "held": response.context["held"]}
    tab.client.post(tab.url, again | {key(world, care, "D1"): "150"})
    assert world.figure(care.round, "D1").amount == 150


def test_rows_that_were_left_alone_go_without_a_word(world, as_person, care) -> None:
    tab = Tab(world, as_person("clerk"), care)
    _end(world, world.townships[2])
    assert tab.send(**{key(world, care, "D1"): "150"}).status_code == 200
    assert world.figure(care.round, "D1").amount == 150


def test_what_was_typed_into_a_row_that_moved_is_told(world: World, as_person, care) -> None:
    affairs, pk = world.return_of(care.round, world.affairs), world.indicators["W3"].pk
    tab = Tab(world, as_person("other_clerk"), affairs)
    _care_takes_over(world)
    typed = {key(world, care, "D4"): "500", f"cause-{pk}": "原因"}
    response = tab.send(**typed)
    assert response.status_code == 409
    assert (str(world.items["D4"]), "500") in [
        (one.name, one.typed) for one in response.context["lost"]
    ]
    assert world.figure(care.round, "D4").amount is None


def test_what_was_typed_into_a_return_that_was_withdrawn_is_told(world, as_person, care) -> None:
    affairs, pk = world.return_of(care.round, world.affairs), world.indicators["W3"].pk
    row, tab = key(world, care, "D4"), Tab(world, as_person("other_clerk"), affairs)
    _care_takes_over(world)
    duty = Responsibility(
        indicator_id=pk, unit=world.care, effective_year=2023, basis_document="文1"
    )
    for indicator in affairs.explanations.values_list("indicator_id", flat=True):
        duty = Responsibility(
            indicator_id=indicator, unit=world.care, effective_year=2023, basis_document="文1"
        )
        workflow.assign(world.people["planner"], duty)
    assert not type(affairs).objects.filter(pk=affairs.pk).exists()
    response = tab.send(**{row: "500", f"cause-{pk}": "村级原因"})
    assert response.status_code == 409
    page = response.content.decode()
    assert GONE in page and "500" in page and "村级原因" in page
    assert tab.client.get(tab.url).status_code == 404
    foreign = as_person("township_clerk").post(tab.url, tab.data | {row: "500"})
    assert foreign.status_code == 404


def test_what_was_typed_into_a_row_that_was_locked_is_told(world, as_person, care) -> None:
    world.fill(care.round, 150, 300, [1, 1, 0], 470)
    world.explain(care.round)
    care.refresh_from_db()
    tab = Tab(world, as_person("clerk"), care)
    world.approve_all(care.round)
    care.refresh_from_db()
    open_again = [world.figure(care.round, "D1").pk]
    workflow.reopen(world.people["planner"], care.pk, care.version, open_again, "改")
    response = tab.send(**{key(world, care, "D1"): "151", key(world, care, "D2"): "777"})
    assert response.status_code == 409
    assert [(one.name, one.typed) for one in response.context["lost"]] == [
        (str(world.items["D2"]), "777")
    ]
    shown = {row.item.code: row.typed.get("amount") for row in response.context["grid"].single}
    assert shown["D1"] == "151"


# --- each error at its own cell --------------------------------------------------------------


def test_every_wrong_cell_of_a_row_is_told_at_its_place(world, as_person, care) -> None:
    tab, later = Tab(world, as_person("clerk"), care), timezone.localdate() + timedelta(1)
    wrong = {key(world, care, "D1"): "abc", key(world, care, "D1", "document_date"): "去年"}
    late = {key(world, care, "D2", "document_date"): later.isoformat()}
    response = tab.send(**wrong, **late)
    rows = {row.item.code: row.cells for row in response.context["grid"].single}
    assert rows["D1"] == {
        "amount": "应填数字，现为“abc”；没有数据请选“暂无”或“不适用”并在备注说明。",
        "document_date": "日期应写成 2023-03-15，现为“去年”。",
    }
    today = timezone.localdate()
    assert rows["D2"] == {"document_date": f"日期不能晚于今天（{today}），现为 {later}。"}
    assert said(response) == [
        "草稿没有保存：有 3 处需要改正，已在表中标出；已填内容都在，改正后请再保存。"
    ]
    assert "data-unsaved" in response.content.decode()


def test_an_identity_number_is_marked_in_its_row(world, as_person, care) -> None:
    tab = Tab(world, as_person("clerk"), care)
    note = {
        key(world, care, "D1"): "150",
        key(world, care, "D1", "note"): "张三 11010519491231002X",
    }
    response = tab.send(**note)
    assert said(response)[0].startswith("草稿没有保存：")
    rows = {row.item.code: row.cells for row in response.context["grid"].single}
    assert set(rows["D1"]) == {"note"} and not rows["D2"]


def test_a_text_has_a_limit(world: World, as_person, care) -> None:
    pk = world.indicators["W1"].pk
    response = Tab(world, as_person("clerk"), care).send(**{f"cause-{pk}": "长" * 2001})
    assert response.status_code == 422
    assert "最多 2,000 字，现有 2,001 字，请精简。" in response.content.decode()
    assert care.explanations.get(indicator=pk).cause == ""
    texts = {pk: workflow.Texts("", "长" * 2001, "")}
    with pytest.raises(workflow.WorkflowError) as refused:
        workflow.save_draft(world.people["clerk"], care.pk, care.version, {}, texts)
    assert str(refused.value) == (
        "“W1 护理型床位占比”的原因分析最多 2,000 字，现有 2,001 字，请精简。"
    )


def test_reminders_are_counted_apart_from_errors(world: World, as_person, care) -> None:
    world.plan.check_rules.create(kind="part", item=world.items["D1"], other_item=world.items["D2"])
    tab = Tab(world, as_person("clerk"), care)
    typed = {key(world, care, "D1"): "310", key(world, care, "D2"): "300", "act": "submit"}
    response = tab.send(**typed)
    told = "有 3 处需要改正，1 处提醒需要核实，无误的请在备注中说明；已在表中标出。"
    assert told in said(response)
    assert "data-unsaved" not in response.content.decode()


# --- 代录 --------------------------------------------------------------------------------------


def test_the_source_is_typed_once_and_what_lacks_is_marked(world, as_person, care) -> None:
    client = as_person("planner")
    source = {"provider": "养老股", "provided_on": "2024-01-08", "document": "报表"}
    response = Tab(world, client, care).send(**source, **{key(world, care, "D1"): "150"})
    assert response.context["given"] == source
    again = Tab(world, client, care).send(
        **source | {"document": ""}, **{key(world, care, "D1"): "160"}
    )
    assert again.context["lacking"] == ["document"]
    assert said(again) == ["草稿没有保存：代录时请写明数据由谁提供、提供日期和依据文件。"]
