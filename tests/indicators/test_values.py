"""Which figure counts, what a change touches, and how historical values stand in."""

from decimal import Decimal

import pytest

from indicators import values, workflow
from indicators.entry import Entry
from indicators.models import AnnualValue, DataItem, Responsibility, Term
from tests.world import World

pytestmark = pytest.mark.django_db


def official(world: World, code: str, year: int) -> AnnualValue:
    return AnnualValue.objects.get(indicator=world.indicators[code], year=year, layer="official")


@pytest.fixture
def rate(world: World) -> DataItem:
    item = DataItem.objects.create(
        plan=world.plan,
        code="H-W1",
        name="护理型床位占比（历史数据）",
        measure="%",
        nature="moment",
        kind="rate",
        decimals=4,
        collection="department",
        rate_of=world.indicators["W1"],
        order=99,
    )
    Responsibility.objects.create(item=item, unit=world.care, effective_year=2020)
    return item


def _publish_rate(world: World, amount: str):
    rnd = world.round(2021, name="历史补录", is_backfill=True)
    care = world.return_of(rnd, world.care)
    figure = world.figure(rnd, "H-W1")
    entries = {figure.pk: Entry(Decimal(amount), "have")}
    workflow.save_draft(world.people["clerk"], care.pk, care.version, entries)
    world.approve_all(rnd)
    world.publish(rnd)
    return rnd


def test_a_known_rate_stands_in_and_is_marked(world: World, rate) -> None:
    _publish_rate(world, "44.5")
    row = official(world, "W1", 2021)
    assert (row.value, row.is_historical, row.numerator) == (Decimal("44.5"), True, None)


def test_a_published_computed_value_replaces_the_known_rate(world: World, rate) -> None:
    _publish_rate(world, "44.5")
    annual = world.round(2021)
    world.fill(annual, 150, 300, [1, 1, 0], 470)
    assert official(world, "W1", 2021).is_historical
    world.approve_all(annual)
    world.publish(annual)
    row = official(world, "W1", 2021)
    assert (row.value, row.is_historical) == (50, False)


def test_the_rate_is_asked_for_in_backfill_rounds_only(world: World, rate) -> None:
    backfill = world.round(2021, name="历史补录", is_backfill=True)
    annual = world.round(2022)
    asked = [r.figures.filter(item=rate).count() for r in (backfill, annual)]
    assert asked == [1, 0]


def test_a_lagged_input_touches_the_next_year(world: World) -> None:
    lagged = Term.objects.get(indicator=world.indicators["W4"], role="denominator")
    lagged.lag = 1
    lagged.save()
    found = values.touched(world.plan, 2023, [world.items["D2"].pk])
    codes = {(pk, year) for pk, year in found}
    assert codes == {(world.indicators["W1"].pk, 2023), (world.indicators["W4"].pk, 2024)}
    for year in (2022, 2023):
        rnd = world.round(year)
        world.fill(rnd, 150, 300 if year == 2022 else 400, [1, 1, 0], 450)
        world.approve_all(rnd)
        world.publish(rnd)
    assert official(world, "W4", 2023).value == 150  # 450 ÷ 300 of the year before
    assert official(world, "W4", 2022).notes == ["缺 2021 年养老机构床位"]


def test_unavailable_in_a_newer_round_does_not_hide_an_older_figure(world: World) -> None:
    flash = world.round(name="快报", nature="flash")
    world.fill(flash, 150, 300, [1, 1, 0], 470)
    world.approve_all(flash)
    world.publish(flash)
    annual = world.round()
    care = world.return_of(annual, world.care)
    entries = world.entries(care, D2=300, D3=[1, 1, 0])
    entries[world.figure(annual, "D1").pk] = Entry(None, "none", "还在核对")
    workflow.save_draft(world.people["clerk"], care.pk, care.version, entries)
    world.save(world.people["other_clerk"], world.return_of(annual, world.affairs), D4=470)
    world.approve_all(annual)
    world.publish(annual)
    row = official(world, "W1", 2023)
    assert (row.value, row.nature) == (50, "flash")


def test_incremental_values_equal_a_full_recomputation(world: World, rate) -> None:
    _publish_rate(world, "44.5")
    for year in (2022, 2023):
        rnd = world.round(year)
        world.fill(rnd, 150 + year - 2000, 300, [1, 0, 1], 450)
        world.approve_all(rnd)
        world.publish(rnd)
    assert values.differences(world.plan) == []
