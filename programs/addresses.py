"""What the parts of the work are called where something names them (numbers.csv, lists, checks):
“任务 2.1-1”, “措施 2.1-1-3”, “项目 Z3-4”, “子项 Z3-3-2”."""

from programs.models import Component, Measure, Project, Task

TASK, MEASURE, PROJECT, COMPONENT = "任务", "措施", "项目", "子项"


def whole(word: str, code: str) -> str:
    return f"{word} {code}"


def part_of(word: str, code: str, order: int) -> str:
    """A measure or component by the code of what it is part of."""
    return f"{word} {code}-{order}"


def address(one: Task | Measure | Project | Component) -> str:
    """Asks the database for the task of a measure and the project of a component if need be."""
    if isinstance(one, Task):
        return whole(TASK, one.code)
    if isinstance(one, Project):
        return whole(PROJECT, one.code)
    if isinstance(one, Measure):
        return part_of(MEASURE, one.task.code, one.order)
    return part_of(COMPONENT, one.project.code, one.order)
