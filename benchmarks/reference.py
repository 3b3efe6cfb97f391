"""The pages that ours are compared with: as little as a page behind a login can do.

b  session, user and a constant page of 30 KB
c  the leanest dashboard of our size with Django templates: session, user, one indexed query,
   values formatted in Python, 21 KB of HTML

They run behind a middleware of their own (session and user only) and find the account as plain
Django does, so that what our middleware costs counts against us, and not for us."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.template import Engine
from django.template.context import Context
from django.test import override_settings
from django.urls import include, path

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
BACKEND = "django.contrib.auth.backends.ModelBackend"
INDICATORS, YEARS, OTHER_PLANS = 33, range(2020, 2026), 20
DASHBOARD = Engine().from_string(
    (Path(__file__).parent / "reference_dashboard.html").read_text(encoding="utf-8")
)
CONSTANT_PAGE = b"<!doctype html><title>b</title>" + b"<p>constant page</p>\n" * 1462


class ReferenceValue(models.Model):
    """What a yearly value of an indicator needs to be shown, in one row."""

    plan = models.PositiveIntegerField()
    order = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=20)
    target = models.DecimalField(max_digits=18, decimal_places=6)
    value = models.DecimalField(max_digits=18, decimal_places=6)
    owner = models.CharField(max_length=60)

    class Meta:
        app_label = "benchmarks"
        indexes = [models.Index(fields=["plan", "order", "year"], name="reference_order")]

    def __str__(self) -> str:
        return f"{self.order} {self.year}"


def create_table() -> None:
    with connection.schema_editor() as editor:
        editor.create_model(ReferenceValue)
    ReferenceValue.objects.bulk_create(
        row(plan, order, year)
        for plan in range(OTHER_PLANS)
        for order in range(INDICATORS)
        for year in YEARS
    )


def row(plan: int, order: int, year: int) -> ReferenceValue:
    return ReferenceValue(
        plan=plan,
        order=order,
        year=year,
        name=f"养老机构护理型床位占比（第 {order} 项）",
        unit="%",
        target=Decimal(60 + order),
        value=Decimal(40 + order) + Decimal(year - 2020) * 4,
        owner="养老服务和儿童福利股",
    )


def constant(request: HttpRequest) -> HttpResponse:
    """b"""
    request.user.is_authenticated  # noqa: B018 - reads session and user
    return HttpResponse(CONSTANT_PAGE)


def dashboard(request: HttpRequest) -> HttpResponse:
    """c"""
    context = Context({"user": request.user.get_username(), "rows": list(dashboard_rows())})
    return HttpResponse(DASHBOARD.render(context))


COLUMNS = ("order", "year", "name", "unit", "target", "value", "owner")


def dashboard_rows() -> Iterator[dict]:
    found = ReferenceValue.objects.filter(plan=OTHER_PLANS // 2).order_by("order", "year")
    for order, years in groupby(found.values_list(*COLUMNS), key=itemgetter(0)):
        yield dashboard_row(order, list(years))


def dashboard_row(order: int, years: list[tuple]) -> dict:
    *_, name, unit, target, value, owner = years[-1]
    met = value >= target
    return {
        "code": f"I{order:02}",
        "name": name,
        "unit": unit,
        "target": f"≥{target:.0f}",
        "values": [f"{year[5]:,.2f}" for year in years],
        "deviation": f"{value - target:+.2f}",
        "status": "met" if met else "behind",
        "label": "已达到" if met else "进度滞后",
        "owner": owner,
    }


class LeanHandler(WSGIHandler):
    def load_middleware(self, is_async: bool = False) -> None:
        with override_settings(MIDDLEWARE=MIDDLEWARE):
            super().load_middleware(is_async)


urlpatterns = [
    path("reference/b/", constant),
    path("reference/c/", dashboard),
    path("", include("zhushan_plan.urls")),
]
