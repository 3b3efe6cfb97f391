"""The projects of a plan as one list: chosen by what is asked for, with sums that add up.

What is chosen are components, each with its own grade, place and stage; a project stands above
those of its components that fit. Sums run over the components shown. A project named outside of
the boxes that is the same as one of a 专栏 is shown, but counted there only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from indicators.entry import plain
from programs import rollup
from programs.models import Grade, Stage, WorkStatus
from programs.standing import NOT_REPORTED, ComponentStanding, ProjectStanding
from reports.summary import Number
from reports.work_rows import ComponentRow, Money, component_row, money_of, unit_of

OUTSIDE, COUNTY, UNREPORTED = "none", "none", "none"
Option = tuple[str, str]
# What the list can be put in order of, the highest first; with `UP` behind it, the lowest.
COLUMNS = {
    "planned": "计划投资",
    "arrived": "到位资金",
    "spent": "完成投资",
    "rate": "投资完成率",
}
UP = "_up"
UPWARD = tuple(name + UP for name in COLUMNS)


@dataclass(frozen=True)
class Filter:
    """One choice of the form; `chosen` is the value asked for, "" for all."""

    name: str
    label: str
    options: Sequence[Option]
    chosen: str


@dataclass(frozen=True)
class Line:
    """A project with those of its components that are shown; `money` is of these."""

    standing: ProjectStanding
    parts: Sequence[ComponentStanding]

    @property
    def rows(self) -> list[ComponentRow]:
        return [component_row(self.standing, one) for one in self.parts]

    @property
    def money(self) -> Money:
        return money_of(rollup.money(one.content for one in self.parts))

    @property
    def is_late(self) -> bool:
        """By what is promised; what is only sought is late apart."""
        promised = [one for one in self.parts if not one.is_sought]
        return not self.standing.is_sought and any(one.is_late for one in promised)

    @property
    def is_whole(self) -> bool:
        """In one piece: one line says everything."""
        return len(self.standing.components) == 1

    @property
    def hidden(self) -> int:
        """Components that do not fit what is asked for."""
        return len(self.standing.components) - len(self.parts)


@dataclass(frozen=True)
class Sums:
    """`projects` and `components` that are counted; `overlapping` projects that are not.
    `spanning`: components of several townships, whose amounts are of all of them."""

    projects: int
    components: int
    overlapping: int
    late: int
    money: Money
    spanning: int = 0


@dataclass(frozen=True)
class BoxPart:
    """The projects of one 专栏, or those named outside of them."""

    name: str
    lines: Sequence[Line]
    sums: Sums


@dataclass(frozen=True)
class ProjectList:
    filters: Sequence[Filter]
    boxes: Sequence[BoxPart]
    sums: Sums
    late_only: bool
    asked: Mapping[str, str]
    unknown: Sequence[str] = ()
    sort: str = ""

    @property
    def sorts(self) -> Sequence[Option]:
        """What a phone, which shows no headings, chooses the order from."""
        return [("", "规划顺序"), *((name, order_text(name)) for name in (*COLUMNS, *UPWARD))]

    @property
    def spanning(self) -> int:
        """Where one township is asked for: components shown that are of others as well."""
        return self.sums.spanning if self.asked.get("township", COUNTY) != COUNTY else 0


def project_list(projects: Sequence[ProjectStanding], asked: Mapping[str, str]) -> ProjectList:
    """`projects`: in the order of the plan, with places. `asked`: filter → value; values that
    nothing has are passed over, and the page says so (`unknown`: labels of these filters)."""
    filters = [_filter(name, projects, asked) for name in FILTERS]
    late, sort = asked.get("late") == "1", _sort_named(asked.get("sort", ""))
    chosen = {one.name: one.chosen for one in filters if one.chosen}
    lines = [Line(one, _fitting(one, chosen, late)) for one in projects]
    shown = [line for line in lines if line.parts]
    return ProjectList(
        filters,
        _ranked(shown, sort) if sort else _by_box(shown),
        _sums(shown),
        late,
        chosen | ({"late": "1"} if late else {}),
        [one.label for one in filters if asked.get(one.name) and not one.chosen],
        sort,
    )


def _fitting(
    project: ProjectStanding, chosen: Mapping[str, str], late: bool
) -> list[ComponentStanding]:
    """Those components that have all that is asked for."""
    return [
        one
        for one in project.components
        if (one.is_late or not late)
        and all(value in dict(FILTERS[name].of(project, one)) for name, value in chosen.items())
    ]


# --- what can be asked for -----------------------------------------------------------------------


@dataclass(frozen=True)
class Aspect:
    """`of`: what a component has, as (value, label). `order` of the values, if they have one."""

    label: str
    of: Callable[[ProjectStanding, ComponentStanding], Iterable[Option]]
    order: Sequence[str] = ()


def _box_of(project: ProjectStanding, one: ComponentStanding) -> Iterable[Option]:
    box = project.project.box
    return [(str(box.number), str(box)) if box else (OUTSIDE, "专栏外")]


def _grade(project: ProjectStanding, one: ComponentStanding) -> Iterable[Option]:
    return [(one.component.grade, one.component.get_grade_display())]


def _townships(project: ProjectStanding, one: ComponentStanding) -> Iterable[Option]:
    units = one.component.townships.all()
    return [(unit.code, unit.name) for unit in units] or [(COUNTY, "未分到乡镇")]


def _unit(project: ProjectStanding, one: ComponentStanding) -> Iterable[Option]:
    return [(project.lead.unit.code if project.lead else "none", unit_of(project.lead))]


def _stage(project: ProjectStanding, one: ComponentStanding) -> Iterable[Option]:
    if not project.project.has_stages:
        return []
    stage = one.content.stage if one.content else ""
    return [(stage, Stage(stage).label) if stage else (UNREPORTED, NOT_REPORTED)]


def _status(project: ProjectStanding, one: ComponentStanding) -> Iterable[Option]:
    return [(one.status or UNREPORTED, one.label)]


FILTERS: Mapping[str, Aspect] = {
    "box": Aspect("专栏", _box_of),
    "grade": Aspect("承诺程度", _grade, Grade.values),
    "township": Aspect("乡镇", _townships),
    "unit": Aspect("牵头单位", _unit),
    "stage": Aspect("形象进度", _stage, [*filter(None, Stage.values), UNREPORTED]),
    "status": Aspect("状态", _status, [*filter(None, WorkStatus.values), UNREPORTED]),
}


def _filter(name: str, projects: Sequence[ProjectStanding], asked: Mapping[str, str]) -> Filter:
    aspect = FILTERS[name]
    found: dict[str, str] = {}
    for project in projects:
        for one in project.components:
            found.update(aspect.of(project, one))
    values = list(aspect.order) or sorted(found, key=lambda value: (value == "none", value))
    options = [(value, found[value]) for value in values if value in found]
    value = asked.get(name, "")
    return Filter(name, aspect.label, options, value if value in found else "")


# --- put in order of their money -----------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """A column of money: `aria` of its order, "" where the list has another; the address that
    puts the list in order of it, or turns the order round."""

    label: str
    aria: str
    query: str


def headings(found: ProjectList, query: Callable[..., str]) -> list[Heading]:
    """`query`: what is asked for as an address, with changes."""
    return [
        Heading(label, _aria(name, found.sort), query(sort=name + UP * (name == found.sort)))
        for name, label in COLUMNS.items()
    ]


def _aria(name: str, sort: str) -> str:
    return {name: "descending", name + UP: "ascending"}.get(sort, "")


def money_cells(money: Money) -> tuple[Number, ...]:
    """As `COLUMNS` names them."""
    return (*money.cells, rate_of(money))


def rate_of(money: Money) -> Number:
    """What is spent of what is planned; unknown without a plan."""
    planned, spent = money.planned.value, money.spent.value
    if not planned or spent is None:
        return Number(None)
    rate = spent / planned
    percent = (rate * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Number(rate, f"{plain(percent)}%")


def _sort_named(asked: str) -> str:
    return asked if asked in (*COLUMNS, *UPWARD) else ""


def order_text(sort: str) -> str:
    return f"{COLUMNS[sort.removesuffix(UP)]}从{'低到高' if sort in UPWARD else '高到低'}"


def _ranked(lines: Sequence[Line], sort: str) -> list[BoxPart]:
    """All in one list; what has no amount comes last either way."""
    place = list(COLUMNS).index(sort.removesuffix(UP))
    values = [(money_cells(line.money)[place].value, line) for line in lines]
    known = [(value, line) for value, line in values if value is not None]
    known.sort(key=lambda one: one[0], reverse=sort not in UPWARD)
    ranked = [line for _, line in known] + [line for value, line in values if value is None]
    return [BoxPart(f"按{order_text(sort)}", ranked, _sums(ranked))] if ranked else []


# --- parted and added up -------------------------------------------------------------------------


def _by_box(lines: Iterable[Line]) -> list[BoxPart]:
    """The boxes in their order, then what is named outside of them."""
    parts = groupby(sorted(lines, key=_place), key=_place)
    grouped = [list(some) for _, some in parts]
    return [BoxPart(_box_name(some[0]), some, _sums(some)) for some in grouped]


def _place(line: Line) -> tuple[bool, int]:
    box = line.standing.project.box
    return (box is None, box.number if box else 0)


def _box_name(line: Line) -> str:
    box = line.standing.project.box
    return str(box) if box else "专栏外的项目"


def _sums(lines: Sequence[Line]) -> Sums:
    counted = [line for line in lines if line.standing.counts]
    parts = [part for line in counted for part in line.parts]
    return Sums(
        projects=len(counted),
        components=len(parts),
        overlapping=len(lines) - len(counted),
        late=sum(line.is_late for line in counted),
        money=money_of(rollup.money(part.content for part in parts)),
        spanning=sum(len(part.component.townships.all()) > 1 for part in parts),
    )
