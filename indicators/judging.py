"""Stored values against targets: loads what `progress.py` needs and asks it.

One address for the status of an indicator: dashboard, workbook, checks and verbs all ask here."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, NamedTuple

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from indicators import gaps, in_force, progress
from indicators.calculation import State
from indicators.models import (
    AnnualValue,
    Definition,
    GapRule,
    Indicator,
    IndicatorQuerySet,
    Layer,
    Milestone,
    Round,
)
from indicators.progress import Comparator, Judgement, Kind, Reading, Verdict, Yardstick
from organization.prepared import Prepared
from plans.models import Plan
from plans.remembered import remember
from plans.versions import Tokens


@dataclass(frozen=True)
class Gap:
    """What is missing to the target: in the indicator's unit, or in whole numbers."""

    value: Decimal | None = None
    to_numerator: int | None = None
    to_both: int | None = None


class Stored(NamedTuple):
    """What pages read of an `AnnualValue`: a plan has hundreds, few of which have anything in
    their lists, so these are parsed when asked for, and dates and yes-no too."""

    indicator_id: int
    layer: str
    year: int
    state: str
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    bar: Decimal | None
    nature: str
    as_of_text: str | None
    historical: int
    notes_text: str
    lacking_text: str

    @property
    def as_of(self) -> date | None:
        return date.fromisoformat(self.as_of_text) if self.as_of_text else None

    @property
    def is_historical(self) -> bool:
        return bool(self.historical)

    @property
    def notes(self) -> list[str]:
        return [] if self.notes_text == "[]" else json.loads(self.notes_text)

    @property
    def lacking(self) -> list[str]:
        return json.loads(self.lacking_text)


STORED = (
    *Stored._fields[:-4],
    Cast("as_of", TextField()),
    Cast("is_historical", IntegerField()),
    Cast("notes", TextField()),
    Cast("lacking", TextField()),
)


@dataclass
class Standing:
    """One indicator in one year and layer, with all the years known of it.

    `indicator` carries what `Indicator.objects.for_year` annotates."""

    indicator: Indicator
    year: int
    yardstick: Yardstick
    values: Mapping[int, AnnualValue | Stored] = field(default_factory=dict)

    @property
    def annual_value(self) -> AnnualValue | Stored | None:
        return self.values.get(self.year)

    @cached_property
    def judgement(self) -> Judgement:
        return self.judged(self.year)

    @cached_property
    def _judged(self) -> dict[int, Judgement]:
        return {}

    @cached_property
    def natures(self) -> tuple[tuple[int, str], ...]:
        """Year and nature of every value that was reported as one."""
        told = (row for row in self.values.values() if row.nature and not row.is_historical)
        return tuple((row.year, row.nature) for row in told)

    def judged(self, year: int) -> Judgement:
        if year not in self._judged:
            self._judged[year] = progress.judge(self.yardstick, self.reading(year))
        return self._judged[year]

    def reading(self, year: int) -> Reading:
        row = self.values.get(year)
        year_end = date(year, 12, 31)
        if row is None:
            return Reading(year, year_end, State.MISSING, None)
        return Reading(year, row.as_of or year_end, State(row.state), row.value, row.bar)

    @property
    def target(self) -> Decimal | None:
        """What the value is held against this year: the target, or the moving bar."""
        if self.yardstick.kind is Kind.BAR:
            return self.annual_value.bar if self.annual_value else None
        return self.yardstick.target

    def gap(self) -> Gap | None:
        """None when nothing is missing or nothing can be said."""
        row, target = self.annual_value, self.target
        if row is None or row.value is None or target is None:
            return None
        comparator = self.yardstick.comparator
        if comparator.satisfied(row.value, target):
            return None
        distance = gaps.gap_value(row.value, comparator, target)
        if self.indicator.gap_rule == GapRule.VALUE or row.numerator is None:
            return Gap(distance)
        parts = (row.numerator, row.denominator or Decimal(0))
        rule = {"scale": self.indicator.scale, "comparator": comparator, "target": target}
        both = self.indicator.gap_rule == GapRule.BOTH
        return Gap(
            distance,
            gaps.gap_numerator(*parts, **rule),
            gaps.gap_both(*parts, **rule) if both else None,
        )

    def verdict(self) -> progress.PlanVerdict:
        """Over the plan so far, for evaluations."""
        years = range(self.yardstick.base_year + 1, self.year + 1)
        judged = {y: self.judged(y) for y in years if y in self.values}
        return progress.plan_verdict(self.yardstick, judged, list(years))


def with_value(standing: Standing, row: AnnualValue) -> Standing:
    """The same indicator as it would stand with this value, e.g. of a draft."""
    values = {**standing.values, row.year: row}
    yardstick = standing.yardstick
    if row.year == yardstick.base_year:
        yardstick = replace(yardstick, base_value=row.value)
    return Standing(standing.indicator, row.year, yardstick, values)


def with_year(standing: Standing, row: AnnualValue | None) -> Standing:
    """The same indicator with this value of its year, or with none."""
    if row is not None:
        return with_value(standing, row)
    values = {year: kept for year, kept in standing.values.items() if year != standing.year}
    return replace(standing, values=values)


def standings(
    plan: Plan,
    year: int,
    layer: str = Layer.OFFICIAL,
    visible: Collection[int] | None = None,
) -> list[Standing]:
    """All indicators of the plan in their order: three queries, however many.

    `visible`: ids of those that may be shown in this layer (None: all); the others are official."""
    return standings_of_years(plan, [year], layer, visible)[year]


@dataclass(frozen=True, eq=False)
class LaidDown:
    """What a plan asks in a year, without any value: its indicators by id, in their order, with
    targets, milestones, responsibilities and wording. Nobody changes it: pages share it."""

    plan: Plan
    year: int
    indicators: Mapping[int, Indicator]
    milestones: in_force.Milestones


def laid_down(plan: Plan, year: int, tokens: Tokens) -> LaidDown:
    """Two queries; none where nothing of it was changed since (`plans/remembered.py`)."""
    told = tuple(getattr(plan, field.attname) for field in plan._meta.concrete_fields)
    return remember(tokens, ("laid down", year, str(told)), lambda: _laid_down(plan, year))


def _laid_down(plan: Plan, year: int) -> LaidDown:
    found = sorted(Indicator.objects.filter(plan=plan).order_by(), key=lambda one: one.order)
    indicators = {indicator.pk: indicator for indicator in found}
    return LaidDown(plan, year, indicators, in_force.lay_down(plan, year, indicators))


def standings_on(
    laid: LaidDown, layer: str, visible: Collection[int] | None = None, tokens: Tokens | None = None
) -> list[Standing]:
    """As `standings`, on what is laid down already: one query. Where nothing of an indicator's
    values changed it is the same standing, if `tokens` of the data are given."""
    if visible is None:
        return _remembered(laid, layer, tokens or {})
    values = _values([laid.plan], layer, visible)
    return [_on(laid, pk, values[pk]) for pk in laid.indicators]


def _on(laid: LaidDown, pk: int, values: Mapping[int, Stored]) -> Standing:
    milestones = laid.milestones[pk] if pk in laid.milestones else {}
    return standing_of(laid.plan, laid.indicators[pk], laid.year, values, milestones)


def _remembered(laid: LaidDown, layer: str, tokens: Tokens) -> list[Standing]:
    rows, read = ALL_VALUES.raw(layer, plan=laid.plan.pk)
    of: dict[int, list[tuple[Any, ...]]] = {pk: [] for pk in laid.indicators}
    for row in rows:
        of[row[0]].append(row)

    def standing(pk: int, some: Sequence[tuple[Any, ...]]) -> Standing:
        values = {row.year: row for row in map(Stored._make, read(some))}
        return _on(laid, pk, values)

    return [
        remember(tokens, ("standing", pk, *some), partial(standing, pk, some), (laid,))
        for pk, some in of.items()
    ]


def _stored(layer: str, plan: int) -> QuerySet[Any]:
    rows = AnnualValue.objects.filter(indicator__plan=plan, layer=layer).order_by()
    return rows.values_list(*STORED)


ALL_VALUES = Prepared(_stored)


def standings_of_years(
    plan: Plan,
    years: Iterable[int],
    layer: str = Layer.OFFICIAL,
    visible: Collection[int] | None = None,
) -> dict[int, list[Standing]]:
    """Each year by what was in force in it: two queries, and one for each year."""
    found = Indicator.objects.filter(plan=plan).order_by()  # a wide query is dear to order
    in_order = sorted(found, key=lambda indicator: indicator.order)
    values = _values([plan], layer, visible)
    first, *others = dict.fromkeys(years)
    standings = {first: _in_year(plan, first, in_order, values)}
    return standings | {year: _in_year(plan, year, map(copy, in_order), values) for year in others}


def _in_year(
    plan: Plan,
    year: int,
    indicators: Iterable[Indicator],
    values: Mapping[int, Mapping[int, Stored]],
) -> list[Standing]:
    by_id = {indicator.pk: indicator for indicator in indicators}
    milestones = in_force.lay_down(plan, year, by_id)
    return [
        standing_of(plan, indicator, year, values[pk], milestones[pk])
        for pk, indicator in by_id.items()
    ]


def standings_of(
    plan: Plan, year: int, layer: str, indicators: Iterable[Indicator]
) -> list[Standing]:
    """Of some of the plan's indicators, in their order, as far as judging goes: these know no
    unit and no wording. Two queries."""
    at_hand = {i.pk: i for i in sorted(indicators, key=lambda indicator: indicator.order)}
    milestones = in_force.lay_down(plan, year, at_hand, goals_only=True)
    values = _values([plan], layer, None, at_hand)
    return [
        standing_of(plan, indicator, year, values[pk], milestones[pk])
        for pk, indicator in at_hand.items()
    ]


def standings_in_rounds(rounds: Collection[Round], layer: str) -> list[tuple[Round, Standing]]:
    """All indicators in the year of each round: three queries, however many rounds."""
    by_id = {rnd.pk: rnd for rnd in rounds}
    plans = [rnd.plan for rnd in rounds]
    rows = Indicator.objects.in_rounds(by_id).for_year(OuterRef("round_year")).order_by("order")
    values, milestones = _values(plans, layer, None), _milestones(plans)
    found = []
    for i in rows:
        rnd = by_id[i.round_id]
        standing = standing_of(rnd.plan, i, rnd.year, values[i.pk], milestones[i.pk])
        found.append((rnd, standing))
    return found


def with_definition(indicators: IndicatorQuerySet, year: int) -> IndicatorQuerySet:
    """And the wording in force in that year, as `definition_text` and `is_interpretation`."""
    rows = Definition.objects.filter(indicator=OuterRef("pk"), effective_year__lte=year)
    newest = rows.order_by("-effective_year")
    return indicators.annotate(
        definition_text=Subquery(newest.values("text")[:1]),
        is_interpretation=Subquery(newest.values("is_interpretation")[:1]),
    )


def standing_of(
    plan: Plan,
    indicator: Indicator,
    year: int,
    values: Mapping[int, AnnualValue | Stored],
    milestones: Mapping[int, Decimal],
) -> Standing:
    """Of an indicator that `Indicator.objects.for_year(year)` has read."""
    return Standing(indicator, year, _yardstick(plan, indicator, values, milestones), values)


def _values(
    plans: Collection[Plan],
    layer: str,
    visible: Collection[int] | None,
    only: Collection[int] | None = None,
) -> dict[int, dict[int, Stored]]:
    rows: dict[int, dict[int, Stored]] = defaultdict(dict)
    layers = {layer} if visible is None else {layer, Layer.OFFICIAL}
    stored = AnnualValue.objects.filter(indicator__plan__in=plans, layer__in=layers).order_by()
    stored = stored if only is None else stored.filter(indicator__in=only)
    for row in map(Stored._make, stored.values_list(*STORED)):
        hidden = visible is not None and row.indicator_id not in visible
        if row.layer == (Layer.OFFICIAL if hidden else layer):
            rows[row.indicator_id][row.year] = row
    return rows


def _milestones(plans: Collection[Plan]) -> dict[int, dict[int, Decimal]]:
    rows: dict[int, dict[int, Decimal]] = defaultdict(dict)
    found = Milestone.objects.filter(indicator__plan__in=plans)
    for indicator_id, year, value in found.values_list("indicator_id", "year", "value"):
        rows[indicator_id][year] = value
    return rows


def _yardstick(
    plan: Plan,
    indicator: Indicator,
    values: Mapping[int, AnnualValue | Stored],
    milestones: Mapping[int, Decimal],
) -> Yardstick:
    base = values.get(plan.base_year)
    return Yardstick(
        kind=Kind(indicator.kind),
        verdict=Verdict(indicator.verdict),
        comparator=Comparator(indicator.comparator),
        base_year=plan.base_year,
        due_year=indicator.due_year,
        target=indicator.target_value,
        base_value=base.value if base else None,
        milestones=milestones,
        thresholds=progress.Thresholds(plan.fast_from, plan.on_pace_from, plan.slight_from),
    )
