"""Many rows in one statement, and their history in another.

`bulk_update` and `QuerySet.update()` write no history (and the former is five times slower than
an upsert), so the verbs use these two."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from organization.models import User

BATCH = 500


def upsert(model: Any, rows: Sequence[Any], fields: Sequence[str]) -> None:
    """Saves the named fields of rows that exist, 500 rows a statement."""
    if rows:
        model.objects.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=list(fields),
        )


def write_history(
    model: Any, rows: Sequence[Any], user: User, reason: str, *, created: bool = False
) -> None:
    """One history row each: who, when, why, and the values as they now are. One time for all: the
    rows of one act stay together in a timeline."""
    model.history.bulk_history_create(
        rows,
        batch_size=BATCH,
        update=not created,
        default_user=user,
        default_change_reason=reason,
        default_date=timezone.now(),
    )
