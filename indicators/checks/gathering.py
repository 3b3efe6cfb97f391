"""The numbers that the checks of a round's returns rest on, out of five queries, however many
items, townships or returns there are.

A return is read as it is being worked on; whatever belongs to others only as far as it is
submitted or approved (`amounts.py`). What others handed in and is not published is compared all
the same, or an impossible share would be found only after publishing; `scope` says whose such
figures may also be printed."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from functools import cached_property

from indicators.amounts import COUNTS, Amounts, Told, official, provisional
from indicators.checks.rulebook import Rulebook
from indicators.checks.rules import Number
from indicators.models import (
    AnnualReturn,
    Collection,
    DataItem,
    Figure,
    ItemKind,
    Knowledge,
    Layer,
    Round,
    RoundNature,
)
from indicators.models.returns import rank_of

YEARS_BACK = 2
Place = tuple[int, int]  # (item id, township id, or 0 where one department holds the item)


class Gathered:
    """A round, the returns of it that are checked, and all around them."""

    def __init__(
        self,
        rnd: Round,
        returns: Iterable[AnnualReturn],
        scope: Container[int] | None,
        figures: Iterable[Figure] | None = None,
        layer: str = Layer.PROVISIONAL,
        both_sides: bool = False,
    ) -> None:
        """`layer`: in which what belongs to others is read; `both_sides`: an error between two
        units is one for whoever holds either figure."""
        self.round, self._scope = rnd, scope
        self.both_sides = both_sides
        self.book = Rulebook(rnd.plan)
        self._figures: dict[int, list[Figure]] = defaultdict(list)
        if figures is None:
            found = Figure.objects.filter(annual_return__in=list(returns))
            figures = found.select_related("item", "unit").order_by()
        own: dict[int, DataItem] = {}
        for figure in sorted(figures, key=lambda figure: figure.page_order):
            self._figures[figure.annual_return_id].append(figure)
            own[figure.item_id] = figure.item
        others = {item.pk for relation in self.book.relations for item in relation.items}
        years = range(rnd.year - YEARS_BACK, rnd.year + 1)
        pairs = [(pk, year) for pk in own.keys() | others for year in years]
        self.amounts = Amounts(rnd.plan, pairs, layer)
        self.shown = self.amounts
        if scope is not None:
            self.shown = self.amounts.as_seen_in(scope)
        self._earlier = self._earlier_rounds(own)

    def sheet(self, return_id: int) -> "Sheet":
        return Sheet(self, self._figures[return_id])

    def before(self, figure: Figure, years: int) -> Decimal | None:
        """What the same unit, or for a department's item whoever held it, had years ago."""
        item, year = figure.item, self.round.year - years
        if item.by_township:
            known = self.shown.of(item, year).get(figure.unit_id)
        else:
            known = self.shown.single(item, year)
        return known.amount if known else None

    def earlier(self, figure: Figure) -> tuple[str, Decimal | None]:
        """(nature, amount) of the newest less firm round of the same year."""
        return self._earlier.get(_place(figure), ("", None))

    def _earlier_rounds(
        self, items: Mapping[int, DataItem]
    ) -> Mapping[Place, tuple[str, Decimal | None]]:
        natures = RoundNature.values[: RoundNature.values.index(self.round.nature)]
        earlier = (
            told
            for told in self.amounts.told
            if told.year == self.round.year and told.nature in natures and told.item_id in items
        )
        found = {}
        for told in sorted(earlier, key=_rank):
            seen = self._scope is None or told.return_unit_id in self._scope
            knowledge, amount, *_ = (provisional if seen else official)(told, told.return_status)
            if knowledge == Knowledge.HAVE:
                unit_id = told.unit_id if items[told.item_id].by_township else 0
                found[told.item_id, unit_id] = (RoundNature(told.nature).label, amount)
        return found


class Sheet:
    """One return with everything around it."""

    def __init__(self, around: Gathered, figures: list[Figure]) -> None:
        self.around, self.figures = around, figures
        self._own = {(figure.item_id, figure.unit_id): figure for figure in figures}

    @property
    def round(self) -> Round:
        return self.around.round

    def years_before(self, figure: Figure) -> list[tuple[int, Decimal | None]]:
        """(year, amount), newest first."""
        back = range(1, YEARS_BACK + 1)
        return [(self.round.year - n, self.around.before(figure, n)) for n in back]

    def of_item(self, item: DataItem | None, unit_id: int | None = None) -> list[Figure]:
        """The figures of this return that answer for an item: of one township, or for the sum.
        A township with its own return does not answer for the sum of all."""
        if item is None or (unit_id is None and item.collection == Collection.TOWNSHIP):
            return []
        found = [figure for figure in self.figures if figure.item_id == item.pk]
        return [figure for figure in found if unit_id in {None, figure.unit_id}]

    def number(self, item: DataItem | None, unit_id: int | None) -> Number:
        """The amount of the year: of one township, or of the whole county."""
        if item is None:
            return Number("当年乡镇数", Decimal(len(self._townships)), "个")
        amount = self._amount(item, unit_id, self.around.amounts)
        hidden = amount != self._amount(item, unit_id, self.around.shown)
        if unit_id is not None:
            name = f"{item}（{self._names.get(unit_id, '')}）"
            return _number(item, name, amount, hidden)
        if not item.by_township:
            return _number(item, str(item), amount, hidden)
        measure = "个乡镇" if item.kind == ItemKind.YESNO else item.measure
        return Number(f"{item}（各乡镇合计）", amount, measure, hidden=hidden)

    def _amount(self, item: DataItem, unit_id: int | None, amounts: Amounts) -> Decimal | None:
        if unit_id is not None:
            return self._told(item, amounts).get(unit_id, ("", None))[1]
        if item.by_township:
            return self._sum(item, amounts)
        if own := self.of_item(item):
            return own[0].amount
        known = amounts.single(item, self.round.year)
        return known.amount if known else None

    def _sum(self, item: DataItem, amounts: Amounts) -> Decimal | None:
        """A partial sum is no sum; 是 is counted."""
        told = self._told(item, amounts)
        rows = [told.get(pk, ("", None)) for pk in self._townships]
        complete = all(knowledge in COUNTS for knowledge, _ in rows)
        known = [amount for _, amount in rows if amount is not None]
        return sum(known, Decimal(0)) if complete and known else None

    def _told(self, item: DataItem, amounts: Amounts) -> dict[int, tuple[str, Decimal | None]]:
        """Township id → (knowledge, amount): this return as it stands, the others' as handed in."""
        known = amounts.of(item, self.round.year)
        told = {pk: (one.knowledge, one.amount) for pk, one in known.items()}
        own = {pk: figure for (item_id, pk), figure in self._own.items() if item_id == item.pk}
        return told | {pk: (figure.knowledge, figure.amount) for pk, figure in own.items()}

    @cached_property
    def _names(self) -> dict[int, str]:
        return {figure.unit_id: figure.unit.name for figure in self.figures}

    @cached_property
    def _townships(self) -> list[int]:
        return [unit.pk for unit in self.around.amounts.townships(self.round.year)]


def number_of(figure: Figure) -> Number:
    item = figure.item
    name = f"{item}（{figure.unit.name}）" if item.by_township else str(item)
    return _number(item, name, figure.amount)


def _number(item: DataItem, name: str, amount: Decimal | None, hidden: bool = False) -> Number:
    return Number(name, amount, item.measure, item.kind == ItemKind.YESNO, hidden)


def _rank(told: Told) -> tuple[object, ...]:
    return rank_of(told.as_of, told.nature, told.round_id)


def _place(figure: Figure) -> Place:
    return (figure.item_id, figure.unit_id if figure.item.by_township else 0)
