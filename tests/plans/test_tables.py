from datetime import date
from decimal import Decimal

import pytest

from plans.tables import PlanFolderError, Row, read_settings, read_table, unique, write_table

KINDS = {"局": "bureau", "股室": "department"}


def row(**cells: str) -> Row:
    return Row("a.csv", 5, cells, [])


def table(tmp_path, content: bytes, *columns: str, optional=()):
    faults: list[str] = []
    (tmp_path / "a.csv").write_bytes(content)
    rows = read_table(tmp_path, "a.csv", columns or ("代码", "名称"), faults, optional=optional)
    return rows, faults


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path):
    content = '代码,名称\nA,"两\n行"\n\n,\nB,乙\n'.encode()
    rows, faults = table(tmp_path, content)
    assert [(one.line, one.text("代码"), one.text("名称")) for one in rows] == [
        (2, "A", "两\n行"),
        (5, "B", "乙"),
    ]
    assert faults == []


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_the_mark_of_utf8_is_accepted(tmp_path, mark):
    rows, faults = table(tmp_path, mark + "代码,名称\r\n A ,\u3000甲\r\n".encode())
    assert [one.cells for one in rows] == [{"代码": "A", "名称": "甲"}]
    assert faults == []


def test_what_is_written_is_read_back_and_carries_the_mark(tmp_path):
    write_table(tmp_path, "a.csv", ["代码", "名称"], [["A", "有,逗号"], [1, ""]])
    assert (tmp_path / "a.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    rows = read_table(tmp_path, "a.csv", ["代码", "名称"], [])
    assert [one.cells for one in rows] == [
        {"代码": "A", "名称": "有,逗号"},
        {"代码": "1", "名称": ""},
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            "代码,名称\nA,甲\n".encode("gbk"),
            "a.csv：不是 UTF-8 编码，请在 WPS 或 Excel 中另存为“CSV UTF-8”。",
        ),
        (b"", "a.csv：文件是空的，第 1 行应为列名。"),
        (b"\n,,\n", "a.csv：文件是空的，第 1 行应为列名。"),
        (
            '代码,名称\n"A,甲\n'.encode(),
            "a.csv：引号不成对，读不出行列，请在 WPS 或 Excel 中打开检查后重新保存。",
        ),
        ("代码\nA\n".encode(), "a.csv 第 1 行：缺少“名称”列，请补上。"),
        ("代码,名称,备注\n".encode(), "a.csv 第 1 行：不认识的列“备注”，请改成规定的列名或删去。"),
        ("代码,名称,代码\n".encode(), "a.csv 第 1 行：“代码”列重复，请删去一列。"),
        (
            "代码,名称\nA,甲,乙\n".encode(),
            "a.csv 第 2 行：有内容落在列名之外，多半是文字里有英文逗号而没有加引号，请检查。",
        ),
    ],
)
def test_a_file_that_is_no_table_is_told_in_one_sentence(tmp_path, content, says):
    assert table(tmp_path, content)[1] == [says]


def test_a_missing_file_is_a_fault_unless_it_is_optional(tmp_path):
    faults: list[str] = []
    assert read_table(tmp_path, "b.csv", ["代码"], faults) == []
    assert read_table(tmp_path, "c.csv", ["代码"], faults, required_file=False) == []
    assert faults == ["b.csv：规划文件夹中没有这个文件，请补上。"]


def test_an_optional_column_may_be_left_out(tmp_path):
    rows, faults = table(tmp_path, "代码,名称\nA,甲\n".encode(), optional=["备注"])
    assert (rows[0].text("备注", required=False), faults) == ("", [])


@pytest.mark.parametrize(
    ("cell", "value"), [("12", 12), ("１２", 12), ("-3", -3), ("+4", 4), ("", None)]
)
def test_integers_as_an_office_types_them(cell, value):
    one = row(数=cell)
    assert (one.integer("数", required=False), one.faults) == (value, [])


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,234.50", "1234.50"), ("６０．５", "60.5"), ("-0.000001", "-0.000001"), ("1，234", "1234")],
)
def test_decimals_as_an_office_types_them(cell, value):
    one = row(数=cell)
    assert (one.decimal("数"), one.faults) == (Decimal(value), [])


@pytest.mark.parametrize(
    "cell", ["abc", "NaN", "Infinity", "1e309", "60%", "1,23", "٣", "--1", "."]
)
def test_nonsense_is_no_number(cell):
    one = row(数=cell)
    assert one.decimal("数") is None
    assert one.faults == [f"a.csv 第 5 行“数”：应为数字，现为“{cell}”。"]


def test_a_year_out_of_range_says_what_to_fill_in():
    one = row(到期年="二〇二五")
    assert one.integer("到期年", minimum=2021, maximum=2025) is None
    assert one.faults == ["a.csv 第 5 行“到期年”：应为 2021 至 2025 之间的整数，现为“二〇二五”。"]
    assert one.sound is False


@pytest.mark.parametrize(
    ("limits", "cell", "says"),
    [
        ({"minimum": 0}, "-5", "应为不小于 0 的数字，现为“-5”。"),
        ({"maximum": 100}, "101", "应为不大于 100 的数字，现为“101”。"),
        ({}, "1" * 15, f"整数部分最多 14 位、小数最多 6 位，现为“{'1' * 15}”。"),
        ({}, "0.1234567", "整数部分最多 14 位、小数最多 6 位，现为“0.1234567”。"),
    ],
)
def test_a_decimal_out_of_range(limits, cell, says):
    one = row(数=cell)
    assert one.decimal("数", **limits) is None
    assert one.faults == [f"a.csv 第 5 行“数”：{says}"]


@pytest.mark.parametrize("cell", ["2022-04-15", "2022/4/15", "2022年4月15日", "２０２２.4.15"])
def test_dates_as_a_spreadsheet_saves_them(cell):
    assert row(日=cell).date("日") == date(2022, 4, 15)


@pytest.mark.parametrize("cell", ["2022-13-01", "2022", "去年"])
def test_no_date(cell):
    one = row(日=cell)
    assert one.date("日") is None
    assert one.faults == [f"a.csv 第 5 行“日”：应为日期，例如 2022-04-15，现为“{cell}”。"]


def test_flags_and_choices():
    one = row(甲="是", 乙="", 丙="对", 丁="局", 戊="科")
    assert [one.flag(name) for name in "甲乙丙"] == [True, False, False]
    assert [one.choice(name, KINDS) for name in "丁戊"] == ["bureau", None]
    assert one.choice("乙", KINDS, required=False) is None
    assert one.faults == [
        "a.csv 第 5 行“丙”：应填“是”或“否”，现为“对”。",
        "a.csv 第 5 行“戊”：应为局、股室之一，现为“科”。",
    ]


def test_texts_are_bounded_and_required():
    one = row(甲="", 乙="一二三四", 丙="a\x00b")
    assert [one.text(name, max_length=3) for name in "甲乙丙"] == ["", "", ""]
    assert one.faults == [
        "a.csv 第 5 行“甲”：不能为空，请填写。",
        "a.csv 第 5 行“乙”：最多 3 个字，现有 4 个字，请缩短。",
        "a.csv 第 5 行“丙”：含有看不见的控制字符，请清除后重新输入。",
    ]


def test_a_second_row_with_the_same_key_is_a_fault(tmp_path):
    rows, faults = table(tmp_path, "代码,名称\nA,甲\nB,乙\nA,丙\n,丁\n,戊\n".encode())
    assert list(unique(rows, "代码")) == [("A",), ("B",)]
    assert faults == ["a.csv 第 4 行“代码”：“A”与第 2 行重复，请删去一行或改正。"]


def test_settings_are_one_row_that_remembers_its_lines(tmp_path):
    faults: list[str] = []
    write_table(tmp_path, "plan.csv", ["项目", "内容"], [["末年", "x"], ["颜色", "红"]])
    one = read_settings(tmp_path, "plan.csv", ["末年", "简称"], ["文号"], faults)
    assert one.integer("末年") is None
    assert (one.text("简称"), one.text("文号", required=False)) == ("", "")
    assert faults == [
        "plan.csv 第 3 行“项目”：不认识的项目“颜色”，请改成规定的名称或删去这一行。",
        "plan.csv：缺少“简称”这一项，请补一行。",
        "plan.csv 第 2 行“末年”：应为整数，现为“x”。",
    ]


def test_the_error_holds_every_fault():
    error = PlanFolderError(["一。", "二。"])
    assert (error.faults, str(error)) == (["一。", "二。"], "一。\n二。")
