"""How a 督办 stands on a day: derived from its deadline, never stored. Pure but for the choices."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from reports.models import SupervisionState

SOON = 30  # days before the deadline


class Standing(StrEnum):
    """In the order of the list: what is most pressing first."""

    OVERDUE = "overdue"
    SOON = "due_soon"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return LABELS[self]

    @property
    def badge(self) -> str:
        """The class of its badge; one shape and colour for a status everywhere."""
        return BADGES[self]

    @property
    def rank(self) -> int:
        return list(Standing).index(self)

    @property
    def is_open(self) -> bool:
        return self in UNDER_WAY


UNDER_WAY = frozenset({Standing.OVERDUE, Standing.SOON, Standing.OPEN})
LABELS = {
    Standing.OVERDUE: "逾期",
    Standing.SOON: "临期",
    Standing.OPEN: "办理中",
    Standing.CLOSED: "已销号",
    Standing.CANCELLED: "已撤销",
}
BADGES = {
    Standing.OVERDUE: "overdue",
    Standing.SOON: "due_soon",
    Standing.OPEN: "under_way",
    Standing.CLOSED: "done",
    Standing.CANCELLED: "stopped",
}


def standing(state: str, deadline: date, today: date) -> Standing:
    """The last day of the deadline is not late yet."""
    if state == SupervisionState.CLOSED:
        return Standing.CLOSED
    if state == SupervisionState.CANCELLED:
        return Standing.CANCELLED
    left = (deadline - today).days
    if left < 0:
        return Standing.OVERDUE
    return Standing.SOON if left <= SOON else Standing.OPEN


def day(one: date) -> str:
    return f"{one.year} 年 {one.month} 月 {one.day} 日"


def days_said(deadline: date, today: date) -> str:
    """“超期 3 天”, “今天到期”, “还有 5 天”."""
    left = (deadline - today).days
    if left < 0:
        return f"超期 {-left} 天"
    return f"还有 {left} 天" if left else "今天到期"


@dataclass(frozen=True)
class Mark:
    """An open row as other pages show it beside what it is about. `is_past`: beside data of a year
    that others followed, where it is said that it is the 督办 of today."""

    pk: int
    number: str
    status: Standing
    deadline: date
    is_past: bool = False
