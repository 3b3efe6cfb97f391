"""Where something goes wrong, people read Chinese and find a way on."""

import pytest
from django.test import Client, RequestFactory

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
