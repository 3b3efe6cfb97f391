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
    ReturnStatus,
    Round,
)
from indicators.overtaken import overtaken
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
    impossible = [cell for cell in computed if cell.result.state == State.IMPOSSIBLE]
    if not impossible:
        return {}
    here = set(annual_return.figures.values_list("item_id", flat=True))
    faults: dict[int, str] = {}
    for cell in impossible:
        if here.issuperset(cell.items):
            sentence = f"{cell.indicator.name}：{'；'.join(cell.result.notes)}"
            rows = annual_return.figures.filter(item__in=set(cell.inputs) & item_ids)
            faults |= dict.fromkeys(rows.values_list("pk", flat=True), sentence)
    return faults


def cleared(figures: Iterable[Figure]) -> dict[int, str]:
    """A blank clears nothing that was approved (domain.md §3), also in a backfill round."""
    blank = (figure for figure in figures if figure.knowledge == Knowledge.BLANK)
    gone = (figure.pk for figure in blank if figure.approved_knowledge != Knowledge.BLANK)
    sentence = "此项已经审核过，不能清空：请填数值，或选“不适用”“暂无”并写明原因。"
    return dict.fromkeys(gone, sentence)


def _is_told(row: Explanation, settled: bool) -> bool:
    """What a reopened return is being given stands nowhere yet; what was published does."""
    approved = row.annual_return.status == ReturnStatus.APPROVED
    prefix = "published_" if settled and not approved else ""
    return all(getattr(row, f"{prefix}{name}").strip() for name in ("cause", "next_step"))


def unexplained_laggards(rnd: Round) -> list[str]:
    """What lags by what is published and is not explained, in words: “8 护理型床位占比（养老股）”.
    Asked of what has just been published, inside the transaction: what other rounds of the year
    hold and nobody has published must not be held against this one."""
    silent = silent_laggards([rnd], settled=True, layer=Layer.OFFICIAL)
    return [in_words(standing) for _, standing in silent]


def in_words(standing: judging.Standing) -> str:
    return f"{standing.indicator}（{standing.indicator.unit_name or '未定责任单位'}）"


def silent_laggards(
    rounds: Collection[Round], settled: bool = False, layer: str = Layer.PROVISIONAL
) -> list[tuple[Round, judging.Standing]]:
    """Indicators that lag by the newest approved figures and whose unit gave no cause or next
    step in the round: a constant number of queries, however many rounds. `settled`: only what is
    approved or published counts as given; else what is written, since a unit has done its part by
    then. What a newer round of the year decides is asked for there."""
    rows = Explanation.objects.filter(annual_return__round__in=rounds)
    told = {
        (row.annual_return.round_id, row.indicator_id)
        for row in rows.select_related("annual_return")
        if _is_told(row, settled)
    }
    behind = [
        (rnd, standing)
        for rnd, standing in judging.standings_in_rounds(rounds, layer)
        if standing.judgement.status in BEHIND and (rnd.pk, standing.indicator.pk) not in told
    ]
    elsewhere = overtaken(rounds) if behind else set()
    return [one for one in behind if (one[0].pk, one[1].indicator.pk) not in elsewhere]
