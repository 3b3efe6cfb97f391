"""From one state of an indicator to another: turned better or worse, and how that is said.

Pure: statuses and numbers in, words out. What could not be judged at one of the ends has turned
neither better nor worse."""

from decimal import Decimal
from enum import StrEnum

from indicators.progress import Comparator, Status
from programs.models import WorkStatus

# From the worst to the best; `reports.summary.SEVERITY` and GOOD in one row.
RANK = {
    status: place
    for place, status in enumerate(
        (
            Status.MISSED_TARGET,
            Status.WORSE_THAN_BASE,
            Status.FAR_BEHIND,
            Status.BELOW,
            Status.SLIGHTLY_BEHIND,
            Status.ON_PACE,
            Status.AHEAD,
            Status.MET,
        )
    )
}


class Direction(StrEnum):
    """The order of a page that shows what got worse first; each has its own word and sign."""

    WORSE = "worse"
    GONE = "gone"
    BETTER = "better"
    NEW = "new"
    SAME = "same"
    OPEN = "open"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def rank(self) -> int:
        return list(Direction).index(self)

    @property
    def moved(self) -> bool:
        return self not in (Direction.SAME, Direction.OPEN)


_LABELS = {
    Direction.WORSE: "转差",
    Direction.GONE: "不再评价",
    Direction.BETTER: "转好",
    Direction.NEW: "首次评价",
    Direction.SAME: "未变",
    Direction.OPEN: "均未评价",
}


def direction(then: Status, now: Status) -> Direction:
    before, after = RANK.get(then), RANK.get(now)
    if before is None or after is None:
        return _open(before is not None, after is not None)
    if before == after:
        return Direction.SAME
    return Direction.BETTER if after > before else Direction.WORSE


def _open(judged_then: bool, judged_now: bool) -> Direction:
    if judged_now:
        return Direction.NEW
    return Direction.GONE if judged_then else Direction.OPEN


def fall(then: Status, now: Status) -> int:
    """By how many ranks it got worse; negative where it got better, 0 where nothing is said."""
    before, after = RANK.get(then), RANK.get(now)
    return 0 if before is None or after is None else before - after


def turned(then: str, now: str) -> str:
    """“由“略有滞后”转为“符合序时””; labels in, "" where they are the same."""
    return "" if then == now else f"由“{then}”转为“{now}”"


class Trend(StrEnum):
    """Of a value, by what the plan wants of it: more or less."""

    BETTER = "better"
    WORSE = "worse"
    LEVEL = "level"
    NONE = ""

    @property
    def label(self) -> str:
        return {"better": "改善", "worse": "变差", "level": "持平", "": ""}[self.value]


def trend(then: Decimal | None, now: Decimal | None, comparator: Comparator) -> Trend:
    if then is None or now is None:
        return Trend.NONE
    gained = comparator.excess(now, then)
    if gained == 0:
        return Trend.LEVEL
    return Trend.BETTER if gained > 0 else Trend.WORSE


def both(direction: Direction, trend: Trend) -> tuple[str, str]:
    """(of the value, of the status): where they went opposite ways both are named, “数值改善”,
    “评价转差”; else the status alone, ("", "转差")."""
    opposite = {Direction.WORSE: Trend.BETTER, Direction.BETTER: Trend.WORSE}
    if opposite.get(direction) is trend:
        return f"数值{trend.label}", f"评价{direction.label}"
    return "", direction.label


def lateness(status: str, is_late: bool) -> str:
    """Of a task or project: behind by its own word, or only past its planned end; else ""."""
    if not is_late:
        return ""
    return "滞后" if status == WorkStatus.BEHIND else "超期"


def late_turned(then: str, now: str) -> str:
    """“新超期”, “仍滞后”, “由滞后转为超期”, “不再滞后”; each end as by `lateness`."""
    if not then:
        return f"新{now}" if now else ""
    if not now:
        return f"不再{then}"
    return f"仍{now}" if then == now else f"由{then}转为{now}"


def relative(then: Decimal | None, now: Decimal | None, comparator: Comparator) -> Decimal:
    """How much better, as a share of what it was; to sort by, never printed. 0 where nothing can
    be said."""
    if then is None or now is None:
        return Decimal(0)
    gained = comparator.excess(now, then)
    return gained / abs(then) if then else gained
