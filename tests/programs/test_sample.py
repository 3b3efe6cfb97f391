"""The sample of `make run` tells something of all the work of its plan, every year."""

from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from PIL import Image

from indicators.models import AnnualReturn, Evidence, Figure, Knowledge, Round
from plans.models import Plan
from programs import rollup, sheet
from programs.loading import load_plan
from programs.models import Component, ComponentProgress, Stage, Task, TaskProgress, WorkStatus
from programs.sample_pictures import SCENES, picture
from programs.standing import works
from tests.indicators.plan_folder import FIRST

pytestmark = pytest.mark.django_db

SAME = {"W-05": "Z2-4", "W-08": "Z3-4"}


@pytest.fixture
def sampled(settings, tmp_path) -> Plan:
    settings.SAMPLE_DATA, settings.MEDIA_ROOT = True, tmp_path
    plan = load_plan(FIRST)
    call_command("load_sample", stdout=StringIO())
    plan.refresh_from_db()
    return plan


def test_the_sample_tells_of_all_work(sampled: Plan) -> None:
    said_every_time(sampled)
    every_status_and_stage_is_shown(sampled)
    what_stands_out_is_there(sampled)
    the_same_thing_is_told_the_same_way(sampled)
    every_number_names_a_document()
    nothing_is_owed_or_contradicts_itself()
    a_draft_is_left_half_filled()
    pictures_are_shown_at_their_component()


def said_every_time(plan: Plan) -> None:
    """In each published round of the plan; and no row of the tables names what is not there."""
    rounds = Round.objects.filter(published_at__isnull=False, year__gte=plan.start_year)
    assert rounds.count() == 6
    for rnd in rounds:
        of_round = {"annual_return__round": rnd, "published__isnull": False}
        assert TaskProgress.objects.filter(**of_round).count() == Task.objects.count() == 38
        components = ComponentProgress.objects.filter(**of_round)
        assert components.count() == Component.objects.count() == 50


def every_status_and_stage_is_shown(plan: Plan) -> None:
    shown = [works(plan, year) for year in plan.years]
    statuses = {one.status for year in shown for one in [*year.tasks, *year.components]}
    assert statuses == set(WorkStatus.values)  # 未填 is the year before the plan
    told = [one.content for year in shown for one in year.components if one.content]
    assert {one.stage for one in told} == set(Stage.values)
    assert {source for one in told for source in one.money} == {
        "central", "province", "county", "lottery", "private", "other"
    }  # fmt: skip


def what_stands_out_is_there(plan: Plan) -> None:
    newest = works(plan, 2025)
    behind = {one.task.code for one in newest.late_tasks}
    overdue = {
        one.component.project.code
        for one in newest.components
        if one.is_late and one.status != WorkStatus.BEHIND
    }
    assert (behind, overdue) == ({"3.3-4", "4.4-2"}, {"W-08", "W-16", "Z3-4"})
    fell = ComponentProgress.objects.exclude(fall_reason="").filter(published__isnull=False)
    assert {row.component.project.code for row in fell} == {"Z3-1", "W-12", "W-14", "W-17"}
    money = rollup.money(one.content for one in newest.components)
    assert money.planned and money.arrived and money.spent
    assert money.planned > money.arrived > money.spent


def the_same_thing_is_told_the_same_way(plan: Plan) -> None:
    """What is named outside of the boxes and stands in one as well: not done before that is."""
    for year in plan.years:
        standings = {one.project.code: one.status for one in works(plan, year).projects}
        done = {code for code, status in standings.items() if status == WorkStatus.DONE}
        assert {same for own, same in SAME.items() if own in done} <= done


def every_number_names_a_document() -> None:
    told = Figure.objects.filter(knowledge=Knowledge.HAVE)
    bare = told.exclude(document_no__endswith="（演示）", document_date__isnull=False)
    assert told.exists() and not bare.exists()


def nothing_is_owed_or_contradicts_itself() -> None:
    """Also in the backfill round, which the verbs let pass with less."""
    told = [
        (line.label, line.faults, line.owed, line.hints)
        for annual_return in AnnualReturn.objects.select_related("round")
        for line in sheet.lines(annual_return)
        if line.content.status
    ]
    assert [one for one in told if any(one[1:])] == []
    texts = [row.situation for row in TaskProgress.objects.exclude(situation="")]
    assert len(set(texts)) > len(texts) // 2


def a_draft_is_left_half_filled() -> None:
    draft = AnnualReturn.objects.get(round__published_at=None, unit__code="ZS-YLET")
    blank = [line for line in sheet.lines(draft) if not line.content.status]
    assert 0 < len(blank) < len(sheet.lines(draft))


def pictures_are_shown_at_their_component() -> None:
    shown = {(one.annual_return.round.year, one.part_name) for one in Evidence.objects.all()}
    home = "Z3-3 县乡养老福利机构建设项目 · 县失能老人敬老院"
    assert shown == {(2023, home), (2024, home), (2024, "W-16 县殡仪馆扩建")}
    keys = {row.key for row in ComponentProgress.objects.all()}
    assert {one.part for one in Evidence.objects.all()} <= keys


@pytest.mark.parametrize("scene", SCENES)
def test_pictures_are_drawn_the_same_every_time_and_marked(scene: str) -> None:
    content = picture(scene)
    assert content == picture(scene)
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size) == ("PNG", (960, 640))
        assert (156, 47, 47) in {image.getpixel((x, 60)) for x in range(40, 190)}
