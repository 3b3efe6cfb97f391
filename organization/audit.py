"""The audit trail: every history and every log-in as one list, newest first.

Each kind is asked for as many rows as a page needs and the answers are merged, so a page costs the
same with a hundred rows and with a hundred thousand. A page begins after a `Cursor`, not after a
number of rows: what is written meanwhile shifts nothing."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from organization.diffs import Change, Record, tell
from organization.models import LoginRecord, User
from organization.timeline import NOBODY, VERBS

LOGIN_KIND = LoginRecord._meta.label_lower
ACTIONS = [*VERBS.items(), *LoginRecord.Outcome.choices]


class Cursor(NamedTuple):
    """The place of a row in the trail."""

    at: datetime
    kind: str
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.kind}~{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for what no page of ours ever wrote."""
        try:
            at, kind, pk = text.split("~")
            place = cls(datetime.fromisoformat(at), kind, int(pk))
        except ValueError:
            return None
        return place if timezone.is_aware(place.at) and 0 < place.pk < 2**63 else None

    def sorted_by(self) -> tuple[float, str, int]:
        """Newest first; rows of the same moment by kind, then the later one first."""
        return (-self.at.timestamp(), self.kind, -self.pk)


@dataclass(frozen=True)
class Entry:
    """One row in words. Has what `components/timeline.html` prints of an Event."""

    cursor: Cursor
    who: str
    account: str
    address: str
    via: str
    kind: str
    subject: str
    action: str
    why: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def at(self) -> datetime:
        return self.cursor.at

    @property
    def where(self) -> str:
        return " ".join(filter(None, [self.address, self.via]))

    @property
    def what(self) -> str:
        return f"{self.action} {self.kind}：{self.subject}" if self.kind else self.action


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
    """Everything that has a history, and the log-ins, by the name used in addresses."""
    tracked = [m for m in apps.get_models() if hasattr(m._meta, "simple_history_manager_attribute")]
    return {model._meta.label_lower: model for model in [*tracked, LoginRecord]}


def search(question: Question, after: Cursor | None, size: int) -> Page:
    wanted = {k: m for k, m in kinds().items() if question.kind in ("", k)}
    found: list[tuple[Cursor, Any]] = []
    for kind, model in wanted.items():
        found += _newest(question, kind, model, after, size + 1)
    found.sort(key=lambda row: row[0].sorted_by())
    shown = found[:size]
    older = shown[-1][0] if len(found) > size else None
    return Page(_entries(shown), older)


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


# --- rows in words ------------------------------------------------------------------------


def _entries(found: list[tuple[Cursor, Any]]) -> list[Entry]:
    changes = [(cursor, row) for cursor, row in found if cursor.kind != LOGIN_KIND]
    before = _rows_before(row for _, row in changes)
    told = tell([(row, before.get((type(row), row.pk))) for _, row in changes])
    in_words: dict[Cursor, Entry] = {
        cursor: _change(cursor, one.record, one.subject, one.changes)
        for (cursor, _), one in zip(changes, told, strict=True)
    }
    return [in_words.get(cursor) or _login(cursor, row) for cursor, row in found]


def _rows_before(rows: Iterable[Record]) -> dict[tuple[type, int], Record]:
    """(table, row) → the row before it of the same thing: two queries for each table."""
    by_table: dict[Any, list[int]] = {}
    for row in rows:
        by_table.setdefault(type(row), []).append(row.pk)
    found: dict[tuple[type, int], Record] = {}
    for table, pks in by_table.items():
        key = table.instance_type._meta.pk.attname
        earlier = table.objects.filter(**{key: OuterRef(key)}, pk__lt=OuterRef("pk"))
        links = dict(
            table.objects.filter(pk__in=pks)
            .annotate(before=Subquery(earlier.order_by("-pk").values("pk")[:1]))
            .values_list("pk", "before")
        )
        old = table.objects.in_bulk([pk for pk in links.values() if pk])
        found |= {(table, pk): old[other] for pk, other in links.items() if other}
    return found


def _change(cursor: Cursor, row: Record, subject: str, changes: tuple[Change, ...]) -> Entry:
    return Entry(
        cursor=cursor,
        who=str(row.history_user or NOBODY),
        account=row.history_user.username if row.history_user else "",
        address=row.address,
        via=row.via,
        kind=str(row.instance_type._meta.verbose_name),
        subject=subject,
        action=VERBS[row.history_type],
        why=row.history_change_reason or "",
        changes=changes,
    )


def _login(cursor: Cursor, row: LoginRecord) -> Entry:
    return Entry(
        cursor=cursor,
        who=str(row.user or "未知账号"),
        account=row.account,
        address=row.address,
        via="",
        kind="",
        subject=row.account,
        action=row.get_outcome_display(),
    )
