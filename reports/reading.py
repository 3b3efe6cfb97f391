"""What the pages of one indicator read, each query put together once (see
`organization/prepared.py`)."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404

from indicators.amounts import COLUMNS, Amounts, Told
from indicators.in_force import UNKNOWN
from indicators.models import (
    AnnualValue,
    Band,
    Figure,
    Indicator,
    Layer,
    Method,
    Term,
    TermRole,
)
from organization.prepared import Prepared
from plans.models import Plan
from reports.chronicle import DEFINITION, RESPONSIBILITY, TARGET, Chronicle, Entry

INDICATOR = Prepared(
    lambda plan, code: Indicator.objects.filter(plan=plan, code=code).select_related("clause")
)
TERMS = Prepared(lambda indicator: Term.objects.filter(indicator=indicator).select_related("item"))
BANDS = Prepared(lambda indicator: Band.objects.filter(indicator=indicator))
VALUES = Prepared(
    lambda *layers, indicator: AnnualValue.objects.filter(indicator=indicator, layer__in=layers)
)


def _told(plan: int, indicator: int, first: int, last: int) -> QuerySet[Any]:
    items = Term.objects.filter(indicator=indicator, item__isnull=False).values("item")
    figures = Figure.objects.filter(round__plan=plan, item__in=items)
    of_years = figures.filter(round__year__gte=first, round__year__lte=last)
    return of_years.order_by("pk").values_list(*COLUMNS)


TOLD = Prepared(_told)


def find(plan: Plan, code: str) -> Indicator:
    """With its inputs, and the bands where the method has some. Raises 404 for a code the plan
    does not have."""
    found = INDICATOR(plan=plan.pk, code=code)
    if not found:
        raise Http404
    indicator: Indicator = found[0]
    indicator.plan = plan
    _give(indicator, "terms", TERMS(indicator=indicator.pk))
    if indicator.method == Method.BAND:
        _give(indicator, "bands", BANDS(indicator=indicator.pk))
    return indicator


def _give(thing: Model, name: str, rows: Sequence[Model]) -> None:
    """As `prefetch_related` would have."""
    known = getattr(thing, name).get_queryset()
    known._result_cache, known._prefetch_done = list(rows), True
    thing.__dict__.setdefault("_prefetched_objects_cache", {})[name] = known


def in_force(indicator: Indicator, year: int, history: Chronicle) -> None:
    """Gives the indicator what `Indicator.objects.for_year` and `with_definition` annotate, out of
    what has been read already."""
    target, duty, wording = (
        _newest(history[kind], year) for kind in (TARGET, RESPONSIBILITY, DEFINITION)
    )
    vars(indicator).update(UNKNOWN)
    if target:
        vars(indicator).update(target_value=target.number, target_printed=target.first)
    if duty:
        vars(indicator).update(
            unit_id=int(duty.fourth), unit_name=duty.first, supervisor=duty.second
        )
    if wording:
        vars(indicator).update(definition_text=wording.first, is_interpretation=wording.flag)
    numerators = (term for term in indicator.terms.all() if term.role == TermRole.NUMERATOR)
    counted = next(numerators, None)
    if counted is not None and counted.item is not None:
        vars(indicator).update(counted_kind=counted.item.kind, counted_in=counted.item.measure)


def _newest(rows: Sequence[Entry], year: int) -> Entry | None:
    return next((row for row in reversed(rows) if row.year <= year), None)


def values_of(indicator: Indicator, layer: str) -> tuple[dict[int, AnnualValue], ...]:
    """Year → value: those of the layer, and the official ones."""
    rows = VALUES(*sorted({layer, Layer.OFFICIAL.value}), indicator=indicator.pk)
    return tuple({r.year: r for r in rows if r.layer == one} for one in (layer, Layer.OFFICIAL))


def amounts_of(indicator: Indicator, years: Sequence[int], layer: str) -> Amounts:
    """The figures behind these years, those of earlier ones included that the formula takes."""
    lags = [term.lag for term in indicator.terms.all() if term.item_id]
    first, last = years[0] - max(lags, default=0), years[-1]
    found = TOLD(plan=indicator.plan_id, indicator=indicator.pk, first=first, last=last)
    return Amounts(indicator.plan, (), layer, told=map(Told._make, found))
