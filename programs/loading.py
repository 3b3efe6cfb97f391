"""Loads a whole plan folder in one transaction: units, document, indicators.

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
        before = _contents(Plan.objects.filter(code=read_plan_code(folder)).first())
        plan = _load(folder, faults)
        if faults:
            raise PlanFolderError(faults)
        # Terms, bands or the number of townships may have changed under stored values.
        values.recompute(plan)
        return LoadedPlan(plan, _changes(before, _contents(plan)))


def _load(folder: Path, faults: list[str]) -> Plan:
    units_file, columns = organization_loading.FILE, organization_loading.COLUMNS
    rows = read_table(folder, units_file, columns, faults)
    unique(rows, "单位代码")
    units = organization_loading.load_units(rows)
    plan = load_plan_row(folder, units, faults)
    text = load_text(folder, plan, faults)
    load_indicators(folder, plan, faults)
    if not faults:
        remove_gone(text)
        faults += unknown_representations(plan)
    return plan


def _of(plan: Plan) -> list[models.QuerySet]:
    """All rows that a folder loads, by the kind that the summary names."""
    for_indicators = {"indicator__plan": plan}
    kinds = (Term, Band, Target, Milestone, Definition)
    owned = models.Q(indicator__plan=plan) | models.Q(item__plan=plan)
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
    ]


def _contents(plan: Plan | None) -> Contents:
    """Every row of the plan, and all units: loading never removes a unit."""
    rows = [Unit.objects.all(), *(_of(plan) if plan else [])]
    return {
        str(kind.model._meta.verbose_name): {
            row["pk"]: row for row in kind.values("pk", *_names(kind))
        }
        for kind in rows
    }


def _names(rows: models.QuerySet) -> list[str]:
    return [column.name for column in rows.model._meta.concrete_fields]


def _changes(before: Contents, after: Contents) -> list[Change]:
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
