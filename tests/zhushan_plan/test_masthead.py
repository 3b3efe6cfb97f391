"""The head of every page, and the page on which people log in."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from organization.models import Unit, User
from plans.models import Plan
from tests.world import World

pytestmark = pytest.mark.django_db

PUBLISHED = ["总览", "督办", "规划全文", "项目", "单位", "比较", "待办"]


def nav(page: str) -> list[str]:
    found = re.search(r'<nav aria-label="主导航">(.*?)</nav>', page, re.DOTALL)
    assert found
    return re.findall(r">([^<\s]+)</a>", found[1])


@pytest.mark.parametrize(
    ("who", "entries"),
    [
        ("leader", [*PUBLISHED, "搜索"]),
        ("clerk", [*PUBLISHED, "填报与管理", "搜索"]),
        ("planner", [*PUBLISHED, "填报与管理", "搜索"]),
        ("sysadmin", ["待办", "填报与管理"]),
        ("auditor", ["待办", "审计"]),
    ],
)
def test_everybody_sees_the_ways_that_are_open_to_them(world, as_person, who, entries) -> None:
    client = as_person(who)
    page = client.get("/todo/").content.decode()
    assert nav(page) == entries
    found = re.search(r'<nav aria-label="主导航">(.*?)</nav>', page, re.DOTALL)
    assert found
    ways = re.findall(r'href="([^"]+)"', found[1])
    assert [client.get(way).status_code for way in ways] == [200] * len(entries)


@pytest.mark.parametrize(
    ("url", "entry"),
    [
        ("/", "总览"),
        ("/outline/", "规划全文"),
        ("/projects/", "项目"),
        ("/todo/", "待办"),
        ("/admin/", "填报与管理"),
        ("/search/", "搜索"),
        ("/accounts/logins/", "登录记录"),
        ("/accounts/password/", "修改密码"),
    ],
)
def test_the_head_says_where_one_is(world: World, as_person, url: str, entry: str) -> None:
    page = as_person("planner").get(url).content.decode()
    head = page[page.index("<header") : page.index("</header>")]
    assert re.findall(r'aria-current="page">([^<]+)<', head) == [entry]


def test_the_head_asks_for_nothing_but_who_is_there(
    world: World, django_assert_num_queries
) -> None:
    request = RequestFactory().get("/")
    request.user = User.objects.select_related("unit__bureau").get(username="clerk")
    with django_assert_num_queries(0):
        head = render_to_string("components/masthead.html", {"here": "home"}, request)
    assert "西安县民政局" in head and "甲clerk" in head and "养老股" in head


def test_the_search_box_keeps_the_year_of_the_page(work, as_person) -> None:
    work.publish()
    page = as_person("leader").get("/projects/?year=2023").content.decode()
    form = page[page.index('<form class="masthead-search"') :]
    assert '<input type="hidden" name="year" value="2023">' in form[: form.index("</form>")]


def test_the_ways_keep_the_year_and_layer_of_the_page(work, as_person) -> None:
    work.publish(2023)
    work.publish(2024)

    def ways(page: str) -> list[str]:
        text = as_person("planner").get(page).content.decode()
        found = re.search(r'<nav aria-label="主导航">(.*?)</nav>', text, re.DOTALL)
        assert found
        return [way for way in re.findall(r'href="([^"]+)"', found[1]) if "admin" not in way]

    kept = ["/", "/supervision/", "/outline/", "/projects/", "/units/", "/compare/"]
    for query in ("?year=2023", "?year=2023&amp;draft=1", "?year=2024"):
        expected = [*(f"{way}{query}" for way in kept), "/todo/", f"/search/{query}"]
        assert ways(f"/projects/{query.replace('&amp;', '&')}") == expected
    assert ways("/todo/") == [*kept, "/todo/", "/search/"]
    filtered = ways("/?year=2023&status=far_behind")
    assert filtered == [*(f"{way}?year=2023" for way in kept), "/todo/", "/search/?year=2023"]


def test_every_further_sheet_of_a_print_names_bureau_and_plan(world: World, as_person) -> None:
    page = as_person("leader").get("/projects/").content.decode()
    assert re.search(
        r'<html lang="zh-Hans" data-head="西安县民政局　西安县民政事业发展规划　\d{4}-\d\d-\d\d 打印">',
        page,
    )


def test_the_log_in_page_names_bureau_and_plan_from_the_data(world: World) -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert '<h1 class="bureau">西安县民政局</h1>' in page
    assert '<p class="plan-title">西安县民政事业发展规划</p>' in page


def test_the_log_in_page_names_the_newest_plan_that_has_begun(world: World) -> None:
    years = {"base_year": 2098, "start_year": 2099, "end_year": 2103}
    Plan.objects.create(code="x", title="远期", short_title="远", bureau=world.bureau, **years)
    assert "西安县民政事业发展规划" in Client().get("/accounts/login/").content.decode()


def test_a_log_in_page_of_several_bureaus_names_none(world: World) -> None:
    other = Unit.objects.create(code="YY", name="外县民政局", kind="bureau")
    years = {"base_year": 2020, "start_year": 2021, "end_year": 2025}
    Plan.objects.create(code="x", title="外县规划", short_title="外", bureau=other, **years)
    page = Client().get("/accounts/login/").content.decode()
    assert "民政局" not in page and "规划实施监测系统" in page
    assert 'class="plan-title"' not in page


def test_an_empty_system_has_a_log_in_page(db) -> None:
    request = RequestFactory().get("/accounts/login/")
    request.user = AnonymousUser()
    assert Client().get("/accounts/login/").status_code == 200
