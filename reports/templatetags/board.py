"""{% part "reports/board/risk.html" row %}: a part of the dashboard as it was printed, as long as
what it is printed from is the same."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from html import escape

from django import template
from django.template import RequestContext
from django.utils.safestring import SafeString

from plans.remembered import Same, remember
from plans.versions import Tokens
from reports.board import Tile
from reports.changed import WorkChange
from reports.summary import Column
from reports.supervision.standing import Mark
from reports.work_counts import GradeLine, Group, Tally
from reports.work_rows import Money
from reports.works import SourceMoney, StageCount

register = template.Library()
PLAIN = (str, bool, int, Decimal, date, type(None), Same)
# What consists of words and numbers only is equal when it prints the same.
VALUES = frozenset(
    {Column, GradeLine, Group, Mark, Money, SourceMoney, StageCount, Tally, Tile, WorkChange}
)


@register.simple_tag(takes_context=True)
def part(context: RequestContext, name: str, *things: object) -> SafeString:
    """`things`: all that the template prints besides the links, which keep the choice. Words,
    numbers and what consists of them (`VALUES`) count by what they are; everything else, rows of
    indicators too, by being the same object: a model is equal to another state of itself."""
    return remember(
        _tokens(context),
        ("part", name, context.get("link", ""), *map(told, things)),
        lambda: context.template.engine.get_template(name).render(context),
    )


def _tokens(context: RequestContext) -> Tokens:
    """Those of the page or of its choice; none on pages that are not kept."""
    return context.get("tokens") or getattr(context.get("choice"), "tokens", {})


@register.filter
def same(thing: object) -> Same:
    """Of a thing that is remembered itself: it counts by being the same, without being read."""
    return Same(thing)


@register.filter
def number_cells(numbers: Iterable[object]) -> SafeString:
    """A cell of a table for each; a template takes ten times as long for them."""
    return SafeString("".join([f'<td class="num">{escape(str(one))}</td>' for one in numbers]))


def told(thing: object) -> object:
    if isinstance(thing, PLAIN) or type(thing) in VALUES:
        return thing
    if isinstance(thing, tuple):
        return tuple([told(one) for one in thing])
    return Same(thing)
