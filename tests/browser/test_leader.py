"""The leader test: from a cold dashboard on a desk, without scrolling or clicking, one can name the
worst binding laggard, its gap, its cause and who answers for it."""

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.screenshots.site import Site, ask, log_in

pytestmark = pytest.mark.browser

DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def worst(site: Site) -> dict[str, str]:
    return ask(site.folder, "tests.browser.laggard")


def test_the_sample_has_a_binding_laggard_of_which_everything_is_told(worst) -> None:
    assert [name for name, text in worst.items() if not text] == []


def test_the_first_look_names_the_worst_laggard_its_gap_its_cause_and_who_answers(
    browser: Browser, site: Site, worst
) -> None:
    context = browser.new_context(locale="zh-CN", viewport=DESK)
    page = context.new_page()
    log_in(page, site, "leader")
    page.goto(site.url + "/")
    first = page.locator("[data-risk]").first
    outside = [name for name, text in worst.items() if not _within(first, text)]
    assert page.evaluate("scrollY") == 0
    context.close()
    assert outside == []


def _within(risk: Locator, text: str) -> bool:
    """Whether the whole text stands in the first viewport, not cut off by what it stands in."""
    place = risk.get_by_text(text).first
    expect(place).to_be_visible()
    box = place.bounding_box()
    assert box is not None
    inside = box["x"] >= 0 and box["x"] + box["width"] <= DESK["width"]
    whole = place.evaluate("it => it.scrollHeight <= it.clientHeight + 1 || !it.clientHeight")
    return inside and whole and box["y"] >= 0 and box["y"] + box["height"] <= DESK["height"]
