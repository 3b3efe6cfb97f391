"""A process killed between any two statements of a verb leaves the database as it was before the
verb or as it is after it, history and values included. The real thing: a child process of ours
gets SIGKILL; SQLite and PostgreSQL have to sort it out."""

import base64
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial

import pytest
from django.conf import settings
from django.db import connection

from indicators import values, workflow
from indicators.models import AnnualReturn, AnnualValue, Figure, ReturnAct, Round
from tests.world import World

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]


def state() -> tuple:
    """Everything a verb may touch."""
    return (
        list(AnnualReturn.objects.order_by("pk").values_list("status", "version", "submitted_by")),
        list(
            Figure.objects.order_by("pk").values_list(
                "amount", "approved_amount", "published_amount", "locked"
            )
        ),
        list(Figure.history.order_by("history_id").values_list("id", "amount", "locked")),
        AnnualReturn.history.count(),
        list(ReturnAct.objects.order_by("pk").values_list("verb", "actor")),
        list(Round.objects.order_by("pk").values_list("published_at", "signed_by")),
        list(
            AnnualValue.objects.order_by("indicator", "year", "layer").values_list(
                "indicator", "year", "layer", "value", "state"
            )
        ),
    )


@pytest.fixture
def run_killed(db: None) -> Iterator[Callable[[object, int], bool]]:
    """run_killed(verb, n): the verb in a process that dies at the n-th statement; True when it
    came through."""
    command = [sys.executable, "-m", "tests.killing", str(connection.settings_dict["NAME"])]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=settings.BASE_DIR, **pipes) as runner:

        def run(verb: object, after: int) -> bool:
            line = base64.b64encode(pickle.dumps((verb, after))).decode()
            runner.stdin.write(line + "\n")
            runner.stdin.flush()
            answer = runner.stdout.readline().strip()
            assert answer in {"killed", "finished"}
            return answer == "finished"

        yield run
        runner.stdin.close()


def ready_to_save(world: World):
    care = world.return_of(world.round(), world.care)
    entries = world.entries(care, D1=150, D2=300, D3=[1, 1, 0])
    return partial(workflow.save_draft, world.people["clerk"], care.pk, 1, entries)


def ready_to_submit(world: World):
    ready_to_save(world)()
    care = AnnualReturn.objects.get(unit=world.care)
    return partial(workflow.submit, world.people["clerk"], care.pk, care.version)


def ready_to_approve(world: World):
    ready_to_submit(world)()
    care = AnnualReturn.objects.get(unit=world.care)
    return partial(workflow.approve, world.people["reviewer"], care.pk, care.version)


def ready_to_send_back(world: World):
    ready_to_submit(world)()
    care = AnnualReturn.objects.get(unit=world.care)
    return partial(workflow.send_back, world.people["reviewer"], care.pk, care.version, "原因")


def ready_to_publish(world: World):
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.approve_all(rnd)
    day = date(2024, 2, 1)
    return partial(workflow.publish, world.people["planner"], rnd.pk, "局长", day)


def ready_to_open(world: World):
    given = {"year": 2024, "name": "年报", "nature": "annual", "as_of": date(2024, 12, 31)}
    return partial(workflow.open_round, world.people["planner"], world.plan, **given)


@pytest.mark.parametrize(
    "ready",
    [
        ready_to_save,
        ready_to_submit,
        ready_to_approve,
        ready_to_send_back,
        ready_to_publish,
        ready_to_open,
    ],
)
def test_killed_anywhere_a_verb_happened_wholly_or_not_at_all(
    world: World, run_killed, ready
) -> None:
    verb = ready(world)
    before = state()
    for statement in range(200):
        finished = run_killed(verb, statement)
        now = state()
        if finished:
            break
        assert now == before, f"killed at statement {statement}"
    assert finished and now != before
    assert statement > 3  # it really was killed in between
    assert values.differences(world.plan) == []
