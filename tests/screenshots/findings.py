"""What a machine sees on a page that a person would not like: sideways scrolling on a tablet or a
phone, English words left standing, text that is cut off."""

import re
from collections.abc import Iterable

from playwright.sync_api import Page

# Names of formats and units, codes of the plan, and what a code is made of.
KNOWN = {"Excel", "CSV", "PDF", "XLSX", "JPG", "JPEG", "PNG", "WPS", "OFD", "Word", "KB", "MB"}
KNOWN |= {"xlsx", "csv", "docx", "txt", "pdf", "xls", "png", "jpg", "jpeg", "ofd", "Ctrl", "Enter"}
WORD = re.compile(r"(?<![\w.@/-])[A-Za-z]{2,}(?![\w@/-])")

CLIPPED = """() => [...document.querySelectorAll("body *")].filter(it => {
  const style = getComputedStyle(it);
  const cuts = ["hidden", "clip"].includes(style.overflowX) && it.clientWidth > 1;
  return cuts && it.scrollWidth > it.clientWidth + 1
    && !it.matches("input") && !it.closest("svg, .visually-hidden, details:not([open])");
}).map(it => `${it.tagName.toLowerCase()}.${it.className} “${it.innerText.slice(0, 30)}”`)"""


def of(page: Page, width: int, names: Iterable[str]) -> list[str]:
    """Sentences about the page as it stands there; `names`: account names, which are no words."""
    found = [f"{width}px：{what} 被截断" for what in page.evaluate(CLIPPED)]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > page.evaluate("document.documentElement.clientWidth"):
        found.append(f"{width}px：页面宽 {wide}px，要左右滚动")
    return found + [f"英文：{word}" for word in english(page.inner_text("body"), names)]


def english(text: str, names: Iterable[str] = ()) -> list[str]:
    return sorted({word for word in WORD.findall(text) if word not in KNOWN | set(names)})
