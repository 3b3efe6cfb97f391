"""What is still owed: the returns that are not approved, and where each of them stands.

The one reading of open work for to-do pages, the list of who is late, reminders and handovers;
a constant number of queries, however many returns. `owed`, `blank`, `unlocked` count figures and
what else stands in a return."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from indicators import parts
from indicators.models import (
    AnnualReturn,
    Explanation,
    Figure,
    Knowledge,
    ReturnAct,
    ReturnStatus,
    Round,
)

Verb = ReturnAct.Verb
# The acts that move a return; a saved draft or a question leaves it where it is.
MOVING = frozenset({Verb.SUBMIT, Verb.WITHDRAW, Verb.SEND_BACK, Verb.APPROVE, Verb.REOPEN})


class Stage(StrEnum):
    """Where an open return stands; `label` is what people read."""

    FILLING = "filling"
    SENT_BACK = "sent_back"
    REOPENED = "reopened"
    WAITING = "waiting"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Stage.FILLING: "未报送",
    Stage.SENT_BACK: "已退回，待修改",
    Stage.REOPENED: "已重新开启，待修改",
    Stage.WAITING: "已报送，待审核",
}
_AFTER = {Verb.SEND_BACK: Stage.SENT_BACK, Verb.REOPEN: Stage.REOPENED}


@dataclass(frozen=True)
class Duty:
    """One return that is not approved. `owed`, `blank`, `unlocked`: how many figures, tasks and
    components."""

    annual_return: AnnualReturn
    stage: Stage
    moved: ReturnAct | None
    last: ReturnAct | None
    owed: int
    blank: int
    unlocked: int

    @property
    def reason(self) -> str:
        """Why it was sent back or reopened."""
        told = self.moved and self.stage in (Stage.SENT_BACK, Stage.REOPENED)
        return self.moved.reason if told and self.moved else ""

    @property
    def filled(self) -> str:
        return f"{self.owed - self.blank}/{self.owed}"

    @property
    def is_with_unit(self) -> bool:
        return self.stage != Stage.WAITING

    @property
    def due_on(self) -> date | None:
        """The date holds until the return was approved once; what is reopened afterwards, or
        corrected after publication, is not late."""
        approved_once = self.annual_return.approved_at is not None
        rnd = self.annual_return.round
        return None if approved_once or rnd.is_published else rnd.due_on

    def days_late(self, today: date) -> int | None:
        """Days since the due date; negative before it, None without one."""
        if self.due_on is None or not self.is_with_unit:
            return None
        return (today - self.due_on).days

    def is_late(self, today: date) -> bool:
        return (self.days_late(today) or 0) > 0


def duties(bureau_id: int, units: Collection[int] | None = None) -> list[Duty]:
    """Of all units of the bureau, or `units` those; the due date that is nearest first."""
    returns = AnnualReturn.objects.filter(round__plan__bureau=bureau_id)
    if units is not None:
        returns = returns.filter(unit__in=units)
    rows = list(_counted(returns.waiting()))
    others = parts.counts([row.pk for row in rows])
    return [_duty(row, others[row.pk]) for row in rows]


def _counted(returns: QuerySet[AnnualReturn]) -> QuerySet[Any]:
    acts = ReturnAct.objects.select_related("actor").order_by("-pk")
    return (
        returns.select_related("round__plan", "unit", "submitted_by")
        .prefetch_related(Prefetch("acts", acts, to_attr="acts_newest_first"))
        .annotate(
            owed=Count("figures"),
            blank=Count("figures", filter=Q(figures__knowledge=Knowledge.BLANK)),
            unlocked=Count("figures", filter=Q(figures__locked=False)),
        )
        .order_by(F("round__due_on").asc(nulls_last=True), "unit__order", "unit__code", "pk")
    )


def _duty(row: Any, others: parts.Count) -> Duty:
    acts = row.acts_newest_first
    moved = next((act for act in acts if act.verb in MOVING), None)
    last = acts[0] if acts else None
    count = parts.Count(row.owed, row.blank, row.unlocked) + others
    return Duty(row, _stage(row, moved), moved, last, count.owed, count.blank, count.unlocked)


def _stage(annual_return: AnnualReturn, moved: ReturnAct | None) -> Stage:
    if annual_return.status == ReturnStatus.SUBMITTED:
        return Stage.WAITING
    return _AFTER.get(Verb(moved.verb), Stage.FILLING) if moved else Stage.FILLING


def open_rounds(bureau_id: int) -> QuerySet[Any]:
    """Rounds not yet published; `unfinished`: whether one of their returns is not approved."""
    unfinished = AnnualReturn.objects.filter(round=OuterRef("pk")).waiting()
    rounds = Round.objects.filter(plan__bureau=bureau_id, published_at__isnull=True)
    return rounds.select_related("plan__bureau").annotate(unfinished=Exists(unfinished))


def rounds_to_correct(bureau_id: int) -> QuerySet[Round]:
    """Published rounds with something approved since that is not published yet."""
    approved = {"annual_return__round": OuterRef("pk")}
    approved["annual_return__status"] = ReturnStatus.APPROVED
    other_state = ~Q(approved_knowledge=F("published_knowledge"))
    other_state |= ~Q(approved_note=F("published_note"))
    # Only amounts that both exist can be compared in SQL; one without the other differs in state.
    both = Q(approved_knowledge=Knowledge.HAVE, published_knowledge=Knowledge.HAVE)
    figures = Figure.objects.filter(
        other_state | (both & ~Q(approved_amount=F("published_amount"))), locked=True, **approved
    )
    differs = Q()
    for text in Explanation.TEXTS:
        differs |= ~Q(**{text: F(f"published_{text}")})
    texts = Explanation.objects.filter(differs, **approved)
    rounds = Round.objects.published().filter(plan__bureau=bureau_id)
    others = {pk for part in parts.parts() for pk in part.rounds_to_correct(bureau_id)}
    changed = Exists(figures) | Exists(texts) | Q(pk__in=others)
    return rounds.filter(changed).select_related("plan")
