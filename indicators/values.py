"""Annual values: which cells an act touches, computing and storing them, and checking that what is
stored is what the figures say. Call inside the transaction that changed the figures."""

from collections.abc import Container, Iterable, Sequence
from decimal import Decimal

from django.db.models import Q

from indicators.computing import Calculator, Cell, Computed, Formulas
from indicators.entry import plain
from indicators.models import AnnualValue, Indicator, Layer, Round
from plans.models import Plan


def touched(plan: Plan, year: int, item_ids: Iterable[int]) -> set[Cell]:
    """The cells that figures of these items in this year go into, lags included."""
    items = set(item_ids)
    return Formulas.fed_by(plan, items).touched(year, items)


def years_with_rounds(plan: Plan) -> set[int]:
    """Values are kept for years that were asked for; the others have nothing to say."""
    rounds = Round.objects.filter(plan=plan).values_list("year", flat=True)
    return set(rounds) & set(plan.years)


def all_cells(plan: Plan) -> set[Cell]:
    ids = Indicator.objects.filter(plan=plan).values_list("pk", flat=True)
    years = years_with_rounds(plan)
    return {(pk, year) for pk in ids for year in years}


def preview(
    formulas: Formulas,
    cells: Iterable[Cell],
    draft_id: int | None = None,
    scope: Container[int] | None = None,
) -> list[Computed]:
    """What the cells would come to with this return as it is being worked on; stores nothing.

    `scope`: units whose unpublished figures may go into it (None: all)."""
    return Calculator(formulas, sorted(cells), Layer.PROVISIONAL, draft_id, scope=scope).compute()


def refresh(plan: Plan, year: int, item_ids: Iterable[int], layers: Sequence[str]) -> None:
    """Computes and stores whatever figures of these items in this year go into."""
    items = set(item_ids)
    formulas = Formulas.fed_by(plan, items)
    recompute(plan, formulas.touched(year, items), layers, formulas)


def recompute(
    plan: Plan,
    cells: Iterable[Cell] | None = None,
    layers: Sequence[str] = Layer.values,
    formulas: Formulas | None = None,
) -> None:
    """Computes and stores; call it inside the transaction that changed the figures. `formulas`:
    those of the cells, where the caller has them."""
    rows = fresh(plan, cells, layers, formulas)
    AnnualValue.objects.bulk_create(
        rows,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["indicator", "year", "layer"],
        update_fields=STORED,
    )
    if cells is None:
        stale = AnnualValue.objects.filter(indicator__plan=plan, layer__in=layers)
        stale.exclude(year__in=years_with_rounds(plan)).delete()


def fresh(
    plan: Plan,
    cells: Iterable[Cell] | None = None,
    layers: Sequence[str] = Layer.values,
    formulas: Formulas | None = None,
) -> list[AnnualValue]:
    """The rows as they should be stored."""
    years = years_with_rounds(plan)
    wanted = all_cells(plan) if cells is None else {c for c in cells if c[1] in years}
    if not wanted:
        return []
    formulas = formulas or Formulas(plan, Q(pk__in={pk for pk, _ in wanted}))
    return [
        as_row(computed, layer)
        for layer in layers
        for computed in Calculator(formulas, sorted(wanted), layer).compute()
    ]


STORED = [
    "state",
    "value",
    "numerator",
    "denominator",
    "bar",
    "series",
    "notes",
    "lacking",
    "nature",
    "as_of",
    "is_historical",
]


def as_row(computed: Computed, layer: str) -> AnnualValue:
    result = computed.result
    return AnnualValue(
        indicator=computed.indicator,
        year=computed.year,
        layer=layer,
        state=result.state,
        value=result.value,
        numerator=result.numerator,
        denominator=result.denominator,
        bar=result.bar,
        series=[[name, format(rate, "f")] for name, rate in result.series],
        notes=list(result.notes),
        lacking=list(computed.lacking),
        nature=computed.nature,
        as_of=computed.as_of,
        is_historical=computed.is_historical,
    )


def differences(plan: Plan) -> list[str]:
    """What is stored against what the figures say; empty when they agree."""
    should = {(r.indicator_id, r.year, r.layer): r for r in fresh(plan)}
    stored = AnnualValue.objects.filter(indicator__plan=plan).select_related("indicator")
    have = {(r.indicator_id, r.year, r.layer): r for r in stored}
    return [
        sentence
        for key in sorted(should.keys() | have.keys())
        for sentence in _compare(should.get(key), have.get(key))
    ]


def _compare(should: AnnualValue | None, have: AnnualValue | None) -> list[str]:
    row = should or have
    assert row is not None
    title = f"指标 {row.indicator.code} {row.year} 年（{Layer(row.layer).label}）"
    if should is None:
        return [f"{title}：不应有存储值"]
    if have is None:
        return [f"{title}：缺存储值"]
    return [
        f"{title}：{AnnualValue._meta.get_field(name).verbose_name}"
        f"存储为 {_told(getattr(have, name))}，应为 {_told(getattr(should, name))}"
        for name in STORED
        if getattr(have, name) != getattr(should, name)
    ]


def _told(stored: object) -> str:
    return plain(stored) if isinstance(stored, Decimal) else str(stored)
