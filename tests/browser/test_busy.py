"""Whatever takes longer than a moment says so, is sent once, and ends visibly."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def slow(page: Page, where: str) -> list[Route]:
    """Requests to `where` wait until they are let go."""
    waiting: list[Route] = []
    page.route(where, lambda route: waiting.append(route))
    return waiting


def told(page: Page) -> str:
    return page.locator("p[role=status].visually-hidden").inner_text()


# While a page is being left nothing can be asked of it: what happens is written down in the tab.
PLAYED = """(steps) => {
  const button = document.querySelector(".search-form button");
  const told = document.querySelector("body > [role=status]");
  const said = [];
  const act = {
    press: () => button.click(),
    escape: () => window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" })),
    look: () => {
      said.push([button.innerText, button.getAttribute("aria-busy"), told.innerText]);
      sessionStorage.setItem("said", JSON.stringify(said));
    },
  };
  steps.forEach(([wait, name]) => setTimeout(act[name], wait));
}"""


def play(page: Page, *steps: tuple[int, str]) -> list[Route]:
    """Presses and looks, after so many milliseconds, while the answer is awaited; then lets the
    last request go and answers all that were sent."""
    page.goto("/search/")
    waiting = slow(page, "**/search/?q=*")
    page.fill("#search-q", "床位")
    page.evaluate(PLAYED, [list(step) for step in steps])
    page.wait_for_timeout(steps[-1][0] + 300)
    waiting[-1].continue_()
    expect(page.get_by_text("护理型床位占比").first).to_be_visible()
    return waiting


def said(page: Page) -> list[list[str | None]]:
    found: list[list[str | None]] = page.evaluate("JSON.parse(sessionStorage.getItem('said'))")
    return found


READY, WORKING = ["搜索", None, ""], ["正在处理…", "true", "正在处理…"]


def test_a_slow_form_says_that_it_is_working_and_is_sent_once(world: World, visit) -> None:
    page = visit("leader")
    sent = play(page, (0, "press"), (200, "look"), (700, "look"), (750, "press"), (900, "look"))
    assert said(page) == [READY, WORKING, WORKING]
    assert len(sent) == 1


def test_what_was_stopped_can_be_pressed_again(world: World, visit) -> None:
    page = visit("leader")
    sent = play(page, (0, "press"), (700, "escape"), (750, "look"), (800, "press"))
    assert said(page) == [READY]
    assert len(sent) == 2


def test_a_page_gone_back_to_is_ready_again(world: World, visit) -> None:
    page = visit("leader")
    page.goto("/search/")
    page.fill("#search-q", "床位")
    page.keyboard.press("Enter")
    expect(page.get_by_text("护理型床位占比").first).to_be_visible()
    page.go_back()
    expect(page.locator(".search-form button")).to_have_text("搜索")
    expect(page.locator("html")).not_to_have_class("is-busy")


def test_a_slow_file_says_that_it_is_working_until_it_is_there(world: World, visit) -> None:
    world.round(2023)
    page = visit("planner")
    page.goto("/todo/late/")
    link = page.locator("a[href*='late.xlsx']").first
    word = link.inner_text()
    waiting = slow(page, "**/late.xlsx*")
    with page.expect_download() as download:
        link.click()
        expect(link).to_have_attribute("aria-busy", "true")
        expect(link).to_have_text("正在处理…")
        link.click(force=True)
        page.wait_for_timeout(100)
        assert len(waiting) == 1
        waiting[0].continue_()
    assert download.value.suggested_filename.endswith(".xlsx")
    expect(link).to_have_text(word)
    expect(link).not_to_have_attribute("aria-busy", "true")
    assert told(page).startswith("已下载：")


def test_a_file_that_is_refused_leads_to_the_page_that_says_why(world: World, visit) -> None:
    world.round(2023)
    page = visit("planner", quiet=True)
    page.goto("/todo/late/")
    world.people["planner"].roles = ["leader"]
    world.people["planner"].save()
    page.locator("a[href*='late.xlsx']").first.click()
    expect(page.get_by_role("heading", name="此页面不对您的账号开放")).to_be_visible()


def test_pages_are_complete_without_a_script(world: World, browser, live_server) -> None:
    context = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/accounts/login/?next=/search/")
    page.fill("[name=username]", "leader")
    page.fill("[name=password]", "for-tests-only-2023")
    page.get_by_role("button", name="登录").click()
    page.fill("#search-q", "床位")
    page.locator(".search-form button").click()
    expect(page.get_by_text("护理型床位占比").first).to_be_visible()
    page.locator(".account summary").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("button", name="登录")).to_be_visible()
    context.close()


@pytest.mark.parametrize(("width", "at_most"), [(1440, 90), (768, 130), (390, 180)])
def test_the_head_is_low_and_never_wider_than_the_screen(
    world: World, visit, width: int, at_most: int
) -> None:
    page = visit("planner")
    page.set_viewport_size({"width": width, "height": 844})
    for url in ("/search/?q=床位", "/", "/admin/"):
        page.goto(url)
        head = page.locator("header.masthead").bounding_box()
        assert head and head["height"] <= at_most
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(".account summary").click()
    menu = page.locator(".account-menu").bounding_box()
    assert menu and menu["x"] >= 0 and menu["x"] + menu["width"] <= width
