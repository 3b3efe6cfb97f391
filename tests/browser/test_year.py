"""A year of two 股室, one with a township list, and of townships with returns of their own, with
everything that happens in an office: mistakes, send-back, withdrawal, 代录, conflict, an expired
session, a request for change, a correction."""

import pytest
from playwright.sync_api import Page, expect

from indicators import workflow
from indicators.models import DataItem, Round
from organization.models import User
from tests.browser.steps import field, fill, log_in, open_return, press
from tests.world import PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENT = "已报送，等待审核。"
APPROVED = "已审核通过，数据已锁定。"


@pytest.fixture
def year(world: World) -> Round:
    """With an item that every township reports itself; 北乡 has no account."""
    DataItem.objects.create(
        plan=world.plan,
        code="D5",
        name="探访关爱老年人次",
        measure="人次",
        nature="period",
        kind="number",
        collection="township",
        minimum=0,
        order=9,
    )
    User.objects.create_user(
        "south_clerk", PASSWORD, name="甲south", unit=world.townships[1], roles=["clerk"]
    )
    return world.round(2023)


def test_two_departments_play_a_year(world: World, year: Round, visit) -> None:
    clerk, other = visit("clerk"), visit("other_clerk")
    reviewer, planner, leader = visit("reviewer"), visit("planner"), visit("leader")

    # 社会事务股 submits, takes it back, submits again.
    open_return(other, "社会事务股")
    fill(other, year, D4="471")
    press(other, "保存并报送", SENT)
    press(other, "撤回", "已撤回，可以继续修改。")
    fill(other, year, D4="470")
    press(other, "保存并报送", SENT)

    # 养老股 fills in; the session runs out before saving, and what was typed survives.
    open_return(clerk, "养老股")
    fill(clerk, year, D1="170", D2="300", D3_东镇="是", D3_南乡="是", D3_北乡="否")
    clerk.context.clear_cookies(name="sessionid")
    clerk.get_by_role("button", name="保存草稿").click()
    clerk.wait_for_url("**/accounts/login/**")
    log_in(clerk, "clerk")
    expect(clerk.get_by_text("已恢复您上次填写而未保存的 5 处内容")).to_be_visible()
    expect(field(clerk, year, "D1")).to_have_value("170")
    press(clerk, "保存草稿", "草稿已保存。")

    # A second tab saves first; the first one is shown both versions and keeps what it typed.
    second = clerk.context.new_page()
    second.goto(clerk.url)
    fill(second, year, D1="175")
    press(second, "保存草稿", "草稿已保存。")
    fill(clerk, year, D1="180")
    clerk.get_by_role("button", name="保存草稿").click()
    expect(clerk.get_by_role("region", name="两个版本对照")).to_contain_text("180")
    expect(clerk.get_by_role("region", name="两个版本对照")).to_contain_text("175")
    expect(field(clerk, year, "D1")).to_have_value("180")
    press(clerk, "保存并报送", SENT)

    # The reviewer starts, the unit can no longer withdraw, and it is sent back with a reason.
    open_return(reviewer, "养老股")
    press(reviewer, "开始审核", "已开始审核，填报单位不能再撤回。")
    clerk.reload()
    expect(clerk.get_by_role("button", name="撤回")).to_have_count(0)
    reviewer.fill("#send-back-reason", "床位数与登记证不符")
    reviewer.get_by_role("button", name="退回").click()
    expect(reviewer.get_by_text("已退回填报单位。")).to_be_visible()
    open_return(clerk, "养老股")
    expect(clerk.get_by_text("床位数与登记证不符").first).to_be_visible()
    fill(clerk, year, D1="150")
    press(clerk, "保存并报送", SENT)
    for unit in ("养老股", "社会事务股"):
        open_return(reviewer, unit)
        press(reviewer, "审核通过", APPROVED)

    planner.goto(f"/admin/indicators/round/{year.pk}/change/")
    _townships(year, visit, planner, reviewer)
    _publish(planner, year)
    leader.goto("/indicators/W1/")
    expect(leader.locator("main")).to_contain_text("50.00")
    _correct(world, year, clerk, reviewer, planner, leader)


def _townships(year: Round, visit, planner, reviewer) -> None:
    """Two townships report themselves; the office enters for the third, somebody else approves."""
    for name, unit, amount in (("township_clerk", "东镇", "120"), ("south_clerk", "南乡", "80")):
        page = visit(name)
        open_return(page, unit)
        fill(page, year, **{f"D5_{unit}": amount})
        press(page, "保存并报送", SENT)
    open_return(planner, "北乡")
    fill(planner, year, D5_北乡="60")
    planner.get_by_role("button", name="保存草稿").click()
    expect(planner.get_by_text("代录时请写明数据由谁提供、提供日期和依据文件。")).to_be_visible()
    expect(field(planner, year, "D5_北乡")).to_have_value("60")
    planner.fill("[name=provider]", "北乡民政办")
    planner.fill("[name=provided_on]", "2024-01-08")
    planner.fill("[name=document]", "北乡报表")
    press(planner, "保存并报送", SENT)
    expect(planner.get_by_role("button", name="审核通过")).to_have_count(0)
    for unit in ("东镇", "南乡", "北乡"):
        open_return(reviewer, unit)
        press(reviewer, "审核通过", APPROVED)


def _publish(planner, year: Round) -> None:
    planner.goto(f"/admin/indicators/round/{year.pk}/change/")
    planner.fill("[name=signed_by]", "局长")
    planner.fill("[name=signed_on]", "2024-02-01")
    press(planner, "定稿发布", "还没有发布。")
    press(planner, "确认发布", "已定稿发布，领导现在可以看到这一批数据。")


def _correct(world: World, year: Round, clerk, reviewer, planner, leader) -> None:
    """Asked for, reopened for that one figure, approved, and only then published as 更正."""
    open_return(clerk, "养老股")
    clerk.get_by_text("填写申请").click()
    d1 = world.figure(year, "D1")
    clerk.check(f"form[action$='/request/'] [name=open-{d1.pk}]")
    clerk.fill("#request-reason", "漏报三十张")
    press(clerk, "提交申请", "修改申请已提交，等待答复。")
    open_return(reviewer, "养老股")
    expect(reviewer.get_by_text("漏报三十张").first).to_be_visible()
    expect(reviewer.locator(f"form[action$='/reopen/'] [name=open-{d1.pk}]")).to_be_checked()
    reviewer.fill("#reopen-reason", "同意更正")
    reviewer.get_by_role("button", name="重新开启").click()
    open_return(clerk, "养老股")
    expect(field(clerk, year, "D2")).to_have_count(0)  # only what was asked for is open
    fill(clerk, year, D1="180")
    press(clerk, "保存并报送", SENT)
    open_return(reviewer, "养老股")
    expect(reviewer.get_by_text("有改动").first).to_be_visible()
    press(reviewer, "审核通过", APPROVED)
    leader.reload()
    expect(leader.locator("main")).not_to_contain_text("60.00")
    planner.goto(f"/admin/indicators/round/{year.pk}/change/")
    planner.fill("#reason", "养老股漏报床位")
    press(planner, "更正发布", "已更正发布。")
    leader.reload()
    expect(leader.locator("main")).to_contain_text("60.00")


def _expired(page: Page, name: str, button: str) -> None:
    """The session is gone when the button is pressed, and the person logs in again."""
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url("**/accounts/login/**")
    log_in(page, name)


def test_what_was_typed_outlives_a_session_and_what_others_did_meanwhile(
    world: World, visit
) -> None:
    rnd = world.round(2023)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    clerk, reviewer, planner = visit("clerk"), visit("reviewer"), visit("planner")

    # A number: somebody else saved another one meanwhile; both are told, nothing is overwritten.
    open_return(clerk, "养老股")
    fill(clerk, rnd, D1="１７０")
    world.save(world.people["clerk"], care, D1=160, D2=310)
    _expired(clerk, "clerk", "保存草稿")
    expect(clerk.get_by_text("现在保存的是“160”，您填写的是“１７０”")).to_be_visible()
    expect(field(clerk, rnd, "D1")).to_have_value("１７０")
    expect(field(clerk, rnd, "D2")).to_have_value("310")
    press(clerk, "保存草稿", "草稿已保存。")
    clerk.reload()
    expect(clerk.get_by_text("已恢复")).to_have_count(0)

    # A note for whoever comes after.
    clerk.goto("/todo/")
    clerk.fill("#note-text", "找统计局要数")
    _expired(clerk, "clerk", "保存备注")
    expect(clerk.locator("#note-text")).to_have_value("找统计局要数")
    press(clerk, "保存备注", "交接备注已保存。")

    # A reason; once it is given it does not come back.
    world.explain(rnd)
    workflow.submit(world.people["clerk"], care.pk, _version(care))
    open_return(reviewer, "养老股")
    reviewer.fill("#send-back-reason", "床位数与登记证不符")
    _expired(reviewer, "reviewer", "退回")
    expect(reviewer.locator("#send-back-reason")).to_have_value("床位数与登记证不符")
    press(reviewer, "退回", "已退回填报单位。")
    workflow.submit(world.people["clerk"], care.pk, _version(care))
    open_return(reviewer, "养老股")
    expect(reviewer.locator("#send-back-reason")).to_have_value("")
    press(reviewer, "审核通过", APPROVED)

    # A signature, ticks with a reason, and the reason of a correction.
    affairs = world.return_of(rnd, world.affairs)
    sent = workflow.submit(world.people["other_clerk"], affairs.pk, affairs.version)
    workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    planner.goto(f"/admin/indicators/round/{rnd.pk}/change/")
    planner.fill("[name=signed_by]", "局长")
    planner.fill("[name=signed_on]", "2024-02-01")
    _expired(planner, "planner", "定稿发布")
    expect(planner.locator("[name=signed_by]")).to_have_value("局长")
    press(planner, "定稿发布", "还没有发布。")
    press(planner, "确认发布", "已定稿发布，领导现在可以看到这一批数据。")
    planner.fill("#reason", "养老股漏报床位")
    _expired(planner, "planner", "更正发布")
    expect(planner.locator("#reason")).to_have_value("养老股漏报床位")
    open_return(reviewer, "养老股")
    reviewer.get_by_text("选择要开启的数据").click()
    box = f"form[action$='/reopen/'] [name=open-{world.figure(rnd, 'D1').pk}]"
    reviewer.check(box)
    reviewer.fill("#reopen-reason", "登记证已补")
    _expired(reviewer, "reviewer", "重新开启")
    expect(reviewer.locator(box)).to_be_checked()
    expect(reviewer.locator("#reopen-reason")).to_have_value("登记证已补")


def _version(annual_return) -> int:
    annual_return.refresh_from_db()
    return annual_return.version
