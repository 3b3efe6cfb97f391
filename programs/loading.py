"""Loads a whole plan folder in one transaction: units, document, indicators, tasks and projects.

Each app loads its own part; a fault anywhere rolls everything back, and all faults of the folder
are told together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from indicators import values
from indicators.coverage import unknown_representations
from indicators.loading import load_indicators
from indicators.models import (
    Band,
    CheckRule,
    DataItem,
    Definition,
    Indicator,
    Milestone,
    Responsibility,
    StatedValue,
    Target,
    Term,
)
from organization import loading as organization_loading
from organization.models import Unit
from plans.loading import load_text, remove_gone
from plans.loading_plan import load_plan_row, read_plan_code
from plans.models import Box, Chapter, Clause, Plan, Section, StatedNumber
from plans.tables import PlanFolderError, read_table, unique
from programs.coverage import known_names
from programs.loading_work import load_work
from programs.models import Assignment, Component, Measure, Project, Task

Rows = Mapping[Any, Mapping[str, Any]]
Contents = dict[str, Rows]


@dataclass(frozen=True)
class Change:
    """What loading did to the rows of one kind."""

    name: str
    added: int
    changed: int
    removed: int
    unchanged: int


@dataclass(frozen=True)
class LoadedPlan:
    plan: Plan
    changes: list[Change]


def load_plan(folder: Path) -> Plan:
    """The plan of the folder, created or brought up to date. Raises PlanFolderError."""
    return load_plan_with_changes(folder).plan


def load_plan_with_changes(folder: Path) -> LoadedPlan:
    """As `load_plan`, and what changed. Loading the same folder again changes nothing."""
    folder = Path(folder)
    if not folder.is_dir():
        raise PlanFolderError([f"没有找到规划文件夹“{folder}”。"])
    faults: list[str] = []
    with transaction.atomic():
        before = contents(Plan.objects.filter(code=read_plan_code(folder)).first())
        plan = _load(folder, faults)
        if faults:
            raise PlanFolderError(faults)
        # Terms, bands or the number of townships may have changed under stored values.
        values.recompute(plan)
        return LoadedPlan(plan, changes(before, contents(plan)))


def _load(folder: Path, faults: list[str]) -> Plan:
    units_file, columns = organization_loading.FILE, organization_loading.COLUMNS
    rows = read_table(folder, units_file, columns, faults)
    unique(rows, "单位代码")
    units = organization_loading.load_units(rows)
    plan = load_plan_row(folder, units, faults)
    text = load_text(folder, plan, faults)
    load_work(folder, text, load_indicators(folder, plan, faults))
    if not faults:
        remove_gone(text)
        faults += unknown_representations(plan, known_names(plan))
    return plan


def _of(plan: Plan) -> list[models.QuerySet]:
    """All rows that a folder loads, by the kind that the summary names."""
    for_indicators = {"indicator__plan": plan}
    kinds = (Term, Band, Target, Milestone, Definition)
    owned = models.Q(indicator__plan=plan) | models.Q(item__plan=plan)
    led = models.Q(task__plan=plan) | models.Q(project__plan=plan)
    return [
        Plan.objects.filter(pk=plan.pk),
        Chapter.objects.filter(plan=plan),
        Section.objects.filter(chapter__plan=plan),
        Box.objects.filter(section__chapter__plan=plan),
        Clause.objects.filter(plan=plan),
        StatedNumber.objects.filter(clause__plan=plan),
        DataItem.objects.filter(plan=plan),
        Indicator.objects.filter(plan=plan),
        *(kind._default_manager.filter(**for_indicators) for kind in kinds),
        Responsibility.objects.filter(owned),
        StatedValue.objects.filter(item__plan=plan),
        CheckRule.objects.filter(plan=plan),
        Task.objects.filter(plan=plan),
        Measure.objects.filter(task__plan=plan),
        Project.objects.filter(plan=plan),
        Component.objects.filter(project__plan=plan),
        Assignment.objects.filter(led),
    ]


def contents(plan: Plan | None) -> Contents:
    """Every row of the plan, and all units: loading never removes a unit."""
    rows = [Unit.objects.all(), *(_of(plan) if plan else [])]
    return {str(kind.model._meta.verbose_name): _fields(kind) for kind in rows}


def _fields(kind: models.QuerySet) -> Rows:
    """Every field of every row by its pk; links to many as the set of what they link to."""
    names = [column.name for column in kind.model._meta.concrete_fields]
    found: dict[Any, dict[str, Any]] = {row["pk"]: row for row in kind.values("pk", *names)}
    for link in kind.model._meta.many_to_many:
        for pk, other in kind.exclude(**{link.name: None}).values_list("pk", link.name):
            found[pk].setdefault(link.name, set()).add(other)
    return found


def changes(before: Contents, after: Contents) -> list[Change]:
    """By the kinds of rows that a folder loads, as `contents` read them before and after."""
    return [_change(name, before.get(name, {}), rows) for name, rows in after.items()]


def _change(name: str, before: Rows, after: Rows) -> Change:
    stayed = before.keys() & after.keys()
    changed = sum(1 for pk in stayed if before[pk] != after[pk])
    return Change(
        name,
        added=len(after.keys() - before.keys()),
        changed=changed,
        removed=len(before.keys() - after.keys()),
        unchanged=len(stayed) - changed,
    )
