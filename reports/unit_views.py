"""What each unit and each of the 分管领导 answers for; two years or rounds side by side."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organization import permissions
from reports.choice import Choice, NoPlan, choose
from reports.comparing import compare
from reports.comparing_sides import End, end_named, ends_of, sides, year_of
from reports.kept import kept
from reports.unit_list import leader_named, unit_list
from reports.unit_page import describe_unit


@require_safe
@kept
def units_page(request: HttpRequest) -> HttpResponse:
    """All units and leaders, or with ?leader= one of these."""
    try:
        choice = choose(request)
    except NoPlan:
        return render(request, "reports/no_plan.html")
    scope = permissions.completeness_scope(request.user)
    found = unit_list(choice, timezone.localdate(), scope)
    name = request.GET.get("leader", "")
    leader = leader_named(found, name) if name else None
    context = _shown(choice, leader=name) | {"list": found, "leader": leader}
    if leader:
        context["followed"] = found.followed_by(leader.name)
    return render(request, "reports/leader.html" if leader else "reports/units.html", context)


@require_safe
@kept
def unit_page(request: HttpRequest, code: str) -> HttpResponse:
    """All that one unit answers for."""
    choice, user = choose(request), request.user
    scope = permissions.completeness_scope(user)
    found = describe_unit(choice, code, timezone.localdate(), scope)
    mine = permissions.is_planner(user) or found.unit.pk in permissions.own_units(user)
    assigned = permissions.review_scope(user)
    reviews = assigned is None or found.unit.pk in assigned
    context = {"detail": found, "may_open": mine, "may_review": reviews}
    context["followed"] = found.followed
    return render(request, "reports/unit.html", _shown(choice) | context)


@require_safe
@kept
def compare_page(request: HttpRequest) -> HttpResponse:
    """Two years, or two rounds, side by side: ?from= and ?to=."""
    asked = (request.GET.get("from", ""), request.GET.get("to", ""))
    years = [year for year in map(year_of, asked) if year is not None]
    try:
        choice = choose(request, year=max(years) if all(asked) else None)
    except NoPlan:
        return render(request, "reports/no_plan.html")
    ends = ends_of(choice)
    now = end_named(asked[1], ends, End(choice.year))
    then = end_named(asked[0], ends, _before(now, ends))
    # What may be seen unpublished is settled by the later of the two.
    choice = choose(request, year=max(now.year, then.year))
    found = compare(*sides(choice, then, now), request.GET.get("order", ""))
    context = {"comparison": found, "ends": ends, "bar": _bar(choice, then, now, found.order)}
    context["links"] = {"now": choice.query(year=now.year)}
    return render(request, "reports/compare.html", _shown(choice) | context)


def _before(now: End, ends: list[End]) -> End:
    """The year before, else whatever came before; itself where it is the first."""
    years = [one for one in ends if one.round is None and one.year < now.year]
    return years[0] if years else now


def _bar(choice: Choice, then: End, now: End, order: str) -> dict[str, str]:
    """Addresses that keep the rest of what was asked for."""
    kept: dict[str, Any] = {"year": None, "from": then.key, "to": now.key, "order": order or None}
    return {
        "with_draft": choice.query(**kept | {"draft": 1}),
        "without_draft": choice.query(**kept | {"draft": None}),
        "swapped": choice.query(**kept | {"from": now.key, "to": then.key}),
        "worst_first": choice.query(**kept | {"order": None}),
        "as_printed": choice.query(**kept | {"order": "table"}),
    }


def _shown(choice: Choice, **kept: str) -> dict[str, Any]:
    """`kept`: what the choice of years keeps of what else was asked for."""
    asked = {name: value for name, value in kept.items() if value}
    bar = replace(choice, kept=asked)
    return {"choice": choice, "bar": bar, "link": choice.link, "plan": choice.plan}
