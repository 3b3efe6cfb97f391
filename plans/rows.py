"""The cells of one row of a plan folder's tables, as the typed values they should hold.

Nothing here stops at the first fault. Every getter of `Row` that meets nonsense adds a sentence to
the list of faults and returns an empty value, so that the office sees all faults at once; whoever
writes to the database asks `faults` first."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

Value = TypeVar("Value")

YES_NO = {"是": True, "否": False, "": False}
INTEGER = re.compile(r"[+-]?[0-9]{1,9}")
# No exponent, no NaN, no Infinity: "1e309" is a slip of the keyboard, never a figure of a plan.
DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Fault(str):
    """A sentence that also knows which cell it speaks of."""

    file: str
    line: int
    column: str
    says: str

    @classmethod
    def at(cls, file: str, line: int, column: str | None, says: str) -> "Fault":
        place = f"{file} 第 {line} 行"
        fault = cls(f"{place}“{column}”：{says}" if column else f"{place}：{says}")
        fault.file, fault.line, fault.column, fault.says = file, line, column or "", says
        return fault


@dataclass
class Row:
    """One row of a table. `line` is the row number as WPS and Excel show it (header = 1);
    `lines` has the row of each name in a table of names and contents."""

    file: str
    line: int
    cells: Mapping[str, str]
    faults: list[str] = field(repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)
    sound: bool = True

    def fault(self, column: str | None, says: str) -> None:
        """Adds “文件 第 n 行“列”：说什么” to the faults; `says` ends with 。 and what to do."""
        self.sound = False
        line = self.lines.get(column, self.line) if column else self.line
        self.faults.append(Fault.at(self.file, line, column, says))

    def text(self, column: str, *, required: bool = True, max_length: int | None = None) -> str:
        cell = self._cell(column, required)
        if UNPRINTABLE.search(cell):
            return self._wrong(column, "含有看不见的控制字符，请清除后重新输入。", "")
        if max_length is not None and len(cell) > max_length:
            says = f"最多 {max_length} 个字，现有 {len(cell)} 个字，请缩短。"
            return self._wrong(column, says, "")
        return cell

    def integer(
        self,
        column: str,
        *,
        minimum: int | None = None,
        maximum: int | None = None,
        required: bool = True,
    ) -> int | None:
        cell = self._cell(column, required)
        if not cell:
            return None
        number = _half_width(cell)
        if INTEGER.fullmatch(number) and _within(int(number), minimum, maximum):
            return int(number)
        return self._wrong(column, _should_be("整数", minimum, maximum, cell), None)

    def decimal(
        self,
        column: str,
        *,
        minimum: Decimal | int | None = None,
        maximum: Decimal | int | None = None,
        digits: int = 20,
        places: int = 6,
        required: bool = True,
    ) -> Decimal | None:
        """A plain number of at most `digits` digits, `places` of them after the point."""
        cell = self._cell(column, required)
        if not cell:
            return None
        number = _plain(cell)
        if number is None or not _within(number, minimum, maximum):
            return self._wrong(column, _should_be("数字", minimum, maximum, cell), None)
        if not _fits(number, digits, places):
            says = f"整数部分最多 {digits - places} 位、小数最多 {places} 位，现为“{short(cell)}”。"
            return self._wrong(column, says, None)
        return number

    def date(self, column: str, *, required: bool = True) -> date | None:
        cell = self._cell(column, required)
        if not cell:
            return None
        found = DATE.fullmatch(_half_width(cell))
        try:
            return date(*map(int, found.groups()))  # type: ignore[union-attr]
        except (AttributeError, ValueError):
            says = f"应为日期，例如 2022-04-15，现为“{short(cell)}”。"
            return self._wrong(column, says, None)

    def flag(self, column: str) -> bool:
        """是 or 否; blank means 否."""
        cell = self._cell(column, False)
        if cell in YES_NO:
            return YES_NO[cell]
        return self._wrong(column, f"应填“是”或“否”，现为“{short(cell)}”。", False)

    def choice(
        self, column: str, values: Mapping[str, Value], *, required: bool = True
    ) -> Value | None:
        """The value that belongs to the Chinese word of the cell; None where blank is allowed."""
        cell = self._cell(column, required)
        if not cell:
            return None
        if cell in values:
            return values[cell]
        words = "、".join(word for word in values if word)
        return self._wrong(column, f"应为{words}之一，现为“{short(cell)}”。", None)

    def _cell(self, column: str, required: bool) -> str:
        """A column that is not there has been reported with the header already."""
        cell = self.cells.get(column, "")
        if required and not cell and column in self.cells:
            self.fault(column, "不能为空，请填写。")
        return cell

    def _wrong(self, column: str, says: str, instead: Value) -> Value:
        self.fault(column, says)
        return instead


def _half_width(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).replace(" ", "")


def _plain(cell: str) -> Decimal | None:
    number = _half_width(cell)
    if GROUPED.fullmatch(number):
        number = number.replace(",", "")
    return Decimal(number) if DECIMAL.fullmatch(number) else None


def _fits(number: Decimal, digits: int, places: int) -> bool:
    """Asked before anything is stored: the database would round, or refuse the whole table."""
    whole, _, fraction = f"{abs(number):f}".partition(".")
    return len(whole.lstrip("0")) <= digits - places and len(fraction.rstrip("0")) <= places


def _within(
    number: Decimal | int, minimum: Decimal | int | None, maximum: Decimal | int | None
) -> bool:
    above = minimum is None or number >= minimum
    return above and (maximum is None or number <= maximum)


def _should_be(
    what: str, minimum: Decimal | int | None, maximum: Decimal | int | None, cell: str
) -> str:
    return f"应为{_range(minimum, maximum)}{what}，现为“{short(cell)}”。"


def _range(minimum: Decimal | int | None, maximum: Decimal | int | None) -> str:
    if minimum is not None and maximum is not None:
        return f" {minimum} 至 {maximum} 之间的"
    if minimum is not None:
        return f"不小于 {minimum} 的"
    return f"不大于 {maximum} 的" if maximum is not None else ""


def short(cell: str) -> str:
    return cell if len(cell) <= 30 else f"{cell[:30]}…"
