"""The verbs, their guards, and what they leave behind."""

from datetime import date
from decimal import Decimal

import pytest

from indicators import values, workflow
from indicators.entry import Entry, Provision, Texts
from indicators.models import AnnualValue, Figure, ReturnAct
from indicators.workflow import Conflict, Faulty, Refused, WorkflowError
from organization.models import Unit
from tests.world import World

pytestmark = pytest.mark.django_db
GIVEN = Provision("养老股股长", date(2024, 1, 8), "养老股报表")


def value(world: World, code: str, year: int, layer: str = "official") -> AnnualValue:
    return AnnualValue.objects.get(indicator=world.indicators[code], year=year, layer=layer)


def acts(annual_return) -> list[tuple[str, str]]:
    return list(annual_return.acts.values_list("verb", "reason"))


def test_opening_a_round_hands_every_owing_unit_its_return(world: World) -> None:
    rnd = world.round()
    owed = {
        str(r.unit): sorted(f"{f.item.code} {f.unit}" for f in r.figures.all())
        for r in rnd.returns.all()
    }
    assert owed == {
        "养老股": ["D1 养老股", "D2 养老股", "D3 东镇", "D3 北乡", "D3 南乡"],
        "社会事务股": ["D4 社会事务股"],
    }


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"year": 2031}, "年度应在 2020 至 2025 年之间，现为 2031，请改正。"),
        ({"nature": "guess"}, "数据性质只能是预计数、快报数或年报数，请重新选择。"),
        ({"as_of": date(2022, 12, 31)}, "数据时点应在 2023 年内，现为 2022-12-31，请改正。"),
    ],
)
def test_open_round_refuses_nonsense(world: World, planner, fields, sentence) -> None:
    given = {"year": 2023, "name": "年报", "nature": "annual", "as_of": date(2023, 12, 31)}
    with pytest.raises(WorkflowError) as refused:
        workflow.open_round(planner, world.plan, **(given | fields))
    assert str(refused.value) == sentence


def test_open_round_refuses_a_second_round_of_the_same_name(world: World) -> None:
    world.round()
    with pytest.raises(WorkflowError) as refused:
        world.round()
    assert str(refused.value) == "这一年已有同名批次，请换一个名称。"


def test_the_way_of_a_figure_from_draft_to_leader(world: World, clerk, reviewer) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    assert value(world, "W1", 2023, "provisional").value is None  # a draft is nobody's value

    sent = workflow.submit(clerk, *_id(world.return_of(rnd, world.care)))
    assert value(world, "W1", 2023, "provisional").value == 50
    assert value(world, "W1", 2023).value is None

    workflow.approve(reviewer, sent.pk, sent.version)
    other = world.return_of(rnd, world.affairs)
    sent = workflow.submit(world.people["other_clerk"], *_id(other))
    workflow.approve(reviewer, sent.pk, sent.version)
    assert value(world, "W1", 2023).value is None

    with pytest.raises(WorkflowError):  # W1 lags or is not judged? it is explained below if so
        workflow.publish(world.people["planner"], rnd.pk, "", None)
    world.publish(rnd)
    row = value(world, "W1", 2023)
    assert (row.value, row.numerator, row.denominator, row.nature) == (50, 150, 300, "annual")
    assert value(world, "W2", 2023).lacking == ["北乡"]


def _id(annual_return) -> tuple[int, int]:
    return annual_return.pk, annual_return.version


def test_send_back_makes_return_a_draft_and_keeps_the_reason(world, clerk, reviewer) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    sent = workflow.submit(clerk, *_id(world.return_of(rnd, world.care)))
    back = workflow.send_back(reviewer, *_id(sent), reason="床位数与年报不符")
    assert back.status == "draft"
    assert acts(back)[-1] == ("send_back", "床位数与年报不符")
    assert value(world, "W1", 2023, "provisional").value is None


def test_send_back_needs_a_reason(world, clerk, reviewer) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    sent = workflow.submit(clerk, *_id(world.return_of(rnd, world.care)))
    with pytest.raises(WorkflowError) as refused:
        workflow.send_back(reviewer, *_id(sent), reason="  ")
    assert str(refused.value) == "请写明退回原因，让填报人知道改哪里。"


def test_withdraw_takes_a_submitted_return_back(world, clerk) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    sent = workflow.submit(clerk, *_id(world.return_of(rnd, world.care)))
    assert workflow.withdraw(clerk, *_id(sent)).status == "draft"


def test_nobody_approves_what_they_submitted(world, clerk, reviewer) -> None:
    clerk.roles = ["clerk", "reviewer"]
    clerk.save()
    clerk.review_units.add(world.bureau)
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    sent = workflow.submit(clerk, *_id(world.return_of(rnd, world.care)))
    with pytest.raises(Refused) as refused:
        workflow.approve(clerk, *_id(sent))
    assert str(refused.value) == "您填报或报送过这张表，不能由您审核；请由另一位审核员办理。"


def test_nobody_approves_what_they_entered_for_others_to_submit(world, clerk, planner) -> None:
    planner.roles = ["planner", "reviewer"]
    planner.save()
    planner.review_units.add(world.bureau)
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    entries = world.entries(care, D1=150)
    workflow.save_draft(planner, *_id(care), entries, provision=GIVEN)
    world.save(clerk, care, D2=300, D3=[1, 1, 0])
    care.refresh_from_db()
    sent = workflow.submit(clerk, *_id(care))
    with pytest.raises(Refused):
        workflow.approve(planner, *_id(sent))


def test_entering_for_another_unit_needs_the_provider(world, planner) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    with pytest.raises(WorkflowError) as refused:
        workflow.save_draft(planner, *_id(care), world.entries(care, D1=150))
    assert str(refused.value) == "代录时请写明数据由谁提供、提供日期和依据文件。"


@pytest.mark.parametrize("verb", ["save", "submit", "withdraw", "approve", "send_back"])
@pytest.mark.parametrize("who", ["other_clerk", "leader", "sysadmin", "auditor"])
def test_foreign_hands_are_refused(world: World, clerk, who: str, verb: str) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    if verb not in {"save", "submit"}:
        care = workflow.submit(clerk, *_id(care))
    person = world.people[who]
    attempts = {
        "save": lambda: workflow.save_draft(person, *_id(care), {}),
        "submit": lambda: workflow.submit(person, *_id(care)),
        "withdraw": lambda: workflow.withdraw(person, *_id(care)),
        "approve": lambda: workflow.approve(person, *_id(care)),
        "send_back": lambda: workflow.send_back(person, *_id(care), reason="理由"),
    }
    before = care.version
    with pytest.raises(Refused):
        attempts[verb]()
    care.refresh_from_db()
    assert care.version == before


def test_a_page_opened_before_another_act_is_refused(world, clerk) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    world.save(clerk, care, D1=150)
    with pytest.raises(Conflict) as refused:
        workflow.save_draft(clerk, care.pk, 1, world.entries(care, D1=151))
    assert (
        str(refused.value)
        == "这张监测表在您打开页面之后您在别的窗口改动过；请对照最新内容后再保存。"
    )
    assert world.figure(rnd, "D1").amount == 150


def test_a_positive_numerator_over_zero_is_refused_and_nothing_is_stored(world, clerk) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    with pytest.raises(Faulty) as refused:
        world.save(clerk, care, D1=3, D2=0)
    faulty = set(refused.value.faults)
    assert faulty == {world.figure(rnd, "D1").pk, world.figure(rnd, "D2").pk}
    assert world.figure(rnd, "D1").amount is None
    assert acts(care) == []


def test_submit_asks_for_everything_owed(world, clerk) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    world.save(clerk, care, D1=150, D2=300)
    care.refresh_from_db()
    with pytest.raises(Faulty) as refused:
        workflow.submit(clerk, *_id(care))
    blank = Figure.objects.filter(round=rnd, item__code="D3").values_list("pk", flat=True)
    assert refused.value.faults == dict.fromkeys(
        blank, "未填：请选“是”或“否”，或选“不适用”“暂无”并写明原因。"
    )


def test_unavailable_townships_leave_no_value_and_are_named(world, clerk) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    entries = world.entries(care, D1=150, D2=300, D3=[1, 1, 0])
    last = world.figure(rnd, "D3", world.townships[2])
    entries[last.pk] = Entry(None, "none", "尚未上报")
    care = workflow.save_draft(clerk, *_id(care), entries)
    workflow.submit(clerk, *_id(care))
    row = value(world, "W2", 2023, "provisional")
    assert (row.value, row.notes) == (
        None,
        ["缺 2023 年建有服务中心（2/3 个乡镇已报，缺：北乡）"],
    )


def test_publishing_waits_for_every_return(world, planner) -> None:
    rnd = world.round()
    with pytest.raises(WorkflowError) as refused:
        workflow.publish(planner, rnd.pk, "局长", date(2024, 2, 1))
    assert str(refused.value) == (
        "还有 2 张监测表未审核通过，不能发布：养老股（草稿）、社会事务股（草稿）。"
    )


def _published_base(world: World) -> None:
    base = world.round(2020)
    world.fill(base, 120, 300, [0, 0, 0], 400)
    world.approve_all(base)
    world.publish(base)


def test_publishing_waits_for_the_explanation_of_every_laggard(world, planner) -> None:
    _published_base(world)
    rnd = world.round()
    world.fill(rnd, 126, 300, [1, 1, 0], 470)  # 42 % against an expected 52 %
    world.approve_all(rnd)
    with pytest.raises(WorkflowError) as refused:
        world.publish(rnd)
    assert str(refused.value) == (
        "以下滞后指标还没有写明原因和下一步措施，不能发布："
        "W1 护理型床位占比（养老股）。请审核员或规划管理员重新开启相应监测表后补写。"
    )
    care = workflow.reopen(planner, *_id(world.return_of(rnd, world.care)), [], "补写说明")
    texts = {world.indicators["W1"].pk: Texts("", "改造推迟", "六月前完成招标")}
    care = workflow.save_draft(world.people["clerk"], *_id(care), {}, texts)
    care = workflow.submit(world.people["clerk"], *_id(care))
    workflow.approve(world.people["reviewer"], *_id(care))
    world.publish(rnd)
    explanation = care.explanations.get(indicator=world.indicators["W1"])
    assert explanation.published_cause == "改造推迟"


def test_the_published_value_stands_until_the_correction_is_published(world) -> None:
    people = world.people
    rnd = world.round()
    world.fill(rnd, 180, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    figure = world.figure(rnd, "D1")
    care = workflow.reopen(
        people["reviewer"], *_id(world.return_of(rnd, world.care)), [figure.pk], "数错了"
    )
    assert value(world, "W1", 2023, "provisional").value == 60  # what was approved stands
    with pytest.raises(WorkflowError) as refused:  # only the reopened figure is open
        world.save(people["clerk"], care, D2=310)
    assert str(refused.value) == "养老股“养老机构床位”已审核锁定，不能修改；请先申请重新开启。"
    world.save(people["clerk"], care, D1=186)
    care.refresh_from_db()
    care = workflow.submit(people["clerk"], *_id(care))
    workflow.approve(people["reviewer"], *_id(care))
    assert value(world, "W1", 2023).value == 60
    assert value(world, "W1", 2023, "provisional").value == 62
    workflow.correct(people["planner"], rnd.pk, "床位重复统计")
    assert value(world, "W1", 2023).value == 62
    assert acts(care)[-1] == ("correct", "更正：床位重复统计")
    history = figure.history.order_by("history_id").values_list("published_amount", flat=True)
    assert [amount for amount in history if amount is not None][-2:] == [180, 186]


def test_a_correction_needs_a_change_and_a_reason(world, planner) -> None:
    rnd = world.round()
    world.fill(rnd, 180, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    with pytest.raises(WorkflowError) as refused:
        workflow.correct(planner, rnd.pk, "")
    assert str(refused.value) == "请写明更正原因。"
    with pytest.raises(WorkflowError) as refused:
        workflow.correct(planner, rnd.pk, "例行")
    assert str(refused.value) == "没有已审核而未发布的改动，不需要更正。"


def test_history_says_who_and_what(world, clerk, reviewer) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    sent = workflow.submit(clerk, *_id(world.return_of(rnd, world.care)))
    workflow.approve(reviewer, *_id(sent))
    rows = world.figure(rnd, "D1").history.order_by("history_id")
    told = [
        (str(row.history_user), row.history_type, row.amount, row.history_change_reason)
        for row in rows
    ]
    assert told == [
        ("甲planner", "+", None, "开启批次"),
        ("甲clerk", "~", Decimal(150), ""),
        ("甲reviewer", "~", Decimal(150), "审核通过"),
    ]


def test_a_merged_township_leaves_old_years_alone(world, sysadmin) -> None:
    for year in (2023, 2024):
        rnd = world.round(year)
        world.fill(rnd, 180, 300, [1, 1, 0], 470)
        world.approve_all(rnd)
        if year == 2023:
            world.publish(rnd)
    north = Unit.objects.get(name="北乡")
    north.valid_until, north.basis_document = 2023, "撤乡并镇批复"
    workflow.change_unit(sysadmin, north)
    world.publish(rnd)
    found = {y: value(world, "W2", y).denominator for y in (2023, 2024)}
    assert found == {2023: 3, 2024: 2}


def test_a_revised_target_is_a_new_row(world, planner) -> None:
    indicator = world.indicators["W1"]
    facts = {"value": Decimal(55), "printed": "55", "effective_year": 2024}
    why = {
        "reason": "床位总数增加",
        "document": "政办〔2024〕1号",
        "approved_by_body": "县人民政府",
    }
    workflow.revise_target(planner, indicator, **facts, **why)
    assert list(indicator.targets.values_list("value", "is_original")) == [(60, True), (55, False)]
    with pytest.raises(WorkflowError) as refused:
        later = facts | {"effective_year": 2025}
        workflow.revise_target(planner, indicator, **later, **(why | {"document": " "}))
    assert str(refused.value) == "调整目标必须写明原因、依据文件和批准机关。"


def test_the_newest_round_that_has_the_figure_counts(world) -> None:
    flash = world.round(name="快报", nature="flash")
    world.fill(flash, 150, 300, [1, 1, 0], 470)
    world.approve_all(flash)
    world.publish(flash)
    annual = world.round(name="年报")
    assert value(world, "W1", 2023).value == 50
    world.fill(annual, 180, 300, [1, 1, 0], 470)
    world.approve_all(annual)
    world.publish(annual)
    row = value(world, "W1", 2023)
    assert (row.value, row.nature) == (60, "annual")


def test_stored_values_never_differ_from_the_figures(world) -> None:
    _published_base(world)
    rnd = world.round()
    world.fill(rnd, 180, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    assert values.differences(world.plan) == []
    AnnualValue.objects.filter(year=2023, layer="official").update(value="61")
    assert values.differences(world.plan)[0] == ("指标 W1 2023 年（已发布）：值存储为 61，应为 60")


def test_every_act_is_written_down(world, clerk, reviewer) -> None:
    rnd = world.round()
    world.fill(rnd, 180, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    verbs = ReturnAct.objects.filter(annual_return__unit=world.care).values_list(
        "verb", "actor__username"
    )
    assert list(verbs) == [
        ("save", "clerk"),
        ("submit", "clerk"),
        ("approve", "reviewer"),
        ("publish", "planner"),
    ]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"effective_year": 2031}, "生效年应在 2021 至 2025 年之间。"),
        ({"value": Decimal(-5)}, "目标值应不小于 0。"),
    ],
)
def test_an_impossible_target_is_refused_with_a_sentence(world, planner, facts, sentence) -> None:
    given = {"value": Decimal(55), "printed": "55", "effective_year": 2024} | facts
    why = {"reason": "原因", "document": "文件", "approved_by_body": "县人民政府"}
    with pytest.raises(WorkflowError) as refused:
        workflow.revise_target(planner, world.indicators["W1"], **given, **why)
    assert str(refused.value) == sentence


def test_whoever_entered_before_somebody_else_overwrote_is_still_an_author(world, clerk) -> None:
    planner = world.people["planner"]
    planner.roles = ["planner", "reviewer"]
    planner.save()
    planner.review_units.add(world.bureau)
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    entries = world.entries(care, D1=150, D2=300, D3=[1, 1, 0])
    workflow.save_draft(planner, *_id(care), entries, provision=GIVEN)
    world.save(clerk, care, D1=151, D2=301, D3=[1, 1, 1])
    care.refresh_from_db()
    sent = workflow.submit(clerk, *_id(care))
    with pytest.raises(Refused):
        workflow.approve(planner, *_id(sent))


def test_whoever_submitted_once_is_an_author_after_a_withdrawal(world, clerk) -> None:
    planner = world.people["planner"]
    planner.roles = ["planner", "reviewer"]
    planner.save()
    planner.review_units.add(world.bureau)
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    sent = workflow.submit(planner, *_id(world.return_of(rnd, world.care)))
    back = workflow.withdraw(clerk, *_id(sent))
    again = workflow.submit(clerk, *_id(back))
    with pytest.raises(Refused):
        workflow.approve(planner, *_id(again))


def test_a_blank_clears_nothing_that_was_approved(world, clerk) -> None:
    rnd = world.round(2021, name="历史补录", is_backfill=True)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    figure = world.figure(rnd, "D1")
    care = world.return_of(rnd, world.care)
    care = workflow.reopen(world.people["planner"], *_id(care), [figure.pk], "核对")
    care = workflow.save_draft(clerk, *_id(care), {figure.pk: Entry()})
    with pytest.raises(Faulty) as refused:
        workflow.submit(clerk, *_id(care))
    assert refused.value.faults == {
        figure.pk: "此项已经审核过，不能清空：请填数值，或选“不适用”“暂无”并写明原因。"
    }
    assert value(world, "W1", 2021).value == 50


def test_a_note_being_worked_on_never_reaches_stored_values(world, clerk) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    entries = world.entries(care, D2=300, D3=[1, 1, 0])
    figure = world.figure(rnd, "D1")
    entries[figure.pk] = Entry(None, "none", "尚未统计")
    workflow.save_draft(clerk, *_id(care), entries)
    world.save(world.people["other_clerk"], world.return_of(rnd, world.affairs), D4=470)
    world.approve_all(rnd)
    world.publish(rnd)
    notes = ["缺 2023 年护理型床位（暂无：尚未统计）"]
    assert value(world, "W1", 2023).notes == notes
    care = world.return_of(rnd, world.care)
    care = workflow.reopen(world.people["planner"], *_id(care), [figure.pk], "补")
    workflow.save_draft(clerk, *_id(care), {figure.pk: Entry(None, "none", "草稿里的话")})
    assert values.differences(world.plan) == []
    values.recompute(world.plan)
    assert value(world, "W1", 2023).notes == notes


def test_contradictions_between_two_units_show_at_publishing_only(world, clerk) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    entries = world.entries(care, D2=0, D3=[1, 1, 0])
    entries[world.figure(rnd, "D1").pk] = Entry(None, "na", "没有养老机构")
    workflow.save_draft(clerk, *_id(care), entries)
    world.save(world.people["other_clerk"], world.return_of(rnd, world.affairs), D4=470)
    world.approve_all(rnd)
    with pytest.raises(WorkflowError) as refused:
        world.publish(rnd)
    assert str(refused.value).startswith("以下指标的数据互相矛盾，不能发布：W4 每百床社工：")


def test_an_explanation_counts_once_it_is_approved(world, clerk) -> None:
    """What is only written down in a reopened return would not be published with the figures."""
    people = world.people
    _published_base(world)
    rnd = world.round()
    world.fill(rnd, 180, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    care, affairs = (world.return_of(rnd, unit) for unit in (world.care, world.affairs))
    beds = [world.figure(rnd, code).pk for code in ("D1", "D2")]
    care = workflow.reopen(people["planner"], *_id(care), beds, "数错了")
    care = world.save(clerk, care, D1=310, D2=500)  # W4 falls to 94, which is affairs' to explain
    sent = workflow.submit(clerk, *_id(care))
    workflow.approve(people["reviewer"], *_id(sent))
    affairs = workflow.reopen(people["planner"], *_id(affairs), [], "补写说明")
    texts = {world.indicators["W4"].pk: Texts("", "床位增加", "增聘社工")}
    affairs = workflow.save_draft(people["other_clerk"], *_id(affairs), {}, texts)
    for step in ("written", "submitted"):
        if step == "submitted":
            affairs = workflow.submit(people["other_clerk"], *_id(affairs))
        with pytest.raises(WorkflowError) as refused:
            workflow.correct(people["planner"], rnd.pk, "床位数更正")
        assert str(refused.value) == (
            "以下滞后指标还没有写明原因和下一步措施，不能发布："
            "W4 每百床社工（社会事务股）。请审核员或规划管理员重新开启相应监测表后补写。"
        )
    workflow.approve(people["reviewer"], *_id(affairs))
    workflow.correct(people["planner"], rnd.pk, "床位数更正")
    assert affairs.explanations.get(indicator__code="W4").published_cause == "床位增加"


def test_a_correction_waits_for_the_explanation_of_a_new_laggard(world, clerk) -> None:
    _published_base(world)
    rnd = world.round()
    world.fill(rnd, 180, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    figure = world.figure(rnd, "D1")
    care = world.return_of(rnd, world.care)
    care = workflow.reopen(world.people["planner"], *_id(care), [figure.pk], "数错了")
    world.save(clerk, care, D1=126)
    care.refresh_from_db()
    sent = workflow.submit(clerk, *_id(care))
    workflow.approve(world.people["reviewer"], *_id(sent))
    with pytest.raises(WorkflowError) as refused:
        workflow.correct(world.people["planner"], rnd.pk, "床位重复统计")
    assert "还没有写明原因和下一步措施，不能发布" in str(refused.value)
    assert value(world, "W1", 2023).value == 60
