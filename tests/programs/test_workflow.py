"""Progress goes the way of the figures: saved, handed in, approved, published, corrected."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from indicators import parts, workflow
from indicators.duties import duties, rounds_to_correct
from indicators.models import ChangeRequest, ReturnAct
from indicators.workflow.publishing import about_to_publish
from organization.models import User
from programs.content import ComponentContent, MoneyContent, component_from, to_json
from programs.models import ComponentProgress, Money, TaskProgress
from programs.workflow import FaultyWork, save_progress

pytestmark = pytest.mark.django_db


@pytest.fixture
def rnd(world, work):
    return world.round(2023)


@pytest.fixture
def care(world, rnd):
    return world.return_of(rnd, world.care)


def test_opening_a_round_asks_the_lead_units(world, work, rnd):
    care = world.return_of(rnd, world.care)
    affairs = world.return_of(rnd, world.affairs)
    assert [one.label for one in parts.named(care).values()] == [
        "4.1-1 强化养老机构",
        "Z3-1 养老院建设 · 失能老人养老院",
        "Z3-1 养老院建设 · 老年公寓",
    ]
    assert [one.label for one in parts.named(affairs).values()] == ["4.1-2 谋划医养项目"]
    assert care.taskprogress_rows.get().measure_states.count() == 3


def test_before_the_plan_begins_nothing_is_asked(world, work):
    rnd = world.round(2020)
    assert TaskProgress.objects.filter(annual_return__round=rnd).count() == 0


def test_what_was_typed_is_stored_with_its_history(world, work, care, clerk):
    work.save(clerk, care, work.home, work.building())
    line = work.line(care, work.home)
    assert line.content == work.building()
    row = line.row
    assert (row.version, row.entered_by) == (2, clerk)
    assert row.history.first().history_user == clerk
    money = Money.objects.get(progress=row, source="central")
    assert money.history.count() == 1
    act = care.acts.get(verb=ReturnAct.Verb.SAVE)
    assert (act.actor, act.reason) == (clerk, "Z3-1 养老院建设 · 失能老人养老院")


def test_saving_the_same_again_leaves_no_trace(work, care, clerk):
    work.save(clerk, care, work.care_task, work.task_done())
    work.save(clerk, care, work.care_task, work.task_done())
    assert work.line(care, work.care_task).row.version == 2
    assert care.acts.count() == 1


def test_figures_being_typed_can_still_be_saved(world, work, care, clerk):
    work.save(clerk, care, work.care_task, work.task_done())
    entries = world.entries(care, D1=30)
    workflow.save_draft(clerk, care.pk, care.version, entries)
    assert world.figure(care.round, "D1").amount == 30


def test_a_source_that_is_cleared_keeps_its_row(work, care, clerk):
    work.save(clerk, care, work.home, work.building())
    content = work.building(money={"county": MoneyContent(Decimal(300), Decimal(100), Decimal(80))})
    work.save(clerk, care, work.home, content)
    assert work.line(care, work.home).content == content
    assert Money.objects.get(source="central").planned is None


def test_a_contradiction_is_refused_and_nothing_is_stored(work, care, clerk):
    with pytest.raises(FaultyWork) as error:
        work.save(clerk, care, work.home, work.building(percent=101))
    assert error.value.faults == {"percent": "应为 0 至 100 之间的整数，现为 101。"}
    assert work.line(care, work.home).content == ComponentContent()


def test_the_second_save_of_a_row_is_refused(world, work, care, clerk):
    line = work.line(care, work.home)
    work.save(clerk, care, work.home, work.building())
    with pytest.raises(workflow.Conflict) as error:
        save_progress(clerk, care.pk, line.key, line.row.version, work.building(percent=10))
    assert str(error.value) == "这一项在您打开页面之后已被他人改动；请对照最新内容后再保存。"
    assert work.line(care, work.home).content == work.building()


def test_a_foreign_clerk_may_not_save(world, work, care, other_clerk):
    with pytest.raises(workflow.Refused):
        work.save(other_clerk, care, work.home, work.building())


def test_who_enters_for_another_unit_names_the_source(work, care, planner):
    line = work.line(care, work.home)
    with pytest.raises(workflow.WorkflowError) as error:
        save_progress(planner, care.pk, line.key, 1, work.building())
    assert str(error.value) == "代录时请写明数据由谁提供、提供日期和依据文件。"
    provision = workflow.Provision("养老股", date(2024, 1, 5), "进度表")
    save_progress(planner, care.pk, line.key, 1, work.building(), provision)
    assert work.line(care, work.home).row.provider == "养老股，2024-01-05，进度表"
    assert care.acts.get().provider == "养老股"


def test_an_identity_number_is_refused_until_confirmed(work, care, clerk):
    line = work.line(care, work.home)
    content = work.building(situation="经办 11010519491231002X")
    with pytest.raises(workflow.Unconfirmed):
        save_progress(clerk, care.pk, line.key, 1, content)
    save_progress(clerk, care.pk, line.key, 1, content, confirmed=True)
    assert work.line(care, work.home).content == content


def test_handing_in_waits_for_every_task_and_component(world, work, care, clerk):
    care = world.save(clerk, care, D1=30, D2=50, D3=[1, 1, 0])
    work.save(clerk, care, work.care_task, work.task_done())
    work.save(clerk, care, work.flats, work.waiting())
    with pytest.raises(workflow.Faulty) as error:
        workflow.submit(clerk, care.pk, care.version)
    assert error.value.faults == {}
    assert error.value.others == ["Z3-1 养老院建设 · 失能老人养老院：请选择状态。"]


def test_a_backfill_round_takes_what_is_known(world, work, clerk):
    rnd = world.round(2021, is_backfill=True)
    care = world.save(clerk, world.return_of(rnd, world.care), D1=30)
    assert workflow.submit(clerk, care.pk, care.version).status == "submitted"


def submitted(world, work, care):
    clerk = world.people["clerk"]
    care = world.save(clerk, care, D1=30, D2=50, D3=[1, 1, 0])
    work.save(clerk, care, work.care_task, work.task_done())
    work.save(clerk, care, work.home, work.building())
    work.save(clerk, care, work.flats, work.waiting())
    return workflow.submit(clerk, care.pk, care.version)


def test_what_is_handed_in_is_kept_as_it_was(world, work, care, clerk):
    care = submitted(world, work, care)
    row = work.line(care, work.home).row
    assert component_from(row.handed_in) == work.building()
    with pytest.raises(workflow.Conflict):
        work.save(clerk, care, work.home, work.building(percent=70))


@pytest.mark.parametrize("verb", ["withdraw", "send_back"])
def test_what_is_taken_back_is_no_longer_handed_in(world, work, care, clerk, reviewer, verb):
    care = submitted(world, work, care)
    if verb == "withdraw":
        workflow.withdraw(clerk, care.pk, care.version)
    else:
        workflow.send_back(reviewer, care.pk, care.version, "照片不清")
    row = work.line(care, work.home).row
    assert (row.handed_in, row.approved) == (None, None)
    assert work.line(care, work.home).content == work.building()


def test_approval_locks_what_was_handed_in(world, work, care, reviewer):
    care = submitted(world, work, care)
    workflow.approve(reviewer, care.pk, care.version)
    row = work.line(care, work.home).row
    assert (row.locked, row.handed_in, row.published) == (True, None, None)
    assert component_from(row.approved) == work.building()


def test_publishing_makes_it_public(world, work):
    rnd = work.publish(2023)
    row = ComponentProgress.objects.get(annual_return__round=rnd, component=work.home)
    assert row.published == to_json(work.building())
    assert [rnd.pk for rnd in rounds_to_correct(world.bureau.pk)] == []


def test_one_component_is_reopened_changed_and_corrected(world, work, clerk, reviewer, planner):
    """The published state stands until the correction is published."""
    rnd = work.publish(2023)
    care = world.return_of(rnd, world.care)
    key = work.key(care, work.home)
    asked = workflow.request_change(clerk, care.pk, care.version, [], "投资数有误", [key, "t999"])
    assert asked.others == [key]
    reopened = workflow.reopen(reviewer, care.pk, care.version, [], "同意", [key])
    assert ChangeRequest.objects.get().state == "granted"
    with pytest.raises(workflow.WorkflowError, match="已审核锁定"):
        work.save(clerk, care, work.care_task, work.task_done(situation="改写"))
    money = {**work.building().money, "central": MoneyContent(Decimal(900), Decimal(600))}
    changed = work.building(money=money, fall_reason="核减重复列支")
    work.save(clerk, care, work.home, changed)
    row = work.line(care, work.home).row
    assert row.published == to_json(work.building())
    sent = workflow.submit(clerk, care.pk, reopened.version)
    workflow.approve(reviewer, sent.pk, sent.version)
    assert [one.pk for one in rounds_to_correct(world.bureau.pk)] == [rnd.pk]
    workflow.correct(planner, rnd.pk, "投资数更正")
    row.refresh_from_db()
    assert row.published == to_json(changed)
    assert care.acts.filter(verb="correct").count() == 1


def test_totals_do_not_fall_below_the_last_round(world, work, clerk):
    work.publish(2023)
    rnd = world.round(2024)
    care = world.return_of(rnd, world.care)
    assert work.line(care, work.home).before == work.building()
    work.save(clerk, care, work.home, work.building(percent=50))
    assert work.line(care, work.home).owed == {
        "fall_reason": "完成百分比上期 60 %，本期 50 %。累计数一般只增不减，请核对或写明减少原因。"
    }


def test_a_later_round_of_an_earlier_day_is_not_the_last_one(world, work):
    """What stands before a round is older than it, whenever it was opened."""
    work.publish(2024)
    rnd = world.round(2023)
    assert work.line(world.return_of(rnd, world.care), work.home).before is None


def test_an_annual_round_is_compared_with_the_last_facts(world, work, clerk):
    """A forecast is no fact: what was hoped for does not have to be reached."""
    work.publish(2023)
    hoped = work.building(percent=90)
    forecast = world.round(2024, name="预计", nature="forecast")
    row = work.line(world.return_of(forecast, world.care), work.home).row
    row.approved = to_json(hoped)
    row.save()
    annual = world.return_of(world.round(2024), world.care)
    assert work.line(annual, work.home).before == work.building()
    again = world.return_of(world.round(2025, name="预计", nature="forecast"), world.care)
    assert work.line(again, work.home).before == hoped


def test_an_old_total_is_not_raised_above_a_newer_one(world, work, clerk, reviewer):
    old = work.publish(2023)
    work.publish(2024)
    care = world.return_of(old, world.care)
    key = work.key(care, work.home)
    workflow.request_change(clerk, care.pk, care.version, [], "漏报", [key])
    care.refresh_from_db()
    workflow.reopen(reviewer, care.pk, care.version, [], "同意", [key])
    assert work.line(care, work.home).owed == {}
    work.save(clerk, care, work.home, work.building(percent=80))
    assert work.line(care, work.home).owed == {
        "fall_reason": "与以后的批次不符：完成百分比本期 80 %，2024 年年报 60 %。"
        "累计数一般只增不减，请核对或写明减少原因。"
    }


@pytest.mark.parametrize("field", ["situation", "next_step", "reason", "fall_reason"])
def test_a_changed_text_keeps_who_provided_the_facts(work, care, clerk, planner, field):
    provision = workflow.Provision("养老股", date(2024, 1, 5), "进度表")
    key = work.key(care, work.home)
    save_progress(planner, care.pk, key, 1, work.building(), provision)
    work.save(clerk, care, work.home, work.building(**{field: "改写"}))
    row = work.line(care, work.home).row
    assert (row.provider, row.entered_by) == ("养老股，2024-01-05，进度表", planner)
    work.save(clerk, care, work.home, work.building(percent=61))
    row = work.line(care, work.home).row
    assert (row.provider, row.entered_by) == ("", clerk)


def test_a_changed_note_of_a_measure_keeps_who_provided_the_facts(work, care, clerk, planner):
    provision = workflow.Provision("养老股", date(2024, 1, 5), "进度表")
    key = work.key(care, work.care_task)
    content = work.task_done()
    save_progress(planner, care.pk, key, 1, content, provision)
    first = work.measures[0].pk
    for changed, source in (
        ({"note": "改写"}, "养老股，2024-01-05，进度表"),
        ({"status": "done"}, ""),
    ):
        states = {**content.measures, first: replace(content.measures[first], **changed)}
        work.save(clerk, care, work.care_task, replace(content, measures=states))
        assert work.line(care, work.care_task).row.provider == source


def test_open_work_is_counted_with_the_figures(world, work, care, clerk):
    work.save(clerk, care, work.home, work.building())
    duty = next(one for one in duties(world.bureau.pk) if one.annual_return == care)
    assert (duty.owed, duty.blank) == (8, 7)


def test_a_task_changes_hands_from_a_year_on(world, work):
    from programs.models import Assignment

    Assignment.objects.create(
        task=work.care_task, unit=world.affairs, effective_year=2024, basis_document="机构改革方案"
    )
    before, after = world.round(2023), world.round(2024)
    assert (
        TaskProgress.objects.get(
            annual_return__round=before, task=work.care_task
        ).annual_return.unit
        == world.care
    )
    assert (
        TaskProgress.objects.get(annual_return__round=after, task=work.care_task).annual_return.unit
        == world.affairs
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_handing_in_costs_the_same_however_many_tasks(
    world, work, clerk, django_assert_max_num_queries, rows
):
    for extra in range(rows - 1):
        task = replace_task(work, f"4.1-{extra + 5}")
        assert task.pk
    rnd = world.round(2023)
    care = world.save(clerk, world.return_of(rnd, world.care), D1=30, D2=50, D3=[1, 1, 0])
    for row in care.taskprogress_rows.all():
        content = (
            work.task_done()
            if row.task == work.care_task
            else replace(work.sought(), status="not_started", measures={})
        )
        work.save(clerk, care, row.task, content)
    work.save(clerk, care, work.home, work.building())
    work.save(clerk, care, work.flats, work.waiting())
    with django_assert_max_num_queries(80) as counted:
        workflow.submit(clerk, care.pk, care.version)
    COSTS.add(len(counted))
    assert len(COSTS) == 1


COSTS: set[int] = set()


def replace_task(work, code):
    from programs.models import Assignment, Task

    task = Task.objects.create(
        plan=work.world.plan,
        code=code,
        order=50,
        name="另一任务",
        clause=work.care_task.clause,
        grade="advance",
        kind="task",
    )
    Assignment.objects.create(task=task, unit=work.world.care, effective_year=2020)
    return task


def test_what_will_be_published_is_counted_before(world, work, planner):
    rnd = world.round(2023)
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    work.fill(rnd)
    world.explain(rnd)
    for annual_return in rnd.returns.all():
        annual_return.refresh_from_db()
    world.approve_all(rnd)
    ahead = about_to_publish(planner, rnd.pk, "局长", date(2024, 2, 1))
    assert ahead.others == 4


def test_a_correction_is_not_held_up_by_what_a_newer_round_has_not_published(
    world, work, clerk, reviewer, planner
):
    """A forecast is published; the annual figures make W1 lag and are not published yet."""
    rnd = world.round(2023, "预计", nature="forecast", as_of=date(2023, 12, 1))
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    work.fill(rnd)
    for one in rnd.returns.all():
        one.refresh_from_db()
    world.approve_all(rnd)
    workflow.publish(planner, rnd.pk, "局长", date(2024, 1, 5))
    annual = world.round(2023)
    world.save(clerk, world.return_of(annual, world.care), D1=1, D2=50, D3=[1, 1, 0])
    work.fill(annual)
    care_now = world.return_of(annual, world.care)
    sent = workflow.submit(clerk, care_now.pk, care_now.version)
    workflow.approve(reviewer, sent.pk, sent.version)
    care = world.return_of(rnd, world.care)
    reopened = workflow.reopen(
        reviewer, care.pk, care.version, [], "补登", [work.key(care, work.home)]
    )
    work.save(clerk, care, work.home, work.building(percent=61))
    sent = workflow.submit(clerk, care.pk, reopened.version)
    workflow.approve(reviewer, sent.pk, sent.version)
    assert workflow.correct(planner, rnd.pk, "补登进度").correction == "更正：补登进度"


def test_the_first_hand_does_not_disappear_behind_a_later_word(
    world, work, clerk, reviewer, planner
):
    """X entered the progress; reopened, a colleague adds a sentence; X may not approve it."""
    rnd = work.publish(2023)
    care = world.return_of(rnd, world.care)
    key = work.key(care, work.home)
    reopened = workflow.reopen(reviewer, care.pk, care.version, [], "补登", [key])
    colleague = User.objects.create_user("colleague", "x", unit=world.care, roles=["clerk"])
    work.save(colleague, care, work.home, work.building(next_step="抓紧施工"))
    sent = workflow.submit(colleague, care.pk, reopened.version)
    clerk.roles = ["clerk", "reviewer"]
    clerk.save()
    clerk.review_units.add(world.bureau)
    with pytest.raises(workflow.Refused):
        workflow.approve(clerk, sent.pk, sent.version)
    assert workflow.approve(reviewer, sent.pk, sent.version).status == "approved"
