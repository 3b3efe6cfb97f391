"""How the work stands in a year: whose state is shown, what counts, and at what price."""

from datetime import date

import pytest

from indicators import workflow
from indicators.models import Layer
from plans.versions import tokens_of
from programs.content import to_json
from programs.models import Component, Project, Task
from programs.standing import works
from tests.work import Work

pytestmark = pytest.mark.django_db


def outside(work: Work, code: str = "W-01", *related: Project, grade: str = "firm") -> Project:
    """A project that the text names outside of the boxes, in one piece."""
    project = Project.objects.create(
        plan=work.world.plan, code=code, order=5, name="文中的养老院", grade=grade,
        clause=work.care_task.clause, kind="construction",
    )  # fmt: skip
    Component.objects.create(project=project, order=1, name=project.name, grade=grade)
    project.related.set(related)
    return project


def more(work: Work, count: int) -> None:
    """Tasks and projects like the first ones, published like them."""
    for model, first in ((Task, work.care_task), (Project, work.project)):
        for number in range(count):
            one = model.objects.get(pk=first.pk)
            one.pk, one.code, one.order = None, f"{one.code}+{number}", 100 + number
            one.save()
            if model is Project:
                Component.objects.create(project=one, order=1, name="子项", grade="firm")


def told(found) -> list[tuple[str, str]]:
    tasks = [(one.task.code, one.label) for one in found.tasks]
    return tasks + [(str(one.component), one.label) for one in found.components]


def test_official_is_what_was_published(work: Work) -> None:
    assert {label for _, label in told(works(work.world.plan, 2023))} == {"未填报"}
    work.publish(2023)
    assert told(works(work.world.plan, 2023)) == [
        ("4.1-1", "推进中"),
        ("4.1-2", "未启动"),
        ("Z3-1-1 失能老人养老院", "推进中"),
        ("Z3-1-2 老年公寓", "未启动"),
    ]


def test_provisional_is_what_was_handed_in_and_no_draft(work: Work, clerk) -> None:
    world = work.world
    rnd = world.round(2023)
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    work.fill(rnd)
    found = works(world.plan, 2023, Layer.PROVISIONAL)
    assert {label for _, label in told(found)} == {"未填报"}
    care = world.return_of(rnd, world.care)
    workflow.submit(clerk, care.pk, care.version)
    assert [label for _, label in told(works(world.plan, 2023, Layer.PROVISIONAL))] == [
        "推进中",
        "未填报",
        "推进中",
        "未启动",
    ]


def test_of_units_out_of_scope_only_the_published_state(work: Work, clerk) -> None:
    world = work.world
    rnd = world.round(2023)
    world.fill(rnd, 30, 50, [1, 1, 0], 460)
    work.fill(rnd)
    care = world.return_of(rnd, world.care)
    workflow.submit(clerk, care.pk, care.version)
    for scope, label in ((None, "推进中"), ([world.care.pk], "推进中"), ([], "未填报")):
        found = works(world.plan, 2023, Layer.PROVISIONAL, scope)
        assert found.tasks[0].label == label


def test_the_newest_round_of_the_year_that_says_something_tells(work: Work, clerk) -> None:
    work.publish(2023)
    care = work.world.return_of(work.world.round(2023, name="补报"), work.world.care)
    said = work.task_done("behind", reason="资金未到位")
    row = work.save(clerk, care, work.care_task, said).row
    assert works(work.world.plan, 2023).tasks[0].round.name == "年报"
    row.published = to_json(said)
    row.save()
    (task, _) = works(work.world.plan, 2023).tasks
    assert (task.round.name, task.label, task.row_id) == ("补报", "滞后", row.pk)


def test_a_task_knows_its_measures_before_anything_is_said(work: Work) -> None:
    found = works(work.world.plan, 2023).tasks
    assert [(one.measures, one.ended) for one in found] == [(3, 0), (1, 0)]
    work.publish(2023)
    found = works(work.world.plan, 2023).tasks
    assert [(one.measures, one.ended) for one in found] == [(3, 1), (1, 0)]


def test_what_overlaps_a_box_is_shown_and_counted_once_there(work: Work) -> None:
    outside(work, "W-01", work.project)
    outside(work, "W-02")
    found = works(work.world.plan, 2023)
    assert [(one.project.code, one.counts, one.counted_in) for one in found.projects] == [
        ("W-01", False, "Z3-1"),
        ("W-02", True, ""),
        ("Z3-1", True, ""),
    ]
    assert [one.project.code for one in found.counted] == ["W-02", "Z3-1"]


def test_two_related_projects_outside_of_the_boxes_both_count(work: Work) -> None:
    outside(work, "W-02", outside(work, "W-01"))
    assert {one.counts for one in works(work.world.plan, 2023).projects} == {True}


def test_a_project_without_components_is_there(work: Work) -> None:
    outside(work).components.all().delete()
    assert [
        (one.project.code, len(one.components)) for one in works(work.world.plan, 2023).projects
    ] == [
        ("W-01", 0),
        ("Z3-1", 2),
    ]


def test_what_is_only_sought_does_not_make_a_firm_project_late(work: Work) -> None:
    work.waiting = lambda: type(work).waiting(
        work, status="behind", reason="未获批", situation="争取"
    )
    work.publish(2023)
    (project,) = works(work.world.plan, 2023).projects
    assert (project.label, project.is_late) == ("推进中", False)
    assert [one.is_late for one in project.components] == [False, True]
    Component.objects.update(grade="seek")
    (project,) = works(work.world.plan, 2023).projects
    assert (project.label, project.is_late) == ("滞后", True)


def test_without_a_planned_end_of_its_own_that_of_the_plan_tells(work: Work) -> None:
    work.publish(2023)
    Component.objects.filter(pk=work.home.pk).update(planned_end=date(2023, 6, 30))
    home, flats = works(work.world.plan, 2023).components
    assert (home.is_late, home.is_overdue, home.planned_end) == (True, True, date(2023, 6, 30))
    assert (flats.is_late, flats.planned_end) == (False, None)


def test_the_number_of_queries_does_not_grow(work: Work, django_assert_num_queries) -> None:
    work.publish(2023)
    rounds = list(work.world.plan.rounds.all())
    for count in (0, 3):
        more(work, count)
        with django_assert_num_queries(5):
            found = works(work.world.plan, 2023)
            assert [unit.name for one in found.components for unit in one.component.townships.all()]
        with django_assert_num_queries(3):
            works(work.world.plan, 2023, rounds=rounds, places=False)


def test_what_is_remembered_is_read_anew_after_any_change(work: Work) -> None:
    plan, bureau = work.world.plan, work.world.bureau
    work.publish(2023)

    def told_now() -> list[str]:
        found = works(plan, 2023, tokens=tokens_of(bureau.pk))
        names = [one.task.name for one in found.tasks] + [one.label for one in found.tasks]
        return names + [str(one.lead.unit) if one.lead else "" for one in found.tasks]

    before = told_now()
    Task.objects.filter(pk=work.care_task.pk).update(name="另一个名称")
    after = told_now()
    assert (before[0] != "另一个名称", after[0], after[1:]) == (True, "另一个名称", before[1:])
    work.care_task.assignments.update(unit=work.world.affairs)
    assert told_now()[-2] == str(work.world.affairs)
