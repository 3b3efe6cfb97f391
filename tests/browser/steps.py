"""What people do again and again on the pages."""

from playwright.sync_api import Page, expect

from indicators.models import Figure, Round
from tests.world import PASSWORD


def log_in(page: Page, name: str) -> None:
    page.fill("[name=username]", name)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def open_return(page: Page, unit: str) -> None:
    page.goto("/admin/indicators/annualreturn/")
    page.get_by_role("link", name=f"2023 年年报 · {unit}").click()


def field(page: Page, rnd: Round, key: str):
    """The input of an item, "D1", or of an item in a township, "D3_东镇"."""
    code, _, town = key.partition("_")
    figures = Figure.objects.filter(round=rnd, item__code=code)
    figure = figures.get(unit__name=town) if town else figures.get()
    return page.locator(f"[name=amount-{figure.pk}]")


def fill(page: Page, rnd: Round, **amounts: str) -> None:
    for key, amount in amounts.items():
        place = field(page, rnd, key)
        if key.startswith("D3"):
            place.select_option(amount)
        else:
            place.fill(amount)


def press(page: Page, button: str, says: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text(says)).to_be_visible()
