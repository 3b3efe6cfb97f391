"""A year of a project with two components, from the form to the page leadership opens: what was
typed is what the project page, the 总览 and the workbook say."""

from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from indicators.models import Round
from tests.browser.steps import fill, open_return, press
from tests.work import Work
from tests.world import World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SENT = "已报送，等待审核。"
APPROVED = "已审核通过，数据已锁定。"
SHEET = "专栏项目进展"


@pytest.fixture
def year(world: World, work: Work) -> Round:
    return world.round(2023)


def test_a_year_of_a_project_with_two_components(world, work, year, visit) -> None:
    clerk, other = visit("clerk"), visit("other_clerk")
    reviewer, planner, leader = visit("reviewer"), visit("planner"), visit("leader")

    # 养老股 types its figures, and is told what else is owed.
    open_return(clerk, "养老股")
    fill(clerk, year, D1="170", D2="300", D3_东镇="是", D3_南乡="是", D3_北乡="否")
    clerk.get_by_role("button", name="保存并报送").click()
    expect(clerk.get_by_text("任务与项目进展还有 3 处要补，补齐后才能报送：")).to_be_visible()
    clerk.get_by_role("link", name="去补填任务与项目进展").click()

    # The task: all measures at a click, the result with its proof.
    clerk.get_by_role("link", name="4.1-1 强化养老机构", exact=True).click()
    clerk.locator("#measures-head ~ span").get_by_role("button", name="推进中").click()
    expect(clerk.get_by_text("已填入，还没有保存；请核对后保存。")).to_be_visible()
    clerk.select_option("[name=status]", "under_way")
    clerk.fill("[name=situation]", "三年行动按计划实施。")
    press(clerk, "保存，到下一项", "已保存：4.1-1 强化养老机构。")

    # The building: a wrong number first, nothing typed is lost.
    expect(clerk.get_by_role("heading", name="失能老人养老院")).to_be_visible()
    _build(clerk, percent="六十")
    clerk.get_by_role("button", name="保存，到下一项").click()
    expect(clerk.get_by_text("应为 0 至 100 之间的整数，现为“六十”。")).to_be_visible()
    expect(clerk.locator("[name=money-central-spent]")).to_have_value("320.5")
    clerk.fill("[name=percent]", "60")
    press(clerk, "保存，到下一项", "已保存：Z3-1 养老院建设 · 失能老人养老院。")
    clerk.select_option("[name=status]", "not_started")
    clerk.select_option("[name=stage]", "conceived")
    press(clerk, "保存，到下一项", "已保存：Z3-1 养老院建设 · 老年公寓。")
    clerk.get_by_role("link", name="填好了，去报送").click()
    press(clerk, "保存并报送", SENT)

    open_return(other, "社会事务股")
    fill(other, year, D4="470")
    other.get_by_role("button", name="保存草稿").click()
    other.get_by_role("link", name="任务与项目进展").click()
    other.get_by_role("link", name="4.1-2 谋划医养项目", exact=True).click()
    other.select_option("[name=status]", "not_approved")
    other.fill("[name=reason]", "上级今年没有立项。")
    other.fill("[name=situation]", "已申报，未列入计划。")
    measure = work.sought_task.measures.get()
    other.select_option(f"[name=m{measure.pk}-status]", "not_approved")
    other.fill(f"[name=m{measure.pk}-note]", "未列入计划")
    press(other, "保存", "已保存：4.1-2 谋划医养项目。")
    open_return(other, "社会事务股")
    press(other, "保存并报送", SENT)

    # The reviewer reads the progress, sends it back once, then approves.
    open_return(reviewer, "养老股")
    reviewer.get_by_role("link", name="任务与项目进展").click()
    reviewer.get_by_role("link", name="Z3-1 养老院建设 · 失能老人养老院", exact=True).click()
    expect(reviewer.locator("main, #content").first).to_contain_text("主体施工。")
    expect(reviewer.get_by_role("button", name="保存")).to_have_count(0)
    open_return(reviewer, "养老股")
    reviewer.fill("#send-back-reason", "到位资金与台账不符")
    press(reviewer, "退回", "已退回填报单位。")
    open_return(clerk, "养老股")
    clerk.get_by_role("link", name="任务与项目进展").click()
    clerk.get_by_role("link", name="Z3-1 养老院建设 · 失能老人养老院", exact=True).click()
    clerk.fill("[name=money-county-arrived]", "120")
    press(clerk, "保存", "已保存：Z3-1 养老院建设 · 失能老人养老院。")
    open_return(clerk, "养老股")
    press(clerk, "保存并报送", SENT)
    for unit in ("养老股", "社会事务股"):
        open_return(reviewer, unit)
        press(reviewer, "审核通过", APPROVED)

    leader.goto("/projects/Z3-1/")
    expect(leader.locator("main")).not_to_contain_text("400.5")
    _publish(planner, year)
    _agree(leader, planned="1200", arrived="620", spent="400.5")

    # One component is asked for, reopened, corrected; until then the published state stands.
    open_return(clerk, "养老股")
    clerk.get_by_text("填写申请").click()
    key = work.key(world.return_of(year, world.care), work.home)
    clerk.check(f"form[action$='/request/'] [name=open-{key}]")
    clerk.fill("#request-reason", "完成投资漏报一笔")
    press(clerk, "提交申请", "修改申请已提交，等待答复。")
    open_return(reviewer, "养老股")
    expect(reviewer.locator(f"form[action$='/reopen/'] [name=open-{key}]")).to_be_checked()
    reviewer.fill("#reopen-reason", "同意更正")
    reviewer.get_by_role("button", name="重新开启").click()
    open_return(clerk, "养老股")
    clerk.get_by_role("link", name="任务与项目进展").click()
    clerk.get_by_role("link", name="Z3-1 养老院建设 · 失能老人养老院", exact=True).click()
    clerk.fill("[name=money-county-spent]", "100")
    press(clerk, "保存", "已保存：Z3-1 养老院建设 · 失能老人养老院。")
    open_return(clerk, "养老股")
    press(clerk, "保存并报送", SENT)
    open_return(reviewer, "养老股")
    press(reviewer, "审核通过", APPROVED)
    _agree(leader, planned="1200", arrived="620", spent="400.5")
    planner.goto(f"/admin/indicators/round/{year.pk}/change/")
    planner.fill("#reason", "补登一笔完成投资")
    press(planner, "更正发布", "已更正发布。")
    _agree(leader, planned="1200", arrived="620", spent="420.5")


def _build(page: Page, percent: str) -> None:
    page.select_option("[name=status]", "under_way")
    page.select_option("[name=stage]", "structure")
    page.fill("[name=percent]", percent)
    page.fill("[name=quantity]", "0")
    page.fill("[name=started_on]", "2023年3月1日")
    page.fill("[name=situation]", "主体施工。")
    for source, amounts in {"central": "900 500 320.5", "county": "300 100 80"}.items():
        for part, amount in zip(("planned", "arrived", "spent"), amounts.split(), strict=True):
            page.fill(f"[name=money-{source}-{part}]", amount)


def _publish(planner: Page, year: Round) -> None:
    planner.goto(f"/admin/indicators/round/{year.pk}/change/")
    planner.fill("[name=signed_by]", "局长")
    planner.fill("[name=signed_on]", "2024-02-01")
    planner.get_by_role("button", name="定稿发布", exact=True).click()
    if planner.get_by_role("button", name="确认发布").count():
        planner.get_by_role("button", name="确认发布").click()
    expect(planner.get_by_text("已定稿发布，领导现在可以看到这一批数据。")).to_be_visible()


def _agree(leader: Page, **money: str) -> None:
    """The project page, the 总览 and the workbook say the same sums of money."""
    leader.goto("/projects/Z3-1/?year=2023")
    page = leader.locator("main").inner_text().replace(",", "")
    leader.goto("/?year=2023")
    dashboard = leader.locator("main").inner_text().replace(",", "")
    answer = leader.request.get("/reports/2023/table.xlsx")
    sheet = openpyxl.load_workbook(BytesIO(answer.body()))[SHEET]
    numbers = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    for amount in money.values():
        assert amount in page
        assert amount in dashboard
        assert amount in numbers or f"{amount}.0" in numbers
