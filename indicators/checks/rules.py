"""What may be wrong with a number: each rule one function of plain values.

A rule answers what it found as the middle of a sentence, with both numbers, or "" for nothing to
say. A number that is not known is None and gives nothing to say: missing is never zero. Figures
are compared exactly; only what is printed is rounded, and never across the limit.
Guardian: tests/indicators/test_checks.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from indicators.calculation import HUNDRED, exact
from indicators.printing import display
from indicators.progress import Comparator

UNCHANGED_YEARS = 3


@dataclass(frozen=True)
class Number:
    """One amount as a rule sees and prints it. `name`: “D24 养老机构护理型床位数（城关镇）”.

    `hidden`: another unit handed it in and it is not published, so that whoever reads the
    sentence may not see it; it is compared and not printed."""

    name: str
    amount: Decimal | None
    measure: str = ""
    yes_no: bool = False
    hidden: bool = False

    def __str__(self) -> str:
        return self.told(self.amount)

    def after(self, words: str) -> str:
        """“本次 320 张”."""
        return f"{words}（他单位尚未发布，数略）" if self.hidden else f"{words} {self}"

    def told(self, amount: Decimal | None) -> str:
        """Another amount of the same kind, printed the same way."""
        if amount is None:
            return ""
        if self.yes_no:
            return "“是”" if amount else "“否”"
        return f"{amount.normalize():f} {self.measure}".strip()


@dataclass(frozen=True)
class Limit:
    """How far two amounts may be apart: in %, or in percentage points where they are %.

    `word` 提醒 or 错误; below `floor` both amounts are too small to be compared in %."""

    percent: Decimal
    word: str = "提醒"
    floor: Decimal | None = None
    in_points: bool = False


def jump(now: Number, last: Decimal | None, limit: Limit) -> str:
    """与上年跳变: further from last year's amount than the limit; exactly at it is within."""
    far = _distance(now, last, limit, ("增长", "下降"), ("上升", "下降"))
    return f"本次 {now}，上年 {now.told(last)}，{far}" if far else ""


def flash(now: Number, earlier: Decimal | None, limit: Limit, names: tuple[str, str]) -> str:
    """快报年报相差: further from what an earlier round of the same year said. `names` of both
    rounds, this one first: 年报数, 快报数."""
    far = _distance(now, earlier, limit, ("增加", "减少"), ("高", "低"))
    return f"{names[0]} {now}，{names[1]} {now.told(earlier)}，{far}" if far else ""


def fall(now: Number, years_before: Sequence[tuple[int, Decimal | None]]) -> str:
    """累计下降: below the newest amount of the years before, given newest first."""
    known = ((year, amount) for year, amount in years_before if amount is not None)
    year, amount = next(known, (0, None))
    if now.amount is None or amount is None or now.amount >= amount:
        return ""
    return f"本次 {now}，{year} 年 {now.told(amount)}，累计数下降"


def unchanged(
    now: Number,
    years_before: Sequence[tuple[int, Decimal | None]],
    floor: Decimal | None = None,
) -> str:
    """三年未变: the same amount in this and the two years before. Three years of nothing at all
    (0) are nothing to ask about."""
    before = list(years_before)[: UNCHANGED_YEARS - 1]
    same = len(before) == UNCHANGED_YEARS - 1 and {a for _, a in before} == {now.amount}
    if not now.amount or not same or _small(floor, now.amount):
        return ""
    years = "、".join(f"{year} 年" for year, _ in before)
    return f"本次 {now}，{years}也是 {now}，三年未变"


def part_above_whole(part: Number, whole: Number) -> str:
    """部分大于整体: as many as the whole is possible, more is not."""
    if part.amount is None or whole.amount is None or part.amount <= whole.amount:
        return ""
    if part.yes_no:
        return f"{part.after('本次')}，而{whole.after(whole.name)}，两者不能同时成立"
    return f"{part.after('本次')}，{whole.after(whole.name)}，部分大于整体"


def total_differs(department: Number, townships: Number) -> str:
    """乡镇合计不符: the sum over all townships is not what the department says. An incomplete
    sum is no sum and comes as None."""
    if department.amount is None or townships.amount is None:
        return ""
    if department.amount == townships.amount:
        return ""
    return f"{department.after('本次')}，{townships.after(townships.name)}，两数不符"


def same_number(one: Number, other: Number, floor: Decimal | None = None) -> str:
    """两项同数: the same amount in two items, perhaps typed into the wrong row. 0 is not asked."""
    if not one.amount or one.amount != other.amount or _small(floor, one.amount):
        return ""
    return f"{one.after('本次')}，{other.after(other.name + '也是')}，两项同数"


def _distance(
    now: Number,
    before: Decimal | None,
    limit: Limit,
    words: tuple[str, str],
    words_in_points: tuple[str, str],
) -> str:
    if now.amount is None or before is None or now.amount == before:
        return ""
    if limit.in_points:
        return _in_points(now.amount - before, limit, words_in_points)
    if _small(limit.floor, now.amount, before):
        return ""
    if before == 0:
        return "从无到有，无法计算增幅"
    with exact():
        change = (now.amount - before) / abs(before) * HUNDRED
    return _beyond(change, limit, words, "%")


def _in_points(change: Decimal, limit: Limit, words: tuple[str, str]) -> str:
    return _beyond(change, limit, words, " 个百分点")


def _beyond(change: Decimal, limit: Limit, words: tuple[str, str], unit: str) -> str:
    if abs(change) <= limit.percent:
        return ""
    shown = display(abs(change), 1, Comparator.GT, limit.percent)
    allowed = f"{limit.percent.normalize():f}"
    word = words[0] if change > 0 else words[1]
    return f"{word} {shown}{unit}，超过{limit.word}界限 {allowed}{unit}"


def _small(floor: Decimal | None, *amounts: Decimal) -> bool:
    return floor is not None and max(abs(amount) for amount in amounts) < floor
