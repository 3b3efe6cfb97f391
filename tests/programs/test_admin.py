"""The office reads its own document in through the browser."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plans.models import Chapter, Clause, Section
from tests.world import World

pytestmark = pytest.mark.django_db

DOCUMENT = """西安县民政事业发展规划

第一章  基本思路

第一节  发展基础

全县有养老床位300张。队伍稳定。
"""


def upload(world: World, as_person, content: bytes, name: str = "规划.txt"):
    section = Section.objects.create(
        chapter=Chapter.objects.create(plan=world.plan, number=1, title="基本思路"),
        number=1,
        title="发展基础",
    )
    clause = Clause.objects.create(
        plan=world.plan,
        section=section,
        locator="第一章第一节 第1段",
        kind="paragraph",
        order=1,
        summary="养老床位",
        sentences=2,
    )
    clause.numbers.create(order=1, printed="300", reason="背景数字")
    url = reverse("admin:plans_plan_text", args=[world.plan.pk])
    response = as_person("planner").post(url, {"file": SimpleUploadedFile(name, content)})
    clause.refresh_from_db()
    return response, clause


def test_the_wording_comes_onto_its_clause(world: World, as_person) -> None:
    response, clause = upload(world, as_person, DOCUMENT.encode())
    assert clause.wording == "全县有养老床位300张。队伍稳定。"
    assert response.context["checked"]


def test_a_changed_number_is_listed(world: World, as_person) -> None:
    response, _ = upload(world, as_person, DOCUMENT.replace("300", "310").encode())
    assert [line for line in response.context["differences"] if "310" in line]


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "empty.txt"), (b"\x00\x01\x02", "binary.docx"), ("没有章节".encode(), "x.txt")],
)
def test_a_wrong_file_is_answered_beside_the_field(world, as_person, content, name) -> None:
    response, clause = upload(world, as_person, content, name)
    assert response.context["form"].errors["file"]
    assert clause.wording == ""


def test_the_thresholds_are_the_offices_and_the_rest_is_not(world: World, as_person) -> None:
    url = reverse("admin:plans_plan_change", args=[world.plan.pk])
    form = {"fast_from": "1.10", "on_pace_from": "0.9", "slight_from": "0.5", "title": "改名"}
    as_person("planner").post(url, form)
    world.plan.refresh_from_db()
    assert (world.plan.fast_from, world.plan.title) == (
        Decimal("1.100"),
        "西安县民政事业发展规划",
    )
