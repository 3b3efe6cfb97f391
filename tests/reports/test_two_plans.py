"""Two plans in one system never mix, on no page and in no export."""

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from organization.models import Role
from programs.loading import load_plan
from tests.indicators.plan_folder import FIRST, SECOND
from tests.indicators.test_all_indicators import FIGURES, SECOND_FIGURES
from tests.played import person, play

pytestmark = pytest.mark.django_db


def _text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    if not url.endswith(".xlsx"):
        return response.content.decode()
    book = load_workbook(io.BytesIO(response.content))
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )


def test_two_plans_never_mix() -> None:
    first, second = load_plan(FIRST), load_plan(SECOND)
    play(first, {2023: FIGURES[2023]})
    play(second, SECOND_FIGURES)
    names = {plan.pk: _names(plan) for plan in (first, second)}
    for plan, other, year in ((first, second, 2023), (second, first, 2026)):
        client = Client()
        client.force_login(person(plan, Role.PLANNER))
        urls = [
            "/",
            "/indicators/1/",
            f"/reports/{year}/table.xlsx",
            "/admin/indicators/indicator/",
            "/admin/indicators/round/",
            "/admin/indicators/annualreturn/",
            "/admin/indicators/dataitem/",
            "/admin/indicators/target/",
            "/admin/indicators/milestone/add/",
            "/admin/plans/plan/",
        ]
        foreign = names[other.pk] - names[plan.pk]
        for url in urls:
            text = _text_of(client, url)
            assert [name for name in foreign if name in text] == [], url
        assert plan.title in _text_of(client, "/")


def _names(plan) -> set[str]:
    return {plan.title, plan.bureau.name, *plan.indicators.values_list("name", flat=True)}
