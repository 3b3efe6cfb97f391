"""What templates ask to have drawn or put together: they hand over the numbers of the waist."""

from collections.abc import Sequence
from urllib.parse import quote

from django import template
from django.template import RequestContext
from django.urls import reverse

from reports import charts, overview
from reports.charts import Svg
from reports.summary import Row, Summary

register = template.Library()


@register.simple_tag(takes_context=True)
def overview_rows(context: RequestContext, rows: Sequence[Row], numbered: bool) -> Svg:
    """The address is asked for once: `reverse` for every row costs as much as the row."""
    page, link = reverse("indicator", args=["CODE"]), context["link"]

    def address(code: str) -> str:
        return page.replace("CODE", quote(code, safe="")) + link

    return overview.body(context["summary"], rows, address, numbered)


@register.filter
def clock(summary: Summary) -> Svg:
    label = f"时间进度 {summary.time}"
    plan = summary.plan
    return charts.clock(plan.start_year, plan.end_year, summary.time.value, label)
