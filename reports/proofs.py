"""The files behind published figures and progress, for those who may open them."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from indicators.models import Evidence, Figure, Indicator, Term
from organization.prepared import Prepared
from plans.models import Plan


def published_evidence(
    plan: Plan, indicator: Indicator, year: int, scope: frozenset[int] | None
) -> list[Evidence]:
    """Files of the figures that go into the year's value, and of the whole returns they stand in.
    `scope`: ids of the units whose files are shown, None for all. One query, or none."""
    if scope is not None and not scope:
        return []
    lags = sorted({term.lag for term in indicator.terms.all() if term.item_id})
    years = {f"year_{lag}": year - lag for lag in lags}
    found = _PROOFS(*map(str, lags), plan=plan.pk, indicator=indicator.pk, year=year, **years)
    return [file for file in found if scope is None or file.annual_return.unit_id in scope]


def _proofs(*lags: str, plan: int, indicator: int, year: int, **years: int) -> QuerySet[Evidence]:
    """What the formula takes, some of it from earlier years; and a known rate."""
    wanted = Q(item__rate_of=indicator, round__year=year)
    for lag in lags:
        items = Term.objects.filter(indicator=indicator, lag=int(lag), item__isnull=False)
        wanted |= Q(item__in=items.values("item"), round__year=years[f"year_{lag}"])
    figures = Figure.objects.filter(wanted, round__plan=plan)
    related = ("annual_return__unit", "annual_return__round", "figure__item", "figure__unit")
    found = Evidence.objects.published().proving(figures)
    return found.select_related(*related).order_by("-annual_return__round__as_of", "pk")


_PROOFS = Prepared(_proofs)


def files_of_progress(
    plan: Plan, keys: Collection[str], scope: frozenset[int] | None
) -> list[Evidence]:
    """Published files of tasks and components, the newest round first. `keys`: of their rows of
    progress; `scope` as above. One query, or none."""
    if not keys or (scope is not None and not scope):
        return []
    found = Evidence.objects.published().filter(part__in=keys, annual_return__round__plan=plan)
    if scope is not None:
        found = found.filter(annual_return__unit__in=scope)
    related = ("annual_return__unit", "annual_return__round")
    return list(found.select_related(*related).order_by("-annual_return__round__as_of", "pk"))
