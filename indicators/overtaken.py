"""Rounds whose figures no longer count for an indicator: a newer round of the year has them all, as
when a 快报 is opened, or handed in again, after the 年报 (`domain.md` §3)."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db.models import Q

from indicators.amounts import COUNTS
from indicators.models import Figure, ReturnStatus, Round, Term


def newer_rounds(rounds: Collection[Round]) -> Mapping[int, list[Round]]:
    """Round id → newer rounds of the same year. One query."""
    years, plans = {rnd.year for rnd in rounds}, {rnd.plan_id for rnd in rounds}
    others = list(Round.objects.filter(plan__in=plans, year__in=years).order_by())
    return {
        rnd.pk: [
            other
            for other in others
            if (other.plan_id, other.year) == (rnd.plan_id, rnd.year) and other.rank > rnd.rank
        ]
        for rnd in rounds
    }


def overtaken(rounds: Collection[Round]) -> set[tuple[int, int]]:
    """(round id, indicator id) where nothing the round says can change the value. One query where
    no round has a newer one, else three."""
    newer = {pk: others for pk, others in newer_rounds(rounds).items() if others}
    if not newer:
        return set()
    told = _told({other.pk for others in newer.values() for other in others})
    needed = _needed({rnd.plan_id for rnd in rounds if rnd.pk in newer})
    return {
        (pk, indicator)
        for pk, others in newer.items()
        for indicator, items in needed.items()
        if items <= set[int]().union(*(told[other.pk] for other in others))
    }


def _told(round_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Round id → the items of which it has every figure: one township that counts, of three, does
    not make the value."""
    handed_in = Q(knowledge__in=COUNTS) & ~Q(annual_return__status=ReturnStatus.DRAFT)
    counts = handed_in | Q(approved_knowledge__in=COUNTS)
    rows = Figure.objects.filter(round__in=round_ids).order_by()
    told, silent = defaultdict(set[int]), set[tuple[int, int]]()
    for round_id, item_id, is_told in rows.values_list("round_id", "item_id", counts):
        told[round_id].add(item_id)
        if not is_told:
            silent.add((round_id, item_id))
    for round_id, item_id in silent:
        told[round_id].discard(item_id)
    return told


def _needed(plan_ids: Collection[int]) -> Mapping[int, set[int]]:
    """Indicator id → the items of its terms."""
    terms = Term.objects.filter(indicator__plan__in=plan_ids).exclude(item=None).order_by()
    needed = defaultdict(set[int])
    for indicator_id, item_id in terms.values_list("indicator_id", "item_id"):
        needed[indicator_id].add(item_id)
    return needed
