"""The audit trail: every history, every deed and every log-in as one list, newest first.

Each kind is asked for as many rows as a page needs and the answers are merged, so a page costs the
same with a hundred rows and with a hundred thousand. A page begins after a `Cursor`, not after a
number of rows: what is written meanwhile shifts nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from organization.audit_entries import Cursor, Entry, entries
from organization.history import Deed
from organization.models import LoginRecord, User
from organization.timeline import VERBS

LOGIN_KIND = LoginRecord._meta.label_lower
ACTIONS = [*VERBS.items(), *LoginRecord.Outcome.choices]


@dataclass(frozen=True)
class Question:
    """What the auditor looks for; what is empty does not matter."""

    who: str = ""
    since: date | None = None
    until: date | None = None
    kind: str = ""
    action: str = ""
    words: str = ""

    @cached_property
    def user_ids(self) -> list[int]:
        named = Q(username__icontains=self.who) | Q(name__icontains=self.who)
        return list(User.objects.filter(named).values_list("pk", flat=True))

    def period(self, at: str) -> Q:
        wanted = Q()
        if self.since:
            wanted &= Q(**{f"{at}__gte": _midnight(self.since)})
        if self.until:
            wanted &= Q(**{f"{at}__lt": _midnight(self.until + timedelta(days=1))})
        return wanted


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class Page:
    entries: list[Entry] = field(default_factory=list)
    older: Cursor | None = None


def kinds() -> Mapping[str, type[Model]]:
    """Everything that has a history, the deeds, and the log-ins, by the name used in addresses."""
    models = apps.get_models()
    tracked = [m for m in models if hasattr(m._meta, "simple_history_manager_attribute")]
    deeds = [m for m in models if issubclass(m, Deed)]
    return {model._meta.label_lower: model for model in [*tracked, *deeds, LoginRecord]}


def search(question: Question, after: Cursor | None, size: int) -> Page:
    wanted = {k: m for k, m in kinds().items() if question.kind in ("", k)}
    found: list[tuple[Cursor, Any]] = []
    for kind, model in wanted.items():
        found += _newest(question, kind, model, after, size + 1)
    found.sort(key=lambda row: row[0].sorted_by())
    shown = found[:size]
    older = shown[-1][0] if len(found) > size else None
    return Page(entries(shown), older)


def everything(question: Question, most: int, step: int = 500) -> Iterator[Entry]:
    """Page after page, at most so many rows."""
    after: Cursor | None = None
    while most > 0:
        page = search(question, after, min(step, most))
        yield from page.entries
        most -= len(page.entries)
        after = page.older
        if after is None:
            return


def _newest(
    question: Question, kind: str, model: type[Model], after: Cursor | None, size: int
) -> list[tuple[Cursor, Any]]:
    rows: QuerySet[Any] | None
    if kind == LOGIN_KIND:
        rows, at = _logins(question), "at"
    elif issubclass(model, Deed):
        rows, at = _deeds(question, model), "at"
    else:
        rows, at = _changes(question, model), "history_date"
    if rows is None:
        return []
    rows = _beyond(rows.filter(question.period(at)), at, kind, after)
    newest = rows.order_by(f"-{at}", "-pk")[:size]
    return [(Cursor(getattr(row, at), kind, row.pk), row) for row in newest]


def _beyond(rows: QuerySet[Any], at: str, kind: str, after: Cursor | None) -> QuerySet[Any]:
    if after is None:
        return rows
    if kind < after.kind:
        return rows.filter(**{f"{at}__lt": after.at})
    rows = rows.filter(**{f"{at}__lte": after.at})
    return rows if kind > after.kind else rows.exclude(**{at: after.at, "pk__gte": after.pk})


def _logins(question: Question) -> QuerySet[LoginRecord] | None:
    if question.action in VERBS:
        return None
    rows = LoginRecord.objects.select_related("user")
    if question.action:
        rows = rows.filter(outcome=question.action)
    if question.who:
        rows = rows.filter(Q(user__in=question.user_ids) | Q(account__icontains=question.who))
    return rows.filter(account__icontains=question.words) if question.words else rows


def _deeds(question: Question, model: type[Deed]) -> QuerySet[Any] | None:
    """What was done has words of its own, so that a kind of change or of log-in finds none."""
    if question.action:
        return None
    rows = model.objects.select_related(model.done_by, *model.told_with)
    if not question.kind:
        rows = rows.filter(model.told_here_alone())
    if question.who:
        rows = rows.filter(**{f"{model.done_by}__in": question.user_ids})
    return rows.filter(model.spoken_of(question.words)) if question.words else rows


def _changes(question: Question, model: Any) -> QuerySet[Any] | None:
    if question.action and question.action not in VERBS:
        return None
    rows = model.history.select_related("history_user")
    if question.action:
        rows = rows.filter(history_type=question.action)
    if question.who:
        rows = rows.filter(history_user__in=question.user_ids)
    if question.words:
        places = ["history_change_reason", *model.history.model.found_by]
        spoken = (Q(**{f"{place}__icontains": question.words}) for place in places)
        rows = rows.filter(_any(spoken))
    return rows


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found
