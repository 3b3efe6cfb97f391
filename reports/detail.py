"""All that the page of one indicator shows, as dataclasses; the template only prints.

Two layers, never mixed: `choice.layer_of` for what figures come to, `choice.figures_layer_of` for
the figures themselves. Notes of clerks and names of enterers are not shown at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404

from indicators.amounts import Amounts
from indicators.entry import Texts, plain
from indicators.formula_text import formula
from indicators.judging import Standing, standing_of, with_definition
from indicators.models import AnnualValue, Indicator, IndicatorKind, Layer, Method, Term
from indicators.printing import display
from indicators.progress import BEHIND, Comparator, Judgement, expected_value
from reports import charts
from reports.charts import Point, Svg
from reports.choice import Choice
from reports.chronicle import (
    DEFINITION,
    MILESTONE,
    PROJECT,
    RESPONSIBILITY,
    SAID,
    SPOT,
    STATED,
    TARGET,
    TASK,
    Chronicle,
    chronicle,
)
from reports.inputs import InputRow, TownList, input_rows, town_list
from reports.summary import NONE, Row, YearCell, measured, row_of


@dataclass(frozen=True)
class YearRow:
    """One year: the value, what it was made of, how it stands."""

    cell: YearCell
    judgement: Judgement
    numerator: str
    denominator: str
    series: tuple[str, ...]
    expected: str
    target: str


@dataclass(frozen=True)
class Detail:
    """One indicator in one year and layer, with all of its years."""

    indicator: Indicator
    row: Row
    layer: str
    formula: str
    series_names: tuple[str, ...]
    years: tuple[YearRow, ...]
    inputs: tuple[InputRow, ...]
    towns: TownList | None
    chart: Svg
    history: Chronicle = field(repr=False)

    @property
    def is_provisional(self) -> bool:
        return self.layer == Layer.PROVISIONAL

    @property
    def is_ratio(self) -> bool:
        return self.indicator.method in {Method.RATIO, Method.BAND}

    @property
    def targets(self) -> list[tuple[object, bool]]:
        """(target, whether it is in force in the year shown), the newest first."""
        rows = self.history[TARGET]
        current = next((r for r in reversed(rows) if r.year <= self.row.current.year), None)
        return [(row, row is current) for row in reversed(rows)]

    @property
    def definitions(self) -> list[object]:
        return list(reversed(self.history[DEFINITION]))

    @property
    def milestones(self) -> Sequence[object]:
        return [(row.year, plain(row.number), row.first) for row in self.history[MILESTONE]]

    @property
    def responsibilities(self) -> list[object]:
        return list(reversed(self.history[RESPONSIBILITY]))

    @property
    def stated(self) -> Sequence[object]:
        return [(row, plain(row.number)) for row in self.history[STATED]]

    @property
    def explanations(self) -> list[object]:
        """The newest of each year."""
        said = {row.year: row for row in self.history[SAID] if any(row[5:8])}
        return list(reversed(said.values()))

    @property
    def tasks(self) -> Sequence[object]:
        """That serve it, in the order of the plan."""
        return self.history[TASK]

    @property
    def projects(self) -> Sequence[object]:
        return self.history[PROJECT]

    @property
    def spot_checks(self) -> Sequence[object]:
        """(row, how many were wrong), the newest first."""
        return [(row, plain(row.number)) for row in reversed(self.history[SPOT])]


def describe(choice: Choice, code: str) -> Detail:
    """Raises 404 for a code the plan does not have."""
    indicator = _indicator(choice, code)
    layer = choice.layer_of(indicator.pk)
    history = chronicle(indicator)
    standing = _standing(choice, indicator, layer, history)
    row = row_of(standing, _said(history, choice.year))
    hidden = layer != choice.figures_layer_of(indicator.pk)
    years = _years(standing, row, history, hidden)
    shown = range(choice.plan.base_year, choice.year + 1)
    amounts = _amounts(choice, indicator, shown)
    return Detail(
        indicator=indicator,
        row=row,
        layer=layer,
        formula=formula(indicator),
        series_names=_series_names(standing),
        years=years,
        inputs=tuple(input_rows(indicator, shown, amounts)),
        towns=town_list(indicator, choice.year, amounts, row.lacking),
        chart=_chart(choice, standing, years, row, _breaks(indicator, history, amounts, shown)),
        history=history,
    )


# --- fetching --------------------------------------------------------------------------------


def _indicator(choice: Choice, code: str) -> Indicator:
    """With its inputs; the bands only where the method has some."""
    found = Indicator.objects.filter(plan=choice.plan, code=code).for_year(choice.year)
    indicator = with_definition(found, choice.year).select_related("clause").first()
    if indicator is None:
        raise Http404
    terms = Prefetch("terms", Term.objects.select_related("item"))
    bands = ["bands"] if indicator.method == Method.BAND else []
    prefetch_related_objects([indicator], terms, *bands)
    return indicator


def _standing(choice: Choice, indicator: Indicator, layer: str, history: Chronicle) -> Standing:
    rows = AnnualValue.objects.filter(indicator=indicator, layer=layer)
    values = {row.year: row for row in rows}
    milestones = {row.year: row.number for row in history[MILESTONE] if row.number is not None}
    return standing_of(choice.plan, indicator, choice.year, values, milestones)


def _amounts(choice: Choice, indicator: Indicator, years: Iterable[int]) -> Amounts:
    """The figures behind the years shown."""
    terms = [term for term in indicator.terms.all() if term.item_id]
    pairs = {(term.item_id, year - term.lag) for term in terms for year in years}
    return Amounts(choice.plan, pairs, choice.figures_layer_of(indicator.pk))


def _said(history: Chronicle, year: int) -> Texts | None:
    rows = [row for row in history[SAID] if row.year == year and any(row[5:8])]
    return Texts(*rows[-1][5:8]) if rows else None


# --- years -----------------------------------------------------------------------------------


def _years(standing: Standing, row: Row, history: Chronicle, hidden: bool) -> tuple[YearRow, ...]:
    """`hidden`: what unpublished figures come to may be shown, the figures may not."""
    years = (_year(standing, cell, _target_in(history, cell.year)) for cell in row.cells)
    if not hidden:
        return tuple(years)
    return tuple(replace(year, numerator=NONE, denominator=NONE) for year in years)


def _target_in(history: Chronicle, year: int) -> Decimal | None:
    """Old years keep the target they were judged by."""
    rows = history[TARGET]
    return next((r.number for r in reversed(rows) if r.year <= year), None)


def _year(standing: Standing, cell: YearCell, target: Decimal | None) -> YearRow:
    then = replace(standing, yardstick=replace(standing.yardstick, target=target))
    judged = then.judged(cell.year)
    row = standing.values.get(cell.year)
    return YearRow(
        cell=cell,
        judgement=judged,
        numerator=_number(row and row.numerator),
        denominator=_number(row and row.denominator),
        series=tuple(_rate(standing, rate) for _, rate in (row.series if row else ())),
        expected=measured(standing, judged.expected).text,
        target=measured(standing, target).text,
    )


def _number(amount: Decimal | None) -> str:
    return NONE if amount is None else f"{Decimal(plain(amount)):,f}"


def _rate(standing: Standing, rate: str) -> str:
    comparator = Comparator(standing.indicator.comparator)
    return display(Decimal(rate), standing.indicator.decimals, comparator, None)


def _series_names(standing: Standing) -> tuple[str, ...]:
    newest = max((r for r in standing.values.values() if r.series), key=_year_of, default=None)
    return tuple(name for name, _ in newest.series) if newest else ()


def _year_of(row: AnnualValue) -> int:
    return row.year


def _breaks(
    indicator: Indicator, history: Chronicle, amounts: Amounts, years: Sequence[int]
) -> dict[int, str]:
    """Years whose value cannot be compared with the year before, and why."""
    first = years[0]
    changed = {r.year: "口径调整" for r in history[DEFINITION] if r.other_flag and r.year > first}
    if not any(term.item is None or term.item.by_township for term in indicator.terms.all()):
        return changed
    merged = [y for y in years[1:] if amounts.townships(y) != amounts.townships(y - 1)]
    return dict.fromkeys(merged, "乡镇调整") | changed


def _chart(
    choice: Choice,
    standing: Standing,
    years: Sequence[YearRow],
    row: Row,
    breaks: Mapping[int, str],
) -> Svg:
    points = [
        Point(y.cell.year, y.cell.number.value, y.cell.number.text, y.cell.status in BEHIND)
        for y in years
        if y.cell.number.value is not None
    ]
    moving = row.target_is_moving
    return charts.trend(
        choice.plan.years,
        points,
        _path(choice, standing, years),
        None if moving else standing.target,
        target_text="" if moving else f"{row.due_year} 年目标 {row.target_short}",
        title=f"{row.name}历年数值",
        breaks=breaks,
    )


def _path(
    choice: Choice, standing: Standing, years: Sequence[YearRow]
) -> list[tuple[int, Decimal]]:
    """What is expected: the bars so far, or the line on to the target."""
    if standing.indicator.kind == IndicatorKind.BAR:
        bars = [(y.cell.year, y.judgement.expected) for y in years]
    else:
        ends = {y: date(y, 12, 31) for y in choice.plan.years}
        bars = [(y, expected_value(standing.yardstick, end)) for y, end in ends.items()]
    return [(year, value) for year, value in bars if value is not None]
