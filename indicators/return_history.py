"""What was changed in a return, figure by figure, for those who may see the return."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model

from indicators.models import AnnualReturn, Evidence, ReturnStatus
from indicators.parts import parts
from organization import permissions
from organization.models import User
from organization.timeline import Event, Record, timeline


def return_events(user: User, annual_return: AnnualReturn) -> list[Event]:
    """Whoever may see drafts sees every save of them; a reviewer sees what was handed in."""
    things = [annual_return, *_belongings(annual_return)]
    if permissions.can_see_return(user, annual_return.unit, is_draft=True):
        return timeline(*things)
    return timeline(*things, keep=without_drafts)


def _belongings(annual_return: AnnualReturn) -> Iterable[Model]:
    yield from annual_return.figures.all()
    yield from annual_return.explanations.all()
    yield from annual_return.change_requests.all()
    removed_too = Evidence.history.filter(annual_return=annual_return).order_by()
    yield from (Evidence(pk=pk) for pk in removed_too.values_list("id", flat=True).distinct())
    for part in parts():
        yield from part.rows(annual_return)


def without_drafts(records: list[Record]) -> list[Record]:
    """Of each stretch in which the return was a draft only what every thing was at its end; of a
    stretch that has not ended, nothing. `records` are those of one return, oldest first."""
    stretches = _Stretches([r for r in records if r.instance_type is AnnualReturn])
    kept: dict[tuple[Any, ...], Record] = {}
    for place, record in enumerate(records):
        key = stretches.key(record)
        if key is not None:
            kept[key or (place,)] = record
    return sorted(kept.values(), key=lambda record: (record.history_date, record.history_id))


class _Stretches:
    """When the return was a draft, told by its own history."""

    def __init__(self, own: list[Record]) -> None:
        self.turns: list[tuple[datetime, str]] = []
        for record in own:
            if not self.turns or self.turns[-1][1] != record.status:
                self.turns.append((record.history_date, record.status))

    def key(self, record: Record) -> tuple[Any, ...] | None:
        """None: not to be seen; empty: seen by itself; else of the rows with this key the last."""
        before = [n for n, (at, _) in enumerate(self.turns) if at < record.history_date]
        if not before or self.turns[before[-1]][1] != ReturnStatus.DRAFT:
            return ()
        turn = before[-1]
        if record.instance_type is AnnualReturn and record.status != ReturnStatus.DRAFT:
            return ()
        if turn == len(self.turns) - 1:
            return None
        return (turn, record.instance_type, record.id)
