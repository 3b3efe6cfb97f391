"""Every page of the table of pages: axe finds nothing, at a desk and on a phone; the keyboard
reaches everything that can be used and shows where it is."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ViewportSize
from playwright.sync_api import Page as Tab

from tests.screenshots.pages import PAGES, Page
from tests.screenshots.site import Site, log_in

pytestmark = pytest.mark.browser

WHO = sorted({page.who for page in PAGES})
DESK: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
# Of the admin, what people work on also on a phone; the rest is forms at a desk.
PHONE_TOO = ("returns", "return", "progress-list", "progress-task", "progress-component", "round")
BY_KEYBOARD = (
    "login",
    "dashboard",
    "indicator",
    "search-found",
    "supervision-new",
    "return",
    "late",
)
BY_KEYBOARD += ("progress-component", "rounds", "user")


@pytest.fixture(scope="module")
def tabs(browser: Browser, site: Site) -> Iterator[dict[str, Tab]]:
    """One log-in a role. axe styles elements while it measures, so no policy is asked here."""
    found = {}
    for who in WHO:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        found[who] = context.new_page()
        log_in(found[who], site, who)
    yield found
    for tab in found.values():
        tab.context.close()


def of(who: str) -> list[Page]:
    return [page for page in PAGES if page.who == who]


def sizes(page: Page) -> list[ViewportSize]:
    on_phone = not page.address.startswith("/admin/") or page.name in PHONE_TOO
    return [DESK, PHONE] if on_phone else [DESK]


@pytest.mark.parametrize("who", WHO)
def test_axe_finds_nothing_on_any_page(tabs, site: Site, who: str) -> None:
    found = []
    for page in of(who):
        for size in sizes(page):
            tabs[who].set_viewport_size(size)
            tabs[who].goto(site.url + page.at(site.places))
            told = _violations(tabs[who])
            found += [f"{page.name} {size['width']}: {what}" for what in told]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("who", WHO)
def test_no_page_scrolls_sideways_on_a_tablet_or_a_phone(tabs, site: Site, who: str) -> None:
    found = []
    for page in of(who):
        tabs[who].goto(site.url + page.at(site.places))
        for width in (768, 390):
            tabs[who].set_viewport_size({"width": width, "height": 844})
            wide = tabs[who].evaluate("document.documentElement.scrollWidth")
            found += [f"{page.name}: {wide} px wide at {width}"] if wide > width else []
    assert not found, "\n".join(found)


def _violations(tab: Tab) -> list[str]:
    told = Axe().run(tab).response["violations"]
    return [f"{rule['id']} {node['html'][:100]}" for rule in told for node in rule["nodes"][:2]]


# --- the keyboard ---------------------------------------------------------------------------

# Everything a mouse could use; of a group of radio buttons Tab reaches one.
USABLE = """() => {
  const wanted = "a[href], button, input, select, textarea, summary, [tabindex]";
  const seen = new Set();
  return [...document.querySelectorAll(wanted)].filter(it => {
    if (it.tabIndex < 0 || it.disabled || it.type === "hidden") return false;
    if (!it.checkVisibility({visibilityProperty: true}) || it.closest("[inert]")) return false;
    if (it.type !== "radio") return true;
    if (seen.has(it.name)) return false;
    return seen.add(it.name);
  }).map((it, n) => { it.dataset.order = n; return n; });
}"""
PARTS = 4  # Tab goes through year, month, day and the calendar of a date
# Some pages begin with the focus in a field; what is removed leaves its place as the next start.
TO_THE_TOP = """() => {
  const start = document.createElement("button");
  document.body.prepend(start);
  start.focus();
  start.remove();
}"""
FOCUSED = """() => {
  const it = document.activeElement, style = getComputedStyle(it);
  const own = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return {order: it === document.body ? null : it.dataset.order ?? it.outerHTML.slice(0, 80),
          shown: own || style.boxShadow !== "none", html: it.outerHTML.slice(0, 100)};
}"""


@pytest.mark.parametrize("name", BY_KEYBOARD)
def test_tab_reaches_everything_in_order_and_shows_where_it_is(tabs, site: Site, name: str) -> None:
    page = next(page for page in PAGES if page.name == name)
    tab = tabs[page.who]
    tab.set_viewport_size(DESK)
    tab.goto(site.url + page.at(site.places))
    tab.evaluate(TO_THE_TOP)
    usable = tab.evaluate(USABLE)
    reached, unseen = _walk(tab, len(usable))
    assert unseen == []
    assert reached == [str(number) for number in usable]


def _walk(tab: Tab, steps: int) -> tuple[list[str], list[str]]:
    """What Tab came by, and what did not show that it had the focus."""
    reached, unseen = [], []
    for _ in range(steps * PARTS):
        tab.keyboard.press("Tab")
        at = tab.evaluate(FOCUSED)
        if reached and at["order"] == reached[-1]:
            continue
        reached.append(at["order"])
        unseen += [] if at["shown"] else [at["html"]]
        if len(reached) == steps:
            break
    return reached, unseen
