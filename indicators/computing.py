"""Puts the figures that count into the formulas of `calculation.py`: one cell of the table of
annual values (indicator × year) at a time, all cells of an act from three or four queries."""

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, Q, prefetch_related_objects

from indicators import calculation
from indicators.amounts import COUNTS, Amounts, Known
from indicators.calculation import BandUnit, Input, Result, Series, State
from indicators.models import (
    Band,
    DataItem,
    GrowthBasis,
    Indicator,
    ItemKind,
    Knowledge,
    Method,
    RoundNature,
    Term,
    TermRole,
)
from organization.models import Unit
from plans.models import Plan

Cell = tuple[int, int]  # (indicator id, year)


@dataclass(frozen=True)
class Computed:
    """One cell of the table of annual values, not yet stored."""

    indicator: Indicator
    year: int
    result: Result
    nature: str = ""
    as_of: date | None = None
    is_historical: bool = False
    lacking: tuple[str, ...] = ()
    inputs: tuple[int, ...] = field(default=(), compare=False)  # item ids
    items: tuple[int, ...] = field(default=(), compare=False)  # those of its terms


class Formulas:
    """What a plan's indicators are made of; read once, used for every cell."""

    def __init__(self, plan: Plan, which: Q | None = None) -> None:
        """`which`: of the plan's indicators; None for all."""
        self.plan = plan
        indicators = Indicator.objects.filter(plan=plan).select_related("rate_item").order_by()
        indicators = indicators.filter(which) if which is not None else indicators
        terms = Term.objects.select_related("item").order_by()
        in_order = sorted(
            indicators.prefetch_related(Prefetch("terms", terms)),
            key=lambda indicator: indicator.order,
        )
        with_bands = [one for one in in_order if one.method == Method.BAND]
        prefetch_related_objects(with_bands, Prefetch("bands", Band.objects.order_by("size_from")))
        self.indicators = {indicator.pk: indicator for indicator in in_order}

    @classmethod
    def fed_by(cls, plan: Plan, item_ids: Iterable[int], others: Iterable[int] = ()) -> "Formulas":
        """Those of the indicators that these items go into, and of others by id."""
        items = set(item_ids)
        fed = Term.objects.filter(item__in=items).order_by().values("indicator")
        return cls(plan, Q(pk__in=fed) | Q(rate_item__in=items) | Q(pk__in=set(others)))

    def touched(self, year: int, item_ids: Iterable[int]) -> set[Cell]:
        """The cells that figures of these items in this year go into, lags included."""
        items = set(item_ids)
        return {
            (indicator.pk, y)
            for indicator in self.indicators.values()
            for y in self.plan.years
            if any(item in items and needed == year for item, needed in self.needs(indicator, y))
        }

    def terms(self, indicator: Indicator, role: str) -> list[Term]:
        found = (term for term in indicator.terms.all() if term.role == role)
        return sorted(found, key=lambda term: term.order)

    def needs(self, indicator: Indicator, year: int) -> set[tuple[int, int]]:
        """The (item id, year) pairs that the value of that year rests on."""
        pairs = {
            (term.item_id, needed)
            for term in indicator.terms.all()
            if term.item_id
            for needed in self._years_of(indicator, term, year)
        }
        rate_item = getattr(indicator, "rate_item", None)
        return pairs | ({(rate_item.pk, year)} if rate_item else set())

    def _years_of(self, indicator: Indicator, term: Term, year: int) -> Sequence[int]:
        cumulative = indicator.growth_basis == GrowthBasis.CUMULATIVE
        if term.role == TermRole.SERIES:
            first = self.plan.base_year if cumulative else year - 1
            return (year - term.lag, first - term.lag)
        if term.role == TermRole.BAR and cumulative:
            return [y - term.lag for y in range(self.plan.base_year + 1, year + 1)]
        return (year - term.lag,)


class Calculator:
    """Computes cells of one plan in one layer from two or three queries."""

    def __init__(
        self,
        formulas: Formulas,
        cells: Iterable[Cell],
        layer: str,
        draft_id: int | None = None,
        before_id: int | None = None,
        scope: Container[int] | None = None,
    ) -> None:
        self.formulas = formulas
        self.cells = [cell for cell in cells if cell[0] in formulas.indicators]
        pairs = {
            pair
            for pk, year in self.cells
            for pair in formulas.needs(formulas.indicators[pk], year)
        }
        self.amounts = Amounts(formulas.plan, pairs, layer, draft_id, before_id, scope)

    def with_amounts(self, amounts: Amounts) -> "Calculator":
        """The same cells from other figures, e.g. `amounts.up_to(...)`. No query."""
        other = copy(self)
        other.amounts = amounts
        return other

    def compute(self) -> list[Computed]:
        return [self._cell(self.formulas.indicators[pk], year) for pk, year in self.cells]

    def _cell(self, indicator: Indicator, year: int) -> Computed:
        result = METHODS[indicator.method](self, indicator, year)
        used = self._used(indicator, year)
        historical = self._historical(indicator, year, result)
        if historical:
            result, used = historical
        return Computed(
            indicator,
            year,
            result,
            nature=min((k.nature for k in used), key=_firmness, default=""),
            as_of=max((k.as_of for k in used), default=None),
            is_historical=historical is not None,
            lacking=result.short_units or self._lacking(indicator, year),
            inputs=tuple(sorted({item for item, _ in self.formulas.needs(indicator, year)})),
            items=tuple(sorted({t.item_id for t in indicator.terms.all() if t.item_id})),
        )

    def _used(self, indicator: Indicator, year: int) -> list[Known]:
        """The figures of the year itself that were used; their rounds date the value."""
        items = [t.item for t in indicator.terms.all() if t.item and t.role != TermRole.BAR]
        return [known for item in items for known in self.amounts.of(item, year).values()]

    def _historical(
        self, indicator: Indicator, year: int, result: Result
    ) -> tuple[Result, list[Known]] | None:
        """The known rate stands in only where nothing could be computed."""
        item = getattr(indicator, "rate_item", None)
        known = self.amounts.single(item, year) if item else None
        if result.state in {State.VALUE, State.NOT_APPLICABLE} or known is None:
            return None
        if known.knowledge != Knowledge.HAVE:
            return None
        return Result(State.VALUE, known.amount, bar=result.bar), [known]

    def _lacking(self, indicator: Indicator, year: int) -> tuple[str, ...]:
        """Townships that say no to the yes-no question in the numerator."""
        items = [t.item for t in self.formulas.terms(indicator, TermRole.NUMERATOR)]
        yes_no = [item for item in items if item and self._asks_townships(item)]
        return tuple(
            unit.name
            for unit in self.amounts.townships(year)
            for item in yes_no
            if self._says_no(item, year, unit)
        )

    def _asks_townships(self, item: DataItem) -> bool:
        return item.by_township and item.kind == ItemKind.YESNO

    def _says_no(self, item: DataItem, year: int, unit: Unit) -> bool:
        known = self.amounts.of(item, year).get(unit.pk)
        return known is not None and known.knowledge == Knowledge.HAVE and known.amount == 0

    # Inputs

    def _input(self, term: Term, year: int) -> Input:
        year -= term.lag
        if term.item is None:
            count = Decimal(len(self.amounts.townships(year)))
            return Input("乡镇数", year, count, term.factor)
        if term.item.by_township:
            return self._sum(term.item, year, term.factor)
        return _one(term.item.name, year, self.amounts.single(term.item, year), term.factor)

    def _inputs(self, indicator: Indicator, role: str, year: int) -> list[Input]:
        return [self._input(term, year) for term in self.formulas.terms(indicator, role)]

    def _sum(self, item: DataItem, year: int, factor: Decimal) -> Input:
        """Over the townships valid that year; a partial sum is no sum."""
        rows = self.amounts.of(item, year)
        units = self.amounts.townships(year)
        missing = [u.name for u in units if not _counts(rows.get(u.pk))]
        if missing or not units:
            told = len(units) - len(missing)
            detail = f"{told}/{len(units)} 个乡镇已报，缺：{'、'.join(missing)}" if told else ""
            return Input(item.name, year, None, factor, detail=detail)
        known = [rows[u.pk] for u in units]
        if all(k.knowledge == Knowledge.NOT_APPLICABLE for k in known):
            return Input(item.name, year, None, factor, not_applicable=True)
        return Input(item.name, year, sum(k.amount or Decimal(0) for k in known), factor)

    # Methods

    def _direct(self, indicator: Indicator, year: int) -> Result:
        return calculation.direct(self._inputs(indicator, TermRole.NUMERATOR, year))

    def _ratio(self, indicator: Indicator, year: int) -> Result:
        return calculation.ratio(
            self._inputs(indicator, TermRole.NUMERATOR, year),
            self._inputs(indicator, TermRole.DENOMINATOR, year),
            scale=indicator.scale,
            zero_over_zero=indicator.zero_over_zero,
        )

    def _growth(self, indicator: Indicator, year: int) -> Result:
        cumulative = indicator.growth_basis == GrowthBasis.CUMULATIVE
        first = self.formulas.plan.base_year if cumulative else year - 1
        series = [
            Series(
                term.item.name if term.item else "",
                self._input(term, year),
                self._input(term, first),
            )
            for term in self.formulas.terms(indicator, TermRole.SERIES)
        ]
        years = range(first + 1, year + 1) if cumulative else [year]
        bars = [i for y in years for i in self._inputs(indicator, TermRole.BAR, y)]
        return calculation.growth(series, bars)

    def _band(self, indicator: Indicator, year: int) -> Result:
        amount = self.formulas.terms(indicator, TermRole.AMOUNT)[0]
        size = self.formulas.terms(indicator, TermRole.SIZE)[0]
        units = [
            BandUnit(unit.name, self._of_unit(amount, year, unit), self._of_unit(size, year, unit))
            for unit in self.amounts.townships(year)
        ]
        bands = [(band.size_from, band.minimum) for band in indicator.bands.all()]
        return calculation.band(units, bands, scale=indicator.scale)

    def _of_unit(self, term: Term, year: int, unit: Unit) -> Input:
        item = term.item
        assert item is not None  # the loader refuses a band without items
        known = self.amounts.of(item, year - term.lag).get(unit.pk)
        return _one(item.name, year - term.lag, known, term.factor)


METHODS: Mapping[str, Callable[[Calculator, Indicator, int], Result]] = {
    Method.DIRECT: Calculator._direct,
    Method.RATIO: Calculator._ratio,
    Method.GROWTH: Calculator._growth,
    Method.BAND: Calculator._band,
}


def _counts(known: Known | None) -> bool:
    return known is not None and known.knowledge in COUNTS


def _firmness(nature: str) -> int:
    return list(RoundNature.values).index(nature)


def _one(name: str, year: int, known: Known | None, factor: Decimal) -> Input:
    if known is None:
        return Input(name, year, None, factor)
    if known.knowledge == Knowledge.UNAVAILABLE:
        return Input(name, year, None, factor, detail=f"暂无：{known.note}")
    not_applicable = known.knowledge == Knowledge.NOT_APPLICABLE
    detail = known.note if not_applicable else ""
    return Input(name, year, known.amount, factor, not_applicable, detail)
