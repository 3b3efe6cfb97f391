"""督办: the verbs, who may speak them, and what the database refuses by itself."""

import hashlib
import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, connections, transaction

from indicators import evidence, workflow
from indicators.workflow import Conflict, Refused, Unconfirmed, WorkflowError
from organization.audit import Question, search
from organization.history import Immutable
from organization.models import Unit
from reports.models import Supervision, SupervisionAct, SupervisionFile
from reports.supervision import Marks, may_open, open_supervisions, verbs
from reports.supervision.files import Upload
from reports.supervision.history import steps
from reports.supervision.standing import Mark, Standing, standing
from reports.supervision.subjects import laggards
from reports.supervision.verbs import Closing
from tests.indicators import sample_files
from tests.reports.builders import submitted_year
from tests.reports.supervision_builders import (
    DEADLINE,
    TODAY,
    behind,
    closed,
    days,
    late_work,
    opened,
    terms,
)
from tests.world import World

pytestmark = pytest.mark.django_db
IDENTITY = "11010519491231002X"


@pytest.fixture
def lagging(world: World) -> World:
    behind(world)
    return world


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return settings.MEDIA_ROOT


def again(row: Supervision) -> Supervision:
    return Supervision.objects.get(pk=row.pk)


def refused(kind: type[Exception], verb, *given) -> str:
    """The sentence; and nothing was stored."""
    before = [*Supervision.objects.values(), *SupervisionAct.objects.values()]
    with pytest.raises(kind) as error:
        verb(*given)
    assert [*Supervision.objects.values(), *SupervisionAct.objects.values()] == before
    return str(error.value)


# --- how it stands ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "left", "expected"),
    [
        ("open", 31, Standing.OPEN),
        ("open", 30, Standing.SOON),
        ("open", 0, Standing.SOON),
        ("open", -1, Standing.OVERDUE),
        ("closed", -1, Standing.CLOSED),
        ("cancelled", -1, Standing.CANCELLED),
    ],
)
def test_how_a_row_stands_follows_from_its_deadline(state, left, expected) -> None:
    assert standing(state, days(left), TODAY) is expected


# --- opening ----------------------------------------------------------------------------------


def test_opening_copies_what_everybody_is_shown(lagging: World) -> None:
    row = again(opened(lagging))
    kept = ("number", "title", "about_year", "label_then", "status_then", "value_then", "gap")
    assert {name: getattr(row, name) for name in kept} == {
        "number": "督办〔2024〕1号",
        "title": "护理型床位占比",
        "about_year": 2023,
        "label_then": "明显滞后",
        "status_then": "far_behind",
        "value_then": "45.00%，应达 52%，目标 60%",
        "gap": "还差 150 张（改造）或 375 张（新建）",
    }
    assert (row.indicator, row.as_of, row.nature) == (
        lagging.indicators["W1"],
        date(2023, 12, 31),
        "年报数",
    )
    assert (row.opened_on, row.opened_by, row.state) == (TODAY, lagging.people["planner"], "open")


def test_a_later_correction_leaves_the_row_as_it_was_shown(lagging: World) -> None:
    row = opened(lagging)
    world, rnd = lagging, lagging.plan.rounds.get(year=2023)
    care = world.return_of(rnd, world.care)
    figure = world.figure(rnd, "D1")
    sent = workflow.reopen(world.people["reviewer"], care.pk, care.version, [figure.pk], "漏报")
    sent = world.save(world.people["clerk"], sent, D1=700)
    sent = workflow.submit(world.people["clerk"], sent.pk, sent.version)
    workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    workflow.correct(world.people["planner"], rnd.pk, "更正床位")
    assert again(row).gap == "还差 150 张（改造）或 375 张（新建）"
    assert "W1" not in [
        one.code for one in laggards(world.plan, 2023, list(world.plan.rounds.all()))
    ]


def test_numbers_follow_each_other_in_each_year(lagging: World) -> None:
    rows = [opened(lagging), opened(lagging, "W4"), opened(lagging, "W2", date(2025, 1, 2),
            deadline=date(2025, 3, 1))]  # fmt: skip
    assert [row.number for row in rows] == ["督办〔2024〕1号", "督办〔2024〕2号", "督办〔2025〕1号"]


def test_a_cancelled_row_keeps_its_number(lagging: World, planner) -> None:
    row = opened(lagging)
    verbs.cancel(planner, row.pk, row.version, "开启有误", TODAY)
    assert opened(lagging).number == "督办〔2024〕2号"


def test_the_head_of_the_number_is_the_offices_own(lagging: World, planner) -> None:
    row = verbs.open_supervision(
        planner, lagging.plan, 2023, "indicator", "W1", terms(lagging), "原因", TODAY, "西民督办"
    )
    assert row.number == "西民督办〔2024〕1号"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_open_at_once_get_two_numbers(lagging: World) -> None:
    start, faults = threading.Barrier(3), []

    def open_one(code: str) -> None:
        start.wait()
        try:
            opened(lagging, code)
        except Exception as error:
            faults.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=open_one, args=[code]) for code in ("W1", "W2", "W4")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(Supervision.objects.values_list("serial", flat=True)) == [1, 2, 3]


def test_the_plan_is_locked_before_a_number_is_taken(lagging: World) -> None:
    """What the race above rests on, on every database."""
    asked: list[str] = []

    def note(execute, sql, *given):
        asked.append(sql)
        return execute(sql, *given)

    with connection.execute_wrapper(note):
        opened(lagging)
    locking = next(i for i, sql in enumerate(asked) if 'FROM "plans_plan"' in sql)
    counting = next(i for i, sql in enumerate(asked) if "MAX(" in sql and "serial" in sql)
    assert locking < counting


def test_one_open_row_for_one_thing(lagging: World) -> None:
    row = opened(lagging)
    said = refused(WorkflowError, opened, lagging)
    assert said == f"“护理型床位占比”正在督办（{row.number}），不能重复开启。"


def test_what_was_struck_off_may_be_opened_anew(lagging: World) -> None:
    closed(lagging)
    assert opened(lagging).number == "督办〔2024〕2号"


def test_what_is_not_behind_is_not_opened(lagging: World) -> None:
    said = refused(WorkflowError, opened, lagging, "W3")
    assert said == (
        "按 2023 年已发布的数据，“社工人才总量”没有滞后，不能开启督办；"
        "只在未发布数据里滞后的，请在定稿发布后开启。"
    )


def test_what_is_behind_in_unpublished_figures_only_is_not_opened(world: World, planner) -> None:
    """Nothing of it could be shown to the clerks of other units."""
    from_base = ("400", "1000", [0, 0, 0], "300")
    world.publish(_approved(world, submitted_year(world, 2020, *from_base)))
    submitted_year(world, 2023)
    assert laggards(world.plan, 2023, list(world.plan.rounds.all())) == []
    assert "没有滞后" in refused(WorkflowError, opened, world)


def _approved(world: World, rnd):
    for sent in rnd.returns.all():
        workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    return rnd


def test_a_row_keeps_the_published_value_while_another_is_handed_in(lagging: World) -> None:
    """An approved correction that is not published yet leaves no trace in the list."""
    world, rnd = lagging, lagging.plan.rounds.get(year=2023)
    care = world.return_of(rnd, world.care)
    figure = world.figure(rnd, "D1")
    sent = workflow.reopen(world.people["reviewer"], care.pk, care.version, [figure.pk], "漏报")
    sent = world.save(world.people["clerk"], sent, D1=430)
    workflow.submit(world.people["clerk"], sent.pk, sent.version)
    assert opened(world).value_then == "45.00%，应达 52%，目标 60%"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"deadline": days(-1)}, "时限不能早于 2024-03-01，请改正。"),
        ({"measures": " "}, "请填写措施。"),
        ({"lead": ""}, "请填写责任领导。"),
        ({"measures": "字" * 1001}, "措施最多 1000 字，现有 1001 字，请缩短。"),
        ({"lead": "字" * 61}, "责任领导最多 60 字，现有 61 字，请缩短。"),
        ({"measures": f"联系 {IDENTITY}"}, "措施里像是含有 18 位身份证号码，请删去。"),
    ],
)
def test_what_cannot_be_agreed_is_said(lagging: World, changes, sentence) -> None:
    assert refused(WorkflowError, lambda: opened(lagging, **changes)) == sentence


def test_a_unit_of_another_bureau_or_one_that_ended_is_refused(lagging: World) -> None:
    foreign = Unit.objects.create(code="YY", name="外县民政局", kind="bureau")
    said = refused(WorkflowError, lambda: opened(lagging, unit=foreign))
    assert said == "责任单位不在编制规划的局，请重新选择。"
    old = Unit.objects.create(
        code="XA-9", name="老股", kind="department", bureau=lagging.bureau, valid_until=2023
    )
    said = refused(WorkflowError, lambda: opened(lagging, unit=old))
    assert said == "“老股”已经撤并，请选现行的单位。"


# --- tasks, projects, components --------------------------------------------------------------


def test_tasks_projects_and_their_components_are_opened_too(work, planner) -> None:
    late_work(work)
    world = work.world
    found = [(kind, code) for kind, code in (("task", "4.1-1"), ("project", "Z3-1"),
             ("component", "Z3-1-2"))]  # fmt: skip
    rows = [
        verbs.open_supervision(planner, world.plan, 2023, *key, terms(world), "原因", TODAY)
        for key in found
    ]
    assert [(row.title, row.label_then, row.value_then) for row in rows] == [
        ("强化养老机构", "滞后", "措施办结 1/3 项"),
        ("养老院建设", "滞后", "完成投资 400.5 万元"),
        ("养老院建设：老年公寓", "滞后", "谋划"),
    ]
    assert (rows[2].project, rows[2].component) == (work.project, work.flats)
    keys = open_supervisions(world.plan, TODAY)
    assert {key: mark.pk for key, mark in keys.items()} == {
        ("task", "4.1-1"): rows[0].pk,
        ("project", "Z3-1"): rows[1].pk,
        ("component", "Z3-1-2"): rows[2].pk,
    }


def test_a_component_stands_for_its_project_where_that_is_not_followed_up(work, planner) -> None:
    late_work(work)
    row = verbs.open_supervision(
        planner, work.world.plan, 2023, "component", "Z3-1-1", terms(work.world), "原因", TODAY
    )
    assert {key: mark.pk for key, mark in open_supervisions(work.world.plan, TODAY).items()} == {
        ("project", "Z3-1"): row.pk,
        ("component", "Z3-1-1"): row.pk,
    }


# --- changing it ------------------------------------------------------------------------------


def test_a_revision_keeps_old_and_new(lagging: World, planner) -> None:
    row = opened(lagging)
    changed = terms(lagging, unit=lagging.affairs, deadline=days(200), measures="另换办法。")
    row = verbs.revise(planner, row.pk, row.version, changed, "资金推迟到位", days(1))
    assert (row.unit, row.deadline, row.measures, row.version) == (
        lagging.affairs, days(200), "另换办法。", 2,
    )  # fmt: skip
    step = steps(row)[0]
    assert (step.what, step.why) == ("调整督办（2024-03-02）", "资金推迟到位")
    assert [(one.label, one.old, one.new) for one in step.changes] == [
        ("措施", "加快改造。", "另换办法。"),
        ("责任单位", "养老股", "社会事务股"),
        ("时限", "2024-06-30", "2024-09-17"),
    ]


def test_a_later_deadline_needs_a_reason_an_earlier_one_none(lagging: World, planner) -> None:
    row = opened(lagging)
    later = terms(lagging, deadline=days(300))
    said = refused(WorkflowError, verbs.revise, planner, row.pk, 1, later, " ", TODAY)
    assert said == "时限往后延，请写明延期的原因。"
    sooner = terms(lagging, deadline=days(5))
    assert verbs.revise(planner, row.pk, 1, sooner, "", TODAY).deadline == days(5)


def test_a_deadline_gone_by_may_stay_while_measures_change(lagging: World, planner) -> None:
    row = opened(lagging)
    late = date(2024, 8, 1)
    row = verbs.revise(planner, row.pk, 1, terms(lagging, measures="再加力度。"), "", late)
    assert row.deadline == DEADLINE
    gone = terms(lagging, deadline=date(2024, 7, 31))
    said = refused(WorkflowError, verbs.revise, planner, row.pk, 2, gone, "延期", late)
    assert said == "时限不能早于 2024-08-01，请改正。"


def test_a_revision_that_changes_nothing_is_refused(lagging: World, planner) -> None:
    row = opened(lagging)
    said = refused(WorkflowError, verbs.revise, planner, row.pk, 1, terms(lagging), "", TODAY)
    assert said == "措施、时限、责任单位和责任领导都没有改动，不用保存。"


def test_whoever_saw_an_older_row_changes_nothing(lagging: World, planner) -> None:
    row = opened(lagging)
    verbs.revise(planner, row.pk, 1, terms(lagging, measures="先改。"), "", TODAY)
    said = refused(
        Conflict, verbs.revise, planner, row.pk, 1, terms(lagging, measures="后改。"), "", TODAY
    )
    assert said == (
        "这条督办在您打开页面之后已被他人改动；请对照最新内容后再调整，填写的内容还在下面。"
    )


# --- progress ---------------------------------------------------------------------------------


def test_notes_are_added_by_the_unit_and_change_no_version(lagging: World, clerk) -> None:
    row = opened(lagging)
    verbs.note_progress(clerk, row.pk, days(3), "已开工。\r\n 完成一半 ", days(4))
    act = row.acts.first()
    assert (act.verb, act.on, act.text, act.by) == ("note", days(3), "已开工。\n 完成一半", clerk)
    assert again(row).version == row.version
    assert [step.what for step in steps(row)] == [
        "报告进展（2024-03-04）",
        "开启督办（2024-03-01）",
    ]


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (days(1), "进展日期不能晚于今天，请改正。"),
        (days(-1), "进展日期不能早于开启日期 2024-03-01，请改正。"),
    ],
)
def test_the_day_of_a_note_lies_between_opening_and_today(lagging, clerk, on, sentence) -> None:
    row = opened(lagging)
    assert refused(WorkflowError, verbs.note_progress, clerk, row.pk, on, "开工", TODAY) == sentence


def test_a_note_is_never_changed_nor_removed(lagging: World, clerk) -> None:
    row = opened(lagging)
    note = verbs.note_progress(clerk, row.pk, TODAY, "已开工。", TODAY)
    note.text = "没开工。"
    with pytest.raises(Immutable):
        note.save()
    with pytest.raises(Immutable):
        note.delete()


def test_nothing_is_noted_on_a_row_that_ended(lagging: World, clerk) -> None:
    row = closed(lagging)
    said = refused(Conflict, verbs.note_progress, clerk, row.pk, TODAY, "开工", TODAY)
    assert said == "这条督办现在是“已销号”，不能报告进展；请刷新页面查看。"


# --- striking off -----------------------------------------------------------------------------


def test_striking_off_says_what_was_achieved_and_by_which_document(lagging: World) -> None:
    row = again(closed(lagging))
    assert (row.state, row.ended_on, row.outcome, row.document) == (
        "closed", TODAY, "床位已投用。", "民政〔2024〕8号",
    )  # fmt: skip
    assert steps(row)[0].why == "床位已投用。\n依据：民政〔2024〕8号"


def test_striking_off_needs_proof(lagging: World, planner) -> None:
    row = opened(lagging)
    bare = Closing(TODAY, "床位已投用。")
    said = refused(WorkflowError, verbs.close, planner, row.pk, 1, bare, TODAY)
    assert said == "销号要有依据：请填写依据文件的名称和文号，或上传一份文件。"
    said = refused(WorkflowError, verbs.close, planner, row.pk, 1, Closing(TODAY, " "), TODAY)
    assert said == "请填写取得的成效。"


def test_a_file_proves_as_well_and_is_checked_like_evidence(lagging: World, files) -> None:
    row = closed(lagging, document="", upload=Upload("验收.pdf", sample_files.pdf()))
    kept = SupervisionFile.objects.get()
    assert (kept.name, kept.content_type, kept.act.supervision) == (
        "验收.pdf", "application/pdf", row,
    )  # fmt: skip
    assert kept.sha256 == hashlib.sha256(sample_files.pdf()).hexdigest()
    assert evidence.content_of(kept) == sample_files.pdf()
    assert list(evidence.damages()) == []
    (files / kept.file.name).write_bytes(b"changed")
    assert list(evidence.damages()) == [
        f"被改动过：督办〔2024〕1号 护理型床位占比 “验收.pdf”（{kept.file.name}）"
    ]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("验收.exe", b"MZ", WorkflowError),
        ("验收.pdf", b"no pdf", WorkflowError),
        (f"{IDENTITY}.pdf", sample_files.pdf(), Unconfirmed),
    ],
)
def test_what_is_no_evidence_is_refused(lagging, planner, name, content, kind) -> None:
    row = opened(lagging)
    closing = Closing(TODAY, "床位已投用。", "", Upload(name, content))
    refused(kind, verbs.close, planner, row.pk, 1, closing, TODAY)
    assert not default_storage.exists("") or default_storage.listdir("")[1] == []


def test_a_refused_closing_leaves_no_file_behind(lagging: World, planner, monkeypatch) -> None:
    row = opened(lagging)
    closing = Closing(TODAY, "床位已投用。", "", Upload("验收.pdf", sample_files.pdf()))
    refused(Conflict, verbs.close, planner, row.pk, 7, closing, TODAY)

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(SupervisionFile, "save", broken)
    refused(RuntimeError, verbs.close, planner, row.pk, 1, closing, TODAY)
    assert default_storage.listdir("")[1] == []


# --- taking back ------------------------------------------------------------------------------


def test_a_row_opened_in_error_is_cancelled_with_its_reason(lagging: World, planner) -> None:
    row = opened(lagging)
    assert refused(WorkflowError, verbs.cancel, planner, row.pk, 1, " ", TODAY) == (
        "请写明撤销的原因。"
    )
    row = verbs.cancel(planner, row.pk, 1, "重复", days(1))
    assert (row.state, row.outcome, row.ended_on) == ("cancelled", "重复", days(1))
    said = refused(Conflict, verbs.reopen, planner, row.pk, 2, days(9), "又要督办", days(2))
    assert said == "这条督办现在是“已撤销”，不能恢复；请刷新页面查看。"


def test_a_row_struck_off_too_early_goes_on_under_its_number(lagging: World, planner) -> None:
    row = closed(lagging)
    row = verbs.reopen(planner, row.pk, row.version, days(60), "床位又停用", days(30))
    assert (row.number, row.state, row.deadline, row.outcome, row.ended_on) == (
        "督办〔2024〕1号", "open", days(60), "", None,
    )  # fmt: skip
    assert [(step.act.verb, step.act.text) for step in steps(row)][:2] == [
        ("reopen", "床位又停用"),
        ("close", "床位已投用。"),
    ]


def test_reopening_needs_a_reason_a_deadline_ahead_and_no_other_open_row(lagging, planner) -> None:
    row = closed(lagging)
    given = (planner, row.pk, row.version)
    assert refused(WorkflowError, verbs.reopen, *given, days(9), "", TODAY) == (
        "请写明恢复督办的原因。"
    )
    assert refused(WorkflowError, verbs.reopen, *given, days(1), "停用", days(2)) == (
        "新的时限不能早于今天，请改正。"
    )
    other = opened(lagging)
    assert refused(WorkflowError, verbs.reopen, *given, days(9), "停用", TODAY) == (
        f"“护理型床位占比”正在督办（{other.number}），不能重复开启。"
    )


# --- who --------------------------------------------------------------------------------------

WHO = ["clerk", "other_clerk", "reviewer", "planner", "leader", "sysadmin", "auditor"]


@pytest.mark.parametrize("who", [name for name in WHO if name != "planner"])
def test_only_the_office_opens_changes_and_strikes_off(lagging: World, planner, who) -> None:
    row, user = opened(lagging), lagging.people[who]
    office = "督办由规划管理员开启、调整、销号和撤销。"
    given, plan = terms(lagging, measures="别的。"), lagging.plan
    closing = Closing(TODAY, "成效", "文")
    for verb, args in (
        (verbs.open_supervision, (plan, 2023, "indicator", "W2", given, "原因", TODAY)),
        (verbs.revise, (row.pk, 1, given, "", TODAY)),
        (verbs.close, (row.pk, 1, closing, TODAY)),
        (verbs.cancel, (row.pk, 1, "有误", TODAY)),
        (verbs.reopen, (row.pk, 1, days(9), "有误", TODAY)),
    ):
        assert refused(Refused, verb, user, *args) == office
    assert not may_open(user, lagging.plan) and may_open(planner, lagging.plan)


def test_progress_is_told_by_the_unit_or_the_office(lagging: World) -> None:
    row = opened(lagging)
    told = []
    for who in WHO:
        try:
            verbs.note_progress(lagging.people[who], row.pk, TODAY, "已开工。", TODAY)
        except Refused as error:
            assert str(error) == "进展由责任单位的填报员或规划管理员报告。"
        else:
            told.append(who)
    assert told == ["clerk", "planner"]


def test_the_successor_of_a_unit_goes_on_with_its_rows(lagging: World, other_clerk) -> None:
    row = opened(lagging)
    Unit.objects.filter(pk=lagging.care.pk).update(valid_until=2023, successor=lagging.affairs)
    verbs.note_progress(other_clerk, row.pk, TODAY, "接着办。", TODAY)
    assert row.acts.first().by == other_clerk


# --- what stays written down ------------------------------------------------------------------


def test_every_verb_stands_in_the_audit_trail(lagging: World, planner, clerk) -> None:
    row = opened(lagging)
    verbs.note_progress(clerk, row.pk, TODAY, "已开工。", TODAY)
    row = verbs.revise(planner, row.pk, 1, terms(lagging, lead="副局长"), "", TODAY)
    row = verbs.close(planner, row.pk, 2, Closing(TODAY, "床位已投用。", "文"), TODAY)
    row = verbs.reopen(planner, row.pk, 3, days(9), "又停用", TODAY)
    verbs.cancel(planner, row.pk, 4, "有误", TODAY)
    deeds = search(Question(kind="reports.supervisionact"), None, 20).entries
    assert [(one.action, one.why, one.subject) for one in deeds] == [
        (action, why, "督办〔2024〕1号 护理型床位占比")
        for action, why in (
            ("撤销督办", "有误"),
            ("恢复督办", "又停用"),
            ("销号", "床位已投用。"),
            ("调整督办", ""),
            ("报告进展", "已开工。"),
            ("开启督办", "按 2023 年已发布的数据：明显滞后，还差 150 张（改造）或 375 张（新建）"),
        )
    ]
    changes = search(Question(kind="reports.supervision"), None, 20).entries
    assert [(one.who, one.action) for one in changes] == [
        ("甲planner", "修改"), ("甲planner", "修改"), ("甲planner", "修改"), ("甲planner", "修改"),
        ("甲planner", "新建"),
    ]  # fmt: skip
    found = search(Question(kind="reports.supervisionact", words="床位已投用"), None, 20).entries
    assert [one.action for one in found] == ["销号"]


# --- what the database refuses by itself ------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"indicator": None}, "一条督办只针对一个指标、一项任务或一个项目。"),
        ({"deadline": days(-1)}, "时限不能早于开启日期。"),
        ({"state": "closed"}, "销号要写明成效，撤销要写明原因，都要有日期。"),
        ({"outcome": "成效"}, "销号要写明成效，撤销要写明原因，都要有日期。"),
    ],
)
def test_a_row_that_contradicts_itself_is_not_stored(lagging, changes, sentence) -> None:
    row = opened(lagging)
    for name, value in changes.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError) as error:
        row.validate_constraints()
    assert error.value.messages == [sentence]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_one_row_names_one_kind_of_thing(work, planner) -> None:
    late_work(work)
    world = work.world
    row = verbs.open_supervision(
        planner, world.plan, 2023, "task", "4.1-1", terms(world), "原因", TODAY
    )
    row.project = work.project
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    row.project, row.component = None, work.home
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_no_number_and_no_open_thing_stands_twice(lagging: World) -> None:
    first, second = opened(lagging), opened(lagging, "W2")
    second.serial = first.serial
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    second.serial, second.indicator = 2, first.indicator
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()


# --- beside a laggard -------------------------------------------------------------------------


def test_other_pages_learn_of_all_open_rows_in_one_query(
    lagging: World, django_assert_num_queries
) -> None:
    row, _ = opened(lagging), closed(lagging, "W2")
    with django_assert_num_queries(1):
        found = open_supervisions(lagging.plan, date(2024, 6, 30))
    mark = Mark(row.pk, "督办〔2024〕1号", Standing.SOON, DEADLINE)
    assert found == {("indicator", "W1"): mark}
    assert Marks(found).of("indicator", "W1") == mark and Marks(found).of("task", "W1") is None
