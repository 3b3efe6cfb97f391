"""What people type, read strictly but kindly.

`1,234`, `１２３４`, ` 75 % ` (where the unit is %) are numbers; anything that is not certainly a
number is answered with a sentence that says what was found and what is expected."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.models import LARGEST, SIGNIFICANT, DataItem, ItemKind, Knowledge

PLAIN = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]{1,40})?")
DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
WITHOUT_NUMBER = frozenset({Knowledge.NOT_APPLICABLE, Knowledge.UNAVAILABLE})
LONGEST = {"note": 300, "document_no": 120}
TEXT_LIMIT = 2000  # characters of one text about an indicator
YES, NO = {"是", "1", "有", "√", "y"}, {"否", "0", "无", "×", "n"}


class NotANumber(Exception):
    """The sentence to print beside the field."""


class WrongCells(NotANumber):
    """All that cannot be read of one row: `cells` maps amount, note, … to sentences."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells = dict(cells)
        super().__init__("".join(self.cells.values()))


@dataclass(frozen=True)
class Entry:
    """What a person says about one figure."""

    amount: Decimal | None = None
    knowledge: str = Knowledge.BLANK
    note: str = ""
    document_no: str = ""
    document_date: date | None = None


@dataclass(frozen=True)
class Texts:
    """What the responsible unit says about one indicator."""

    situation: str = ""
    cause: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class Provision:
    """代录: who gave the figures, when, and on which document."""

    provider: str
    provided_on: date
    document: str

    def __str__(self) -> str:
        return f"{self.provider}，{self.provided_on:%Y-%m-%d}，{self.document}"


# Full-width forms only: NFKC would also read ① and ² as digits, which nobody means as numbers.
FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－＋％／年月日　", "0123456789,.-+%/年月日 ")


def half_width(typed: str) -> str:
    return typed.translate(FULL_WIDTH).strip()


def read_amount(typed: str, item: DataItem) -> Decimal | None:
    """The number typed for this item; None when nothing is typed. Raises NotANumber."""
    text = half_width(typed)
    if not text:
        return None
    if item.kind == ItemKind.YESNO:
        return _yes_or_no(text)
    number = _number(text, item)
    _check_digits(number, item)
    _check_bounds(number, item)
    return number


def _yes_or_no(text: str) -> Decimal:
    if text.lower() in YES:
        return Decimal(1)
    if text.lower() in NO:
        return Decimal(0)
    raise NotANumber(f"应填“是”或“否”，现为“{_short(text)}”。")


def _number(text: str, item: DataItem) -> Decimal:
    bare = text.removesuffix(item.measure).rstrip() if item.measure not in {"", "%"} else text
    if bare.endswith("%"):
        if not item.is_percentage:
            unit = f"“{item.measure}”" if item.measure else "数"
            raise NotANumber(f"此项单位是{unit}，不是百分比，现为“{_short(text)}”，请填数值。")
        bare = bare[:-1].rstrip()
    if not PLAIN.fullmatch(bare) and not GROUPED.fullmatch(bare):
        raise NotANumber(
            f"应填数字，现为“{_short(text)}”；没有数据请选“暂无”或“不适用”并在备注说明。"
        )
    return Decimal(bare.replace(",", ""))


def _check_digits(number: Decimal, item: DataItem) -> None:
    exponent = number.normalize().as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    if places > item.decimals:
        wanted = f"最多 {item.decimals} 位小数" if item.decimals else "整数"
        raise NotANumber(f"应填{wanted}，现为 {number:f}。")
    if abs(number) > LARGEST or len(number.normalize().as_tuple().digits) > SIGNIFICANT:
        raise NotANumber("数字太大，系统最多存 12 位整数、15 位有效数字，请核对单位。")


def _check_bounds(number: Decimal, item: DataItem) -> None:
    low, high = item.minimum, item.maximum
    if (low is None or number >= low) and (high is None or number <= high):
        return
    raise NotANumber(f"应{_range(low, high)}，现为 {number:f}，请核对。")


def _range(low: Decimal | None, high: Decimal | None) -> str:
    if low is not None and high is not None:
        return f"在 {plain(low)} 至 {plain(high)} 之间"
    return f"不小于 {plain(low)}" if low is not None else f"不大于 {plain(high)}"


def plain(number: Decimal | None) -> str:
    """Without trailing zeros and without an exponent: 4560.000000 → 4560."""
    if number is None:
        return ""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def read_date(typed: str) -> date | None:
    """2023-03-15, 2023/3/15, 2023年3月15日. Raises NotANumber."""
    text = half_width(typed)
    if not text:
        return None
    if (match := DATE.fullmatch(text)) is None:
        raise NotANumber(f"日期应写成 2023-03-15，现为“{_short(text)}”。")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError as error:
        raise NotANumber(f"日期“{_short(text)}”不存在，请核对年月日。") from error


def past_date(typed: str, today: date | None) -> date | None:
    """A date that is not after today, where today is known. Raises NotANumber."""
    day = read_date(typed)
    if day and today and day > today:
        raise NotANumber(f"日期不能晚于今天（{today:%Y-%m-%d}），现为 {day:%Y-%m-%d}。")
    return day


def read_entry(
    item: DataItem,
    amount: str,
    knowledge: str,
    note: str,
    document_no: str,
    document_date: str,
    today: date | None = None,
) -> Entry:
    """One row of the page. Raises WrongCells with a sentence for each cell that is wrong."""
    note, document_no = note.strip(), document_no.strip()
    wrong: dict[str, str] = {}
    number = day = None
    try:
        number = read_amount(amount, item)
    except NotANumber as error:
        wrong["amount"] = str(error)
    try:
        day = past_date(document_date, today)
    except NotANumber as error:
        wrong["document_date"] = str(error)
    for name, text in (("note", note), ("document_no", document_no)):
        if len(text) > LONGEST[name]:
            wrong[name] = f"最多 {LONGEST[name]} 字，现有 {len(text)} 字，请缩短。"
    wrong = _contradiction(knowledge, bool(half_width(amount)), note) | wrong
    if wrong:
        raise WrongCells(wrong)
    if knowledge not in WITHOUT_NUMBER:
        knowledge = Knowledge.BLANK if number is None else Knowledge.HAVE
    return Entry(number, knowledge, note, document_no, day)


def _contradiction(knowledge: str, has_amount: bool, note: str) -> dict[str, str]:
    """What 不适用 and 暂无 ask for and do not get, at its cell."""
    if knowledge not in WITHOUT_NUMBER:
        return {}
    label = Knowledge(knowledge).label
    if has_amount:
        return {"amount": f"选了“{label}”就不填数值；如有数值，请把“情况”改回“有数”。"}
    return {} if note else {"note": f"选“{label}”时，请在备注中写明原因。"}


def too_long(text: str) -> str:
    """What is wrong with a 情况说明, 原因分析 or 下一步措施; "" where nothing is."""
    count = len(text.strip())
    return f"最多 {TEXT_LIMIT:,} 字，现有 {count:,} 字，请精简。" if count > TEXT_LIMIT else ""


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}…"
