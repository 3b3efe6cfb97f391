"""Pages are given again while nothing changed, to the same person with the same rights, and never
when they are out of date."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators import workflow
from indicators.models import Figure, Indicator
from organization.models import Unit
from plans.remembered import PARTS
from reports.kept import PAGES
from tests.reports import builders
from tests.work import Work
from tests.world import World

pytestmark = pytest.mark.django_db

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    PAGES.clear()
    PARTS.clear()


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def text(client: Client, address: str) -> str:
    return TOKEN.sub("", client.get(address).content.decode())


def test_an_unchanged_page_takes_session_and_account(world: World, as_person) -> None:
    builders.published(world, 2020, 2021)
    client = as_person("leader")
    first = text(client, "/")
    assert (queries(client, "/"), text(client, "/") == first) == (2, True)


def test_a_client_that_has_the_page_is_told_so(world: World, as_person) -> None:
    builders.published(world, 2020)
    client = as_person("leader")
    client.get("/")  # brings the cookie of the forms
    tag = client.get("/").headers["ETag"]
    again = client.get("/", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "no-store, private"
    Indicator.objects.filter(code="W1").update(name="改名")
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 200


def test_another_process_knows_the_same_page_by_the_same_name(world: World, as_person) -> None:
    builders.published(world, 2020)
    client = as_person("leader")
    client.get("/")
    tag = client.get("/").headers["ETag"]
    forget()
    assert client.get("/", headers={"If-None-Match": tag}).status_code == 304


def test_two_people_never_share_a_page(world: World, as_person) -> None:
    builders.published(world, 2020)
    leader, planner = as_person("leader"), as_person("planner")
    tags = {client.get("/").headers["ETag"] for client in (leader, planner)}
    assert len(tags) == 2
    assert "填报与管理" in text(planner, "/") and "填报与管理" not in text(leader, "/")


def test_a_right_that_was_taken_away_counts_at_once(world: World, as_person) -> None:
    builders.published(world, 2020)
    client, person = as_person("leader"), world.people["leader"]
    client.get("/")
    person.roles = []
    person.save()
    assert client.get("/").status_code == 403
    person.roles = ["leader"]
    person.is_active = False
    person.save()
    assert client.get("/").status_code == 302


def test_a_unit_that_was_given_another_name_is_printed_with_it(world: World, as_person) -> None:
    client = as_person("leader")
    client.get("/")
    Unit.objects.filter(pk=world.bureau.pk).update(name="某某县民政局")
    assert "某某县民政局" in text(client, "/")


def test_the_forms_of_a_kept_page_work(world: World, as_person) -> None:
    builders.published(world, 2020)
    client = as_person("leader", enforce_csrf_checks=True)
    client.get("/")
    tokens = {_form_token(client) for _ in range(2)}
    assert len(tokens) == 2  # masked anew each time
    answer = client.post("/accounts/logout/", {"csrfmiddlewaretoken": tokens.pop()})
    assert answer.status_code == 302


def _form_token(client: Client) -> str:
    page = client.get("/").content.decode()
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def test_a_message_is_shown_once_and_not_kept(world: World, as_person) -> None:
    client = as_person("planner")
    client.get("/")
    said = "已保存到演示批次。"
    _leave_message(client, said)
    assert said in text(client, "/")
    assert said not in text(client, "/")


def _leave_message(client: Client, said: str) -> None:
    """As a verb on another page does before it leads here."""
    storage, answer = CookieStorage(HttpRequest()), HttpResponse()
    storage.add(constants.SUCCESS, said)
    storage.update(answer)
    client.cookies.update(answer.cookies)


def test_tomorrow_it_is_another_page(world: World, as_person, monkeypatch) -> None:
    client = as_person("leader")
    today = client.get("/").headers["ETag"]
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *_: date(2031, 5, 1))
    assert client.get("/").headers["ETag"] != today


def test_a_page_stays_when_a_table_changes_that_it_does_not_read(world: World, as_person) -> None:
    builders.published(world, 2020)
    client = as_person("leader")
    client.get("/outline/")
    tag = client.get("/outline/").headers["ETag"]
    Figure.objects.update(note="与提纲无关")
    assert client.get("/outline/").headers["ETag"] == tag


# --- never stale -----------------------------------------------------------------------------

PAGES_SHOWN = [
    "/",
    "/?draft=1",
    "/?view=wall",
    "/?year=2024&draft=1",
    "/indicators/W1/",
    "/indicators/W2/?draft=1",
    "/outline/",
    "/projects/",
    "/units/",
    "/compare/",
    "/supervision/",
]
WHO = ["leader", "planner", "reviewer", "clerk", "other_clerk"]


def test_after_every_step_of_a_year_each_page_says_what_a_new_one_would(
    world: World, work: Work, as_person
) -> None:
    clients = {who: as_person(who) for who in WHO}
    stale = []
    for step in _year(world, work):
        kept = {(who, page): text(clients[who], page) for who in WHO for page in PAGES_SHOWN}
        forget()
        for (who, page), said in kept.items():
            if text(clients[who], page) != said:
                stale.append((step, who, page))
    assert stale == []


def _year(world: World, work: Work) -> Iterator[str]:
    """The names of the steps, each after it was taken."""
    people = world.people
    work.publish(2023)
    yield "a year published"
    rnd = world.round(2024)
    yield "opened"
    world.fill(rnd, "450", "1000", [1, 0, 0], "400")
    work.fill(rnd)
    world.explain(rnd)
    yield "saved"
    for annual_return in rnd.returns.all():
        annual_return.refresh_from_db()
        clerk = people["clerk" if annual_return.unit == world.care else "other_clerk"]
        workflow.submit(clerk, annual_return.pk, annual_return.version)
        yield f"submitted {annual_return.unit}"
    for annual_return in rnd.returns.all():
        workflow.approve(people["reviewer"], annual_return.pk, annual_return.version)
        yield f"approved {annual_return.unit}"
    world.publish(rnd)
    yield "published"
    Indicator.objects.filter(code="W1").update(name="改名")
    yield "renamed by hand"
