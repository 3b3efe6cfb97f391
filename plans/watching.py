"""Which tables hold a plan's data, and how a row of each leads to its plan.

Found from the models themselves, so that a new table is watched the day it is made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db import models

from organization.models import Unit, User
from plans.models import DataVersion, Plan

# What pages show of accounts; a log-in or a new password changes no page.
USER_COLUMNS = ("name", "username", "unit_id", "is_active")
Path = Sequence[models.ForeignKey]


@dataclass(frozen=True)
class Watched:
    """`paths`: ways from a row to its plan; none where a row concerns every plan. `columns`: those
    whose change counts, all of them where there are none."""

    model: type[models.Model]
    paths: tuple[Path, ...] = ()
    columns: tuple[str, ...] = ()

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def watched() -> list[Watched]:
    """Every table whose rows can change what a page about a plan says."""
    everywhere = [Watched(Unit), Watched(User, columns=USER_COLUMNS)]
    found = (Watched(model, tuple(_paths(model))) for model in _models())
    return [*everywhere, *(one for one in found if one.paths)]


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model is not DataVersion and model._meta.managed:
            yield model


def _paths(model: type[models.Model], seen: tuple[type[models.Model], ...] = ()) -> list[Path]:
    """The way over a link that is always there and ends soonest; where every link may be missing,
    a way over each of them."""
    if model is Plan:
        return [()]
    ways = [
        (link, way)
        for link in _links(model)
        if link.related_model not in (*seen, Unit, User)
        for way in _paths(link.related_model, (*seen, model))
    ]
    sure = sorted((w for w in ways if not w[0].null), key=lambda one: len(one[1]))
    return [(link, *way) for link, way in (sure[:1] or ways)]


def _links(model: type[models.Model]) -> Iterator[models.ForeignKey]:
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type):
            yield field


@cache
def watched_tables() -> frozenset[str]:
    return frozenset(one.table for one in watched())
