"""Queries put together once: the same rows as the queryset gives, whatever the values."""

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from indicators.models import AnnualValue, Indicator, Target, Term
from organization.models import Unit
from organization.prepared import Prepared
from tests.reports import builders
from tests.world import World

pytestmark = pytest.mark.django_db


def test_gives_instances_with_what_belongs_to_them(world: World) -> None:
    terms = Prepared(
        lambda indicator: Term.objects.filter(indicator=indicator).select_related("item")
    )
    for indicator in world.indicators.values():
        found = terms(indicator=indicator.pk)
        assert found == list(indicator.terms.all())
        with CaptureQueriesContext(connection) as asked:
            assert [t.item for t in found] == [
                t.item for t in indicator.terms.select_related("item")
            ]
        assert len(asked) == 1


def test_gives_tuples_with_decimals_dates_and_lists_as_they_are_stored(world: World) -> None:
    builders.published(world, 2020, 2021)
    columns = ("year", "value", "as_of", "series", "is_historical")

    def build(layer: str, indicator: int) -> QuerySet:
        rows = AnnualValue.objects.filter(indicator=indicator, layer=layer)
        return rows.order_by("year").values_list(*columns)

    prepared = Prepared(build)
    for layer in ("official", "provisional"):
        for indicator in world.indicators.values():
            found = prepared(layer, indicator=indicator.pk)
            assert found == list(build(layer, indicator.pk)) and len(found) == 2


def test_takes_text_as_a_value_and_never_as_part_of_the_query(world: World) -> None:
    codes = Prepared(lambda plan, code: Indicator.objects.filter(plan=plan, code=code))
    plan = world.plan.pk
    assert codes(plan=plan, code="W1") == [world.indicators["W1"]]
    assert codes(plan=plan, code="W2") == [world.indicators["W2"]]
    assert codes(plan=plan, code="X' OR 1=1 --") == codes(plan=plan, code="%s") == []
    assert codes(plan=plan + 1, code="W1") == []


def test_a_union_of_kinds_is_prepared_like_any_other(world: World) -> None:
    def build(indicator: int) -> QuerySet:
        targets = Target.objects.filter(indicator=indicator).order_by().values_list("pk", "printed")
        terms = Term.objects.filter(indicator=indicator).order_by().values_list("pk", "role")
        return targets.union(terms, all=True)

    one = world.indicators["W1"].pk
    assert sorted(Prepared(build)(indicator=one)) == sorted(build(one))


def test_the_second_time_only_the_database_is_asked(world: World) -> None:
    asked = []

    def build(kind: str, bureau: int) -> QuerySet:
        asked.append(kind)
        return Unit.objects.filter(bureau=bureau, kind=kind)

    prepared = Prepared(build)
    for _ in range(3):
        assert len(prepared("township", bureau=world.bureau.pk)) == 3
        assert len(prepared("department", bureau=world.bureau.pk)) == 2
    assert asked == ["township", "department"]


def test_a_value_that_is_not_in_the_query_is_a_mistake_of_the_program(world: World) -> None:
    prepared = Prepared(lambda plan, year: Indicator.objects.filter(plan=plan, due_year=2025))
    with pytest.raises(ValueError, match="year"):
        prepared(plan=1, year=2023)
