"""What single states come to: the status of a project, counts, sums of money, who is late.

Pure: plain values in, plain values out. What the plan only seeks is counted apart; nothing is
averaged."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from programs.content import PARTS, ComponentContent, TaskContent
from programs.models import Source, WorkStatus
from programs.rules import ENDED


def project_status(statuses: Sequence[str], sought: Sequence[str] = ()) -> str:
    """Of its components ("" for one that is not reported). Those that are only `sought` decide
    where the project has no others.

    One that is behind makes the project so. Where each has ended it is done if one was done,
    adjusted if one was adjusted, and stopped where only 终止 and 未获批准 meet. Else it is under
    way if one is under way, done or adjusted. Where none has begun, those that were stopped or
    not approved begin nothing: it is not started if one is, and unknown if the others are
    silent."""
    told = list(statuses or sought)
    if WorkStatus.BEHIND in told:
        return WorkStatus.BEHIND
    if told and ENDED.issuperset(told):
        return next(status for status in AS_ENDED if status in told)
    if BEGUN.intersection(told):
        return WorkStatus.UNDER_WAY
    return WorkStatus.NOT_STARTED if WorkStatus.NOT_STARTED in told else WorkStatus.BLANK


AS_ENDED = (WorkStatus.DONE, WorkStatus.ADJUSTED, WorkStatus.STOPPED, WorkStatus.NOT_APPROVED)
BEGUN = frozenset({WorkStatus.UNDER_WAY, WorkStatus.DONE, WorkStatus.ADJUSTED})


def ended(content: TaskContent | None) -> int:
    """How many of its measures are 办结."""
    states = content.measures.values() if content else ()
    return sum(1 for state in states if state.status in ENDED)


def is_late(content: ComponentContent | None, as_of: date, planned_end: date | None = None) -> bool:
    """Behind by its own word, or past its planned end without having ended."""
    if content is None:
        return False
    return content.status == WorkStatus.BEHIND or is_overdue(content, as_of, planned_end)


def is_overdue(content: ComponentContent, as_of: date, planned_end: date | None = None) -> bool:
    """Past its planned end without having ended. `planned_end`: that of the component, which holds
    where nothing else is said."""
    end = content.planned_end or planned_end
    return end is not None and end < as_of and content.status not in ENDED


@dataclass(frozen=True)
class Sum:
    """万元; None where nothing is said."""

    planned: Decimal | None = None
    arrived: Decimal | None = None
    spent: Decimal | None = None

    @property
    def cells(self) -> tuple[Decimal | None, ...]:
        return (self.planned, self.arrived, self.spent)


def money(contents: Iterable[ComponentContent | None]) -> Sum:
    """Over all sources."""
    known = [content for content in contents if content is not None]
    return Sum(*(_added(content.total(part) for content in known) for part in PARTS))


def money_by_source(contents: Iterable[ComponentContent | None]) -> dict[str, Sum]:
    """In the order of the sources, only those of which something is said."""
    known = [content for content in contents if content is not None]
    found = {}
    for source in Source.values:
        rows = [content.money[source] for content in known if source in content.money]
        if rows:
            found[source] = Sum(*(_added(getattr(row, part) for row in rows) for part in PARTS))
    return found


def added(sums: Iterable[Sum]) -> Sum:
    known = list(sums)
    return Sum(*(_added(getattr(one, part) for one in known) for part in PARTS))


def _added(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known else None


def counts(states: Iterable[tuple[str, str]]) -> dict[str, Counter[str]]:
    """(grade, status) of each → grade → how many of each status."""
    found: dict[str, Counter[str]] = {}
    for grade, status in states:
        found.setdefault(grade, Counter())[status] += 1
    return found
