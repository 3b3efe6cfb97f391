"""填报表: what goes out comes back unchanged; what was typed in between is read as the form reads."""

import subprocess
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from exchange.preview import BadCell
from exchange.reading import read_book
from indicators import workflow
from indicators.models import ReturnAct
from programs import resources
from programs.content import MoneyContent
from programs.models import Component, ComponentProgress, MeasureState, Money, TaskProgress
from tests import tools
from tests.exchange.workbooks import edited, values

pytestmark = pytest.mark.django_db
NAME = "填报表.xlsx"

# Where things stand in the workbook of `care`: the first row under the headings is 4.
STATUS, STAGE, PERCENT, QUANTITY = "项目进展!H4", "项目进展!I4", "项目进展!J4", "项目进展!K4"
STARTED, SITUATION, DONE_ON = "项目进展!N4", "项目进展!R4", "措施进展!G6"
PLANNED, SPENT = "投资!E4", "投资!G4"


@pytest.fixture
def care(world, work):
    return world.return_of(world.round(2023), world.care)


def sheet_of(care) -> bytes:
    return resources.template(care, True)


def look(care, content: bytes):
    return resources.read(care, read_book(NAME, content)).preview


def rows() -> list[list[tuple]]:
    """All that an import may touch, history included."""
    kinds = (TaskProgress, MeasureState, ComponentProgress, Money)
    managers = [one for kind in kinds for one in (kind.objects, kind.history)]
    return [list(one.order_by("pk").values_list()) for one in [*managers, ReturnAct.objects]]


def test_the_workbook_holds_what_is_stored(work, world, care):
    work.fill(care.round)
    book = load_workbook(BytesIO(sheet_of(care)))
    tasks, money = book["任务进展"], book["投资"]
    assert [cell.value for cell in tasks[4]] == [
        "4.1-1", "强化养老机构", "推进", "推进中", None, "按计划推进。", None,
    ]  # fmt: skip
    assert [cell.value for cell in book["项目进展"][4]][:14] == [
        "Z3-1", "1", "养老院建设", "失能老人养老院", "须完成", 1, "所", "推进中", "主体", 60, 0,
        None, None, datetime(2023, 3, 1),
    ]  # fmt: skip
    assert [cell.value for cell in money[4]] == [
        "Z3-1", "1", "失能老人养老院", "中央预算内", 900, 500, 320.5,
    ]  # fmt: skip
    assert book.sheetnames == ["任务进展", "措施进展", "项目进展", "投资", "文件标识"]
    assert book["文件标识"].sheet_state == "veryHidden"


def test_only_cells_for_typing_are_open(care, work):
    book = load_workbook(BytesIO(sheet_of(care)))
    sheet = book["任务进展"]
    assert sheet.protection.sheet
    assert [cell.protection.locked for cell in sheet[4]] == [True, True, True] + [False] * 4
    closed = load_workbook(BytesIO(resources.template(care, False)))["任务进展"]
    assert {cell.protection.locked for cell in closed[4]} == {True}


def test_choices_numbers_and_days_are_checked_while_typing(care, work):
    book = load_workbook(BytesIO(sheet_of(care)))
    rules = {
        (str(rule.sqref), rule.type, rule.formula1)
        for name in ("任务进展", "项目进展")
        for rule in book[name].data_validations.dataValidation
    }
    plain = '"未启动,推进中,已完成,滞后,调整,终止"'
    assert ("D4", "list", plain) in rules
    assert ("H4", "list", plain) in rules
    assert ("H5", "list", plain.replace('"', "", 2).join(['"', ',未获批准"'])) in rules
    assert ("I4:I5", "list", '"谋划,前期,开工,主体,竣工,投用"') in rules
    assert ("J4:J5", "decimal", "0") in rules
    assert ("N4:N5", "date", "18264") in rules
    assert book["项目进展"]["K3"].comment.text == (
        "自开工以来的累计数。单位见“单位”列，最多 2 位小数。"
    )
    assert book["项目进展"]["K4"].comment.text == "单位：所"


@pytest.mark.parametrize("is_filled", [False, True])
def test_what_goes_out_comes_back_unchanged(work, care, is_filled):
    if is_filled:
        work.fill(care.round)
    out = sheet_of(care)
    preview = look(care, out)
    assert {row.outcome for row in preview.rows} == {"unchanged"}
    assert (len(preview.rows), preview.bad, preview.faults, preview.notes) == (18, [], [], [])
    assert preview.sentence == "全部未变：文件内容与系统中的一致，没有需要导入的。"


def test_an_import_of_the_untouched_workbook_writes_nothing(work, care, clerk):
    work.fill(care.round)
    before, out = rows(), sheet_of(care)
    assert resources.store(clerk, care, read_book(NAME, out)) == 0
    assert rows() == before
    assert values(sheet_of(care)) == values(out)


TYPED = {
    STATUS: "推进中",
    STAGE: "主体",
    PERCENT: (0.6, "0%"),
    QUANTITY: "１ 所",
    STARTED: date(2023, 3, 1),
    SITUATION: " 主体施工。",
    PLANNED: "1,200.5万元",
    SPENT: 320,
}


def test_what_was_typed_is_previewed_and_stored(work, care, clerk):
    content = edited(sheet_of(care), TYPED)
    preview = look(care, content)
    assert preview.bad == []
    home, money = (row for row in preview.shown)
    assert (home.sheet, home.row, home.outcome) == ("项目进展", 4, "new")
    assert [(one.name, one.old, one.new) for one in home.changes] == [
        ("状态", "", "推进中"),
        ("进展情况", "", "主体施工。"),
        ("形象进度", "", "主体"),
        ("完成百分比", "", "60"),
        ("完成数量", "", "1"),
        ("实际开工", "", "2023-03-01"),
    ]
    assert home.notes == ["完成百分比是百分比格式，读作 60%。"]
    assert [(one.name, one.new) for one in money.changes] == [
        ("计划投资", "1200.5"),
        ("完成投资", "320"),
    ]
    assert resources.store(clerk, care, read_book(NAME, content)) == 1
    stored = work.line(care, work.home)
    assert (stored.content.percent, stored.content.quantity) == (60, Decimal(1))
    assert stored.content.money == {"central": MoneyContent(Decimal("1200.5"), None, Decimal(320))}
    assert stored.row.entered_by == clerk
    assert ReturnAct.objects.filter(verb="save").count() == 1
    out = sheet_of(care)
    assert {row.outcome for row in look(care, out).rows} == {"unchanged"}


def test_text_that_looks_like_a_formula_stays_text(work, care, clerk):
    told = '=HYPERLINK("http://x","点我")'
    work.save(clerk, care, work.home, work.building(situation=told, reason="+1", document="@x"))
    book = load_workbook(BytesIO(sheet_of(care)))
    cell = book["项目进展"]["R4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (told, "s", True)
    assert {row.outcome for row in look(care, sheet_of(care)).rows} == {"unchanged"}


WRONG = [
    (QUANTITY, "六十", "完成数量", "六十", "应填数字，现为“六十”。"),
    (QUANTITY, ">30", "完成数量", ">30", "应填数字，现为“>30”。"),
    (QUANTITY, "N/A", "完成数量", "N/A", "应填数字，现为“N/A”。"),
    (QUANTITY, "—", "完成数量", "—", "应填数字，现为“—”。"),
    (QUANTITY, "2 处", "完成数量", "2 处", "应填数字，现为“2 处”。"),
    (QUANTITY, (0.5, "0%"), "完成数量", "50%", "应填数字，现为“50%”。"),
    (QUANTITY, date(2023, 3, 1), "完成数量", "2023-03-01", "应填数字，现为“2023-03-01”。"),
    (QUANTITY, 1.234, "完成数量", "1.234", "最多 2 位小数，现为 1.234。"),
    (QUANTITY, True, "完成数量", "TRUE", "是逻辑值，请改为文字或数字。"),
    (QUANTITY, "=1+1", "完成数量", "公式", "是没有计算结果的公式，请在 Excel 或 WPS 中打开并保存后再上传，或直接填写结果。"),
    (QUANTITY, "#N/A", "完成数量", "#N/A", "是公式的错误值，请改正公式或直接填写结果。"),
    (PERCENT, 0.6, "完成百分比", "0.6", "应为 0 至 100 之间的整数，现为“0.6”。"),
    (PERCENT, 120, "完成百分比", "120", "应为 0 至 100 之间的整数，现为“120”。"),
    (STATUS, "完成", "状态", "完成", "应为未启动、推进中、已完成、滞后、调整、终止之一，现为“完成”。"),
    (STATUS, "滞后", "状态", "滞后", "选“滞后”时，请在“原因”中写明。"),
    (STAGE, "—", "形象进度", "—", "应为谋划、前期、开工、主体、竣工、投用之一，现为“—”。"),
    (STARTED, "去年三月", "实际开工", "去年三月", "日期应写成 2023-03-15，现为“去年三月”。"),
    (STARTED, "45000", "实际开工", "45000", "日期应写成 2023-03-15，现为“45000”。"),
    (STARTED, date(2024, 1, 1), "实际开工", "2024-01-01", "数据时点是 2023-12-31，不能填以后的日期 2024-01-01。"),
    (SITUATION, "长" * 2001, "进展情况", "长" * 2001, "进展情况最多 2000 字，现有 2001 字。"),
    (PLANNED, -3, "计划投资", "-3", "应为不小于 0 的数，且不超过系统能存的范围，现为 -3。"),
    (PLANNED, "12亿元", "计划投资", "12亿元", "应填数字，现为“12亿元”。"),
    (SPENT, 1e300, "完成投资", "1e+300", "应填数字，现为“1e+300”。"),
    ("任务进展!A4", "9.9-9", "任务代码", "9.9-9", "这张监测表里没有这一行，请删去或改正。"),
    ("投资!D5", "中央预算内", "资金来源", "中央预算内", "与第 4 行重复，请删去一行。"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "typed", "heading", "found", "says"), WRONG)
def test_every_bad_cell_is_named_with_what_is_expected(
    work, care, clerk, place, typed, heading, found, says
):
    sheet, _, address = place.partition("!")
    content, before = edited(sheet_of(care), {place: typed}), rows()
    preview = look(care, content)
    column = load_workbook(BytesIO(content))[sheet][address].column
    row = int("".join(filter(str.isdigit, address)))
    assert preview.bad == [BadCell(sheet, row, column, heading, found, says)]
    assert str(preview.bad[0]) == f"“{sheet}”{address}“{heading}”：{says}"
    assert preview.faults == []
    assert [one.outcome for one in preview.rows if (one.sheet, one.row) == (sheet, row)] == [
        "refused"
    ]
    assert rows() == before


def test_all_bad_cells_are_told_at_once(work, care):
    typed = {QUANTITY: "六", PERCENT: "x", "任务进展!D4": "好", PLANNED: "?", DONE_ON: "明天"}
    preview = look(care, edited(sheet_of(care), typed))
    assert sorted(one.address for one in preview.bad) == ["D4", "E4", "G6", "J4", "K4"]
    assert preview.sentence == "有 5 处需要改正，全部改正后才能导入；现在什么都没有写入。"


def test_a_row_hidden_by_a_filter_is_said_and_not_read(work, care):
    book = load_workbook(BytesIO(edited(sheet_of(care), {PLANNED: 7})))
    book["投资"].row_dimensions[4].hidden = True
    extra = book.create_sheet("草稿")
    extra["A1"] = "随手记"
    hidden = book.create_sheet("旧表")
    hidden.sheet_state = "hidden"
    file = BytesIO()
    book.save(file)
    preview = look(care, file.getvalue())
    assert preview.changes_something is False
    assert preview.notes == [
        "工作表“旧表”是隐藏的，没有读入。",
        "工作表“投资”有 1 行是隐藏或筛选掉的（第 4 行），没有读入；需要导入请先取消隐藏或筛选。",
        "工作表“草稿”不属于填报表，没有读入。",
        "填报表比系统少 1 行，缺的行按没有改动处理。",
    ]


def test_the_wrong_file_in_the_wrong_place_is_noticed(work, world, care):
    other = world.return_of(care.round, world.affairs)
    assert look(other, sheet_of(care)).faults == [
        "这是另一张表的填报表（2023 年年报 · XA-1），不能导入到填报表（2023 年年报 · XA-2）；"
        "请在对应的监测表上传。"
    ]
    book = load_workbook(BytesIO(sheet_of(care)))
    del book["文件标识"]
    file = BytesIO()
    book.save(file)
    nothing = "这不是从本系统下载的填报表，或它的隐藏标识已损坏；请重新下载填报表填写。"
    assert look(care, file.getvalue()).faults == [nothing]
    assert look(care, edited(sheet_of(care), {"文件标识!B4": "XA-9"})).faults == [nothing]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"投资!E3": "投资额"}, "工作表“投资”缺少列“计划投资”，请用下载的文件填写，不要改动列名。"),
        (None, "缺少工作表“投资”，请用下载的文件填写，不要删除、改名或隐藏工作表。"),
    ],
)
def test_a_changed_layout_is_said(work, care, change, says):
    content = edited(sheet_of(care), change or {})
    if change is None:
        book = load_workbook(BytesIO(content))
        del book["投资"]
        file = BytesIO()
        book.save(file)
        content = file.getvalue()
    assert look(care, content).faults == [says]


def test_what_changed_in_between_is_not_overwritten(work, care, clerk):
    out = sheet_of(care)
    work.save(clerk, care, work.home, work.building())
    untouched = look(care, out)
    assert {row.outcome for row in untouched.rows} == {"unchanged"}
    preview = look(care, edited(out, {PERCENT: 70}))
    assert [str(one) for one in preview.bad] == [
        "“项目进展”H4“状态”：下载填报表之后，这一项在系统中已有改动；请重新下载填报表再填这一项。"
    ]


def test_locked_rows_stay_as_they_are(work, world, clerk):
    rnd = work.publish(2023)
    care = world.return_of(rnd, world.care)
    key = work.key(care, work.flats)
    workflow.reopen(world.people["reviewer"], care.pk, care.version, [], "有误", [key])
    care.refresh_from_db()
    preview = look(care, edited(sheet_of(care), {PERCENT: 70}))
    assert [str(one) for one in preview.bad] == [
        "“项目进展”J4“完成百分比”：已审核锁定，不能修改；请恢复原来的内容，或先申请重新开启。"
    ]


def test_reading_costs_the_same_with_one_and_with_three_components(
    work, world, care, django_assert_num_queries
):
    one = sheet_of(care)
    with django_assert_num_queries(10):
        look(care, one)
    for order in (3, 4):
        Component.objects.create(
            project=work.project, order=order, name=f"子项{order}", grade="firm", sentences=[1]
        )
    more = world.return_of(world.round(2024), world.care)
    many = sheet_of(more)
    with django_assert_num_queries(10):
        look(more, many)


@pytest.mark.libreoffice
def test_libreoffice_saves_the_filled_workbook_and_the_import_takes_it(work, care, clerk, tmp_path):
    """Filled by script, a formula among it; LibreOffice opens, computes and saves it as xlsx."""
    typed = {**TYPED, QUANTITY: 0, PLANNED: "=1000+200"}
    filled = saved_by_libreoffice(tmp_path, edited(sheet_of(care), typed))
    with ZipFile(BytesIO(filled)) as packed:
        assert b"LibreOffice" in packed.read("docProps/app.xml")
    preview = look(care, filled)
    assert (preview.bad, preview.faults, preview.notes) == ([], [], [])
    assert [row.notes for row in preview.shown] == [
        ["完成百分比是百分比格式，读作 60%。"],
        ["计划投资由公式算出，按现有结果 1200 读入。"],
    ]
    assert resources.store(clerk, care, read_book(NAME, filled)) == 1
    content = work.line(care, work.home).content
    assert (content.status, content.percent, content.started_on) == (
        "under_way",
        60,
        date(2023, 3, 1),
    )
    assert content.money == {"central": MoneyContent(Decimal(1200), None, Decimal(320))}
    assert {row.outcome for row in look(care, sheet_of(care)).rows} == {"unchanged"}


def saved_by_libreoffice(folder: Path, content: bytes) -> bytes:
    source, out = folder / "填报表.xlsx", folder / "out"
    source.write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    to = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(source)]
    subprocess.run(
        [tools.libreoffice(), profile, "--headless", *to],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return (out / source.name).read_bytes()
