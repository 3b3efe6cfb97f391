"""The progress of a return as the sheets of a workbook: 任务进展, 措施进展, 项目进展, 投资.

One row for each task, measure, component and source of money; `Entry` ties a row to the fields of
the form (`form.py`), so that workbook and page say the same by the same names."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from exchange.writing import Column, Value, Written
from indicators.entry import plain
from programs import form
from programs.content import ComponentContent, MeasureContent, MoneyContent, TaskContent
from programs.models import Component, Measure, Source, Stage, TaskProgress, WorkStatus
from programs.rules import PART_NAMES
from programs.sheet import Line

TASKS, MEASURES, COMPONENTS, MONEY = "任务进展", "措施进展", "项目进展", "投资"
TEN_THOUSAND = "万元"

WHY = "选“滞后”“调整”“终止”“未获批准”时必填。"
STATUS = "从下拉列表中选择。“未获批准”只用于承诺程度为“争取”的。"
TOTAL = "自开工以来的累计数。"
DAY = "写成 2023-03-15。"


def _key(heading: str, width: int = 11) -> Column:
    return Column(heading, width, "code")


def _said(heading: str, width: int, kind: str = "text", note: str = "") -> Column:
    return Column(heading, width, kind, note, is_input=True)


SITUATION = _said("进展情况", 36, note="至多 2000 字。")
NEXT_STEP = _said("下一步措施", 30, note="至多 2000 字。")
REASON = _said("原因", 24, note=WHY)
DOCUMENT = _said("依据文件", 22, note="文件名称或文号，至多 200 字。")

COLUMNS: dict[str, list[Column]] = {
    TASKS: [
        _key("任务代码"),
        Column("任务", 28),
        Column("承诺程度", 9),
        _said("状态", 10, note=STATUS),
        REASON,
        SITUATION,
        NEXT_STEP,
    ],
    MEASURES: [
        _key("任务代码"),
        _key("序", 5),
        Column("措施", 34),
        Column("承诺程度", 9),
        Column("有明确结果", 9, note="标“是”的，完成时要填完成日期和依据文件。"),
        _said("状态", 10, note=STATUS),
        _said("完成日期", 12, "date", DAY),
        DOCUMENT,
        _said("说明", 26, note=f"至多 300 字；{WHY}"),
    ],
    COMPONENTS: [
        _key("项目代码"),
        _key("序", 5),
        Column("项目", 24),
        Column("子项", 22),
        Column("承诺程度", 9),
        Column("计划数量", 9, "number"),
        Column("单位", 6),
        _said("状态", 10, note=STATUS),
        _said("形象进度", 9, note="从下拉列表中选择；非建设类项目不填。"),
        _said("完成百分比", 9, "whole", "0 至 100 的整数，60 即 60%。"),
        _said("完成数量", 9, "number", f"{TOTAL}单位见“单位”列，最多 2 位小数。"),
        _said("计划开工", 12, "date", DAY),
        _said("计划完工", 12, "date", DAY),
        _said("实际开工", 12, "date", f"{DAY}非建设类项目填实际开始。"),
        _said("实际完工", 12, "date", f"{DAY}非建设类项目填完成日期。"),
        DOCUMENT,
        REASON,
        SITUATION,
        NEXT_STEP,
        _said("减少或调整原因", 20, note="累计数减少、计划完工推迟的，写明原因。"),
    ],
    MONEY: [
        _key("项目代码"),
        _key("序", 5),
        Column("子项", 28),
        Column("资金来源", 14),
        *(
            _said(PART_NAMES[part], 14, "number", f"{TOTAL}单位：{TEN_THOUSAND}，最多 4 位小数。")
            for part in PART_NAMES
        ),
    ],
}
KEYS: dict[str, tuple[str, ...]] = {
    TASKS: ("任务代码",),
    MEASURES: ("任务代码", "序"),
    COMPONENTS: ("项目代码", "序"),
    MONEY: ("项目代码", "序", "资金来源"),
}
OF_TASK = {"状态": "status", "原因": "reason", "进展情况": "situation", "下一步措施": "next_step"}
OF_MEASURE = {
    "状态": "status",
    "完成日期": "done_on",
    "依据文件": "document",
    "说明": "note",
}
OF_COMPONENT = OF_TASK | {
    "形象进度": "stage",
    "完成百分比": "percent",
    "完成数量": "quantity",
    "计划开工": "planned_start",
    "计划完工": "planned_end",
    "实际开工": "started_on",
    "实际完工": "completed_on",
    "依据文件": "document",
    "减少或调整原因": "fall_reason",
}
OF_MONEY = {label: part for part, label in PART_NAMES.items()}
STAGES = tuple(stage.label for stage in Stage if stage)


@dataclass(frozen=True)
class Entry:
    """One row. `address`: its cells under `KEYS`; `fields`: heading → field of the form;
    `choices`: heading → word → value; `unit`: of the numbers, to be left out when typed."""

    sheet: str
    line: Line
    address: tuple[str, ...]
    label: str
    facts: Mapping[str, Value]
    fields: Mapping[str, str]
    values: Mapping[str, Value]
    choices: Mapping[str, Mapping[str, str]]
    units: Mapping[str, str]


def entries(lines: Iterable[Line]) -> Iterator[Entry]:
    """Every row of every sheet, in the order of the plan."""
    for line in lines:
        if isinstance(line.content, TaskContent):
            yield _task(line, line.content)
            yield from _measures(line, line.content)
        else:
            yield _component(line, line.content)
            yield from _money(line, line.content)


def row_of(entry: Entry, is_open: bool) -> list[Written]:
    """The cells as they go out."""
    return [_written(entry, column, is_open) for column in COLUMNS[entry.sheet]]


def _written(entry: Entry, column: Column, is_open: bool) -> Written:
    heading = column.heading
    if heading not in entry.fields:
        return Written(entry.facts.get(heading))
    is_closed = heading == "形象进度" and not entry.choices[heading]
    unit = entry.units.get(heading, "")
    return Written(
        entry.values[heading],
        is_open and not is_closed,
        tuple(entry.choices.get(heading, ())),
        f"单位：{unit}" if unit and entry.sheet == COMPONENTS else "",
    )


def _statuses(grade: str) -> Mapping[str, str]:
    return {word: value for value, word in form.statuses(grade) if value}


def _task(line: Line, content: TaskContent) -> Entry:
    assert isinstance(line.row, TaskProgress)
    task = line.row.task
    return Entry(
        TASKS,
        line,
        (task.code,),
        str(task),
        {"任务代码": task.code, "任务": task.name, "承诺程度": task.get_grade_display()},
        OF_TASK,
        _values(content, OF_TASK),
        {"状态": _statuses(task.grade)},
        {},
    )


def _measures(line: Line, content: TaskContent) -> Iterator[Entry]:
    assert isinstance(line.row, TaskProgress)
    code = line.row.task.code
    measures = [state.measure for state in line.row.measure_states.all()]
    for measure in sorted(measures, key=lambda one: one.order):
        state = content.measures.get(measure.pk, MeasureContent())
        yield Entry(
            MEASURES,
            line,
            (code, str(measure.order)),
            str(measure),
            _facts_of(measure, code),
            {heading: f"m{measure.pk}-{name}" for heading, name in OF_MEASURE.items()},
            _values(state, OF_MEASURE),
            {"状态": _statuses(measure.grade)},
            {},
        )


def _facts_of(measure: Measure, code: str) -> Mapping[str, Value]:
    return {
        "任务代码": code,
        "序": str(measure.order),
        "措施": measure.text,
        "承诺程度": measure.get_grade_display(),
        "有明确结果": "是" if measure.is_result else "",
    }


def _component(line: Line, content: ComponentContent) -> Entry:
    component: Component = line.row.work  # type: ignore[assignment]
    project = component.project
    return Entry(
        COMPONENTS,
        line,
        (project.code, str(component.order)),
        line.label,
        {
            "项目代码": project.code,
            "序": str(component.order),
            "项目": project.name,
            "子项": component.name,
            "承诺程度": component.get_grade_display(),
            "计划数量": _number(component.planned),
            "单位": component.measure,
        },
        OF_COMPONENT,
        _values(content, OF_COMPONENT),
        {
            "状态": _statuses(component.grade),
            "形象进度": {stage.label: stage.value for stage in Stage if stage}
            if project.has_stages
            else {},
        },
        {"完成数量": component.measure},
    )


def _money(line: Line, content: ComponentContent) -> Iterator[Entry]:
    component: Component = line.row.work  # type: ignore[assignment]
    code = component.project.code
    for source in Source:
        yield Entry(
            MONEY,
            line,
            (code, str(component.order), source.label),
            f"{line.label} {source.label}",
            {
                "项目代码": code,
                "序": str(component.order),
                "子项": component.name,
                "资金来源": source.label,
            },
            {label: f"money-{source.value}-{part}" for label, part in OF_MONEY.items()},
            _values(content.money.get(source.value, MoneyContent()), OF_MONEY),
            {},
            dict.fromkeys(OF_MONEY, TEN_THOUSAND),
        )


def _values(content: Any, fields: Mapping[str, str]) -> Mapping[str, Value]:
    return {heading: _value(name, getattr(content, name)) for heading, name in fields.items()}


def _value(name: str, value: Any) -> Value:
    """As it stands in the cell: the word of a choice, numbers and days as such."""
    if name == "status":
        return str(WorkStatus(value).label) if value else None
    if name == "stage":
        return str(Stage(value).label) if value else None
    if isinstance(value, date | int):
        return value
    return _number(value) if isinstance(value, Decimal) else value or None


def _number(value: Decimal | None) -> Value:
    """Without the zeros that the database adds: 4560.000000 would be written as such."""
    return None if value is None else Decimal(plain(value))
