"""All that the page of one indicator shows, as dataclasses; the template only prints.

Two layers, never mixed: `choice.layer_of` for what figures come to, `choice.figures_layer_of` for
the figures themselves. Notes of clerks and names of enterers are not shown here at all: who did
what, and on which document, is the matter of `sources.py`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from django.urls import reverse

from indicators.amounts import Amounts
from indicators.entry import Texts, plain
from indicators.formula_text import formula
from indicators.judging import Standing, standing_of
from indicators.models import AnnualValue, Indicator, Layer, Method, Round
from reports import charts, reading, town_table, year_table
from reports.charts import Svg, Trend
from reports.choice import Choice
from reports.chronicle import (
    DEFINITION,
    ELSEWHERE,
    MILESTONE,
    PROJECT,
    RESPONSIBILITY,
    SAID,
    SPOT,
    STATED,
    TARGET,
    TASK,
    Chronicle,
    Entry,
    chronicle,
)
from reports.indicator_chart import Computed, computed, picture
from reports.inputs import InputRow, TownList, input_rows, town_list
from reports.summary import Row, row_of
from reports.year_rows import YearRow, series_names, year_rows


@dataclass(frozen=True)
class Elsewhere:
    """A value of somebody else: who, in which year, from which document; the own one beside it."""

    row: Entry
    text: str
    own: str


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
    trend: Trend
    computed: Computed | None
    published: tuple[Round, ...]
    history: Chronicle = field(repr=False)

    @cached_property
    def chart(self) -> Svg:
        return charts.trend(self.trend)

    @cached_property
    def small_chart(self) -> Svg:
        """For telephones; the style sheet shows one of the two."""
        return charts.trend(self.trend, narrow=True)

    @property
    def year_rows(self) -> Svg:
        sources = reverse("indicator_sources", args=[self.indicator.code])
        return year_table.years(self.years, self.is_ratio, self.series_names, sources)

    @property
    def input_rows(self) -> Svg:
        return year_table.inputs(self.inputs)

    @property
    def town_rows(self) -> Svg:
        return town_table.body(self.towns) if self.towns else Svg("")

    @property
    def has_guess(self) -> bool:
        """Whether a 预计数 of the unit is among the years."""
        return any(point.is_guess for point in self.trend.points)

    @property
    def elsewhere(self) -> list["Elsewhere"]:
        """参考值 of the years shown, the newest first; never judged."""
        own = {year.cell.year: year.cell.number.text for year in self.years}
        rows = [row for row in self.history[ELSEWHERE] if row.year in own]
        rows.sort(key=lambda row: (-row.year, row.first))
        decimals = self.indicator.decimals
        return [Elsewhere(row, _reference(row, decimals), own[row.year]) for row in rows]

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
        """The newest of each year, as far as the chosen one."""
        year = self.row.current.year
        said = {r.year: r for r in self.history[SAID] if any(r[5:8]) and r.year <= year}
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
    indicator = reading.find(choice.plan, code)
    layer = choice.layer_of(indicator.pk)
    history = chronicle(indicator)
    reading.in_force(indicator, choice.year, history)
    values, official = reading.values_of(indicator, layer)
    standing = _standing(choice, indicator, values, history)
    row = row_of(standing, _said(history, choice.year))
    hidden = layer != choice.figures_layer_of(indicator.pk)
    known = official if hidden else values
    years = tuple(
        replace(year, sources=choice.query(year=year.cell.year, draft=None))
        for year in year_rows(standing, row, history, known)
    )
    shown = range(choice.plan.base_year, choice.year + 1)
    amounts = reading.amounts_of(indicator, shown, choice.figures_layer_of(indicator.pk))
    breaks = _breaks(indicator, history, amounts, shown)
    line = computed(standing, official, breaks, choice.plan.end_year)
    return Detail(
        indicator=indicator,
        row=row,
        layer=layer,
        formula=formula(indicator),
        series_names=series_names(standing),
        years=years,
        inputs=tuple(input_rows(indicator, shown, amounts)),
        towns=town_list(indicator, shown, amounts, row.lacking),
        trend=_trend(standing, row, years, breaks, line, history),
        computed=line,
        published=tuple(r for r in choice.rounds if r.is_published and r.year in shown),
        history=history,
    )


def _standing(
    choice: Choice,
    indicator: Indicator,
    values: Mapping[int, AnnualValue],
    history: Chronicle,
) -> Standing:
    milestones = {row.year: row.number for row in history[MILESTONE] if row.number is not None}
    return standing_of(choice.plan, indicator, choice.year, values, milestones)


def _trend(
    standing: Standing,
    row: Row,
    years: Sequence[YearRow],
    breaks: Mapping[int, str],
    line: Computed | None,
    history: Chronicle,
) -> Trend:
    return picture(
        standing,
        row,
        [(year.cell, year.judgement) for year in years],
        targets=history[TARGET],
        milestones=history[MILESTONE],
        breaks=breaks,
        line=line,
        elsewhere=history[ELSEWHERE],
    )


def _reference(row: Entry, decimals: int) -> str:
    """With the decimals of the indicator, or with those it was typed with where it has more."""
    text = plain(row.number)
    places = max(decimals, len(text.partition(".")[2]))
    return f"{Decimal(text):,.{places}f}"


def _said(history: Chronicle, year: int) -> Texts | None:
    rows = [row for row in history[SAID] if row.year == year and any(row[5:8])]
    return Texts(*rows[-1][5:8]) if rows else None


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
