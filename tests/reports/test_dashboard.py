"""The page leadership opens."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from indicators.models import Indicator, Target
from indicators.progress import Status
from organization.models import Unit, User
from plans.models import Plan
from programs.models import WorkStatus
from tests.reports import builders
from tests.reports.builders import queries, text_of
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "address", "most"),
    [
        ("leader", "/", 12),
        ("planner", "/?draft=1", 12),
        ("reviewer", "/?draft=1", 12),
        ("clerk", "/?draft=1", 12),
    ],
)
def test_as_many_queries_with_4_as_with_300_indicators(
    world: World, as_person, who: str, address: str, most: int
) -> None:
    builders.published(world, 2020, 2021)
    client = as_person(who)
    few = queries(client, address)
    builders.more_indicators(world, 296)
    assert Indicator.objects.count() == 300
    assert (queries(client, address), few <= most) == (few, True)


def test_shows_the_newest_published_year(world: World, as_person) -> None:
    builders.published(world, 2020, 2021, 2022)
    builders.submitted_year(world, 2023)
    page = text_of(as_person("leader"), "/")
    assert "2022 年规划实施总览" in page
    assert "数据截至 2022 年 12 月 31 日 · 年报数 · 已发布" in page
    assert "<strong>时间进度 40%。</strong>4项主要指标（约束性1项、预期性3项）：" in page


def test_names_the_worst_binding_laggard_with_gap_cause_and_who_answers(
    world: World, as_person
) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    page = text_of(as_person("leader"), "/")
    first = page[page.index("需要关注") :].split("</tr>")[1]
    for said in ("护理型床位占比", "约束性", "明显滞后", "45.00", "还差 150 张", "进度偏慢的原因"):
        assert said in first
    assert "养老股" in first and "分管养老股的副局长" in first and "下一步的措施" in first


@pytest.mark.parametrize("who", ["clerk", "reviewer", "planner", "leader"])
def test_nothing_unpublished_without_the_switch(world: World, as_person, who: str) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2021, "433", "1000", [1, 1, 0], "377")
    for address in ("/", "/?year=2021", "/?year=2021&draft=0"):
        page = text_of(as_person(who), address)
        assert "43.30" not in page and "377" not in page
        assert "strip draft" not in page


@pytest.mark.parametrize("who", ["reviewer", "planner", "leader"])
def test_the_switch_shows_what_is_submitted_and_says_so(world: World, as_person, who: str) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2021, "433", "1000", [1, 1, 0], "377")
    page = text_of(as_person(who), "/?year=2021&draft=1")
    assert "43.30" in page and "377" in page
    assert "2021 年规划实施总览（含未发布数据）" in page
    assert "本页含已报送、已审核但尚未发布的数据，不含草稿；仅供内部参考，不得外传引用。" in page
    assert 'href="?year=2021">只看已发布数据</a>' in page


def test_a_clerk_s_switch_opens_the_own_unit_only(world: World, as_person) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2021, "433", "1000", [1, 1, 0], "377")
    mine = text_of(as_person("clerk"), "/?year=2021&draft=1")
    theirs = text_of(as_person("other_clerk"), "/?year=2021&draft=1")
    assert ("43.30" in mine, "377" in mine, "37.70" in mine) == (True, False, False)
    assert ("43.30" in theirs, "377" in theirs, "37.70" in theirs) == (False, True, False)
    assert "含已报送、已审核但尚未发布的数据，不含草稿，其他指标仍为已发布数；" in mine


def test_drafts_are_shown_to_nobody(world: World, as_person) -> None:
    builders.published(world, 2020)
    rnd = world.round(2021)
    world.fill(rnd, "433", "1000", [1, 1, 0], "377")
    assert "43.30" not in text_of(as_person("planner"), "/?year=2021&draft=1")


@pytest.mark.parametrize(
    "query",
    ["plan=other", "plan=nope", "year=2019", "year=2026", "year=abcd", "year=20211", "year=²⁰²¹"],
)
def test_what_does_not_exist_for_this_bureau_is_404(world: World, as_person, query: str) -> None:
    builders.other_bureau_plan()
    assert as_person("planner").get(f"/?{query}").status_code == 404


def test_two_plans_of_a_bureau_can_be_chosen_and_are_kept_in_links(world: World, as_person) -> None:
    builders.published(world, 2020)
    Plan.objects.create(
        code="next",
        title="下一个规划",
        short_title="下一个",
        bureau=world.bureau,
        base_year=2025,
        start_year=2026,
        end_year=2030,
    )
    client = as_person("leader")
    page = text_of(client, "/")
    assert '<a href="?plan=next">下一个</a>' in page
    assert '/indicators/W1/?plan=small&amp;year=2020"' in page
    assert "2026 年还没有已发布的数据" in text_of(client, "/?plan=next")


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("planner", "在“填报与管理”中开启 2021 年填报批次"),
        ("reviewer", "请到“填报与管理”中审核监测表"),
        ("clerk", "办公室还没有开启 2021 年的填报批次。"),
        ("leader", "办公室还没有开启 2021 年的填报批次。"),
    ],
)
def test_an_empty_plan_says_what_to_do_next_by_role(
    world: World, as_person, who: str, sentence: str
) -> None:
    page = text_of(as_person(who), "/")
    assert "2021 年还没有已发布的数据" in page and sentence in page
    assert "护理型床位占比" in page  # the targets are there all the same


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("clerk", "请到“填报与管理”中填写并报送本单位的监测表"),
        ("leader", "各单位正在填报和审核。"),
    ],
)
def test_an_open_round_says_what_to_do_next_by_role(
    world: World, as_person, who: str, sentence: str
) -> None:
    world.round(2021)
    assert sentence in text_of(as_person(who), "/")


def test_a_bureau_without_a_plan_gets_a_page_not_an_error(client) -> None:
    bureau = Unit.objects.create(code="B", name="新县民政局", kind="bureau")
    planner = User.objects.create_user("p", PASSWORD, name="甲", unit=bureau, roles=["planner"])
    client.force_login(planner)
    assert "还没有载入规划" in text_of(client, "/")


def test_the_year_of_the_target_is_data(world: World, as_person) -> None:
    builders.published(world, 2020)
    Plan.objects.update(end_year=2027)
    assert "目标<small>2027</small>" in text_of(as_person("leader"), "/")


def test_unverified_targets_and_interpretations_are_marked(world: World, as_person) -> None:
    builders.published(world, 2020)
    Indicator.objects.filter(code="W3").update(to_verify="460人偏多，目标待核")
    world.indicators["W1"].definitions.update(is_interpretation=True, text="只计养老机构床位")
    page = text_of(as_person("leader"), "/")
    assert 'title="460人偏多，目标待核">目标待核</span>' in page
    assert 'href="#note-W1"' in page and 'href="#note-W2"' not in page
    assert "护理型床位占比：只计养老机构床位" in page


def test_a_missing_value_says_why(world: World, as_person) -> None:
    builders.published(world, 2020)
    figure = world.figure(world.plan.rounds.get(), "D1")
    figure.published_knowledge, figure.published_amount = "", None
    figure.save()
    builders.more_indicators(world, 0)
    assert "<small>缺 2020 年护理型床位</small>" in text_of(as_person("leader"), "/")


def test_offers_the_workbook_of_what_is_shown(world: World, as_person) -> None:
    builders.published(world, 2020)
    assert "/reports/2020/table.xlsx" in text_of(as_person("leader"), "/")
    assert "/reports/2020/table.xlsx?draft=1" in text_of(as_person("leader"), "/?draft=1")


def test_sample_data_says_so(world: World, as_person) -> None:
    Plan.objects.update(is_sample=True)
    assert "<strong>演示数据</strong>" in text_of(as_person("leader"), "/")


def test_text_from_the_database_is_escaped(world: World, as_person) -> None:
    builders.published(world, 2020)
    Indicator.objects.update(name="<b>床位</b>", to_verify='"><script>')
    Target.objects.update(printed="<i>60</i>")
    page = text_of(as_person("leader"), "/")
    assert "<b>床位" not in page and '"><script>' not in page and "<i>60" not in page


def test_only_reads(world: World, as_person) -> None:
    assert as_person("leader").post("/").status_code == 405


@pytest.mark.parametrize("who", ["sysadmin", "auditor"])
def test_who_has_no_business_here_is_shown_the_way(world: World, as_person, who: str) -> None:
    response = as_person(who).get("/")
    assert response.status_code == 403
    assert "请回到您负责的事项。" in response.content.decode()


# --- badges and pages that stand alone ------------------------------------------------------------

CSS = (Path(settings.BASE_DIR) / "static" / "css" / "app.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("statuses", [Status, [one for one in WorkStatus if one]])
def test_every_status_has_a_shape_of_its_own(statuses: list) -> None:
    shapes = dict(re.findall(r"\.badge\.(\w+)::before \{ content: url\((.+?)\); \}", CSS))
    colourless = [re.sub(r"%23[0-9a-f]{3,6}", "", shapes[status]) for status in statuses]
    assert len(set(colourless)) == len(colourless)


def test_a_badge_says_its_word() -> None:
    badge = render_to_string(
        "components/status_badge.html", {"status": Status.FAR_BEHIND, "label": "明显滞后"}
    )
    assert badge.strip() == '<span class="badge far_behind">明显滞后</span>'


def test_not_judged_is_grey() -> None:
    assert "--grey" in re.search(r"\.badge \{[^}]+\}", CSS)[0]
    own = [rule for rule in re.findall(r"([^{}]+)\{([^}]+)\}", CSS) if "not_judged" in rule[0]]
    assert not any("--slight" in body for _, body in own)


def test_the_page_for_failures_needs_neither_request_nor_database() -> None:
    assert "系统出错" in render_to_string("errors/500.html")
