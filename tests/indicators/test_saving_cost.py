"""Saving a return costs the same number of statements with 5 figures or with 25."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import DataItem, Responsibility
from tests.indicators.test_return_page import PAGE, posted
from tests.world import World

pytestmark = pytest.mark.django_db


def _more_items(world: World, count: int) -> None:
    for number in range(count):
        item = DataItem.objects.create(
            plan=world.plan,
            code=f"E{number:02}",
            name=f"另一数据项{number}",
            measure="个",
            nature="moment",
            kind="number",
            collection="department",
            order=100 + number,
        )
        Responsibility.objects.create(item=item, unit=world.care, effective_year=2020)


def _statements(world: World, as_person, year: int, act: str) -> int:
    care = world.return_of(world.round(year), world.care)
    towns = {f"D3_{unit.name}": "是" for unit in world.townships}
    codes = care.figures.exclude(item__code="D3").values_list("item__code", flat=True)
    amounts = {code: str(300 + n) for n, code in enumerate(codes)} | {"D1": "150"}
    data = posted(world, care, **amounts, **towns) | {"act": act}
    data |= {name: "测试" for name in data if name.startswith("note-")}
    client = as_person("clerk")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.post(reverse(PAGE, args=[care.pk]), data)
    assert response.status_code == 302
    return len(queries)


@pytest.mark.parametrize("act", ["save", "submit"])
def test_saving_25_figures_takes_no_more_statements_than_5(world, as_person, act: str) -> None:
    few = _statements(world, as_person, 2022, act)
    _more_items(world, 20)
    many = _statements(world, as_person, 2023, act)
    assert many == few
    assert many <= 40
