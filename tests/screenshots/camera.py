"""Takes every page at three widths and on paper."""

import subprocess
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.screenshots import findings, readme
from tests.screenshots.pages import Page
from tests.screenshots.site import Site, log_in

WIDTHS = {1440: 900, 768: 1024, 390: 844}
PAPER = 60  # dots per inch of a printed page

Found = tuple[Page, list[str]]


def take(
    browser: Browser, site: Site, pages: Iterable[Page], folder: Path, told: Callable[[Found], None]
) -> None:
    """Writes <page>@<width>.png and <page>@print-<n>.png into the folder, and README's pictures.
    One log-in a role. `told` hears of each page with its findings."""
    for who, of_role in groupby(sorted(pages, key=lambda page: page.who), lambda page: page.who):
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        tab = context.new_page()
        log_in(tab, site, who)
        for page in of_role:
            told((page, list(_pictures(tab, site, page, folder))))
        context.close()


def _pictures(tab: Tab, site: Site, page: Page, folder: Path) -> Iterator[str]:
    url = site.url + page.at(site.places)
    seen = set()
    for width, height in WIDTHS.items():
        tab.set_viewport_size({"width": width, "height": height})
        answer = tab.goto(url)
        if width == 1440 and answer and answer.status >= 500:
            yield f"页面出错：{answer.status}"
        _whole(tab, folder / f"{page.name}@{width}.png")
        new = [said for said in findings.of(tab, width, site.names) if said not in seen]
        seen |= set(new)
        yield from new
        _for_readme(tab, page, width)
    _print(tab, folder / f"{page.name}@print")


def _whole(tab: Tab, file: Path) -> None:
    """In a window as high as the page, so that what sticks to its lower edge stands below; the wall
    is laid out by the height of its window and keeps it."""
    if tab.locator("body.wall").count():
        tab.screenshot(path=file, full_page=True)
        return
    size = tab.viewport_size
    height = tab.evaluate("document.documentElement.scrollHeight")
    tab.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
    tab.wait_for_load_state("networkidle")  # pictures further down are fetched when they are near
    tab.screenshot(path=file)
    tab.set_viewport_size(size)


def _for_readme(tab: Tab, page: Page, width: int) -> None:
    for chosen in readme.CHOSEN:
        if (chosen.page, chosen.width) == (page.name, width):
            tab.set_viewport_size({"width": chosen.width, "height": chosen.height})
            readme.store(chosen, tab.screenshot())


def _print(tab: Tab, target: Path) -> None:
    """As the browser would print it, page by page."""
    pdf = target.with_suffix(".pdf")
    tab.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
    subprocess.run(["pdftoppm", "-r", str(PAPER), "-png", pdf, target], check=True)
    pdf.unlink()
