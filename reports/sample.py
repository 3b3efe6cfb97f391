"""What is followed up in the sample (`indicators/sample.py`), opened, reported on and struck off
through the verbs.

Read from supervisions.csv beside the other tables of the sample, where there is one. Days are
counted from the day the sample is loaded, so that it always shows a row that is overdue."""

from datetime import date, timedelta
from pathlib import Path

from django.db import transaction

from organization.models import Role, Unit, User
from plans.models import Plan
from plans.tables import PlanFolderError, Row, read_table
from reports.models import Supervision
from reports.supervision import verbs
from reports.supervision.subjects import KINDS
from reports.supervision.verbs import Closing, Terms

FILE = "supervisions.csv"
COLUMNS = (
    "类别,代码,数据年度,几天前开启,时限在几天后,责任单位代码,责任领导,原因,措施,"
    "几天前报告,进展,几天前销号,成效,依据文件"
).split(",")
KIND_OF = {label: kind for kind, label in KINDS.items()}


@transaction.atomic
def supervise(folder: Path, plan: Plan, today: date) -> None:
    """Plays the table. Raises PlanFolderError for a table that cannot be read."""
    faults: list[str] = []
    rows = read_table(folder, FILE, COLUMNS, faults, required_file=False)
    if faults:
        raise PlanFolderError(faults)
    for row in rows:
        _play(row, plan, today)


def _play(row: Row, plan: Plan, today: date) -> None:
    planner = _planner(plan)
    opened = _open(row, plan, planner, today)
    if text := row.text("进展", required=False):
        on = _ago(row, "几天前报告", today)
        verbs.note_progress(planner, opened.pk, on, text, on)
    if achieved := row.text("成效", required=False):
        on = _ago(row, "几天前销号", today)
        closing = Closing(on, achieved, row.text("依据文件", required=False))
        verbs.close(planner, opened.pk, opened.version, closing, on)


def _open(row: Row, plan: Plan, planner: User, today: date) -> Supervision:
    terms = Terms(
        row.text("措施"),
        Unit.objects.get(code=row.text("责任单位代码")),
        row.text("责任领导"),
        today + timedelta(days=row.integer("时限在几天后") or 0),
    )
    return verbs.open_supervision(
        planner,
        plan,
        row.integer("数据年度") or plan.end_year,
        KIND_OF[row.text("类别")],
        row.text("代码"),
        terms,
        row.text("原因"),
        _ago(row, "几天前开启", today),
    )


def _planner(plan: Plan) -> User:
    users = User.objects.select_related("unit__bureau").order_by("pk")
    return next(one for one in users if one.has_role(Role.PLANNER))


def _ago(row: Row, column: str, today: date) -> date:
    return today - timedelta(days=row.integer(column) or 0)
