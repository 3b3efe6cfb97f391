"""The rows of a plan folder that describe the work, as `loading_tables.py` reads them,
`loading_checks.py` judges them and `loading_work.py` writes them."""

from dataclasses import dataclass, field
from typing import Any

from plans.tables import Row

# In the column 乡镇: every township of the bureau.
ALL_TOWNSHIPS = "全部"


@dataclass
class WorkRow:
    """What tasks.csv and projects.csv have in common; codes as they stand in the cells."""

    row: Row
    code: str
    values: dict[str, Any]  # fields of Task or Project
    locator: str
    lead: str
    supervisor: str
    is_assumed: bool
    cooperating: list[str]
    indicators: list[str]


@dataclass
class TaskRow(WorkRow):
    pass


@dataclass
class ProjectRow(WorkRow):
    box: int | None = None
    tasks: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)


@dataclass
class PartRow:
    """A measure of a task or a component of a project: `of` is the code of the whole, `numbers`
    the printed numbers that it represents."""

    row: Row
    of: str
    order: int | None
    values: dict[str, Any]  # fields of Measure or Component, the sentences among them
    numbers: list[str]


@dataclass
class MeasureRow(PartRow):
    pass


@dataclass
class ComponentRow(PartRow):
    townships: list[str] = field(default_factory=list)


@dataclass
class WorkSheets:
    tasks: dict[str, TaskRow]
    measures: list[MeasureRow]
    projects: dict[str, ProjectRow]
    components: list[ComponentRow]

    def measures_of(self, task: str) -> list[MeasureRow]:
        return [measure for measure in self.measures if measure.of == task]

    def components_of(self, project: str) -> list[ComponentRow]:
        return [component for component in self.components if component.of == project]
