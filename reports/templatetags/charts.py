"""Charts as template filters: they pick the numbers out of the waist and hand them on."""

from django import template

from reports import charts
from reports.charts import Svg
from reports.summary import Row, Summary

register = template.Library()


@register.filter
def bullet(row: Row) -> Svg:
    said = f"基期 {row.base}，{row.current.year} 年 {row.current.number}，目标 {row.target}"
    return charts.bullet(
        row.current.number.value,
        row.target.value,
        base=row.base.value if row.goal.value is not None else None,
        expected=row.expected.value,
        status=row.status,
        title=said,
    )


@register.filter
def clock(summary: Summary) -> Svg:
    label = f"时间进度 {summary.time}"
    plan = summary.plan
    return charts.clock(plan.start_year, plan.end_year, summary.time.value, label)
