"""What tasks and projects say in the sample (`indicators/sample.py`), return by return.

Read from the folder `sample` beside the plan's own files. A measure says what progress_measures.csv
says of it from that day on; the others follow their task."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from indicators import evidence
from indicators.models import AnnualReturn, Round, RoundNature
from indicators.parts import Named
from organization.models import User
from plans.models import Plan
from plans.tables import PlanFolderError, Row, read_table
from programs import sheet
from programs.content import (
    ComponentContent,
    Content,
    MeasureContent,
    MoneyContent,
    TaskContent,
)
from programs.models import Measure, Source, Stage, TaskProgress, WorkStatus
from programs.sample_pictures import SCENES, picture
from programs.workflow import save_each

COMMON = "状态 原因 进展情况 下一步措施"
COMPONENT = "批次 项目代码 子项序"
COLUMNS = {
    "progress_tasks.csv": f"批次 任务代码 {COMMON}",
    "progress_measures.csv": "任务代码 措施序 状态 日期 依据文件 说明",
    "progress_projects.csv": f"{COMPONENT} {COMMON} 形象进度 百分比 完成数量 计划开工 计划完工 "
    "实际开工 实际完工 减少或调整原因 依据文件",
    "progress_money.csv": f"{COMPONENT} 资金来源 计划 到位 完成",
    "pictures.csv": f"{COMPONENT} 画面 文件名 说明",
}
STATUSES = {status.label: status.value for status in WorkStatus if status}
STAGES = {stage.label: stage.value for stage in Stage if stage}
SOURCES = {source.label: source.value for source in Source}
# A measure of which the table says nothing says the same as its task, if that is one of these;
# else 推进中.
FOLLOWING = (WorkStatus.DONE, WorkStatus.NOT_STARTED)


class Progress:
    """The tables by place: the key of a round, a code, the number of a component: "2023 Z3-3 1"."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder, self.faults = folder, list[str]()
        self.measures: dict[str, list[tuple[date, MeasureContent]]] = {}
        for row in self._rows("progress_measures.csv"):
            place = _place(row, "任务代码 措施序")
            self.measures.setdefault(place, []).append((_day(row), _measure(row)))
        self.money: dict[str, dict[str, MoneyContent]] = {}
        for row in self._rows("progress_money.csv"):
            sources = self.money.setdefault(_place(row), {})
            sources[row.choice("资金来源", SOURCES) or ""] = _money(row)
        self.tasks = {
            _place(row, "批次 任务代码"): TaskContent(**_common(row))
            for row in self._rows("progress_tasks.csv")
        }
        self.components = {
            _place(row): _component(row, self.money.get(_place(row), {}))
            for row in self._rows("progress_projects.csv")
        }
        self.pictures = {_place(row): _picture(row) for row in self._rows("pictures.csv")}
        if self.faults:
            raise PlanFolderError(self.faults)

    def _rows(self, name: str) -> list[Row]:
        return read_table(self.folder, name, COLUMNS[name].split(), self.faults)

    def fill(self, clerk: User, annual_return: AnnualReturn, key: str) -> None:
        """Saves what the tables say for the round `key`; what they leave out stays blank."""
        known = _known(annual_return.round)
        saved = save_each(clerk, annual_return.pk, lambda line: self._said(line, key, known))
        for line in saved:
            if drawn := self.pictures.get(f"{key} {_name(line)}"):
                scene, name, note = drawn
                part = Named(line.key, line.label, "")
                evidence.attach(clerk, annual_return, None, name, picture(scene), note, part=part)

    def _said(self, line: sheet.Line, key: str, known: date) -> Content | None:
        place = f"{key} {_name(line)}"
        if not isinstance(line.row, TaskProgress):
            return self.components.get(place)
        task = self.tasks.get(place)
        if task is None:
            return None
        states = line.row.measure_states.all()
        measures = {one.measure_id: self._state(one.measure, line, task, known) for one in states}
        return replace(task, measures=measures)

    def _state(
        self, measure: Measure, line: sheet.Line, task: TaskContent, known: date
    ) -> MeasureContent:
        told = self.measures.get(f"{_name(line)} {measure.order}", [])
        following = MeasureContent(
            task.status if task.status in FOLLOWING else WorkStatus.UNDER_WAY
        )
        return next((state for since, state in reversed(told) if since <= known), following)


def _known(rnd: Round) -> date:
    """Until when things had happened when the round was reported: a forecast is made before."""
    forecast = rnd.nature == RoundNature.FORECAST
    return rnd.due_on if forecast and rnd.due_on else rnd.as_of


def _name(line: sheet.Line) -> str:
    """“4.1-1”, “Z3-3 1”: as the tables name it."""
    if isinstance(line.row, TaskProgress):
        return line.row.task.code
    component = line.row.component
    return f"{component.project.code} {component.order}"


# --- rows --------------------------------------------------------------------------------------


def _place(row: Row, columns: str = COMPONENT) -> str:
    return " ".join(row.text(column) for column in columns.split())


def _day(row: Row) -> date:
    return row.date("日期") or date.max


def _common(row: Row) -> dict[str, Any]:
    return {
        "status": row.choice("状态", STATUSES) or "",
        "reason": row.text("原因", required=False, max_length=500),
        "situation": row.text("进展情况"),
        "next_step": row.text("下一步措施", required=False),
    }


def _measure(row: Row) -> MeasureContent:
    status = row.choice("状态", STATUSES) or ""
    return MeasureContent(
        status,
        row.date("日期") if status == WorkStatus.DONE else None,
        row.text("依据文件", required=False, max_length=200),
        row.text("说明", required=False, max_length=300),
    )


def _component(row: Row, money: dict[str, MoneyContent]) -> ComponentContent:
    return ComponentContent(
        **_common(row),
        stage=row.choice("形象进度", STAGES, required=False) or "",
        percent=row.integer("百分比", required=False),
        quantity=row.decimal("完成数量", required=False),
        planned_start=row.date("计划开工", required=False),
        planned_end=row.date("计划完工", required=False),
        started_on=row.date("实际开工", required=False),
        completed_on=row.date("实际完工", required=False),
        document=row.text("依据文件", required=False, max_length=200),
        fall_reason=row.text("减少或调整原因", required=False, max_length=300),
        money=money,
    )


def _money(row: Row) -> MoneyContent:
    return MoneyContent(*(row.decimal(column) for column in ("计划", "到位", "完成")))


def _picture(row: Row) -> tuple[str, str, str]:
    row.choice("画面", SCENES)
    return row.text("画面"), row.text("文件名"), row.text("说明")
