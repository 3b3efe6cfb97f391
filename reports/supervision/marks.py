"""What other pages know of 督办: which laggards are being followed up, and who may begin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from organization import permissions
from organization.models import User
from plans.models import Plan
from plans.remembered import remember
from plans.versions import Tokens
from reports.models import Supervision, SupervisionState, number_of
from reports.supervision.standing import Mark, standing

INDICATOR, TASK, PROJECT, COMPONENT = "indicator", "task", "project", "component"
Key = tuple[str, str]  # kind and code


@dataclass(frozen=True)
class Marks:
    """For templates: `{% supervision_link marks "indicator" row.code link %}`."""

    found: Mapping[Key, Mark] = field(default_factory=dict)
    may_open: bool = False

    def of(self, kind: str, code: str) -> Mark | None:
        return self.found.get((kind, code))


def may_open(user: User, plan: Plan) -> bool:
    return permissions.can_supervise(user, plan.bureau)


def marks_of(plan: Plan, user: User, today: date, tokens: Tokens, past: bool = False) -> Marks:
    """For a page of this person, with `past` of an earlier year; the rows are remembered for all
    of them."""
    name = ("supervisions", plan.pk, today, past)
    found = remember(tokens, name, lambda: open_supervisions(plan, today, past))
    return Marks(found, may_open(user, plan))


def open_supervisions(plan: Plan, today: date, past: bool = False) -> dict[Key, Mark]:
    """("indicator" | "task" | "project", code) → its open row, in one query.

    A row on one component stands under ("component", "Z3-3-2") and under its project too, unless
    the project has one as a whole; of several components the one that is due first."""
    found: dict[Key, Mark] = {}
    for row in _rows(plan):
        pk, prefix, year, serial, deadline, *codes = row
        status = standing(SupervisionState.OPEN, deadline, today)
        mark = Mark(pk, number_of(prefix, year, serial), status, deadline, past)
        for key in _keys(*codes):
            found.setdefault(key, mark)
    return found


def _rows(plan: Plan) -> list[tuple]:
    rows = Supervision.objects.filter(plan=plan, state=SupervisionState.OPEN).values_list(
        "pk", "prefix", "year", "serial", "deadline",
        "indicator__code", "task__code", "project__code", "component__order",
    )  # fmt: skip
    whole_first = sorted(rows, key=lambda row: (row[-1] is not None, row[4], row[0]))
    return whole_first


def _keys(indicator: str | None, task: str | None, project: str | None, order: int | None):
    if indicator is not None:
        return [(INDICATOR, indicator)]
    if task is not None:
        return [(TASK, task)]
    whole = (PROJECT, project or "")
    return [whole] if order is None else [(COMPONENT, f"{project}-{order}"), whole]
