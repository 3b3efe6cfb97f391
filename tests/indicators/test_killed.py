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
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from indicators import evidence, values, workflow
from indicators.models import (
    AnnualReturn,
    AnnualValue,
    ChangeRequest,
    Evidence,
    Figure,
    ReturnAct,
    Round,
    Target,
)
from organization.history import AppendOnly
from organization.models import User
from tests.indicators import sample_files
from tests.world import PASSWORD, World

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
        list(Round.objects.order_by("pk").values_list("published_at", "signed_by", "correction")),
        list(ChangeRequest.objects.order_by("pk").values_list("state", "figures", "answer")),
        list(Target.objects.order_by("pk").values_list("value", "effective_year")),
        list(Evidence.objects.order_by("pk").values_list("name", "file")),
        list(User.objects.order_by("pk").values_list("roles", "unit")),
        [model.objects.count() for model in apps.get_models() if issubclass(model, AppendOnly)],
        list(
            AnnualValue.objects.order_by("indicator", "year", "layer").values_list(
                "indicator", "year", "layer", "value", "state"
            )
        ),
    )


@pytest.fixture
def files(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    return settings.MEDIA_ROOT


@pytest.fixture
def run_killed(db: None, files: Path) -> Iterator[Callable[[object, int], bool]]:
    """run_killed(verb, n): the verb in a process that dies at the n-th statement; True when it
    came through."""
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-m", "tests.killing", name, str(files)]
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


def key(annual_return: AnnualReturn) -> tuple[int, int]:
    annual_return.refresh_from_db()
    return annual_return.pk, annual_return.version


def ready_to_withdraw(world: World):
    ready_to_submit(world)()
    care = AnnualReturn.objects.get(unit=world.care)
    return partial(workflow.withdraw, world.people["clerk"], *key(care))


def ready_to_start_review(world: World):
    ready_to_submit(world)()
    care = AnnualReturn.objects.get(unit=world.care)
    return partial(workflow.start_review, world.people["reviewer"], *key(care))


def ready_to_request(world: World):
    ready_to_approve(world)()
    care = AnnualReturn.objects.get(unit=world.care)
    wanted = [care.figures.get(item__code="D1").pk]
    return partial(workflow.request_change, world.people["clerk"], *key(care), wanted, "数错了")


def ready_to_decline(world: World):
    ready_to_request(world)()
    care = AnnualReturn.objects.get(unit=world.care)
    return partial(workflow.decline_change, world.people["reviewer"], *key(care), "数没有错")


def ready_to_reopen(world: World):
    ready_to_request(world)()
    care = AnnualReturn.objects.get(unit=world.care)
    wanted = [care.figures.get(item__code="D1").pk]
    return partial(workflow.reopen, world.people["planner"], *key(care), wanted, "同意")


def ready_to_correct(world: World):
    ready_to_publish(world)()
    care, clerk = AnnualReturn.objects.get(unit=world.care), world.people["clerk"]
    figure = care.figures.get(item__code="D1")
    workflow.reopen(world.people["planner"], *key(care), [figure.pk], "数错了")
    world.save(clerk, care, D1=160)
    workflow.submit(clerk, *key(care))
    workflow.approve(world.people["reviewer"], *key(care))
    return partial(workflow.correct, world.people["planner"], care.round_id, "床位重复统计")


def ready_to_hand_over(world: World):
    world.round()
    successor = User.objects.create_user("next", PASSWORD, name="乙接手", unit=world.care)
    people = world.people
    return partial(workflow.hand_over, people["sysadmin"], people["clerk"], successor, "调离")


def ready_to_revise_target(world: World):
    given = {"value": 55, "printed": "55", "effective_year": 2024, "reason": "床位总数增加"}
    given |= {"document": "政办〔2024〕1号", "approved_by_body": "县人民政府"}
    indicator = world.indicators["W1"]
    return partial(workflow.revise_target, world.people["planner"], indicator, **given)


def ready_to_attach(world: World):
    care, content = world.return_of(world.round(), world.care), sample_files.png()
    return partial(evidence.attach, world.people["clerk"], care, None, "现场.png", content)


def ready_to_remove(world: World):
    found = ready_to_attach(world)()
    return partial(evidence.remove, world.people["clerk"], found, "传错了")


@pytest.mark.parametrize(
    "ready",
    [
        ready_to_save,
        ready_to_submit,
        ready_to_approve,
        ready_to_send_back,
        ready_to_publish,
        ready_to_open,
        ready_to_withdraw,
        ready_to_start_review,
        ready_to_request,
        ready_to_decline,
        ready_to_reopen,
        ready_to_correct,
        ready_to_hand_over,
        ready_to_revise_target,
        ready_to_attach,
        ready_to_remove,
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
        assert no_row_is_without_its_file()
    assert finished and now != before
    assert statement > 3  # it really was killed in between
    assert no_row_is_without_its_file()
    assert values.differences(world.plan) == []


def no_row_is_without_its_file() -> bool:
    """A file without a row may be left behind; `verify_evidence` names it."""
    names = Evidence.objects.values_list("file", flat=True)
    return all(default_storage.exists(name) for name in names)
