"""Writes rows that come from a file without touching those that say the same already."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import models

Record = TypeVar("Record", bound=models.Model)


def store(
    rows: "models.QuerySet[Record] | models.Manager[Record]",
    key: Mapping[str, Any],
    values: Mapping[str, Any],
) -> Record:
    """The row with this key, created or brought to these values.

    Nothing is saved when nothing differs, so that loading a file twice leaves no trace, not even
    in the history."""
    found = rows.filter(**key).first()
    if found is None:
        return rows.create(**key, **values)
    changed = [name for name, value in values.items() if getattr(found, name) != value]
    for name in changed:
        setattr(found, name, values[name])
    if changed:
        found.save(update_fields=changed)
    return found
