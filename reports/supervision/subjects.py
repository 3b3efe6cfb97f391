"""What a 督办 can be opened for: the laggards of a year, by what is published and nothing else.

The list is seen by every role, clerks of other units among them, so what is copied into a row is
what all of them may see already. What lags in unpublished figures only is opened after publication
(docs/decisions.md)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from indicators.models import Indicator, Layer, Round
from plans.models import Plan
from programs import standing
from programs.models import Component
from programs.standing import ComponentStanding, Lead, ProjectStanding, TaskStanding
from reports.sentences import project_said
from reports.summary import Row, Summary, summarize
from reports.supervision.marks import COMPONENT, INDICATOR, PROJECT, TASK
from reports.work_rows import Late, late_project, late_task

KINDS = {INDICATOR: "指标", TASK: "任务", PROJECT: "项目", COMPONENT: "子项"}


@dataclass(frozen=True)
class Laggard:
    """Something behind, as everybody is shown it. `keys`: the columns of a row of 督办 that name
    it; `unit_id`, `lead` and `next_step`: what the plan
    and the unit say, for the form to begin with; `as_of`, `nature`: of the published data."""

    kind: str
    code: str
    title: str
    keys: Mapping[str, int]
    status: str
    label: str
    value: str
    gap: str
    cause: str
    next_step: str
    unit_id: int | None
    unit: str
    lead: str
    as_of: date | None
    nature: str

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.code


def laggards(plan: Plan, year: int, rounds: Sequence[Round]) -> list[Laggard]:
    """Indicators as the dashboard orders them, then tasks and projects. `rounds`: of the plan."""
    works = standing.works(plan, year, Layer.OFFICIAL, rounds=rounds, places=False)
    projects = [laggard for one in works.projects for laggard in _projects(one)]
    return [
        *_indicators(summarize(plan, year, Layer.OFFICIAL, rounds)),
        *(_task(one) for one in works.late_tasks),
        *projects,
    ]


def find(plan: Plan, year: int, kind: str, code: str, rounds: Sequence[Round]) -> Laggard | None:
    """The one asked for; None where published data does not say that it is behind."""
    found = (one for one in laggards(plan, year, rounds) if one.key == (kind, code))
    return next(found, None)


def name_of(plan: Plan, kind: str, code: str) -> str:
    """What the plan calls it, behind or not; "" for a code it does not have."""
    if kind == COMPONENT:
        return _component_name(plan, code)
    tables = {INDICATOR: plan.indicators, TASK: plan.tasks, PROJECT: plan.projects}
    found = tables[kind].filter(code=code).values_list("name", flat=True) if kind in tables else []
    return next(iter(found), "")


def _component_name(plan: Plan, code: str) -> str:
    project, _, order = code.rpartition("-")
    if not (order.isascii() and order.isdigit() and len(order) < 5):
        return ""
    rows = Component.objects.filter(project__plan=plan, project__code=project, order=int(order))
    return next(iter(rows.values_list("name", flat=True)), "")


# --- the numbers ------------------------------------------------------------------------------


def _indicators(summary: Summary) -> Iterator[Laggard]:
    rows = summary.laggards
    found = Indicator.objects.filter(plan=summary.plan, code__in=[row.code for row in rows])
    by_code = {one.code: one for one in found.for_year(summary.year)} if rows else {}
    return (_indicator(row, by_code[row.code], summary.as_of) for row in rows)


def _indicator(row: Row, indicator: Indicator, as_of: date) -> Laggard:
    return Laggard(
        kind=INDICATOR,
        code=row.code,
        title=row.name,
        keys={"indicator_id": indicator.pk},
        status=row.status,
        label=row.label,
        value=_value(row),
        gap=row.gap_text,
        cause=row.cause,
        next_step=row.next_step,
        unit_id=indicator.unit_id,  # type: ignore[attr-defined]
        unit=row.responsible,
        lead=row.supervisor,
        as_of=as_of,
        nature=row.current.nature,
    )


def _value(row: Row) -> str:
    """“50.00%，应达 52%，目标 60%”."""
    unit = row.unit if row.unit == "%" else f" {row.unit}".rstrip()
    said = [f"{row.current.number}{unit}"]
    if row.expected.value is not None:
        said.append(f"应达 {row.expected}{unit}")
    return "，".join([*said, f"目标 {row.target_short}{'' if row.target_is_moving else unit}"])


# --- the work ---------------------------------------------------------------------------------


def _task(one: TaskStanding) -> Laggard:
    late = late_task(one)
    return _work(
        TASK, late.code, late.name, {"task_id": one.task.pk}, late, one.lead, one.round, _ended(one)
    )


def _ended(one: TaskStanding) -> str:
    return f"措施办结 {one.ended}/{one.measures} 项" if one.measures else ""


def _projects(one: ProjectStanding) -> Iterator[Laggard]:
    """The project, where what is promised of it is late; and each late part of several."""
    if one.late_parts:
        late = late_project(one, one.late_parts, one.is_sought)
        rnd = one.late_parts[0].round
        keys = {"project_id": one.project.pk}
        yield _work(PROJECT, late.code, late.name, keys, late, one.lead, rnd, _said(one))
    if len(one.components) > 1:
        for part in one.components:
            if part.is_late:
                yield _component(one, part)


def _component(project: ProjectStanding, part: ComponentStanding) -> Laggard:
    alone = ProjectStanding(project.project, project.lead, [part])
    late = late_project(alone, [part], part.is_sought)
    code = f"{project.project.code}-{part.component.order}"
    title = f"{project.project.name}：{part.component.name}"
    said = _said(alone)
    keys = {"project_id": project.project.pk, "component_id": part.component.pk}
    return _work(COMPONENT, code, title, keys, late, project.lead, part.round, said)


def _said(one: ProjectStanding) -> str:
    return project_said(one)[:120]


def _work(
    kind: str,
    code: str,
    title: str,
    keys: Mapping[str, int],
    late: Late,
    lead: Lead | None,
    rnd: Round | None,
    value: str,
) -> Laggard:
    return Laggard(
        kind=kind,
        code=code,
        title=title,
        keys=keys,
        status=late.badge,
        label=late.label,
        value=value,
        gap="超过计划完工时间" if late.is_overdue else "",
        cause=late.reason,
        next_step=late.next_step,
        unit_id=lead.unit.pk if lead else None,
        unit=late.unit,
        lead=late.supervisor,
        as_of=rnd.as_of if rnd else None,
        nature=rnd.get_nature_display() if rnd else "",
    )
