"""Reads the tables of a plan folder that describe the work: cells in, typed rows out.

Cell by cell only; what must fit together is judged by `loading_checks.py`. A row with a fault
(`row.sound` is False) stays in the sheets, so that its code is not reported as unknown as well."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.db.models import Choices

from indicators.models import LARGEST
from plans.rows import short
from plans.tables import Row, Source, read_table, unique
from programs.loading_sheets import (
    ComponentRow,
    MeasureRow,
    ProjectRow,
    TaskRow,
    WorkSheets,
)
from programs.models import Grade, ProjectKind, TaskKind

TASKS, MEASURES = "tasks.csv", "measures.csv"
PROJECTS, COMPONENTS = "projects.csv", "components.csv"
LAST_ORDER = 99_999
SEPARATOR = "、"

COLUMNS = {
    TASKS: "任务代码 排序 类型 名称 定位 承诺程度 牵头单位代码 协同单位代码 其他协同部门 分管领导 "
    "分工待确认 关联指标 说明",
    MEASURES: "任务代码 序 措施 动词 承诺程度 句 是否有明确结果 体现的数字 说明",
    PROJECTS: "项目代码 排序 名称 专栏号 定位 类型 承诺程度 牵头单位代码 协同单位代码 其他协同部门 "
    "分管领导 分工待确认 关联任务 关联指标 关联项目 说明 待核事项",
    COMPONENTS: "项目代码 序 名称 承诺程度 计划数量 计量单位 数量说明 乡镇 计划开工 计划完工 句 "
    "体现的数字 说明",
}
KEYS = {
    TASKS: ["任务代码"],
    MEASURES: ["任务代码", "序"],
    PROJECTS: ["项目代码"],
    COMPONENTS: ["项目代码", "序"],
}
# Addresses are put together of codes, and lists of addresses are separated by “、”.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
SENTENCES = re.compile(r"([0-9]{1,3})(?:~([0-9]{1,3}))?")
MONTH = re.compile(r"((?:19|20|21)[0-9]{2})[-/.年](0?[1-9]|1[0-2])月?")


def read_work(source: Path | Source, faults: list[str]) -> WorkSheets:
    """The four tables, each of which may be missing: a plan may be numbers only."""

    def rows(name: str) -> Sequence[Row]:
        columns = COLUMNS[name].split()
        found = read_table(source, name, columns, faults, required_file=False)
        return list(unique(found, *KEYS[name]).values())

    return WorkSheets(
        tasks={task.code: task for task in map(_task, rows(TASKS))},
        measures=[_measure(row) for row in rows(MEASURES)],
        projects={project.code: project for project in map(_project, rows(PROJECTS))},
        components=[_component(row) for row in rows(COMPONENTS)],
    )


def _task(row: Row) -> TaskRow:
    code = _code(row, "任务代码")
    values = {**_work_values(row), "kind": row.choice("类型", _words(TaskKind))}
    return TaskRow(row, code, values, **_place_and_people(row))


def _project(row: Row) -> ProjectRow:
    code = _code(row, "项目代码")
    values = {
        **_work_values(row),
        "kind": row.choice("类型", _words(ProjectKind)),
        "to_verify": row.text("待核事项", required=False, max_length=200),
    }
    return ProjectRow(
        row,
        code,
        values,
        **_place_and_people(row),
        box=row.integer("专栏号", minimum=1, maximum=99, required=False),
        tasks=_list(row, "关联任务"),
        related=_list(row, "关联项目"),
    )


def _work_values(row: Row) -> dict[str, Any]:
    return {
        "order": row.integer("排序", minimum=0, maximum=LAST_ORDER),
        "name": row.text("名称", max_length=80),
        "grade": row.choice("承诺程度", _words(Grade)),
        "cooperating_bodies": row.text("其他协同部门", required=False, max_length=200),
        "note": row.text("说明", required=False, max_length=300),
    }


def _place_and_people(row: Row) -> dict[str, Any]:
    return {
        "locator": row.text("定位"),
        "lead": row.text("牵头单位代码"),
        "supervisor": row.text("分管领导", required=False, max_length=60),
        "is_assumed": row.flag("分工待确认"),
        "cooperating": _list(row, "协同单位代码"),
        "indicators": _list(row, "关联指标"),
    }


def _measure(row: Row) -> MeasureRow:
    values = {
        "text": row.text("措施", max_length=60),
        "verb": row.text("动词", max_length=20),
        "grade": row.choice("承诺程度", _words(Grade)),
        "sentences": _sentences(row),
        "is_result": row.flag("是否有明确结果"),
        "note": row.text("说明", required=False, max_length=200),
    }
    return MeasureRow(row, row.text("任务代码"), _order(row), values, _list(row, "体现的数字"))


def _component(row: Row) -> ComponentRow:
    numbers, townships = _list(row, "体现的数字"), _list(row, "乡镇")
    values = {
        "name": row.text("名称", max_length=80),
        "grade": row.choice("承诺程度", _words(Grade)),
        "planned": row.decimal(
            "计划数量", minimum=0, maximum=LARGEST, digits=18, places=6, required=False
        ),
        "measure": row.text("计量单位", required=False, max_length=10),
        "quantity_note": row.text("数量说明", required=False, max_length=120),
        "planned_start": _month(row, "计划开工"),
        "planned_end": _month(row, "计划完工", last_day=True),
        "sentences": _sentences(row),
        "note": row.text("说明", required=False, max_length=200),
    }
    return ComponentRow(row, row.text("项目代码"), _order(row), values, numbers, townships)


def _order(row: Row) -> int | None:
    return row.integer("序", minimum=1, maximum=999)


def _code(row: Row, column: str) -> str:
    code = row.text(column, max_length=20)
    if code and not CODE.fullmatch(code):
        row.fault(column, f"只能用英文字母、数字、“.”和“-”，现为“{short(code)}”。")
    return code


def _list(row: Row, column: str) -> list[str]:
    """“8、C01” → ["8", "C01"]; a second mention is a fault."""
    cell = row.text(column, required=False)
    words = [word.strip() for word in cell.split(SEPARATOR) if word.strip()]
    for word in dict.fromkeys(words):
        if words.count(word) > 1:
            row.fault(column, f"“{short(word)}”写了 {words.count(word)} 次，请只写一次。")
    return list(dict.fromkeys(words))


def _sentences(row: Row) -> list[int]:
    """“3”, “1~3” or “2、4”: the sentences in order, each once."""
    cell = row.text("句")
    if not cell:
        return []
    found = [SENTENCES.fullmatch(part) for part in _plain(cell).split(SEPARATOR)]
    spans = [(int(part[1]), int(part[2] or part[1])) for part in found if part]
    if not all(found) or any(not 0 < first <= last for first, last in spans):
        row.fault("句", f"应写成“3”“1~3”或“2、4”，现为“{short(cell)}”。")
        return []
    return sorted({number for first, last in spans for number in range(first, last + 1)})


def _month(row: Row, column: str, *, last_day: bool = False) -> date | None:
    """“2023-06” → its first or last day."""
    cell = row.text(column, required=False)
    if not cell:
        return None
    found = MONTH.fullmatch(_plain(cell))
    if found is None:
        row.fault(column, f"应为年和月，例如 2023-06，现为“{short(cell)}”。")
        return None
    year, month = int(found[1]), int(found[2])
    return date(year, month, monthrange(year, month)[1] if last_day else 1)


def _plain(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).replace(" ", "")


def _words(choices: type[Choices]) -> dict[str, Any]:
    return {str(choice.label): choice for choice in choices}
