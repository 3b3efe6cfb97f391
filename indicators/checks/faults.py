"""What is wrong with figures: each rule one function, each answer a sentence.

Faults are keyed by figure id, so that the sentence stands beside the field."""

from collections.abc import Iterable

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
    this return's figures of the year that go into them."""
    rnd = annual_return.round
    formulas = Formulas.fed_by(rnd.plan, item_ids)
    cells = formulas.touched(rnd.year, item_ids)
    computed = values.preview(formulas, cells, annual_return.pk)
    faults: dict[int, str] = {}
    for cell in computed:
        if cell.result.state == State.IMPOSSIBLE:
            sentence = f"{cell.indicator.name}：{'；'.join(cell.result.notes)}"
            rows = annual_return.figures.filter(item__in=set(cell.inputs) & item_ids)
            faults |= dict.fromkeys(rows.values_list("pk", flat=True), sentence)
    return faults


def submission_faults(annual_return: AnnualReturn) -> dict[int, str]:
    """Everything owed is said: a number, 不适用 or 暂无 with its reason. A backfill round takes
    what is known."""
    if annual_return.round.is_backfill:
        return {}
    blank = annual_return.figures.filter(knowledge=Knowledge.BLANK, locked=False)
    sentence = "未填：请填数值，或选“不适用”“暂无”并写明原因。"
    return dict.fromkeys(blank.values_list("pk", flat=True), sentence)


def unexplained_laggards(rnd: Round) -> list[str]:
    """What `silent_laggards` finds, in words: “8 养老机构护理型床位占比（养老服务和儿童福利股）”."""
    return [
        f"{standing.indicator}（{standing.indicator.unit_name or '未定责任单位'}）"
        for standing in silent_laggards(rnd)
    ]


def silent_laggards(rnd: Round) -> list[judging.Standing]:
    """Indicators that lag by the newest approved figures and whose unit gave no cause or next
    step in this round."""
    told = {
        row.indicator_id
        for row in Explanation.objects.filter(annual_return__round=rnd)
        if row.cause.strip() and row.next_step.strip()
    }
    return [
        standing
        for standing in judging.standings(rnd.plan, rnd.year, Layer.PROVISIONAL)
        if standing.judgement.status in BEHIND and standing.indicator.pk not in told
    ]
