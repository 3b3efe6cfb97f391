"""Which figure counts: per item, unit and year the one of the newest round that has it
(`domain.md` §3), out of one of three layers:

- official: what is published;
- provisional: the newest approved or submitted amount, never a draft;
- a draft preview: provisional, but one return as it is being worked on (never stored)."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from copy import copy
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from django.db.models import QuerySet

from indicators.models import DataItem, Figure, Knowledge, Layer, ReturnStatus
from indicators.models.returns import rank_of
from organization.models import Unit
from organization.prepared import Prepared
from plans.models import Plan

COUNTS = frozenset({Knowledge.HAVE, Knowledge.NOT_APPLICABLE})


class Told(NamedTuple):
    """A figure in its three layers, with what its return and its round say of it: all that is
    read here of three tables."""

    item_id: int
    unit_id: int
    knowledge: str
    amount: Decimal | None
    note: str
    approved_knowledge: str
    approved_amount: Decimal | None
    approved_note: str
    published_knowledge: str
    published_amount: Decimal | None
    published_note: str
    return_id: int
    return_status: str
    return_unit_id: int
    round_id: int
    year: int
    nature: str
    as_of: date


COLUMNS = (
    *Told._fields[:11],
    "annual_return_id",
    "annual_return__status",
    "annual_return__unit_id",
    "round_id",
    "round__year",
    "round__nature",
    "round__as_of",
)


class Known(NamedTuple):
    """One figure of one unit, with what its round says of it."""

    knowledge: str
    amount: Decimal | None
    note: str
    rank: tuple[object, int, int]
    nature: str
    as_of: date


def _townships_of(bureau: int) -> QuerySet[Unit]:
    return Unit.objects.filter(bureau=bureau).townships()


TOWNSHIPS = Prepared(_townships_of)

Said = tuple[str, Decimal | None, str]  # knowledge, amount, and the note that gives the reason


def official(figure: Figure | Told, status: str) -> Said:
    return figure.published_knowledge, figure.published_amount, figure.published_note


def provisional(figure: Figure | Told, status: str) -> Said:
    if status == ReturnStatus.DRAFT:
        return figure.approved_knowledge, figure.approved_amount, figure.approved_note
    return figure.knowledge, figure.amount, figure.note


READ: Mapping[str, Callable[[Figure | Told, str], Said]] = {
    Layer.OFFICIAL: official,
    Layer.PROVISIONAL: provisional,
}


class Amounts:
    """The figures a set of (item, year) pairs rests on, in one layer."""

    def __init__(
        self,
        plan: Plan,
        pairs: Iterable[tuple[int, int]],
        layer: str,
        draft_id: int | None = None,
        before_id: int | None = None,
        scope: Container[int] | None = None,
        told: Iterable[Told] | None = None,
    ) -> None:
        """`draft_id`: a return read as it is being worked on; `before_id`: one read as it was
        before what it now submits; `scope`: units whose unpublished figures may be read (None:
        all), of the others only what is published counts; `told`: the figures, in the order of
        their keys, where the caller has read them."""
        self.plan = plan
        self._read = READ[layer]
        self._scope = scope
        self._as_if = {draft_id: ReturnStatus.SUBMITTED, before_id: ReturnStatus.DRAFT}
        self._upto: tuple[object, int, int] | None = None
        self._newest: dict[tuple[int, int], dict[int, Known]] = defaultdict(dict)
        self.told = self._fetch(set(pairs)) if told is None else list(told)
        for figure in self.told:
            self._take(figure)

    def _fetch(self, pairs: set[tuple[int, int]]) -> list[Told]:
        figures = (
            Figure.objects.of_plan(self.plan)
            .for_years(sorted({year for _, year in pairs}))
            .filter(item__in={item for item, _ in pairs})
            .order_by("pk")
        )
        return [Told._make(figure) for figure in figures.values_list(*COLUMNS)]

    def as_seen_in(self, scope: Container[int]) -> "Amounts":
        """The same figures; of units outside the scope only what is published. No query."""
        return self._again(_scope=scope)

    def up_to(self, rank: tuple[object, int, int]) -> "Amounts":
        """The same figures as they were known by the round of this rank: without what newer rounds
        say. No query."""
        return self._again(_upto=rank)

    def _again(self, **otherwise: object) -> "Amounts":
        seen = copy(self)
        vars(seen).update(otherwise, _newest=defaultdict(dict))
        for told in self.told:
            seen._take(told)
        return seen

    def _take(self, figure: Told) -> None:
        status = self._as_if.get(figure.return_id, figure.return_status)
        known_here = self._scope is None or figure.return_unit_id in self._scope
        knowledge, amount, note = (self._read if known_here else official)(figure, status)
        if knowledge == Knowledge.BLANK:
            return
        rank = rank_of(figure.as_of, figure.nature, figure.round_id)
        if self._upto is not None and rank > self._upto:
            return
        known = Known(knowledge, amount, note, rank, figure.nature, figure.as_of)
        rows = self._newest[figure.item_id, figure.year]
        # 暂无 says something only while no round, older or newer, has the figure.
        if _weight(known) > _weight(rows.get(figure.unit_id)):
            rows[figure.unit_id] = known

    def of(self, item: DataItem, year: int) -> dict[int, Known]:
        """Unit id → figure; one entry for an item that one department holds."""
        return self._newest.get((item.pk, year), {})

    def single(self, item: DataItem, year: int) -> Known | None:
        """Of an item that one department holds: whichever unit it was, the newest figure."""
        return max(self.of(item, year).values(), key=_weight, default=None)

    @cached_property
    def _townships(self) -> list[Unit]:
        return TOWNSHIPS(bureau=self.plan.bureau_id)

    def townships(self, year: int) -> list[Unit]:
        return [unit for unit in self._townships if unit.is_valid_in(year)]


def _weight(known: Known | None) -> tuple[bool, bool, tuple[object, ...]]:
    if known is None:
        return (False, False, ())
    return (True, known.knowledge in COUNTS, known.rank)
