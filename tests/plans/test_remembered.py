"""What was put together once is given again while the tables it was read from are as they were."""

import pytest
from django.contrib.sessions.models import Session

from indicators.models import Indicator, Target
from plans import remembered
from plans.remembered import PARTS, Memory, Remembered, Same, reading, remember
from plans.versions import tokens_of
from tests.world import World

INDICATORS, TARGETS = Indicator._meta.db_table, Target._meta.db_table


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    PARTS.clear()


def names(world: World, asked: list[int]) -> list[str]:
    def build() -> list[str]:
        asked.append(1)
        return list(Indicator.objects.filter(plan=world.plan).values_list("name", flat=True))

    return remember(tokens_of(world.bureau.pk), ("names", world.plan.pk), build)


@pytest.mark.django_db
def test_is_put_together_once_and_anew_when_its_table_changes(world: World) -> None:
    asked: list[int] = []
    first = names(world, asked)
    assert (names(world, asked) is first, len(asked)) == (True, 1)
    Target.objects.update(printed="另一张表")
    assert (names(world, asked) is first, len(asked)) == (True, 1)
    Indicator.objects.update(name="改名")
    assert (set(names(world, asked)), len(asked)) == ({"改名"}, 2)


@pytest.mark.django_db
def test_the_whole_depends_on_what_its_remembered_parts_were_read_from(world: World) -> None:
    asked: list[int] = []
    names(world, asked)
    tokens = tokens_of(world.bureau.pk)
    with reading() as tables:
        remember(tokens, ("names", world.plan.pk), list)  # remembered: no query of its own
    assert (tables, asked) == ({INDICATORS, "plans_plan"}, [1])  # ordered by plan


@pytest.mark.django_db
def test_joined_and_nested_tables_are_taken_down() -> None:
    with reading() as tables:
        list(Target.objects.filter(indicator__in=Indicator.objects.filter(name="甲")))
        list(Target.objects.select_related("indicator__plan"))
    assert tables == {TARGETS, INDICATORS, "plans_plan"}


@pytest.mark.django_db
def test_what_is_read_from_a_table_that_nobody_watches_is_not_remembered(world: World) -> None:
    asked: list[int] = []

    def build() -> int:
        asked.append(1)
        return Session.objects.count()

    tokens = tokens_of(world.bureau.pk)
    assert [remember(tokens, "sessions", build), remember(tokens, "sessions", build)] == [0, 0]
    assert len(asked) == 2


def test_without_a_version_nothing_is_remembered() -> None:
    assert [remember({}, "one", list) is remember({}, "one", list)] == [False]


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    memory = Memory(2)
    for name in ("a", "b"):
        memory.put(name, Remembered(name, {}))
    memory.get("a", {})
    memory.put("c", Remembered("c", {}))
    assert [memory.get(name, {}) is None for name in "abc"] == [False, True, False]


def test_a_failure_leaves_nothing_open() -> None:
    with pytest.raises(ZeroDivisionError):
        remember({"t": "1"}, "broken", lambda: 1 / 0)
    assert remembered._open.sets == []


@pytest.mark.django_db
def test_the_same_object_is_not_an_equal_one(world: World) -> None:
    again = type(world.plan).objects.get(pk=world.plan.pk)
    assert again == world.plan
    assert (Same(again) == Same(world.plan), Same(again) == Same(again)) == (False, True)
