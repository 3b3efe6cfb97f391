"""Everything that was ever laid down about one indicator, in one query: targets, milestones,
definitions, responsibilities, facts stated by the plan, published explanations, 台账抽查, what
others have reached (参考值); and the tasks and projects that serve it.

These are small tables with the same shape — from this year on, this much, these words, on this
basis — read together because a page may not ask ten times. Tasks and projects have their place in
the plan where the others have a year."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    DateField,
    DecimalField,
    F,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast

from indicators.models import (
    DIGITS,
    ComparisonValue,
    Definition,
    Explanation,
    Indicator,
    Milestone,
    Responsibility,
    SpotCheck,
    StatedValue,
    Target,
)
from organization.prepared import Prepared
from programs.models import Project, Task


class Entry(NamedTuple):
    """One row; what the words and flags mean is said where the kind is read."""

    kind: str
    year: int
    pk: int
    number: Decimal | None
    on: date | None
    first: str
    second: str
    third: str
    fourth: str
    flag: bool
    other_flag: bool


Chronicle = Mapping[str, Sequence[Entry]]
TARGET, MILESTONE, DEFINITION = "target", "milestone", "definition"
RESPONSIBILITY, STATED, SAID, SPOT = "responsibility", "stated", "said", "spot"
TASK, PROJECT, ELSEWHERE = "task", "project", "elsewhere"
KINDS = (
    TARGET,
    MILESTONE,
    DEFINITION,
    RESPONSIBILITY,
    STATED,
    SAID,
    SPOT,
    TASK,
    PROJECT,
    ELSEWHERE,
)


def chronicle(indicator: Indicator) -> Chronicle:
    """Kind → its rows from the oldest to the newest."""
    rows = [Entry(*row) for row in _ROWS(indicator=indicator.pk)]
    rows.sort(key=lambda row: (row.year, row.on or date.min, row.pk))
    return {kind: [row for row in rows if row.kind == kind] for kind in KINDS}


def _together(indicator: int) -> QuerySet:
    first, *others = _queries(indicator)
    return first.union(*others, all=True)


_ROWS = Prepared(_together)


def _queries(indicator: int) -> list[QuerySet]:
    mine = {"indicator": indicator}
    published = {"annual_return__round__published_at__isnull": False}
    return [
        _rows(
            Target.objects.filter(**mine),
            TARGET,
            number="value",
            words=("printed", "reason", "document", "approved_by_body"),
            flags=("is_original",),
        ),
        _rows(
            Milestone.objects.filter(**mine), MILESTONE, "year", number="value", words=("basis",)
        ),
        _rows(
            Definition.objects.filter(**mine),
            DEFINITION,
            words=("text", "basis_document"),
            flags=("is_interpretation", "breaks_series"),
        ),
        _rows(
            Responsibility.objects.filter(**mine),
            RESPONSIBILITY,
            words=("unit__name", "supervisor", "basis_document", "unit_id"),
        ),
        _rows(
            StatedValue.objects.filter(item__terms__indicator=indicator).distinct(),
            STATED,
            "year",
            number="amount",
            words=("item__name", "note", "clause__locator", "item__measure"),
        ),
        _rows(
            Explanation.objects.filter(**mine, **published),
            SAID,
            "annual_return__round__year",
            on="annual_return__round__as_of",
            words=("published_situation", "published_cause", "published_next_step"),
        ),
        _rows(
            SpotCheck.objects.filter(item__terms__indicator=indicator).distinct(),
            SPOT,
            "year",
            number="errors_found",
            on="checked_on",
            words=("item__name", "sampled", "checked_by", "note"),
        ),
        _rows(Task.objects.filter(indicators=indicator), TASK, "order", words=("code", "name")),
        _rows(
            Project.objects.filter(indicators=indicator), PROJECT, "order", words=("code", "name")
        ),
        _rows(
            ComparisonValue.objects.filter(**mine, is_withdrawn=False),
            ELSEWHERE,
            "year",
            number="amount",
            on="document_date",
            words=("whose", "source"),
        ),
    ]


def _rows(
    rows: QuerySet,
    kind: str,
    year: str = "effective_year",
    *,
    number: str = "",
    on: str = "",
    words: Sequence[str] = (),
    flags: Sequence[str] = (),
) -> QuerySet:
    """One kind in the common shape. Every column is cast, so that a union of them has one type on
    every database, also where a kind has nothing to put into it."""
    columns = {
        "c_kind": _cast(Value(kind), TextField()),
        "c_year": F(year),
        "c_pk": F("pk"),
        "c_number": _cast(F(number) if number else Value(None), DecimalField(**DIGITS)),
        "c_on": _cast(F(on) if on else Value(None), DateField()),
    }
    for place in range(4):
        word = F(words[place]) if place < len(words) else Value("")
        columns[f"c_word{place}"] = _cast(word, TextField())
    for place in range(2):
        flag = F(flags[place]) if place < len(flags) else Value(False)
        columns[f"c_flag{place}"] = _cast(flag, BooleanField())
    return rows.order_by().annotate(**columns).values_list(*columns)


def _cast(value: object, field: object) -> Cast:
    return Cast(value, output_field=field)
