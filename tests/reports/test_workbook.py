"""表1 and the commitments as Excel, cell by cell against the summary they print."""

from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from indicators.models import Layer
from indicators.progress import Status
from organization.models import Role, Unit, User
from reports.sheets import storable
from reports.summary import Number
from reports.workbook_columns import status_fill
from reports.workbook_sheet import SIGNATURES
from tests.reports import workbook_builders as builders
from tests.reports.workbook_builders import SHEETS, cell, cells, made, row, summary

FIRST = 5  # the first row below the headings


def printed(cell) -> str:
    """What a spreadsheet shows of a cell."""
    if cell.data_type != "n" or cell.value is None:
        return cell.value or ""
    value, shown = Decimal(str(cell.value)), cell.number_format
    percent = "%" if shown.endswith("%") else ""
    places = len(shown.rstrip("%").partition(".")[2])
    rounded = (value * 100 if percent else value).quantize(
        Decimal(1).scaleb(-places), ROUND_HALF_UP
    )
    return f"{rounded:{',' if ',' in shown else ''}f}{percent}"


def line(sheet, number: int = FIRST) -> list[str]:
    return [printed(cell) for cell in sheet[number]]


def headings(sheet) -> list[str]:
    return [below.value or above.value for above, below in zip(sheet[3], sheet[4], strict=True)]


def column(sheet, heading: str):
    return sheet.cell(FIRST, headings(sheet).index(heading) + 1)


def texts(sheet) -> list[str]:
    return [cell.value for cells in sheet for cell in cells if isinstance(cell.value, str)]


# --- the table ------------------------------------------------------------------------------------


def test_two_sheets_in_order():
    assert made(summary()).sheetnames == SHEETS


def test_headings_are_those_of_the_design_with_the_nature_under_each_year():
    assert headings(made(summary())[SHEETS[0]]) == [
        "序号",
        "指标",
        "单位",
        "属性",
        "基期值\n2025年\n年报数",
        "2026年\n年报数",
        "2027年\n年报数",
        "2028年\n年报数",
        "规划表述",
        "数值",
        "序时进度\n应达值",
        "完成率",
        "目标\n进度",
        "时间\n进度",
        "评估结论",
        "差距",
        "责任单位",
        "分管领导",
        "情况说明及原因",
        "下一步措施",
    ]


def test_group_headings_are_merged_over_their_columns():
    merged = {str(area) for area in made(summary())[SHEETS[0]].merged_cells.ranges}
    assert {"F3:H3", "I3:J3", "K3:N3", "A3:A4", "O3:O4"} <= merged


def test_a_row_prints_every_cell_of_the_summary():
    shown = row(cause="资金到位较晚。", gap_text="")
    assert line(made(summary(table=(shown,)))[SHEETS[0]]) == [
        "8",
        "养老机构护理型床位占比",
        "%",
        "约束性",
        *("40.00", "44.00", "47.50", "52.00"),
        *("60", "60"),
        *("52", "86.7%", "60%", "60%"),
        "符合序时",
        "—",
        "养老服务和儿童福利股",
        "分管养老服务的副局长",
        "县福利院改造护理型床位 60 张，年底前投入使用。\n资金到位较晚。",
        "2029 年完成三所中心敬老院改造。",
    ]


def test_commitments_have_their_code_and_no_attribute():
    sheet = made(summary())[SHEETS[1]]
    assert (headings(sheet)[0], line(sheet)[:4]) == (
        "代码",
        ["C01", "不能自理特困人员集中供养率", "%", "—"],
    )


def test_the_base_year_alone_has_no_other_year():
    shown = summary(year=2025, table=(row(cells=cells("40.00")),), commitments=())
    assert headings(made(shown)[SHEETS[0]])[3:6] == ["属性", "基期值\n2025年\n年报数", "规划表述"]


def test_a_plan_without_commitments_has_an_empty_sheet_with_headings_and_signatures():
    sheet = made(summary(commitments=(), commitment_sentence="0项正文量化目标。"))[SHEETS[1]]
    assert headings(sheet)[0] == "代码" and sheet.cell(FIRST, 1).value == "0项正文量化目标。"


# --- numbers --------------------------------------------------------------------------------------


def test_every_number_is_a_number_and_none_is_a_formula():
    sheet = made(summary())[SHEETS[0]]
    assert [cell.data_type for cell in sheet[FIRST][4:14]] == [*"nnnn", "s", *"nnnnn"]
    assert {cell.data_type for cells in sheet for cell in cells} == {"n", "s"}


def test_shares_are_percentages_and_percentages_of_the_plan_are_plain_numbers():
    sheet = made(summary())[SHEETS[0]]
    assert (column(sheet, "完成率").value, column(sheet, "完成率").number_format) == (0.867, "0.0%")
    assert (sheet.cell(FIRST, 8).value, sheet.cell(FIRST, 8).number_format) == (52, "0.00")


THIRD = Decimal(1) / Decimal(3)


@pytest.mark.parametrize(
    "shown",
    [
        Number(Decimal("59.996"), "59.996"),
        Number(Decimal("73.602794411177644710578842315"), "73.60"),
        Number(Decimal("59.9999999999999999"), "59.999999999999"),
        Number(Decimal("0.9999999999999999"), "99.9999999999%"),
        Number(THIRD * 2, "66.7%"),
        Number(Decimal("-0.001"), "0.00"),
        Number(Decimal("-5.255"), "-5.26"),
        Number(Decimal("999999999999.125"), "999,999,999,999.13"),
        Number(Decimal("1234.5"), "1,234.50"),
        Number(Decimal("12.345"), "1,234.5%"),
        Number(Decimal("1E+2"), "100"),
    ],
)
def test_a_number_prints_what_the_summary_prints(shown):
    current = replace(cell(2025, "1"), number=shown)
    sheet = made(summary(year=2025, table=(row(cells=(current,)),)))[SHEETS[0]]
    assert (sheet.cell(FIRST, 5).data_type, printed(sheet.cell(FIRST, 5))) == ("n", shown.text)


def test_a_stored_number_keeps_its_digits_where_they_print_the_same():
    assert storable(Number(THIRD, "33.3%")) == Decimal("0.333333333333333")


def test_more_digits_than_a_spreadsheet_holds_are_printed_as_text():
    exact = Number(Decimal("999999999999.123456"), "999,999,999,999.123456")
    sheet = made(summary(year=2025, table=(row(cells=(replace(cell(2025), number=exact),)),)))
    assert sheet[SHEETS[0]].cell(FIRST, 5).value == "999,999,999,999.123456"


def test_a_missing_value_says_why_and_is_never_zero():
    na = cell(2027, number=Number(None, "不适用"), status=Status.NOT_APPLICABLE, label="不适用")
    years = (*cells("40.00", ""), na, cell(2028, "0"))
    sheet = made(summary(table=(row(cells=years, expected=Number(None)),)))[SHEETS[0]]
    assert line(sheet)[4:11] == ["40.00", "未填报", "不适用", "0", "60", "60", "—"]


def test_a_number_column_is_wide_enough_for_its_longest_number():
    wide = made(summary(table=(row(cells=cells("999,999,999,999.12", "1", "2", "3")),)))[SHEETS[0]]
    assert wide.column_dimensions["E"].width > 20 > wide.column_dimensions["F"].width


# --- text -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+86 719", "-5", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x")', "#N/A", "=cmd|' '!A"],
)
def test_text_that_looks_like_a_formula_stays_text(text):
    field = column(made(summary(table=(row(situation=text),)))[SHEETS[0]], "情况说明及原因")
    quoted = not text.startswith("#")
    assert (field.data_type, field.value, field.quotePrefix) == ("s", text, quoted)


def test_names_and_units_cannot_inject_either():
    injected = row(name="=1+1", unit="=2", target_text="=3", responsible="=4", supervisor="=5")
    plan = builders.plan(title="=6", bureau=Unit(name="=7"))
    book = made(summary(plan=plan, table=(injected,), sentence="=8", nature="=9"))
    assert {cell.data_type for cells in book[SHEETS[0]] for cell in cells} == {"n", "s"}


def test_characters_no_sheet_can_hold_are_left_out():
    dirty = row(next_step="一\x00\x0b二\ufffe\r\n三\ud800 \n")
    assert column(made(summary(table=(dirty,)))[SHEETS[0]], "下一步措施").value == "一二\n三"


def test_a_text_too_long_for_a_row_goes_on_below_and_nothing_is_lost():
    long = builders.LONG * 6
    sheet = made(summary(table=(row(situation=long),)))[SHEETS[0]]
    codes = [sheet.cell(i, 1).value for i in range(FIRST, sheet.max_row)]
    lines = [FIRST, *(FIRST + i for i, code in enumerate(codes) if code == "8续")]
    assert len(lines) > 1
    assert "".join(sheet.cell(i, 19).value for i in lines) == long
    assert max(sheet.row_dimensions[i].height for i in lines) < 409


@pytest.mark.parametrize("status", list(Status))
def test_status_is_told_by_word_and_fill(status):
    shown = row(status=status, label=status.label)
    field = column(made(summary(table=(shown,)))[SHEETS[0]], "评估结论")
    assert (field.value, field.fill.fgColor.rgb) == (status.label, f"00{status_fill(status)}")


def grey(status: Status) -> float:
    colour = status_fill(status)
    red, green, blue = (int(colour[i : i + 2], 16) for i in (0, 2, 4))
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_on_a_black_and_white_copy_worse_is_darker_and_the_word_readable():
    order = [Status.ON_PACE, Status.SLIGHTLY_BEHIND, Status.FAR_BEHIND]
    greys = [grey(status) for status in order]
    assert greys == sorted(greys, reverse=True) and min(grey(s) for s in Status) > 160


# --- title, notes, signatures ---------------------------------------------------------------------


def test_title_and_unit_line():
    sheet = made(summary(as_of=date(2028, 6, 30), nature="快报数"))[SHEETS[0]]
    assert texts(sheet)[:5] == [
        "青山县民政事业发展第十五个五年规划主要指标完成情况（2028年）",
        "编制单位：青山县民政局",
        "数据时点：2028年6月30日",
        "数据性质：快报数",
        "单位：见“单位”栏",
    ]


@pytest.mark.parametrize(
    ("layer", "is_sample", "marks"),
    [
        (Layer.OFFICIAL, False, ""),
        (Layer.PROVISIONAL, False, "（含未发布数据）"),
        (Layer.OFFICIAL, True, "（演示数据）"),
        (Layer.PROVISIONAL, True, "（含未发布数据）（演示数据）"),
    ],
)
def test_provisional_and_sample_are_marked_in_title_and_header(layer, is_sample, marks):
    shown = summary(layer=layer, plan=builders.plan(is_sample=is_sample))
    for sheet in made(shown):
        assert sheet["A1"].value.endswith(f"（2028年）{marks}")
        assert (sheet.oddHeader.center.text or "") == marks


def test_signature_line_closes_each_sheet():
    for sheet in made(summary()):
        last = [cell.value for cell in sheet[sheet.max_row] if cell.value]
        assert last == list(SIGNATURES)


def test_notes_say_what_the_columns_have_no_room_for():
    years = (cell(2025, "40", is_historical=True), *cells("", "", "", "")[1:3], cell(2028))
    told = row(
        cells=years, due_year=2027, to_verify="目标待核", gap=object(), lacking=("甲乡", "乙镇")
    )
    sheet = made(summary(table=(row(), row(code="1"), told)))[SHEETS[0]]
    said = [text for text in texts(sheet) if text.startswith("　　")]
    assert said == [
        "　　2．2025年：8为历史数据。",
        "　　3．缺数：8（缺 2028 年护理型床位数）。",
        "　　4．尚未达到的乡镇：8（甲乡、乙镇）。",
        "　　5．目标年与规划末年不同：8（2027年）。",
        "　　6．待核：8（目标待核）。",
    ]


def test_rows_with_the_same_note_share_it():
    missing = [row(code=code, cells=cells("1", "1", "1", "")) for code in ("2", "5")]
    said = texts(made(summary(table=tuple(missing)))[SHEETS[0]])
    assert "　　2．缺数：2、5（缺 2028 年护理型床位数）。" in said


def test_the_summary_sentence_stands_below_the_table():
    assert made(summary())[SHEETS[0]].cell(FIRST + 1, 1).value == "1项主要指标：快于或符合序时1项。"


# --- paper ----------------------------------------------------------------------------------------


def test_prints_on_a3_landscape_one_page_wide_with_repeated_headings():
    for sheet in made(summary()):
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize) == ("landscape", 8)
        assert (setup.fitToWidth, setup.fitToHeight) == (1, 0)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$4", "C5")
        assert sheet.oddFooter.right.text == "第 &P 页，共 &N 页"


def test_an_ampersand_in_a_name_is_no_field_code():
    sheet = made(summary(plan=builders.plan(short_title="A&P规划")))[SHEETS[0]]
    assert sheet.oddFooter.left.text == "A&&P规划 主要指标完成情况（2028年）"


def test_properties_name_title_and_bureau():
    properties = made(summary()).properties
    assert (properties.title, properties.creator) == (
        "青山县民政事业发展第十五个五年规划主要指标完成情况（2028年）",
        "青山县民政局",
    )


def test_fonts_are_asked_for_by_their_chinese_names():
    sheet = made(summary())[SHEETS[0]]
    assert [sheet.cell(i, 1).font.name for i in (1, 2, 3, FIRST)] == [
        "方正小标宋简体",
        "仿宋",
        "黑体",
        "宋体",
    ]


# --- the page it is downloaded from ---------------------------------------------------------------


@pytest.fixture
def plan(db):
    plan = builders.stored_plan()
    builders.give(plan, 2025, "40")
    builders.give(plan, 2026, "44")
    builders.give(plan, 2026, "45.5", Layer.PROVISIONAL)
    return plan


@pytest.fixture
def visit(plan, client):
    """Fetches the address as somebody with these roles."""

    def visit(address: str, *roles: Role):
        name = "-".join(roles)
        client.force_login(User.objects.create_user(name, roles=list(roles), unit=plan.bureau))
        return client.get(address)

    return visit


def sheet_of(response):
    return load_workbook(BytesIO(response.content))[SHEETS[0]]


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.PLANNER, Role.LEADER])
def test_business_roles_download_the_published_table(visit, role):
    response = visit("/reports/2026/table.xlsx", role)
    assert line(sheet_of(response))[:6] == ["1", "指标1", "%", "约束性", "40.00", "44.00"]


def test_the_attachment_has_a_chinese_name_and_is_kept_by_nobody(visit):
    response = visit("/reports/2026/table.xlsx", Role.LEADER)
    assert unquote(response["Content-Disposition"]) == (
        "attachment; filename*=utf-8''青山民政规划完成情况（2026年）.xlsx"
    )
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Type"].endswith("spreadsheetml.sheet")


def test_with_the_switch_the_leader_sees_unpublished_figures_marked(visit):
    response = visit("/reports/2026/table.xlsx?draft=1", Role.LEADER)
    assert line(sheet_of(response))[5] == "45.50"
    assert (
        sheet_of(response)["A1"].value == "青山县民政规划主要指标完成情况（2026年）（含未发布数据）"
    )
    assert "（含未发布数据）.xlsx" in unquote(response["Content-Disposition"])


def test_a_file_name_holds_no_path(visit, plan):
    plan.short_title = "../青山:规划"
    plan.save()
    assert "''..青山规划完成情况" in unquote(
        visit("/reports/2026/table.xlsx", Role.LEADER)["Content-Disposition"]
    )


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.AUDITOR])
def test_accounts_without_business_are_refused(visit, role):
    assert visit("/reports/2026/table.xlsx", role).status_code == 403


def test_an_anonymous_visitor_is_sent_to_the_login(client, plan):
    response = client.get("/reports/2026/table.xlsx")
    assert (response.status_code, response["Location"]) == (
        302,
        "/accounts/login/?next=/reports/2026/table.xlsx",
    )


@pytest.mark.parametrize("address", ["/reports/2031/table.xlsx", "/reports/2026/table.xlsx?plan=x"])
def test_what_does_not_exist_is_not_found(visit, address):
    assert visit(address, Role.LEADER).status_code == 404


def test_another_bureaus_plan_is_not_found(visit):
    other = Unit.objects.create(name="绿水县民政局", kind="bureau", code="LS")
    builders.stored_plan("ls", other)
    assert visit("/reports/2026/table.xlsx?plan=ls", Role.PLANNER).status_code == 404


def test_posting_is_refused(client, plan):
    client.force_login(User.objects.create_user("l", roles=["leader"], unit=plan.bureau))
    assert client.post("/reports/2026/table.xlsx").status_code == 405


def test_more_indicators_cost_no_more_queries(client, plan, django_assert_num_queries):
    client.force_login(User.objects.create_user("l", roles=["leader"], unit=plan.bureau))
    for more in (0, 30):
        for i in range(more):
            builders.indicator(plan, f"x{i}", "commitment")
        with django_assert_num_queries(11):
            client.get("/reports/2026/table.xlsx")
