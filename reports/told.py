"""What was said about tasks and components in the rounds, as far as the person may see it.

`standing.py` says how everything stands in one year; this is the whole story of a single thing, for
its own page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db.models import CharField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from indicators.models import Layer, Round
from organization.prepared import Prepared
from programs.content import Content
from programs.form import measures_said
from programs.models import ComponentProgress, TaskProgress, WorkStatus
from programs.standing import COMPONENT, NOT_REPORTED, TASK, content_of
from reports.choice import Choice


@dataclass(frozen=True)
class Told:
    """One thing in one round. `key`: by which its evidence names it."""

    kind: str
    of: int
    row_id: int
    round: Round
    content: Any  # TaskContent or ComponentContent, by `kind`
    is_published: bool
    before: Sequence[Any] = ()  # what was published before a 更正, the oldest first
    hands: Any = None  # `reports.sources.Hands` of its return, where they may be shown

    @property
    def key(self) -> str:
        return f"{self.kind[0]}{self.row_id}"

    @property
    def label(self) -> str:
        return label_of(self.content)

    @property
    def badge(self) -> str:
        return badge_of(self.content)

    @property
    def task_before(self) -> list[str]:
        """Of a task: what was published in its place until a 更正."""
        return [
            before_said(one, measures_said(one.measures.values()), self.content)
            for one in self.before
        ]


def label_of(content: Content | None) -> str:
    return WorkStatus(content.status).label if content and content.status else NOT_REPORTED


def badge_of(content: Content | None) -> str:
    return content.status if content and content.status else "not_reported"


def told_of_task(choice: Choice, task: int) -> list[Told]:
    """What was said of the task up to the chosen year, the newest round first; and in this year of
    the components of its projects. One query."""
    return _told_by(choice, _OF_TASK(task=task, year=choice.year))


def told_of_project(choice: Choice, project: int) -> list[Told]:
    """As above: of the components of the project, and in this year of the tasks it belongs to."""
    return _told_by(choice, _OF_PROJECT(project=project, year=choice.year))


def _of_task(task: int, year: int) -> QuerySet[Any]:
    parts = ComponentProgress.objects.filter(component__project__tasks=task)
    return _rows(TaskProgress.objects.filter(task=task), TASK).union(
        _rows(parts.filter(annual_return__round__year=year), COMPONENT), all=True
    )


def _of_project(project: int, year: int) -> QuerySet[Any]:
    helping = TaskProgress.objects.filter(task__projects=project, annual_return__round__year=year)
    parts = ComponentProgress.objects.filter(component__project=project)
    return _rows(helping, TASK).union(_rows(parts, COMPONENT), all=True)


def _rows(rows: QuerySet[Any], kind: str) -> QuerySet[Any]:
    columns = ("pk", "annual_return__unit_id")
    kept = (Cast(layer, TextField()) for layer in ("published", "handed_in", "approved"))
    name = Value(kind, CharField())
    rows = rows.order_by()
    return rows.values_list("annual_return__round_id", name, f"{kind}_id", *columns, *kept)


_OF_TASK, _OF_PROJECT = Prepared(_of_task), Prepared(_of_project)


def _told_by(choice: Choice, rows: Iterable[Sequence[Any]]) -> list[Told]:
    rounds = {one.pk: one for one in choice.rounds if one.year <= choice.year}
    known = [(rounds[first], row) for first, *row in rows if first in rounds]
    before = _published_before([row for rnd, row in known if rnd.corrected_at])
    found = (_told(choice, rnd, row, before) for rnd, row in known)
    return sorted(filter(None, found), key=lambda one: one.round.rank, reverse=True)


Before = Mapping[tuple[str, int], Sequence[str]]


def _published_before(rows: Iterable[Sequence[Any]]) -> Before:
    """Kind and id of a row of a corrected round → what was published of it until then, by its
    history. One query, none where nothing was corrected."""
    now = {(kind, row_id): published for kind, _, row_id, _, published, *_ in rows if published}
    if not now:
        return {}
    kinds = ((TASK, TaskProgress), (COMPONENT, ComponentProgress))
    ids = {kind: [pk for name, pk in now if name == kind] for kind, _ in kinds}
    first, second = (_history(kind, of, ids[kind]) for kind, of in kinds)
    found: dict[tuple[str, int], dict[str, None]] = {}
    for kind, row_id, _, published in sorted(first.union(second, all=True), key=itemgetter(2)):
        if published != now[kind, row_id]:
            found.setdefault((kind, row_id), {})[published] = None
    return {key: list(texts) for key, texts in found.items()}


def _history(kind: str, of: Any, rows: Sequence[int]) -> QuerySet[Any]:
    asked = of.history.filter(id__in=rows or [0], published__isnull=False).order_by()
    kept = Cast("published", TextField())
    return asked.values_list(Value(kind, CharField()), "id", "history_id", kept)


def _told(choice: Choice, rnd: Round, row: Sequence[Any], before: Before) -> Told | None:
    kind, of, row_id, unit_id, published, *newer = row
    if choice.layer == Layer.OFFICIAL or not _in_scope(choice, unit_id):
        newer = []
    kept = next((one for one in newer if one is not None), published)
    if kept is None:
        return None
    earlier = [content_of(kind, text) for text in before.get((kind, row_id), ())]
    return Told(kind, of, row_id, rnd, content_of(kind, kept), kept == published, earlier)


def _in_scope(choice: Choice, unit_id: int) -> bool:
    return choice.scope is None or unit_id in choice.scope


def before_said(old: Content, said: str, new: Content) -> str:
    """“推进中 · 主体 · 60%；已开工”: what stood there, its texts where they changed. `said`: how
    far it was, in short."""
    texts = ((one.situation, one.reason) for one in (old, new))
    changed = [was for was, now in zip(*texts, strict=True) if was and was != now]
    return "；".join([" · ".join(filter(None, (label_of(old), said))), *changed])


def of_year(rows: Iterable[Told], year: int) -> dict[tuple[str, int], Told]:
    """(kind, id) → what the newest round of that year says. `rows`: the newest first."""
    found: dict[tuple[str, int], Told] = {}
    for row in rows:
        if row.round.year == year:
            found.setdefault((row.kind, row.of), row)
    return found
