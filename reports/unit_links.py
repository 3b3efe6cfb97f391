"""The units of a bureau, what is collected from them, which work they lead and help with, what
they said of their indicators and what is followed up with them, in one query: small tables that
the pages of units need together (as `chronicle.py` does for an indicator)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast, Concat

from indicators.entry import Texts
from indicators.models import (
    ByTownship,
    DataItem,
    Explanation,
    ItemKind,
    Responsibility,
    Round,
    Term,
)
from organization.models import Unit, UnitKind
from organization.prepared import Prepared
from plans.models import Plan
from programs.laid_out import PROJECT, TASK, Lead
from programs.laid_out import UnitLine as LeadUnit
from programs.models import Assignment, Component, Project, Task
from reports.models import Supervision, SupervisionAct, SupervisionState, number_of
from reports.supervision.listing import NO_NOTE
from reports.supervision.standing import Standing, days_said, standing

UNIT, ITEM, DUTY, TEXT = "unit", "item", "duty", "text"
LEAD, TOWN, FOLLOWED = "lead", "town", "followed"
HELPED = {TASK: "helped task", PROJECT: "helped project"}
Key = tuple[str, int]


class Line(NamedTuple):
    """One row; what the columns mean is said where the kind is read (`_unit`, `_items`, `_texts`);
    DUTY: the unit `b` fills in the item `pk` from the year `a` on. HELPED, TOWN: unit, thing.
    FOLLOWED: year, number and unit of a 督办, prefix, title, leader, deadline, last report."""

    kind: str
    pk: int
    a: int | None
    b: int | None
    c: int | None
    d: int | None
    first: str
    second: str
    third: str
    fourth: str
    fifth: str | None
    flag: bool


@dataclass(frozen=True)
class UnitLine:
    pk: int
    code: str
    name: str
    kind: str
    order: int
    supervisor: str
    valid_from: int
    valid_until: int | None
    successor_id: int | None
    basis_document: str
    is_assumption: bool

    @property
    def kind_label(self) -> str:
        return str(UnitKind(self.kind).label)

    @property
    def is_township(self) -> bool:
        return self.kind == UnitKind.TOWNSHIP

    def is_valid_in(self, year: int) -> bool:
        """As `Unit.is_valid_in`."""
        return self.valid_from <= year and (self.valid_until is None or self.valid_until >= year)


@dataclass(frozen=True)
class ItemLine:
    """A data item; `owner`: id of the unit that fills it in that year. `indicator`: code of the
    first indicator it goes into."""

    pk: int
    code: str
    name: str
    measure: str
    order: int
    is_yes_no: bool
    by_township: bool
    owner: int | None
    indicator: str


@dataclass(frozen=True)
class FollowedUp:
    """A 督办 that is under way; `note`: what was last reported with its day, "" before that."""

    pk: int
    number: str
    title: str
    unit: UnitLine
    lead: str
    deadline: date
    note: str

    def on(self, today: date) -> "FollowedOn":
        status = standing(SupervisionState.OPEN, self.deadline, today)
        return FollowedOn(self, status, days_said(self.deadline, today))


@dataclass(frozen=True)
class FollowedOn:
    """How it stands on a day; `when`: “超期 3 天”."""

    it: FollowedUp
    status: Standing
    when: str

    @property
    def progress(self) -> str:
        return self.it.note or NO_NOTE


@dataclass(frozen=True)
class UnitLinks:
    """`units` in their order; `texts` by indicator id, the newest published; `leads` of tasks and
    projects, by kind and id; `helpers`: kind and id → ids of units; `places`: component id → ids
    of townships; `followed`: what is followed up, by its deadline."""

    units: Mapping[int, UnitLine]
    items: Sequence[ItemLine]
    texts: Mapping[int, Texts]
    leads: Mapping[str, Mapping[int, Lead]]
    helpers: Mapping[Key, Collection[int]]
    places: Mapping[int, Collection[int]]
    followed: Sequence[FollowedUp]

    def named(self, code: str) -> UnitLine | None:
        return next((one for one in self.units.values() if one.code == code), None)

    def townships(self, year: int) -> list[UnitLine]:
        return [one for one in self.units.values() if one.is_township and one.is_valid_in(year)]


def unit_links(plan: Plan, year: int, rounds: Sequence[Round], all_kinds: bool = True) -> UnitLinks:
    """As in force in that year. `rounds`: of the plan; `all_kinds`: whether items and places are
    wanted as well."""
    of_year = {rnd.pk: rnd for rnd in rounds if rnd.year == year and rnd.is_published}
    words = ("all",) if all_kinds else ()
    rows = ROWS(*words, plan=plan.pk, bureau=plan.bureau_id, year=year)
    found: dict[str, list[Line]] = defaultdict(list)
    for row in map(Line._make, rows):
        found[row.kind].append(row)
    in_order = sorted(map(_unit, found[UNIT]), key=lambda one: (one.order, one.code))
    units = {one.pk: one for one in in_order}
    return UnitLinks(
        units=units,
        items=_items(found[ITEM], found[DUTY]),
        texts=_texts(found[TEXT], of_year),
        leads=_leads(found[LEAD]),
        helpers={
            (kind, pk): helping
            for kind, name in HELPED.items()
            for pk, helping in _linked(found[name]).items()
        },
        places=_linked(found[TOWN]),
        followed=sorted(_followed(found[FOLLOWED], units), key=lambda one: (one.deadline, one.pk)),
    )


def _leads(rows: Iterable[Line]) -> dict[str, dict[int, Lead]]:
    """The newest has the last word. a: task, b: project, c: since, d: unit."""
    found: dict[str, dict[int, Lead]] = {TASK: {}, PROJECT: {}}
    for row in sorted(rows, key=lambda row: (row.c or 0, row.pk)):
        unit = LeadUnit(pk=row.d or 0, order=0, code=row.first, name=row.second)
        kind, pk = (PROJECT, row.b) if row.a is None else (TASK, row.a)
        found[kind][pk or 0] = Lead(unit, row.third or row.fourth, row.flag)
    return found


def _linked(rows: Iterable[Line]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        found[row.a or 0].add(row.pk)
    return found


def _unit(row: Line) -> UnitLine:
    return UnitLine(
        pk=row.pk,
        code=row.first,
        name=row.second,
        kind=row.third,
        order=row.a or 0,
        supervisor=row.fourth,
        valid_from=row.b or 0,
        valid_until=row.c,
        successor_id=row.d,
        basis_document=row.fifth or "",
        is_assumption=row.flag,
    )


def _items(items: Sequence[Line], duties: Sequence[Line]) -> list[ItemLine]:
    """Of the duties the newest has the last word."""
    owners = {row.pk: row.b for row in sorted(duties, key=lambda row: (row.a or 0, row.c or 0))}
    found = (
        ItemLine(
            pk=row.pk,
            code=row.first,
            name=row.second,
            measure=row.third,
            order=row.a or 0,
            is_yes_no=row.flag,
            by_township=row.fourth in ByTownship.ALL,
            owner=owners.get(row.pk),
            indicator=row.fifth or "",
        )
        for row in items
    )
    return sorted(found, key=lambda one: (one.order, one.code))


def _texts(rows: Sequence[Line], rounds: Mapping[int, Round]) -> dict[int, Texts]:
    in_order = sorted(rows, key=lambda row: rounds[row.a or 0].rank)
    return {row.pk: Texts(*row[6:9]) for row in in_order if any(row[6:9])}


def _followed(rows: Sequence[Line], units: Mapping[int, UnitLine]) -> Iterable[FollowedUp]:
    for row in rows:
        yield FollowedUp(
            pk=row.pk,
            number=number_of(row.first, row.a or 0, row.b or 0),
            title=row.second,
            unit=units[row.c or 0],
            lead=row.third,
            deadline=date.fromisoformat(row.fourth),
            note=row.fifth or "",
        )


# --- the rows ------------------------------------------------------------------------------------


def _union(*words: str, plan: int, bureau: int, year: int) -> QuerySet[Any]:
    numbers = ("pk", "order", "valid_from", "valid_until", "successor_id")
    named = ("code", "name", "kind", "supervisor", "basis_document")
    of_bureau = Unit.objects.filter(Q(bureau=bureau) | Q(pk=bureau))
    units = _rows(of_bureau, UNIT, numbers, named, F("is_assumption"))
    found = [*_of_works(plan, year), _of_texts(plan, year), _of_supervisions(plan)]
    if words:
        towns = Component.townships.through.objects.filter(component__project__plan=plan)
        places = _rows(towns, TOWN, ("unit_id", "component_id", "pk", "pk", "pk"))
        found += [places, *_of_items(plan, year)]
    return units.union(*found, all=True)


def _of_works(plan: int, year: int) -> list[QuerySet[Any]]:
    of_plan = Q(task__plan=plan) | Q(project__plan=plan)
    rows = Assignment.objects.filter(of_plan, effective_year__lte=year)
    numbers = ("pk", "task_id", "project_id", "effective_year", "unit_id")
    words = ("unit__code", "unit__name", "supervisor", "unit__supervisor")
    helped = [
        _rows(
            of.through.objects.filter(**{f"{kind}__plan": plan}),
            HELPED[kind],
            ("unit_id", f"{kind}_id", "pk", "pk", "pk"),
        )
        for kind, of in ((TASK, Task.cooperating), (PROJECT, Project.cooperating))
    ]
    return [_rows(rows, LEAD, numbers, words, F("is_assumed")), *helped]


def _of_texts(plan: int, year: int) -> QuerySet[Any]:
    published = {"round__plan": plan, "round__year": year, "round__published_at__isnull": False}
    texts = Explanation.objects.filter(
        **{f"annual_return__{name}": value for name, value in published.items()}
    )
    numbers = ("indicator_id", "annual_return__round_id", "pk", "pk", "pk")
    return _rows(texts, TEXT, numbers, [f"published_{name}" for name in Explanation.TEXTS])


def _of_supervisions(plan: int) -> QuerySet[Any]:
    """Those under way, with what was last reported of each."""
    rows = Supervision.objects.filter(plan=plan, state=SupervisionState.OPEN)
    notes = SupervisionAct.objects.filter(supervision=OuterRef("pk"), verb=SupervisionAct.Verb.NOTE)
    told = Concat(Cast("on", TextField()), Value(" "), "text", output_field=TextField())
    newest = notes.order_by("-on", "-pk").annotate(told=told)
    numbers = ("pk", "year", "serial", "unit_id", "pk")
    deadline = Cast("deadline", TextField())
    words = ("prefix", "title", "lead", deadline, Subquery(newest.values("told")[:1]))
    return _rows(rows, FOLLOWED, numbers, words)


def _of_items(plan: int, year: int) -> list[QuerySet[Any]]:
    """What is known only as a rate (历史数据) is no item of the year."""
    items = DataItem.objects.filter(plan=plan, rate_of=None)
    feeds = Term.objects.filter(item=OuterRef("pk")).order_by("indicator__order")
    words = ("code", "name", "measure", "collection", Subquery(feeds.values("indicator__code")[:1]))
    yes_no = ExpressionWrapper(Q(kind=ItemKind.YESNO), BooleanField())
    duties = Responsibility.objects.filter(item__plan=plan, effective_year__lte=year)
    return [
        _rows(items, ITEM, ("pk", "order", "pk", "pk", "pk"), words, yes_no),
        _rows(duties, DUTY, ("item_id", "effective_year", "unit_id", "pk", "pk")),
    ]


NOTHING, NO = Value(""), Value(False)


def _rows(
    rows: QuerySet[Any],
    kind: str,
    numbers: Sequence[str],
    words: Sequence[Any] = (),
    flag: Any = NO,
) -> QuerySet[Any]:
    """One kind in the shape of `Line`. What a table has no column for is a constant, or a column of
    the right type that nobody reads, so that a union of them has one type on every database."""
    silent = [NOTHING] * (5 - len(words))
    found: QuerySet[Any] = rows.order_by().values_list(Value(kind), *numbers, *words, *silent, flag)
    return found


ROWS = Prepared(_union)
