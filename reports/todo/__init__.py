"""待办: what each role owes, gathered when the page is opened; nothing of it is stored.

The number of queries does not depend on how many returns there are (guardian:
tests/reports/test_todo.py)."""

from collections.abc import Iterator
from datetime import date

from indicators.duties import duties
from organization import permissions
from organization.models import Role, User
from reports.todo import office, others, supervised, units
from reports.todo.tasks import Group, Kind, Task, Urgency, days_text, grouped

__all__ = ["Group", "Kind", "Task", "Urgency", "days_text", "todo"]


def todo(user: User, today: date) -> list[Group]:
    """What the person owes in all of their roles, in the order of `Kind`."""
    return grouped(dict.fromkeys(_tasks(user, today)))


def _tasks(user: User, today: date) -> Iterator[Task]:
    """Two roles may owe the same task; whoever asks drops the second."""
    if user.unit is not None and permissions.can_see_returns(user):
        yield from _of_returns(user, today)
    if user.unit is not None and user.has_role(Role.LEADER):
        yield from others.leader(user, today)
        yield from supervised.late(user.unit.root_id, today)
    if user.has_role(Role.SYSADMIN):
        yield from others.sysadmin(today)
    if user.has_role(Role.AUDITOR):
        yield from others.auditor()


def _of_returns(user: User, today: date) -> Iterator[Task]:
    assert user.unit is not None
    bureau_id = user.unit.root_id
    only_clerk = not user.has_role(Role.REVIEWER, Role.PLANNER)
    owed = duties(bureau_id, permissions.own_units(user) if only_clerk else None)
    if user.has_role(Role.CLERK):
        yield from units.clerk(user, owed, today)
        yield from supervised.silent(user, today)
    if user.has_role(Role.REVIEWER):
        yield from units.reviewer(user, owed, permissions.review_scope(user), today)
    if user.has_role(Role.REVIEWER, Role.PLANNER):
        yield from units.to_decide(user, units.decides_for(user), today)
    if user.has_role(Role.PLANNER):
        yield from office.planner(bureau_id, owed, today)
        yield from supervised.pressing(bureau_id, today)
        yield from others.late_works(user)
