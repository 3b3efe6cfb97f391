"""What is said about a task or a component in one round, as plain values.

The one shape of it: forms are read into it, rules judge it, the rows are written from it, and
what was handed in, approved and published is kept as its JSON (numbers as text, dates as
ISO 8601)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from typing import Any

PARTS = ("planned", "arrived", "spent")


@dataclass(frozen=True)
class MeasureContent:
    """The state of one measure; `done_on` and `document` prove a result."""

    status: str = ""
    done_on: date | None = None
    document: str = ""
    note: str = ""


@dataclass(frozen=True)
class MoneyContent:
    """万元 of one source, totals since the beginning; None says nothing."""

    planned: Decimal | None = None
    arrived: Decimal | None = None
    spent: Decimal | None = None

    @property
    def is_blank(self) -> bool:
        return self.planned is None and self.arrived is None and self.spent is None


@dataclass(frozen=True)
class TaskContent:
    """`measures` by measure id."""

    status: str = ""
    reason: str = ""
    situation: str = ""
    next_step: str = ""
    measures: Mapping[int, MeasureContent] = field(default_factory=dict)


@dataclass(frozen=True)
class ComponentContent:
    """`money` by source, only those that say something."""

    status: str = ""
    reason: str = ""
    situation: str = ""
    next_step: str = ""
    stage: str = ""
    percent: int | None = None
    quantity: Decimal | None = None
    planned_start: date | None = None
    planned_end: date | None = None
    started_on: date | None = None
    completed_on: date | None = None
    document: str = ""
    fall_reason: str = ""
    money: Mapping[str, MoneyContent] = field(default_factory=dict)

    def total(self, part: str) -> Decimal | None:
        """Over all sources; None where no source says anything."""
        told = [getattr(money, part) for money in self.money.values()]
        known = [amount for amount in told if amount is not None]
        return sum(known, Decimal(0)) if known else None


Content = TaskContent | ComponentContent


def to_json(content: Any) -> dict[str, Any]:
    return {one.name: _plain(getattr(content, one.name)) for one in fields(content)}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(one) for key, one in value.items()}
    return value


def task_from(kept: Mapping[str, Any] | None) -> TaskContent | None:
    """None where nothing is kept."""
    if kept is None:
        return None
    measures = {int(key): _measure(one) for key, one in kept["measures"].items()}
    return TaskContent(**{**kept, "measures": measures})


def _measure(kept: Mapping[str, Any]) -> MeasureContent:
    return MeasureContent(**{**kept, "done_on": _day(kept["done_on"])})


DATES = ("planned_start", "planned_end", "started_on", "completed_on")


def component_from(kept: Mapping[str, Any] | None) -> ComponentContent | None:
    if kept is None:
        return None
    days = {name: _day(kept[name]) for name in DATES}
    money = {
        source: MoneyContent(**{part: _number(one[part]) for part in PARTS})
        for source, one in kept["money"].items()
    }
    quantity = _number(kept["quantity"])
    return ComponentContent(**{**kept, **days, "quantity": quantity, "money": money})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
