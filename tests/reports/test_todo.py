"""待办: what each role owes, and nothing of what it may not know."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators import workflow
from indicators.models import AnnualReturn, ReturnAct, Round
from organization.models import LoginRecord, Unit, User, WorkNote
from reports.todo import Task, Urgency, todo
from reports.todo.tasks import days_text, urgency_of
from tests.world import World

pytestmark = pytest.mark.django_db
DUE = date(2024, 2, 15)
LATER = DUE + timedelta(days=5)
BEFORE = DUE - timedelta(days=3)


def told(user: User, today: date = LATER) -> dict[str, list[tuple[str, str, str]]]:
    """Section → (title, when, detail) of its tasks."""
    return {
        group.title: [(task.title, task.when, task.detail) for task in group.tasks]
        for group in todo(User.objects.get(pk=user.pk), today)
    }


def tasks(user: User, today: date = LATER) -> list[Task]:
    return [task for group in todo(User.objects.get(pk=user.pk), today) for task in group.tasks]


def act_on(annual_return: AnnualReturn) -> tuple[int, int]:
    annual_return.refresh_from_db()
    return annual_return.pk, annual_return.version


@pytest.fixture
def rnd(world: World) -> Round:
    return world.round(due_on=DUE)


@pytest.fixture
def care(world: World, rnd: Round) -> AnnualReturn:
    return world.return_of(rnd, world.care)


@pytest.mark.parametrize(
    ("days_late", "text", "urgency"),
    [
        (None, "", Urgency.OPEN),
        (-8, "还有 8 天", Urgency.OPEN),
        (-7, "还有 7 天", Urgency.SOON),
        (0, "今天截止", Urgency.SOON),
        (1, "逾期 1 天", Urgency.OVERDUE),
    ],
)
def test_days_are_told_and_weighed(days_late, text, urgency) -> None:
    assert (days_text(days_late), urgency_of(days_late)) == (text, urgency)


# --- the clerk ------------------------------------------------------------------------------


def test_a_clerk_sees_what_the_own_unit_owes_and_by_when(world, rnd, clerk) -> None:
    assert told(clerk, BEFORE) == {"待报送": [("2023 年年报 · 养老股", "还有 3 天", "还没有填写")]}
    assert told(clerk) == {"待报送": [("2023 年年报 · 养老股", "逾期 5 天", "还没有填写")]}


def test_a_draft_says_how_far_it_is(world, rnd, care, clerk) -> None:
    world.save(clerk, care, D1=150)
    assert told(clerk)["待报送"] == [
        ("2023 年年报 · 养老股", "逾期 5 天", "草稿，已填 1/5，尚未报送")
    ]


def test_what_was_sent_back_shows_the_reason_until_it_is_submitted_again(
    world, rnd, care, clerk, reviewer
) -> None:
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    workflow.submit(clerk, *act_on(care))
    assert told(clerk) == {}
    workflow.send_back(reviewer, *act_on(care), "床位数与台账不符")
    world.save(clerk, care, D1=151)
    assert told(clerk)["已退回，待修改"] == [
        ("2023 年年报 · 养老股", "逾期 5 天", "退回原因：床位数与台账不符")
    ]
    workflow.submit(clerk, *act_on(care))
    assert "已退回，待修改" not in told(clerk)


def test_reopened_figures_are_named_and_never_late(world, rnd, care, clerk, planner) -> None:
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    world.approve_all(rnd)
    world.publish(rnd)
    figure = world.figure(rnd, "D1")
    workflow.reopen(planner, *act_on(care), [figure.pk], "漏报一家")
    assert told(clerk)["重新开启的数据"] == [
        ("2023 年年报 · 养老股", "", "可改 1 项。原因：漏报一家")
    ]


def test_a_request_shows_to_who_asked_and_to_who_decides(
    world, rnd, care, clerk, other_clerk, reviewer, planner
) -> None:
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    workflow.request_change(clerk, *act_on(care), [], "漏报一家")
    today = timezone.localdate()
    asked = [("2023 年年报 · 养老股", "", "已申请修改，等待答复：漏报一家")]
    assert told(clerk, today)["修改申请"] == asked
    decide = [("2023 年年报 · 养老股", "", "甲clerk申请修改，已等 0 天：漏报一家")]
    assert told(reviewer, today)["修改申请"] == decide
    assert told(planner, today)["修改申请"] == decide
    assert "修改申请" not in told(other_clerk, today)
    workflow.decline_change(planner, *act_on(care), "等年报一并改")
    assert told(clerk, today)["修改申请"] == [
        ("2023 年年报 · 养老股", "", "未同意修改：等年报一并改")
    ]
    assert "修改申请" not in told(clerk, today + timedelta(days=60))
    assert "修改申请" not in told(planner, today)


def test_laggards_without_explanation_stand_with_their_unit_and_the_planner(
    world, rnd, care, clerk, other_clerk, planner
) -> None:
    world.fill(rnd, 300, 300, [1, 1, 1], 90)  # W4: 30 of 100, to be held
    world.approve_all(rnd)
    by = "按已报送、已审核的年报数判断，不含草稿"
    where = f"{by}；2023 年年报监测表已审核：请申请修改后补写"
    assert told(other_clerk)["滞后指标未说明"] == [("W4 每百床社工", "", where)]
    assert "滞后指标未说明" not in told(clerk)
    whose = "2023 年年报 · 社会事务股"
    assert told(planner)["滞后指标未说明"] == [("W4 每百床社工", "", f"{whose} · {by}")]
    assert "可以定稿发布" not in told(planner)


# --- reviewer and planner -------------------------------------------------------------------


def test_a_reviewer_sees_what_waits_and_since_when(world, rnd, care, clerk, reviewer) -> None:
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    workflow.submit(clerk, *act_on(care))
    today = timezone.localdate()
    day = f"{today.year} 年 {today.month} 月 {today.day} 日"
    assert told(reviewer, today) == {
        "待审核": [("2023 年年报 · 养老股", "", f"甲clerk {day}报送，已等 0 天")]
    }
    (task,) = tasks(reviewer, today + timedelta(days=5))
    assert task.urgency is Urgency.SOON


def test_a_reviewer_sees_assigned_units_only_and_is_told_of_own_submissions(
    world, rnd, care, clerk, reviewer
) -> None:
    reviewer.roles, reviewer.unit = ["clerk", "reviewer"], world.care
    reviewer.save()
    reviewer.review_units.set([world.care])
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    workflow.submit(User.objects.get(pk=reviewer.pk), *act_on(care))
    workflow.submit(world.people["other_clerk"], *act_on(world.return_of(rnd, world.affairs)))
    assert told(reviewer)["待审核"] == [
        ("2023 年年报 · 养老股", "", "由您报送，须由另一位审核员审核")
    ]


def test_a_planner_sees_late_rounds_missing_bases_and_what_is_to_be_verified(
    world, rnd, planner
) -> None:
    indicator = world.indicators["W3"]
    indicator.to_verify = "目标偏高，待核"
    indicator.save()
    Unit.objects.filter(pk=world.affairs.pk).update(is_assumption=True)
    base = "西安县规划 · 请在 2020 年历史补录批次中填报"
    unit = "规划没有写明这个单位；核对后请系统管理员在账号与单位中确认"
    assert told(planner) == {
        "催报": [("2023 年年报", "逾期 5 天", "2 个单位尚未报送，2 个单位逾期")],
        "指标缺基期值": [
            ("W1 护理型床位占比", "", base),
            ("W2 服务中心覆盖率", "", base),
            ("W3 社工人才总量", "", base),
        ],
        "待核事项": [("W3 社工人才总量", "", "目标偏高，待核"), ("社会事务股", "", unit)],
    }
    assert told(planner, BEFORE)["催报"] == [
        ("2023 年年报", "还有 3 天", "2 个单位尚未报送，还有 3 天")
    ]


def test_a_base_value_is_missed_no_longer_once_it_is_published(world, planner) -> None:
    base = world.round(2020)
    world.fill(base, 40, 100, [1, 0, 0], 300)
    world.approve_all(base)
    assert len(told(planner)["指标缺基期值"]) == 3
    world.publish(base)
    assert "指标缺基期值" not in told(planner)


def test_a_planner_sees_what_can_be_published_and_what_is_to_be_corrected(
    world, rnd, care, clerk, reviewer, planner
) -> None:
    world.fill(rnd, 300, 300, [1, 1, 1], 470)
    world.approve_all(rnd)
    assert [task[0] for task in told(planner)["可以定稿发布"]] == ["2023 年年报"]
    world.publish(rnd)
    assert "可以定稿发布" not in told(planner)
    workflow.reopen(planner, *act_on(care), [world.figure(rnd, "D1").pk], "漏报一家")
    world.save(clerk, care, D1=299)
    workflow.submit(clerk, *act_on(care))
    assert "更正待发布" not in told(planner)
    workflow.approve(reviewer, *act_on(care))
    assert [task[0] for task in told(planner)["更正待发布"]] == ["2023 年年报"]
    workflow.correct(planner, rnd.pk, "漏报一家")
    assert "更正待发布" not in told(planner)


def test_a_changed_note_is_something_to_correct(world, rnd, care, clerk, reviewer, planner) -> None:
    world.fill(rnd, 300, 300, [1, 1, 1], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    figure = world.figure(rnd, "D1")
    workflow.reopen(planner, *act_on(care), [figure.pk], "补备注")
    noted = {figure.pk: workflow.Entry(figure.amount, "have", "含改造床位")}
    workflow.save_draft(clerk, *act_on(care), noted)
    workflow.submit(clerk, *act_on(care))
    workflow.approve(reviewer, *act_on(care))
    assert [task[0] for task in told(planner)["更正待发布"]] == ["2023 年年报"]


def test_approving_again_without_a_change_leaves_nothing_to_correct(
    world, rnd, care, clerk, reviewer, planner
) -> None:
    world.fill(rnd, 300, 300, [1, 1, 1], 470)
    world.approve_all(rnd)
    world.publish(rnd)
    workflow.reopen(planner, *act_on(care), [world.figure(rnd, "D1").pk], "核对")
    workflow.submit(clerk, *act_on(care))
    workflow.approve(reviewer, *act_on(care))
    assert "更正待发布" not in told(planner)


# --- the others -----------------------------------------------------------------------------


def test_a_leader_sees_news_and_binding_risks_of_what_is_published(world, rnd, leader) -> None:
    base = world.round(2020)
    world.fill(base, 120, 300, [1, 1, 1], 400)
    world.approve_all(base)
    world.publish(base)
    world.fill(rnd, 123, 300, [1, 1, 1], 470)  # W1: 41 % where 52 % is expected
    world.explain(rnd)
    world.approve_all(rnd)
    today = timezone.localdate()
    assert [task[0] for task in told(leader, today)["新发布"]] == ["2020 年年报"]
    assert "约束性指标风险" not in told(leader, today)
    world.publish(rnd)
    assert [task[0] for task in told(leader, today)["新发布"]] == ["2023 年年报", "2020 年年报"]
    assert told(leader, today)["约束性指标风险"] == [
        ("W1 护理型床位占比", "", "2023 年明显滞后 · 养老股")
    ]
    assert "新发布" not in told(leader, today + timedelta(days=31))


def test_a_correction_is_news_and_stands_beside_what_was_corrected(
    world, rnd, leader, as_person
) -> None:
    people = world.people
    world.fill(rnd, 180, 300, [1, 1, 1], 470)
    world.explain(rnd)
    world.approve_all(rnd)
    world.publish(rnd)
    long_ago = timezone.now() - timedelta(days=60)
    Round.objects.filter(pk=rnd.pk).update(published_at=long_ago)
    today = timezone.localdate()
    assert "新发布" not in told(leader, today)
    care = world.return_of(rnd, world.care)
    workflow.reopen(people["planner"], *act_on(care), [world.figure(rnd, "D1").pk], "数错了")
    world.save(people["clerk"], care, D1=190)
    workflow.submit(people["clerk"], *act_on(care))
    workflow.approve(people["reviewer"], *act_on(care))
    workflow.correct(people["planner"], rnd.pk, "床位重复统计")
    on = f"{today.year} 年 {today.month} 月 {today.day} 日"
    assert told(leader, today)["新发布"] == [("2023 年年报", "", f"{on}更正：床位重复统计")]
    for url in ("/", "/indicators/W1/"):
        page = as_person("leader").get(url).content.decode()
        assert f"2023 年年报已于 {on}更正：床位重复统计" in page


def test_leader_and_planner_see_late_tasks_and_projects_of_what_is_published(
    work, clerk, leader, planner, monkeypatch
) -> None:
    over = work.building(planned_end=date(2023, 9, 30))
    monkeypatch.setattr(work, "building", lambda: over)
    behind = work.task_done("behind", reason="编制未落实")
    monkeypatch.setattr(work, "task_done", lambda: behind)
    sought = work.waiting(status="behind", situation="待立项。", reason="未立项")
    monkeypatch.setattr(work, "waiting", lambda: sought)
    assert "滞后和超期的任务、项目" not in told(planner)
    work.publish(2023)
    reason = "失能老人养老院：计划2023年9月30日完工，至2023年12月31日尚未完工"
    late = [
        ("Z3-1 养老院建设", "", f"2023 年推进中，已超期 · 养老股 · {reason}"),
        ("4.1-1 强化养老机构", "", "2023 年滞后 · 养老股 · 编制未落实"),
        ("Z3-1 养老院建设（争取类）", "", "2023 年滞后 · 养老股 · 老年公寓：未立项"),
    ]
    assert told(leader)["滞后和超期的任务、项目"] == told(planner)["滞后和超期的任务、项目"] == late
    assert "滞后和超期的任务、项目" not in told(clerk)
    found = {one.title[:5].strip(): one.url for one in tasks(leader)}
    assert found["Z3-1"] == "/projects/Z3-1/?plan=small&year=2023"
    assert found["4.1-1"] == "/tasks/4.1-1/?plan=small&year=2023"


def test_a_sysadmin_sees_unused_accounts_and_units_to_confirm(world, sysadmin) -> None:
    now = timezone.now()
    User.objects.update(last_login=now)
    User.objects.filter(username="clerk").update(last_login=now - timedelta(days=91))
    User.objects.filter(username="leader").update(last_login=None)
    User.objects.filter(username="auditor").update(last_login=None, is_active=False)
    Unit.objects.filter(pk=world.care.pk).update(is_assumption=True)
    found = told(sysadmin, timezone.localdate(now))
    titles = [task[0] for task in found["账号与单位"]]
    assert sorted(titles) == ["养老股", "甲clerk（clerk）", "甲leader（leader）"]
    assert "已 91 天没有登录；离岗人员请办理工作交接并停用账号" in [
        task[2] for task in found["账号与单位"]
    ]
    assert list(found) == ["账号与单位"]


def test_an_account_without_roles_owes_nothing_and_is_told_whom_to_ask(world, as_person) -> None:
    leader = world.people["leader"]
    leader.roles = []
    leader.save()
    assert told(leader) == {}
    page = as_person("leader").get("/todo/").content.decode()
    assert "您的账号还没有角色，请联系系统管理员。" in page


def test_another_bureaus_work_is_nobodys_here(world, rnd, planner, reviewer) -> None:
    foreign = Unit.objects.create(code="YY", name="外县民政局", kind="bureau")
    for user in (planner, reviewer):
        user.unit = foreign
        user.save()
        assert told(user) == {}


# --- the page -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk", "reviewer", "planner"])
def test_the_number_of_queries_does_not_grow_with_the_returns(world, as_person, who) -> None:
    """The clerk: of the own unit; the others: of all units. One round with two returns, then
    three rounds with six, every other submitted."""

    def queries() -> int:
        client = as_person(who)
        client.get("/todo/")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get("/todo/").status_code == 200
        return len(captured)

    def open_one(year: int) -> None:
        rnd = world.round(year, due_on=DUE)
        world.fill(rnd, 100, 300, [1, 0, 0], 90)
        affairs = world.return_of(rnd, world.affairs)
        workflow.submit(world.people["other_clerk"], affairs.pk, affairs.version)

    open_one(2021)
    first = queries()
    open_one(2022)
    open_one(2023)
    assert queries() == first <= 22


def test_the_page_lists_the_work_and_links_to_it(world, rnd, care, as_person) -> None:
    page = as_person("clerk").get("/todo/").content.decode()
    assert f'href="/admin/indicators/annualreturn/{care.pk}/change/"' in page
    assert "待报送（1）" in page and "2023 年年报 · 养老股" in page
    assert "目前没有待办" in as_person("township_clerk").get("/todo/").content.decode()


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("clerk", "/todo/"),
        ("reviewer", "/todo/"),
        ("planner", "/todo/"),
        ("leader", "/"),
        ("sysadmin", "/admin/"),
    ],
)
def test_everybody_lands_where_their_work_is(world, as_person, who, place) -> None:
    assert as_person(who).get("/start/").headers["Location"] == place


def test_looking_at_the_page_writes_nothing(world, rnd, as_person) -> None:
    client = as_person("planner")
    client.get("/todo/")
    before = ReturnAct.objects.count(), LoginRecord.objects.count(), WorkNote.objects.count()
    client.get("/todo/")
    client.get("/todo/late/")
    after = ReturnAct.objects.count(), LoginRecord.objects.count(), WorkNote.objects.count()
    assert after == before
