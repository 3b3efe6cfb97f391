"""督办 on the screen, on paper and as a workbook; on the to-do page and beside a laggard."""

import re
from io import BytesIO

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from organization.models import Unit
from reports.models import Supervision
from reports.supervision import Marks, open_supervisions, verbs
from reports.supervision.files import Upload
from reports.supervision.listing import supervision_list
from reports.supervision.verbs import Closing
from reports.todo import todo
from tests.indicators import sample_files
from tests.reports.builders import published
from tests.reports.supervision_builders import DEADLINE, TODAY, behind, closed, days, opened, terms
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def lagging(world: World) -> World:
    behind(world)
    return world


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "evidence"


def text(page) -> str:
    """What is read, without marks and runs of blanks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def lines(client: Client, query: str = "") -> list[str]:
    """Numbers of the rows listed, in their order."""
    page = client.get(f"/supervision/{query}").content.decode()
    return re.findall(r'class="number"><a [^>]+>([^<]+)<', page)


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


# --- the list ---------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do_next(lagging: World, as_person) -> None:
    assert "选择事项，开启督办" in text(as_person("planner").get("/supervision/"))
    page = text(as_person("leader").get("/supervision/"))
    assert "规划管理员对滞后的指标、任务或项目开启督办后，会列在这里。" in page
    assert "开启督办</a>" not in page


def test_what_presses_most_stands_first(lagging: World) -> None:
    rows = [
        opened(lagging, deadline=days(90)),
        opened(lagging, "W2", deadline=days(10)),
        closed(lagging, "W4"),
    ]
    found = supervision_list(lagging.plan, {}, days(11))
    assert [(line.row, line.status.label, line.when) for line in found.lines] == [
        (rows[1], "逾期", "超期 1 天"),
        (rows[0], "办理中", "还有 79 天"),
        (rows[2], "已销号", ""),
    ]
    assert (
        found.sentence == "截至 2024 年 3 月 12 日，共 3 项：逾期 1 项，办理中 1 项，已销号 1 项。"
    )
    assert [(one.status.label, one.number) for one in found.counts] == [
        ("逾期", 1), ("临期", 0), ("办理中", 1), ("已销号", 1), ("已撤销", 0),
    ]  # fmt: skip


def test_the_list_says_all_that_is_to_be_printed(lagging: World, clerk) -> None:
    row = opened(lagging)
    verbs.note_progress(clerk, row.pk, days(2), "已招标。", days(3))
    verbs.note_progress(clerk, row.pk, TODAY, "已立项。", days(3))
    line = supervision_list(lagging.plan, {}, days(4)).lines[0]
    assert (line.kind_label, line.code, line.problem, line.progress) == (
        "指标", "W1", "明显滞后，还差 150 张（改造）或 375 张（新建）", "2024-03-03 已招标。",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["1", "2", "3"]),
        ("?status=active", ["1", "2"]),
        ("?status=closed", ["3"]),
        ("?unit=care", ["1", "3"]),
        ("?lead=局长", ["2"]),
        ("?kind=indicator&opened=2024", ["1", "2", "3"]),
        ("?status=active&unit=care", ["1"]),
        ("?opened=1900&status=nothing&unit=x", ["1", "2", "3"]),
    ],
)
def test_filters_choose_rows_and_unknown_values_choose_nothing(
    lagging: World, as_person, query, found
) -> None:
    opened(lagging)
    opened(lagging, "W2", lead="局长", unit=lagging.affairs, deadline=days(200))
    closed(lagging, "W4")
    shown = lines(as_person("leader"), query.replace("care", str(lagging.care.pk)))
    assert shown == [f"督办〔2024〕{number}号" for number in found]


def test_a_filter_that_nothing_fits_says_so(lagging: World, as_person) -> None:
    closed(lagging)
    opened(lagging, "W2", lead="局长")
    page = text(as_person("leader").get("/supervision/?status=closed&lead=局长"))
    assert "没有符合条件的督办事项" in page


def test_the_sheet_has_title_unit_date_seal_and_signatures(lagging: World, as_person) -> None:
    opened(lagging)
    today = timezone.localdate()
    page = text(as_person("leader").get("/supervision/"))
    day = f"{today.year} 年 {today.month} 月 {today.day} 日"
    for said in (
        "西安县民政局督办清单",
        "编制单位：西安县民政局",
        f"制表日期：{day}",
        "盖章处",
        "单位负责人：",
    ):
        assert said in page


@pytest.mark.parametrize("who", ["planner", "leader", "clerk", "other_clerk", "reviewer"])
def test_the_cost_of_the_list_does_not_grow_with_its_rows(lagging, as_person, who) -> None:
    opened(lagging)
    first = queries(as_person(who), "/supervision/")
    opened(lagging, "W2", unit=lagging.affairs)
    closed(lagging, "W4")
    assert queries(as_person(who), "/supervision/") == first <= 6


# --- the workbook -----------------------------------------------------------------------------


def test_the_workbook_holds_the_same_list(lagging: World, as_person) -> None:
    opened(lagging)
    closed(lagging, "W2")
    answer = as_person("leader").get("/supervision/list.xlsx?status=closed")
    sheet = load_workbook(BytesIO(answer.content))["督办清单"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=5)]
    assert cells[0] == [
        "序号", "督办编号", "事项", "问题（差距）", "原因", "措施", "责任单位", "责任领导", "时限", "进展", "状态",
    ]  # fmt: skip
    assert cells[2] == [
        "1",
        "督办〔2024〕2号",
        "指标 W2 服务中心覆盖率",
        "略有滞后，还差 1 个乡镇",
        "开工较晚。",
        "加快改造。",
        "养老股",
        "分管养老的副局长",
        "2024-06-30",
        "2024-03-01 销号：床位已投用。（民政〔2024〕8号）",
        "已销号",
    ]
    setup = sheet.page_setup
    assert (setup.orientation, int(setup.paperSize), sheet.print_title_rows) == (
        "landscape", 9, "$3:$4",
    )  # fmt: skip


def test_nothing_in_the_workbook_is_a_formula(lagging: World, as_person) -> None:
    opened(lagging, measures="=1+1", lead='=HYPERLINK("x")')
    answer = as_person("planner").get("/supervision/list.xlsx")
    sheet = load_workbook(BytesIO(answer.content)).active
    typed = {cell.value: cell for row in sheet.iter_rows() for cell in row if cell.value}
    for said in ("=1+1", '=HYPERLINK("x")'):
        assert typed[said].data_type == "s" and typed[said].quotePrefix


# --- one row ----------------------------------------------------------------------------------


def test_the_page_of_a_row_tells_its_story(lagging: World, clerk, as_person) -> None:
    row = opened(lagging)
    verbs.note_progress(clerk, row.pk, TODAY, "已开工。", TODAY)
    page = text(as_person("leader").get(f"/supervision/{row.pk}/"))
    for said in (
        "督办〔2024〕1号",
        "护理型床位占比",
        "开工较晚。",
        "加快改造。",
        "报告进展（2024-03-01）",
        "已开工。",
    ):
        assert said in page


@pytest.mark.parametrize(
    ("who", "offered"),
    [
        ("planner", ["note", "revise", "close", "cancel"]),
        ("clerk", ["note"]),
        ("other_clerk", []),
        ("reviewer", []),
        ("leader", []),
    ],
)
def test_everybody_is_offered_what_they_may_do(lagging, as_person, who, offered) -> None:
    row = opened(lagging)
    page = as_person(who).get(f"/supervision/{row.pk}/").content.decode()
    assert re.findall(rf'action="/supervision/{row.pk}/(\w+)/"', page) == offered


def test_after_a_closing_only_reopening_is_offered(lagging: World, as_person) -> None:
    row = closed(lagging)
    page = as_person("planner").get(f"/supervision/{row.pk}/").content.decode()
    assert re.findall(rf'action="/supervision/{row.pk}/(\w+)/"', page) == ["reopen"]


def test_the_cost_of_a_row_does_not_grow_with_its_story(lagging, as_person, clerk, planner) -> None:
    row = opened(lagging)
    verbs.note_progress(clerk, row.pk, TODAY, "已开工。", TODAY)
    first = queries(as_person("planner"), f"/supervision/{row.pk}/")
    for number in range(3):
        verbs.note_progress(clerk, row.pk, TODAY, f"进展 {number}", TODAY)
        verbs.revise(
            planner, row.pk, row.version + number, terms(lagging, lead=f"局长{number}"), "", TODAY
        )
    assert queries(as_person("planner"), f"/supervision/{row.pk}/") == first <= 12


def test_rows_of_another_bureau_do_not_exist(lagging: World, as_person) -> None:
    row = opened(lagging)
    foreign = Unit.objects.create(code="YY", name="外县民政局", kind="bureau")
    planner = lagging.people["planner"]
    planner.unit = foreign
    planner.save()
    client = as_person("planner")
    for url in (f"/supervision/{row.pk}/", "/supervision/999/", "/supervision/files/999/"):
        assert client.get(url).status_code == 404
    assert client.post(f"/supervision/{row.pk}/cancel/", {"reason": "x"}).status_code == 404


# --- verbs on the page ------------------------------------------------------------------------


def post(client: Client, row: Supervision, act: str, **typed: object):
    typed = {"version": row.version, **typed}
    return client.post(f"/supervision/{row.pk}/{act}/", typed)


def test_every_verb_is_posted_from_the_page(lagging: World, as_person) -> None:
    today = timezone.localdate()
    row, client = opened(lagging, today=today, deadline=today), as_person("planner")
    agreed = {
        "measures": "另换办法。",
        "unit": lagging.affairs.pk,
        "lead": "局长",
        "deadline": today,
    }
    for act, typed in (
        ("note", {"on": today, "text": "已开工。"}),
        ("revise", agreed),
        ("close", {"on": today, "achieved": "已投用。", "document": "文"}),
        ("reopen", {"deadline": today, "reason": "又停用"}),
        ("cancel", {"reason": "有误"}),
    ):
        answer = post(client, row, act, **typed)
        assert (answer.status_code, answer.headers.get("Location")) == (
            302,
            f"/supervision/{row.pk}/",
        )
        row.refresh_from_db()
    assert list(row.acts.values_list("verb", flat=True)) == [
        "cancel", "reopen", "close", "revise", "note", "open",
    ]  # fmt: skip


def test_what_is_refused_comes_back_with_what_was_typed(lagging: World, as_person) -> None:
    row, client = opened(lagging), as_person("planner")
    answer = post(client, row, "close", on="2024-03-02", achieved="床位已投用。")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "销号要有依据：请填写依据文件的名称和文号，或上传一份文件。" in page
    assert "床位已投用。</textarea>" in page and 'value="2024-03-02"' in page
    row.refresh_from_db()
    assert row.state == "open"


def test_a_page_opened_before_another_change_is_refused_with_what_was_typed(
    lagging: World, as_person, planner
) -> None:
    row, client = opened(lagging), as_person("planner")
    verbs.cancel(planner, row.pk, row.version, "有误", TODAY)
    answer = post(client, row, "close", on="2024-03-02", achieved="床位已投用。", document="文")
    page = answer.content.decode()
    assert answer.status_code == 422 and "床位已投用。</textarea>" in page
    assert "这条督办现在是“已撤销”，不能销号；请刷新页面查看。" in page


def test_days_that_are_none_are_refused(lagging, as_person) -> None:
    row, client = opened(lagging), as_person("planner")
    for typed in ({"on": "2024-13-45", "text": "进展"}, {"on": "2024-03-02", "text": " "}):
        assert post(client, row, "note", **typed).status_code == 422
    assert row.acts.count() == 1


def test_a_file_that_is_too_large_is_named_also_beside_a_document(lagging, as_person) -> None:
    row, client = opened(lagging), as_person("planner")
    large = BytesIO(b"%PDF-" + b"0" * (22 << 20))
    large.name = "验收.pdf"
    answer = post(client, row, "close", on="2024-03-02", achieved="成效", document="文", file=large)
    assert answer.status_code == 422
    assert "文件超过 20 MB，请压缩扫描件或分成几个文件。" in answer.content.decode()


def test_a_name_with_an_identity_number_is_asked_about_once(lagging: World, as_person) -> None:
    row, client = opened(lagging), as_person("planner")

    def close(**more: object):
        file = BytesIO(sample_files.pdf())
        file.name = "11010519491231002X.pdf"
        return post(client, row, "close", on="2024-03-02", achieved="成效", file=file, **more)

    assert 'name="confirmed"' in close().content.decode()
    assert close(confirmed="on").status_code == 302


# --- the file ---------------------------------------------------------------------------------


def test_the_proof_is_opened_by_its_unit_its_reviewer_the_office_and_leaders(
    lagging: World, as_person
) -> None:
    row = closed(lagging, upload=Upload("验收.pdf", sample_files.pdf()))
    url = f"/supervision/files/{row.acts.get(verb='close').files.get().pk}/"
    who = ["clerk", "other_clerk", "reviewer", "planner", "leader", "sysadmin", "auditor"]
    assert [as_person(name).get(url).status_code for name in who] == [
        200, 404, 200, 200, 200, 403, 403,
    ]  # fmt: skip
    answer = as_person("leader").get(url)
    assert answer.content == sample_files.pdf()
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    page = as_person("other_clerk").get(f"/supervision/{row.pk}/").content.decode()
    assert url not in page and "验收.pdf" in page


# --- opening one ------------------------------------------------------------------------------


def test_the_form_begins_with_what_the_plan_and_the_unit_said(lagging: World, as_person) -> None:
    page = as_person("planner").get("/supervision/new/?indicator=W1&year=2023").content.decode()
    for said in (
        "进度偏慢的原因</textarea>",
        "下一步的措施</textarea>",
        f'<option value="{lagging.care.pk}" selected>养老股</option>',
        'value="分管养老股的副局长"',
        "还差 150 张（改造）或 375 张（新建）",
    ):
        assert said in page


def test_opening_leads_to_the_row(lagging: World, as_person) -> None:
    typed = {"measures": "加快。", "unit": lagging.care.pk, "lead": "局长", "cause": "开工较晚。"}
    typed |= {"deadline": "2099-01-01", "prefix_word": "督办"}
    answer = as_person("planner").post("/supervision/new/?indicator=W1&year=2023", typed)
    row = Supervision.objects.get()
    assert answer.headers["Location"] == f"/supervision/{row.pk}/"
    assert (row.measures, row.cause, row.opened_on) == (
        "加快。",
        "开工较晚。",
        timezone.localdate(),
    )
    again = as_person("planner").get("/supervision/new/?indicator=W1&year=2023")
    assert again.headers["Location"] == f"/supervision/{row.pk}/"


def test_what_was_typed_survives_a_refusal(lagging: World, as_person) -> None:
    typed = {"measures": "加快改造。", "unit": lagging.care.pk, "lead": "局长", "cause": "原因。"}
    typed |= {"deadline": "2020-01-01", "prefix_word": "督办"}
    url = "/supervision/new/?indicator=W1&year=2023"
    answer = as_person("planner").post(url, typed)
    page = answer.content.decode()
    assert (
        answer.status_code == 422
        and "加快改造。</textarea>" in page
        and 'value="2020-01-01"' in page
    )
    assert f"时限不能早于 {timezone.localdate().isoformat()}，请改正。" in page
    opened(lagging)
    page = as_person("planner").post(url, typed | {"deadline": "2099-01-01"}).content.decode()
    assert "“护理型床位占比”正在督办（督办〔2024〕1号），不能重复开启。" in page
    assert "加快改造。</textarea>" in page


def test_what_is_not_behind_by_published_data_is_explained(lagging: World, as_person) -> None:
    page = text(as_person("planner").get("/supervision/new/?indicator=W3&year=2023"))
    assert "按 2023 年已发布的数据，它没有滞后" in page


@pytest.mark.parametrize("asked", ["indicator=NONE", "task=1", "component=W-1", "component=A-x"])
def test_an_unknown_code_is_not_found(lagging: World, as_person, asked) -> None:
    assert as_person("planner").get(f"/supervision/new/?{asked}").status_code == 404


def test_without_a_code_the_laggards_are_offered(lagging: World, as_person) -> None:
    row = opened(lagging)
    page = as_person("planner").get("/supervision/new/?year=2023").content.decode()
    assert f'href="/supervision/{row.pk}/"' in page
    assert 'href="/supervision/new/?year=2023&amp;indicator=W2"' in page
    assert "indicator=W1" not in page
    published(lagging, 2021)
    assert "没有滞后事项" not in page


def test_the_choice_costs_the_same_whatever_is_followed_up(lagging: World, as_person) -> None:
    opened(lagging)
    first = queries(as_person("planner"), "/supervision/new/?year=2023")
    opened(lagging, "W2")
    opened(lagging, "W4")
    assert queries(as_person("planner"), "/supervision/new/?year=2023") == first


# --- the to-do page ---------------------------------------------------------------------------


def owed(user, today=TODAY) -> dict[str, list[tuple[str, str, str]]]:
    kinds = ("督办事项待报进展", "督办临期、逾期")
    return {
        group.title: [(task.title, task.when, task.detail) for task in group.tasks]
        for group in todo(user, today)
        if group.title in kinds
    }


def test_the_office_is_told_of_what_presses(lagging: World, planner, clerk) -> None:
    opened(lagging, deadline=days(31))
    row = opened(lagging, "W2", deadline=days(20))
    verbs.note_progress(clerk, row.pk, TODAY, "已开工。", TODAY)
    assert owed(planner, days(21)) == {
        "督办临期、逾期": [
            ("督办〔2024〕2号 服务中心覆盖率", "逾期 1 天", "养老股 · 2024-03-01 已开工。"),
            ("督办〔2024〕1号 护理型床位占比", "还有 10 天", "养老股 · 尚未报告进展"),
        ]
    }


def test_the_unit_is_told_of_what_waits_for_a_word(lagging: World, clerk, other_clerk) -> None:
    row = opened(lagging, deadline=days(90))
    waiting = {
        "督办事项待报进展": [("督办〔2024〕1号 护理型床位占比", "还有 90 天", "尚未报告进展")]
    }
    assert (owed(clerk), owed(other_clerk)) == (waiting, {})
    verbs.note_progress(clerk, row.pk, TODAY, "已开工。", TODAY)
    assert (owed(clerk, days(29)), list(owed(clerk, days(30)))) == ({}, ["督办事项待报进展"])


def test_leaders_are_told_of_what_is_late(lagging: World, leader) -> None:
    opened(lagging, deadline=days(31))
    opened(lagging, "W2", deadline=days(20))
    assert owed(leader, days(21)) == {
        "督办临期、逾期": [
            ("督办〔2024〕2号 服务中心覆盖率", "逾期 1 天", "养老股 · 尚未报告进展"),
        ]
    }


def test_what_ended_waits_for_nobody(lagging: World, clerk, planner) -> None:
    closed(lagging)
    assert (owed(clerk, days(300)), owed(planner, days(300))) == ({}, {})


@pytest.mark.parametrize("who", ["clerk", "planner", "leader"])
def test_the_to_do_page_costs_the_same_with_more_rows(lagging: World, as_person, who) -> None:
    opened(lagging)
    first = queries(as_person(who), "/todo/")
    opened(lagging, "W2")
    opened(lagging, "W4")
    assert queries(as_person(who), "/todo/") == first


# --- on the page of its unit and of its leader ------------------------------------------------


def followed(client: Client, url: str) -> str:
    """What its panel says; "" without one."""
    found = re.search(
        r'<section class="panel followed".*?</section>', client.get(url).content.decode(), re.S
    )
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def test_unit_and_leader_show_what_is_under_way(lagging: World, as_person) -> None:
    today, client = timezone.localdate(), as_person("leader")
    lead = f"分管{lagging.care.name}的副局长"
    opened(lagging, lead=lead, today=today, deadline=today)
    opened(lagging, "W2", lead="局长", unit=lagging.affairs, today=today, deadline=today)
    said = f"护理型床位占比 临期 时限 {today} 今天到期 尚未报告进展"
    year = today.year
    assert followed(client, f"/units/{lagging.care.code}/") == (
        f"正在督办 共 1 项 督办〔{year}〕1号 {said} 责任领导 {lead}"
    )
    assert followed(client, f"/units/?leader={lead}") == (
        f"正在督办 共 1 项 督办〔{year}〕1号 {said} 养老股"
    )


def test_what_ended_is_on_no_page_of_a_unit(lagging: World, as_person) -> None:
    closed(lagging)
    assert followed(as_person("leader"), f"/units/{lagging.care.code}/") == ""


# --- beside a laggard -------------------------------------------------------------------------

LINK = Template('{% load supervision %}{% supervision_link marks "indicator" code link %}')


def beside(code: str, marks: Marks | None) -> str:
    printed = LINK.render(Context({"marks": marks, "code": code, "link": "?year=2023"}))
    return " ".join(printed.split())


def test_a_laggard_shows_its_row_or_the_way_to_open_one(lagging: World) -> None:
    row = opened(lagging)
    found = open_supervisions(lagging.plan, DEADLINE)
    assert beside("W1", Marks(found)) == (
        '<span class="supervised"><span class="badge due_soon">临期</span> '
        f'<a href="/supervision/{row.pk}/">督办〔2024〕1号</a> '
        '<span class="nowrap">时限 2024-06-30</span></span>'
    )
    assert beside("W2", Marks(found, may_open=True)) == (
        '<a class="button small screen-only" '
        'href="/supervision/new/?year=2023&amp;indicator=W2">开启督办</a>'
    )
    assert (beside("W2", Marks(found)), beside("W2", None)) == ("", "")


def test_a_page_of_an_earlier_year_says_that_it_is_followed_up_now(lagging, as_person) -> None:
    opened(lagging)
    published(lagging, 2021)
    client = as_person("leader")
    pages = [text(client.get(f"/indicators/W1/?year={year}")) for year in (2021, 2023)]
    assert ["当前督办" in page for page in pages] == [True, False]
    assert all("督办〔2024〕1号" in page for page in pages)


def test_closing_dates_are_told_on_the_page(lagging: World, planner, as_person) -> None:
    row = opened(lagging)
    verbs.close(planner, row.pk, row.version, Closing(days(2), "已投用。", "文"), days(3))
    page = text(as_person("leader").get(f"/supervision/{row.pk}/"))
    assert "文（2024-03-03 销号）" in page
