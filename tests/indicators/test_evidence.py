"""佐证材料 and 台账抽查: who attaches and removes what when, and whether a file is still itself."""

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from indicators import evidence, workflow
from indicators.models import AnnualReturn, Evidence, Figure, ReturnAct, SpotCheck
from organization.models import User
from tests.indicators import sample_files as files
from tests.world import World

pytestmark = pytest.mark.django_db
IDENTITY = "11010519491231002X"


@pytest.fixture(autouse=True)
def empty_store(settings, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    yield settings.MEDIA_ROOT


@pytest.fixture
def care(world: World) -> AnnualReturn:
    return world.return_of(world.round(), world.care)


def attach(
    user: User, annual_return: AnnualReturn, figure: Figure | None = None, **options: object
) -> Evidence:
    given = {"name": "检查表.pdf", "content": files.pdf(), **options}
    return evidence.attach(user, annual_return, figure, **given)


def submitted(world: World, care: AnnualReturn) -> AnnualReturn:
    world.save(world.people["clerk"], care, D1=150, D2=300, D3=[1, 1, 1])
    care.refresh_from_db()
    return workflow.submit(world.people["clerk"], care.pk, care.version)


def approved(world: World, care: AnnualReturn) -> AnnualReturn:
    sent = submitted(world, care)
    return workflow.approve(world.people["reviewer"], sent.pk, sent.version)


def published(world: World) -> AnnualReturn:
    rnd = world.plan.rounds.get()
    world.fill(rnd, 150, 300, [1, 1, 1], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    return world.return_of(rnd, world.care)


def stored(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.exists() else []


# --- attaching -------------------------------------------------------------------------------


def test_a_file_is_kept_with_its_checksum_under_a_name_of_its_own(
    world: World, care: AnnualReturn, empty_store: Path
) -> None:
    figure = world.figure(care.round, "D1")
    found = attach(world.people["clerk"], care, figure, note=" 第 3 页 ")
    (path,) = stored(empty_store)
    assert path.read_bytes() == files.pdf()
    assert len(path.name) == 32 and path.suffix == ""
    assert oct(path.stat().st_mode)[-3:] == "600"
    assert (found.name, found.size, found.note) == ("检查表.pdf", len(files.pdf()), "第 3 页")
    assert found.sha256 == hashlib.sha256(files.pdf()).hexdigest()
    assert evidence.content_of(found) == files.pdf()
    told = [(act.get_verb_display(), act.reason) for act in care.acts.all()]
    assert told == [("添加佐证", "“检查表.pdf”（D1 护理型床位）")]
    assert [str(h.history_user) for h in found.history.all()] == ["甲clerk"]


def test_attaching_leaves_the_open_page_usable(world: World, care: AnnualReturn) -> None:
    attach(world.people["clerk"], care)
    entries = world.entries(care, D1=150)
    workflow.save_draft(world.people["clerk"], care.pk, care.version, entries)
    assert world.figure(care.round, "D1").amount == 150


def test_evidence_does_not_touch_four_eyes(world: World, care: AnnualReturn) -> None:
    """Neither does attaching make an author, nor does it let an author approve."""
    clerk = world.people["clerk"]
    clerk.roles = ["clerk", "reviewer"]
    clerk.save()
    clerk.review_units.add(world.care)
    sent = submitted(world, care)
    attach(clerk, care)
    with pytest.raises(workflow.Refused):
        workflow.approve(clerk, sent.pk, sent.version)
    assert workflow.approve(world.people["reviewer"], sent.pk, sent.version).status == "approved"


WHO_ATTACHES = {
    # state: those who may
    "draft": {"clerk", "planner"},
    "submitted": {"clerk", "planner"},
    "approved": {"planner"},
}


@pytest.mark.parametrize("state", WHO_ATTACHES)
def test_who_attaches_in_which_state(world: World, care: AnnualReturn, state: str) -> None:
    {"draft": lambda *_: None, "submitted": submitted, "approved": approved}[state](world, care)
    allowed = set()
    for name, user in world.people.items():
        try:
            attach(user, care, content=files.pdf(name.encode()))
        except workflow.Refused:
            continue
        allowed.add(name)
    assert allowed == WHO_ATTACHES[state]


def test_an_approved_return_says_who_can_still_add(world: World, care: AnnualReturn) -> None:
    approved(world, care)
    with pytest.raises(workflow.Refused) as refused:
        attach(world.people["clerk"], care)
    assert str(refused.value) == "这张监测表已审核，不能再添加佐证材料；需要补充请联系规划管理员。"


def test_the_same_file_twice_on_a_return_is_refused(
    world: World, care: AnnualReturn, empty_store: Path
) -> None:
    attach(world.people["clerk"], care)
    with pytest.raises(workflow.WorkflowError) as refused:
        attach(world.people["clerk"], care, world.figure(care.round, "D1"), name="另名.pdf")
    assert str(refused.value) == "这张监测表已有同一份文件“检查表.pdf”，不用重复上传。"
    other = world.return_of(care.round, world.affairs)
    attach(world.people["other_clerk"], other)
    assert len(stored(empty_store)) == Evidence.objects.count() == 2


def test_a_figure_of_another_return_is_refused(world: World, care: AnnualReturn) -> None:
    with pytest.raises(workflow.WorkflowError) as refused:
        attach(world.people["clerk"], care, world.figure(care.round, "D4"))
    assert str(refused.value) == "所选的数据不在这张监测表里，请重新选择。"


def test_a_return_holds_a_bounded_number_of_files(
    world: World, care: AnnualReturn, monkeypatch
) -> None:
    monkeypatch.setattr(evidence, "MOST", 1)
    attach(world.people["clerk"], care)
    with pytest.raises(workflow.WorkflowError) as refused:
        attach(world.people["clerk"], care, content=files.pdf(b"two"))
    assert str(refused.value) == "一张监测表最多 1 份佐证材料，请合并后再上传。"


@pytest.mark.parametrize(
    "given",
    [
        {"content": b"MZ"},
        {"name": "a.docx", "content": files.bomb()},
        {"name": "a.png", "content": files.png()[:-60]},
        {"name": "a.jpg", "content": files.jpg()[:200]},
        {"note": "长" * 301},
        {"note": IDENTITY},
        {"figure": "foreign"},
    ],
)
def test_what_is_refused_leaves_nothing_behind(
    world: World, care: AnnualReturn, empty_store: Path, given: dict, tmp_path, monkeypatch
) -> None:
    own = tmp_path / "temporary"  # the machine's folder is shared with whatever else runs
    own.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    if given.get("figure"):
        given = {"figure": world.figure(care.round, "D4")}
    with pytest.raises(workflow.WorkflowError):
        attach(world.people["clerk"], care, **given)
    assert (stored(empty_store), Evidence.objects.count(), care.acts.count()) == ([], 0, 0)
    assert os.listdir(own) == []


def test_a_file_whose_row_cannot_be_written_is_taken_away(
    world: World, care: AnnualReturn, empty_store: Path, monkeypatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(ReturnAct.objects, "create", fail)
    with pytest.raises(IntegrityError):
        attach(world.people["clerk"], care)
    assert (stored(empty_store), Evidence.objects.count()) == ([], 0)


def test_an_image_with_too_many_pixels_is_refused(world: World, care: AnnualReturn) -> None:
    """Small to send, 180 MB to unpack."""
    content = files.image("PNG", (10_000, 6_100))
    with pytest.raises(workflow.WorkflowError) as refused:
        attach(world.people["clerk"], care, name="a.png", content=content)
    assert str(refused.value) == "图片“a.png”打不开或尺寸过大，请重新导出后再上传。"


@pytest.mark.parametrize("place", ["name", "note"])
def test_an_identity_number_is_refused_until_confirmed(
    world: World, care: AnnualReturn, place: str
) -> None:
    clerk, given = world.people["clerk"], {place: f"{IDENTITY}.pdf"}
    with pytest.raises(workflow.Unconfirmed) as refused:
        attach(clerk, care, **given)
    assert str(refused.value) == (
        "文件名或说明里像是含有 18 位身份证号码：请删去；"
        "确实不是的，请勾选“已确认不含个人身份信息”后再提交。"
    )
    found = attach(clerk, care, **given, confirmed=True)
    assert found.history.get().history_change_reason == "已确认不含个人身份信息"


# --- notes and texts of the return ---------------------------------------------------------


def test_notes_with_an_identity_number_are_refused_until_confirmed(
    world: World, care: AnnualReturn
) -> None:
    clerk, figure = world.people["clerk"], world.figure(care.round, "D1")
    entries = {figure.pk: workflow.Entry(150, "have", note=f"张某 {IDENTITY}")}
    texts = {world.indicators["W1"].pk: workflow.Texts(cause=f"户主{IDENTITY}")}
    with pytest.raises(workflow.Unconfirmed) as refused:
        workflow.save_draft(clerk, care.pk, care.version, entries, texts)
    assert str(refused.value) == (
        "“D1 护理型床位”的备注或文号、“W1 护理型床位占比”的情况说明里像是含有 18 位身份证号码："
        "请删去；确实不是的，请勾选“已确认不含个人身份信息”后再提交。"
    )
    workflow.save_draft(clerk, care.pk, care.version, entries, texts, confirmed=True)
    figure.refresh_from_db()
    assert figure.note == f"张某 {IDENTITY}"
    assert figure.history.latest().history_change_reason == "已确认不含个人身份信息"


# --- removing -------------------------------------------------------------------------------


def test_removing_takes_the_file_and_keeps_the_reason(
    world: World, care: AnnualReturn, empty_store: Path, django_capture_on_commit_callbacks
) -> None:
    found = attach(world.people["clerk"], care)
    key = found.pk
    with django_capture_on_commit_callbacks(execute=True):
        evidence.remove(world.people["clerk"], found, "传错了")
    assert (stored(empty_store), Evidence.objects.count()) == ([], 0)
    last = Evidence.history.filter(id=key).latest()
    assert (last.history_type, last.history_change_reason) == (
        "-",
        "删除佐证“检查表.pdf”（整张监测表）：传错了",
    )
    act = care.acts.last()
    assert (act.get_verb_display(), act.reason) == (
        "删除佐证",
        "“检查表.pdf”（整张监测表）　原因：传错了",
    )


def removal(user: User, found: Evidence, reason: str = "传错了") -> str:
    """The sentence of the refusal."""
    with pytest.raises(workflow.WorkflowError) as refused:
        evidence.remove(user, found, reason)
    assert Evidence.objects.filter(pk=found.pk).exists()
    return str(refused.value)


KEPT = "监测表已经审核或发布，它的佐证材料作为依据保留，不能删除。"


def test_what_the_reviewer_looks_at_stays(world: World, care: AnnualReturn) -> None:
    found = attach(world.people["clerk"], care)
    sent = submitted(world, care)
    for step in ("submitted", "in review"):
        if step == "in review":
            workflow.start_review(world.people["reviewer"], sent.pk, sent.version)
        for name in ("clerk", "planner"):
            assert removal(world.people[name], found) == (
                "监测表已经报送，审核员看到的佐证材料不能删除；请先撤回，或请审核员退回后再删除。"
            )
    workflow.send_back(world.people["reviewer"], sent.pk, sent.version, "材料不对")
    evidence.remove(world.people["clerk"], found, "传错了")
    assert not Evidence.objects.exists()


def test_evidence_of_an_approved_return_stays(world: World, care: AnnualReturn) -> None:
    found = attach(world.people["clerk"], care)
    approved(world, care)
    assert removal(world.people["clerk"], found) == KEPT
    assert removal(world.people["planner"], found) == KEPT


def test_what_was_approved_stays_also_when_the_return_is_reopened(
    world: World, care: AnnualReturn
) -> None:
    old = attach(world.people["clerk"], care)
    done = approved(world, care)
    workflow.reopen(world.people["reviewer"], done.pk, done.version, [], "补写")
    new = attach(world.people["clerk"], care, content=files.pdf(b"new"))
    assert removal(world.people["clerk"], old) == KEPT
    evidence.remove(world.people["clerk"], new, "传错了")
    assert list(Evidence.objects.all()) == [old]


def test_evidence_of_a_published_return_stays(world: World, care: AnnualReturn) -> None:
    found = attach(world.people["clerk"], care)
    published(world)
    assert removal(world.people["planner"], found) == KEPT


def test_who_may_not_enter_may_not_remove(world: World, care: AnnualReturn) -> None:
    found = attach(world.people["clerk"], care)
    for name in world.people.keys() - {"clerk", "planner"}:
        assert removal(world.people[name], found) == "您只能删除本单位的佐证材料。"


def test_a_removal_needs_a_reason_without_a_number(world: World, care: AnnualReturn) -> None:
    found = attach(world.people["clerk"], care)
    assert removal(world.people["clerk"], found, " ") == "请写明删除佐证材料的原因。"
    sentence = removal(world.people["clerk"], found, f"含 {IDENTITY}")
    assert sentence == "删除原因里像是含有 18 位身份证号码，请删去。"


def test_a_second_removal_is_told(world: World, care: AnnualReturn) -> None:
    found = attach(world.people["clerk"], care)
    evidence.remove(world.people["clerk"], Evidence.objects.get(pk=found.pk), "传错了")
    with pytest.raises(workflow.Conflict) as refused:
        evidence.remove(world.people["clerk"], found, "传错了")
    assert str(refused.value) == "“检查表.pdf”已被删除；请刷新页面查看。"


# --- published, or not ----------------------------------------------------------------------


def test_evidence_counts_as_published_from_the_publication_after_it(
    world: World, care: AnnualReturn
) -> None:
    first = attach(world.people["clerk"], care)
    assert list(Evidence.objects.published()) == []
    done = published(world)
    assert list(Evidence.objects.published()) == [first]
    figure = world.figure(done.round, "D1")
    again = workflow.reopen(
        world.people["reviewer"], done.pk, done.version, [figure.pk], "核实有误"
    )
    second = attach(world.people["clerk"], care, content=files.pdf(b"new"))
    world.save(world.people["clerk"], again, D1=160)
    again.refresh_from_db()
    sent = workflow.submit(world.people["clerk"], again.pk, again.version)
    workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    assert list(Evidence.objects.published()) == [first]
    workflow.correct(world.people["planner"], done.round_id, "核实后更正")
    assert list(Evidence.objects.published()) == [first, second]


def test_a_signed_sheet_added_to_what_is_published_is_published_at_once(
    world: World, care: AnnualReturn
) -> None:
    planner, done = world.people["planner"], published(world)
    signed = attach(planner, done)
    assert list(Evidence.objects.published()) == [signed]
    workflow.reopen(planner, done.pk, done.version, [], "补写")
    assert list(Evidence.objects.published()) == [signed]


def test_a_sheet_of_a_correction_waits_until_the_correction_is_published(
    world: World, care: AnnualReturn
) -> None:
    """It may show the corrected figures, which leaders do not see yet."""
    people, done = world.people, published(world)
    figure = world.figure(done.round, "D1")
    again = workflow.reopen(people["planner"], done.pk, done.version, [figure.pk], "有误")
    world.save(people["clerk"], again, D1=160)
    again.refresh_from_db()
    sent = workflow.submit(people["clerk"], again.pk, again.version)
    workflow.approve(people["reviewer"], sent.pk, sent.version)
    signed = attach(people["planner"], done)
    assert list(Evidence.objects.published()) == []
    workflow.correct(people["planner"], done.round_id, "核实后更正")
    assert list(Evidence.objects.published()) == [signed]


# --- the file itself ------------------------------------------------------------------------


def verified() -> tuple[str, str]:
    """(what the command prints, what it fails with)"""
    out = StringIO()
    try:
        call_command("verify_evidence", stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_a_whole_store_is_said_to_be_whole(world: World, care: AnnualReturn) -> None:
    assert verified() == ("共 0 份佐证材料，全部完好。\n", "")
    attach(world.people["clerk"], care)
    assert verified() == ("共 1 份佐证材料，全部完好。\n", "")


def test_changed_missing_and_left_over_files_are_named(
    world: World, care: AnnualReturn, empty_store: Path
) -> None:
    names = ["改.pdf", "缺.pdf", "好.pdf"]
    changed, gone, _ = (
        attach(world.people["clerk"], care, name=name, content=files.pdf(name.encode()))
        for name in names
    )
    (empty_store / changed.file.name).write_bytes(b"something else")
    (empty_store / gone.file.name).unlink()
    (empty_store / "left").write_bytes(b"x")
    assert verified() == (
        f"被改动过：2023 年年报 · 养老股 “改.pdf”（{changed.file.name}）\n"
        f"缺失：2023 年年报 · 养老股 “缺.pdf”（{gone.file.name}）\n"
        "多余：left（没有对应的记录，可能是上传中断留下的）\n",
        "共 3 份佐证材料，发现 3 处问题，见上。",
    )


def test_a_changed_file_is_not_given_out_and_is_logged(
    world: World, care: AnnualReturn, empty_store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    found = attach(world.people["clerk"], care)
    (empty_store / found.file.name).write_bytes(b"something else")
    with caplog.at_level(logging.ERROR), pytest.raises(evidence.Damaged) as damaged:
        evidence.content_of(found)
    assert str(damaged.value) == (
        "“检查表.pdf”在服务器上被改动过，不能打开；请告知系统管理员用备份恢复。"
    )
    assert f"evidence {found.pk}" in caplog.text


# --- ledgers looked at ------------------------------------------------------------------------


def spot_check(world: World, **fields: object) -> SpotCheck:
    given = {"item": world.items["D1"], "year": 2023, "sampled": 20, "errors_found": 1}
    given |= {"checked_by": "规划财务股", "checked_on": date(2024, 1, 10), **fields}
    return SpotCheck(**given)


def test_who_writes_a_spot_check_down_stays_known(world: World) -> None:
    planner = world.people["planner"]
    check = evidence.record_spot_check(planner, spot_check(world))
    second = User.objects.create_user("second", name="乙", unit=world.bureau, roles=["planner"])
    check.errors_found = 2
    evidence.record_spot_check(second, check)
    check.refresh_from_db()
    assert (check.errors_found, check.recorded_by) == (2, planner)
    users = [str(row.history_user) for row in check.history.order_by("history_id")]
    assert users == ["甲planner", "乙"]


@pytest.mark.parametrize("who", ["clerk", "reviewer", "leader", "sysadmin", "auditor"])
def test_only_the_office_records_spot_checks(world: World, who: str) -> None:
    with pytest.raises(workflow.Refused):
        evidence.record_spot_check(world.people[who], spot_check(world))
    assert not SpotCheck.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"errors_found": 21}, "有误数不能大于抽查数。"),
        ({"sampled": 0, "errors_found": 0}, "抽查数至少为 1。"),
    ],
)
def test_the_database_refuses_impossible_counts(world: World, fields: dict, sentence: str) -> None:
    check = spot_check(world, recorded_by=world.people["planner"], **fields)
    with pytest.raises(ValidationError) as refused:
        check.validate_constraints()
    assert refused.value.messages == [sentence]
    with pytest.raises(IntegrityError), transaction.atomic():
        check.save()
