"""The named people of every test, and the small county they work in."""

import pytest
from django.test import Client

from organization.models import User
from tests import work as small_work
from tests import world as small_world
from tests.world import PASSWORD, World


@pytest.fixture
def world(db: None) -> World:
    county = small_world.build()
    units = {
        "clerk": county.care,
        "other_clerk": county.affairs,
        "township_clerk": county.townships[0],
        "reviewer": county.bureau,
        "planner": county.bureau,
        "leader": county.bureau,
        "sysadmin": None,
        "auditor": None,
    }
    for name, unit in units.items():
        role = name.removeprefix("other_").removeprefix("township_")
        county.people[name] = User.objects.create_user(
            name, PASSWORD, name=f"甲{name}", unit=unit, roles=[role]
        )
    county.people["reviewer"].review_units.add(county.bureau)
    return county


@pytest.fixture
def work(world: World) -> small_work.Work:
    """Tasks and a project for the small county; rounds opened from now on ask for them."""
    return small_work.build(world)


def _person(name: str) -> object:
    @pytest.fixture(name=name)
    def person(world: World) -> User:
        return world.people[name]

    return person


clerk = _person("clerk")
other_clerk = _person("other_clerk")
township_clerk = _person("township_clerk")
reviewer = _person("reviewer")
planner = _person("planner")
leader = _person("leader")
sysadmin = _person("sysadmin")
auditor = _person("auditor")


@pytest.fixture
def as_person(world: World):
    """as_person("clerk") → a client that is logged in."""

    def log_in(name: str, **options: bool) -> Client:
        client = Client(**options)
        client.force_login(world.people[name])
        return client

    return log_in
