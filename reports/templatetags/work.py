"""Tasks, projects and clauses as rows put together by hand (`outline_rows.py`, `project_rows.py`).

Addresses are asked for once: `reverse` for every row costs as much as the row."""

from collections.abc import Callable
from html import escape
from urllib.parse import quote

from django import template
from django.template import RequestContext
from django.urls import reverse

from reports import outline_rows
from reports import project_rows as rows_of_projects
from reports.charts import Svg
from reports.outline import ChapterPart
from reports.outline_rows import Addresses
from reports.project_list import ProjectList
from reports.work_rows import ComponentRow

register = template.Library()


@register.simple_tag(takes_context=True)
def outline_chapter(context: RequestContext, part: ChapterPart) -> Svg:
    return outline_rows.chapter(part, _addresses(context))


@register.simple_tag(takes_context=True)
def project_rows(context: RequestContext, found: ProjectList) -> Svg:
    return rows_of_projects.body(found, _page("project", context["link"]))


@register.filter
def quantity(row: ComponentRow) -> Svg:
    return rows_of_projects.quantity(row)


def _addresses(context: RequestContext) -> Addresses:
    if "addresses" not in context.render_context:
        pages = (_page(name, context["link"]) for name in ("task", "project", "indicator"))
        coverage = escape(reverse("coverage") + context["link"])
        context.render_context["addresses"] = Addresses(*pages, coverage, context["tokens"])
    return context.render_context["addresses"]


def _page(name: str, link: str) -> Callable[[str], str]:
    """Code → its page, escaped."""
    before, after = (escape(part) for part in (reverse(name, args=["CODE"]) + link).split("CODE"))
    return lambda code: f"{before}{quote(code, safe='')}{after}"
