"""What a reviewer needs to see beside a figure: the last round of the same year, the version that
was approved before, and what approving does to each indicator's status."""

from collections.abc import Container, Iterable, Mapping
from decimal import Decimal

from indicators import judging
from indicators.amounts import COUNTS
from indicators.computing import Calculator, Formulas
from indicators.grid import Fed, Grid, GridRow, printed, value_text
from indicators.models import AnnualReturn, DataItem, Figure, Knowledge, Layer
from indicators.values import as_row

Place = tuple[int, int]  # (item id, unit id)


def previous_round(annual_return: AnnualReturn, figures: Iterable[Figure]) -> dict[Place, Figure]:
    """The figure of the newest other round of the year, for each item and unit. One query."""
    rnd = annual_return.round
    others = (
        Figure.objects.of_plan(rnd.plan)
        .for_years([rnd.year])
        .filter(item__in={figure.item_id for figure in figures}, approved_knowledge__in=COUNTS)
        .exclude(round=rnd)
        .select_related("round")
    )
    newest: dict[Place, Figure] = {}
    for figure in sorted(others, key=lambda f: f.round.rank):
        newest[figure.item_id, figure.unit_id] = figure
    return newest


def is_changed(figure: Figure) -> bool:
    """Against the version approved before; a first version is not a change."""
    if figure.approved_knowledge not in COUNTS:
        return False
    return (figure.amount, figure.knowledge) != (figure.approved_amount, figure.approved_knowledge)


def compare(page: Grid, scope: Container[int] | None) -> None:
    """Fills in what stands beside each figure and each indicator for the reviewer."""
    figures = [row.figure for row in page.rows]
    previous = previous_round(page.annual_return, figures)
    for row in page.rows:
        _compare_row(row, previous.get((row.figure.item_id, row.figure.unit_id)))
    items = {figure.item_id for figure in figures}
    stood = _before(page.annual_return, items, page.fed, scope)
    for fed in page.fed:
        if standing := stood.get(fed.indicator_id):
            fed.before = value_text(standing, standing.values[standing.year])
            fed.before_status = standing.judgement.status
            fed.before_label = standing.judgement.label


def _compare_row(row: GridRow, previous: Figure | None) -> None:
    figure = row.figure
    row.changed = is_changed(figure)
    row.approved = _said(figure.approved_knowledge, figure.approved_amount, figure.item)
    if previous is not None:
        row.previous = _said(previous.approved_knowledge, previous.approved_amount, figure.item)


def _said(knowledge: str, amount: Decimal | None, item: DataItem) -> str:
    if amount is not None:
        return printed(amount, item)
    return Knowledge(knowledge).label if knowledge else ""


def _before(
    annual_return: AnnualReturn,
    items: set[int],
    fed: Iterable[Fed],
    scope: Container[int] | None,
) -> Mapping[int, judging.Standing]:
    """Indicator id → how it would stand without what this return now submits."""
    rnd = annual_return.round
    formulas = Formulas.fed_by(rnd.plan, items, [one.indicator_id for one in fed])
    cells = [(one.indicator_id, rnd.year) for one in fed]
    calculator = Calculator(
        formulas, cells, Layer.PROVISIONAL, before_id=annual_return.pk, scope=scope
    )
    computed = calculator.compute()
    rows = {one.indicator.pk: as_row(one, Layer.PROVISIONAL) for one in computed}
    indicators = [one.indicator for one in computed]
    standings = judging.standings_of(rnd.plan, rnd.year, Layer.PROVISIONAL, indicators)
    return {
        standing.indicator.pk: judging.with_value(standing, rows[standing.indicator.pk])
        for standing in standings
    }
