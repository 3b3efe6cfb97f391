"""All that hangs on one task or project, in one query: who leads and helps, which indicators it
serves, which other tasks and projects belong to it.

Small tables with the same shape, read together because a page may not ask six times (as
`chronicle.py` does for an indicator)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Coalesce, NullIf

from indicators.models import Indicator
from organization.models import Unit
from programs.models import Assignment, Component, Project, Task

LEAD, HELPER, INDICATOR = "lead", "helper", "indicator"
TASK, PROJECT, PART, RELATED, TOWN = "task", "project", "part", "related", "town"
KINDS = (LEAD, HELPER, INDICATOR, TASK, PROJECT, PART, RELATED, TOWN)


class Link(NamedTuple):
    """One thing; what the words mean is said where the kind is read."""

    kind: str
    pk: int
    place: int
    first: str
    second: str
    third: str
    flag: bool


Links = Mapping[str, Sequence[Link]]


def links_of_task(task: Task) -> Links:
    """LEAD (`place`: year from which), HELPER, INDICATOR; PROJECT, and each PART of one of these
    with the project as `place` and its grade."""
    parts = Component.objects.filter(project__tasks=task)
    return _read(
        *_of_both(task, "task"),
        _rows(Project.objects.filter(tasks=task), PROJECT, "order", ("code", "name")),
        _rows(parts, PART, "project_id", ("grade",)),
    )


def links_of_project(project: Project) -> Links:
    """LEAD, HELPER, INDICATOR, TASK; RELATED projects, flagged where they stand in a 专栏; each
    TOWN (name, code, order) with the component as `place`."""
    places = Unit.objects.filter(components__project=project)
    return _read(
        *_of_both(project, "project"),
        _rows(Task.objects.filter(projects=project), TASK, "order", ("code", "name")),
        _rows(project.related.all(), RELATED, "order", ("code", "name"), Q(box__isnull=False)),
        _rows(places, TOWN, "components", ("name", "code", "order")),
    )


def _of_both(work: Task | Project, name: str) -> list[QuerySet[Any]]:
    leads = Assignment.objects.filter(**{name: work})
    supervisor = Coalesce(NullIf("supervisor", Value("")), "unit__supervisor")
    words = ("unit__name", supervisor, "basis_document")
    return [
        _rows(leads, LEAD, "effective_year", words, F("is_assumed")),
        _rows(Unit.objects.filter(**{f"{name}s_supported": work}), HELPER, "order", ("name",)),
        _rows(Indicator.objects.filter(**{f"{name}s": work}), INDICATOR, "order", ("code",)),
    ]


def _rows(
    rows: QuerySet[Any],
    kind: str,
    place: str,
    words: Sequence[Any] = (),
    flag: Q | F | None = None,
) -> QuerySet[Any]:
    """One kind in the common shape. Every column is cast, so that a union of them has one type on
    every database."""
    flagged = Value(False) if flag is None else ExpressionWrapper(flag, BooleanField())
    columns: dict[str, Any] = {
        "l_kind": Cast(Value(kind), TextField()),
        "l_pk": F("pk"),
        "l_place": Cast(F(place), IntegerField()),
        "l_flag": Cast(flagged, BooleanField()),
    }
    for number in range(3):
        word = words[number] if number < len(words) else Value("")
        columns[f"l_word{number}"] = Cast(word, TextField())
    order = ("l_kind", "l_pk", "l_place", "l_word0", "l_word1", "l_word2", "l_flag")
    found: QuerySet[Any] = rows.order_by().annotate(**columns).values_list(*order)
    return found


def _read(first: QuerySet[Any], *others: QuerySet[Any]) -> Links:
    """Kind → its rows, in order of `place`."""
    rows = sorted((Link(*row) for row in first.union(*others, all=True)), key=_in_order)
    return {kind: [row for row in rows if row.kind == kind] for kind in KINDS}


def _in_order(row: Link) -> tuple[int, int]:
    return (row.place, row.pk)
