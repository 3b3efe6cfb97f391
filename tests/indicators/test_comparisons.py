"""参考值: what others have reached; entered by the office, never judged, never lost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators import workflow
from indicators.models import AnnualValue, ComparisonValue
from organization.models import User
from tests.reports import builders
from tests.reports.builders import queries, text_of
from tests.world import World

pytestmark = pytest.mark.django_db

ADD = "/admin/indicators/comparisonvalue/add/"
GIVEN = {
    "year": "2023",
    "whose": "十堰市平均",
    "amount": "66.5",
    "source": "十堰市统计公报",
    "document_date": "2024-03-01",
}


def value(world: World, **fields: object) -> ComparisonValue:
    given = {"year": 2023, "whose": "市平均", "amount": Decimal("66.5"), "source": "公报"}
    given |= {"document_date": date(2024, 3, 1), "indicator": world.indicators["W1"], **fields}
    return ComparisonValue(**given)


def form(world: World, **fields: object) -> dict[str, object]:
    return {"indicator": world.indicators["W1"].pk, **GIVEN, **fields}


def change(row: ComparisonValue) -> str:
    return f"/admin/indicators/comparisonvalue/{row.pk}/change/"


# --- the verbs ---------------------------------------------------------------------------------


def test_the_office_enters_one_and_its_history_says_who(world: World, planner: User) -> None:
    row = workflow.enter_comparison(planner, value(world))
    assert row.recorded_by == planner
    past = row.history.get()
    assert (past.history_user, past.history_change_reason) == (planner, "登记参考值")


def test_a_correction_keeps_what_it_said_before(world: World, planner: User) -> None:
    row = workflow.enter_comparison(planner, value(world))
    row.amount = Decimal(67)
    workflow.correct_comparison(planner, row, "公报有误")
    assert list(row.history.values_list("amount", "history_change_reason")) == [
        (67, "修改参考值：公报有误"),
        (Decimal("66.5"), "登记参考值"),
    ]


def test_withdrawing_keeps_the_row_and_lets_another_take_its_place(
    world: World, planner: User
) -> None:
    row = workflow.enter_comparison(planner, value(world))
    row.amount = Decimal(1)  # what else was changed on the page is not stored
    workflow.withdraw_comparison(planner, row, "口径不同")
    row.refresh_from_db()
    assert (row.is_withdrawn, row.amount) == (True, Decimal("66.5"))
    workflow.enter_comparison(planner, value(world))
    assert ComparisonValue.objects.count() == 2


@pytest.mark.parametrize("who", ["clerk", "reviewer", "leader", "sysadmin", "auditor"])
def test_nobody_else_may(world: World, planner: User, who: str) -> None:
    with pytest.raises(workflow.Refused, match="只有规划管理员可以登记参考值"):
        workflow.enter_comparison(world.people[who], value(world))
    row = workflow.enter_comparison(planner, value(world))
    for verb in (workflow.correct_comparison, workflow.withdraw_comparison):
        with pytest.raises(workflow.Refused):
            verb(world.people[who], row, "原因")
    assert row.history.count() == 1


def test_what_contradicts_is_refused_with_a_sentence(world: World, planner: User) -> None:
    row = workflow.enter_comparison(planner, value(world))
    for wrong, says in (
        (value(world), "这个指标当年已有同一对象的参考值，请修改原来的一条。"),
        (value(world, year=2030), "年度应在 2020 至 2025 年之间，现为 2030，请改正。"),
        (value(world, whose="420323199001011239"), "参考对象里像是含有 18 位身份证号码，请删去。"),
        (value(world, whose="省平均", amount=Decimal(10) ** 12), "确认小数点前不超过 12 位。"),
    ):
        with pytest.raises(workflow.WorkflowError) as refused:
            workflow.enter_comparison(planner, wrong)
        assert says in str(refused.value)
    for verb in (workflow.correct_comparison, workflow.withdraw_comparison):
        with pytest.raises(workflow.WorkflowError, match="请写明"):
            verb(planner, row, "  ")
    assert ComparisonValue.objects.count() == 1


def test_what_is_withdrawn_is_over(world: World, planner: User) -> None:
    row = workflow.enter_comparison(planner, value(world))
    workflow.withdraw_comparison(planner, row, "口径不同")
    for verb in (workflow.correct_comparison, workflow.withdraw_comparison):
        with pytest.raises(workflow.WorkflowError, match="已经撤下"):
            verb(planner, row, "原因")


def test_nothing_is_computed_or_judged_from_it(world: World, planner: User) -> None:
    builders.published(world, 2020)
    before = list(AnnualValue.objects.values_list("pk", "value"))
    workflow.enter_comparison(planner, value(world, year=2020, amount=Decimal(99)))
    assert list(AnnualValue.objects.values_list("pk", "value")) == before


# --- the form ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("66.5", "66.5"), (" ６６．５％ ", "66.5"), ("1,234.5", "1234.5"), ("-2", "-2"), ("0", "0")],
)
def test_the_form_reads_numbers_as_people_write_them(world, as_person, typed, stored) -> None:
    response = as_person("planner").post(ADD, form(world, amount=typed))
    assert response.status_code == 302
    assert response.url == "/indicators/W1/?plan=small&year=2023"
    assert ComparisonValue.objects.get().amount == Decimal(stored)


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("amount", "约66", "应填数字，例如 65.5，现为“约66”，请改正。"),
        ("amount", "1e5", "应填数字，例如 65.5，现为“1e5”，请改正。"),
        ("amount", "1" * 16, "数字太大，系统最多存 12 位整数、15 位有效数字，请核对单位。"),
        ("amount", "1.2345678", "最多 6 位小数，现为 1.2345678，请改正。"),
        ("amount", "", "请填写参考值。"),
        ("source", "", "请填写来源文件。"),
        ("document_date", "", "请填写文件日期。"),
        ("whose", "", "请填写参考对象。"),
        ("year", "", "请填写年度。"),
        ("indicator", "", "请选择指标。"),
        ("year", "2031", "年度应在 2020 至 2025 年之间，现为 2031，请改正。"),
        (
            "source",
            "张三 420323199001011239",
            "像是含有 18 位身份证号码；参考值不写个人信息，请删去。",
        ),
        ("document_date", "2999-01-01", "文件日期不能晚于今天，请改正。"),
    ],
)
def test_wrong_input_is_answered_beside_its_field_and_kept(
    world, as_person, field: str, typed: str, says: str
) -> None:
    page = as_person("planner").post(ADD, form(world, **{field: typed})).content.decode()
    assert says in page
    assert f'value="{typed}"' in page or not typed
    assert "十堰市平均" in page  # nothing else that was typed is lost
    assert not ComparisonValue.objects.exists()


def test_the_day_of_the_document_may_be_today(world: World, as_person) -> None:
    today = timezone.localdate()
    day = today.isoformat()
    assert as_person("planner").post(ADD, form(world, document_date=day)).status_code == 302
    tomorrow = (today + timedelta(1)).isoformat()
    refused = as_person("planner").post(ADD, form(world, whose="省", document_date=tomorrow))
    assert refused.status_code == 200


def test_an_indicator_of_another_bureau_cannot_be_chosen(world: World, as_person) -> None:
    foreign = builders.other_bureau_plan()
    world.indicators["W3"].plan = foreign
    world.indicators["W3"].save()
    page = as_person("planner").post(ADD, form(world, indicator=world.indicators["W3"].pk))
    assert page.status_code == 200 and not ComparisonValue.objects.exists()


def test_a_change_asks_why_and_a_row_withdrawn_takes_none(
    world: World, as_person, planner: User
) -> None:
    row = workflow.enter_comparison(planner, value(world))
    client = as_person("planner")
    page = client.post(change(row), GIVEN | {"amount": "70"}).content.decode()
    assert "请写明修改或撤下的原因。" in page and 'value="70"' in page
    assert client.post(change(row), GIVEN | {"amount": "70", "reason": "更正"}).status_code == 302
    gone = GIVEN | {"amount": "70", "is_withdrawn": "on", "reason": "口径不同"}
    assert client.post(change(row), gone).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.is_withdrawn) == (70, True)
    back = client.post(change(row), GIVEN | {"reason": "恢复"}).content.decode()
    assert "这条参考值已经撤下，不能再改；请另行登记。" in back
    row.refresh_from_db()
    assert row.is_withdrawn


def test_the_list_and_the_form_ask_the_same_number_of_queries(
    world: World, as_person, planner: User
) -> None:
    client = as_person("planner")
    workflow.enter_comparison(planner, value(world))
    before = queries(client, "/admin/indicators/comparisonvalue/")
    for year in (2021, 2022):
        workflow.enter_comparison(planner, value(world, year=year))
    assert queries(client, "/admin/indicators/comparisonvalue/") == before


# --- on the page -------------------------------------------------------------------------------


def test_the_page_shows_it_beside_the_own_value_marked_and_without_a_status(
    world: World, as_person, planner: User
) -> None:
    builders.published(world, 2020, 2021)
    workflow.enter_comparison(planner, value(world, year=2021))
    workflow.enter_comparison(planner, value(world, year=2025))
    page = text_of(as_person("leader"), "/indicators/W1/?year=2021")
    part = page[page.index('id="elsewhere"') :].split("</section>")[0]
    assert "仅供参考，不作评价依据" in part and '<span class="mark">参考</span>' in part
    assert "66.50" in part and "44.00" in part and "公报<small>2024-03-01" in part
    assert "badge" not in part and "2025" not in part
    assert "参考：市平均 66.5</text>" in page and "登记参考值" not in page


def test_what_is_withdrawn_is_not_shown(world: World, as_person, planner: User) -> None:
    builders.published(world, 2020)
    row = workflow.enter_comparison(planner, value(world, year=2020))
    workflow.withdraw_comparison(planner, row, "口径不同")
    assert "66.5" not in text_of(as_person("leader"), "/indicators/W1/")


def test_the_office_comes_to_the_form_from_the_page(world: World, as_person) -> None:
    builders.published(world, 2020)
    page = text_of(as_person("planner"), "/indicators/W1/")
    address = f"{ADD}?indicator={world.indicators['W1'].pk}&amp;year=2020"
    assert address in page
    opened = text_of(as_person("planner"), address.replace("&amp;", "&"))
    assert 'value="2020"' in opened and "selected>W1" in opened
