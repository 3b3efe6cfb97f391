"""Every log-in, failure and log-out leaves one row; everybody sees their own."""

import pytest
from django.test import Client
from django.urls import reverse

from organization.models import LoginRecord
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db

WHO = ["clerk", "reviewer", "planner", "leader", "sysadmin", "auditor"]


def log_in(account: str, password: str = PASSWORD, address: str = "10.8.0.7") -> Client:
    client = Client()
    data = {"username": account, "password": password}
    client.post("/accounts/login/", data, REMOTE_ADDR=address)
    return client


def records() -> list[tuple]:
    rows = LoginRecord.objects.order_by("pk").select_related("user")
    return [(row.outcome, row.user and row.user.username, row.account, row.address) for row in rows]


def test_a_log_in_a_failure_and_a_log_out_leave_one_row_each(world: World) -> None:
    log_in("Clerk", "wrong")
    client = log_in("ｃｌｅｒｋ")
    client.post("/accounts/logout/", REMOTE_ADDR="10.8.0.8")
    assert records() == [
        ("failure", "clerk", "Clerk", "10.8.0.7"),
        ("success", "clerk", "clerk", "10.8.0.7"),
        ("logout", "clerk", "clerk", "10.8.0.8"),
    ]


def test_an_unknown_name_is_kept_as_typed_and_never_the_password(world: World) -> None:
    log_in("zhangsan" * 20, "a-secret-phrase")
    assert records() == [("failure", None, ("zhangsan" * 20)[:60], "10.8.0.7")]


def test_a_disabled_account_fails_under_its_own_name(world: World) -> None:
    clerk = world.people["clerk"]
    clerk.is_active = False
    clerk.save()
    log_in("clerk")
    assert records() == [("failure", "clerk", "clerk", "10.8.0.7")]


@pytest.mark.parametrize("who", WHO)
def test_everybody_sees_their_own_log_ins_and_nobody_elses(world: World, who: str) -> None:
    log_in("other_clerk", address="10.9.9.9")
    page = log_in(who, address="10.8.0.7").get(reverse("logins")).content.decode()
    assert "10.8.0.7" in page and "10.9.9.9" not in page


@pytest.mark.parametrize("others", [1, 3])
def test_the_page_asks_the_same_number_of_times(
    world: World, as_person, django_assert_num_queries, others: int
) -> None:
    for _ in range(others):
        log_in("clerk")
    client = as_person("clerk")
    with django_assert_num_queries(4):  # session, account, count, rows
        assert client.get(reverse("logins")).status_code == 200


@pytest.mark.parametrize(
    ("who", "place"),
    [
        ("auditor", "/audit/"),
        ("sysadmin", "/admin/"),
        ("clerk", "/todo/"),
        ("reviewer", "/todo/"),
        ("planner", "/todo/"),
        ("leader", "/"),
    ],
)
def test_everybody_lands_on_a_page_that_opens(world: World, who: str, place: str) -> None:
    client = Client()
    data = {"username": who, "password": PASSWORD}
    answer = client.post("/accounts/login/", data, follow=True)
    assert (answer.redirect_chain[-1][0], answer.status_code) == (place, 200)


@pytest.mark.parametrize(
    ("name", "first"),
    [("clerk", "/todo/"), ("leader", "/"), ("sysadmin", "/admin/"), ("auditor", "/audit/")],
)
def test_who_came_by_the_bare_address_lands_on_the_own_first_page(world, client, name, first):
    typed = {"username": name, "password": PASSWORD, "next": "/"}
    answer = client.post("/accounts/login/", typed, follow=True)
    assert [url for url, _ in answer.redirect_chain][-1] == first
    assert answer.status_code == 200
