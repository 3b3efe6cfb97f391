"""Open rounds follow who leads; published ones keep what was."""

from datetime import date

import pytest
from django.urls import reverse

from indicators import evidence, parts
from indicators import workflow as returns
from indicators.models import Evidence, Round
from organization.models import Unit
from programs.following import add_blank
from programs.models import Assignment, Component, ComponentProgress, Task, TaskProgress
from programs.workflow import assign, change_work
from tests.indicators.sample_files import png

pytestmark = pytest.mark.django_db


def moved_to(world, task, unit, year=2023):
    return Assignment(
        task=task, unit=unit, effective_year=year, basis_document="县委编办〔2023〕3号"
    )


def holder(task, year=2023):
    row = TaskProgress.objects.get(task=task, annual_return__round__year=year)
    return row.annual_return.unit


def test_a_task_passes_to_another_unit_while_the_round_is_open(world, work, planner, clerk):
    rnd = world.round(2023)
    care = world.return_of(rnd, world.care)
    work.save(clerk, care, work.care_task, work.task_done())
    key = work.key(care, work.care_task)
    named = work.line(care, work.care_task)

    evidence.attach(clerk, care, None, "现场.png", png(), part=parts.named(care)[key])
    told = assign(planner, moved_to(world, work.care_task, world.affairs))
    assert told == []
    assert holder(work.care_task) == world.affairs
    affairs = world.return_of(rnd, world.affairs)
    assert work.line(affairs, work.care_task).content == named.content
    assert Evidence.objects.get().annual_return == affairs
    reason = work.line(affairs, work.care_task).row.history.first().history_change_reason
    assert reason == "牵头分工调整（县委编办〔2023〕3号），转由新的牵头单位填报"


def test_what_is_handed_in_stays_and_the_planner_is_told(world, work, planner, clerk):
    rnd = world.round(2023)
    care = world.save(clerk, world.return_of(rnd, world.care), D1=30, D2=50, D3=[1, 1, 0])
    work.fill(rnd)
    care.refresh_from_db()
    returns.submit(clerk, care.pk, care.version)
    told = assign(planner, moved_to(world, work.care_task, world.affairs))
    assert told == [
        "2023 年年报：“4.1-1 强化养老机构”所在的监测表已报送或审核过，仍由原表办结。"
        "退回或重新开启后，请在“填报批次”列表中选中该批次，执行“按现行单位和责任分工更新”。"
    ]
    assert holder(work.care_task) == world.care


def test_a_published_year_keeps_who_led(world, work, planner):
    work.publish(2023)
    with pytest.raises(returns.WorkflowError, match="2023 年数据已经发布，生效年应为 2024"):
        assign(planner, moved_to(world, work.care_task, world.affairs))
    assign(planner, moved_to(world, work.care_task, world.affairs, 2024))
    world.round(2024)
    assert (holder(work.care_task), holder(work.care_task, 2024)) == (world.care, world.affairs)


def test_tasks_loaded_after_the_round_was_opened_come_in(world, work, planner):
    rnd = world.round(2023)
    fresh = Task.objects.create(
        plan=world.plan,
        code="4.1-9",
        order=90,
        name="新增任务",
        clause=work.care_task.clause,
        grade="advance",
        kind="task",
    )
    Assignment.objects.create(task=fresh, unit=world.care, effective_year=2020)
    assert returns.catch_up(planner, rnd.pk) == []
    assert holder(fresh) == world.care


def test_the_successor_of_a_unit_that_ended_leads(world, work, planner):
    Unit.objects.filter(pk=world.care.pk).update(valid_until=2023, successor=world.affairs)
    world.round(2024)
    assert holder(work.care_task, 2024) == world.affairs


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"effective_year": 5}, "生效年应在 2020 至 2025 年之间，现为 5，请改正。"),
        ({"basis_document": " "}, "请写明依据文件。"),
    ],
)
def test_an_assignment_says_from_when_and_by_which_document(world, work, planner, fields, says):
    row = moved_to(world, work.care_task, world.affairs)
    for name, value in fields.items():
        setattr(row, name, value)
    with pytest.raises(returns.WorkflowError) as error:
        assign(planner, row)
    assert str(error.value) == says


def test_a_township_does_not_lead(world, work, planner):
    with pytest.raises(returns.WorkflowError, match="牵头单位应为局或股室，“东镇”是乡镇。"):
        assign(planner, moved_to(world, work.care_task, world.townships[0]))


def test_only_the_planner_assigns(world, work, clerk):
    with pytest.raises(returns.Refused):
        assign(clerk, moved_to(world, work.care_task, world.affairs))


def test_the_office_assigns_through_the_admin(world, work, as_person):
    world.round(2023)
    answer = as_person("planner").post(
        reverse("admin:programs_assignment_add"),
        {
            "task": work.care_task.pk,
            "unit": world.affairs.pk,
            "supervisor": "副局长",
            "effective_year": 2023,
            "basis_document": "县委编办〔2023〕3号",
        },
    )
    assert answer.status_code == 302
    assert holder(work.care_task) == world.affairs


def test_what_is_published_changes_with_a_reason(world, work, planner):
    work.home.planned_end = "2024-12-31"
    change_work(planner, work.home)
    work.publish(2023)
    assert Round.objects.published().count() == 1
    work.home.planned_end = "2025-06-30"
    with pytest.raises(returns.WorkflowError) as error:
        change_work(planner, work.home)
    assert str(error.value) == "已有进展发布，请写明修改原因；原因写入修改记录。"
    change_work(planner, work.home, "施工许可延期")
    assert work.home.history.first().history_change_reason == "施工许可延期"


@pytest.mark.parametrize("count", [1, 3])
def test_a_new_round_starts_with_the_dates_last_approved(
    world, work, count, planner, django_assert_num_queries
):
    """Else with those of the plan; in the same number of queries however many there are."""
    work.building = lambda **fields: type(work).building(work, planned_end=date(2024, 10, 31))
    work.publish(2023)
    care = world.return_of(world.round(2024), world.care)
    row = work.line(care, work.home).row
    assert (row.planned_start, row.planned_end) == (None, date(2024, 10, 31))
    Component.objects.filter(pk=work.flats.pk).update(planned_end=date(2025, 6, 30))
    parts = [work.home, work.flats] if count > 1 else [work.home]
    ComponentProgress.objects.filter(annual_return=care).delete()
    with django_assert_num_queries(4):
        add_blank(planner, "component", {one.pk: care for one in parts}, "补")
    ends = {row.component: row.planned_end for row in care.componentprogress_rows.all()}
    assert ends[work.home] == date(2024, 10, 31)
    assert ends.get(work.flats, date(2025, 6, 30)) == date(2025, 6, 30)


@pytest.mark.parametrize("model", ["task", "project", "component", "assignment"])
def test_the_pages_of_the_office_answer(world, work, as_person, model):
    things = {
        "task": work.care_task,
        "project": work.project,
        "component": work.home,
        "assignment": work.care_task.assignments.get(),
    }
    client = as_person("planner")
    for name, args in (
        ("changelist", []),
        ("change", [things[model].pk]),
        ("history", [things[model].pk]),
    ):
        url = reverse(f"admin:programs_{model}_{name}", args=args)
        assert client.get(url).status_code == 200


def test_the_office_confirms_what_was_assumed(world, work, as_person):
    row = work.project.assignments.get()
    assert row.is_assumed
    url = reverse("admin:programs_assignment_changelist")
    as_person("planner").post(url, {"action": "confirm", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert not row.is_assumed
    assert row.history.first().history_change_reason == "确认牵头分工"
