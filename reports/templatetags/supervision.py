"""{% supervision_link supervisions "indicator" row.code link %}: what other pages print beside a
laggard. `supervisions` is a `reports.supervision.Marks`; without it nothing is printed."""

from urllib.parse import quote

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.supervision import Marks
from reports.supervision.standing import Mark

register = template.Library()
FOLLOWED = (
    '<span class="supervised">{}<span class="badge {}">{}</span> <a href="{}">{}</a> '
    '<span class="nowrap">时限 {}</span></span>'
)
NOW = SafeString('<span class="nowrap">当前督办</span> ')  # not of the year that is shown
OPENING = '<a class="button small screen-only" href="{}{}&amp;{}={}">开启督办</a>'


@register.simple_tag
def supervision_link(supervisions: Marks | None, kind: str, code: str, link: str) -> SafeString:
    """The 督办 that follows it up, or, for the planner, the way to open one. `kind`: indicator,
    task or project; `link`: the query that keeps plan and year."""
    if not isinstance(supervisions, Marks):
        return SafeString("")
    mark = supervisions.of(kind, code)
    if mark is not None:
        status, place = mark.status, reverse("supervision", args=[mark.pk])
        now = NOW if mark.is_past else ""
        return format_html(
            FOLLOWED, now, status.badge, status.label, place, mark.number, mark.deadline
        )
    if not supervisions.may_open:
        return SafeString("")
    return format_html(OPENING, reverse("supervision_new"), link, kind, quote(code, safe=""))


@register.simple_tag
def mark_of(supervisions: Marks | None, kind: str, code: str) -> Mark | None:
    """Of one laggard, where it is followed up."""
    return supervisions.of(kind, code) if isinstance(supervisions, Marks) else None
