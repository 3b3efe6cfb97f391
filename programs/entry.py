"""What was typed about a task or a component, read into `content`. Bad input is a sentence at its
field; nothing is guessed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeVar

from indicators.entry import GROUPED, PLAIN, NotANumber, half_width, read_date
from indicators.models import LARGEST
from programs.content import (
    PARTS,
    ComponentContent,
    MeasureContent,
    MoneyContent,
    TaskContent,
)
from programs.models import Source, Stage, WorkStatus

Value = TypeVar("Value")
LONGEST = {"reason": 500, "situation": 2000, "next_step": 2000, "note": 300, "document": 200}
LONGEST |= {"fall_reason": 300}
NAMES = {"reason": "原因", "situation": "进展情况", "next_step": "下一步措施"}
NAMES |= {"note": "说明", "document": "依据文件", "fall_reason": "减少或调整原因"}


@dataclass
class Reader:
    """Reads the fields of one form; `faults` by field name."""

    posted: Mapping[str, str]
    faults: dict[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        typed = self.posted.get(name, "").replace("\r\n", "\n").strip()
        kind = name.rpartition("-")[2]
        if len(typed) > LONGEST[kind]:
            self.faults[name] = f"{NAMES[kind]}最多 {LONGEST[kind]} 字，现有 {len(typed)} 字。"
        return typed

    def choice(self, name: str, values: Iterable[str]) -> str:
        typed = self.posted.get(name, "")
        if typed in values:
            return typed
        self.faults[name] = "没有这个选项，请重新选择。"
        return ""

    def day(self, name: str) -> date | None:
        return self._read(name, read_date)

    def percent(self, name: str) -> int | None:
        return self._read(name, _percent)

    def amount(self, name: str, places: int) -> Decimal | None:
        return self._read(name, lambda typed: _amount(typed, places))

    def _read(self, name: str, read: Callable[[str], Value | None]) -> Value | None:
        try:
            return read(self.posted.get(name, ""))
        except NotANumber as error:
            self.faults[name] = str(error)
            return None


def read_task(posted: Mapping[str, str], measures: Iterable[int]) -> tuple[TaskContent, dict]:
    """The content, and the faults by field name. `measures`: ids of those of the task."""
    reader = Reader(posted)
    content = TaskContent(
        **_common(reader),
        measures={key: _measure(reader, f"m{key}") for key in measures},
    )
    return content, reader.faults


def _common(reader: Reader) -> dict[str, str]:
    return {
        "status": reader.choice("status", WorkStatus.values),
        "reason": reader.text("reason"),
        "situation": reader.text("situation"),
        "next_step": reader.text("next_step"),
    }


def _measure(reader: Reader, prefix: str) -> MeasureContent:
    return MeasureContent(
        status=reader.choice(f"{prefix}-status", WorkStatus.values),
        done_on=reader.day(f"{prefix}-done_on"),
        document=reader.text(f"{prefix}-document"),
        note=reader.text(f"{prefix}-note"),
    )


def read_component(posted: Mapping[str, str]) -> tuple[ComponentContent, dict]:
    reader = Reader(posted)
    days = ("planned_start", "planned_end", "started_on", "completed_on")
    content = ComponentContent(
        **_common(reader),
        **{name: reader.day(name) for name in days},
        stage=reader.choice("stage", Stage.values),
        percent=reader.percent("percent"),
        quantity=reader.amount("quantity", 2),
        document=reader.text("document"),
        fall_reason=reader.text("fall_reason"),
        money=_money(reader),
    )
    return content, reader.faults


def _money(reader: Reader) -> dict[str, MoneyContent]:
    told = {
        source: MoneyContent(**{part: reader.amount(f"money-{source}-{part}", 4) for part in PARTS})
        for source in Source.values
    }
    return {source: money for source, money in told.items() if not money.is_blank}


def _percent(typed: str) -> int | None:
    text = half_width(typed).removesuffix("%").rstrip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or int(text[:9]) > 100:
        raise NotANumber(f"应为 0 至 100 之间的整数，现为“{typed.strip()[:20]}”。")
    return int(text)


def _amount(typed: str, places: int) -> Decimal | None:
    """A number that is not negative, with at most so many places."""
    text = half_width(typed)
    if not text:
        return None
    if not PLAIN.fullmatch(text) and not GROUPED.fullmatch(text):
        raise NotANumber(f"应填数字，现为“{text[:20]}”。")
    number = Decimal(text.replace(",", ""))
    exponent = number.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > places:
        raise NotANumber(f"最多 {places} 位小数，现为 {number:f}。")
    if number < 0 or number > LARGEST / 1000:
        raise NotANumber(f"应为不小于 0 的数，且不超过系统能存的范围，现为 {number:f}。")
    return number
