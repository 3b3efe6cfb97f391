"""All that is known about one indicator, and not more than may be known."""

import pytest

from indicators import workflow
from indicators.models import (
    Definition,
    Indicator,
    Milestone,
    Responsibility,
    StatedValue,
    Target,
)
from plans.models import Clause
from tests.reports import builders
from tests.reports.builders import queries, text_of
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["nope", "w1", "W1%20", "X' OR 1=1"])
def test_a_code_the_plan_does_not_have_is_404(world: World, as_person, code: str) -> None:
    assert as_person("leader").get(f"/indicators/{code}/").status_code == 404


def test_an_indicator_of_another_bureau_is_404(world: World, as_person) -> None:
    plan = builders.other_bureau_plan()
    Indicator.objects.filter(code="W3").update(plan=plan)
    assert as_person("planner").get("/indicators/W3/?plan=other").status_code == 404
    assert as_person("planner").get("/indicators/W3/").status_code == 404


def test_tells_the_value_what_it_is_made_of_and_how_it_stands(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    page = text_of(as_person("leader"), "/indicators/W1/")
    assert "D1 护理型床位（张） ÷ D2 养老机构床位（张） × 100" in page
    for year, number, status in (
        ("2020（基期）", "40.00", "基期"),
        ("2021", "44.00", "符合序时"),
        ("2022", "48.00", "符合序时"),
        ("2023", "45.00", "明显滞后"),
    ):
        row = page[page.index(f'<th scope="row">{year}') :].split("</tr>")[0]
        assert number in row and status in row
    assert "1,000" in page and "低于序时进度 7.00 个百分点" in page
    assert "进度偏慢的原因" in page and "下一步的措施" in page


def test_an_old_year_is_judged_by_the_target_of_its_time(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    Target.objects.create(
        indicator=world.indicators["W1"],
        value=90,
        printed="90",
        effective_year=2023,
        reason="省里提高了要求",
        document="西政办发〔2023〕1号",
        approved_by_body="县人民政府",
    )
    page = text_of(as_person("leader"), "/indicators/W1/")
    row = page[page.index('<th scope="row">2022') :].split("</tr>")[0]
    assert "符合序时" in row
    assert "<del>60</del>" in page and "<b>90</b>" in page
    assert "省里提高了要求　西政办发〔2023〕1号　县人民政府批准" in page
    earlier = text_of(as_person("leader"), "/indicators/W1/?year=2022")
    assert "<b>60</b>" in earlier and "<del>90</del>" in earlier


def test_names_the_townships_that_lack_it_and_those_that_are_silent(
    world: World, as_person
) -> None:
    builders.published(world, 2020)
    page = text_of(as_person("leader"), "/indicators/W2/")
    assert "尚未达到的 3 个乡镇：东镇、南乡、北乡。" in page
    figure = world.figure(world.plan.rounds.get(), "D3", world.townships[1])
    figure.published_knowledge, figure.published_amount = "", None
    figure.save()
    builders.more_indicators(world, 0)
    page = text_of(as_person("leader"), "/indicators/W2/")
    assert "还没有数据的 1 个乡镇：南乡。" in page
    assert "2020 年没有算出数值的原因：缺 2020 年建有服务中心（2/3 个乡镇已报，缺：南乡）" in page


def test_shows_history_clause_stated_facts_and_what_has_to_be_verified(
    world: World, as_person
) -> None:
    builders.published(world, 2020)
    clause = Clause.objects.create(
        plan=world.plan, locator="表1 第8行", kind="table_row", order=1, summary="床位占比要求"
    )
    one = world.indicators["W1"]
    Indicator.objects.filter(pk=one.pk).update(clause=clause, to_verify="分母待核定")
    StatedValue.objects.create(
        item=world.items["D2"], clause=clause, year=2020, amount=3332, note="规划所载"
    )
    Milestone.objects.create(indicator=one, year=2022, value=45, basis="年度要点")
    Definition.objects.filter(indicator=one).update(
        text="新口径", is_interpretation=True, breaks_series=True, basis_document="会议纪要"
    )
    Responsibility.objects.create(
        indicator=one, unit=world.affairs, effective_year=2023, basis_document="机构改革方案"
    )
    page = text_of(as_person("leader"), "/indicators/W1/")
    for said in (
        "表1 第8行",
        "床位占比要求",
        "养老机构床位 3332 张",
        "规划所载",
        "年度目标 45",
        "年度要点",
        "口径解释",
        "与以前年份不可比",
        "新口径",
        "依据：会议纪要",
        "机构改革方案",
        "分母待核定",
    ):
        assert said in page


CODES = ["W1", "W2", "W3", "W4"]


@pytest.mark.parametrize("who", ["leader", "planner", "clerk"])
def test_at_most_twelve_queries_however_much_there_is(world: World, as_person, who: str) -> None:
    builders.published(world, 2020)
    client = as_person(who)
    pages = [f"/indicators/{code}/?draft=1" for code in CODES]
    few = [queries(client, page) for page in pages]
    builders.published(world, 2021, 2022)
    builders.more_indicators(world, 30)
    assert [queries(client, page) for page in pages] == few
    assert max(few) <= 12


@pytest.mark.parametrize("who", ["clerk", "reviewer", "planner", "leader"])
def test_nothing_unpublished_without_the_switch(world: World, as_person, who: str) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2021, "433", "1007", [1, 1, 0], "377")
    client = as_person(who)
    pages = "".join(text_of(client, f"/indicators/{code}/?year=2021") for code in CODES)
    secrets = ("433", "1,007", "377", "43.00", "66.67", '<span class="from">2021 年</span>')
    assert [secret for secret in secrets if secret in pages] == []


def test_a_leader_sees_what_figures_come_to_but_not_the_figures(world: World, as_person) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2021, "433", "1007", [1, 1, 0], "377")
    page = text_of(as_person("leader"), "/indicators/W2/?year=2021&draft=1")
    towns = page[page.index("分乡镇情况") :]
    assert "66.67" in page
    assert "还没有数据的 3 个乡镇" in towns and ">是<" not in towns


@pytest.mark.parametrize("who", ["planner", "reviewer", "clerk"])
def test_who_may_see_the_figures_sees_them_with_the_switch(
    world: World, as_person, who: str
) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2021, "433", "1007", [1, 1, 0], "377")
    page = text_of(as_person(who), "/indicators/W2/?year=2021&draft=1")
    assert "66.67" in page and ">是<" in page and "尚未达到的 1 个乡镇：" in page


@pytest.mark.parametrize("code", ["W3", "W4"])
def test_a_clerk_sees_others_only_as_published(world: World, as_person, code: str) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2021, "433", "1007", [1, 1, 0], "377")
    page = text_of(as_person("clerk"), f"/indicators/{code}/?year=2021&draft=1")
    assert "这项指标用到其他单位的数据，您只能查看它的已发布数。" in page
    for secret in ("433", "1,007", "377"):
        assert secret not in page


def test_remarks_and_names_of_clerks_are_nobody_s_business(world: World, as_person) -> None:
    builders.published(world, 2020)
    builders.note_on(world.figure(world.plan.rounds.get(), "D1"), "内部备注")
    page = text_of(as_person("planner"), "/indicators/W1/?draft=1")
    assert "内部备注" not in page and world.people["clerk"].name not in page


def test_a_corrected_figure_stays_as_published_until_it_is_published_again(
    world: World, as_person
) -> None:
    builders.published(world, 2020)
    rnd = world.plan.rounds.get()
    annual_return = world.return_of(rnd, world.care)
    figure = world.figure(rnd, "D1")
    workflow.reopen(
        world.people["planner"], annual_return.pk, annual_return.version, [figure.pk], "更正"
    )
    world.save(world.people["clerk"], annual_return, D1=499)
    for who, query in (("leader", ""), ("leader", "?draft=1"), ("planner", "?draft=1")):
        page = text_of(as_person(who), f"/indicators/W1/{query}")
        assert "40.00" in page and "49.90" not in page and "499" not in page


def picture(page: str) -> str:
    """The trend for wide screens."""
    return page[page.index('<svg class="chart"') :].split("</svg>")[0]


def test_a_chart_for_each_kind_of_screen_and_the_same_numbers_in_a_table(
    world: World, as_person
) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    page = text_of(as_person("leader"), "/indicators/W1/")
    assert page.count('<svg class="chart" ') == page.count('<svg class="chart narrow" ') == 1
    assert 'role="img" aria-label="护理型床位占比历年数值"' in page
    for number in ("40.00", "44.00", "48.00", "45.00"):
        assert f">{number}</text>" in page and f'<td class="num now">{number}</td>' in page


def test_the_computed_line_rests_on_published_facts_and_is_no_status(
    world: World, as_person
) -> None:
    builders.published(world, 2020, 2021)
    client = as_person("leader")
    assert "推算" not in text_of(client, "/indicators/W1/")  # two values make no trend
    builders.published(world, 2022)
    page = text_of(client, "/indicators/W1/")
    said = "按 2020—2022 年 3 个已发布实际数的直线趋势（最小二乘法），2025 年约为 60 %"
    assert said in page and "推算（不作评价依据）" in page
    assert 'class="forecast"' in picture(page) and ">推算 60</text>" in page
    assert "推算" not in text_of(client, "/indicators/W1/?year=2021")


def test_a_share_is_not_computed_beyond_the_whole(world: World, as_person) -> None:
    for year, beds in ((2020, "700"), (2021, "800"), (2022, "950")):
        rnd = builders.submitted_year(world, year, beds, "1000", [1, 0, 0], "300")
        for one in rnd.returns.all():
            workflow.approve(world.people["reviewer"], one.pk, one.version)
        world.publish(rnd)
    page = text_of(as_person("leader"), "/indicators/W1/")
    assert "2025 年约为 100 %（趋势线越出 0 至 100 的范围，按上下限计）" in page


def test_a_forecast_of_the_unit_is_drawn_hollow_and_does_not_enter_the_computed_line(
    world: World, as_person
) -> None:
    builders.published(world, 2020, 2021, 2022)
    rnd = world.round(2023, "预计", nature="forecast")
    world.fill(rnd, "540", "1000", [1, 1, 0], "400")
    world.explain(rnd)
    world.approve_all(rnd)
    world.publish(rnd)
    page = text_of(as_person("leader"), "/indicators/W1/?year=2023")
    assert 'class="facts-line guess"' in picture(page) and ">54.00 预计</text>" in page
    assert "填报单位预计数" in page and "按 2020—2022 年 3 个" in page


def test_an_unpublished_value_never_enters_the_computed_line(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022)
    builders.submitted_year(world, 2023, "999", "1000", [1, 1, 0], "400")
    for query in ("?year=2023", "?year=2023&draft=1"):
        page = text_of(as_person("leader"), f"/indicators/W1/{query}")
        assert "按 2020—2022 年 3 个已发布实际数" in page and "2025 年约为 60 %" in page


def test_a_revised_target_leaves_the_old_one_grey_in_the_picture(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022)
    workflow.revise_target(
        world.people["planner"],
        world.indicators["W1"],
        value=70,
        printed="70",
        effective_year=2023,
        reason="省里提高了要求",
        document="西政办发〔2023〕1号",
        approved_by_body="县人民政府",
    )
    builders.published(world, 2023)
    page = text_of(as_person("leader"), "/indicators/W1/?year=2023")
    assert ">原目标 60</text>" in page and ">目标 70</text>" in page
    assert 'class="aim old"' in picture(page) and "灰色为原目标" in page
    earlier = text_of(as_person("leader"), "/indicators/W1/?year=2022")
    assert ">目标 60</text>" in earlier and "aim old" not in earlier


def test_a_township_by_year_with_yes_no_and_how_many(world: World, as_person) -> None:
    builders.published(world, 2020, 2021)
    page = text_of(as_person("leader"), "/indicators/W2/?year=2021")
    rows = page[page.index("分乡镇情况") :]
    assert (
        '<th scope="row">东镇</th><td class="num"><span class="no">否</span></td>'
        '<td class="num now"><span class="yes">是</span></td>'
    ) in rows
    assert '<td class="num">0</td><td class="num now">1</td>' in rows


def test_says_which_rounds_were_published_and_corrected(world: World, as_person) -> None:
    builders.published(world, 2020)
    rnd = world.plan.rounds.get()
    rnd.corrected_at, rnd.correction = rnd.published_at, "更正：床位核减"
    rnd.save()
    page = text_of(as_person("leader"), "/indicators/W1/")
    part = page[page.index("发布与更正") :].split("</section>")[0]
    assert "局长 2021-02-01 签发" in part and "更正：床位核减" in part
