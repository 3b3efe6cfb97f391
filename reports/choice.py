"""Which plan, year and layer a page shows: read from the address, defaults from the data."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest

from indicators.models import Collection as Ways
from indicators.models import (
    Figure,
    Knowledge,
    Layer,
    Responsibility,
    ReturnStatus,
    Round,
)
from organization import permissions
from organization.models import Unit, User
from plans.models import Plan
from plans.remembered import remember
from plans.versions import Tokens


class NoPlan(Http404):
    """The bureau has no plan yet."""


@dataclass(frozen=True)
class Link:
    """One of several choices, as an address relative to the page."""

    label: str
    query: str
    is_current: bool


@dataclass(frozen=True)
class Choice:
    """What the person looks at. `rounds`: all of the plan, newest first. `visible`: ids of the
    indicators whose unpublished values may be shown, None for all. `shows_figures`: whether the
    unpublished figures behind them may be shown too (leaders see provisional values only).
    `scope`: ids of the units whose unpublished progress of tasks and projects may be shown, None
    for all. `kept`: what else the page was asked for and other years of it shall keep. `tokens`:
    of the data, none where nothing may be remembered."""

    plan: Plan
    plans: Sequence[Plan]
    year: int
    layer: str
    rounds: Sequence[Round]
    visible: frozenset[int] | None
    shows_figures: bool = False
    scope: frozenset[int] | None = frozenset()
    kept: Mapping[str, str] = field(default_factory=dict)
    tokens: Tokens = field(default_factory=dict, repr=False, compare=False)

    @property
    def is_provisional(self) -> bool:
        return self.layer == Layer.PROVISIONAL

    @property
    def has_data(self) -> bool:
        """Whether the year has a round that is shown."""
        shown = (r for r in self.rounds if r.is_published or self.is_provisional)
        return any(r.year == self.year for r in shown)

    @property
    def is_past(self) -> bool:
        """Whether a later year is published."""
        return self.year < default_year(self.plan, self.rounds)

    @property
    def is_asked(self) -> bool:
        """Whether a round of the year was opened at all."""
        return any(r.year == self.year for r in self.rounds)

    @property
    def corrections(self) -> list[Round]:
        """Rounds of the year that were corrected after their publication."""
        return [r for r in self.rounds if r.year == self.year and r.corrected_at is not None]

    def layer_of(self, indicator_id: int) -> str:
        """The layer of one indicator's values."""
        hidden = self.visible is not None and indicator_id not in self.visible
        return Layer.OFFICIAL if hidden else self.layer

    def figures_layer_of(self, indicator_id: int) -> str:
        """The layer of the figures behind it."""
        return self.layer_of(indicator_id) if self.shows_figures else Layer.OFFICIAL

    @property
    def years(self) -> list[int]:
        """Years that can be chosen: those with something published, or asked for with the
        switch."""
        shown = {r.year for r in self.rounds if r.is_published or self.is_provisional}
        return sorted(shown | {self.year})

    @property
    def year_links(self) -> list[Link]:
        return [Link(str(y), self.query(year=y), y == self.year) for y in self.years]

    @property
    def plan_links(self) -> list[Link]:
        """Other plans open with their own newest year."""
        return [
            Link(plan.short_title, f"?{urlencode({'plan': plan.code})}", plan.pk == self.plan.pk)
            for plan in self.plans
        ]

    @property
    def with_draft(self) -> str:
        return self.query(draft=1)

    @property
    def without_draft(self) -> str:
        return self.query(draft=None)

    def query(self, **changes: object) -> str:
        """The query string that keeps this choice, with changes."""
        wanted = {"plan": self.plan.code if len(self.plans) > 1 else None, "year": self.year}
        wanted |= {"draft": 1 if self.is_provisional else None, **self.kept} | changes
        return "?" + urlencode({k: v for k, v in wanted.items() if v is not None})

    @property
    def link(self) -> str:
        """Keeps this choice on the next page."""
        return self.query()

    @property
    def way(self) -> str:
        """Keeps plan, year and layer on a page that is asked for other things than this one."""
        return self.query(**dict.fromkeys(self.kept))

    @property
    def link_without_year(self) -> str:
        """For addresses that carry the year themselves; "?" when nothing is left."""
        return self.query(year=None)


def choose(request: HttpRequest, year: int | None = None) -> Choice:
    """Reads ?plan=, ?year=, ?draft=1. Raises 404 for what does not exist for this person. Plans
    and rounds are remembered where the page is (`reports/kept.py`)."""
    user = request.user
    assert isinstance(user, User)
    if not permissions.can_see_published(user) or user.unit is None:
        raise PermissionDenied
    tokens = getattr(request, "tokens", {})
    bureau = (user.unit.root_id, tokens.get(Unit._meta.db_table))  # it came with the user
    plans, rounds_of = remember(
        tokens, ("plans and rounds", *bureau), lambda: _plans_with_rounds(user)
    )
    plan = _plan(request.GET.get("plan", ""), plans, rounds_of)
    rounds = rounds_of[plan.pk]
    draft = request.GET.get("draft") == "1"
    layer = Layer.PROVISIONAL if draft else Layer.OFFICIAL
    asked = year if year is not None else _number(request.GET.get("year", ""))
    chosen = default_year(plan, rounds) if asked is None else asked
    if chosen not in plan.years:
        raise Http404
    scope = permissions.figure_scope(user) if draft else frozenset()
    all_values = not draft or permissions.sees_all_values(user)
    visible = None if all_values else _visible(scope, plan, chosen, rounds)
    # A leader sees what unpublished figures come to, not the figures themselves.
    figures = draft and (visible is not None or scope is None)
    return Choice(plan, plans, chosen, layer, rounds, visible, figures, scope, tokens=tokens)


def plans_of(user: User) -> Sequence[Plan]:
    """The plans of the person's bureau, newest first."""
    return _of_bureau(user, Plan.objects.all())


def _of_bureau(user: User, plans: QuerySet[Any]) -> list[Any]:
    assert user.unit is not None
    bureau = user.unit.bureau or user.unit
    found = plans.filter(bureau_id=bureau.pk).order_by()
    for plan in found:
        plan.bureau = bureau  # came with the user
    return sorted(found, key=lambda plan: (-plan.start_year, plan.code))


def _plans_with_rounds(user: User) -> tuple[list[Plan], Mapping[int, list[Round]]]:
    """The plans, and by id of the plan its rounds, the newest first. One query: a row for each
    round, in `part`; a plan without any has a row without it."""
    rows = Plan.objects.annotate(part=FilteredRelation("rounds")).select_related("part")
    plans: dict[int, Plan] = {}
    rounds: dict[int, list[Round]] = defaultdict(list)
    for row in _of_bureau(user, rows):
        plan = plans.setdefault(row.pk, row)
        if (rnd := getattr(row, "part", None)) is not None:
            rnd.plan = plan
            rounds[plan.pk].append(rnd)
    newest = {pk: sorted(rounds[pk], key=lambda rnd: rnd.rank, reverse=True) for pk in plans}
    return list(plans.values()), newest


def _plan(code: str, plans: Sequence[Plan], rounds: Mapping[int, Sequence[Round]]) -> Plan:
    if not plans:
        raise NoPlan
    if not code:
        published = (p for p in plans if any(r.is_published for r in rounds[p.pk]))
        return next(published, plans[0])
    for plan in plans:
        if plan.code == code:
            return plan
    raise Http404


def default_year(plan: Plan, rounds: Sequence[Round]) -> int:
    """The newest year with published values; without any, the newest asked for."""
    published = [r.year for r in rounds if r.is_published]
    return max(published or [r.year for r in rounds] or [plan.start_year])


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) != 4:
        raise Http404
    return int(text)


def visible_indicators(
    user: User, plan: Plan, year: int, rounds: Sequence[Round]
) -> frozenset[int] | None:
    """Indicators all of whose inputs the person may see unpublished; None means every one.

    Pages show the years up to the chosen one: an input is the person's own where the unit owes it
    in that year, and no earlier figure of it is another unit's and unpublished."""
    return _visible(permissions.provisional_scope(user), plan, year, rounds)


def _visible(
    scope: frozenset[int] | None, plan: Plan, year: int, rounds: Sequence[Round]
) -> frozenset[int] | None:
    if scope is None:
        return None
    if not scope:
        return frozenset()
    inputs = _inputs(plan, scope, [rnd for rnd in rounds if rnd.year < year])
    newest: dict[int, _Input] = {}
    for row in inputs:  # the oldest duty first
        if row.since <= year:
            newest[row.item_id] = row
    held = {pk for pk, row in newest.items() if row.unit_id in scope and not row.is_others}
    needs: dict[int, set[int]] = defaultdict(set)
    for row in inputs:
        for indicator_id in (row.indicator_id, row.rate_of_id):
            if indicator_id is not None:
                needs[indicator_id].add(row.item_id)
    return frozenset(pk for pk, items in needs.items() if items <= held)


class _Input(NamedTuple):
    """A data item, since when who owes it, and an indicator that it goes into."""

    item_id: int
    since: int
    unit_id: int
    indicator_id: int | None
    rate_of_id: int | None
    is_others: bool  # townships answer each for themselves, or an earlier figure is not published


def _inputs(plan: Plan, scope: frozenset[int], earlier: Sequence[Round]) -> list[_Input]:
    """One query, however many items, years and terms there are."""
    both = Q(approved_knowledge=Knowledge.HAVE, published_knowledge=Knowledge.HAVE)
    unsettled = Q(round__published_at=None) | ~Q(annual_return__status=ReturnStatus.APPROVED)
    unsettled |= ~Q(approved_knowledge=F("published_knowledge"))
    unsettled |= both & ~Q(approved_amount=F("published_amount"))
    foreign = Figure.objects.filter(unsettled, round__in=earlier, item=OuterRef("item"))
    foreign = foreign.exclude(annual_return__unit__in=scope)
    duties = Responsibility.objects.filter(item__plan=plan).annotate(
        is_others=Q(item__collection=Ways.TOWNSHIP) | Exists(foreign)
    )
    rows = duties.order_by("effective_year", "pk").values_list(
        "item_id", "effective_year", "unit_id", "item__terms__indicator_id", "item__rate_of_id",
        "is_others",
    )  # fmt: skip
    return [_Input._make(row) for row in rows]
