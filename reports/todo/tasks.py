"""A task and how it is told; knows nothing of tables or of the clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SOON = 7  # days before the due date


class Urgency(StrEnum):
    """The order of the page; each also has its own word and look."""

    OVERDUE = "overdue"
    SOON = "soon"
    OPEN = "open"
    INFO = "info"

    @property
    def rank(self) -> int:
        return list(Urgency).index(self)


class Kind(StrEnum):
    """What kind of work it is; the page has one section for each, in this order."""

    SENT_BACK = "sent_back"
    REOPENED = "reopened"
    DUE = "due"
    REVIEW = "review"
    REQUESTS = "requests"
    TO_REPORT = "to_report"
    LATE_ROUNDS = "late_rounds"
    SUPERVISED = "supervised"
    TO_PUBLISH = "to_publish"
    TO_CORRECT = "to_correct"
    LAGGARDS = "laggards"
    NO_BASE = "no_base"
    TO_VERIFY = "to_verify"
    NEWS = "news"
    RISKS = "risks"
    LATE_WORKS = "late_works"
    ACCOUNTS = "accounts"
    AUDIT = "audit"

    @property
    def label(self) -> str:
        return _TITLES[self][0]

    @property
    def hint(self) -> str:
        return _TITLES[self][1]


_TITLES = {
    Kind.SENT_BACK: ("已退回，待修改", "按退回原因改正后重新报送"),
    Kind.REOPENED: ("重新开启的数据", "只有开启的数据可以修改，改后重新报送"),
    Kind.DUE: ("待报送", "填齐后报送，交审核员审核"),
    Kind.REVIEW: ("待审核", "通过，或写明原因退回"),
    Kind.REQUESTS: ("修改申请", "已审核的数据要改动时提出"),
    Kind.TO_REPORT: ("督办事项待报进展", "还没有报告进展，或已 30 天没有新的进展"),
    Kind.SUPERVISED: ("督办临期、逾期", "时限前 30 天以内或已过时限，尚未销号"),
    Kind.LATE_ROUNDS: ("催报", "逾期或尚未报送的单位"),
    Kind.TO_PUBLISH: ("可以定稿发布", "监测表全部审核通过"),
    Kind.TO_CORRECT: ("更正待发布", "重新开启后已审核通过，尚未发布"),
    Kind.LAGGARDS: ("滞后指标未说明", "发布前须写明原因和下一步措施"),
    Kind.NO_BASE: ("指标缺基期值", "缺基期值的指标多数年份不能评价"),
    Kind.TO_VERIFY: ("待核事项", "预填或存疑的内容，核对后修改"),
    Kind.NEWS: ("新发布", "最近 30 天定稿发布或更正的数据"),
    Kind.RISKS: ("约束性指标风险", "按最新发布数据滞后或未达标"),
    Kind.LATE_WORKS: ("滞后和超期的任务、项目", "按最新发布的进展滞后，或超过计划完工时间未完成"),
    Kind.ACCOUNTS: ("账号与单位", "从未登录、久未登录的账号和待确认的单位"),
    Kind.AUDIT: ("审计", "登录与操作记录"),
}


@dataclass(frozen=True)
class Task:
    """One thing to do. `days_late`: days since it was due, negative before; None without date."""

    kind: Kind
    title: str
    detail: str = ""
    url: str = ""
    due_on: date | None = None
    days_late: int | None = None
    urgency: Urgency = Urgency.OPEN

    @property
    def when(self) -> str:
        return days_text(self.days_late)


@dataclass(frozen=True)
class Group:
    """All tasks of one kind, the most urgent first."""

    kind: Kind
    tasks: tuple[Task, ...]

    @property
    def title(self) -> str:
        return self.kind.label

    @property
    def hint(self) -> str:
        return self.kind.hint

    @property
    def has_dates(self) -> bool:
        """Whether one of them is due on a day, or urgent."""
        return any(task.when or task.urgency == Urgency.SOON for task in self.tasks)


def grouped(tasks: Iterable[Task]) -> list[Group]:
    """Sections in the order of `Kind`; within one the order given, the urgent first."""
    ordered = sorted(tasks, key=lambda task: (task.urgency.rank, -(task.days_late or 0)))
    groups = [Group(kind, tuple(t for t in ordered if t.kind == kind)) for kind in Kind]
    return [group for group in groups if group.tasks]


def days_text(days_late: int | None) -> str:
    """“逾期 3 天”, “今天截止”, “还有 5 天”."""
    if days_late is None:
        return ""
    if days_late > 0:
        return f"逾期 {days_late} 天"
    return "今天截止" if days_late == 0 else f"还有 {-days_late} 天"


def urgency_of(days_late: int | None) -> Urgency:
    if days_late is None or days_late < -SOON:
        return Urgency.OPEN
    return Urgency.OVERDUE if days_late > 0 else Urgency.SOON


def day(one: date) -> str:
    return f"{one.year} 年 {one.month} 月 {one.day} 日"
