"""Behind a published number: each figure with its document, who entered, submitted and approved
it, who signed and published it, and when it was corrected.

Only what is published, as it stood when it was published last: what is being corrected since shows
nowhere. Persons, documents and files are shown to those who may see the evidence of published
figures (`permissions.published_evidence_scope`); all others see the unit and the signature."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from indicators.amounts import COUNTS
from indicators.models import (
    Evidence,
    Figure,
    Indicator,
    ItemKind,
    Knowledge,
    ReturnAct,
    Round,
)
from organization.models import User
from reports import reading
from reports.choice import Choice
from reports.inputs import UNKNOWN, grouped
from reports.proofs import published_evidence

PUBLISHING = (ReturnAct.Verb.PUBLISH, ReturnAct.Verb.CORRECT)
TOLD = (ReturnAct.Verb.SUBMIT, ReturnAct.Verb.APPROVE, *PUBLISHING)
Scope = frozenset[int] | None


@dataclass(frozen=True)
class Hands:
    """What was done to a return until it was published last: (who, when), or None."""

    submitted: tuple[str, datetime] | None
    approved: tuple[str, datetime] | None
    corrections: tuple[tuple[str, datetime, str], ...]  # who, when, why


@dataclass(frozen=True)
class Source:
    """One published figure. `is_open`: whether persons and documents may be shown; the fields
    after it are "" or None otherwise."""

    return_id: int
    item: str
    place: str  # the township, where there is one
    measure: str
    amount: str
    year: int
    round: Round
    unit: str
    counts: bool  # the newest one of this year; an older one is shown beside it
    is_open: bool
    note: str = ""  # why there is no number
    document: str = ""
    document_date: date | None = None
    entered_by: str = ""
    provider: str = ""
    hands: Hands | None = None


@dataclass(frozen=True)
class Sources:
    """All figures behind one indicator in one year."""

    indicator: Indicator
    rows: tuple[Source, ...]
    files: Sequence[Evidence]

    @property
    def is_partly_closed(self) -> bool:
        return any(not row.is_open for row in self.rows)

    @property
    def by_return(self) -> list[tuple[Source, list[Source], bool]]:
        """Of each return: its first row, all of them, and whether townships are among them; the
        newest round first, the rows in the order of the formula and of the townships."""
        found: dict[int, list[Source]] = defaultdict(list)
        for row in sorted(self.rows, key=lambda row: row.round.rank, reverse=True):
            found[row.return_id].append(row)
        return [(rows[0], rows, any(row.place for row in rows)) for rows in found.values()]


def sources(choice: Choice, code: str, scope: Scope) -> Sources:
    """Raises 404 for a code the plan does not have. Seven queries at most, however many figures."""
    indicator = reading.find(choice.plan, code)
    figures = _figures(indicator, choice)
    then = _as_published(figures)
    hands = hands_of({figure.annual_return_id for figure in figures})
    newest = _newest(figures)
    rows = (_source(one, one.pk in newest, scope, then.get(one.pk), hands) for one in figures)
    files = published_evidence(choice.plan, indicator, choice.year, scope)
    return Sources(indicator, tuple(rows), files)


def _figures(indicator: Indicator, choice: Choice) -> list[Figure]:
    """Of the chosen year, and of earlier ones that the formula takes; the newest round first."""
    wanted = Q(item__rate_of=indicator, round__year=choice.year)
    for term in indicator.terms.all():
        if term.item_id:
            wanted |= Q(item=term.item_id, round__year=choice.year - term.lag)
    published = Q(round__plan=choice.plan, round__published_at__isnull=False)
    found = Figure.objects.filter(wanted, published).exclude(published_knowledge=Knowledge.BLANK)
    found = found.select_related("item", "unit", "annual_return__unit", "round").order_by()
    places = {term.item_id: place for place, term in enumerate(indicator.terms.all())}
    rows = sorted(found, key=lambda one: one.round.rank, reverse=True)
    rows.sort(key=lambda one: (places.get(one.item_id, 99), -one.round.year, *one.page_order))
    return rows


def _newest(figures: Iterable[Figure]) -> set[int]:
    """Ids of those that count: of each item, unit and year the first that says something."""
    known: dict[tuple[int, int, int], int] = {}
    for one in figures:
        place = (one.item_id, one.unit_id if one.item.by_township else 0, one.round.year)
        if one.published_knowledge in COUNTS:
            known.setdefault(place, one.pk)
    return set(known.values())


def _as_published(figures: Sequence[Figure]) -> Mapping[int, Any]:
    """Figure id → its history row as of the last publication of its return, with names."""
    acts = ReturnAct.objects.filter(annual_return=OuterRef("annual_return"), verb__in=PUBLISHING)
    published_at = Subquery(acts.order_by("-pk").values("at")[:1])
    past = Figure.history.filter(id__in=[one.pk for one in figures])
    rows = past.alias(published_at=published_at).filter(history_date__lte=published_at)
    ordered = rows.order_by("history_date", "history_id").select_related("entered_by")
    return {row.id: row for row in ordered}


def hands_of(returns: set[int]) -> Mapping[int, Hands]:
    """Return id → what was done to it, until its last publication."""
    acts: QuerySet[ReturnAct] = ReturnAct.objects.filter(annual_return__in=returns, verb__in=TOLD)
    by_return: dict[int, list[ReturnAct]] = defaultdict(list)
    for act in acts.select_related("actor").order_by("pk"):
        by_return[act.annual_return_id].append(act)
    return {pk: _of_return(found) for pk, found in by_return.items()}


def _of_return(acts: Sequence[ReturnAct]) -> Hands:
    places = [place for place, act in enumerate(acts) if act.verb in PUBLISHING]
    until = acts[: places[-1]] if places else []
    last: dict[str, tuple[str, datetime]] = {act.verb: (_name(act.actor), act.at) for act in until}
    corrections = (act for act in acts if act.verb == ReturnAct.Verb.CORRECT)
    return Hands(
        last.get(ReturnAct.Verb.SUBMIT),
        last.get(ReturnAct.Verb.APPROVE),
        tuple((_name(act.actor), act.at, act.reason) for act in corrections),
    )


def _source(
    figure: Figure, counts: bool, scope: Scope, then: Any, hands: Mapping[int, Hands]
) -> Source:
    unit = figure.annual_return.unit
    is_open = scope is None or unit.pk in scope
    shown = then if is_open else None
    silent = figure.published_knowledge != Knowledge.HAVE
    return Source(
        return_id=figure.annual_return_id,
        item=str(figure.item),
        place=figure.unit.name if figure.item.by_township else "",
        measure="" if silent or figure.item.kind == ItemKind.YESNO else figure.item.measure,
        amount=_amount(figure),
        year=figure.round.year,
        round=figure.round,
        unit=unit.name,
        counts=counts,
        is_open=is_open,
        note=figure.published_note if is_open and silent else "",
        document=shown.document_no if shown else "",
        document_date=shown.document_date if shown else None,
        entered_by=_name(shown.entered_by) if shown else "",
        provider=shown.provider if shown else "",
        hands=hands.get(figure.annual_return_id) if is_open else None,
    )


def _amount(figure: Figure) -> str:
    if figure.published_knowledge != Knowledge.HAVE:
        return UNKNOWN[Knowledge(figure.published_knowledge)]
    if figure.item.kind == ItemKind.YESNO:
        return "是" if figure.published_amount else "否"
    return grouped(figure.published_amount)


def _name(user: User | None) -> str:
    return str(user.name or user.username) if user else ""
