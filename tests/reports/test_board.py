"""The dashboard in the order a leader thinks, its filters, its rounds, and the wall."""

import re
from datetime import date

import pytest
from django.test import Client

from indicators import workflow
from indicators.models import AnnualValue, Figure, Indicator
from programs.models import ComponentProgress
from tests.reports import builders
from tests.reports.builders import queries, text_of
from tests.work import Work
from tests.world import World

pytestmark = pytest.mark.django_db


def main_of(client: Client, address: str) -> str:
    page = client.get(address).content.decode()
    return page[page.index("<main") :]


# --- in the order a leader thinks ----------------------------------------------------------------


def test_sections_stand_in_the_order_a_leader_thinks(world: World, work: Work, as_person) -> None:
    work.publish(2023)
    page = main_of(as_person("leader"), "/")
    heads = re.findall(r"<h[12][^>]*>([^<]+)", page)
    assert heads == [
        "2023 年规划实施总览",
        "首要风险",
        "主要指标总表",
        "需要关注",
        "任务与项目",
        "报送情况",
        "较上次发布的变化",
    ]


def test_the_worst_binding_laggard_is_told_in_full(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    page = main_of(as_person("leader"), "/")
    risk = page[page.index("data-risk") :].split("</li>")[0]
    for said in ("护理型床位占比", "明显滞后", "约束性", "45.00", "还差 150 张", "进度偏慢的原因"):
        assert said in risk
    assert "养老股" in risk and "分管养老股的副局长" in risk and "下一步的措施" in risk


def test_in_the_base_year_nothing_is_judged_and_nothing_is_called_well(
    world: World, as_person
) -> None:
    builders.published(world, 2020)
    for address in ("/", "/?view=wall"):
        page = text_of(as_person("leader"), address)
        assert "2020 年没有可以评价的指标。" in page
        assert "没有滞后或未达标" not in page


def test_without_a_laggard_the_page_says_so(world: World, as_person) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2021, "900", "1000", [1, 1, 1], "470")
    rnd = world.plan.rounds.get(year=2021)
    for one in rnd.returns.all():
        workflow.approve(world.people["reviewer"], one.pk, one.version)
    world.publish(rnd)
    AnnualValue.objects.filter(year=2021, indicator__code="W4").update(value=100)
    page = text_of(as_person("leader"), "/")
    assert "约束性指标没有滞后或未达标" in page
    assert "没有滞后或未达标的指标。" in page


def test_the_planner_opens_a_supervision_from_the_laggard(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    link = '/supervision/new/?year=2023&amp;indicator=W1">开启督办'
    assert link in main_of(as_person("planner"), "/")
    assert "开启督办" not in main_of(as_person("leader"), "/")


# --- narrowed to one status -----------------------------------------------------------------------


def test_a_tile_narrows_the_tables_to_its_status(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    client = as_person("leader")
    page = main_of(client, "/")
    tiles = re.findall(r'class="tile" href="\?([^"]+)#table"', page)
    assert "year=2023&amp;status=far_behind" in tiles
    narrowed = main_of(client, "/?year=2023&status=far_behind")
    codes = re.findall(r'<td class="no">(\d+)</td>', narrowed)
    far = [
        row.indicator.row_no
        for row in AnnualValue.objects.filter(year=2023, layer="official")
        if row.indicator.code == "W1"
    ]
    assert set(map(int, codes)) >= set(far)
    assert "只列“明显滞后”的" in narrowed and "显示全部" in narrowed
    assert narrowed.count('<tr class="is-behind">') == len(codes) > 0
    assert 'id="work"' not in narrowed


def test_the_current_tile_leads_back_and_other_years_keep_the_status(
    world: World, as_person
) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    page = main_of(as_person("leader"), "/?year=2023&status=far_behind")
    assert '<a class="tile" href="?year=2023#table" aria-current="true">' in page
    assert '<a href="?year=2022&amp;status=far_behind">2022</a>' in page


def test_a_status_that_nobody_has_leaves_a_sentence(world: World, as_person) -> None:
    builders.published(world, 2020)
    page = text_of(as_person("leader"), "/?status=below")
    assert "主要指标中没有“未达标”的。" in page


def test_what_is_no_status_and_no_round_does_not_exist(world: World, as_person) -> None:
    builders.published(world, 2020)
    client = as_person("leader")
    for question in ("status=worse", "round=x", "round=9999999", "status=%00"):
        assert client.get(f"/?{question}").status_code in (400, 404)


# --- by an earlier round --------------------------------------------------------------------------


def test_the_year_as_it_stood_by_an_earlier_round(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022)
    first = world.round(2023, "快报", nature="flash", as_of=date(2023, 9, 30))
    world.fill(first, "440", "1000", [1, 0, 0], "390")
    world.explain(first)
    for one in first.returns.all():
        one.refresh_from_db()
    world.approve_all(first)
    world.publish(first)
    builders.published(world, 2023)
    client = as_person("leader")
    assert "45.00" in main_of(client, "/?year=2023")
    page = main_of(client, f"/?year=2023&round={first.pk}")
    assert "（按快报）" in page and "44.00" in page and "45.00" not in page
    assert "快报数" in page


def test_a_round_that_is_not_published_is_shown_with_the_switch_only(
    world: World, as_person
) -> None:
    builders.published(world, 2020)
    rnd = world.round(2020, "补录", nature="flash", as_of=date(2020, 9, 30))
    client = as_person("leader")
    assert client.get(f"/?year=2020&round={rnd.pk}").status_code == 404
    assert client.get(f"/?year=2020&draft=1&round={rnd.pk}").status_code == 200


# --- reporting and changes ------------------------------------------------------------------------


def test_says_who_has_handed_in_and_who_has_not(world: World, as_person) -> None:
    builders.published(world, 2020)
    world.round(2021)
    page = text_of(as_person("leader"), "/?year=2021&draft=1")
    assert "应报 2 个单位，已报送 0 个，已审核 0 个；未报送：养老股、社会事务股" in page


def test_says_what_changed_since_the_last_publication(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    page = main_of(as_person("leader"), "/?year=2023")
    assert re.search(r"较上次定稿发布（\d{4}-\d\d-\d\d，2022 年年报）：", page)
    assert 'class="move worse"' in page


# --- what it costs --------------------------------------------------------------------------------


def test_a_changed_figure_costs_eight_queries_with_4_as_with_300_indicators(
    world: World, work: Work, as_person
) -> None:
    work.publish(2023)
    client = as_person("leader")
    few = _after_a_change(client)
    builders.more_indicators(world, 296)
    assert Indicator.objects.count() == 300
    client.get("/")
    assert (_after_a_change(client), few <= 8) == (few, True)


def _after_a_change(client: Client) -> int:
    """A figure, a value and what a component has come to."""
    client.get("/")
    Figure.objects.update(note="改")
    row = AnnualValue.objects.get(year=2023, layer="official", indicator__code="W1")
    AnnualValue.objects.filter(pk=row.pk).update(value=row.value + 1)
    ComponentProgress.objects.update(status="done")
    return queries(client, "/")


# --- the wall -------------------------------------------------------------------------------------


def test_the_wall_shows_the_same_numbers_without_anything_to_press(
    world: World, work: Work, as_person
) -> None:
    work.publish(2023)
    page = as_person("leader").get("/?view=wall").content.decode()
    assert "<nav" not in page and "<form" not in page and "<button" not in page
    for said in ("西安县民政局", "首要风险", "主要指标", "时间进度 60%"):
        assert said in page
    assert "js/wall.js" in page
