"""What the verbs of 督办 ask of the words and days they are given. Each raises a sentence that says
what to do."""

from datetime import date

from indicators.workflow import Conflict, WorkflowError
from indicators.workflow.steps import refuse_identity
from reports.models import Supervision

LONGEST = 1000
LONGEST_LINE = {"编号字头": 20, "责任领导": 60, "依据文件": 200}


def refuse_state(row: Supervision, state: str, act: str) -> None:
    if row.state != state:
        raise Conflict(f"这条督办现在是“{row.get_state_display()}”，不能{act}；请刷新页面查看。")


def refuse_day(name: str, on: date, earliest: date, today: date) -> None:
    if on > today:
        raise WorkflowError(f"{name}日期不能晚于今天，请改正。")
    if on < earliest:
        raise WorkflowError(f"{name}日期不能早于开启日期 {earliest.isoformat()}，请改正。")


def text_of(place: str, text: str, needed: bool = True) -> str:
    return _said(place, text.replace("\r\n", "\n").strip(), LONGEST, needed)


def line_of(place: str, text: str, needed: bool = True) -> str:
    return _said(place, " ".join(text.split()), LONGEST_LINE[place], needed)


def _said(place: str, text: str, most: int, needed: bool) -> str:
    if needed and not text:
        raise WorkflowError(f"请填写{place}。")
    if len(text) > most:
        raise WorkflowError(f"{place}最多 {most} 字，现有 {len(text)} 字，请缩短。")
    refuse_identity(place, text)
    return text
