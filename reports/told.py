"""What was said about tasks and components in the rounds, as far as the person may see it.

`standing.py` says how everything stands in one year; this is the whole story of a single thing, for
its own page."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, QuerySet, Value

from indicators.models import Layer, Round
from programs.content import Content, component_from, task_from
from programs.models import WorkStatus
from programs.standing import NOT_REPORTED
from reports.choice import Choice

TASK, COMPONENT = "task", "component"
READ = {TASK: task_from, COMPONENT: component_from}


@dataclass(frozen=True)
class Told:
    """One thing in one round. `key`: by which its evidence names it."""

    kind: str
    of: int
    row_id: int
    round: Round
    content: Any  # TaskContent or ComponentContent, by `kind`
    is_published: bool

    @property
    def key(self) -> str:
        return f"{self.kind[0]}{self.row_id}"

    @property
    def label(self) -> str:
        return label_of(self.content)

    @property
    def badge(self) -> str:
        return badge_of(self.content)


def label_of(content: Content | None) -> str:
    return WorkStatus(content.status).label if content and content.status else NOT_REPORTED


def badge_of(content: Content | None) -> str:
    return content.status if content and content.status else "not_reported"


def told(choice: Choice, tasks: QuerySet[Any], components: QuerySet[Any]) -> list[Told]:
    """Of these rows of progress, up to the chosen year, the newest round first. One query."""
    rounds = {one.pk: one for one in choice.rounds if one.year <= choice.year}
    rows = _rows(tasks, TASK, rounds).union(_rows(components, COMPONENT, rounds), all=True)
    found = filter(None, (_told(choice, rounds[round_id], row) for round_id, *row in rows))
    return sorted(found, key=lambda one: one.round.rank, reverse=True)


def _rows(rows: QuerySet[Any], kind: str, rounds: Collection[int]) -> QuerySet[Any]:
    rows = rows.filter(annual_return__round__in=rounds).order_by()
    columns = ("pk", "annual_return__unit_id", "published", "handed_in", "approved")
    name = Value(kind, CharField())
    return rows.values_list("annual_return__round_id", name, f"{kind}_id", *columns)


def _told(choice: Choice, rnd: Round, row: Sequence[Any]) -> Told | None:
    kind, of, row_id, unit_id, published, *newer = row
    if choice.layer == Layer.OFFICIAL or not _in_scope(choice, unit_id):
        newer = []
    kept = next((one for one in newer if one is not None), published)
    if kept is None:
        return None
    return Told(kind, of, row_id, rnd, READ[kind](kept), kept == published)


def _in_scope(choice: Choice, unit_id: int) -> bool:
    return choice.scope is None or unit_id in choice.scope


def of_year(rows: Iterable[Told], year: int) -> dict[tuple[str, int], Told]:
    """(kind, id) → what the newest round of that year says. `rows`: the newest first."""
    found: dict[tuple[str, int], Told] = {}
    for row in rows:
        if row.round.year == year:
            found.setdefault((row.kind, row.of), row)
    return found


def rows_of_year(rows: QuerySet[Any], year: int) -> QuerySet[Any]:
    return rows.filter(annual_return__round__year=year)
