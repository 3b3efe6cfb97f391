"""What the dashboard costs a slow line, from the server that production runs; counted in bytes on
the line, compressed, headers included. And that nothing of it needs a script."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.screenshots.site import Site, log_in

pytestmark = pytest.mark.browser

FIRST, AGAIN = 600_000, 60_000  # bytes
A_YEAR = 365 * 24 * 3600  # seconds


@dataclass
class Line:
    """What went over the line of one tab."""

    bytes: int = 0
    urls: list[str] = field(default_factory=list)


@pytest.fixture
def leader(browser: Browser, production: Site) -> Iterator[BrowserContext]:
    """Logged in, with whatever the log-in left in the cache forgotten."""
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    log_in(page, production, "leader")
    context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.close()
    yield context
    context.close()


def visit(context: BrowserContext, url: str) -> Line:
    """A new tab, as somebody who comes back later opens it."""
    page, line = context.new_page(), Line()
    session = context.new_cdp_session(page)
    session.on("Network.requestWillBeSent", lambda told: line.urls.append(told["request"]["url"]))
    session.on("Network.loadingFinished", lambda told: _add(line, told["encodedDataLength"]))
    session.send("Network.enable")
    page.goto(url, wait_until="networkidle")
    page.close()
    return line


def _add(line: Line, size: float) -> None:
    line.bytes += int(size)


def test_the_dashboard_is_light_at_first_and_lighter_afterwards(leader, production: Site) -> None:
    first, again = (visit(leader, production.url + "/") for _ in range(2))
    assert 0 < first.bytes <= FIRST
    assert 0 < again.bytes <= AGAIN
    assert again.bytes < first.bytes


def test_the_dashboard_asks_no_other_host_for_anything(leader, production: Site) -> None:
    line = visit(leader, production.url + "/")
    loaded = [url for url in line.urls if not url.startswith("data:")]
    assert len(loaded) > 1
    assert [url for url in loaded if not url.startswith(production.url + "/")] == []


def test_static_files_bear_their_fingerprint_and_are_kept(leader, production: Site) -> None:
    line = visit(leader, production.url + "/")
    files = sorted({url for url in line.urls if "/static/" in url})
    answers = [leader.request.get(url) for url in files]
    assert files != []
    assert [url for url in files if len(url.split("/")[-1].split(".")) < 3] == []
    kept = f"max-age={10 * A_YEAR}, public, immutable"
    assert [answer.headers["cache-control"] for answer in answers] == [kept] * len(files)


def test_pages_leave_compressed_and_files_as_they_are(leader, production: Site) -> None:
    def packed(path: str) -> str:
        return leader.request.get(production.url + path).headers.get("content-encoding", "")

    assert packed("/") == "gzip"
    assert packed("/reports/2024/table.xlsx") == ""


# --- without a script -----------------------------------------------------------------------


def headings(page: Page, site: Site) -> list[str]:
    page.goto(site.url + "/")
    expect(page.locator("main h2").first).to_be_visible()
    return [text for text in page.locator("main").get_by_role("heading").all_inner_texts() if text]


def test_the_dashboard_is_complete_without_a_script(browser: Browser, production: Site) -> None:
    """The log-in as well: nobody gets further with a script than without one."""
    seen = []
    for script in (True, False):
        context = browser.new_context(locale="zh-CN", java_script_enabled=script)
        page = context.new_page()
        log_in(page, production, "leader")
        found = headings(page, production)
        seen.append((found, page.locator("main").inner_text()))
        context.close()
    assert len(seen[0][0]) > 3
    assert seen[1] == seen[0]
