"""The admin speaks Chinese throughout, and a list without rows says what to do next."""

import re

import pytest

from plans.models import Plan
from tests.world import World

pytestmark = pytest.mark.django_db


def page_of(client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("url", "who", "says"),
    [
        ("indicators/annualreturn", "clerk", "规划管理员在“填报批次”里开启一个批次"),
        ("indicators/milestone", "planner", "点右上角“增加年度目标”录入"),
        ("indicators/spotcheck", "planner", "点右上角“增加台账抽查”"),
        ("indicators/spotcheck", "reviewer", "由规划管理员在这里登记"),
        ("indicators/round", "planner", "点右上角“增加填报批次”"),
        ("programs/task", "planner", "manage.py load_plan 规划文件夹"),
        ("programs/task/?q=无", "planner", "去掉搜索和筛选，看全部"),
    ],
)
def test_an_empty_list_says_what_to_do_next(world: World, as_person, url, who, says) -> None:
    url = url if "?" in url else f"{url}/"
    page = page_of(as_person(who), f"/admin/{url}")
    empty = page[page.index('<div class="empty-list"') :]
    assert says in re.sub(r"<[^>]+>", "", empty[: empty.index("</div>")])


@pytest.mark.parametrize(
    ("who", "ways"),
    [
        ("leader", [("/", "返回总览"), ("/todo/", "查看待办")]),
        ("auditor", [("/audit/", "进入审计"), ("/todo/", "查看待办")]),
        ("planner", []),
    ],
)
def test_who_has_nothing_to_do_here_is_shown_a_way_out(world: World, as_person, who, ways) -> None:
    page = page_of(as_person(who), "/admin/")
    content = page[page.index('id="content-main"') :]
    found = re.findall(r'<a class="button[^"]*" href="([^"]+)">([^<]+)</a>', content)
    assert (found, "没有可以办理的事项" in content) == (ways, bool(ways))


def test_a_list_with_rows_says_nothing_of_the_kind(world: World, as_person) -> None:
    assert "empty-list" not in page_of(as_person("planner"), "/admin/indicators/indicator/")


@pytest.mark.parametrize(
    ("who", "url"),
    [
        ("sysadmin", "/admin/organization/user/"),
        ("planner", "/admin/indicators/checkrule/"),
        ("planner", "/admin/organization/unit/{unit}/change/"),
        ("planner", "/admin/programs/task/{task}/change/"),
    ],
)
def test_yes_and_no_are_read_out_in_chinese(work, as_person, who: str, url: str) -> None:
    Plan.objects.get().check_rules.create(kind="jump", threshold=50)
    places = {"unit": work.world.care.pk, "task": work.care_task.pk}
    page = page_of(as_person(who), url.format(**places))
    assert not re.findall(r'alt="(?:True|False|None|Search)"', page)
    assert re.search(r">(?:是|否)<", page)


def test_labels_and_tools_of_a_form_are_in_the_words_of_the_house(work, as_person) -> None:
    page = page_of(as_person("planner"), f"/admin/programs/task/{work.care_task.pk}/change/")
    assert ">说明：</label>" in page
    assert 'class="historylink">修改记录</a>' in page
