"""Which plan, year and layer a page shows: read from the address, defaults from the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest

from indicators.models import DataItem, Indicator, Layer, Responsibility, Round, Term
from organization import permissions
from organization.models import User
from plans.models import Plan


@dataclass(frozen=True)
class Choice:
    """What the person looks at. `rounds`: all of the plan, newest first."""

    plan: Plan
    plans: Sequence[Plan]
    year: int
    layer: str
    rounds: Sequence[Round]
    visible: frozenset[int] | None

    @property
    def is_provisional(self) -> bool:
        return self.layer == Layer.PROVISIONAL

    @property
    def years(self) -> list[int]:
        """Years that can be chosen: those with something published, or asked for with the
        switch."""
        shown = {r.year for r in self.rounds if r.is_published or self.is_provisional}
        return sorted(shown | {self.year})

    def query(self, **changes: object) -> str:
        """The query string that keeps this choice, with changes; "" when all is default."""
        wanted = {"plan": self.plan.code if len(self.plans) > 1 else None, "year": self.year}
        wanted |= {"draft": 1 if self.is_provisional else None} | changes
        return "?" + urlencode({k: v for k, v in wanted.items() if v is not None})


def choose(request: HttpRequest, year: int | None = None) -> Choice:
    """Reads ?plan=, ?year=, ?draft=1. Raises 404 for what does not exist for this person."""
    user = request.user
    assert isinstance(user, User)
    if not permissions.can_see_published(user) or user.unit is None:
        raise PermissionDenied
    plans = list(plans_of(user))
    plan = _plan(request.GET.get("plan", ""), plans)
    rounds = sorted(Round.objects.filter(plan=plan), key=lambda r: r.rank, reverse=True)
    layer = Layer.PROVISIONAL if request.GET.get("draft") == "1" else Layer.OFFICIAL
    visible = visible_indicators(user, plan) if layer == Layer.PROVISIONAL else None
    chosen = year or _number(request.GET.get("year", "")) or default_year(plan, rounds)
    if chosen not in plan.years:
        raise Http404
    return Choice(plan, plans, chosen, layer, rounds, visible)


def plans_of(user: User) -> Sequence[Plan]:
    """The plans of the person's bureau, newest first."""
    assert user.unit is not None
    published = Round.objects.published().filter(plan=OuterRef("pk"))
    plans = Plan.objects.filter(bureau_id=user.unit.root_id).select_related("bureau")
    return plans.annotate(has_published=Exists(published)).order_by("-start_year", "code")


def _plan(code: str, plans: Sequence[Plan]) -> Plan:
    if not plans:
        raise Http404
    if not code:
        return next((p for p in plans if p.has_published), plans[0])  # type: ignore[attr-defined]
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
    rows = Responsibility.objects.filter(item__plan=plan).order_by("effective_year", "pk")
    owner = dict(rows.values_list("item_id", "unit_id"))
    inputs = Term.objects.filter(indicator__plan=plan, item__isnull=False)
    foreign = {
        indicator
        for indicator, item in inputs.values_list("indicator_id", "item_id")
        if owner.get(item) not in scope
    }
    rates = DataItem.objects.filter(plan=plan, rate_of__isnull=False)
    foreign |= {
        indicator
        for indicator, item in rates.values_list("rate_of_id", "pk")
        if owner.get(item) not in scope
    }
    everything = Indicator.objects.filter(plan=plan).values_list("pk", flat=True)
    return frozenset(everything) - foreign
