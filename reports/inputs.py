"""The figures behind an indicator as its page shows them: inputs over the years, townships.

What `Amounts` was asked for decides the layer; nothing here knows of published or not."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from indicators.amounts import COUNTS, Amounts, Known
from indicators.entry import plain
from indicators.models import DataItem, Indicator, ItemKind, Knowledge, Term
from organization.models import Unit
from reports.summary import NONE

UNKNOWN = {Knowledge.NOT_APPLICABLE: "不适用", Knowledge.UNAVAILABLE: "暂无"}


@dataclass(frozen=True)
class InputRow:
    """One input of the formula over the years."""

    role: str
    code: str
    name: str
    measure: str
    remark: str
    amounts: tuple[str, ...]


@dataclass(frozen=True)
class Town:
    """One township in the chosen year; `mark` is yes, no, blank or number."""

    name: str
    amounts: tuple[str, ...]
    mark: str
    is_lacking: bool


@dataclass(frozen=True)
class TownList:
    """What the townships say, item by item, and who has said nothing."""

    items: tuple[str, ...]
    towns: tuple[Town, ...]
    lacking: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def is_yes_no(self) -> bool:
        return len(self.items) == 1 and all(town.mark != "number" for town in self.towns)

    @property
    def yes(self) -> int:
        return sum(town.mark == "yes" for town in self.towns)


def input_rows(indicator: Indicator, years: Iterable[int], amounts: Amounts) -> Iterator[InputRow]:
    years = list(years)
    for term in indicator.terms.all():
        item = term.item
        yield InputRow(
            role=term.get_role_display(),
            code=item.code if item else "",
            name=item.name if item else "当年有效的乡镇数",
            measure=_measure(item),
            remark=_remark(term),
            amounts=tuple(_amount(term, year - term.lag, amounts) for year in years),
        )


def _measure(item: DataItem | None) -> str:
    if item is None:
        return "个"
    return "个乡镇" if item.kind == ItemKind.YESNO and item.by_township else item.measure


def _remark(term: Term) -> str:
    factor = f"× {plain(term.factor)}" if term.factor != 1 else ""
    lag = {0: "", 1: "取上年数"}.get(term.lag, f"取 {term.lag} 年前的数")
    return "，".join(part for part in (factor, lag) if part)


def _amount(term: Term, year: int, amounts: Amounts) -> str:
    if term.item is None:
        return str(len(amounts.townships(year)))
    if term.item.by_township:
        return _sum(term.item, year, amounts)
    return told(amounts.single(term.item, year), NONE)


def _sum(item: DataItem, year: int, amounts: Amounts) -> str:
    """A partial sum is no sum: it says how many have told; 暂无 tells nothing."""
    units, known = amounts.townships(year), amounts.of(item, year)
    answers = [known[unit.pk] for unit in units if unit.pk in known]
    told = [answer for answer in answers if answer.knowledge in COUNTS]
    if not told:
        return UNKNOWN[Knowledge.UNAVAILABLE] if answers else NONE
    if len(told) < len(units):
        return f"{len(told)}/{len(units)} 已报"
    if all(answer.knowledge == Knowledge.NOT_APPLICABLE for answer in told):
        return UNKNOWN[Knowledge.NOT_APPLICABLE]
    return grouped(sum((answer.amount or Decimal(0) for answer in told), Decimal(0)))


def told(known: Known | None, silent: str) -> str:
    if known is None:
        return silent
    return UNKNOWN.get(known.knowledge) or grouped(known.amount)  # type: ignore[call-overload]


def grouped(amount: Decimal | None) -> str:
    """12345.600000 → 12,345.6"""
    return NONE if amount is None else f"{Decimal(plain(amount)):,f}"


def town_list(
    indicator: Indicator, year: int, amounts: Amounts, lacking: Collection[str]
) -> TownList | None:
    """None where no input is collected by township."""
    terms = [term for term in indicator.terms.all() if term.item and term.item.by_township]
    if not terms:
        return None
    towns = [
        _town(unit, [(term.item, year - term.lag) for term in terms], amounts, lacking)
        for unit in amounts.townships(year)
    ]
    return TownList(
        items=tuple(_title(term.item) for term in terms if term.item),
        towns=tuple(towns),
        lacking=tuple(town.name for town in towns if town.is_lacking),
        silent=tuple(town.name for town in towns if town.mark == "blank"),
    )


def _title(item: DataItem) -> str:
    return f"{item.name}（{item.measure}）" if item.measure else item.name


def _town(
    unit: Unit, pairs: list[tuple[DataItem, int]], amounts: Amounts, lacking: Collection[str]
) -> Town:
    known = [amounts.of(item, year).get(unit.pk) for item, year in pairs]
    asked = [item.kind == ItemKind.YESNO for item, _ in pairs]
    words = tuple(_word(k, yes_no) for k, yes_no in zip(known, asked, strict=True))
    return Town(unit.name, words, _mark(known, all(asked)), unit.name in lacking)


def _word(known: Known | None, yes_no: bool) -> str:
    if yes_no and known is not None and known.knowledge == Knowledge.HAVE:
        return "是" if known.amount else "否"
    return told(known, "未报")


def _mark(known: list[Known | None], yes_no: bool) -> str:
    if any(k is None or k.knowledge == Knowledge.UNAVAILABLE for k in known):
        return "blank"
    if not yes_no:
        return "number"
    return "yes" if all(k is not None and k.amount for k in known) else "no"
