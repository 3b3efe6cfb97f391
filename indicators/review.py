"""What a reviewer needs to see beside a figure: the last round of the same year, the version that
was approved before, and what approving does to each indicator's status."""

from collections.abc import Container, Iterable, Mapping
from decimal import Decimal
from typing import Any

from indicators import judging
from indicators.amounts import COUNTS
from indicators.computing import Calculator, Formulas
from indicators.grid import PARTS, Fed, Grid, GridRow, printed, value_text
from indicators.models import (
    AnnualReturn,
    DataItem,
    Explanation,
    Figure,
    Knowledge,
    Layer,
    ReturnAct,
)
from indicators.values import as_row

Place = tuple[int, int]  # (item id, unit id)
Before = Mapping[int, Mapping[str, Any]]  # id → fields as they were approved
BESIDE = ("note", "document_no", "document_date")


def previous_round(annual_return: AnnualReturn, figures: Iterable[Figure]) -> dict[Place, Figure]:
    """The figure of the newest older round of the year, for each item and unit. One query."""
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
        if figure.round.rank < rnd.rank:
            newest[figure.item_id, figure.unit_id] = figure
    return newest


def approved_figures(figures: Iterable[Figure]) -> Before:
    """As they were approved last, told by the history: the layer of approved figures does not
    keep the document. A first version is in none, and so no change. One query."""
    reason = ReturnAct.Verb.APPROVE.label
    rows = Figure.history.filter(id__in=[f.pk for f in figures], history_change_reason=reason)
    return _newest(rows, PARTS)


def approved_texts(annual_return: AnnualReturn) -> Before:
    """As they were when the return was approved last; empty when it never was. Two queries."""
    approvals = annual_return.acts.filter(verb=ReturnAct.Verb.APPROVE).order_by("-pk")
    at = approvals.values_list("at", flat=True).first()
    if at is None:
        return {}
    texts = list(annual_return.explanations.values_list("pk", flat=True))
    rows = Explanation.history.filter(id__in=texts, history_date__lte=at)
    blank = dict.fromkeys(Explanation.TEXTS, "")
    return {**dict.fromkeys(texts, blank), **_newest(rows, Explanation.TEXTS)}


def _newest(rows: Any, names: Iterable[str]) -> Before:
    rows = rows.order_by("history_date", "history_id").values("id", *names)
    return {row["id"]: row for row in rows}


def was(before: Mapping[str, Any], now: Any, names: Iterable[str]) -> list[str]:
    """备注原为：… for each of the named fields that says something else now."""
    return [
        f"{now._meta.get_field(name).verbose_name}原为：{before[name] or '空'}"
        for name in names
        if before[name] != getattr(now, name)
    ]


def compare(page: Grid, scope: Container[int] | None) -> None:
    """Fills in what stands beside each figure and each indicator for the reviewer."""
    figures = [row.figure for row in page.rows]
    previous, before = previous_round(page.annual_return, figures), approved_figures(figures)
    for row in page.rows:
        _compare_row(row, previous.get((row.figure.item_id, row.figure.unit_id)), before)
    texts = approved_texts(page.annual_return)
    items = {figure.item_id for figure in figures}
    stood = _before(page.annual_return, items, page.fed, scope)
    for fed in page.fed:
        told = fed.explanation
        if told and told.pk in texts:
            fed.was = was(texts[told.pk], told, Explanation.TEXTS)
        if standing := stood.get(fed.indicator_id):
            fed.before = value_text(standing, standing.values[standing.year])
            fed.before_status = standing.judgement.status
            fed.before_label = standing.judgement.label


def _compare_row(row: GridRow, previous: Figure | None, before: Before) -> None:
    figure = row.figure
    if approved := before.get(figure.pk):
        row.changed = any(approved[part] != getattr(figure, part) for part in PARTS)
        row.was = was(approved, figure, BESIDE)
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
