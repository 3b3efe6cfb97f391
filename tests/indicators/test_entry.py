"""What people type into a cell, and what they are told."""

from datetime import date
from decimal import Decimal

import pytest

from indicators.entry import Entry, NotANumber, plain, read_amount, read_date, read_entry
from indicators.models import DataItem

COUNT = DataItem(name="床位", measure="张", kind="number", decimals=0, minimum=Decimal(0))
RATE = DataItem(
    name="增速", measure="%", kind="rate", decimals=2, minimum=Decimal(0), maximum=Decimal(100)
)
MONEY = DataItem(name="支出", measure="万元", kind="amount", decimals=2)
YES_NO = DataItem(name="是否建成", kind="yesno", minimum=Decimal(0), maximum=Decimal(1))


@pytest.mark.parametrize(
    ("typed", "item", "amount"),
    [
        ("1,234", COUNT, "1234"),
        ("１２３４", COUNT, "1234"),
        ("１，２３４", COUNT, "1234"),
        ("  1234 ", COUNT, "1234"),
        ("0", COUNT, "0"),
        ("12.00", COUNT, "12"),
        ("17张", COUNT, "17"),
        ("395.5 万元", MONEY, "395.5"),
        ("75%", RATE, "75"),
        ("75 %", RATE, "75"),
        ("７５．５％", RATE, "75.5"),
        ("75", RATE, "75"),
        ("-12.5", MONEY, "-12.5"),
        ("999,999,999,999", MONEY, "999999999999"),
        ("是", YES_NO, "1"),
        ("否", YES_NO, "0"),
    ],
)
def test_numbers_as_people_type_them(typed: str, item: DataItem, amount: str) -> None:
    assert read_amount(typed, item) == Decimal(amount)


def test_nothing_typed_is_not_zero() -> None:
    assert read_amount("  ", COUNT) is None


@pytest.mark.parametrize(
    ("typed", "item", "sentence"),
    [
        ("abc", COUNT, "应填数字，现为“abc”；没有数据请选“暂无”或“不适用”并在备注说明。"),
        ("1e309", COUNT, "应填数字，现为“1e309”；没有数据请选“暂无”或“不适用”并在备注说明。"),
        ("NaN", COUNT, "应填数字，现为“NaN”；没有数据请选“暂无”或“不适用”并在备注说明。"),
        ("Infinity", MONEY, "应填数字，现为“Infinity”；没有数据请选“暂无”或“不适用”并在备注说明。"),
        ("①", COUNT, "应填数字，现为“①”；没有数据请选“暂无”或“不适用”并在备注说明。"),
        ("5²", COUNT, "应填数字，现为“5²”；没有数据请选“暂无”或“不适用”并在备注说明。"),
        ("12 34", COUNT, "应填数字，现为“12 34”；没有数据请选“暂无”或“不适用”并在备注说明。"),
        ("六十", COUNT, "应填数字，现为“六十”；没有数据请选“暂无”或“不适用”并在备注说明。"),
        ("1,23", COUNT, "应填数字，现为“1,23”；没有数据请选“暂无”或“不适用”并在备注说明。"),
        ("-5", COUNT, "应不小于 0，现为 -5，请核对。"),
        ("60%", COUNT, "此项单位是“张”，不是百分比，现为“60%”，请填数值。"),
        ("101", RATE, "应在 0 至 100 之间，现为 101，请核对。"),
        ("12.5", COUNT, "应填整数，现为 12.5。"),
        ("1.234", MONEY, "应填最多 2 位小数，现为 1.234。"),
        ("1000000000000", MONEY, "数字太大，系统最多存 12 位整数、15 位有效数字，请核对单位。"),
        ("也许", YES_NO, "应填“是”或“否”，现为“也许”。"),
    ],
)
def test_nonsense_is_answered_with_a_sentence(typed: str, item: DataItem, sentence: str) -> None:
    with pytest.raises(NotANumber) as refused:
        read_amount(typed, item)
    assert str(refused.value) == sentence


def test_unknown_needs_a_reason_and_no_number() -> None:
    assert read_entry(COUNT, "", "none", "尚未统计", "", "") == Entry(None, "none", "尚未统计")
    with pytest.raises(NotANumber) as refused:
        read_entry(COUNT, "", "na", " ", "", "")
    assert str(refused.value) == "选“不适用”时，请在备注中写明原因。"
    with pytest.raises(NotANumber) as refused:
        read_entry(COUNT, "3", "none", "尚未统计", "", "")
    assert str(refused.value) == "选了“暂无”就不填数值；如有数值，请把“情况”改回“有数”。"


@pytest.mark.parametrize(
    "typed", ["2023-3-15", "2023/03/15", "2023年3月15日", "２０２３．３．１５"]
)
def test_dates_as_people_type_them(typed: str) -> None:
    assert read_date(typed) == date(2023, 3, 15)


@pytest.mark.parametrize("typed", ["2023-13-01", "2025年2月30日"])
def test_a_day_that_does_not_exist_is_called_so(typed: str) -> None:
    with pytest.raises(NotANumber) as refused:
        read_date(typed)
    assert str(refused.value) == f"日期“{typed}”不存在，请核对年月日。"


@pytest.mark.parametrize("typed", ["昨天", "20230315"])
def test_a_wrong_date_is_answered_with_a_sentence(typed: str) -> None:
    with pytest.raises(NotANumber) as refused:
        read_date(typed)
    assert str(refused.value) == f"日期应写成 2023-03-15，现为“{typed}”。"


@pytest.mark.parametrize(
    ("number", "text"),
    [("4560.000000", "4560"), ("0.50", "0.5"), ("100", "100"), ("0.000000", "0")],
)
def test_plain_prints_no_trailing_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text
