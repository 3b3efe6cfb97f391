"""The years of one indicator, each judged by the target of its time."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from indicators.entry import plain
from indicators.judging import Standing, Stored
from indicators.models import AnnualValue
from indicators.printing import display
from indicators.progress import Comparator, Judgement
from reports.chronicle import TARGET, Chronicle
from reports.summary import NONE, Row, YearCell, measured


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
    sources: str = ""  # the query of the page that says who entered it, on which document


def year_rows(
    standing: Standing, row: Row, history: Chronicle, known: Mapping[int, AnnualValue]
) -> tuple[YearRow, ...]:
    """`known`: the values whose parts may be shown. What unpublished figures come to may be shown
    where the figures may not: then only the parts of what is published stand beside it."""
    years = (_year(standing, cell, _target_in(history, cell.year)) for cell in row.cells)
    return tuple(
        year
        if _parts(known.get(year.cell.year)) == _parts(standing.values.get(year.cell.year))
        else replace(year, numerator=NONE, denominator=NONE)
        for year in years
    )


def _parts(row: AnnualValue | Stored | None) -> tuple[Decimal | None, Decimal | None] | None:
    return row and (row.numerator, row.denominator)


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


def series_names(standing: Standing) -> tuple[str, ...]:
    newest = max((r for r in standing.values.values() if r.series), key=_year_of, default=None)
    return tuple(name for name, _ in newest.series) if newest else ()


def _year_of(row: AnnualValue) -> int:
    return row.year
