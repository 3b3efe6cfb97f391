"""Which plan, year and layer a page shows: read from the address, defaults from the data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest

from indicators.models import (
    Collection,
    DataItem,
    Indicator,
    Layer,
    Responsibility,
    Round,
    Term,
)
from organization import permissions
from organization.models import User
from plans.models import Plan


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
    unpublished figures behind them may be shown too (leaders see provisional values only)."""

    plan: Plan
    plans: Sequence[Plan]
    year: int
    layer: str
    rounds: Sequence[Round]
    visible: frozenset[int] | None
    shows_figures: bool = False

    @property
    def is_provisional(self) -> bool:
        return self.layer == Layer.PROVISIONAL

    @property
    def has_data(self) -> bool:
        """Whether the year has a round that is shown."""
        shown = (r for r in self.rounds if r.is_published or self.is_provisional)
        return any(r.year == self.year for r in shown)

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
        wanted |= {"draft": 1 if self.is_provisional else None} | changes
        return "?" + urlencode({k: v for k, v in wanted.items() if v is not None})

    @property
    def link(self) -> str:
        """Keeps this choice on the next page."""
        return self.query()

    @property
    def link_without_year(self) -> str:
        """For addresses that carry the year themselves; "?" when nothing is left."""
        return self.query(year=None)


def choose(request: HttpRequest, year: int | None = None) -> Choice:
    """Reads ?plan=, ?year=, ?draft=1. Raises 404 for what does not exist for this person."""
    user = request.user
    assert isinstance(user, User)
    if not permissions.can_see_published(user) or user.unit is None:
        raise PermissionDenied
    plans = plans_of(user)
    rounds_of = rounds_by_plan(plans)
    plan = _plan(request.GET.get("plan", ""), plans, rounds_of)
    rounds = rounds_of[plan.pk]
    draft = request.GET.get("draft") == "1"
    layer = Layer.PROVISIONAL if draft else Layer.OFFICIAL
    visible = visible_indicators(user, plan) if draft else None
    figures = draft and _sees_figures(user, plan, visible)
    asked = year if year is not None else _number(request.GET.get("year", ""))
    chosen = default_year(plan, rounds) if asked is None else asked
    if chosen not in plan.years:
        raise Http404
    return Choice(plan, plans, chosen, layer, rounds, visible, figures)


def plans_of(user: User) -> Sequence[Plan]:
    """The plans of the person's bureau, newest first."""
    assert user.unit is not None
    bureau = user.unit.bureau or user.unit
    plans = Plan.objects.filter(bureau_id=bureau.pk).order_by()
    for plan in plans:
        plan.bureau = bureau  # came with the user
    return sorted(plans, key=lambda plan: (-plan.start_year, plan.code))


def rounds_by_plan(plans: Sequence[Plan]) -> Mapping[int, list[Round]]:
    """Plan id → its rounds, the newest first."""
    found: dict[int, list[Round]] = {plan.pk: [] for plan in plans}
    for rnd in Round.objects.filter(plan__in=found).order_by():
        found[rnd.plan_id].append(rnd)
    return {pk: sorted(some, key=lambda rnd: rnd.rank, reverse=True) for pk, some in found.items()}


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


def visible_indicators(user: User, plan: Plan) -> frozenset[int] | None:
    """Indicators all of whose inputs the person may see unpublished; None means every one."""
    scope = permissions.provisional_scope(user)
    if scope is None:
        return None
    if not scope:
        return frozenset()
    inputs = _of_others(Term.objects.filter(item__isnull=False), "item", "item__", scope)
    rates = _of_others(DataItem.objects.all(), "pk", "", scope)
    found = Indicator.objects.filter(plan=plan).exclude(
        Exists(inputs.filter(indicator=OuterRef("pk")))
    )
    found = found.exclude(Exists(rates.filter(rate_of=OuterRef("pk"))))
    return frozenset(found.values_list("pk", flat=True))


def _of_others(rows: QuerySet, item: str, path: str, scope: frozenset[int]) -> QuerySet:
    """Those whose data item another unit owes, or every township for itself."""
    newest = Responsibility.objects.filter(item=OuterRef(item)).order_by("-effective_year", "-pk")
    owner = Coalesce(Subquery(newest.values("unit_id")[:1]), 0, output_field=BigIntegerField())
    own_ways = [Collection.DEPARTMENT, Collection.LIST]
    own = {"owner__in": scope, f"{path}collection__in": own_ways}
    return rows.annotate(owner=owner).exclude(**own)


def _sees_figures(user: User, plan: Plan, visible: frozenset[int] | None) -> bool:
    """A leader sees what unpublished figures come to, not the figures themselves."""
    if visible is not None or permissions.is_planner(user):
        return True
    return permissions.can_review(user, plan.bureau)
