"""A cell of an uploaded workbook as the text that a person would have typed into the form.

So the rules for what was typed exist once, where the form has them. What the number format says
counts: 0.6 shown as 60% is “60%”, a day shown as a day is “2023-03-15”."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Context, Decimal, InvalidOperation
from enum import StrEnum
from functools import lru_cache

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

SIGNIFICANT = Context(prec=15)  # what Excel shows of the binary number that it stores
LARGEST_EXPONENT = 30
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Text in quotes, colours and conditions in brackets, single escaped and padding characters.
SPOKEN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
DATE_LETTERS = re.compile(r"[ymdhs]")


class CellKind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    DATE = "date"
    TRUTH = "truth"
    ERROR = "error"
    UNCOMPUTED = "uncomputed"


class Unreadable(Exception):
    """The cell says nothing that could have been typed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`shown`: about what the person sees in it; `formula`: computed by the workbook."""

    row: int
    column: int
    shown: str
    kind: CellKind = CellKind.TEXT
    formula: bool = False

    @property
    def address(self) -> str:
        return f"{get_column_letter(self.column)}{self.row}"

    @property
    def typed(self) -> str:
        """Raises Unreadable."""
        match self.kind:
            case CellKind.TRUTH:
                raise Unreadable("是逻辑值，请改为文字或数字。")
            case CellKind.ERROR:
                raise Unreadable("是公式的错误值，请改正公式或直接填写结果。")
            case CellKind.UNCOMPUTED:
                raise Unreadable(
                    "是没有计算结果的公式，请在 Excel 或 WPS 中打开并保存后再上传，或直接填写结果。"
                )
        if UNPRINTABLE.search(self.shown):
            raise Unreadable("含有看不见的控制字符，请清除后重新输入。")
        return self.shown


def number_cell(raw: str, code: str, since_1904: bool) -> tuple[CellKind, str]:
    """What a number looks like under its number format; what is no number stays as it is."""
    number = _number(raw)
    if number is None:
        return CellKind.TEXT, raw
    kind, letters = _meaning(code)
    if kind == CellKind.PERCENT:
        return kind, f"{_plain(number * 100)}%"
    if kind == CellKind.DATE and (day := _day(number, letters, since_1904)):
        return kind, day
    return CellKind.NUMBER, _plain(number)


@lru_cache(1_000)
def _meaning(code: str) -> tuple[CellKind, str]:
    """What a number format makes of a number, and the letters that are left of it."""
    letters = SPOKEN.sub("", code.split(";")[0]).lower()
    if "%" in letters:
        return CellKind.PERCENT, letters
    is_date = letters != "general" and DATE_LETTERS.search(letters)
    return (CellKind.DATE if is_date else CellKind.NUMBER), letters


def _number(raw: str) -> Decimal | None:
    """To 15 digits. None also for what would take more room than any figure of a plan."""
    try:
        number = Decimal(raw)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > LARGEST_EXPONENT:
        return None
    return SIGNIFICANT.plus(number)


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(number: Decimal, letters: str, since_1904: bool) -> str:
    """“2023-03-15”; “2023-06” where the format shows no day; "" where it is no date at all."""
    epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900
    try:
        found = from_excel(float(number), epoch)
    except (OverflowError, ValueError):
        return ""
    if not isinstance(found, date | datetime) or isinstance(found, timedelta):
        return str(found)
    if not set("dhs") & set(letters):
        return f"{found:%Y-%m}"
    midnight = (found.hour, found.minute, found.second) == (0, 0, 0)
    return f"{found:%Y-%m-%d}" if midnight else f"{found:%Y-%m-%d %H:%M}"
