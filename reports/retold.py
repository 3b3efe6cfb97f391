"""The same tasks and projects as other rounds tell them: for what is held against now."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from indicators.models import Round
from plans.remembered import remember
from plans.versions import Tokens
from programs.laid_out import TASK
from programs.standing import (
    COMPONENT,
    NOTHING,
    ComponentStanding,
    ProjectStanding,
    Said,
    SaidById,
    TaskStanding,
    Works,
    content_of,
    newest,
)

T = TypeVar("T", TaskStanding, ComponentStanding)


def retold(
    works: Works,
    rounds: Iterable[Round],
    layer: str,
    scope: Collection[int] | None,
    tokens: Tokens | None = None,
) -> Works:
    """By the newest of these rounds that says something; what none of them speaks of is not
    reported. One query, none without rounds. `layer` and `scope` as for `standing.works`; who
    leads stays as it is in `works`. `tokens`: of the data, where what is told may be
    remembered."""
    said = newest({one.pk: one for one in rounds}, layer, scope)
    known = tokens or {}
    return Works(
        [_task(known, one, said) for one in works.tasks],
        [_project(known, one, said) for one in works.projects],
    )


def _task(tokens: Tokens, one: TaskStanding, said: SaidById) -> TaskStanding:
    return _as_told(tokens, one, TASK, said.get((TASK, one.task.pk), NOTHING))


def _project(tokens: Tokens, one: ProjectStanding, said: SaidById) -> ProjectStanding:
    parts = [_component(tokens, part, said) for part in one.components]
    return remember(tokens, "retold", lambda: replace(one, components=parts), (one, *parts))


def _component(tokens: Tokens, one: ComponentStanding, said: SaidById) -> ComponentStanding:
    return _as_told(tokens, one, COMPONENT, said.get((COMPONENT, one.component.pk), NOTHING))


def _as_told(tokens: Tokens, one: T, kind: str, told: Said) -> T:
    content = content_of(kind, told.kept)
    said = {"content": content, "round": told.round, "row_id": told.row_id}
    of = (one, content, told.round)
    return remember(tokens, ("retold", told.row_id), lambda: replace(one, **said), of)
