"""Laggards that are published, and rows of 督办 about them."""

import hashlib
from datetime import date, timedelta

from django.core.files.base import ContentFile

from reports.models import Supervision, SupervisionFile
from reports.supervision import verbs
from reports.supervision.verbs import Closing, Terms
from tests.reports.builders import published
from tests.work import Work
from tests.world import World

TODAY = date(2024, 3, 1)
DEADLINE = date(2024, 6, 30)


def behind(world: World) -> None:
    """By the end of 2023 W1, W2 and W4 are published as behind, W3 is not."""
    published(world, 2020, 2023)


def terms(world: World, **changes: object) -> Terms:
    given = {"measures": "加快改造。", "unit": world.care, "lead": "分管养老的副局长"}
    return Terms(**{**given, "deadline": DEADLINE, **changes})


def opened(world: World, code: str = "W1", today: date = TODAY, **changes: object) -> Supervision:
    given = terms(world, **changes)
    planner = world.people["planner"]
    return verbs.open_supervision(
        planner, world.plan, 2023, "indicator", code, given, "开工较晚。", today
    )


def closed(world: World, code: str = "W1", **changes: object) -> Supervision:
    row = opened(world, code)
    given = {"on": TODAY, "achieved": "床位已投用。", "document": "民政〔2024〕8号", **changes}
    return verbs.close(world.people["planner"], row.pk, row.version, Closing(**given), TODAY)


def late_work(work: Work) -> None:
    """In 2023 task 4.1-1 and both parts of project Z3-1 are published as behind."""
    world, clerk = work.world, work.world.people["clerk"]
    rnd = world.round(2023)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    work.fill(rnd)
    care = world.return_of(rnd, world.care)
    told = {"situation": "施工。", "reason": "资金未到位。", "next_step": "争取资金。"}
    work.save(clerk, care, work.care_task, work.task_done("behind", **told))
    work.save(clerk, care, work.home, work.building(status="behind", **told))
    work.save(clerk, care, work.flats, work.waiting(status="behind", **told))
    world.explain(rnd)
    world.approve_all(rnd)
    world.publish(rnd)


def days(count: int) -> date:
    return TODAY + timedelta(days=count)


def stored(world: World, content: bytes) -> SupervisionFile:
    """The proof of an open row of `care`, without the data that would have led to it."""
    planner = world.people["planner"]
    row = Supervision.objects.create(
        plan=world.plan, year=2024, serial=1, indicator=world.indicators["W1"], title="占比",
        about_year=2023, status_then="below", label_then="未达标", cause="原因", measures="措施",
        unit=world.care, lead="副局长", deadline=DEADLINE, opened_on=TODAY, opened_by=planner,
    )  # fmt: skip
    act = row.acts.create(verb="close", on=TODAY, text="成效", by=planner)
    found = SupervisionFile(act=act, name="验收.pdf", content_type="application/pdf", size=1)
    found.sha256, found.uploaded_by = hashlib.sha256(content).hexdigest(), planner
    found.file.save(found.name, ContentFile(content), save=False)
    found.save()
    return found
