"""In which state the data of plans are: asked before anything is shown that was put together
earlier."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from organization.joined import Joined
from organization.models import User
from organization.prepared import Prepared
from plans.models import DataVersion

Tokens = Mapping[str, str]  # table → one word for the state of its rows


BETWEEN = "="


def tokens_of(bureau_id: int) -> Tokens:
    """Of all plans of a bureau, for pages offer the others beside the chosen one; empty where
    nothing is known, and nothing may be kept. One query; a table that nothing was ever written to
    is not among them. Two states never have the same words."""
    return _tokens(TOKENS(bureau=bureau_id))


def tokens_for(user: User) -> Tokens:
    """As `tokens_of` the bureau of the person: no query, they came with the log-in, before
    anything of the page was read."""
    if not hasattr(user, "data_versions"):
        return tokens_of(user.unit.root_id) if user.unit else {}
    told = (user.data_versions or "").split(",")
    return _tokens(one.split(BETWEEN) for one in told if one)


def _tokens(rows: Iterable[Any]) -> Tokens:
    """In one order, whatever the database's."""
    found: dict[str, str] = {}
    for table, token in sorted(rows):
        found[table] = f"{found[table]}.{token}" if table in found else token
    return found


def along() -> Subquery:
    """What `AccountBackend.get_user` reads of them with the account; `bureau` is that of the
    account."""
    rows = DataVersion.objects.filter(plan__bureau=OuterRef("bureau")).order_by()
    told = Joined(Concat("table", Value(BETWEEN), "token"))
    return Subquery(rows.values("plan__bureau").annotate(told=told).values("told"))


def _of_bureau(bureau: int) -> QuerySet[Any]:
    return DataVersion.objects.filter(plan__bureau=bureau).values_list("table", "token")


TOKENS = Prepared(_of_bureau)
