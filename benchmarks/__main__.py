"""`make bench`: what our pages cost, in units of the leanest page that could do the job.

`python -m benchmarks 首页 规划全文` measures the rows that begin so."""

# isort: off
from benchmarks import environment  # noqa: F401 - sets Django up before any model is imported
# isort: on

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from itertools import count
from pathlib import Path

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test import override_settings
from django.urls import NoReverseMatch, reverse

from benchmarks import harness, reference
from indicators.models import AnnualReturn, AnnualValue, Figure, Indicator, Round
from organization.models import Role, Unit, UnitKind, User
from programs.models import ComponentProgress, Project, Task, TaskProgress

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
ATTEMPTS = 3
ITEMS = 25


@dataclass(frozen=True)
class Row:
    """One line of the table: a page, what it is compared with, how much dearer it may be
    (None: shown, not judged).

    `url` raises NoReverseMatch for a page that is not there (yet), and the row is left out.
    `before`: what is done to the data before each call, outside of the measurement. `again`: the
    page is asked for twice and the second time counts, with the data unchanged."""

    name: str
    url: Callable[[], str]
    reference: str
    must: float | None
    before: Callable[[], None] = harness.nothing
    again: bool = False


def dashboard() -> str:
    return reverse("home")


def annual_return() -> str:
    """The return whose number of items is nearest to 25."""
    returns = AnnualReturn.objects.annotate(items=Count("figures__item", distinct=True))
    nearest = min(returns, key=lambda one: (abs(one.items - ITEMS), one.pk))
    return reverse("admin:indicators_annualreturn_change", args=[nearest.pk])


def indicator() -> str:
    """The one with the most to compute from: a row for each township."""
    found = Indicator.objects.annotate(figures=Count("terms__item__figures"))
    return reverse("indicator", args=[max(found, key=lambda one: (one.figures, -one.pk)).code])


def unit() -> str:
    """The 股室 that leads the most tasks and projects."""
    found = Unit.objects.filter(kind=UnitKind.DEPARTMENT).annotate(led=Count("assignments"))
    return reverse("unit", args=[max(found, key=lambda one: (one.led, -one.pk)).code])


def task() -> str:
    """The one with the most measures."""
    found = Task.objects.annotate(parts=Count("measures"))
    return reverse("task", args=[max(found, key=lambda one: (one.parts, -one.pk)).code])


def project() -> str:
    """The one with the most components."""
    found = Project.objects.annotate(parts=Count("components"))
    return reverse("project", args=[max(found, key=lambda one: (one.parts, -one.pk)).code])


def outline() -> str:
    return reverse("outline")


def projects() -> str:
    return reverse("projects")


COUNTER = count(1)
Act = list[tuple[str, str]]  # statements, and whose row each is about


def changed() -> None:
    """In turn: a figure and the value that it feeds; what a task is said to have come to; what is
    spent on a component. Every page that was kept is put together anew. Written by hand, so that
    what is measured after it finds the processor as any other page does."""
    turn = next(COUNTER)
    write(CHANGES[turn % len(CHANGES)], turn)


def all_changed() -> None:
    """All of them at once, as when a round is published."""
    turn = next(COUNTER)
    for act in CHANGES:
        write(act, turn)


def write(act: Act, turn: int) -> None:
    with connection.cursor() as cursor:
        for statement, key in act:
            cursor.execute(statement, [turn, CHANGED[key]])


WORDS = "json_set(published, '$.situation', '第 ' || %s || ' 次填报。')"
SOURCE = "(SELECT key FROM json_each(published, '$.money') LIMIT 1)"
SPENT = f"json_set(published, '$.money.' || {SOURCE} || '.spent', CAST(%s AS TEXT))"
CHANGES: list[Act] = [
    [
        ("UPDATE indicators_figure SET note = %s WHERE id = %s", "figure"),
        (
            "UPDATE indicators_annualvalue SET value = value + (%s %% 2) * 0.02 - 0.01 "
            "WHERE id = %s",
            "value",
        ),
    ],
    [(f"UPDATE programs_taskprogress SET published = {WORDS} WHERE id = %s", "TaskProgress")],
    [
        (
            f"UPDATE programs_componentprogress SET published = {SPENT} WHERE id = %s",
            "ComponentProgress",
        )
    ],
]


def choose_what_changes() -> None:
    """Of the newest published year: a laggard's value, and rows that have something published."""
    year = max(rnd.year for rnd in Round.objects.filter(published_at__isnull=False))
    values = AnnualValue.objects.filter(year=year, layer="official", value__isnull=False)
    CHANGED["value"] = values.filter(indicator__method="ratio").order_by("pk").first().pk
    CHANGED["figure"] = Figure.objects.filter(round__year=year).order_by("pk").first().pk
    for kind in (TaskProgress, ComponentProgress):
        rows = kind.objects.filter(annual_return__round__year=year, published__isnull=False)
        told = rows.order_by("pk")
        CHANGED[kind.__name__] = next(r.pk for r in told if r.published.get("money", True))


CHANGED: dict[str, int] = {}


ROWS = [
    Row("首页", dashboard, "c", 2, changed),
    Row("首页，各类数据同时变化", dashboard, "c", None, all_changed),
    Row("首页，数据未变", dashboard, "b", 3, again=True),
    Row("指标页", indicator, "c", 3, changed),
    Row("规划全文", outline, "c", 3, changed),
    Row("单位页", unit, "c", 3, changed),
    Row("任务页", task, "c", 3, changed),
    Row("项目页", project, "c", 3, changed),
    Row("项目清单", projects, "c", 3, changed),
    Row("规划全文，数据未变", outline, "b", 3, again=True),
    Row("年度填报页（25 项）", annual_return, "c", 8),
]


def main(asked: Sequence[str] = ()) -> int:
    """`asked`: names of rows, or their beginnings; all of them where none is named."""
    fill_database()
    rows = [row for row in ROWS if wanted(row, asked) and is_there(row)]
    if not rows:
        print(f"没有这样的项目，可选：{'、'.join(row.name for row in ROWS)}。")
        return 2
    for _ in range(ATTEMPTS):
        costs = harness.measure(cases(rows))
        if not harness.is_void(itself(costs)):
            return report(rows, costs)
        print(f"同一页面与自身之比为 {itself(costs)}，机器不够平稳，重测。", flush=True)
    print("本次测量作废（不算未达标）：请在空闲时再试。")
    return 0


def wanted(row: Row, asked: Sequence[str]) -> bool:
    return not asked or any(row.name.startswith(name) for name in asked)


def is_there(row: Row) -> bool:
    try:
        row.url()
    except NoReverseMatch:
        return False
    return True


def fill_database() -> None:
    quiet = StringIO()
    call_command("migrate", verbosity=0)
    for folder in sorted(path for path in FIXTURES.iterdir() if path.is_dir()):
        call_command("load_plan", str(folder), stdout=quiet)
    call_command("load_sample", stdout=quiet)
    reference.create_table()
    choose_what_changes()


def cases(rows: Sequence[Row]) -> dict[str, harness.Case]:
    user = next(user for user in User.objects.all() if user.has_role(Role.PLANNER))
    lean, ours = reference.LeanHandler(), WSGIHandler()
    plain = {"user": user, "handler": lean, "backend": reference.BACKEND}
    return {
        "b": harness.page("/reference/b/", **plain),
        "c": harness.page("/reference/c/", **plain),
        "c again": harness.page("/reference/c/", **plain),
        **{row.name: case(row, user, ours) for row in rows},
    }


def case(row: Row, user: User, handler: WSGIHandler) -> harness.Case:
    """The page was seen; then something is written, or nothing; then it is seen again. What was
    written for another page's sake in between is not counted against this one."""
    page = harness.page(row.url(), user, handler)
    if row.before is harness.nothing and not row.again:
        return page

    def seen_before() -> None:
        page.call()
        row.before()

    return replace(page, before=seen_before)


def itself(costs: dict[str, list[float]]) -> harness.Ratio:
    return harness.Ratio.of(costs["c again"], costs["c"])


def report(rows: Sequence[Row], costs: dict[str, list[float]]) -> int:
    """Prints the table; 1 when a page is dearer than it may be."""
    print("CPU 时间之比，中位数（四分位）；b：会话、用户、固定页面；c：同等规模的最简首页")
    print(f"  c 与自身 {itself(costs)}，c / b {harness.Ratio.of(costs['c'], costs['b'])}")
    return max([report_row(row, costs) for row in rows])


def report_row(row: Row, costs: dict[str, list[float]]) -> int:
    ratio = harness.Ratio.of(costs[row.name], costs[row.reference])
    failed = row.must is not None and ratio.median > row.must
    verdict = "超出" if failed else "达标"
    judged = "" if row.must is None else f"  应 ≤ {row.must:g}  {verdict}"
    print(f"  {row.name} / {row.reference}  {ratio}{judged}")
    return int(failed)


if __name__ == "__main__":
    backends = [*settings.AUTHENTICATION_BACKENDS, reference.BACKEND]
    with override_settings(ROOT_URLCONF="benchmarks.reference", AUTHENTICATION_BACKENDS=backends):
        sys.exit(main(sys.argv[1:]))
