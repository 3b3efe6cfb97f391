"""One task or component as a form: what stands in each field, what is wrong with it, and what the
last round said. Everything is text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from indicators.entry import plain
from programs.content import (
    PARTS,
    ComponentContent,
    Content,
    MeasureContent,
    MoneyContent,
    TaskContent,
)
from programs.models import Component, Grade, Measure, Source, Stage, TaskProgress, WorkStatus
from programs.rules import ENDED, PART_NAMES, ComponentFacts
from programs.sheet import Line

Choices = list[tuple[str, str]]
QUICK = (WorkStatus.UNDER_WAY, WorkStatus.DONE, WorkStatus.NOT_STARTED)
LABELS = {
    "status": "状态",
    "reason": "原因",
    "situation": "进展情况",
    "next_step": "下一步措施",
    "stage": "形象进度",
    "percent": "完成百分比",
    "quantity": "完成数量",
    "planned_start": "计划开工",
    "planned_end": "计划完工",
    "started_on": "实际开工",
    "completed_on": "实际完工",
    "document": "依据文件",
    "fall_reason": "减少或调整原因",
    "done_on": "完成日期",
    "note": "说明",
}
LABELS_OF_SERVICE = {"started_on": "实际开始", "completed_on": "完成日期"}


@dataclass(frozen=True)
class Field:
    """`fault` stands in the way of saving, `owed` of 报送; `before` is the last round's."""

    name: str
    label: str
    value: str
    shown: str
    fault: str = ""
    owed: str = ""
    before: str = ""

    @property
    def says(self) -> str:
        return self.fault or self.owed


@dataclass(frozen=True)
class MeasureRow:
    measure: Measure
    grade: str
    statuses: Choices
    status: Field
    done_on: Field
    document: Field
    note: Field

    @property
    def says(self) -> str:
        told = (one.says for one in (self.status, self.done_on, self.document, self.note))
        return next(filter(None, told), "")


@dataclass(frozen=True)
class MoneyRow:
    label: str
    planned: Field
    arrived: Field
    spent: Field

    @property
    def cells(self) -> tuple[Field, Field, Field]:
        return (self.planned, self.arrived, self.spent)


@dataclass(frozen=True)
class Page:
    fields: Mapping[str, Field]
    statuses: Choices
    stages: Choices
    measures: list[MeasureRow] = field(default_factory=list)
    money: list[MoneyRow] = field(default_factory=list)
    totals: list[str] = field(default_factory=list)
    quick: Choices = field(default_factory=list)


def build(
    line: Line,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    owes: bool = False,
) -> Page:
    """`typed` is what was posted and must not be lost; `owes`: say what is missing as well."""
    values, before = written(line.content), written(line.before) if line.before else {}
    # Who has not begun needs no list of everything that is missing.
    owed = {**line.faults, **line.owed} if owes and line.content.status else {}
    fields = {
        name: Field(
            name,
            "" if "money" in name else label_of(line, name),
            (typed or {}).get(name, value),
            shown(name, value),
            (faults or {}).get(name, ""),
            owed.get(name, ""),
            shown(name, before.get(name, "")),
        )
        for name, value in values.items()
    }
    return Page(
        fields,
        statuses(grade_of(line)),
        [(stage.value, stage.label) for stage in Stage],
        _measures(line, fields),
        _money(line, fields),
        [] if line.is_task else _totals(line.content),  # type: ignore[arg-type]
        [(status.value, status.label) for status in QUICK],
    )


def carried(line: Line, posted: Mapping[str, str]) -> dict[str, str]:
    """The form with what the last round said; who speaks for whom stays as typed."""
    assert line.before is not None
    return {**posted, **written(line.before), "fall_reason": ""}


def filled(posted: Mapping[str, str], status: str) -> dict[str, str]:
    """The form with this status for every measure that has none."""
    blank = [name for name, value in posted.items() if name.endswith("-status") and not value]
    return {**posted, **dict.fromkeys(blank, status)}


def grade_of(line: Line) -> str:
    work: Any = line.row.work
    return work.grade


def statuses(grade: str) -> Choices:
    """未获批准 only for what is sought."""
    return [
        (status.value, status.label if status else "请选择")
        for status in WorkStatus
        if status != WorkStatus.NOT_APPROVED or grade == Grade.SEEK
    ]


def _measures(line: Line, fields: Mapping[str, Field]) -> list[MeasureRow]:
    if not isinstance(line.row, TaskProgress):
        return []
    found = {state.measure_id: state.measure for state in line.row.measure_states.all()}
    return [
        MeasureRow(
            measure,
            measure.get_grade_display(),
            statuses(measure.grade),
            *(fields[f"m{key}-{part}"] for part in ("status", "done_on", "document", "note")),
        )
        for key, measure in sorted(found.items(), key=lambda pair: pair[1].order)
    ]


def _money(line: Line, fields: Mapping[str, Field]) -> list[MoneyRow]:
    if line.is_task:
        return []
    return [
        MoneyRow(source.label, *(fields[f"money-{source.value}-{part}"] for part in PARTS))
        for source in Source
    ]


def _totals(content: ComponentContent) -> list[str]:
    return [plain(content.total(part)) or "—" for part in PARTS]


# --- as text -----------------------------------------------------------------------------------


def written(content: Content) -> dict[str, str]:
    """Field name → what stands in the input."""
    if isinstance(content, TaskContent):
        return {**_common(content), **_of_measures(content)}
    names = [name for name in LABELS if name not in {"done_on", "note"}]
    told = {name: _text(getattr(content, name)) for name in names}
    return told | {
        f"money-{source}-{part}": _text(getattr(content.money.get(source, MoneyContent()), part))
        for source in Source.values
        for part in PARTS
    }


def _common(content: TaskContent) -> dict[str, str]:
    return {name: getattr(content, name) for name in ("status", "reason", "situation", "next_step")}


def _of_measures(content: TaskContent) -> dict[str, str]:
    return {
        f"m{key}-{part}": _text(getattr(state, part))
        for key, state in content.measures.items()
        for part in ("status", "done_on", "document", "note")
    }


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, Decimal) else str(value)


def shown(name: str, value: str) -> str:
    """What a reader sees: the word of a choice."""
    kind = name.rpartition("-")[2]
    if kind == "status":
        return WorkStatus(value).label if value else ""
    if kind == "stage":
        return Stage(value).label if value else ""
    return value


# --- two versions ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sides:
    name: str
    typed: str
    stored: str


def differing(line: Line, typed: Content) -> list[Sides]:
    """Every field in which what was typed and what is stored now differ."""
    ours, theirs = written(typed), written(line.content)
    return [
        Sides(
            name_of(line, name), shown(name, ours.get(name, "")) or "空", shown(name, now) or "空"
        )
        for name, now in theirs.items()
        if ours.get(name, "") != now
    ]


def name_of(line: Line, name: str) -> str:
    """“措施 3 完成日期”, “省级到位资金”."""
    head, _, part = name.rpartition("-")
    if head.startswith("money-"):
        return f"{Source(head.removeprefix('money-')).label}{PART_NAMES[part]}"
    if head and isinstance(line.content, TaskContent):
        return f"措施 {list(line.content.measures).index(int(head[1:])) + 1} {LABELS[part]}"
    return label_of(line, name)


def label_of(line: Line, name: str) -> str:
    """What is not built is not 开工 and 完工."""
    if isinstance(line.facts, ComponentFacts) and not line.facts.has_stages:
        return LABELS_OF_SERVICE.get(name) or LABELS[name]
    return LABELS[name.rpartition("-")[2]]


# --- in a list ---------------------------------------------------------------------------------


def said(line: Line) -> str:
    """“措施 6/8 项已办结”, “主体 · 60% · 8/13 个 · 完成投资 1200 万元”."""
    if isinstance(line.content, TaskContent):
        return measures_said(line.content.measures.values())
    component = line.row.work
    assert isinstance(component, Component)
    return component_said(line.content, component)


def measures_said(states: Iterable[MeasureContent]) -> str:
    known = list(states)
    ended = sum(1 for state in known if state.status in ENDED)
    return f"措施 {ended}/{len(known)} 项已办结"


def component_said(content: ComponentContent, component: Component) -> str:
    spent = content.total("spent")
    parts = [
        Stage(content.stage).label if content.stage else "",
        f"{content.percent}%" if content.percent is not None else "",
        quantity_said(content, component),
        f"完成投资 {plain(spent)} 万元" if spent is not None else "",
    ]
    return " · ".join(filter(None, parts))


def quantity_said(content: ComponentContent, component: Component) -> str:
    """“8/13 个”; without a plan only what is there."""
    if content.quantity is None:
        return ""
    planned = f"/{plain(component.planned)}" if component.planned is not None else ""
    return f"{plain(content.quantity)}{planned} {component.measure}".rstrip()
