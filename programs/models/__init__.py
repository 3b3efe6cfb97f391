"""The work of a plan: what is to be done (tasks, projects), and how far it is."""

from programs.models.outline import (
    Assignment,
    Component,
    Grade,
    Measure,
    Project,
    ProjectKind,
    Task,
    TaskKind,
)
from programs.models.progress import (
    EXPLAINED,
    ComponentProgress,
    MeasureState,
    Money,
    Progress,
    Source,
    Stage,
    TaskProgress,
    WorkStatus,
)

__all__ = [
    "EXPLAINED",
    "Assignment",
    "Component",
    "ComponentProgress",
    "Grade",
    "Measure",
    "MeasureState",
    "Money",
    "Progress",
    "Project",
    "ProjectKind",
    "Source",
    "Stage",
    "Task",
    "TaskKind",
    "TaskProgress",
    "WorkStatus",
]
