"""The rows of 督办 as page, paper and workbook print them: chosen, counted, in order."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from organization.models import User
from plans.models import Plan
from reports.models import Supervision, SupervisionAct, SupervisionState
from reports.supervision.marks import COMPONENT, INDICATOR, PROJECT, TASK
from reports.supervision.standing import UNDER_WAY, Standing, day, days_said, standing
from reports.supervision.subjects import KINDS

Option = tuple[str, str]
NO_NOTE = "尚未报告进展"


@dataclass(frozen=True)
class Line:
    """One row on a day. `note_on`, `note`: what was last reported; None and "" before that."""

    row: Supervision
    status: Standing
    today: date
    note_on: date | None
    note: str

    @property
    def kind(self) -> str:
        if self.row.indicator_id:
            return INDICATOR
        if self.row.task_id:
            return TASK
        return COMPONENT if self.row.component_id else PROJECT

    @property
    def kind_label(self) -> str:
        return KINDS[self.kind]

    @property
    def code(self) -> str:
        """Of what it is about: of the project, for a component."""
        row = self.row
        of = row.indicator or row.task or row.project
        assert of is not None  # a constraint of the table says so
        return of.code

    @property
    def page(self) -> str:
        """The name of the address of what it is about."""
        return PROJECT if self.kind == COMPONENT else self.kind

    @property
    def problem(self) -> str:
        """“明显滞后，还差 30 张”."""
        return "，".join(filter(None, [self.row.label_then, self.row.gap]))

    @property
    def when(self) -> str:
        """“超期 3 天”, while it is under way."""
        return days_said(self.row.deadline, self.today) if self.status.is_open else ""

    @property
    def progress(self) -> str:
        row = self.row
        if self.status == Standing.CANCELLED:
            return f"{row.ended_on} 撤销：{row.outcome}"
        if self.status == Standing.CLOSED:
            proof = f"（{row.document}）" if row.document else ""
            return f"{row.ended_on} 销号：{row.outcome}{proof}"
        return f"{self.note_on} {self.note}" if self.note_on else NO_NOTE


@dataclass(frozen=True)
class Filter:
    """One choice of the form; `chosen` is the value asked for, "" for all."""

    name: str
    label: str
    options: Sequence[Option]
    chosen: str

    @property
    def told(self) -> str:
        labels = [label for value, label in self.options if value == self.chosen]
        return f"{self.label}：{labels[0]}" if self.chosen else ""


@dataclass(frozen=True)
class Count:
    """How many stand so, of those that fit all else that is asked for."""

    status: Standing
    number: int
    is_chosen: bool


@dataclass(frozen=True)
class SupervisionList:
    plan: Plan
    today: date
    lines: Sequence[Line]
    filters: Sequence[Filter]
    counts: Sequence[Count]
    total: int

    @property
    def asked(self) -> dict[str, str]:
        return {one.name: one.chosen for one in self.filters if one.chosen}

    @property
    def asked_said(self) -> str:
        """“状态：逾期；责任单位：养老服务股”."""
        return "；".join(filter(None, [one.told for one in self.filters]))

    @property
    def title(self) -> str:
        sample = "（演示数据）" if self.plan.is_sample else ""
        return f"{self.plan.bureau}督办清单{sample}"

    @property
    def sentence(self) -> str:
        """“截至 2024 年 2 月 20 日，共 3 项：逾期 1 项，办理中 2 项。”"""
        until = f"截至 {day(self.today)}"
        if not self.lines:
            return f"{until}，没有{'符合条件的' if self.asked else ''}督办事项。"
        seen = Counter(line.status for line in self.lines)
        parts = "，".join(f"{one.label} {seen[one]} 项" for one in Standing if seen[one])
        return f"{until}，共 {len(self.lines)} 项：{parts}。"


def supervision_list(plan: Plan, asked: Mapping[str, str], today: date) -> SupervisionList:
    """`asked`: filter → value; values that nothing has are passed over, as if not asked."""
    lines = sorted(lines_of(Supervision.objects.filter(plan=plan), today), key=_pressing)
    filters = [_filter(name, lines, asked) for name in FILTERS]
    chosen = {one.name: one.chosen for one in filters if one.chosen}
    others = {name: value for name, value in chosen.items() if name != STATUS}
    return SupervisionList(
        plan,
        today,
        _fitting(lines, chosen),
        filters,
        _counts(_fitting(lines, others), chosen.get(STATUS, "")),
        len(lines),
    )


def lines_of(rows: QuerySet[Supervision], today: date) -> list[Line]:
    """With what was last reported of each: one query, however many."""
    notes = SupervisionAct.objects.filter(supervision=OuterRef("pk"), verb=SupervisionAct.Verb.NOTE)
    newest = notes.order_by("-on", "-pk")
    rows = rows.select_related("plan__bureau", "unit", "indicator", "task", "project", "component")
    told = rows.annotate(
        note_on=Subquery(newest.values("on")[:1]), note_text=Subquery(newest.values("text")[:1])
    )
    return [_line(row, today) for row in told]


def _line(row: Supervision, today: date) -> Line:
    status = standing(row.state, row.deadline, today)
    note_on, text = row.note_on, row.note_text  # type: ignore[attr-defined]
    return Line(row, status, today, note_on, text or "")


def _pressing(line: Line) -> tuple[bool, int, int]:
    """What is under way by its deadline, the rest by its number, the newest first."""
    row = line.row
    if line.status in UNDER_WAY:
        return (False, row.deadline.toordinal(), row.pk)
    return (True, line.status.rank, -row.pk)


# --- what is chosen ---------------------------------------------------------------------------

STATUS = "status"
UNDER_WAY_ALL = "active"
# Name in the address → heading, and value and label of a line.
FILTERS: Mapping[str, tuple[str, Callable[[Line], Option]]] = {
    STATUS: ("状态", lambda line: (line.status.value, line.status.label)),
    "opened": ("年份", lambda line: (str(line.row.year), f"{line.row.year} 年")),
    "kind": ("类别", lambda line: (line.kind, line.kind_label)),
    "unit": ("责任单位", lambda line: (str(line.row.unit_id), line.row.unit.name)),
    "lead": ("责任领导", lambda line: (line.row.lead, line.row.lead)),
}


def _filter(name: str, lines: Sequence[Line], asked: Mapping[str, str]) -> Filter:
    heading, read = FILTERS[name]
    options = sorted(set(map(read, lines)), key=_in_order(name))
    if name == STATUS and any(line.status in UNDER_WAY for line in lines):
        options = [(UNDER_WAY_ALL, "全部在办"), *options]
    value = asked.get(name, "")
    return Filter(name, heading, options, value if value in dict(options) else "")


def _in_order(name: str) -> Callable[[Option], object]:
    if name == STATUS:
        return lambda option: Standing(option[0]).rank
    if name == "opened":
        return lambda option: -int(option[0])
    return lambda option: option[1]


def _fitting(lines: Iterable[Line], chosen: Mapping[str, str]) -> list[Line]:
    return [
        line for line in lines if all(_fits(line, name, value) for name, value in chosen.items())
    ]


def _fits(line: Line, name: str, value: str) -> bool:
    if name == STATUS and value == UNDER_WAY_ALL:
        return line.status in UNDER_WAY
    return FILTERS[name][1](line)[0] == value


def _counts(lines: Iterable[Line], chosen: str) -> list[Count]:
    seen = Counter(line.status for line in lines)
    return [Count(one, seen[one], one == chosen) for one in Standing]


# --- what waits -------------------------------------------------------------------------------


def under_way(bureau_id: int, today: date, units: frozenset[int] | None = None) -> list[Line]:
    """What is followed up in a bureau, of these units (None: all): one query."""
    rows = Supervision.objects.filter(plan__bureau=bureau_id, state=SupervisionState.OPEN)
    wanted = rows if units is None else rows.filter(unit__in=units)
    return sorted(lines_of(wanted, today), key=_pressing)


def seen_by(user: User, pk: int) -> Supervision | None:
    """The row, where its bureau is the person's."""
    if user.unit is None:
        return None
    rows = Supervision.objects.select_related(
        "plan__bureau", "unit__bureau", "indicator", "task", "project", "component", "opened_by"
    )
    return rows.filter(pk=pk, plan__bureau=user.unit.root_id).first()
