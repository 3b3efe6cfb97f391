"""Checks on the way of a return: errors block 报送, warnings ask for a note, both are shown."""

from decimal import Decimal

import pytest
from django.urls import reverse

from indicators import checks, workflow
from indicators.entry import Entry
from indicators.models import AnnualReturn, CheckRule, Figure
from indicators.workflow import Faulty, WorkflowError
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "admin:indicators_annualreturn_change"
ALL_YES = [1, 1, 1]
JUMPED = (
    "D1 护理型床位：本次 900 张，上年 650 张，增长 38.5%，超过提醒界限 30%，请核实或在备注中说明。"
)
ABOVE = "D1 护理型床位：本次 301 张，D2 养老机构床位 300 张，部分大于整体，请改正。"


@pytest.fixture
def jumped(world: World) -> AnnualReturn:
    """The draft of `care` for 2023 with 900 beds after 650, a warning and no note."""
    CheckRule.objects.create(
        plan=world.plan, kind="jump", item=world.items["D1"], threshold=30, floor=20
    )
    before = world.round(2022)
    world.fill(before, 650, 2000, ALL_YES, 470)
    world.approve_all(before)
    care = world.return_of(world.round(2023), world.care)
    return world.save(world.people["clerk"], care, D1=900, D2=2000, D3=ALL_YES)


def explain(world: World, annual_return: AnnualReturn, amount: int, note: str) -> AnnualReturn:
    figure = annual_return.figures.get(item__code="D1")
    entries = {figure.pk: Entry(Decimal(amount), "have", note)}
    clerk = world.people["clerk"]
    return workflow.save_draft(clerk, annual_return.pk, annual_return.version, entries)


def submit(world: World, annual_return: AnnualReturn) -> AnnualReturn:
    return workflow.submit(world.people["clerk"], annual_return.pk, annual_return.version)


def refusal(world: World, annual_return: AnnualReturn) -> dict[str, str]:
    with pytest.raises(Faulty) as refused:
        submit(world, annual_return)
    annual_return.refresh_from_db()
    assert annual_return.status == "draft"
    codes = dict(Figure.objects.values_list("pk", "item__code"))
    return {codes[pk]: sentence for pk, sentence in refused.value.faults.items()}


def test_an_error_blocks_submitting_with_or_without_a_note(world: World) -> None:
    care = world.return_of(world.round(), world.care)
    care = world.save(world.people["clerk"], care, D1=301, D2=300, D3=ALL_YES)
    assert refusal(world, care) == {"D1": ABOVE}
    care = explain(world, care, 301, "就是这么多")
    assert refusal(world, care) == {"D1": ABOVE}
    care = explain(world, care, 300, "")
    assert submit(world, care).status == "submitted"


def test_a_warning_passes_with_a_note_and_stays_visible(world: World, jumped) -> None:
    assert refusal(world, jumped) == {"D1": JUMPED}
    jumped = explain(world, jumped, 900, "新院启用")
    sent = submit(world, jumped)
    told = [(one.sentence, one.note, one.blocks) for one in checks.findings(sent)]
    assert told == [(JUMPED, "新院启用", False)]
    approved = workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    assert [one.sentence for one in checks.findings(approved)] == [JUMPED]


def test_a_blank_note_explains_nothing(world: World, jumped) -> None:
    Figure.objects.filter(annual_return=jumped).update(note="   ")
    assert refusal(world, jumped) == {"D1": JUMPED}


def test_several_sentences_stand_at_one_figure(world: World, jumped) -> None:
    care = world.save(world.people["clerk"], jumped, D1=900, D2=800)
    assert refusal(world, care) == {
        "D1": "D1 护理型床位：本次 900 张，D2 养老机构床位 800 张，部分大于整体，请改正。\n"
        + JUMPED
    }


def test_what_is_locked_stands_in_nobodys_way(world: World, jumped) -> None:
    """A rule made after approval finds something at a figure that is not reopened."""
    jumped = explain(world, jumped, 900, "新院启用")
    sent = submit(world, jumped)
    approved = workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    CheckRule.objects.update(severity="error")
    other = approved.figures.get(item__code="D2")
    again = workflow.reopen(
        world.people["planner"], approved.pk, approved.version, [other.pk], "床位数写错"
    )
    again = world.save(world.people["clerk"], again, D2=1999)
    assert submit(world, again).status == "submitted"


def test_a_locked_part_is_told_at_the_whole_that_was_reopened(world: World, jumped) -> None:
    jumped = explain(world, jumped, 900, "新院启用")
    sent = submit(world, jumped)
    approved = workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    other = approved.figures.get(item__code="D2")
    again = workflow.reopen(
        world.people["planner"], approved.pk, approved.version, [other.pk], "床位数写错"
    )
    again = world.save(world.people["clerk"], again, D2=800)
    assert refusal(world, again) == {
        "D2": "D1 护理型床位：本次 900 张，D2 养老机构床位 800 张，部分大于整体，请改正。"
    }


# --- pages -----------------------------------------------------------------------------------------


def test_the_saved_page_says_what_to_do_beside_the_field_and_on_top(
    world: World, jumped, as_person
) -> None:
    response = as_person("clerk").get(reverse(PAGE, args=[jumped.pk]))
    rows = {row.item.code: row for row in response.context["grid"].single}
    assert response.status_code == 200
    assert (rows["D1"].warning, rows["D1"].error, rows["D1"].fault) == (JUMPED, "", "")
    assert (rows["D2"].warning, rows["D2"].error) == ("", "")
    page = response.content.decode()
    assert "1 处提醒（1 处未说明）" in page
    assert page.count(JUMPED) == 2
    assert "还没有说明" in page


def test_an_error_is_red_and_counted(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    world.save(world.people["clerk"], care, D1=301, D2=300)
    response = as_person("clerk").get(reverse(PAGE, args=[care.pk]))
    rows = {row.item.code: row for row in response.context["grid"].single}
    assert (rows["D1"].error, rows["D1"].warning) == (ABOVE, "")
    assert response.context["checked"].tally == checks.Tally(errors=1)
    assert "1 处错误" in response.content.decode()


def test_what_is_not_filled_in_yet_is_no_error_on_the_page(world: World, as_person) -> None:
    care = world.return_of(world.round(), world.care)
    response = as_person("clerk").get(reverse(PAGE, args=[care.pk]))
    assert response.context["checked"].findings == ()
    assert "数据检查" not in response.content.decode()


def test_a_refused_submission_says_each_sentence_once_at_the_field(
    world: World, jumped, as_person
) -> None:
    url = reverse("admin:indicators_annualreturn_submit", args=[jumped.pk])
    response = as_person("clerk").post(url, {"version": jumped.version})
    rows = {row.item.code: row for row in response.context["grid"].single}
    assert response.status_code == 422
    assert (rows["D1"].fault, rows["D1"].warning) == (JUMPED, "")


def test_the_reviewer_sees_the_warning_with_its_note(world: World, jumped, as_person) -> None:
    sent = submit(world, explain(world, jumped, 900, "新院启用"))
    for name in (PAGE, "admin:indicators_annualreturn_print"):
        page = as_person("reviewer").get(reverse(name, args=[sent.pk])).content.decode()
        assert JUMPED in page
        assert "备注：新院启用" in page


def test_the_round_page_counts_for_each_return(world: World, jumped, as_person) -> None:
    url = reverse("admin:indicators_round_change", args=[jumped.round_id])
    response = as_person("planner").get(url)
    counts = {str(one.unit): tally for one, tally in response.context["returns"]}
    assert counts == {
        "养老股": checks.Tally(warnings=1, unexplained=1),
        "社会事务股": checks.Tally(blank=1),
    }
    assert "1 处提醒（1 处未说明）" in response.content.decode()


def queries(client, url: str, django_assert_max_num_queries) -> int:
    with django_assert_max_num_queries(60) as counted:
        client.get(url)
    return len(counted)


def test_pages_take_the_same_queries_however_much_is_found(
    world: World, jumped, as_person, django_assert_max_num_queries
) -> None:
    urls = [
        reverse(PAGE, args=[jumped.pk]),
        reverse("admin:indicators_round_change", args=[jumped.round_id]),
    ]
    client = as_person("planner")
    before = [queries(client, url, django_assert_max_num_queries) for url in urls]
    for item in world.items.values():
        if item.code != "D3":
            CheckRule.objects.create(plan=world.plan, kind="unchanged", item=item)
            CheckRule.objects.create(plan=world.plan, kind="same", item=item)
    world.save(world.people["clerk"], jumped, D1=2000, D2=1999)
    assert [queries(client, url, django_assert_max_num_queries) for url in urls] == before


# --- the planner's rules ---------------------------------------------------------------------------


def test_the_planner_adds_a_rule_and_switches_it_off(world: World, as_person) -> None:
    client = as_person("planner")
    form = {
        "plan": world.plan.pk,
        "kind": "jump",
        "item": world.items["D1"].pk,
        "threshold": "30",
        "severity": "warning",
        "is_active": "on",
    }
    client.post(reverse("admin:indicators_checkrule_add"), form)
    made = CheckRule.objects.get()
    assert (made.item, made.threshold, made.is_loaded) == (world.items["D1"], 30, False)
    del form["is_active"]
    client.post(reverse("admin:indicators_checkrule_change", args=[made.pk]), form)
    made.refresh_from_db()
    assert not made.is_active
    assert str(made.history.latest().history_user) == "甲planner"
    page = client.get(reverse("admin:indicators_checkrule_changelist")).content.decode()
    assert "D1 护理型床位" in page


def test_a_wrong_rule_comes_back_with_a_sentence(world: World, as_person) -> None:
    form = {"plan": world.plan.pk, "kind": "part", "item": world.items["D1"].pk}
    form |= {"severity": "error", "is_active": "on"}
    page = as_person("planner").post(reverse("admin:indicators_checkrule_add"), form)
    assert "部分大于整体、乡镇合计不符要填数据项和对照数据项" in page.content.decode()
    assert not CheckRule.objects.exists()


def test_an_error_that_appears_after_submitting_is_not_approved(world: World) -> None:
    """The whole belongs to another unit, which lowers it after the part was submitted."""
    rule = CheckRule.objects.create(
        plan=world.plan,
        item=world.items["D4"],
        kind="part",
        other_item=world.items["D2"],
        severity="error",
    )
    assert rule.is_active
    rnd = world.round()
    world.fill(rnd, 150, 500, [1, 1, 0], 470)
    affairs = world.return_of(rnd, world.affairs)
    sent = workflow.submit(world.people["other_clerk"], affairs.pk, affairs.version)
    care = world.return_of(rnd, world.care)
    lower = {world.figure(rnd, "D2").pk: Entry(Decimal(400), "have", "已核实")}
    care = workflow.save_draft(world.people["clerk"], care.pk, care.version, lower)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    with pytest.raises(WorkflowError) as refused:
        workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    assert str(refused.value).startswith("数据检查有错误，不能通过，请退回核对：")


# --- a share of two units --------------------------------------------------------------------------

IMPOSSIBLE = "D4 社工人才：本次 470 人，D2 养老机构床位 300 张，部分大于整体，请改正。"


@pytest.fixture
def share(world: World) -> World:
    """W4 is a share: its part D4 belongs to `affairs`, its whole D2 to `care`."""
    indicator = world.indicators["W4"]
    indicator.gap_rule, indicator.display_unit = "both", "%"
    indicator.save()
    return world


def _sent(world: World, annual_return: AnnualReturn, **amounts: object) -> AnnualReturn:
    own = annual_return.unit == world.care
    clerk = world.people["clerk" if own else "other_clerk"]
    saved = world.save(clerk, annual_return, **amounts)
    return workflow.submit(clerk, saved.pk, saved.version)


def _whole_with_a_note(world: World, rnd, whole: int) -> AnnualReturn:
    care = world.save(world.people["clerk"], world.return_of(rnd, world.care), D1=200, D3=[1, 1, 1])
    noted = {world.figure(rnd, "D2").pk: Entry(Decimal(whole), "have", "已核")}
    care = workflow.save_draft(world.people["clerk"], care.pk, care.version, noted)
    return workflow.submit(world.people["clerk"], care.pk, care.version)


def _approved(world: World, sent: AnnualReturn) -> AnnualReturn:
    return workflow.approve(world.people["reviewer"], sent.pk, sent.version)


def test_a_whole_below_the_approved_part_is_not_approved_with_a_note(share: World) -> None:
    rnd = share.round()
    _approved(share, _sent(share, share.return_of(rnd, share.affairs), D4=470))
    sent = _whole_with_a_note(share, rnd, 300)
    with pytest.raises(WorkflowError) as refused:
        _approved(share, sent)
    assert str(refused.value) == f"数据检查有错误，不能通过，请退回核对：{IMPOSSIBLE}"


def test_the_whole_is_approved_once_the_wrong_part_went_back(share: World) -> None:
    rnd = share.round()
    part = _sent(share, share.return_of(rnd, share.affairs), D4=470)
    sent = _whole_with_a_note(share, rnd, 300)
    with pytest.raises(WorkflowError):
        _approved(share, sent)
    workflow.send_back(share.people["reviewer"], part.pk, part.version, "社工人数有误")
    assert _approved(share, sent).status == "approved"


def test_an_error_that_still_stands_is_not_published(share: World) -> None:
    """Approved while it was no share yet: the office settles afterwards how it is counted."""
    indicator = share.indicators["W4"]
    indicator.display_unit = "人"
    indicator.save()
    rnd = share.round()
    share.fill(rnd, 200, 300, ALL_YES, 470)
    share.explain(rnd)
    share.approve_all(rnd)
    indicator.display_unit = "%"
    indicator.save()
    with pytest.raises(WorkflowError) as refused:
        share.publish(rnd)
    assert str(refused.value) == f"以下数据互相矛盾，不能发布，请重新开启核对：{IMPOSSIBLE}"
    rnd.refresh_from_db()
    assert rnd.published_at is None
    assert not Figure.objects.exclude(published_knowledge="").exists()


def test_a_correction_is_held_against_what_stays_published_beside_it(share: World) -> None:
    """The part rises; the whole was raised too, but its correction is only submitted."""
    rnd = share.round()
    share.fill(rnd, 200, 300, ALL_YES, 250)
    share.explain(rnd)
    share.approve_all(rnd)
    share.publish(rnd)
    for unit, code in ((share.care, "D2"), (share.affairs, "D4")):
        row = share.return_of(rnd, unit)
        figure = share.figure(rnd, code)
        workflow.reopen(share.people["planner"], row.pk, row.version, [figure.pk], "更正")
    _sent(share, share.return_of(rnd, share.care), D2=500)
    _approved(share, _sent(share, share.return_of(rnd, share.affairs), D4=470))
    with pytest.raises(WorkflowError) as refused:
        workflow.correct(share.people["planner"], rnd.pk, "人数更正")
    assert str(refused.value) == f"以下数据互相矛盾，不能发布，请重新开启核对：{IMPOSSIBLE}"
    assert share.figure(rnd, "D4").published_amount == 250
