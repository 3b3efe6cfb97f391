"""The sheets 章节任务进展 and 专栏项目进展: columns, sums and notes of a `WorkSummary`.

Computes nothing; the sums are those of the waist, so that page and workbook agree."""

from collections.abc import Iterator

from programs.models import ComponentProgress, WorkStatus
from reports.summary import NONE, Summary
from reports.work_counts import Group
from reports.work_rows import ComponentRow, Money, TaskRow
from reports.workbook_columns import (
    BEHIND_FILL,
    MET_FILL,
    ON_TRACK_FILL,
    OPEN_FILL,
    SLIGHT_FILL,
)
from reports.workbook_sheet import Column, Shade, Table, Total
from reports.works import WorkSummary

FALL = ComponentProgress._meta.get_field("fall_reason").verbose_name
TASKS, PROJECTS = "章节任务进展", "专栏项目进展"
FILLS = {
    WorkStatus.DONE: MET_FILL,
    WorkStatus.UNDER_WAY: ON_TRACK_FILL,
    WorkStatus.BEHIND: BEHIND_FILL,
    WorkStatus.ADJUSTED: SLIGHT_FILL,
    WorkStatus.STOPPED: SLIGHT_FILL,
}
TASK_NOTES = (
    "“措施”为任务在规划中的分项；已完成、调整、终止、未获批准的计为办结。",
    "承诺程度按规划用词分为须完成、推进、探索、争取；“争取”的事项未获批准不作未完成，单独计数。",
    "“—”表示本年没有报送。",
)
PROJECT_NOTES = (
    "投资单位为万元；数量、投资均为规划实施以来累计数，截至数据时点。",
    "承诺程度按规划用词分为须完成、推进、探索、争取；“争取”的事项未获批准不作未完成，单独计数。",
    "“—”表示规划没有写明或本年没有报送，不作零处理。",
)


def task_table(summary: Summary, work: WorkSummary, marks: str) -> Table:
    return Table(
        name=TASKS,
        title=_title(work, TASKS, marks),
        unit_line=_unit_line(summary, work, "项"),
        columns=_task_columns(),
        rows=list(_task_lines(work)),
        sentence=work.task_sentence,
        notes=TASK_NOTES,
        header=marks,
        footer=_footer(work, TASKS),
        frozen=3,
    )


def project_table(summary: Summary, work: WorkSummary, marks: str) -> Table:
    return Table(
        name=PROJECTS,
        title=_title(work, PROJECTS, marks),
        unit_line=_unit_line(summary, work, "万元"),
        columns=_project_columns(),
        rows=list(_project_lines(work)),
        sentence=work.project_sentence + work.stages_said,
        notes=[*PROJECT_NOTES, *_overlaps(work)],
        header=marks,
        footer=_footer(work, PROJECTS),
        frozen=4,
    )


def _title(work: WorkSummary, name: str, marks: str) -> str:
    return f"{work.plan.title}{name}情况（{work.year}年）{marks}"


def _footer(work: WorkSummary, name: str) -> str:
    return f"{work.plan.short_title} {name}情况（{work.year}年）"


def _unit_line(summary: Summary, work: WorkSummary, unit: str) -> tuple[str, ...]:
    as_of = work.as_of
    until = f"{as_of.year}年{as_of.month}月{as_of.day}日" if as_of else "尚无数据"
    return (
        f"编制单位：{summary.plan.bureau.name}",
        f"数据时点：{until}",
        f"数据性质：{summary.nature or '尚无数据'}",
        f"单位：{unit}",
    )


def work_shade(row: TaskRow | ComponentRow) -> Shade:
    status = WorkStatus(row.status)
    return Shade(FILLS.get(status, OPEN_FILL), status == WorkStatus.BEHIND)


# --- tasks ----------------------------------------------------------------------------------------


def _task_columns() -> list[Column]:
    return [
        Column("代码", lambda row: row.code, 7),
        Column("章节", lambda row: row.section, 19, across="left"),
        Column("任务", lambda row: row.name, 26, across="left"),
        Column("承诺程度", lambda row: row.grade, 8.5),
        Column("牵头单位", lambda row: row.unit, 13),
        Column("分管领导", lambda row: row.supervisor or NONE, 17),
        Column("状态", lambda row: row.label, 10.5, shade=work_shade),
        Column("已办结", lambda row: row.ended, 8, "措施（项）"),
        Column("共", lambda row: row.measures, 6, "措施（项）"),
        Column("进展情况", lambda row: row.situation, 46, across="left"),
        Column("原因", lambda row: row.reason, 30, across="left"),
        Column("下一步措施", lambda row: row.next_step, 30, across="left"),
    ]


def _task_lines(work: WorkSummary) -> Iterator[TaskRow | Total]:
    for chapter in work.task_rows:
        yield from chapter.rows
        yield _task_total(f"{chapter.name} 小计", chapter.group)
    yield _task_total("合计", work.whole)


def _task_total(name: str, group: Group) -> Total:
    cells = {"章节": name, "任务": f"{group.tasks}项", "已办结": group.ended_number}
    return Total(cells | {"共": group.measures_number})


# --- projects -------------------------------------------------------------------------------------


def _project_columns() -> list[Column]:
    return [
        Column("代码", lambda row: row.code, 7),
        Column("专栏", lambda row: row.box or NONE, 7.5),
        Column("项目", _project, 21, across="left"),
        Column("子项", lambda row: row.name, 19, across="left"),
        Column("承诺程度", lambda row: row.grade, 8.5),
        Column("乡镇", lambda row: row.townships or NONE, 12),
        Column("计划数量", lambda row: row.planned, 7, "数量"),
        Column("完成数量", lambda row: row.quantity, 7, "数量"),
        Column("单位", lambda row: row.measure or NONE, 6, "数量"),
        Column("计划投资", lambda row: row.money.planned, 9.5, "投资（万元，累计）"),
        Column("到位资金", lambda row: row.money.arrived, 9.5, "投资（万元，累计）"),
        Column("完成投资", lambda row: row.money.spent, 9.5, "投资（万元，累计）"),
        Column("形象\n进度", lambda row: row.stage or NONE, 7),
        Column("完成\n百分比", lambda row: row.percent, 8),
        Column("计划开工", lambda row: _day(row.planned_start), 10, "开工"),
        Column("实际开工", lambda row: _day(row.started_on), 10, "开工"),
        Column("计划完工", lambda row: _day(row.planned_end), 10, "完工"),
        Column("实际完工", lambda row: _day(row.completed_on), 10, "完工"),
        Column("状态", _status, 10.5, shade=work_shade),
        Column("牵头单位", lambda row: row.unit, 12),
        Column("分管领导", lambda row: row.supervisor or NONE, 12),
        Column("进展情况", lambda row: row.situation, 32, across="left"),
        Column("原因", _reason, 24, across="left"),
        Column("下一步措施", lambda row: row.next_step, 24, across="left"),
    ]


def _status(row: ComponentRow) -> str:
    """With the word for what is past its planned end and not called 滞后."""
    overdue = row.is_overdue and row.status != WorkStatus.BEHIND
    return f"{row.label}\n超期" if overdue else row.label


def _reason(row: ComponentRow) -> str:
    """Also why a total fell or changed."""
    fell = f"{FALL}：{row.fall_reason}" if row.fall_reason else ""
    return "\n".join(filter(None, [row.reason, fell]))


def _project(row: ComponentRow) -> str:
    return f"{row.project}（见{row.counted_in}，不计入合计）" if row.counted_in else row.project


def _day(iso: str) -> str:
    """“2023年”, below it “6月30日”: in one line four columns of dates would be too wide."""
    if not iso:
        return NONE
    year, month, day = iso.split("-")
    return f"{year}年\n{int(month)}月{int(day)}日"


def _project_lines(work: WorkSummary) -> Iterator[ComponentRow | Total]:
    for box in work.component_rows:
        yield from box.rows
        yield _money_total(f"{box.name} 小计", box.money)
    yield _money_total("合计", work.money)
    if not work.sought_money.is_blank:
        yield _money_total("其中：争取类", work.sought_money)


def _money_total(name: str, money: Money) -> Total:
    cells = {"项目": name, "计划投资": money.planned, "到位资金": money.arrived}
    return Total(cells | {"完成投资": money.spent})


def _overlaps(work: WorkSummary) -> list[str]:
    """What the plan says twice enters the sums once."""
    same = "；".join(f"{one.project.code}与{one.counted_in}" for one in work.overlapping)
    own = "；".join(work.own_figures)
    notes = [f"内容重叠的项目只在专栏中计数：{same}。"] if same else []
    return [*notes, *([f"其中自行报送了数量或投资、不计入合计的：{own}。"] if own else [])]
