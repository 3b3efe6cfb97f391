"""Loads the work of a plan folder: tasks.csv, measures.csv, projects.csv and components.csv.

Called by `programs/loading.py` inside its transaction, after document and indicators: faults are
added to the list, and the caller rolls back when there are any. Loading a folder again saves
nothing.

The folder owns the plan as issued. What the office added in the program stays as it is: who leads
from a later year on, and every progress, which protects what it speaks of."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models

from organization.models import Unit, UnitKind
from organization.records import store
from plans.loading import LoadedText
from plans.tables import Source
from programs.loading_checks import Surroundings, WorkChecks
from programs.loading_sheets import (
    ALL_TOWNSHIPS,
    ComponentRow,
    MeasureRow,
    ProjectRow,
    TaskRow,
    WorkRow,
    WorkSheets,
)
from programs.loading_tables import COMPONENTS, MEASURES, PROJECTS, TASKS, read_work
from programs.models import Component, Measure, Project, Task


def load_work(source: Path | Source, text: LoadedText, indicators: Iterable[str]) -> None:
    """All tasks and projects of the plan as the source describes them; `indicators` are the codes
    that its indicators.csv has.

    Nothing is written while `text.faults` holds anything, also from other parts of the folder."""
    sheets = read_work(source, text.faults)
    around = Surroundings(
        plan=text.plan,
        units={unit.code: unit for unit in Unit.objects.of(text.plan.bureau)},
        clauses=text.clauses,
        boxes={box.pk: number for number, box in text.boxes.items()},
        numbers=text.numbers,
        indicators=frozenset(indicators),
    )
    WorkChecks(sheets, around).run()
    if not text.faults:
        _Writer(sheets, around, text.faults).write()


@dataclass
class _Writer:
    sheets: WorkSheets
    around: Surroundings
    faults: list[str]

    def write(self) -> None:
        self.plan = self.around.plan
        self.indicators = {one.code: one for one in self.plan.indicators.all()}
        self.tasks = {row.code: self._task(row) for row in self.sheets.tasks.values()}
        self.projects = {row.code: self._project(row) for row in self.sheets.projects.values()}
        for row in self.sheets.projects.values():
            self.projects[row.code].related.set(self._related(row))
        self._remove_gone()

    def _task(self, row: TaskRow) -> Task:
        task = store(self.plan.tasks, {"code": row.code}, self._values(row))
        self._people_and_links(task, row)
        for measure in self.sheets.measures_of(row.code):
            self._measure(task, measure)
        return task

    def _measure(self, task: Task, row: MeasureRow) -> None:
        store(task.measures, {"order": row.order}, row.values)

    def _project(self, row: ProjectRow) -> Project:
        values = {**self._values(row), "box_id": self.around.clauses[row.locator].box_id}
        project = store(self.plan.projects, {"code": row.code}, values)
        self._people_and_links(project, row)
        project.tasks.set([self.tasks[code] for code in row.tasks])
        for component in self.sheets.components_of(row.code):
            self._component(project, component)
        return project

    def _related(self, row: ProjectRow) -> list[Project]:
        """Those that the row names and those that name it: the tie has no direction."""
        naming = [one.code for one in self.sheets.projects.values() if row.code in one.related]
        return [self.projects[code] for code in {*row.related, *naming}]

    def _component(self, project: Project, row: ComponentRow) -> None:
        component = store(project.components, {"order": row.order}, row.values)
        component.townships.set(self._townships(row))

    def _townships(self, row: ComponentRow) -> list[Unit]:
        if ALL_TOWNSHIPS in row.townships:
            return [unit for unit in self.around.units.values() if self._is_township(unit)]
        return [self.around.units[code] for code in row.townships]

    def _is_township(self, unit: Unit) -> bool:
        """Of any year of the plan: a township that is merged half-way was one of all."""
        begun = unit.valid_from <= self.plan.end_year
        still = unit.valid_until is None or unit.valid_until >= self.plan.start_year
        return unit.kind == UnitKind.TOWNSHIP and begun and still

    def _values(self, row: WorkRow) -> dict[str, Any]:
        return {**row.values, "clause_id": self.around.clauses[row.locator].pk}

    def _people_and_links(self, work: Task | Project, row: WorkRow) -> None:
        units, lead = self.around.units, self.around.units[row.lead]
        work.cooperating.set([units[code] for code in row.cooperating])
        work.indicators.set([self.indicators[code] for code in row.indicators])
        people = {
            "unit_id": lead.pk,
            "supervisor": row.supervisor or lead.supervisor,
            "is_assumed": row.is_assumed,
        }
        store(work.assignments, {"effective_year": self.plan.base_year}, people)

    def _remove_gone(self) -> None:
        """Wholes before parts: a task that stays in use keeps its measures, no fault of theirs."""
        self._remove_wholes(self.plan.projects.exclude(code__in=self.projects), PROJECTS)
        self._remove_wholes(self.plan.tasks.exclude(code__in=self.tasks), TASKS)
        for code, task in self.tasks.items():
            orders = [row.order or 0 for row in self.sheets.measures_of(code)]
            self._remove(task.measures.exclude(order__in=orders), MEASURES)
        for code, project in self.projects.items():
            orders = [row.order or 0 for row in self.sheets.components_of(code)]
            self._remove(project.components.exclude(order__in=orders), COMPONENTS)

    def _remove_wholes(self, gone: models.QuerySet[Any], file: str) -> None:
        for work in gone:
            later = work.assignments.filter(effective_year__gt=self.plan.base_year)
            self._remove([work], file, is_used=later.exists())

    def _remove(
        self,
        gone: Iterable[Task | Project | Measure | Component],
        file: str,
        *,
        is_used: bool = False,
    ) -> None:
        """Refused for what was worked with: progress protects it, and who leads it later."""
        for one in gone:
            if is_used or not _deleted(one):
                self.faults.append(
                    f"{file}：{one._meta.verbose_name}“{one}”已有填报或调整的内容，"
                    "不能从规划中去掉，请恢复原来的内容。"
                )


def _deleted(one: Task | Project | Measure | Component) -> bool:
    try:
        one.delete()
    except models.ProtectedError:
        return False
    return True
