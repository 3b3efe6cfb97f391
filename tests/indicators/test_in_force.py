"""One address for a whole plan must say what the subqueries say of one indicator."""

import pytest

from indicators import in_force
from indicators.judging import with_definition
from indicators.models import Definition, Indicator, Milestone, Responsibility, Target
from tests.world import World

GOALS = ("target_value", "target_printed")


def said(indicators: dict[int, Indicator], *names: str) -> list[list[object]]:
    return [[getattr(i, name) for name in names] for i in indicators.values()]


def indicators(world: World, year: int | None = None) -> dict[int, Indicator]:
    found = Indicator.objects.filter(plan=world.plan).order_by("order")
    if year is not None:
        found = with_definition(found.for_year(year), year)
    return {indicator.pk: indicator for indicator in found}


def revise(world: World) -> Indicator:
    """In 2022 everything changes, and 2023 has a milestone."""
    one = world.indicators["W1"]
    why = {"reason": "调整", "document": "文件", "approved_by_body": "政府"}
    Target.objects.create(indicator=one, value=77, printed="77", effective_year=2022, **why)
    Responsibility.objects.create(
        indicator=one, unit=world.affairs, supervisor="副局长", effective_year=2022
    )
    Definition.objects.create(
        indicator=one, effective_year=2022, text="新口径", is_interpretation=True
    )
    Milestone.objects.create(indicator=one, year=2023, value=50, basis="文件")
    return one


@pytest.mark.parametrize("year", [2019, 2021, 2022, 2025])
def test_says_what_the_subqueries_say(world: World, year: int) -> None:
    revise(world)
    plain = indicators(world)
    in_force.lay_down(world.plan, year, plain)
    assert said(plain, *in_force.UNKNOWN) == said(indicators(world, year), *in_force.UNKNOWN)


def test_goals_alone_and_milestones(world: World) -> None:
    one = revise(world)
    plain = indicators(world)
    milestones = in_force.lay_down(world.plan, 2022, plain, goals_only=True)
    assert said(plain, *GOALS) == said(indicators(world, 2022), *GOALS)
    assert (milestones[one.pk], plain[one.pk].unit_name) == ({2023: 50}, None)


def test_one_query(world: World, django_assert_num_queries) -> None:
    plain = indicators(world)
    with django_assert_num_queries(1):
        in_force.lay_down(world.plan, 2022, plain)
