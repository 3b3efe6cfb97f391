"""A row of the audit trail in words, and its place in the trail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from organization.diffs import Change, Record, tell
from organization.entrances import entrance
from organization.history import Deed
from organization.models import LoginRecord
from organization.timeline import NOBODY, VERBS


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
        sound = timezone.is_aware(place.at) and 1949 < place.at.year < 2200
        return place if sound and 0 < place.pk < 2**63 else None

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
    is_deed: bool = False

    @property
    def at(self) -> datetime:
        return self.cursor.at

    @property
    def where(self) -> str:
        return " ".join(filter(None, [self.address, entrance(self.via)]))

    @property
    def what(self) -> str:
        if self.is_deed:
            return f"{self.action}：{self.subject}"
        return f"{self.action} {self.kind}：{self.subject}" if self.kind else self.action


def entries(found: Sequence[tuple[Cursor, Any]]) -> list[Entry]:
    others = (Deed, LoginRecord)
    changes = [(cursor, row) for cursor, row in found if not isinstance(row, others)]
    before = _rows_before(row for _, row in changes)
    told = tell([(row, before.get((type(row), row.pk))) for _, row in changes])
    in_words: dict[Cursor, Entry] = {
        cursor: _change(cursor, one.record, one.subject, one.changes)
        for (cursor, _), one in zip(changes, told, strict=True)
    }
    return [in_words.get(cursor) or _other(cursor, row) for cursor, row in found]


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


def _other(cursor: Cursor, row: Deed | LoginRecord) -> Entry:
    return _deed(cursor, row) if isinstance(row, Deed) else _login(cursor, row)


def _deed(cursor: Cursor, row: Deed) -> Entry:
    user = getattr(row, row.done_by)
    return Entry(
        cursor=cursor,
        who=str(user),
        account=user.username,
        address="",
        via="",
        kind=str(row._meta.verbose_name),
        subject=row.subject,
        action=row.action,
        why=getattr(row, row.told_in),
        is_deed=True,
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
