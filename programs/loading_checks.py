"""What the tables about the work must agree on, with each other and with the rest of the folder,
before anything of them is written.

Every fault becomes a Chinese sentence that names file, row and column. Rows whose cells are
already faulty are not judged again."""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from organization.models import Unit, UnitKind
from plans.models import Clause, Plan, StatedNumber
from plans.numerals import same
from plans.rows import short
from programs.addresses import COMPONENT, MEASURE, PROJECT, TASK, part_of, whole
from programs.loading_sheets import (
    ALL_TOWNSHIPS,
    ComponentRow,
    MeasureRow,
    PartRow,
    ProjectRow,
    TaskRow,
    WorkRow,
    WorkSheets,
)
from programs.loading_tables import PROJECTS, SEPARATOR, TASKS

Checked = TypeVar("Checked", bound=WorkRow | PartRow)


@dataclass
class Surroundings:
    """What the rest of the folder holds, by the codes and locators that the work names."""

    plan: Plan
    units: Mapping[str, Unit]
    clauses: Mapping[str, Clause]
    boxes: Mapping[int | None, int]  # number of a box by its id
    numbers: Iterable[StatedNumber]
    indicators: frozenset[str]


class WorkChecks:
    """One folder against itself."""

    def __init__(self, sheets: WorkSheets, around: Surroundings) -> None:
        self.sheets, self.around = sheets, around
        self.numbers = defaultdict[int, list[StatedNumber]](list)
        for number in around.numbers:
            self.numbers[number.clause_id].append(number)

    def run(self) -> None:
        works = (self._check_locator, self._check_lead, self._check_cooperating, self._check_links)
        _each(self.sheets.tasks.values(), *works)
        _each(self.sheets.measures, self._check_measure)
        _each(self.sheets.projects.values(), *works, self._check_box, self._check_project)
        _each(
            self.sheets.components,
            self._check_component,
            self._check_townships,
            _check_quantity,
            _check_dates,
        )

    def _check_locator(self, one: WorkRow) -> None:
        clause = self.around.clauses.get(one.locator)
        if clause is None:
            one.row.fault("定位", _unknown("clauses.csv", one.locator))
        elif not clause.sentences:
            says = f"“{one.locator}”在 clauses.csv 中的句数是 0，请先补上句数或改正定位。"
            one.row.fault("定位", says)

    def _check_lead(self, one: WorkRow) -> None:
        unit, year = self.around.units.get(one.lead), self.around.plan.start_year
        if unit is None:
            one.row.fault("牵头单位代码", _unknown("units.csv", one.lead))
        elif unit.kind == UnitKind.TOWNSHIP:
            one.row.fault("牵头单位代码", f"应为局或股室，“{unit.name}”是乡镇。")
        elif not unit.valid_from <= year <= (unit.valid_until or year):
            says = f"“{unit.name}”在规划起始的 {year} 年不是有效单位，请改为当年有效的单位。"
            one.row.fault("牵头单位代码", says)

    def _check_cooperating(self, one: WorkRow) -> None:
        _check_known(one, "协同单位代码", one.cooperating, "units.csv", self.around.units)
        if one.lead in one.cooperating:
            one.row.fault("协同单位代码", f"“{one.lead}”已是牵头单位，不再列为协同单位，请删去。")

    def _check_links(self, one: WorkRow) -> None:
        known = self.around.indicators
        _check_known(one, "关联指标", one.indicators, "indicators.csv", known)

    def _check_box(self, project: ProjectRow) -> None:
        clause = self.around.clauses.get(project.locator)
        number = self.around.boxes.get(clause.box_id) if clause else None
        if clause is None or number == project.box:
            return
        should = f"应为 {number}" if number else "应留空"
        now = f"现为 {project.box}" if project.box else "现为空"
        project.row.fault("专栏号", f"“{project.locator}”的项目{should}，{now}。")

    def _check_project(self, project: ProjectRow) -> None:
        _check_known(project, "关联任务", project.tasks, TASKS, self.sheets.tasks)
        _check_known(project, "关联项目", project.related, PROJECTS, self.sheets.projects)
        if project.code in project.related:
            project.row.fault("关联项目", "不能是项目自己，请删去或改正。")
        if not self.sheets.components_of(project.code):
            says = "这个项目在 components.csv 中没有子项，请至少补一行（不分子项的写项目本身）。"
            project.row.fault("项目代码", says)

    def _check_measure(self, measure: MeasureRow) -> None:
        task = self.sheets.tasks.get(measure.of)
        if task is None:
            measure.row.fault("任务代码", _unknown(TASKS, measure.of))
        else:
            self._check_part(measure, task, TASK, MEASURE)

    def _check_component(self, component: ComponentRow) -> None:
        project = self.sheets.projects.get(component.of)
        if project is None:
            component.row.fault("项目代码", _unknown(PROJECTS, component.of))
        else:
            self._check_part(component, project, PROJECT, COMPONENT)

    def _check_part(self, part: PartRow, of: TaskRow | ProjectRow, word: str, own: str) -> None:
        """Its sentences are sentences of the clause, its numbers numbers of the clause."""
        clause = self.around.clauses.get(of.locator)
        if clause is None or not clause.sentences:
            return  # told at the task or project
        beyond = [number for number in part.values["sentences"] if number > clause.sentences]
        if beyond:
            says = f"“{clause.locator}”只有 {clause.sentences} 句，没有第 {beyond[0]} 句，请改正。"
            part.row.fault("句", says)
        names = (part_of(own, of.code, part.order or 0), whole(word, of.code))
        for printed in part.numbers:
            self._check_number(part, clause, printed, names)

    def _check_number(
        self, part: PartRow, clause: Clause, printed: str, names: tuple[str, str]
    ) -> None:
        """numbers.csv says the same of the number, from the other side."""
        found = [one for one in self.numbers[clause.pk] if same(one.printed, printed)]
        place = f"numbers.csv 中“{clause.locator}”"
        if not found:
            part.row.fault("体现的数字", f"{place}没有数字“{short(printed)}”，请补上或改正。")
        elif not any({*names} & {*one.represented_by.split(SEPARATOR)} for one in found):
            says = f"{place}的数字“{short(printed)}”没有写由“{names[0]}”体现，请补上或在此删去。"
            part.row.fault("体现的数字", says)

    def _check_townships(self, component: ComponentRow) -> None:
        named = [code for code in component.townships if code != ALL_TOWNSHIPS]
        if named and ALL_TOWNSHIPS in component.townships:
            component.row.fault("乡镇", f"“{ALL_TOWNSHIPS}”不能与乡镇代码写在一起，请删去一样。")
        for code in named:
            unit = self.around.units.get(code)
            if unit is None:
                component.row.fault("乡镇", _unknown("units.csv", code))
            elif unit.kind != UnitKind.TOWNSHIP:
                component.row.fault("乡镇", f"应为乡镇，“{unit.name}”不是乡镇，请改正。")


def _each(rows: Iterable[Checked], *checks: Callable[[Checked], None]) -> None:
    for one in rows:
        for check in checks if one.row.sound else ():
            check(one)


def _check_known(
    one: WorkRow, column: str, named: Iterable[str], file: str, known: Container[str]
) -> None:
    for code in named:
        if code not in known:
            one.row.fault(column, _unknown(file, code))


def _check_quantity(component: ComponentRow) -> None:
    if component.values["planned"] is not None and not component.values["measure"]:
        component.row.fault("计量单位", "写了计划数量，必须填计量单位。")


def _check_dates(component: ComponentRow) -> None:
    start, end = component.values["planned_start"], component.values["planned_end"]
    if start and end and end < start:
        component.row.fault("计划完工", f"早于计划开工 {start:%Y-%m}，请改正。")


def _unknown(file: str, code: str) -> str:
    return f"{file} 中没有“{short(code)}”，请补上或改正。"
