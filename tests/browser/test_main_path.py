"""The whole way of a figure, as people walk it: clerk, reviewer, planner, leader, workbook."""

import io

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from indicators.models import Figure
from tests.browser.steps import fill, open_return
from tests.world import World

pytestmark = [
    pytest.mark.browser,
    pytest.mark.main_path,
    pytest.mark.django_db(transaction=True),
]


def test_a_figure_goes_from_the_clerk_to_the_leader_and_into_the_workbook(
    world: World, visit
) -> None:
    planner = visit("planner")
    planner.goto("/admin/indicators/round/add/")
    planner.fill("[name=year]", "2023")
    planner.fill("[name=as_of]", "2023-12-31")
    planner.get_by_role("button", name="开启批次").click()
    expect(planner.get_by_text("已开启2023 年年报，2 个单位收到监测表。")).to_be_visible()
    rnd = world.plan.rounds.get()

    # The clerk mistypes, is told so beside the field, loses nothing, and submits.
    clerk = visit("clerk")
    open_return(clerk, "养老股")
    fill(clerk, rnd, D1="一百八十", D2="３００", D3_东镇="是", D3_南乡="是", D3_北乡="否")
    clerk.get_by_role("button", name="保存并报送").click()
    expect(clerk.get_by_text("应填数字，现为“一百八十”")).to_be_visible()
    d2 = Figure.objects.get(round=rnd, item__code="D2")
    expect(clerk.locator(f"[name=amount-{d2.pk}]")).to_have_value("３００")
    fill(clerk, rnd, D1="180")
    clerk.get_by_role("button", name="保存草稿").click()
    expect(clerk.locator("table.fed")).to_contain_text("60.00")
    clerk.get_by_role("button", name="保存并报送").click()
    expect(clerk.get_by_text("已报送，等待审核。")).to_be_visible()

    other = visit("other_clerk")
    open_return(other, "社会事务股")
    fill(other, rnd, D4="470")
    other.get_by_role("button", name="保存并报送").click()
    expect(other.get_by_text("已报送，等待审核。")).to_be_visible()

    reviewer = visit("reviewer")
    for unit in ("养老股", "社会事务股"):
        open_return(reviewer, unit)
        reviewer.get_by_role("button", name="审核通过").click()
        expect(reviewer.get_by_text("已审核通过，数据已锁定。")).to_be_visible()

    leader = visit("leader")
    leader.goto("/")
    expect(leader.locator("main")).not_to_contain_text("60.00")
    leader.goto("/?year=2023&draft=1")
    expect(leader.locator("main")).to_contain_text("60.00")

    planner.goto(f"/admin/indicators/round/{rnd.pk}/change/")
    planner.fill("[name=signed_by]", "局长")
    planner.fill("[name=signed_on]", "2024-02-01")
    planner.get_by_role("button", name="定稿发布").click()
    planner.get_by_role("button", name="确认发布").click()
    expect(planner.get_by_text("已定稿发布，领导现在可以看到这一批数据。")).to_be_visible()

    leader.goto("/")
    row = leader.get_by_role("row").filter(has_text="护理型床位占比").last
    expect(row).to_contain_text("60.00")
    expect(row).to_contain_text("提前完成")
    leader.get_by_role("link", name="护理型床位占比").first.click()
    expect(leader.locator("main")).to_contain_text("180")
    expect(leader.locator("main")).to_contain_text("300")
    expect(leader.locator("main")).to_contain_text("60.00")

    answer = leader.request.get("/reports/2023/table.xlsx")
    sheet = load_workbook(io.BytesIO(answer.body())).worksheets[0]
    cells = [cell.value for line in sheet.iter_rows() for cell in line]
    assert 60 in cells and "提前完成" in cells
