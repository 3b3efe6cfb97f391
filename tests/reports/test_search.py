"""搜索: what the plan says is found by everybody who may see it, and nothing else is."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Indicator
from organization.models import Unit
from plans.models import Clause, Plan
from tests.reports.supervision_builders import behind, opened
from tests.world import World

pytestmark = pytest.mark.django_db

WHO = ["clerk", "other_clerk", "township_clerk", "reviewer", "planner", "leader"]


def text_of(page: str) -> str:
    """What stands on the page below its head, without tags."""
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", main))


@pytest.fixture
def find(as_person):
    """find("床位") → the page; find("床位", "leader", year=2023)."""

    def ask(typed: str, who: str = "leader", **more: object) -> str:
        answer = as_person(who).get("/search/", {"q": typed, **more})
        assert answer.status_code == 200
        return answer.content.decode()

    return ask


def names(page: str) -> list[str]:
    """What was found, kind by kind."""
    found = re.findall(r'<div class="hit-name">(.*?)</div>', page, re.DOTALL)
    without_marks = (re.sub(r'<span class="mark">.*?</span>', "", one) for one in found)
    return [re.sub(r"<[^>]+>", "", one).strip() for one in without_marks]


def test_one_word_finds_every_kind_of_thing(work, find) -> None:
    assert names(find("养老")) == [
        "4.1-1强化养老机构",
        "Z3-1养老院建设",
        "D2养老机构床位",
        "第四章第一节 第1段",
        "专栏3 第1条",
        "养老股",
    ]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("W1", "W1护理型床位占比"),
        ("ｗ１", "W1护理型床位占比"),
        ("z3-1", "Z3-1养老院建设"),
        ("Z3－1", "Z3-1养老院建设"),
        ("4.1-2", "4.1-2谋划医养项目"),
        ("d4", "D4社工人才"),
        ("专栏3 第1条", "Z3-1养老院建设"),
        ("第四章第一节第2段", "4.1-2谋划医养项目"),
        ("老年公寓", "Z3-1养老院建设"),
        ("规范发放补贴", "4.1-1强化养老机构"),
        ("社会事务股", "社会事务股"),
    ],
)
def test_codes_locators_and_parts_are_found(work, find, typed: str, first: str) -> None:
    assert names(find(typed))[0] == first


def test_a_locator_finds_its_clause_and_leads_into_the_outline(work, find) -> None:
    page = find("专栏3 第1条")
    clause = Clause.objects.get(locator="专栏3 第1条")
    assert (
        f'<a href="/outline/?year=2021#c{clause.pk}"><mark>专栏3</mark> <mark>第1条</mark></a>'
        in page
    )


def test_all_words_must_be_met(work, find) -> None:
    assert names(find("床位 占比")) == ["W1护理型床位占比"]
    assert names(find("床位 公寓")) == []


def test_the_wording_the_office_read_in_is_found_and_shown_round_the_hit(work, find) -> None:
    clause = Clause.objects.get(locator="第四章第一节 第2段")
    clause.wording = "前" * 40 + "推动医疗卫生机构与养老机构签约合作。"
    clause.save()
    page = find("签约合作")
    assert names(page) == ["第四章第一节 第2段"]
    assert "…前前前前" in page and "<mark>签约合作</mark>" in page


def test_a_measure_leads_to_its_line(work, find) -> None:
    assert 'href="/tasks/4.1-1/?year=2021#m2"' in find("规范发放补贴")


def test_a_data_item_leads_to_the_indicators_it_feeds(world: World, find) -> None:
    page = find("D2")
    assert "W1 护理型床位占比" in page and "W4 每百床社工" in page
    assert "W3 社工人才总量" not in page


@pytest.mark.parametrize(
    ("who", "leads"),
    [
        ("clerk", True),
        ("planner", True),
        ("other_clerk", False),
        ("township_clerk", False),
        ("reviewer", False),
        ("leader", False),
    ],
)
def test_whoever_fills_in_an_item_is_led_to_the_newest_return(world, find, who, leads) -> None:
    world.round(2022)
    rnd = world.round(2023)
    care, figure = world.return_of(rnd, world.care), world.figure(rnd, "D1")
    link = f'href="/admin/indicators/annualreturn/{care.pk}/change/#row-{figure.pk}"'
    page = find("D1", who)
    assert (link in page) is leads
    assert ("填报" in text_of(page)) is leads


def test_the_year_that_was_chosen_is_kept(work, find) -> None:
    work.publish()
    page = find("W1", year=2023, draft=1)
    assert 'href="/indicators/W1/?year=2023&amp;draft=1"' in page
    assert '<input type="hidden" name="year" value="2023">' in page
    assert '<input type="hidden" name="draft" value="1">' in page


@pytest.mark.parametrize("who", WHO)
def test_nothing_that_was_reported_is_found(work, find, who: str) -> None:
    """Not even by those who may see it: figures, notes and progress have pages of their own."""
    rnd = work.world.round(2023)
    work.world.fill(rnd, 7313, 9999, [1, 1, 0], 460)
    work.fill(rnd)
    for told in ("7313", "按计划推进", "主体施工", "县民政发〔2023〕8号"):
        assert names(find(told, who, draft=1)) == []


def test_another_plan_is_not_looked_into(world: World, find) -> None:
    years = {"base_year": 2025, "start_year": 2026, "end_year": 2030}
    other = Plan.objects.create(
        code="next", title="新规划", short_title="新", bureau=world.bureau, **years
    )
    Indicator.objects.create(
        plan=other, code="N1", group="commitment", order=1, name="护理型床位新目标",
        printed_target="80", kind="reach", verdict="due", due_year=2030, method="direct",
    )  # fmt: skip
    assert "护理型床位新目标" not in text_of(find("床位", plan="small"))
    assert names(find("床位", plan="next")) == ["N1护理型床位新目标"]


def test_units_of_another_bureau_are_not_found(world: World, find) -> None:
    Unit.objects.create(code="YY", name="外县养老局", kind="bureau")
    assert names(find("养老股")) == ["养老股"]
    assert names(find("外县")) == []


def test_a_unit_leads_to_its_page(world: World, find) -> None:
    assert 'href="/units/XA-1/?year=2021"' in find("养老股")


def test_an_ended_unit_is_told_apart(world: World, find) -> None:
    Unit.objects.filter(pk=world.townships[0].pk).update(valid_until=2020)
    assert "2020 年后撤并" in find("东镇")


@pytest.mark.parametrize("typed", ["", "   ", "\u3000", "\u200b"])
def test_an_empty_question_says_what_can_be_asked(work, find, typed: str) -> None:
    page = text_of(find(typed))
    assert "几个词用空格隔开，要同时都有" in page
    assert "没有找到" not in page


def test_no_result_says_what_to_do_next(work, find) -> None:
    page = text_of(find("不存在的词"))
    assert "没有找到“不存在的词”" in page
    assert "下一步：去掉一个词，或换一个更短的说法" in page


def test_what_is_too_long_is_cut_and_said(work, find) -> None:
    assert "只按前 60 个字、前 8 个词查找" in find("床" * 500)


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>", '"><b>', "%27%22", "{{ 7 }}", "\ud83d"]
)
def test_what_was_typed_is_printed_and_never_run(work, as_person, typed: str) -> None:
    answer = as_person("leader").get("/search/", {"q": typed.encode("utf-8", "replace").decode()})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()
    assert "><b>" not in answer.content.decode()


def test_nul_is_answered_with_a_sentence(world: World, as_person) -> None:
    answer = as_person("leader").get("/search/?q=%00")
    assert answer.status_code == 400
    assert "不能保存的控制字符" in answer.content.decode()


@pytest.mark.parametrize("asked", ["year=1999", "year=x", "plan=other"])
def test_a_year_or_plan_that_does_not_exist_is_not_found(world, as_person, asked: str) -> None:
    assert as_person("leader").get(f"/search/?q=W1&{asked}").status_code == 404


def test_without_a_plan_the_page_says_so(world: World, as_person) -> None:
    leader = world.people["leader"]
    leader.unit = Unit.objects.create(code="YY", name="外县民政局", kind="bureau")
    leader.save()
    assert "还没有载入规划" in as_person("leader").get("/search/?q=W1").content.decode()


@pytest.mark.parametrize("typed", ["督办〔2024〕1号", "督办[2024]1号", "〔2024〕 占比"])
def test_a_督办_is_found_by_number_and_subject(world: World, find, typed: str) -> None:
    behind(world)
    row = opened(world)
    page = find(typed, "other_clerk")
    assert names(page) == ["督办〔2024〕1号护理型床位占比"]
    assert f'href="/supervision/{row.pk}/"' in page


@pytest.mark.parametrize("who", ["clerk", "planner", "leader"])
def test_queries_stay_the_same_however_much_is_found(work, as_person, who: str) -> None:
    world = work.world
    world.round(2022)
    client = as_person(who)

    def cost(typed: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/search/", {"q": typed})
        return len(queries)

    client.get("/search/?q=W1")
    few = cost("护理型床位")
    plan = world.plan
    for n in range(30):
        plan.items.create(
            code=f"X{n}", name=f"护理型床位{n}", nature="moment", kind="number",
            collection="department", order=100 + n,
        )  # fmt: skip
        plan.clauses.create(
            locator=f"附 第{n}条", kind="paragraph", order=200 + n, summary="护理型床位"
        )
        task = plan.tasks.create(
            code=f"9-{n}", order=100 + n, name=f"护理型床位{n}", grade="firm", kind="task",
            clause=plan.clauses.first(),
        )  # fmt: skip
        task.measures.create(order=1, text="护理型床位", verb="建", grade="firm")
    world.round(2023)
    assert cost("护理型床位") == few <= 12


def test_what_is_too_much_is_bounded_and_said(world: World, find) -> None:
    for n in range(25):
        world.plan.clauses.create(
            locator=f"附 第{n}条", kind="paragraph", order=200 + n, summary="床位"
        )
    page = find("附")
    assert len(names(page)) == 20
    assert "25 项，先列最接近的 20 项；再加一个词可以缩小范围" in page
