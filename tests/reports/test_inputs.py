"""What the page of an indicator says of a sum over townships, and the return page of its list."""

from decimal import Decimal

import pytest

from indicators import grid, workflow
from indicators.amounts import Amounts
from indicators.entry import Entry
from reports.inputs import input_rows
from tests.world import World

pytestmark = pytest.mark.django_db

YES, NA, NONE = Entry(Decimal(1), "have"), Entry(None, "na", "没有"), Entry(None, "none", "未统计")


def told(world: World, entries: list[Entry]) -> tuple[str, str]:
    """(what the indicator's page says, the total on the return page)"""
    rnd = world.round(2023)
    care = world.return_of(rnd, world.care)
    world.save(world.people["clerk"], care, D1=150, D2=300)
    figures = care.figures.filter(item__code="D3").order_by("unit__order")
    given = {figure.pk: one for figure, one in zip(figures, entries, strict=True)}
    care.refresh_from_db()
    saved = workflow.save_draft(world.people["clerk"], care.pk, care.version, given)
    workflow.submit(world.people["clerk"], saved.pk, saved.version)
    amounts = Amounts(world.plan, {(world.items["D3"].pk, 2023)}, "provisional")
    row = next(iter(input_rows(world.indicators["W2"], [2023], amounts)))
    return row.amounts[0], grid.build(care, editable=False).lists[0].total


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([YES, YES, NONE], ("2/3 已报", "")),
        ([NONE, NONE, NONE], ("暂无", "")),
        ([NA, NA, NA], ("不适用", "不适用")),
        ([YES, NA, YES], ("2", "2 个“是”")),
    ],
)
def test_only_what_was_told_counts_as_told(world: World, entries, says) -> None:
    assert told(world, entries) == says
