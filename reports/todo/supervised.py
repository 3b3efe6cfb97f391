"""督办 on the to-do page: what presses, for the office, what is late, for
leaders; what waits for a word, for its unit."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse

from organization import permissions
from organization.models import User
from reports.supervision.listing import Line, under_way
from reports.supervision.standing import Standing
from reports.todo.tasks import Kind, Task, urgency_of

SILENT_AFTER = timedelta(days=30)


def pressing(bureau_id: int, today: date) -> Iterator[Task]:
    """临期 and 逾期, for the office."""
    for line in under_way(bureau_id, today):
        if line.status != Standing.OPEN:
            yield _task(Kind.SUPERVISED, line, f"{line.row.unit} · {line.progress}", today)


def late(bureau_id: int, today: date) -> Iterator[Task]:
    """逾期 alone, for leaders; told as to the office, so that whoever is both reads it once."""
    return (one for one in pressing(bureau_id, today) if (one.days_late or 0) > 0)


def silent(user: User, today: date) -> Iterator[Task]:
    """Of the own units: nothing reported yet, or not for a month."""
    assert user.unit is not None
    for line in under_way(user.unit.root_id, today, permissions.own_units(user)):
        if _waits(line, today):
            yield _task(Kind.TO_REPORT, line, line.progress, today)


def _waits(line: Line, today: date) -> bool:
    return line.note_on is None or line.note_on <= today - SILENT_AFTER


def _task(kind: Kind, line: Line, detail: str, today: date) -> Task:
    row = line.row
    days = (today - row.deadline).days
    url = reverse("supervision", args=[row.pk])
    return Task(kind, str(row), detail, url, row.deadline, days, urgency_of(days))
