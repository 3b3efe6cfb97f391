"""The table of pages names every page there is."""

from collections import Counter, defaultdict

from django.urls import get_resolver, resolve

from tests.screenshots.findings import english
from tests.screenshots.pages import NOT_PAGES, PAGES
from tests.test_access import ALL, addresses

ANY_ROW = defaultdict(lambda: 1, task="task-1", component="component-1", published_component="x-1")
# The admin deletes nothing, and its addresses without /change/ lead there.
NEVER_PAGES = {name for name in ALL if name.endswith(("_delete", "<path:object_id>/"))}


NAMES = {route.replace("^", ""): name for name, route in addresses(get_resolver().url_patterns)}


def shown(address: str) -> str:
    path, _, _ = address.format_map(ANY_ROW).partition("?")
    return NAMES[resolve(path).route]


def test_every_address_is_a_page_with_a_picture_or_says_why_not() -> None:
    without = {name for names in NOT_PAGES.values() for name in names.split()}
    pictured = {shown(page.address) for page in PAGES if page.name != "not-found"}
    assert pictured & without == set()
    told = pictured | without | NEVER_PAGES
    assert (sorted(set(ALL) - told), sorted(told - set(ALL))) == ([], [])


def test_no_two_pages_share_the_name_of_their_pictures() -> None:
    assert [name for name, times in Counter(page.name for page in PAGES).items() if times > 1] == []


def test_english_is_told_from_codes_formats_and_accounts() -> None:
    text = "下载 Excel（xlsx）；W-05、D23；账号 yanglao；Choose file；见 units.csv；10 MB"
    assert english(text, ["yanglao"]) == ["Choose", "file", "units"]
