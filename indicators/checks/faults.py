"""What makes figures impossible to keep or a round impossible to publish.

Faults are keyed by figure id, so that the sentence stands beside the field."""

from collections.abc import Collection, Iterable

from indicators import judging, values
from indicators.calculation import State
from indicators.computing import Formulas
from indicators.entry import NotANumber, plain, read_amount
from indicators.models import (
    AnnualReturn,
    Explanation,
    Figure,
    Knowledge,
    Layer,
    Round,
)
from indicators.progress import BEHIND


def entry_faults(figures: Iterable[Figure]) -> dict[int, str]:
    """Bounds, decimals, kind: the same reading whichever way the number came in."""
    faults = {}
    for figure in figures:
        if figure.amount is None:
            continue
        try:
            read_amount(plain(figure.amount), figure.item)
        except NotANumber as error:
            faults[figure.pk] = str(error)
    return faults


def contradictions(annual_return: AnnualReturn, item_ids: set[int]) -> dict[int, str]:
    """Indicators that cannot be computed from what is entered, such as 3 ÷ 0, told at those of
    this return's figures of the year that go into them. Only where all inputs stand on this page:
    a figure of another unit is nobody's business here (publishing looks at the whole)."""
    rnd = annual_return.round
    formulas = Formulas.fed_by(rnd.plan, item_ids)
    cells = formulas.touched(rnd.year, item_ids)
    computed = values.preview(formulas, cells, annual_return.pk)
    here = set(annual_return.figures.values_list("item_id", flat=True))
    faults: dict[int, str] = {}
    for cell in computed:
        if cell.result.state == State.IMPOSSIBLE and here.issuperset(cell.items):
            sentence = f"{cell.indicator.name}：{'；'.join(cell.result.notes)}"
            rows = annual_return.figures.filter(item__in=set(cell.inputs) & item_ids)
            faults |= dict.fromkeys(rows.values_list("pk", flat=True), sentence)
    return faults


def cleared(annual_return: AnnualReturn) -> dict[int, str]:
    """A blank clears nothing that was approved (domain.md §3), also in a backfill round."""
    gone = annual_return.figures.filter(knowledge=Knowledge.BLANK)
    gone = gone.exclude(approved_knowledge=Knowledge.BLANK)
    sentence = "此项已经审核过，不能清空：请填数值，或选“不适用”“暂无”并写明原因。"
    return dict.fromkeys(gone.values_list("pk", flat=True), sentence)


def unexplained_laggards(rnd: Round) -> list[str]:
    """What `silent_laggards` finds, in words: “8 护理型床位占比（养老股）”."""
    return [
        f"{standing.indicator}（{standing.indicator.unit_name or '未定责任单位'}）"
        for _, standing in silent_laggards([rnd])
    ]


def silent_laggards(rounds: Collection[Round]) -> list[tuple[Round, judging.Standing]]:
    """Indicators that lag by the newest approved figures and whose unit gave no cause or next
    step in the round: four queries, however many rounds."""
    told = {
        (row.annual_return.round_id, row.indicator_id)
        for row in Explanation.objects.filter(annual_return__round__in=rounds).select_related(
            "annual_return"
        )
        if row.cause.strip() and row.next_step.strip()
    }
    return [
        (rnd, standing)
        for rnd, standing in judging.standings_in_rounds(rounds, Layer.PROVISIONAL)
        if standing.judgement.status in BEHIND and (rnd.pk, standing.indicator.pk) not in told
    ]
