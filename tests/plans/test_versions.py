"""The database names the state of every table of a plan, whoever writes to it."""

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from indicators.models import AnnualValue, Figure, Indicator
from organization.models import Unit, User
from plans import version_triggers
from plans.models import DataVersion, Plan
from plans.versions import tokens_of
from plans.watching import Watched, watched
from tests.work import Work
from tests.world import PASSWORD, World

FIGURES = Figure._meta.db_table
VALUES = AnnualValue._meta.db_table


def tokens(world: World) -> dict[str, str]:
    return dict(tokens_of(world.bureau.pk))


def changed(world: World, before: dict[str, str]) -> set[str]:
    now = tokens(world)
    return {table for table in now.keys() | before.keys() if now.get(table) != before.get(table)}


@pytest.mark.django_db
def test_every_table_of_a_plan_has_its_triggers() -> None:
    assert version_triggers.existing(connection) == version_triggers.expected()


def test_their_names_are_short_enough_for_every_database() -> None:
    assert max(map(len, version_triggers.expected())) <= 63


def test_every_table_of_ours_is_watched_or_told_here_why_not() -> None:
    ours = {"organization", "plans", "exchange", "indicators", "programs", "reports"}
    models = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label in ours]
    left = {m._meta.label for m in models} - {one.model._meta.label for one in watched()}
    assert left == {
        "plans.DataVersion",
        # people and their work: no page about a plan reads them
        "exchange.Upload",
        "organization.Handover",
        "organization.HistoricalUnit",
        "organization.HistoricalUser",
        "organization.HistoricalUser_review_units",
        "organization.HistoricalWorkNote",
        "organization.LoginRecord",
        "organization.User_review_units",  # read by the log-in, in the name of a kept page
        "organization.WorkNote",
        "plans.HistoricalPlan",  # has no link to the plan; no page reads it
    }


@pytest.mark.django_db
def test_a_row_of_each_table_leads_to_its_plan(world: World, work: Work) -> None:
    work.publish(2023)
    silent, seen = [], 0
    for one in watched():
        if not one.model._base_manager.exists() or one.columns:
            continue
        seen += 1
        before = tokens(world)
        _touch(one)
        if changed(world, before) != {one.table}:
            silent.append(one.table)
    assert (silent, seen > 30) == ([], True)


def _touch(one: Watched) -> None:
    column = one.model._meta.pk.column
    with connection.cursor() as cursor:
        cursor.execute(f'UPDATE "{one.table}" SET "{column}" = "{column}"')


@pytest.mark.django_db
def test_adding_changing_and_removing_in_bulk_or_by_hand_are_all_seen(world: World) -> None:
    rnd = world.round(2023)
    figure = world.figure(rnd, "D1")
    before = tokens(world)
    Figure.objects.filter(pk=figure.pk).update(note="改")
    assert changed(world, before) == {FIGURES}
    before = tokens(world)
    indicator = world.indicators["W1"]
    AnnualValue.objects.bulk_create([AnnualValue(indicator=indicator, year=2031, layer="official")])
    assert changed(world, before) == {VALUES}
    before = tokens(world)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {VALUES} WHERE year = 2031")
    assert changed(world, before) == {VALUES}


@pytest.mark.django_db
def test_another_plan_keeps_its_version(world: World) -> None:
    other = Plan.objects.create(
        code="other", title="另一规划", short_title="另一规划", bureau=world.bureau,
        base_year=2025, start_year=2026, end_year=2030,
    )  # fmt: skip
    before = set(DataVersion.objects.filter(plan=other).values_list("table", "token"))
    Indicator.objects.filter(plan=world.plan).update(name="改名")
    assert set(DataVersion.objects.filter(plan=other).values_list("table", "token")) == before


@pytest.mark.django_db
def test_a_unit_or_a_name_concerns_every_plan_and_a_log_in_none(world: World) -> None:
    before = tokens(world)
    Unit.objects.filter(pk=world.care.pk).update(name="新名")
    assert changed(world, before) == {"organization_unit"}
    before = tokens(world)
    person = world.people["clerk"]
    User.objects.filter(pk=person.pk).update(name="新姓名")
    assert changed(world, before) == {"organization_user"}
    before = tokens(world)
    Client().login(username=person.username, password=PASSWORD)
    person.refresh_from_db()
    assert person.last_login is not None and changed(world, before) == set()


@pytest.mark.django_db
def test_what_is_undone_gets_its_old_name_back(world: World) -> None:
    before = tokens(world)
    with transaction.atomic():
        Indicator.objects.filter(plan=world.plan).update(name="改名")
        inside = tokens(world)
        transaction.set_rollback(True)
    assert inside != before
    assert tokens(world) == before


@pytest.mark.django_db
def test_removing_the_triggers_removes_the_versions_and_installing_brings_both_back(
    world: World,
) -> None:
    version_triggers.remove(using="default")
    assert (version_triggers.existing(connection), tokens(world)) == (set(), {})
    version_triggers.install(using="default")
    version_triggers.install(using="default")
    assert version_triggers.existing(connection) == version_triggers.expected()
    assert list(tokens(world)) == [Plan._meta.db_table]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_do_not_wait_for_each_other(world: World) -> None:
    """Each takes a token that is free; both are part of the version."""
    before = tokens(world)
    other = connection.copy()
    try:
        with transaction.atomic():
            Indicator.objects.filter(code="W1").update(name="甲")
            with other.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
                cursor.execute("UPDATE indicators_indicator SET name = '乙' WHERE code = 'W2'")
            between = tokens(world)
    finally:
        other.close()
    table = Indicator._meta.db_table
    assert len({before[table], between[table], tokens(world)[table]}) == 2
    assert DataVersion.objects.filter(table=table).count() == 2
