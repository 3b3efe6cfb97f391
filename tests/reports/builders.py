"""Rounds that are done, rounds that are not, and plans with very many indicators."""

from copy import copy

from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators import values, workflow
from indicators.models import (
    Definition,
    Figure,
    Indicator,
    Milestone,
    Responsibility,
    Round,
    Target,
    Term,
)
from organization.models import Unit
from plans.models import Plan
from tests.world import World

FIGURES = {
    2020: ("400", "1000", [0, 0, 0], "300"),
    2021: ("440", "1000", [1, 0, 0], "330"),
    2022: ("480", "1000", [1, 0, 0], "360"),
    2023: ("450", "1000", [1, 0, 0], "400"),
}


def published(world: World, *years: int) -> None:
    for year in years:
        publish_year(world, year)


def publish_year(world: World, year: int) -> Round:
    rnd = submitted_year(world, year)
    for annual_return in rnd.returns.all():
        workflow.approve(world.people["reviewer"], annual_return.pk, annual_return.version)
    return world.publish(rnd)


def submitted_year(world: World, year: int, *figures: object) -> Round:
    """Entered and submitted by both 股室, nothing of it published."""
    rnd = world.round(year)
    world.fill(rnd, *(figures or FIGURES[year]))
    for annual_return in rnd.returns.all():
        annual_return.refresh_from_db()
    world.explain(rnd)
    for annual_return in rnd.returns.all():
        clerk = world.people["clerk" if annual_return.unit == world.care else "other_clerk"]
        workflow.submit(clerk, annual_return.pk, annual_return.version)
    return rnd


def more_indicators(world: World, count: int) -> None:
    """Copies of W1, with all that hangs on an indicator, computed like it."""
    first = world.indicators["W1"]
    copies = [Indicator.objects.get(pk=first.pk) for _ in range(count)]
    for number, one in enumerate(copies):
        one.pk, one.code, one.order, one.row_no = None, f"X{number}", 100 + number, 100 + number
    Indicator.objects.bulk_create(copies)
    for model in (Term, Target, Definition, Responsibility, Milestone):
        rows = [(row, one) for row in model.objects.filter(indicator=first) for one in copies]
        model.objects.bulk_create(_moved(row, one) for row, one in rows)
    values.recompute(world.plan)


def _moved(row: Model, indicator: Indicator) -> Model:
    moved = copy(row)
    moved.pk, moved.indicator = None, indicator
    return moved


def other_bureau_plan() -> Plan:
    bureau = Unit.objects.create(code="OB", name="邻县民政局", kind="bureau")
    return Plan.objects.create(
        code="other",
        title="邻县规划",
        short_title="邻县规划",
        bureau=bureau,
        base_year=2020,
        start_year=2021,
        end_year=2025,
    )


def queries(client: Client, address: str) -> int:
    client.get(address)  # templates and content types are read once per process
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def note_on(figure: Figure, note: str) -> None:
    """A clerk's remark, past the verbs: only whether it is shown matters here."""
    figure.note = note
    figure.save(update_fields=["note"])
