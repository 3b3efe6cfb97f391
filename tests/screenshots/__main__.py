"""`make screenshots`: every page of the sample as pictures, in var/screenshots; names of pages
(`make screenshots PAGES="todo-clerk late"`) take these alone. Ends with 1 where a page has what
findings.py looks for."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import tools
from tests.conftest import CHROMIUM_ARGS
from tests.screenshots import camera, readme, sheet
from tests.screenshots.pages import PAGES, Page
from tests.screenshots.site import ROOT, Site, empty_folder, sample_site

FOLDER = ROOT / "var" / "screenshots"
NEEDED = ("Chromium", "pdftoppm", "中文字体")


def main(names: list[str]) -> int:
    missing = [tool.name for tool in tools.missing() if tool.name in NEEDED]
    unknown = set(names) - {page.name for page in PAGES}
    if missing or unknown:
        say(f"缺少：{'、'.join(missing)}" if missing else f"没有这些页面：{'、'.join(unknown)}")
        return 2
    with tempfile.TemporaryDirectory(prefix="zhushan-pictures-") as folder:
        say("正在准备演示网站……")
        with sample_site(Path(folder)) as site:
            return photograph(site, [page for page in PAGES if not names or page.name in names])


def photograph(site: Site, pages: list[Page]) -> int:
    empty_folder(FOLDER)
    found: dict[str, list[str]] = {}

    def told(what: camera.Found) -> None:
        page, sentences = what
        found[page.name] = sentences
        say("\n".join([page.name, *(f"  {sentence}" for sentence in sentences)]))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.chromium(), args=CHROMIUM_ARGS)
        camera.take(browser, site, pages, FOLDER, told)
    say(f"全部页面图：{sheet.write(FOLDER, pages, found)}")
    say(f"README 用图：{readme.FOLDER}")
    return 1 if any(found.values()) else 0


def say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
