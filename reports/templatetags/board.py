"""{% part "reports/board/risk.html" row %}: a part of the dashboard as it was printed, as long as
what it is printed from is the same."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from django import template
from django.template import RequestContext
from django.utils.safestring import SafeString

from plans.remembered import Same, remember
from reports.summary import Row

register = template.Library()
Plain = str | bool | int | Decimal | date | None


@register.simple_tag(takes_context=True)
def part(context: RequestContext, name: str, *things: object) -> SafeString:
    """`things`: all that the template prints besides the links, which keep the choice. Words,
    numbers and what consists of them count by what they are; everything else, rows of indicators
    too, by being the same object: a model is equal to another state of itself."""
    tokens: Mapping[str, str] = context.get("tokens") or {}
    return remember(
        tokens,
        ("part", name, context.get("link", ""), *map(told, things)),
        lambda: context.template.engine.get_template(name).render(context),
    )


@register.filter
def same(thing: object) -> Same:
    """Of a thing that is remembered itself: it counts by being the same, without being read."""
    return Same(thing)


def told(thing: object) -> object:
    if isinstance(thing, Plain | Same):
        return thing
    if isinstance(thing, tuple):
        return tuple(map(told, thing))
    if is_dataclass(thing) and not isinstance(thing, Row | type):
        return (type(thing), *[told(getattr(thing, name)) for name in _names(type(thing))])
    return Same(thing)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
