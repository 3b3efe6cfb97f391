"""Through whose hands the progress of a task or project has gone, as `sources.py` says it of
figures."""

from collections.abc import Sequence
from dataclasses import replace

from programs.models import ComponentProgress, TaskProgress
from programs.standing import COMPONENT, TASK
from reports.sources import Scope, hands_of
from reports.told import Told

KINDS = ((TASK, TaskProgress), (COMPONENT, ComponentProgress))


def with_hands(rows: Sequence[Told], scope: Scope) -> list[Told]:
    """What is published says who submitted and approved it, where the person may see the evidence
    of that unit (`scope`, None for all). A query for each kind, and one."""
    returns = {key: pk for key, pk, unit in _returns(rows) if scope is None or unit in scope}
    found = hands_of(set(returns.values()))
    return [replace(row, hands=found.get(returns.get(row.key, 0))) for row in rows]


def _returns(rows: Sequence[Told]) -> list[tuple[str, int, int]]:
    """Key of the row, its return, the unit."""
    found: list[tuple[str, int, int]] = []
    for kind, model in KINDS:
        keys = {one.row_id: one.key for one in rows if one.kind == kind and one.is_published}
        columns = ("pk", "annual_return_id", "annual_return__unit_id")
        asked = model.objects.filter(pk__in=keys).order_by() if keys else model.objects.none()
        found += [(keys[pk], of, unit) for pk, of, unit in asked.values_list(*columns)]
    return found
