"""What has been laid down for the indicators of a plan by a year, in one query: targets,
milestones, responsibilities, definitions, and what the numerators count.

`Indicator.objects.for_year` says the same by subqueries; that suits one indicator or several years
at once. Putting its nine subqueries together costs Django more than fetching a whole plan here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from django.db.models import DecimalField, QuerySet, Value

from indicators.models import (
    DIGITS,
    Definition,
    Indicator,
    Milestone,
    Responsibility,
    Target,
    Term,
    TermRole,
)
from plans.models import Plan

Milestones = Mapping[int, Mapping[int, Decimal]]  # indicator id → year → value
TARGET, MILESTONE, RESPONSIBILITY, DEFINITION, NUMERATOR = map(Value, "tmrdn")
NOTHING, NO = Value(""), Value(False)
NO_NUMBER = Value(None, output_field=DecimalField(**DIGITS))
SINCE = ("indicator_id", "effective_year")


class Laid(NamedTuple):
    """One row; `place` is the year it holds from (the order of a term), `key` breaks ties."""

    kind: str
    indicator_id: int
    place: int
    key: int
    number: Decimal | None
    first: str
    second: str
    flag: bool


def lay_down(
    plan: Plan, year: int, indicators: Mapping[int, Indicator], goals_only: bool = False
) -> Milestones:
    """Gives the indicators of a plan, by id, what `for_year` and `with_definition` annotate.

    `goals_only`: targets and milestones, which is all that judging needs."""
    milestones: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for indicator in indicators.values():
        vars(indicator).update(UNKNOWN)
    for row in _rows(plan, year, goals_only):
        indicator = indicators.get(row.indicator_id)
        if indicator is None:
            continue
        if row.kind == MILESTONE.value:
            milestones[indicator.pk][row.place] = row.number
        else:
            vars(indicator).update(SAYS[row.kind](row))
    return milestones


UNKNOWN = dict.fromkeys(
    (
        "target_value",
        "target_printed",
        "unit_id",
        "unit_name",
        "supervisor",
        "definition_text",
        "is_interpretation",
        "counted_kind",
        "counted_in",
    )
)
SAYS = {
    TARGET.value: lambda row: {"target_value": row.number, "target_printed": row.first},
    RESPONSIBILITY.value: lambda row: {
        "unit_id": row.key,
        "unit_name": row.first,
        "supervisor": row.second,
    },
    DEFINITION.value: lambda row: {
        "definition_text": row.first,
        "is_interpretation": row.flag,
    },
    NUMERATOR.value: lambda row: {"counted_kind": row.first, "counted_in": row.second},
}


def _rows(plan: Plan, year: int, goals_only: bool) -> Iterable[Laid]:
    """The oldest first, so that the newest has the last word; of the terms it is the first."""
    targets, *others = _goals(plan, year)
    others += [] if goals_only else _duties_and_wording(plan, year)
    rows = [Laid._make(row) for row in targets.union(*others, all=True)]
    numerator = NUMERATOR.value
    rows.sort(key=lambda row: (-row.place if row.kind == numerator else row.place, row.key))
    return rows


# The five tables in the shape of `Laid`; what a table has no column for is a constant, or a column
# of the right type that nobody reads.


def _goals(plan: Plan, year: int) -> list[QuerySet]:
    targets = Target.objects.filter(indicator__plan=plan, effective_year__lte=year)
    milestones = Milestone.objects.filter(indicator__plan=plan)
    return [
        targets.order_by().values_list(
            TARGET, *SINCE, "pk", "value", "printed", "document", "is_original"
        ),
        milestones.order_by().values_list(
            MILESTONE, "indicator_id", "year", "pk", "value", "basis", NOTHING, NO
        ),
    ]


def _duties_and_wording(plan: Plan, year: int) -> list[QuerySet]:
    by_then = {"indicator__plan": plan, "effective_year__lte": year}
    duties = Responsibility.objects.filter(**by_then)
    definitions = Definition.objects.filter(**by_then)
    numerators = Term.objects.filter(indicator__plan=plan, role=TermRole.NUMERATOR)
    return [
        duties.order_by().values_list(
            RESPONSIBILITY, *SINCE, "unit_id", NO_NUMBER, "unit__name", "supervisor", NO
        ),
        definitions.order_by().values_list(
            DEFINITION, *SINCE, "pk", NO_NUMBER, "text", "basis_document", "is_interpretation"
        ),
        numerators.order_by().values_list(
            NUMERATOR,
            "indicator_id",
            "order",
            "pk",
            NO_NUMBER,
            "item__kind",
            "item__measure",
            NO,
        ),
    ]
