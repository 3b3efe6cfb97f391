"""The figures behind an indicator as its page shows them: inputs over the years, townships.

What `Amounts` was asked for decides the layer; nothing here knows of published or not."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
class TownYear:
    """What one township says in one year, item by item; `mark` is yes, no, blank or number, or
    gone where it did not exist."""

    year: int
    amounts: tuple[str, ...]
    mark: str

    @property
    def text(self) -> str:
        return " / ".join(self.amounts) or NONE


@dataclass(frozen=True)
class Town:
    """One township over the years shown, the chosen one last; `value` is what it says of the first
    item in that year."""

    name: str
    years: tuple[TownYear, ...]
    value: Decimal | None
    is_lacking: bool

    @property
    def now(self) -> TownYear:
        return self.years[-1]

    @property
    def amounts(self) -> tuple[str, ...]:
        return self.now.amounts

    @property
    def mark(self) -> str:
        return self.now.mark


@dataclass(frozen=True)
class TownList:
    """What the townships say, item by item and year by year, and who has said nothing. `towns`
    holds those that have ended as well, without an amount since."""

    items: tuple[str, ...]
    towns: tuple[Town, ...]
    lacking: tuple[str, ...]
    silent: tuple[str, ...]
    is_yes_no: bool
    has_bars: bool  # the first item is a number

    @property
    def current(self) -> list[Town]:
        return [town for town in self.towns if town.mark != "gone"]

    @property
    def yes(self) -> int:
        return sum(town.mark == "yes" for town in self.towns)

    @property
    def yes_by_year(self) -> list[int]:
        return [
            sum(one.mark == "yes" for one in of_year)
            for of_year in zip(*(town.years for town in self.towns), strict=True)
        ]


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
    indicator: Indicator, years: Sequence[int], amounts: Amounts, lacking: Collection[str]
) -> TownList | None:
    """Over these years, the last of which is the chosen one. None where no input is collected by
    township."""
    terms = [term for term in indicator.terms.all() if term.item and term.item.by_township]
    if not terms:
        return None
    valid = {year: {unit.pk for unit in amounts.townships(year)} for year in years}
    named = {unit.pk: unit for year in years for unit in amounts.townships(year)}
    units = sorted(named.values(), key=lambda unit: (unit.order, unit.code))
    told = {year: _told_by(terms, year, amounts) for year in years}
    towns = [_town(unit, told, valid, lacking) for unit in units]
    return TownList(
        items=tuple(_title(term.item) for term in terms if term.item),
        towns=tuple(towns),
        lacking=tuple(town.name for town in towns if town.is_lacking),
        silent=tuple(town.name for town in towns if town.mark == "blank"),
        is_yes_no=len(terms) == 1 and _asks_yes_no(terms[0]),
        has_bars=not _asks_yes_no(terms[0]),
    )


def _asks_yes_no(term: Term) -> bool:
    return term.item is not None and term.item.kind == ItemKind.YESNO


def _title(item: DataItem) -> str:
    return f"{item.name}（{item.measure}）" if item.measure else item.name


TownTold = list[tuple[bool, Mapping[int, Known]]]  # of each item: 是 or 否? unit id → figure


def _told_by(terms: Iterable[Term], year: int, amounts: Amounts) -> TownTold:
    return [
        (term.item.kind == ItemKind.YESNO, amounts.of(term.item, year - term.lag))
        for term in terms
        if term.item
    ]


def _town(
    unit: Unit,
    told: Mapping[int, TownTold],
    valid: Mapping[int, Collection[int]],
    lacking: Collection[str],
) -> Town:
    years = tuple(
        _in_year(unit, year, items) if unit.pk in valid[year] else TownYear(year, (), "gone")
        for year, items in told.items()
    )
    now = years[-1]
    first = told[now.year][0][1].get(unit.pk) if now.mark != "gone" else None
    value = first.amount if first and first.knowledge == Knowledge.HAVE else None
    return Town(unit.name, years, value, now.mark != "gone" and unit.name in lacking)


def _in_year(unit: Unit, year: int, items: TownTold) -> TownYear:
    known = [(yes_no, figures.get(unit.pk)) for yes_no, figures in items]
    words = tuple(_word(figure, yes_no) for yes_no, figure in known)
    mark = _mark([figure for _, figure in known], all(yes_no for yes_no, _ in known))
    return TownYear(year, words, mark)


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
