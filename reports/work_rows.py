"""One line of the work, ready to be printed: a task, a component, whoever is late.

Every amount is a `Number` in 万元 or in the unit beside it; dates and words are text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from organization.models import Unit
from plans.remembered import remember
from plans.versions import Tokens
from programs import rollup
from programs.content import ComponentContent, TaskContent
from programs.models import Grade, Stage
from programs.standing import ComponentStanding, Lead, ProjectStanding, TaskStanding, Works
from reports.summary import Number, plain_number

NO_UNIT = "未定牵头单位"
FEW = 4  # townships that are named one by one


@dataclass(frozen=True)
class Money:
    """万元."""

    planned: Number
    arrived: Number
    spent: Number

    @property
    def cells(self) -> tuple[Number, Number, Number]:
        return (self.planned, self.arrived, self.spent)

    @property
    def is_blank(self) -> bool:
        return all(number.value is None for number in self.cells)


@dataclass(frozen=True)
class TaskRow:
    """`ended` of `measures` are 办结; no value before anything is reported."""

    code: str
    name: str
    kind: str
    section: str
    grade: str
    unit: str
    supervisor: str
    status: str
    label: str
    measures: Number
    ended: Number
    situation: str
    reason: str
    next_step: str


@dataclass(frozen=True)
class ComponentRow:
    """`counted_in`: code of the 专栏 project that enters the sums in place of this one."""

    box: str
    code: str
    project: str
    counted_in: str
    name: str
    grade: str
    townships: str
    planned: Number
    quantity: Number
    measure: str
    money: Money
    stage: str
    percent: Number
    planned_start: str
    started_on: str
    planned_end: str
    completed_on: str
    status: str
    label: str
    is_late: bool
    unit: str
    situation: str
    reason: str
    fall_reason: str
    supervisor: str = ""
    next_step: str = ""
    is_overdue: bool = False


@dataclass(frozen=True)
class Late:
    """A task or project that is behind, or past its planned end; or, in a project that is
    promised, what is only sought of it (`is_sought`)."""

    is_task: bool
    code: str
    name: str
    kind: str
    grade: Grade
    counted_in: str
    label: str
    badge: str
    is_overdue: bool
    unit: str
    supervisor: str
    reason: str
    next_step: str
    is_sought: bool


def task_row(one: TaskStanding) -> TaskRow:
    content = one.content or TaskContent()
    return TaskRow(
        code=one.task.code,
        name=one.task.name,
        kind=one.task.get_kind_display(),
        section=str(one.task.clause.section or one.task.clause),
        grade=one.task.get_grade_display(),
        unit=unit_of(one.lead),
        supervisor=supervisor_of(one.lead),
        status=one.status,
        label=one.label,
        measures=whole(one.measures),
        ended=whole(one.ended) if one.content else Number(None),
        situation=content.situation,
        reason=content.reason,
        next_step=content.next_step,
    )


def component_rows(project: ProjectStanding) -> Iterator[ComponentRow]:
    for one in project.components:
        yield component_row(project, one)


def component_row(
    project: ProjectStanding, one: ComponentStanding, places: Sequence[Unit] | None = None
) -> ComponentRow:
    """`places`: its townships, where the page has read them already."""
    content, component = one.content or ComponentContent(), one.component
    box = project.project.box
    return ComponentRow(
        box=f"专栏{box.number}" if box else "",
        code=project.project.code,
        project=project.project.name,
        counted_in=project.counted_in,
        name=component.name,
        grade=component.get_grade_display(),
        townships=townships_text(list(component.townships.all()) if places is None else places),
        planned=_number(component.planned),
        quantity=_number(content.quantity),
        measure=component.measure,
        money=money_of(rollup.money([one.content])),
        stage=Stage(content.stage).label if content.stage else "",
        percent=_percent(content.percent),
        planned_start=_day(content.planned_start or component.planned_start),
        started_on=_day(content.started_on),
        planned_end=_day(content.planned_end or component.planned_end),
        completed_on=_day(content.completed_on),
        status=one.status,
        label=one.label,
        is_late=one.is_late,
        unit=unit_of(project.lead),
        situation=content.situation,
        reason=reason_of(one),
        fall_reason=content.fall_reason,
        supervisor=supervisor_of(project.lead),
        next_step=content.next_step,
        is_overdue=one.is_overdue,
    )


def late_of(works: Works, tokens: Tokens | None = None) -> tuple[Late, ...]:
    """Behind by their own word, or past their planned end: the firmest first, tasks before
    projects, what is only sought last. `tokens`: of the data, where rows may be remembered."""
    order, known = list(Grade), tokens or {}

    def row(one: TaskStanding | ProjectStanding, kind: str, build: Callable[[], Late]) -> Late:
        return remember(known, ("late", kind), build, (one,))

    found = [
        *(row(one, "task", partial(late_task, one)) for one in works.late_tasks),
        *(
            row(one, "project", partial(late_project, one, one.late_parts, one.is_sought))
            for one in works.late_projects
        ),
        *(
            row(one, "sought", partial(late_project, one, one.late_sought_parts, True))
            for one in works.projects
            if one.late_sought_parts
        ),
    ]
    return tuple(
        sorted(found, key=lambda one: (one.is_sought, order.index(one.grade), bool(one.counted_in)))
    )


def late_task(one: TaskStanding) -> Late:
    content = one.content or TaskContent()
    return Late(
        is_task=True,
        code=one.task.code,
        name=one.task.name,
        kind=one.task.get_kind_display(),
        grade=Grade(one.task.grade),
        counted_in="",
        label=one.label,
        badge=one.badge,
        is_overdue=False,
        unit=unit_of(one.lead),
        supervisor=supervisor_of(one.lead),
        reason=content.reason,
        next_step=content.next_step,
        is_sought=one.is_sought,
    )


def late_project(one: ProjectStanding, late: Sequence[ComponentStanding], is_sought: bool) -> Late:
    """Says of each of these late components what it says, by name where the project has
    several."""
    apart = is_sought and not one.is_sought
    shown: ProjectStanding | ComponentStanding = late[0] if apart else one
    named = len(one.components) > 1
    reasons = [_of(part, reason_of(part), named) for part in late]
    steps = [_of(part, part.content.next_step if part.content else "", named) for part in late]
    return Late(
        is_task=False,
        code=one.project.code,
        name=one.project.name,
        kind="项目",
        grade=Grade(one.project.grade),
        counted_in=one.counted_in,
        label=shown.label,
        badge=shown.badge,
        is_overdue=any(part.is_overdue for part in late),
        unit=unit_of(one.lead),
        supervisor=supervisor_of(one.lead),
        reason="；".join(filter(None, reasons)),
        next_step="；".join(filter(None, steps)),
        is_sought=is_sought,
    )


def _of(part: ComponentStanding, text: str, named: bool) -> str:
    said = text.strip().rstrip("。；")
    return f"{part.component.name}：{said}" if named and said else said


def reason_of(one: ComponentStanding) -> str:
    """What the unit says, and what the calendar says."""
    if one.content is None or one.round is None:
        return ""
    said = one.content.reason
    if not one.is_overdue:
        return said
    end = one.content.planned_end or one.component.planned_end
    overdue = f"计划{_said_day(end)}完工，至{_said_day(one.round.as_of)}尚未完工"
    return f"{overdue}。{said}" if said else overdue


def unit_of(lead: Lead | None) -> str:
    return lead.unit.name if lead else NO_UNIT


def supervisor_of(lead: Lead | None) -> str:
    return lead.supervisor if lead else ""


def townships_text(units: Sequence[Unit]) -> str:
    """“城关镇、溢水镇”; “城关镇等17个乡镇”; empty for the county itself."""
    names = [unit.name for unit in sorted(units, key=lambda unit: (unit.order, unit.code))]
    if len(names) > FEW:
        return f"{names[0]}等{len(names)}个乡镇"
    return "、".join(names)


# --- numbers -----------------------------------------------------------------------------------


def money_of(total: rollup.Sum) -> Money:
    return Money(*(_number(amount) for amount in total.cells))


def _number(value: Decimal | None) -> Number:
    return Number(None) if value is None else Number(value, plain_number(value))


def whole(count: int) -> Number:
    return Number(Decimal(count), str(count))


def _percent(percent: int | None) -> Number:
    return Number(None) if percent is None else Number(Decimal(percent) / 100, f"{percent}%")


def _day(one: date | None) -> str:
    return one.isoformat() if one else ""


def _said_day(one: date | None) -> str:
    return f"{one.year}年{one.month}月{one.day}日" if one else ""
