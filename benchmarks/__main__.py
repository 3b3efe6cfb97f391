"""`make bench`: what our pages cost, in units of the leanest page that could do the job."""

# isort: off
from benchmarks import environment  # noqa: F401 - sets Django up before any model is imported
# isort: on

import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db.models import Count
from django.test import override_settings
from django.urls import reverse

from benchmarks import harness, reference
from indicators.models import AnnualReturn
from organization.models import Role, User

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ATTEMPTS = 3
ITEMS = 25


@dataclass(frozen=True)
class Row:
    """One line of the table: a page, what it is compared with, how much dearer it may be."""

    name: str
    url: Callable[[], str]
    reference: str
    must: float


def dashboard() -> str:
    return reverse("home")


def annual_return() -> str:
    """The return whose number of items is nearest to 25."""
    returns = AnnualReturn.objects.annotate(items=Count("figures__item", distinct=True))
    nearest = min(returns, key=lambda one: (abs(one.items - ITEMS), one.pk))
    return reverse("admin:indicators_annualreturn_change", args=[nearest.pk])


ROWS = [
    Row("首页", dashboard, "c", 2),
    Row("年度填报页（25 项）", annual_return, "c", 8),
]


def main() -> int:
    fill_database()
    for _ in range(ATTEMPTS):
        costs = harness.measure(calls())
        if not harness.is_void(itself(costs)):
            return report(costs)
        print(f"同一页面与自身之比为 {itself(costs)}，机器不够平稳，重测。", flush=True)
    print("本次测量作废（不算未达标）：请在空闲时再试。")
    return 0


def fill_database() -> None:
    quiet = StringIO()
    call_command("migrate", verbosity=0)
    for folder in sorted(path for path in FIXTURES.iterdir() if path.is_dir()):
        call_command("load_plan", str(folder), stdout=quiet)
    call_command("load_sample", stdout=quiet)
    reference.create_table()


def calls() -> dict[str, harness.Call]:
    user = next(user for user in User.objects.all() if user.has_role(Role.PLANNER))
    lean, ours = reference.LeanHandler(), WSGIHandler()
    return {
        "b": harness.page("/reference/b/", user, lean),
        "c": harness.page("/reference/c/", user, lean),
        "c again": harness.page("/reference/c/", user, lean),
        **{row.name: harness.page(row.url(), user, ours) for row in ROWS},
    }


def itself(costs: dict[str, list[float]]) -> harness.Ratio:
    return harness.Ratio.of(costs["c again"], costs["c"])


def report(costs: dict[str, list[float]]) -> int:
    """Prints the table; 1 when a page is dearer than it may be."""
    print("CPU 时间之比，中位数（四分位）；b：会话、用户、固定页面；c：同等规模的最简首页")
    print(f"  c 与自身 {itself(costs)}，c / b {harness.Ratio.of(costs['c'], costs['b'])}")
    return max([report_row(row, costs) for row in ROWS])


def report_row(row: Row, costs: dict[str, list[float]]) -> int:
    ratio = harness.Ratio.of(costs[row.name], costs[row.reference])
    failed = ratio.median > row.must
    verdict = "超出" if failed else "达标"
    print(f"  {row.name} / {row.reference}  {ratio}  应 ≤ {row.must:g}  {verdict}")
    return int(failed)


if __name__ == "__main__":
    with override_settings(ROOT_URLCONF="benchmarks.reference"):
        sys.exit(main())
