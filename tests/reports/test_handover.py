"""交接: open work and notes move with one act; who did what stays."""

import json

import pytest
from django.utils import timezone

from indicators import workflow
from indicators.models import Figure
from indicators.workflow import Conflict, Refused, WorkflowError
from organization.history import Immutable
from organization.models import Handover, Unit, User, WorkNote
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(world: World) -> User:
    return User.objects.create_user(
        "successor", PASSWORD, name="乙", unit=world.bureau, roles=["reviewer"]
    )


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def state(*users: User) -> list[tuple[str, list[str], object]]:
    return [(u.username, u.roles, u.unit_id) for u in map(again, users)]


def test_the_successor_gets_unit_and_role_the_predecessor_keeps_the_others(
    world, sysadmin, clerk, successor
) -> None:
    clerk.roles = ["clerk", "leader"]
    clerk.save()
    workflow.hand_over(sysadmin, clerk, successor, "调离")
    assert state(clerk, successor) == [
        ("clerk", ["leader"], world.care.pk),
        ("successor", ["clerk", "reviewer"], world.care.pk),
    ]


def test_history_says_who_did_it_and_why(world, sysadmin, clerk, successor) -> None:
    workflow.hand_over(sysadmin, clerk, successor)
    for user in (clerk, successor):
        row = again(user).history.first()
        assert row.history_user == sysadmin
        assert row.history_change_reason == "养老股 工作交接：甲clerk → 乙"


def test_the_open_work_is_kept_as_it_stood_without_figures(
    world, sysadmin, clerk, reviewer, successor
) -> None:
    old = world.round(2022)
    world.fill(old, 300, 300, [1, 1, 1], 470)
    world.approve_all(old)
    care = world.return_of(old, world.care)
    workflow.request_change(clerk, care.pk, care.version, [], "漏报一家")
    rnd = world.round(due_on=timezone.datetime(2024, 2, 15).date())
    world.fill(rnd, 98765, 300000, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    sent = workflow.submit(clerk, care.pk, care.version)
    workflow.send_back(reviewer, sent.pk, sent.version, "与台账不符")
    workflow.keep_note(clerk, world.care, 0, "月底找统计局要数")
    done = workflow.hand_over(sysadmin, clerk, successor, "调离")
    assert done.work == [
        {
            "title": "2023 年年报 · 养老股",
            "state": "已退回，待修改",
            "due_on": "2024-02-15",
            "filled": "5/5",
            "reason": "与台账不符",
        },
        {
            "title": "2022 年年报 · 养老股",
            "state": "已申请修改，待答复",
            "due_on": "",
            "filled": "",
            "reason": "漏报一家",
        },
    ]
    assert (done.note, done.working_notes) == ("调离", "月底找统计局要数")
    assert "98765" not in json.dumps(done.work)


def test_open_work_and_notes_are_the_successors_from_the_next_request(
    world, sysadmin, clerk, successor, as_person
) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    workflow.keep_note(clerk, world.care, 0, "月底找统计局要数")
    page = f"/admin/indicators/annualreturn/{care.pk}/change/"
    before = as_person("clerk")
    assert before.get(page).status_code == 200
    workflow.hand_over(sysadmin, clerk, successor)
    world.people["successor"] = successor
    after = as_person("successor")
    assert before.get(page).status_code == 302  # without a role, the admin has no page
    assert after.get(page).status_code == 200
    todo = after.get("/todo/").content.decode()
    assert "2023 年年报 · 养老股" in todo and "月底找统计局要数" in todo
    assert "月底找统计局要数" not in before.get("/todo/").content.decode()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("self", "移交人和接收人不能是同一个人。"),
        ("no clerk", "甲leader不是填报员，没有可以移交的填报工作。"),
        (
            "sysadmin",
            "甲sysadmin的账号已停用，或是系统管理员、安全审计员，不能接手填报；请另选或另开账号。",
        ),
        (
            "auditor",
            "甲auditor的账号已停用，或是系统管理员、安全审计员，不能接手填报；请另选或另开账号。",
        ),
        ("shut", "乙的账号已停用，或是系统管理员、安全审计员，不能接手填报；请另选或另开账号。"),
        ("foreign", "乙属于外县民政局，与养老股不在同一个局，不能交接。"),
        (
            "clerk elsewhere",
            "甲other_clerk已是社会事务股的填报员，一个账号只能填报一个单位；"
            "请先交接社会事务股的工作，或为其另开账号。",
        ),
    ],
)
def test_the_wrong_people_are_refused_and_nothing_changes(
    world, sysadmin, clerk, successor, change, sentence
) -> None:
    people = world.people
    leaving, coming = {
        "self": (clerk, clerk),
        "no clerk": (people["leader"], successor),
        "sysadmin": (clerk, sysadmin),
        "auditor": (clerk, people["auditor"]),
        "clerk elsewhere": (clerk, people["other_clerk"]),
    }.get(change, (clerk, successor))
    if change == "shut":
        User.objects.filter(pk=successor.pk).update(is_active=False)
    if change == "foreign":
        foreign = Unit.objects.create(code="YY", name="外县民政局", kind="bureau")
        User.objects.filter(pk=successor.pk).update(unit=foreign)
    before = state(leaving, coming)
    with pytest.raises(WorkflowError) as refused:
        workflow.hand_over(sysadmin, leaving, coming)
    assert str(refused.value) == sentence
    assert state(leaving, coming) == before
    assert not Handover.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "reviewer", "planner", "leader", "auditor"])
def test_only_a_sysadmin_hands_over(world, clerk, successor, who) -> None:
    with pytest.raises(Refused) as refused:
        workflow.hand_over(world.people[who], clerk, successor)
    assert str(refused.value) == "只有系统管理员可以办理工作交接。"


def test_an_account_that_was_shut_can_still_be_handed_over(
    world, sysadmin, clerk, successor
) -> None:
    User.objects.filter(pk=clerk.pk).update(is_active=False)
    workflow.hand_over(sysadmin, clerk, successor)
    assert again(successor).roles == ["clerk", "reviewer"]


# --- four eyes ------------------------------------------------------------------------------


def handed_over(world: World, sysadmin: User, successor: User) -> User:
    successor.review_units.add(world.bureau)
    workflow.hand_over(sysadmin, world.people["clerk"], successor)
    return again(successor)


def test_what_the_successor_submits_he_cannot_approve(world, sysadmin, clerk, successor) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    coming = handed_over(world, sysadmin, successor)
    care = world.return_of(rnd, world.care)
    sent = workflow.submit(coming, care.pk, care.version)
    with pytest.raises(Refused) as refused:
        workflow.approve(coming, sent.pk, sent.version)
    assert str(refused.value) == "您填报或报送过这张表，不能由您审核；请由另一位审核员办理。"


def test_what_the_predecessor_entered_stays_his_and_he_cannot_approve_it(
    world, sysadmin, clerk, successor
) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    clerk.roles = ["clerk", "reviewer"]
    clerk.save()
    clerk.review_units.add(world.bureau)
    coming = handed_over(world, sysadmin, successor)
    care = world.return_of(rnd, world.care)
    sent = workflow.submit(coming, care.pk, care.version)
    assert set(Figure.objects.filter(annual_return=care).values_list("entered_by", flat=True)) == {
        clerk.pk
    }
    with pytest.raises(Refused):
        workflow.approve(again(clerk), sent.pk, sent.version)


# --- the note -------------------------------------------------------------------------------


def test_two_clerks_do_not_overwrite_each_others_note(world, clerk, as_person) -> None:
    client = as_person("clerk")
    client.post("/todo/note/", {"version": 0, "text": "第一版"})
    late = client.post("/todo/note/", {"version": 0, "text": "第二个窗口"})
    page = late.content.decode()
    assert late.status_code == 409
    assert "交接备注在您打开页面之后已被他人改动；请对照最新内容后再保存。" in page
    assert "第一版" in page and "第二个窗口" in page
    assert client.post("/todo/note/", {"version": 1, "text": "合并"}).status_code == 302
    note = WorkNote.objects.get()
    assert (note.text, note.version, note.updated_by) == ("合并", 2, clerk)
    assert [row.text for row in note.history.all()][:2] == ["合并", "第一版"]


def test_a_note_belongs_to_the_clerks_of_the_unit(world, clerk, other_clerk, planner) -> None:
    for user in (other_clerk, planner):
        with pytest.raises(Refused):
            workflow.keep_note(user, world.care, 0, "x")
    with pytest.raises(Conflict):
        workflow.keep_note(clerk, world.care, 3, "x")
    assert not WorkNote.objects.exists()


def test_identity_numbers_have_no_place_in_notes(world, clerk, sysadmin, successor) -> None:
    text = "张三 11010519491231002X"
    with pytest.raises(WorkflowError) as refused:
        workflow.keep_note(clerk, world.care, 0, text)
    assert str(refused.value) == "交接备注里像是含有 18 位身份证号码，请删去。"
    with pytest.raises(WorkflowError) as refused:
        workflow.hand_over(sysadmin, clerk, successor, text)
    assert str(refused.value) == "移交说明里像是含有 18 位身份证号码，请删去。"


# --- the sheet ------------------------------------------------------------------------------


@pytest.fixture
def done(world: World, sysadmin, clerk, reviewer, successor) -> Handover:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    sent = workflow.submit(clerk, care.pk, care.version)
    workflow.send_back(reviewer, sent.pk, sent.version, "与台账不符")
    workflow.keep_note(clerk, world.care, 0, "月底找统计局要数")
    world.people["successor"] = successor
    return workflow.hand_over(sysadmin, clerk, successor, "调离")


@pytest.mark.parametrize("who", ["clerk", "successor", "planner"])
def test_both_and_the_planner_read_the_whole_sheet(world, done, as_person, who) -> None:
    page = as_person(who).get(f"/handovers/{done.pk}/").content.decode()
    for text in ("已退回，待修改", "与台账不符", "调离", "月底找统计局要数", "监交人"):
        assert text in page


def test_the_sysadmin_sees_which_work_moved_and_no_business(world, done, as_person) -> None:
    page = as_person("sysadmin").get(f"/handovers/{done.pk}/").content.decode()
    assert "已退回，待修改" in page and "调离" in page
    assert "与台账不符" not in page and "月底找统计局要数" not in page


@pytest.mark.parametrize("who", ["other_clerk", "reviewer", "leader", "auditor", "other_sysadmin"])
def test_for_everybody_else_the_sheet_does_not_exist(world, done, as_person, who) -> None:
    world.people["other_sysadmin"] = User.objects.create_user(
        "other_sysadmin", PASSWORD, name="丙", roles=["sysadmin"]
    )
    assert as_person(who).get(f"/handovers/{done.pk}/").status_code == 404


def test_the_sheet_can_be_neither_changed_nor_deleted(world, done) -> None:
    with pytest.raises(Immutable):
        done.save()
    with pytest.raises(Immutable):
        done.delete()
    with pytest.raises(Immutable):
        Handover.objects.update(note="")


def test_the_sysadmin_hands_over_on_one_page(world, clerk, successor, as_person) -> None:
    client = as_person("sysadmin")
    form = {"from_user": clerk.pk, "to_user": successor.pk, "note": "调离"}
    shown = client.post("/handovers/new/", form).content.decode()
    assert "成为养老股的填报员" in shown and not Handover.objects.exists()
    form["confirmed"] = "on"
    answer = client.post("/handovers/new/", form)
    assert answer.headers["Location"] == f"/handovers/{Handover.objects.get().pk}/"
    refused = client.post("/handovers/new/", form)  # the clerk is none any more
    assert refused.status_code == 200 and Handover.objects.count() == 1
    assert "办理工作交接" in client.get("/admin/organization/user/").content.decode()
