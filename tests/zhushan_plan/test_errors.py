"""Where something goes wrong, people read Chinese and find a way on."""

import pytest
from django.test import Client, RequestFactory

from reports import search_views
from tests.world import World
from zhushan_plan import errors

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "status", "says"),
    [
        ("/nothing/", 404, "没有这个页面"),
        ("/accounts/logout/", 405, "请回到上一页操作"),
        ("/admin/indicators/indicator/?plan__bureau__code__startswith=a", 400, "网址有误"),
        ("/admin/organization/user/", 403, "不对您的账号开放"),
    ],
)
def test_errors_are_told_in_chinese(world: World, as_person, url, status, says) -> None:
    response = as_person("planner").get(url)
    assert response.status_code == status
    assert says in response.content.decode()


@pytest.mark.parametrize(
    ("who", "way"),
    [
        ("leader", '<a class="button" href="/">返回总览</a>'),
        ("sysadmin", '<a class="button primary" href="/start/">返回我的首页</a>'),
        ("auditor", '<a class="button primary" href="/start/">返回我的首页</a>'),
    ],
)
def test_a_wrong_address_shows_a_way_on_that_is_open_to_the_role(
    world: World, as_person, who: str, way: str
) -> None:
    client = as_person(who)
    page = client.get("/nothing/").content.decode()
    assert way in page
    assert ('id="lost-q"' in page) is (who == "leader")
    assert client.get("/start/", follow=True).status_code == 200


def test_a_visitor_who_is_lost_is_shown_the_way_to_log_in(world: World) -> None:
    page = Client().get("/nothing/").content.decode()
    assert '<a class="button primary" href="/accounts/login/">去登录</a>' in page


@pytest.mark.parametrize("url", ["/nothing/", "/accounts/logout/", "/admin/organization/user/"])
def test_pages_of_errors_have_the_same_head(world: World, as_person, url: str) -> None:
    page = as_person("planner").get(url).content.decode()
    assert '<header class="masthead">' in page and 'aria-label="主导航"' in page


def test_somebody_without_a_role_is_told_whom_to_ask(world: World, as_person) -> None:
    clerk = world.people["clerk"]
    clerk.roles = []
    clerk.save()
    page = as_person("clerk").get("/").content.decode()
    assert "还没有任何角色。请联系系统管理员" in page


def test_what_is_too_much_is_told_and_not_called_a_wrong_address(
    world: World, as_person, settings
) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    care = world.return_of(world.round(), world.care)
    typed = {f"note-{n}": "x" for n in range(9)}
    answer = as_person("clerk").post(f"/admin/indicators/annualreturn/{care.pk}/change/", typed)
    assert answer.status_code == 400
    assert "内容太多，没有保存" in answer.content.decode()


def test_a_form_of_another_log_in_is_refused_with_what_to_do(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.people["clerk"])
    answer = client.post("/todo/note/", {"text": "x"})
    assert answer.status_code == 403
    assert "登录状态已改变，刚才的内容没有保存" in answer.content.decode()


def test_a_failure_of_a_page_is_told_in_chinese(world: World, monkeypatch) -> None:
    """Through the real handler, with everything that is wrapped round it."""

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(search_views, "search", broken)
    client = Client(raise_request_exception=False)
    client.force_login(world.people["leader"])
    answer = client.get("/search/?q=x")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "系统出错，没有完成刚才的操作" in page and "RuntimeError" not in page
    assert 'href="/start/"' in page


def test_a_failure_is_told_without_asking_the_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "系统出错" in response.content.decode()


def test_a_weak_password_is_told_in_chinese(world: World) -> None:
    client = Client()
    client.force_login(world.people["clerk"])
    form = {"old_password": "x", "new_password1": "abc", "new_password2": "abc"}
    page = client.post("/accounts/password/", form).content.decode()
    assert "密码太短，至少要 10 个字符。" in page


@pytest.mark.parametrize("typed", [{"reason": "a\x00b"}, {"a\x00": "b"}])
def test_what_no_keyboard_types_is_refused_with_a_sentence(world, as_person, typed) -> None:
    client = as_person("clerk")
    care = world.return_of(world.round(), world.care)
    answer = client.post(f"/admin/indicators/annualreturn/{care.pk}/change/", typed)
    assert answer.status_code == 400
    assert "不能保存的控制字符" in answer.content.decode()


def test_an_address_with_what_no_keyboard_types_is_refused(world: World, as_person) -> None:
    answer = as_person("planner").get("/admin/indicators/annualreturn/?q=a%00b")
    assert answer.status_code == 400
