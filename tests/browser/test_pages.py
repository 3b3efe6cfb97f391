"""Every page people work on: accessible, and on a telephone without sideways scrolling."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from indicators import workflow
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = {
    "leader": ["/", "/?draft=1", "/indicators/W1/", "/indicators/W2/", "/accounts/password/"],
    "clerk": [
        "/admin/",
        "/admin/indicators/annualreturn/",
        "/admin/indicators/annualreturn/{return}/change/",
        "/admin/indicators/annualreturn/{return}/print/",
    ],
    "reviewer": ["/admin/indicators/annualreturn/{other}/change/"],
    "planner": [
        "/admin/indicators/round/add/",
        "/admin/indicators/round/{round}/change/",
        "/admin/indicators/target/add/",
        "/admin/plans/plan/{plan}/text/",
        "/admin/indicators/indicator/",
    ],
    "sysadmin": ["/admin/organization/user/add/", "/admin/organization/unit/"],
}


@pytest.fixture
def numbers(world: World) -> dict[str, int]:
    old = world.round(2022)
    world.fill(old, 150, 300, [1, 1, 0], 470)
    world.approve_all(old)
    world.publish(old)
    rnd = world.round(2023)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    other = world.return_of(rnd, world.affairs)
    workflow.submit(world.people["other_clerk"], other.pk, other.version)
    care = world.return_of(rnd, world.care)
    return {"return": care.pk, "other": other.pk, "round": rnd.pk, "plan": world.plan.pk}


@pytest.mark.parametrize("who", PAGES)
def test_pages_are_accessible_and_fit_a_telephone(world: World, numbers, visit, who: str) -> None:
    page, axe, found = visit(who, quiet=True), Axe(), []
    for address in PAGES[who]:
        url = address.format(**numbers)
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(url)
        found += [f"{url}: {v['id']} {v['nodes'][0]['html'][:120]}" for v in _violations(axe, page)]
        page.set_viewport_size({"width": 390, "height": 800})
        width = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{url}: {width} px wide"] * (width > 390)
    assert found == []


def _violations(axe: Axe, page) -> list[dict]:
    return axe.run(page).response["violations"]


def test_the_login_page_is_accessible(world: World, page, live_server) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    assert _violations(Axe(), page) == []
