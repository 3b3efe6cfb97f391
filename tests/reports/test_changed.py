"""What changed since the last publication."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import workflow
from indicators.models import Figure, Layer, Round
from organization import permissions
from programs.content import ComponentContent
from reports.changed import Changes, changes
from reports.choice import Choice, visible_indicators
from reports.moves import Direction, direction, fall, turned
from reports.summary import summarize
from reports.works import summarize_work
from tests.reports.builders import more_indicators, published, submitted_year
from tests.work import Work
from tests.world import World

pytestmark = pytest.mark.django_db
OFFICIAL, PROVISIONAL = Layer.OFFICIAL, Layer.PROVISIONAL


def choice_of(world: World, year: int, layer: str = OFFICIAL, who: str = "planner") -> Choice:
    rounds = sorted(world.plan.rounds.all(), key=lambda rnd: rnd.rank, reverse=True)
    user, draft = world.people[who], layer == PROVISIONAL
    scope = permissions.figure_scope(user) if draft else frozenset()
    visible = visible_indicators(user, world.plan, year, rounds) if draft else None
    return Choice(world.plan, [world.plan], year, layer, rounds, visible, draft, scope)


def found(world: World, year: int, layer: str = OFFICIAL, who: str = "planner") -> Changes:
    choice = choice_of(world, year, layer, who)
    summary = summarize(world.plan, year, layer, choice.rounds, choice.visible)
    work = summarize_work(world.plan, year, layer, choice.scope, choice.rounds)
    return changes(summary, choice, work)


def told(one: Changes) -> list[tuple]:
    return [
        (row.row.code, row.direction.label, row.then.text, row.now.text, row.turned)
        for row in one.rows
    ]


def corrected(world: World, rnd: Round, code: str, amount: object, reason: str) -> None:
    """Reopened, changed, approved and published again."""
    figure = Figure.objects.filter(round=rnd, item__code=code).first()
    assert figure is not None
    annual_return = figure.annual_return
    people = world.people
    owner = people["clerk" if annual_return.unit == world.care else "other_clerk"]
    workflow.reopen(
        people["reviewer"], annual_return.pk, annual_return.version, [figure.pk], reason
    )
    saved = world.save(owner, annual_return, **{code: amount})
    sent = workflow.submit(owner, saved.pk, saved.version)
    workflow.approve(people["reviewer"], sent.pk, sent.version)
    workflow.correct(people["planner"], rnd.pk, reason)


def test_statuses_are_held_against_the_year_before_binding_first(world) -> None:
    published(world, 2020, 2021, 2022, 2023)
    one = found(world, 2023)
    assert told(one) == [
        ("W1", "转差", "48.00", "45.00", "由“符合序时”转为“明显滞后”"),
        ("W2", "转差", "33.33", "33.33", "由“快于序时”转为“略有滞后”"),
        ("W3", "转好", "360.00", "400.00", "由“略有滞后”转为“符合序时”"),
    ]
    assert one.sentence == (
        "较上次定稿发布（2023-02-01，2022 年年报）：1项转好，2项转差（约束性1项）。"
    )


def test_the_first_published_year_has_nothing_to_be_held_against(world) -> None:
    published(world, 2020)
    assert found(world, 2020) == Changes("")
    assert found(world, 2020).sentence == ""
    assert found(world, 2020).is_empty


def test_a_year_in_which_nothing_moved_says_so(world) -> None:
    published(world, 2020, 2021)
    one = found(world, 2021)
    assert [row.direction for row in one.rows if not row.direction.moved] == []


def test_a_correction_names_figure_old_and_new_with_its_reason(world) -> None:
    published(world, 2020, 2021)
    rnd = world.plan.rounds.get(year=2021)
    corrected(world, rnd, "D1", "441", "台账重复登记")
    corrected(world, rnd, "D4", "331", "漏报一人")
    one = found(world, 2021)
    assert [(c.round, c.reason, [(f.item, f.then, f.now, f.measure) for f in c.figures])
            for c in one.corrections] == [
        ("2021 年年报", "漏报一人", [("社工人才", "330", "331", "人")]),
        ("2021 年年报", "台账重复登记", [("护理型床位", "440", "441", "张")]),
    ]  # fmt: skip
    assert one.corrected == 2 and "2项更正" in one.sentence


def test_a_correction_of_a_township_says_which(world) -> None:
    published(world, 2020, 2021)
    rnd = world.plan.rounds.get(year=2021)
    figures = Figure.objects.filter(round=rnd, item__code="D3").order_by("unit__order")
    care = world.return_of(rnd, world.care)
    people = world.people
    workflow.reopen(people["reviewer"], care.pk, care.version, [one.pk for one in figures], "认定")
    saved = world.save(people["clerk"], care, D3=[1, 1, 0])
    sent = workflow.submit(people["clerk"], saved.pk, saved.version)
    workflow.approve(people["reviewer"], sent.pk, sent.version)
    workflow.correct(people["planner"], rnd.pk, "新认定一个")
    (one,) = found(world, 2021).corrections
    assert [(f.item, f.unit, f.then, f.now, f.measure) for f in one.figures] == [
        ("建有服务中心", "南乡", "否", "是", "")
    ]


def test_a_correction_without_figures_is_told_by_its_reason(world) -> None:
    published(world, 2020, 2021)
    Round.objects.filter(year=2021).update(
        corrected_at="2022-03-01T00:00:00Z", correction="更正：口径调整"
    )
    (one,) = found(world, 2021).corrections
    assert (one.reason, one.figures, one.on.isoformat()) == ("口径调整", (), "2022-03-01")
    assert found(world, 2021).corrected == 1


def test_the_provisional_layer_is_held_against_what_is_published_of_the_year(world) -> None:
    published(world, 2020, 2021, 2022)
    later = submitted_year(world, 2023)
    one = found(world, 2023, PROVISIONAL)
    assert one.since == "较上次定稿发布（2023-02-01，2022 年年报）"
    for annual_return in later.returns.all():
        workflow.approve(world.people["reviewer"], annual_return.pk, annual_return.version)
    world.publish(later)
    care = world.return_of(later, world.care)
    figure = world.figure(later, "D1")
    workflow.reopen(world.people["reviewer"], care.pk, care.version, [figure.pk], "核对")
    saved = world.save(world.people["clerk"], care, D1="600")
    workflow.submit(world.people["clerk"], saved.pk, saved.version)
    same = found(world, 2023, PROVISIONAL)
    assert same.since == "较已定稿发布（2024-02-01，2023 年年报）"
    assert told(same)[0][:4] == ("W1", "转好", "45.00", "60.00")
    assert told(found(world, 2023, PROVISIONAL, "other_clerk")) == []


def test_newly_finished_and_newly_late_work_is_named(work: Work) -> None:
    work.publish(2023)
    build, done = work.building, work.task_done
    work.building = lambda **fields: build(status="behind", reason="缺资金", **fields)
    work.task_done = lambda: done(
        status="done", measures={
            pk: one.__class__(**{**one.__dict__, "status": "done"})
            for pk, one in done().measures.items()
        }
    )  # fmt: skip
    work.publish(2024)
    one = found(work.world, 2024)
    assert [(w.code, w.label, w.unit) for w in one.finished] == [("4.1-1", "已完成", "养老股")]
    assert [(w.code, w.label, w.unit) for w in one.late] == [("Z3-1", "滞后", "养老股")]
    assert [(w.word, w.is_overdue) for w in one.late] == [("新滞后", False)]
    assert "1项任务、项目新完成，1项任务、项目新滞后或超期" in one.sentence


def test_what_only_passed_its_end_is_called_newly_overdue(work: Work) -> None:
    work.publish(2023)
    build = work.building
    work.building = lambda **fields: build(planned_end=date(2024, 6, 30), **fields)
    work.publish(2024)
    (late,) = found(work.world, 2024).late
    assert (late.code, late.label, late.word, late.is_overdue) == (
        "Z3-1", "推进中", "新超期", True
    )  # fmt: skip


def test_unpublished_work_of_others_is_no_news_for_a_clerk(work: Work) -> None:
    work.publish(2023)
    rnd = work.world.round(2024)
    care, people = work.world.return_of(rnd, work.world.care), work.world.people
    late = ComponentContent(status="behind", reason="缺资金", situation="停工。", stage="structure")
    work.save(people["clerk"], care, work.home, late)
    for one in care.taskprogress_rows.all():
        assert one.published is None
    assert found(work.world, 2024, PROVISIONAL, "other_clerk").late == ()


def test_at_most_two_queries_however_many_indicators(work: Work) -> None:
    work.publish(2023)
    work.publish(2024)

    def queries() -> int:
        choice = choice_of(work.world, 2024)
        summary = summarize(work.world.plan, 2024, OFFICIAL, choice.rounds)
        wanted = summarize_work(work.world.plan, 2024, OFFICIAL, None, choice.rounds)
        assert wanted.works.tasks
        with CaptureQueriesContext(connection) as captured:
            changes(summary, choice, wanted)
        return len(captured)

    assert queries() == 1
    corrected(work.world, work.world.plan.rounds.get(year=2024), "D4", "461", "漏报")
    assert queries() == 2
    more_indicators(work.world, 3)
    assert queries() == 2


@pytest.mark.parametrize(
    ("then", "now", "way", "by"),
    [
        ("slightly_behind", "on_pace", Direction.BETTER, -1),
        ("ahead", "on_pace", Direction.WORSE, 1),
        ("met", "missed_target", Direction.WORSE, 7),
        ("met", "met", Direction.SAME, 0),
        ("not_reported", "met", Direction.NEW, 0),
        ("base", "far_behind", Direction.NEW, 0),
        ("met", "not_judged", Direction.GONE, 0),
        ("not_applicable", "not_reported", Direction.OPEN, 0),
    ],
)
def test_the_direction_is_that_of_the_status(then, now, way, by) -> None:
    assert (direction(then, now), fall(then, now)) == (way, by)


def test_the_words_name_both_ends() -> None:
    assert turned("略有滞后", "符合序时") == "由“略有滞后”转为“符合序时”"
    assert turned("符合序时", "符合序时") == ""
