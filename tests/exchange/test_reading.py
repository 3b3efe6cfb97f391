"""Workbooks read into plain cells; hostile ones refused quickly, with a sentence."""

import subprocess
import sys
import time

import pytest

from exchange.cells import CellKind, Unreadable
from exchange.container import NotAccepted
from exchange.reading import read_book
from tests.exchange import workbooks
from tests.exchange.workbooks import HOSTILE, sheet


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_time_with_a_sentence(name: str) -> None:
    file, build, says = HOSTILE[name]
    content = build()
    began = time.process_time()  # other work on the machine does not count
    with pytest.raises(NotAccepted) as refused:
        read_book(file, content)
    assert str(refused.value) == says.format(file)
    assert time.process_time() - began < 5


# One file a process, so that the peak is that of reading it.
MEASURED = """
import sys
from exchange.container import NotAccepted
from exchange.reading import read_book
content = sys.stdin.buffer.read()
try:
    read_book("a.xlsx", content)
except NotAccepted:
    status = open("/proc/self/status").read()
    print(status.partition("VmHWM:")[2].split()[0])
"""
LARGE = ["bomb", "million empty rows", "many cells", "two million blanks", "deep", "entities"]


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux")
@pytest.mark.parametrize("name", LARGE)
def test_hostile_files_do_not_fill_the_memory(name: str) -> None:
    command = [sys.executable, "-c", MEASURED]
    done = subprocess.run(command, input=HOSTILE[name][1](), capture_output=True, check=True)
    assert int(done.stdout) < 300 * 1024


def cells(rows: str, **changes: str) -> list[tuple[str, str, str]]:
    """Address, what is shown, kind."""
    book = read_book("a.xlsx", sheet(rows, **changes))
    found = book.sheets[0].rows.values()
    return [(c.address, c.shown, c.kind) for row in found for c in row.values()]


NUMBERS = [
    ("0", "60", "60", CellKind.NUMBER),
    ("0", "0.1", "0.1", CellKind.NUMBER),
    ("0", "0.30000000000000004", "0.3", CellKind.NUMBER),
    ("0", "1.2E3", "1200", CellKind.NUMBER),
    ("0", "1E999999", "1E999999", CellKind.TEXT),
    ("0", "NaN", "NaN", CellKind.TEXT),
    ("0", "-5", "-5", CellKind.NUMBER),
    ("1", "0.6", "60%", CellKind.PERCENT),
    ("1", "60", "6000%", CellKind.PERCENT),
    ("2", "0.12345", "12.345%", CellKind.PERCENT),
    ("3", "45000", "2023-03-15", CellKind.DATE),
    ("4", "45000", "2023-03-15", CellKind.DATE),
    ("5", "45078", "2023-06", CellKind.DATE),
    ("3", "45000.5", "2023-03-15 12:00", CellKind.DATE),
    ("3", "-9e9", "-9000000000", CellKind.NUMBER),
    ("99", "7", "7", CellKind.NUMBER),
]


@pytest.mark.parametrize(("style", "value", "shown", "kind"), NUMBERS)
def test_the_number_format_says_what_a_number_is(style, value, shown, kind) -> None:
    found = cells(f'<row r="2"><c r="B2" s="{style}"><v>{value}</v></c></row>')
    assert found == [("B2", shown, kind)]


def test_dates_may_be_counted_since_1904() -> None:
    workbook = (
        f'<workbook {workbooks.NS} xmlns:r="{workbooks.REL}"><workbookPr date1904="1"/><sheets>'
        '<sheet name="表" sheetId="1" r:id="a"/></sheets></workbook>'
    )
    rows = '<row r="1"><c r="A1" s="3"><v>43538</v></c></row>'
    assert cells(rows, **{"xl/workbook.xml": workbook}) == [("A1", "2023-03-15", CellKind.DATE)]


def test_texts_are_read_from_every_place_they_may_stand_in() -> None:
    rows = (
        '<row><c t="inlineStr"><is><t> 推进 </t></is></c>'
        "<c t='inlineStr'><is><r><t>老年</t></r><r><t>公寓</t></r><rPh><t>gongyu</t></rPh></is></c>"
        '<c t="str"><v>a_x000D_b</v></c><c r="F1" t="str"><f>A1</f><v>公式</v></c></row>'
    )
    assert cells(rows) == [
        ("A1", "推进", CellKind.TEXT),
        ("B1", "老年公寓", CellKind.TEXT),
        ("C1", "a\rb", CellKind.TEXT),
        ("F1", "公式", CellKind.TEXT),
    ]


def test_the_used_range_that_a_sheet_claims_is_not_believed() -> None:
    xml = (
        f'<worksheet {workbooks.NS}><dimension ref="A1:A1"/><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="9"><c r="C9"><v>2</v></c></row>'
        "</sheetData></worksheet>"
    )
    found = cells("", **{"xl/worksheets/sheet1.xml": xml})
    assert [(place, shown) for place, shown, _ in found] == [("A1", "1"), ("C9", "2")]


UNREADABLE = [
    ('<c r="A1"><f>B1*2</f></c>', "是没有计算结果的公式，请在 Excel 或 WPS 中打开并保存后再上传，或直接填写结果。"),
    ('<c r="A1"><f>B1*2</f><v></v></c>', "是没有计算结果的公式，请在 Excel 或 WPS 中打开并保存后再上传，或直接填写结果。"),
    ('<c r="A1" t="b"><v>1</v></c>', "是逻辑值，请改为文字或数字。"),
    ('<c r="A1" t="e"><v>#N/A</v></c>', "是公式的错误值，请改正公式或直接填写结果。"),
    ('<c r="A1" t="str"><v>a_x0001_b</v></c>', "含有看不见的控制字符，请清除后重新输入。"),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "says"), UNREADABLE)
def test_what_nobody_could_have_typed_is_refused(cell: str, says: str) -> None:
    book = read_book("a.xlsx", sheet(f'<row r="1">{cell}</row>'))
    with pytest.raises(Unreadable) as refused:
        assert book.sheets[0].rows[1][1].typed
    assert str(refused.value) == says


def test_a_formula_with_its_result_is_the_result() -> None:
    book = read_book("a.xlsx", sheet('<row r="1"><c r="A1"><f>B1*2</f><v>12</v></c></row>'))
    cell = book.sheets[0].rows[1][1]
    assert (cell.typed, cell.formula) == ("12", True)


def test_hidden_rows_are_named_and_not_read() -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2" hidden="1"><c r="A2"><v>2</v></c></row>'
    )
    found = read_book("a.xlsx", sheet(rows)).sheets[0]
    assert (list(found.rows), found.hidden) == ([1], [2])
