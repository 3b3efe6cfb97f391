"""An open round follows when the lead of a task or project changes, or when tasks were loaded
after it was opened (`indicators/workflow/following.py` does the same with the figures)."""

from collections.abc import Iterable, Mapping
from typing import Any

from indicators.bulk import upsert, write_history
from indicators.models import AnnualReturn, Evidence, Round
from indicators.parts import Following
from indicators.workflow.following import AGAIN, is_untouched
from indicators.workflow.rounds import heirs
from organization.models import User
from programs import sheet
from programs.content import ComponentContent, component_from
from programs.models import (
    Assignment,
    Component,
    ComponentProgress,
    Measure,
    MeasureState,
    Task,
    TaskProgress,
)

KINDS: dict[str, Any] = {"task": TaskProgress, "component": ComponentProgress}
Owners = dict[str, dict[int, int]]  # "task", "component" → its id → id of the unit


def owners(rnd: Round) -> Owners:
    """Who leads what in the year of the round, as it is laid down. Before the plan begins nothing
    is reported."""
    if rnd.year < rnd.plan.start_year:
        return {"task": {}, "component": {}}
    rows = Assignment.objects.filter(effective_year__lte=rnd.year).order_by("effective_year", "pk")
    tasks = rows.filter(task__plan=rnd.plan).values_list("task_id", "unit_id")
    projects = dict(rows.filter(project__plan=rnd.plan).values_list("project_id", "unit_id"))
    components = Component.objects.filter(project__in=projects).values_list("pk", "project_id")
    return {
        "task": dict(tasks),
        "component": {pk: projects[project_id] for pk, project_id in components},
    }


def add_blank(user: User, kind: str, holders: Mapping[int, AnnualReturn], why: str) -> None:
    """A blank row for each task or component; `holders`: id → the return it stands in."""
    if kind == "task":
        tasks = [TaskProgress(annual_return=one, task_id=pk) for pk, one in holders.items()]
        _create(TaskProgress, tasks, user, why)
        _create(MeasureState, _states(tasks), user, why)
        return
    _create(ComponentProgress, _components(holders), user, why)


def _components(holders: Mapping[int, AnnualReturn]) -> list[ComponentProgress]:
    """With the planned days of the last round that was approved; else with those of the plan."""
    if not holders:
        return []
    rnd = next(iter(holders.values())).round
    told = sheet.approved_of(ComponentProgress, list(holders), rnd)
    rows = []
    for one in Component.objects.filter(pk__in=holders):
        last = component_from(sheet.before(told.get(one.pk, []), rnd)) or ComponentContent()
        row = ComponentProgress(annual_return=holders[one.pk], component=one)
        row.planned_start = last.planned_start or one.planned_start
        row.planned_end = last.planned_end or one.planned_end
        rows.append(row)
    return rows


def _states(tasks: list[TaskProgress]) -> list[MeasureState]:
    by_task = {row.task_id: row for row in tasks}
    measures = Measure.objects.filter(task__in=by_task).order_by("task", "order")
    return [MeasureState(progress=by_task[one.task_id], measure=one) for one in measures]


def _create(kind: type[Any], rows: list[Any], user: User, why: str) -> None:
    kind.objects.bulk_create(rows, batch_size=500)
    write_history(kind, rows, user, why, created=True)


def follow(following: Following) -> None:
    """What has not gone its way yet moves; what has stays, and the planner is told."""
    laid_down = owners(following.round)
    named = {unit_id for of in laid_down.values() for unit_id in of.values()}
    heir_of = heirs(following.round, named)
    for kind, of in laid_down.items():
        _follow(following, kind, {pk: heir_of[unit_id] for pk, unit_id in of.items()})


def _follow(following: Following, kind: str, wanted: Mapping[int, int]) -> None:
    rows = KINDS[kind].objects.filter(annual_return__round=following.round).select_related(kind)
    have = {getattr(row, f"{kind}_id"): row for row in rows}
    missing = [pk for pk in wanted if pk not in have]
    following.missing += _names(kind, missing)
    able = {pk: wanted[pk] for pk in missing if following.takes(wanted[pk])}
    if able:
        holders = {pk: following.return_of(owner) for pk, owner in able.items()}
        add_blank(following.user, kind, holders, following.why)
        following.touch(*holders.values())
    if len(able) < len(missing):
        count = len(missing) - len(able)
        following.said.append(
            f"{count} 项任务或项目没有加入，因为应填的监测表已报送或审核。{AGAIN}"
        )
    _move(following, kind, [(have[pk], wanted[pk]) for pk in wanted if pk in have])


def _names(kind: str, ids: list[int]) -> list[str]:
    rows: Iterable[Any] = ()
    if ids and kind == "task":
        rows = Task.objects.filter(pk__in=ids)
    elif ids:
        rows = Component.objects.filter(pk__in=ids).select_related("project")
    return [f"“{one}”" for one in rows]


def _move(following: Following, kind: str, held: Iterable[tuple[Any, int]]) -> None:
    holder_of = {one.pk: one for one in following.returns.values()}
    moved, stuck = [], []
    for row, owner in held:
        old = holder_of[row.annual_return_id]
        if old.unit_id == owner:
            continue
        if not (is_untouched(old) and following.takes(owner)):
            stuck.append(row)
            continue
        row.annual_return = following.return_of(owner)
        following.touch(old, row.annual_return)
        moved.append(row)
    upsert(KINDS[kind], moved, ["annual_return_id"])
    write_history(KINDS[kind], moved, following.user, f"{following.why}，转由新的牵头单位填报")
    _move_evidence(following, moved)
    if stuck:
        names = "、".join(f"“{getattr(row, kind)}”" for row in stuck)
        following.said.append(f"{names}所在的监测表已报送或审核过，仍由原表办结。{AGAIN}")


def _move_evidence(following: Following, rows: list[Any]) -> None:
    """Where the other return has the same file already, it stays where it is."""
    holder = {row.key: row.annual_return for row in rows}
    for file in Evidence.objects.filter(part__in=holder):
        target = holder[file.part]
        if not target.evidence.filter(sha256=file.sha256).exists():
            file.annual_return = target
            file._history_user, file._change_reason = following.user, following.why
            file.save(update_fields=["annual_return"])
