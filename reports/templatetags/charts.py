"""What templates ask to have drawn or put together: they hand over the numbers of the waist."""

from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import quote

from django import template
from django.template import RequestContext
from django.urls import reverse

from reports import charts, overview
from reports.charts import Svg
from reports.summary import Row, Summary
from reports.work_rows import Money

register = template.Library()


@register.simple_tag(takes_context=True)
def overview_rows(context: RequestContext, rows: Sequence[Row], numbered: bool) -> Svg:
    """The address is asked for once: `reverse` for every row costs as much as the row."""
    page, link = reverse("indicator", args=["CODE"]), context["link"]

    def address(code: str) -> str:
        return page.replace("CODE", quote(code, safe="")) + link

    return overview.body(context["summary"], rows, address, numbered, context["tokens"])


@register.filter
def bullet(row: Row) -> Svg:
    return overview.bullet(row)


@register.filter
def clock(summary: Summary) -> Svg:
    label = f"时间进度 {summary.time}"
    plan = summary.plan
    return charts.clock(plan.start_year, plan.end_year, summary.time.value, label)


@register.filter
@lru_cache(maxsize=500)
def money_bar(money: Money, name: str) -> Svg:
    """What is spent as a bar, what has arrived as a broken line, what is planned as a thick one."""
    planned, arrived, spent = money.cells
    said = f"{name}：计划投资 {planned}，到位资金 {arrived}，完成投资 {spent} 万元"
    return charts.bullet(
        spent.value, planned.value, expected=arrived.value, status="on_pace", title=said
    )
