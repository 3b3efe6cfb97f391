"""待办, 催报清单 and 交接单 as they are seen: on a phone, by a screen reader, on paper."""

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from indicators import workflow
from organization.models import User
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def busy(world: World) -> World:
    """A round that is late, one return sent back, one waiting, one handover done."""
    rnd = world.round(due_on=timezone.localdate() - timedelta(days=5))
    world.fill(rnd, 300, 300, [1, 1, 1], 90)
    clerk, other = world.people["clerk"], world.people["other_clerk"]
    care, affairs = world.return_of(rnd, world.care), world.return_of(rnd, world.affairs)
    sent = workflow.submit(clerk, care.pk, care.version)
    reason = "护理型床位数与台账不符，" * 6
    workflow.send_back(world.people["reviewer"], sent.pk, sent.version, reason)
    workflow.submit(other, affairs.pk, affairs.version)
    workflow.keep_note(clerk, world.care, 0, "月底找统计局要数")
    new = User.objects.create_user("new", "x", name="乙new", unit=world.affairs)
    world.people["handover"] = workflow.hand_over(world.people["sysadmin"], other, new, "调离")
    return world


def accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def fits(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize(
    ("who", "address", "shows"),
    [
        ("clerk", "/todo/", "已退回，待修改（1）"),
        ("reviewer", "/todo/", "待审核（1）"),
        ("planner", "/todo/", "催报（1）"),
        ("sysadmin", "/todo/", "账号与单位"),
        ("planner", "/todo/late/", "催报清单"),
        ("planner", "/handovers/1/", "工作交接单"),
        ("sysadmin", "/handovers/new/", "办理工作交接"),
    ],
)
def test_the_pages_fit_a_phone_and_a_screen_reader(busy, visit, who, address, shows) -> None:
    page = visit(who)
    page.goto(address.replace("1", str(busy.people["handover"].pk)))
    expect(page.locator("main")).to_contain_text(shows)
    fits(page, 1280)
    accessible(page)
    fits(page, 390)
    accessible(page)


@pytest.mark.parametrize("address", ["/todo/late/", "/handovers/1/"])
def test_the_sheets_take_one_page_of_paper(busy, visit, address) -> None:
    page = visit("planner")
    page.goto(address.replace("1", str(busy.people["handover"].pk)))
    assert page.pdf(prefer_css_page_size=True).count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    expect(page.locator("nav").first).to_be_hidden()
    expect(page.locator(".sheet-foot")).to_be_visible()


def test_a_clerk_lands_on_what_is_due_and_goes_on_from_there(busy, visit) -> None:
    page = visit("clerk")
    expect(page.get_by_role("heading", name="待办", exact=True)).to_be_visible()
    page.get_by_label("数据从哪里来").fill("月初找统计局要数")
    page.get_by_role("button", name="保存备注").click()
    expect(page.get_by_text("交接备注已保存。")).to_be_visible()
    page.get_by_role("link", name="2023 年年报 · 养老股").first.click()
    expect(page.get_by_role("button", name="保存草稿")).to_be_visible()
