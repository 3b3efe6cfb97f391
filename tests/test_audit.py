"""The auditor finds every change and every log-in; nobody else sees the page."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators import evidence, workflow
from indicators.models import Figure
from organization import audit
from organization.audit import Question
from organization.audit_entries import Cursor, Entry
from organization.entrances import entrance
from organization.models import LoginRecord, Unit, User
from reports.supervision import verbs
from tests.indicators import sample_files
from tests.reports.supervision_builders import TODAY, behind, closed, opened
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db


def found(**asked: object) -> list[Entry]:
    return audit.search(Question(**asked), None, 500).entries


def told(entries: list[Entry]) -> list[tuple[str, str, str]]:
    return [(entry.who, entry.what, entry.why) for entry in entries]


@pytest.fixture
def sent_back(world: World) -> World:
    """care hands in 150 beds and gets them back."""
    rnd = world.round()
    clerk, reviewer = world.people["clerk"], world.people["reviewer"]
    care = world.save(clerk, world.return_of(rnd, world.care), D1=150, D2=300, D3=[1, 1, 0])
    sent = workflow.submit(clerk, care.pk, care.version)
    workflow.send_back(reviewer, sent.pk, sent.version, "请附床位核查表")
    return world


# --- what is found ------------------------------------------------------------------------


def test_an_entry_says_who_what_old_new_and_why(sent_back: World) -> None:
    [entry] = found(words="核查表", kind="indicators.annualreturn")
    assert (entry.who, entry.account) == ("甲reviewer", "reviewer")
    assert entry.what == "修改 规划实施监测表：2023 年年报 · 养老股"
    assert entry.why == "退回：请附床位核查表"
    assert ("被退回", "否", "是") in [(c.label, c.old, c.new) for c in entry.changes]


def test_words_find_the_object_too(sent_back: World) -> None:
    assert {entry.subject for entry in found(words="护理型床位", kind="indicators.figure")} == {
        "护理型床位 养老股"
    }


def test_requests_and_their_answers_are_found_by_their_words(world: World) -> None:
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    care = world.return_of(rnd, world.care)
    workflow.request_change(world.people["clerk"], care.pk, care.version, [], "床位重复统计")
    workflow.decline_change(world.people["reviewer"], care.pk, care.version, "已过更正期限")
    subject = "2023 年年报 · 养老股"
    assert ("甲clerk", f"申请修改：{subject}", "床位重复统计") in told(found(words="重复统计"))
    assert ("甲clerk", f"新建 修改申请：{subject} 修改申请", "") in told(found(words="重复统计"))
    assert ("甲reviewer", f"不同意修改：{subject}", "已过更正期限") in told(found(words="更正期限"))
    assert "甲reviewer" in {e.who for e in found(words="更正期限", kind="indicators.changerequest")}


def test_what_was_done_to_a_return_is_found_by_the_word_for_it(sent_back: World) -> None:
    done = [("甲reviewer", "退回：2023 年年报 · 养老股", "请附床位核查表")]
    assert told(found(words="退回", kind="indicators.returnact")) == done
    assert told(found(who="甲reviewer", kind="indicators.returnact")) == done
    assert found(action="+", kind="indicators.returnact") == []


def test_a_handover_and_a_removed_file_are_found(world: World, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    care = world.return_of(world.round(), world.care)
    clerk, content = world.people["clerk"], sample_files.png()
    proof = evidence.attach(clerk, care, None, "现场照片.png", content)
    evidence.remove(clerk, proof, "拍错了")
    [removed] = [
        e for e in found(words="现场照片", kind="indicators.evidence") if "删除 " in e.what
    ]
    assert (removed.who, removed.what, removed.why) == (
        "甲clerk",
        "删除 佐证材料：佐证材料“现场照片.png”（已删除）",
        "删除佐证“现场照片.png”（整张监测表）：拍错了",
    )
    successor = User.objects.create_user("next", PASSWORD, name="乙接手", unit=world.care)
    workflow.hand_over(world.people["sysadmin"], clerk, successor, "调离")
    assert told(found(words="接手", kind="organization.handover")) == [
        ("甲sysadmin", "工作交接：养老股，甲clerk → 乙接手", "调离")
    ]


def test_the_five_questions_narrow_what_is_found(sent_back: World) -> None:
    assert {entry.who for entry in found(who="甲clerk")} == {"甲clerk"}
    assert {entry.account for entry in found(who="reviewer")} == {"reviewer"}
    assert {entry.action for entry in found(action="~")} == {"修改"}
    assert {entry.kind for entry in found(kind="organization.unit")} == {"单位"}
    today = timezone.localdate()
    assert found(since=today + timedelta(days=1)) == found(until=today - timedelta(days=1)) == []
    assert len(found(since=today, until=today)) == len(found())


def test_log_ins_stand_among_the_changes(world: World, client: Client) -> None:
    client.post("/accounts/login/", {"username": "zhang", "password": "x"})
    client.post("/accounts/login/", {"username": "clerk", "password": PASSWORD})
    assert told(found()[:2]) == [("甲clerk", "登录", ""), ("未知账号", "登录失败", "")]
    assert [entry.account for entry in found(action="failure")] == ["zhang"]
    assert [entry.account for entry in found(who="zhang")] == ["zhang"]
    assert [entry.account for entry in found(kind="organization.loginrecord")] == ["clerk", "zhang"]


def test_pages_follow_one_another_without_gap_or_repetition(sent_back: World) -> None:
    whole = [entry.cursor for entry in found()]
    paged, after = [], None
    while True:
        page = audit.search(Question(), after, 7)
        paged += [entry.cursor for entry in page.entries]
        after = page.older
        if after is None:
            break
        assert Cursor.read(str(after)) == after
    assert paged == whole == sorted(whole, key=Cursor.sorted_by)
    assert len(set(whole)) == len(whole)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "~~",
        "2023-01-01~a~1",
        "2023-01-01T00:00:00+08:00~a~-1",
        "a~b~c~d",
        "0001-01-01T00:00:00+14:00~a~1",
        "2023-01-01T00:00:00+08:00~a~99999999999999999999",
    ],
)
def test_an_invented_place_is_the_first_page(text: str) -> None:
    assert Cursor.read(text) is None


# --- the page -----------------------------------------------------------------------------


def test_the_page_shows_the_auditor_old_and_new(sent_back: World, as_person) -> None:
    page = as_person("auditor").get(reverse("audit"), {"words": "护理型床位"}).content.decode()
    assert "甲clerk" in page and "<ins>150</ins>" in page


@pytest.mark.parametrize("who", ["clerk", "reviewer", "planner", "leader", "sysadmin"])
@pytest.mark.parametrize("name", ["audit", "audit_csv"])
def test_nobody_else_sees_it(world: World, as_person, who: str, name: str) -> None:
    client = as_person(who)
    assert client.get(reverse(name)).status_code == 403
    assert reverse("audit") not in client.get("/accounts/logins/").content.decode()


@pytest.mark.parametrize("name", ["audit", "audit_csv"])
def test_the_page_is_read_only(world: World, as_person, name: str) -> None:
    assert as_person("auditor").post(reverse(name)).status_code == 405


def test_a_revoked_role_counts_at_once(world: World, as_person) -> None:
    client = as_person("auditor")
    assert client.get(reverse("audit")).status_code == 200
    auditor = world.people["auditor"]
    auditor.roles = []
    auditor.save()
    assert client.get(reverse("audit")).status_code == 403


@pytest.mark.parametrize("url", ["/", "/indicators/W1/", "/reports/2023/table.xlsx"])
def test_the_auditor_sees_no_business_page(world: World, as_person, url: str) -> None:
    assert as_person("auditor").get(url).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "昨天"},
        {"kind": "auth.group"},
        {"action": "x"},
        {"who": "x" * 61},
        {"until": "9999-12-31"},
        {"since": "0001-01-01"},
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(world: World, as_person, asked) -> None:
    answer = as_person("auditor").get(reverse("audit"), asked)
    assert answer.status_code == 422
    assert "查找条件有误，请改正标出的一项。" in answer.content.decode()


def test_older_pages_keep_the_question(sent_back: World, as_person) -> None:
    for n in range(60):
        Unit.objects.create(code=f"N{n}", name=f"新单位{n}", kind="bureau")
    client = as_person("auditor")
    answer = client.get(reverse("audit"), {"words": "新单位"})
    assert len(answer.context["page"].entries) == 50
    older = client.get(f"{reverse('audit')}?{answer.context['older']}")
    assert [entry.subject for entry in older.context["page"].entries] == [
        f"新单位{n}" for n in range(9, -1, -1)
    ]
    assert older.context["older"] == ""


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_asks_the_same_number_of_times(
    world: World, as_person, django_assert_num_queries, times: int
) -> None:
    client = as_person("auditor")
    rnd, clerk = world.round(), world.people["clerk"]
    for n in range(times):
        world.save(clerk, world.return_of(rnd, world.care), D1=100 + n)
    asked = {"kind": "indicators.figure", "who": "clerk"}
    with django_assert_num_queries(9):
        assert client.get(reverse("audit"), asked).status_code == 200


def test_a_page_of_every_kind_asks_a_bounded_number_of_times(
    sent_back: World, as_person, django_assert_max_num_queries
) -> None:
    client = as_person("auditor")
    with django_assert_max_num_queries(3 * len(audit.kinds()) + 12):
        assert client.get(reverse("audit")).status_code == 200


# --- in the words of the office -----------------------------------------------------------


def test_what_was_done_about_a_督办_is_told_once(world: World) -> None:
    behind(world)
    row = closed(world, document="民政〔2024〕8号")
    about = [entry for entry in found() if str(row) in entry.subject]
    assert [(entry.kind, entry.why.partition("：")[0]) for entry in about] == [
        ("督办", "销号"), ("督办", "开启督办"),
    ]  # fmt: skip
    assert [entry.kind for entry in found(words="8号") if str(row) in entry.subject] == ["督办"]
    assert len(found(kind="reports.supervisionact")) == 2


def test_a_note_about_a_督办_is_found(world: World) -> None:
    behind(world)
    row = opened(world)
    verbs.note_progress(world.people["clerk"], row.pk, TODAY, "已招标。", TODAY)
    assert ("甲clerk", f"报告进展：{row}", "已招标。") in told(found())


@pytest.mark.parametrize(
    ("via", "said"),
    [
        ("/supervision/5/close/", "督办"),
        ("/admin/organization/unit/3/change/", "填报与管理 › 单位"),
        ("/admin/nothing/", "填报与管理"),
        ("命令行 load_sample", "命令行：载入演示数据"),
        ("命令行 unknown", "命令行 unknown"),
        ("命令行", "命令行"),
        ("/unknown/", "/unknown/"),
        ("", ""),
    ],
)
def test_where_a_change_came_from_is_said_in_words(via: str, said: str) -> None:
    assert entrance(via) == said


# --- the file -----------------------------------------------------------------------------


def exported(client: Client, **asked: str) -> list[list[str]]:
    answer = client.get(reverse("audit_csv"), asked)
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    assert "attachment" in answer["Content-Disposition"]
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_file_holds_what_the_page_finds(sent_back: World, as_person) -> None:
    heading, row = exported(as_person("auditor"), words="核查表", kind="indicators.annualreturn")
    assert heading[:4] == ["时间", "账号", "姓名", "地址"]
    assert row[1:3] == ["reviewer", "甲reviewer"]
    assert row[5:8] == ["规划实施监测表", "2023 年年报 · 养老股", "修改"]
    assert row[8].startswith("状态：已报送 → 草稿")
    assert row[9] == "退回：请附床位核查表"


def test_no_cell_of_the_file_is_a_formula(world: World, client: Client, as_person) -> None:
    for account in ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"):
        client.post("/accounts/login/", {"username": account, "password": "x"})
    rows = exported(as_person("auditor"), action="failure")
    assert [row[1] for row in rows[1:]] == ["'@SUM(A1)", "'-1", "'+1", "'=cmd|' /C calc'!A0"]


def test_a_file_that_is_cut_off_says_so(sent_back: World, as_person, monkeypatch) -> None:
    monkeypatch.setattr("reports.audit_views.LARGEST_FILE", 5)
    rows = exported(as_person("auditor"))
    assert len(rows) == 7
    assert rows[-1] == ["只导出最新的 5 条；更早的请按日期分次导出。"]


def test_a_large_file_is_read_in_steps(sent_back: World) -> None:
    in_steps = list(audit.everything(Question(), 10_000, step=9))
    assert in_steps == found()
    assert Figure.history.count() + LoginRecord.objects.count() < len(in_steps) < 500


def test_a_period_the_wrong_way_round_is_told(as_person) -> None:
    page = as_person("auditor").get("/audit/", {"since": "2024-02-01", "until": "2024-01-01"})
    assert page.status_code == 422
    assert "起止日期颠倒：“到”不能早于“从”。" in page.content.decode()


def test_nothing_found_is_said(as_person) -> None:
    page = as_person("auditor").get("/audit/", {"words": "绝没有的词"}).content.decode()
    assert "没有符合条件的记录" in page
