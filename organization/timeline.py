"""What happened to a thing, newest first: who, when, from where, old → new, why."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Model

from organization.diffs import Change, Record, Told, tell
from organization.entrances import entrance
from organization.history import COMMAND, Deed

VERBS = {"+": "新建", "~": "修改", "-": "删除"}
NOBODY = "系统"


@dataclass(frozen=True)
class Event:
    at: datetime
    who: str
    where: str
    what: str
    changes: tuple[Change, ...]
    why: str


Keep = Callable[[list[Record]], list[Record]]


def timeline(*things: Model, keep: Keep | None = None) -> list[Event]:
    """The events of these things, as those of the first. `keep` leaves out rows (oldest first)
    that the reader may not see; what remains is compared with what remains."""
    records = _records(things)
    if keep:
        records = keep(records)
    told = [_as_seen_from(things[0], one) for one in tell(_steps(records))]
    acts: dict[Hashable, list[Told]] = defaultdict(list)
    for one in told:
        acts[_act(one.record)].append(one)
    events = [_event(group) for group in acts.values() if _says_something(group)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def deeds_told(deeds: Iterable[Deed]) -> list[Event]:
    """That they were done, by whom and when; their reasons are for those who may read them."""
    return [
        Event(
            at=deed.at,
            who=str(getattr(deed, deed.done_by)),
            where="",
            what=f"{deed.action}：{deed.subject}",
            changes=(),
            why="",
        )
        for deed in deeds
    ]


def _records(things: Iterable[Model]) -> list[Record]:
    keys: dict[type[Model], list[Any]] = defaultdict(list)
    for thing in things:
        keys[type(thing)].append(thing.pk)
    found: list[Record] = []
    for model, pks in keys.items():
        history = model.history.filter(**{f"{model._meta.pk.name}__in": pks})  # type: ignore[attr-defined]
        found += history.select_related("history_user")
    return sorted(found, key=lambda record: (record.history_date, record.history_id))


def _steps(records: Sequence[Record]) -> list[tuple[Record, Record | None]]:
    last: dict[tuple[type[Model], Any], Record] = {}
    steps = []
    for record in records:
        steps.append((record, last.get(_place(record))))
        last[_place(record)] = record
    return steps


def _place(record: Record) -> tuple[type[Model], Any]:
    model = record.instance_type
    return model, getattr(record, model._meta.pk.attname)


def _as_seen_from(main: Model, told: Told) -> Told:
    if _place(told.record) == (type(main), main.pk):
        return told
    changes = (replace(change, subject=told.subject) for change in told.changes)
    return replace(told, changes=tuple(changes))


def _act(record: Record) -> Hashable:
    """The rows of one request are one event; outside of requests those of one statement."""
    return record.act or (record.history_user_id, record.history_date)


def _says_something(group: Sequence[Told]) -> bool:
    return any(
        one.changes or one.record.history_change_reason or one.record.history_type != "~"
        for one in group
    )


def _event(group: Sequence[Told]) -> Event:
    last = group[-1].record
    return Event(
        at=last.history_date,
        who=who(last),
        where=where(last),
        what="、".join(_what(group)),
        changes=_folded(change for one in group for change in one.changes),
        why=_why(one.record.history_change_reason for one in group),
    )


def who(record: Record) -> str:
    return str(record.history_user or NOBODY)


def where(record: Record) -> str:
    return record.address or (entrance(record.via) if record.via.startswith(COMMAND) else "")


def _what(group: Sequence[Told]) -> Iterable[str]:
    """新建账号 · 修改数据 3 条; of what was made and then changed at once, only the former."""
    first: dict[tuple[type[Model], Any], Record] = {}
    for one in group:
        first.setdefault(_place(one.record), one.record)
    counted = Counter(
        VERBS[record.history_type] + str(record.instance_type._meta.verbose_name)
        for record in first.values()
    )
    return (words if n == 1 else f"{words} {n} 条" for words, n in counted.items())


def _folded(changes: Iterable[Change]) -> tuple[Change, ...]:
    """A field changed twice in one act is told once, from the first value to the last."""
    found: dict[tuple[str, str], Change] = {}
    for change in changes:
        place = (change.subject, change.label)
        found[place] = replace(change, old=found[place].old) if place in found else change
    return tuple(change for change in found.values() if change.old != change.new)


def _why(reasons: Iterable[str | None]) -> str:
    """Each reason once; one that another one contains says nothing more."""
    given = list(dict.fromkeys(reason for reason in reasons if reason))
    return "；".join(
        reason for reason in given if not any(reason in other for other in given if other != reason)
    )
