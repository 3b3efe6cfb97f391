"""Ids of related rows as one column: a list page reads them with the rows themselves."""

from collections.abc import Sequence

from django.db.models import Aggregate, QuerySet, Subquery, TextField
from django.db.models.functions import Cast


class Joined(Aggregate):
    """“3,7,12”."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ',')"
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **more):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **more)


def joined(rows: QuerySet, by: str, of: str) -> Subquery:
    """The ids in column `of` of these rows, which all have the same `by`; read with `ids`."""
    grouped = rows.order_by().values(by).annotate(joined_ids=Joined(Cast(of, TextField())))
    return Subquery(grouped.values("joined_ids"))


def ids(text: str | None) -> Sequence[int]:
    return sorted(map(int, text.split(","))) if text else []
