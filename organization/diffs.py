"""What a history row changed, in words: field labels, choices, names of what keys point to.

Everything that needs the database is fetched for all rows at once, so the number of queries does
not grow with the rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.utils import timezone

from organization.history import Trail

NOTHING = "—"
Record = Any  # a row of any history table: a class made by simple-history
Kind = type[Model]


@dataclass(frozen=True)
class Change:
    """One field; `old` is "" where there was no thing before. `subject` names the thing, where
    that is not the page's own."""

    label: str
    old: str
    new: str
    subject: str = ""


@dataclass(frozen=True)
class Told:
    """One history row in words; `subject` is what it is about."""

    record: Record
    subject: str
    changes: tuple[Change, ...]


def tell(steps: Sequence[tuple[Record, Record | None]]) -> list[Told]:
    """(row, the row before it of the same thing) → what changed between them."""
    linked = _linked([record for step in steps for record in step if record is not None])
    found = [(record, list(_differences(record, before, linked))) for record, before in steps]
    names = _Names(found)
    said = [tuple(_said(record, names, *raw) for raw in raws) for record, raws in found]
    return [
        Told(record, names.subject(record), changes if before else _first(changes))
        for (record, before), changes in zip(steps, said, strict=True)
    ]


Linked = Mapping[tuple[ManyToManyField, int], frozenset[int]]
Raw = tuple[Field, Any, Any]  # a field, its value before and after


def _linked(records: Iterable[Record]) -> Linked:
    """(m2m field, history id) → the keys linked at that time."""
    found: dict[tuple[ManyToManyField, int], set[int]] = defaultdict(set)
    ids: dict[ManyToManyField, list[int]] = defaultdict(list)
    for record in records:
        for field in record._history_m2m_fields:
            ids[field].append(record.history_id)
    for field, history_ids in ids.items():
        rows = Trail.m2m_models[field].objects.filter(history_id__in=history_ids)
        for history_id, key in rows.values_list(
            "history_id", f"{field.m2m_reverse_field_name()}_id"
        ):
            found[field, history_id].add(key)
    return defaultdict(frozenset, {place: frozenset(keys) for place, keys in found.items()})


def _differences(record: Record, before: Record | None, linked: Linked) -> Iterable[Raw]:
    """Nothing is listed for a deletion: what there was stands in the rows before."""
    if record.history_type == "-":
        return
    for field in _fields(record):
        old, new = _value(before, field), _value(record, field)
        if old != new and (before is not None or _worth_telling(field, new)):
            yield field, old, new
    for field in record._history_m2m_fields:
        old = linked[field, before.history_id] if before is not None else frozenset()
        new = linked[field, record.history_id]
        if old != new:
            yield field, old, new


def _fields(record: Record) -> Iterable[Field]:
    spoken_for = set(record.instead.values()) | record.quiet
    return [f for f in record.tracked_fields if not f.primary_key and f.name not in spoken_for]


def _value(record: Record | None, field: Field) -> Any:
    """With what is said in its place where the field is empty: a pair, or the bare value."""
    if record is None:
        return None
    value = getattr(record, field.attname)
    other = record.instead.get(field.name)
    return (value, getattr(record, other)) if other else value


def _worth_telling(field: Field, value: Any) -> bool:
    """Of something new: what a person gave, not what was filled in by itself."""
    empty = (None, "", [], (None, ""))
    return field.editable and value not in empty and value != field.get_default()


class _Names:
    """What keys point to, and the things themselves, one query a model."""

    def __init__(self, found: Iterable[tuple[Record, list[Raw]]]) -> None:
        wanted: dict[Kind, set[int]] = defaultdict(set)
        for record, raws in found:
            wanted[record.instance_type].add(_key(record))
            for field, old, new in raws:
                if field.is_relation:
                    wanted[field.related_model] |= {*_keys(old), *_keys(new)}
        self.things = {
            model: model._base_manager.select_related(*_paths(model)).in_bulk(keys)
            for model, keys in wanted.items()
        }

    def thing(self, model: Kind, key: int) -> Model | None:
        return self.things.get(model, {}).get(key)

    def name(self, model: Kind, key: int) -> str:
        thing = self.thing(model, key)
        return f"{model._meta.verbose_name} {key}（已删除）" if thing is None else str(thing)

    def subject(self, record: Record) -> str:
        """What is gone is told by the name it had, where it had one."""
        model, key = record.instance_type, _key(record)
        if self.thing(model, key) is None and getattr(record, "name", ""):
            return f"{model._meta.verbose_name}“{record.name}”（已删除）"
        return self.name(model, key)


def _paths(model: Kind) -> list[str]:
    """What `__str__` may reach: the model's own keys, and the required ones of those."""
    near = [f for f in model._meta.fields if isinstance(f, ForeignKey)]
    far = [
        f"{f.name}__{g.name}"
        for f in near
        for g in f.related_model._meta.fields
        if isinstance(g, ForeignKey) and not g.null
    ]
    return [*(f.name for f in near), *far]


def _key(record: Record) -> int:
    return getattr(record, record.instance_type._meta.pk.attname)


def _keys(value: Any) -> Iterable[int]:
    if value is None:
        return []
    return value if isinstance(value, frozenset) else [value]


def _said(record: Record, names: _Names, field: Field, old: Any, new: Any) -> Change:
    before, after = _text(record, names, field, old), _text(record, names, field, new)
    # Two different values that read the same (a password set twice) are told as one word.
    return Change(str(field.verbose_name), NOTHING if before == after else before, after)


def _first(changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(replace(change, old="") for change in changes)


def _text(record: Record, names: _Names, field: Field, value: Any) -> str:
    if isinstance(value, tuple):
        value, instead = value
        if value is None:
            other = record.instance_type._meta.get_field(record.instead[field.name])
            return _bare_text(other, instead)
    if field.is_relation:
        named = sorted(names.name(field.related_model, key) for key in _keys(value))
        return "、".join(named) or NOTHING
    thing: Any = names.thing(record.instance_type, _key(record))
    own = thing.history_text(field.name, value) if hasattr(thing, "history_text") else None
    return own or _bare_text(field, value)


def _bare_text(field: Field, value: Any) -> str:
    labels = [label for choice, label in field.flatchoices if choice == value]
    return str(labels[0]) if labels else written(value)


def written(value: Any) -> str:
    """A value as people write it."""
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
