"""In which state the data of plans are: asked before anything is shown that was put together
earlier."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from organization.prepared import Prepared
from plans.models import DataVersion

Tokens = Mapping[str, str]  # table → one word for the state of its rows


def tokens_of(bureau_id: int) -> Tokens:
    """Of all plans of a bureau, for pages offer the others beside the chosen one; empty where
    nothing is known, and nothing may be kept. One query; a table that nothing was ever written to
    is not among them. Two states never have the same words."""
    found: dict[str, str] = {}
    for table, token in TOKENS(bureau=bureau_id):
        found[table] = f"{found[table]}.{token}" if table in found else token
    return found


def _tokens(bureau: int) -> QuerySet[Any]:
    rows = DataVersion.objects.filter(plan__bureau=bureau).order_by("plan_id", "pk")
    return rows.values_list("table", "token")


TOKENS = Prepared(_tokens)
