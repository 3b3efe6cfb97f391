"""催报清单: on the page, as Excel and as CSV."""

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from indicators import workflow
from indicators.duties import duties
from indicators.models import Round
from organization.models import User
from reports import late
from tests.world import World

pytestmark = pytest.mark.django_db
DUE = date(2024, 2, 15)
LATER = date(2024, 2, 20)


@pytest.fixture
def rnd(world: World) -> Round:
    User.objects.filter(username="clerk").update(phone="0719-4220001")
    return world.round(due_on=DUE)


def found(world: World, rnd: Round, today: date = LATER, scope=None) -> late.LateList:
    return late.late_list(rnd, duties(world.bureau.pk), scope, today)


def test_the_list_says_who_how_late_and_whom_to_call(world, rnd, clerk) -> None:
    world.save(clerk, world.return_of(rnd, world.care), D1=150)
    today = timezone.localdate().isoformat()
    assert late.cells(found(world, rnd)) == [
        (
            "1",
            "养老股",
            "未报送",
            "1/5",
            "2024-02-15",
            "逾期 5 天",
            f"{today} 甲clerk 保存草稿",
            "甲clerk 0719-4220001",
        ),
        (
            "2",
            "社会事务股",
            "未报送",
            "0/1",
            "2024-02-15",
            "逾期 5 天",
            "还没有办理",
            "甲other_clerk",
        ),
    ]


@pytest.mark.parametrize(
    ("today", "sentence"),
    [
        (LATER, "截至 2024 年 2 月 20 日，尚有 2 个单位未报送，其中 2 个逾期。"),
        (DUE, "截至 2024 年 2 月 15 日，尚有 2 个单位未报送，均未逾期。"),
    ],
)
def test_the_sentence_counts_who_is_missing_and_who_is_late(world, rnd, today, sentence) -> None:
    assert found(world, rnd, today).sentence == sentence


def test_what_was_handed_in_is_not_on_the_list(world, rnd, clerk, reviewer) -> None:
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    sent = workflow.submit(clerk, care.pk, care.version)
    assert [row.unit for row in found(world, rnd).rows] == ["社会事务股"]
    workflow.send_back(reviewer, sent.pk, sent.version, "不符")
    assert [(row.unit, row.state) for row in found(world, rnd).rows] == [
        ("养老股", "已退回，待修改"),
        ("社会事务股", "未报送"),
    ]


def test_without_a_due_date_nobody_is_late(world, clerk) -> None:
    rows = found(world, world.round()).rows
    assert [(row.due_text, row.when, row.is_late) for row in rows] == [("—", "—", False)] * 2


def test_an_account_that_is_shut_is_not_called(world, rnd) -> None:
    User.objects.filter(username="clerk").update(is_active=False)
    assert found(world, rnd).rows[0].people == "（没有填报员账号）"


def test_a_reviewer_sees_the_units_assigned(world, rnd, as_person) -> None:
    world.people["reviewer"].review_units.set([world.affairs])
    page = as_person("reviewer").get(f"/todo/late/?round={rnd.pk}").content.decode()
    assert "社会事务股" in page and "养老股" not in page


def test_the_round_that_is_due_first_is_shown_others_can_be_chosen(world, rnd, as_person) -> None:
    other = world.round(2022, due_on=DUE - timedelta(days=30))
    client = as_person("planner")
    assert client.get("/todo/late/").context["late"].round == other
    assert client.get(f"/todo/late/?round={rnd.pk}").context["late"].round == rnd


@pytest.mark.parametrize("asked", ["0", "x", "99999999999999999999"])
@pytest.mark.parametrize("place", ["late/", "late.xlsx", "late.csv"])
def test_a_round_that_is_not_open_does_not_exist(world, rnd, as_person, asked, place) -> None:
    assert as_person("planner").get(f"/todo/{place}?round={asked}").status_code == 404


def test_without_an_open_round_there_is_nothing_to_print(world, as_person) -> None:
    client = as_person("planner")
    assert "没有尚未发布的填报批次" in client.get("/todo/late/").content.decode()
    assert client.get("/todo/late.xlsx").status_code == 404


def test_the_workbook_prints_on_a4_and_holds_no_formula(world, rnd, as_person) -> None:
    world.care.name = "=HYPERLINK(1)"
    world.care.save()
    User.objects.filter(username="clerk").update(name="+甲", phone="@1")
    answer = as_person("planner").get(f"/todo/late.xlsx?round={rnd.pk}")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet["A1"].value == "西安县民政局2023 年年报催报清单"
    assert [cell.value for cell in sheet[3]] == list(late.HEADINGS)
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=HYPERLINK(1)", "s")
    assert sheet["B4"].quotePrefix and sheet["H4"].quotePrefix
    assert sheet.page_setup.paperSize == 9
    values = [cell.value for line in sheet.iter_rows() for cell in line]
    assert "（盖章处）" in values
    name = answer.headers["Content-Disposition"]
    assert name.startswith("attachment; filename*=utf-8''")


def test_the_csv_opens_as_utf8_and_holds_no_formula(world, rnd, as_person) -> None:
    world.care.name = "=1+1"
    world.care.save()
    answer = as_person("planner").get(f"/todo/late.csv?round={rnd.pk}")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == list(late.HEADINGS)
    assert [row[1] for row in rows[1:]] == ["'=1+1", "社会事务股"]


def test_the_page_has_title_date_and_place_of_the_seal(world, rnd, as_person) -> None:
    page = as_person("planner").get("/todo/late/").content.decode()
    assert "<h1>西安县民政局2023 年年报催报清单</h1>" in page
    assert "盖章处" in page and "0719-4220001" in page


def test_the_number_of_queries_does_not_grow_with_the_units(world, as_person) -> None:
    client = as_person("planner")
    rnd = world.round(due_on=DUE)

    def queries() -> int:
        client.get("/todo/late/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/todo/late/")
        return len(captured)

    both = queries()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    assert queries() == both
