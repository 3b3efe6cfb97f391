"""Runs inside the sample database (`python -m tests.screenshots.staging`): adds, through the verbs,
what the sample of `make run` does not have and some page needs, and prints as JSON where the
{words} of the table of pages lead, and which account plays which role."""

import io
import json
import os
from datetime import date
from decimal import Decimal

import django
from openpyxl import load_workbook

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhushan_plan.settings")
django.setup()

from django.db.models import Model, QuerySet  # noqa: E402  — Django is set up first
from django.test import Client  # noqa: E402

from exchange.models import Upload  # noqa: E402
from indicators import evidence, workflow  # noqa: E402
from indicators.models import AnnualReturn, ComparisonValue, Milestone, SpotCheck  # noqa: E402
from indicators.sample import PASSWORD  # noqa: E402
from organization.models import Handover, Role, Unit, User  # noqa: E402
from plans.models import Plan  # noqa: E402
from programs.models import ComponentProgress, TaskProgress  # noqa: E402
from reports.models import Supervision  # noqa: E402

LEDGER, REACHED = "D11", "11"  # an item with a ledger, an indicator on a straight line


def main() -> None:
    people = {role.value: _first(role) for role in Role}
    plan = Plan.objects.get()
    _add(people, plan)
    places = _returns(people) | _rows(people, plan)
    places |= _uploads(people, plan, places["draft"])
    accounts = {role: user.username for role, user in people.items()}
    names = [*User.objects.values_list("username", flat=True), plan.bureau.code]
    told = {"places": places, "people": accounts, "names": names, "password": PASSWORD}
    print(json.dumps(told))


def _first(role: Role) -> User:
    """The same account of each role as `make run` prints."""
    return next(user for user in User.objects.order_by("pk") if user.has_role(role))


def _add(people: dict[str, User], plan: Plan) -> None:
    """A milestone, a spot check, values of others, a note and a handover."""
    planner, clerk = people["planner"], people["clerk"]
    _milestone(plan).save()
    item = plan.items.get(code=LEDGER)
    told = {"year": 2024, "sampled": 20, "errors_found": 1, "checked_by": "规划财务股"}
    evidence.record_spot_check(planner, SpotCheck(item=item, checked_on="2025-01-20", **told))
    _enter_comparisons(planner, plan)
    workflow.keep_note(clerk, clerk.unit, 0, "养老机构床位数每年 12 月底与民政统计台账核对。")
    leaving = User.objects.filter(roles=["clerk"]).exclude(pk=clerk.pk).last()
    coming = User.objects.create_user("jieban", name="接手人（演示）", unit=leaving.unit)
    workflow.hand_over(people["sysadmin"], leaving, coming, "岗位调整（演示）")


def _enter_comparisons(planner: User, plan: Plan) -> None:
    """Of the indicator whose page the README shows."""
    facts = {"source": "全市民政事业发展统计（演示）", "document_date": date(2025, 3, 20)}
    indicator = plan.indicators.get(code="8")
    for year, amount in ((2023, "52.6"), (2024, "55.1")):
        about = {"indicator": indicator, "year": year, "amount": Decimal(amount), **facts}
        workflow.enter_comparison(planner, ComparisonValue(whose="全市平均（演示）", **about))


def _milestone(plan: Plan) -> Milestone:
    """As laid down before its year was published, which is why no verb would take it now. It stands
    on the straight line to the target, so that nothing published moves."""
    indicator = plan.indicators.get(code=REACHED)
    years = [plan.base_year, indicator.due_year - 1, indicator.due_year]
    base = indicator.values.get(year=years[0], layer="official").value
    goal = indicator.targets.first().value
    value = base + (goal - base) * (years[1] - years[0]) / (years[2] - years[0])
    return Milestone(indicator=indicator, year=years[1], value=value, basis="年度工作要点（演示）")


def _returns(people: dict[str, User]) -> dict[str, object]:
    """The returns of the clerk's unit and one that waits for its reviewer."""
    own = AnnualReturn.objects.filter(unit=people["clerk"].unit).order_by("-pk")
    draft = _one(own.filter(status="draft"))
    published = _one(own.filter(status="approved", round__nature="annual"))
    parts = ComponentProgress.objects.select_related("component__project")
    return {
        "draft": draft.pk,
        "published": published.pk,
        "submitted": _one(AnnualReturn.objects.filter(status="submitted")).pk,
        "task": _one(TaskProgress.objects.filter(annual_return=draft)).key,
        "component": _one(parts.filter(annual_return=draft)).key,
        "published_component": _one(parts.filter(annual_return=published)).key,
    }


def _rows(people: dict[str, User], plan: Plan) -> dict[str, object]:
    """One row of each kind the admin shows; of the newest, where that says more."""
    indicator = plan.indicators.get(code=REACHED)
    rounds = plan.rounds.order_by("-pk")
    project = plan.projects.get(code="Z3-3")
    found = {
        "plan": plan,
        "round": _one(rounds.filter(published_at=None)),
        "published_round": _one(rounds.exclude(published_at=None)),
        "indicator": indicator,
        "item": plan.items.get(code=LEDGER),
        "rule": _one(plan.check_rules),
        "milestone": _one(indicator.milestones),
        "definition": _one(indicator.definitions),
        "responsibility": _one(indicator.responsibilities),
        "target": _one(indicator.targets),
        "spotcheck": _one(SpotCheck.objects),
        "task_row": plan.tasks.get(code="4.1-1"),
        "project_row": project,
        "component_row": _one(project.components),
        "assignment": _one(project.assignments),
        "handover": _one(Handover.objects),
        "unit": people["clerk"].unit,
        "user": people["clerk"],
        "supervision": _one(Supervision.objects.filter(state="open")),
        "comparison": _one(ComparisonValue.objects),
    }
    township = _one(Unit.objects.filter(kind="township"))
    codes = {"unit_code": people["clerk"].unit.code, "township_code": township.code}
    return {name: row.pk for name, row in found.items()} | codes


def _one(rows: QuerySet) -> Model:
    found = rows.first()
    assert found is not None, f"the sample has none of these: {rows.model._meta.verbose_name}"
    return found


# --- files that wait for their confirmation ---------------------------------------------------


def _uploads(people: dict[str, User], plan: Plan, draft: object) -> dict[str, object]:
    """What the program gives out, with one cell changed, handed back and not yet confirmed."""
    progress = f"/admin/returns/{draft}/progress/"
    outline = f"/admin/plans/plan/{plan.pk}/outline/"
    return {
        "upload": _hand_back(people["clerk"], f"{progress}file/", f"{progress}upload/", "F4"),
        "work_upload": _hand_back(people["planner"], f"{outline}file/", outline, "I5"),
    }


def _hand_back(user: User, template: str, ask: str, cell: str) -> int:
    client = Client()
    client.force_login(user)
    book = load_workbook(io.BytesIO(client.get(template).content))
    book.worksheets[0][cell] = "按季度调度，已完成年度任务（演示）。"
    changed = io.BytesIO()
    book.save(changed)
    changed.name = "填报表.xlsx"
    changed.seek(0)
    answer = client.post(ask, {"file": changed})
    assert answer.status_code == 302, answer.content.decode()
    return Upload.objects.get(user=user).pk


if __name__ == "__main__":
    main()
