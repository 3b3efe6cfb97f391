"""搜索: indicators, data items, tasks, projects, clauses and units of one plan that hold all words,
and the 督办 about it by number and subject.

Reads what the plan says, never what was reported: names, codes, locators, wording. So nothing
unpublished can be found. A constant number of queries; the matching is `search_words.py`."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import FilteredRelation
from django.urls import reverse

from indicators.models import Figure, Indicator
from organization import permissions
from organization.models import Unit, User
from plans.models import Clause
from programs.models import Project, Task
from reports.choice import Choice
from reports.models import Supervision
from reports.outline import anchor
from reports.search_words import Asked, Piece, asked, excerpt, holds, pieces, rank

SHOWN, LINES = 20, 3  # hits of a kind that are listed; lines below a hit


@dataclass(frozen=True)
class Line:
    """What stands beside a name: measures, the unit of a figure, the wording of a clause."""

    label: str
    pieces: Sequence[Piece]
    url: str = ""


@dataclass(frozen=True)
class Beside:
    """A text that is looked into. `always`: printed also where it holds no word."""

    label: str
    text: str
    url: str = ""
    always: bool = False


@dataclass(frozen=True)
class Thing:
    """Something that can be found; `key` its id, `url` where it leads, "" for nowhere of its own.
    `marks`: small words beside the name."""

    code: str
    name: str
    url: str
    beside: Sequence[Beside] = ()
    marks: Sequence[str] = ()
    key: int = 0


@dataclass(frozen=True)
class Goal:
    """Where a data item leads: an indicator that it feeds, or the return in which it is told."""

    text: str
    url: str


@dataclass(frozen=True)
class Hit:
    code: Sequence[Piece]
    name: Sequence[Piece]
    thing: Thing
    lines: Sequence[Line]
    feeds: Sequence[Goal] = ()
    entry: Goal | None = None


@dataclass(frozen=True)
class Group:
    """The hits of one kind, the best first. `total` counts those left out as well."""

    key: str
    label: str
    hits: Sequence[Hit]
    total: int

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.hits)


@dataclass(frozen=True)
class Found:
    asked: Asked
    groups: Sequence[Group] = ()

    @property
    def total(self) -> int:
        return sum(group.total for group in self.groups)


def search(choice: Choice, user: User, typed: str) -> Found:
    """Everything of the plan that holds all words of what was typed, by kind; nothing is read
    where no word was typed."""
    question = asked(typed)
    if not question.words:
        return Found(question)
    indicators = list(choice.plan.indicators.select_related("clause").order_by("order"))
    groups = [
        _group("indicators", "指标", question, _indicators(choice, indicators)),
        _group("tasks", "任务与措施", question, _tasks(choice)),
        _group("projects", "项目与子项", question, _projects(choice)),
        _items(choice, user, question, indicators),
        _group("supervisions", "督办", question, _supervisions(choice)),
        _group("clauses", "条款", question, _clauses(choice)),
        _group("units", "单位", question, _units(choice)),
    ]
    return Found(question, [group for group in groups if group.hits])


def _group(
    key: str,
    label: str,
    question: Asked,
    things: Iterable[Thing],
    shown: Callable[[list[Thing]], list[Hit]] | None = None,
) -> Group:
    ranked = [(rank(question, t.code, t.name, [b.text for b in t.beside]), t) for t in things]
    fitting = sorted(((r, t) for r, t in ranked if r is not None), key=lambda pair: pair[0])
    best = [thing for _, thing in fitting[:SHOWN]]
    hits = shown(best) if shown else [_hit(question, thing) for thing in best]
    return Group(key, label, hits, len(fitting))


def _hit(question: Asked, thing: Thing) -> Hit:
    words = question.words
    beside = [one for one in thing.beside if one.always or holds(one.text, words)]
    lines = [Line(b.label, excerpt(b.text, words), b.url) for b in beside[:LINES] if b.text]
    return Hit(pieces(thing.code, words), pieces(thing.name, words), thing, lines)


def _indicators(choice: Choice, indicators: Iterable[Indicator]) -> list[Thing]:
    return [
        Thing(
            one.code,
            one.name,
            _indicator_url(choice, one),
            (
                Beside("目标", f"{one.printed_target}{one.printed_unit}", always=True),
                Beside("条款", one.clause.locator if one.clause else "", always=True),
            ),
            [str(word) for word in (one.get_attribute_display(), one.get_group_display()) if word],
        )
        for one in indicators
    ]


def _indicator_url(choice: Choice, indicator: Indicator) -> str:
    return reverse("indicator", args=[indicator.code]) + choice.link


def _tasks(choice: Choice) -> list[Thing]:
    """With their measures, in one query: a row for each measure, as in `task_page.py`."""
    rows: Any = choice.plan.tasks.annotate(part=FilteredRelation("measures"))
    rows = rows.select_related("clause", "part").order_by("order", "part__order")
    return [_work("task", choice, work, parts) for work, parts in _with_parts(rows)]


def _projects(choice: Choice) -> list[Thing]:
    rows: Any = choice.plan.projects.annotate(part=FilteredRelation("components"))
    rows = rows.select_related("clause", "part").order_by("order", "part__order")
    return [_work("project", choice, work, parts) for work, parts in _with_parts(rows)]


def _with_parts(rows: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    found: dict[int, tuple[Any, list[Any]]] = {}
    for row in rows:
        _, parts = found.setdefault(row.pk, (row, []))
        if (part := getattr(row, "part", None)) is not None:
            parts.append(part)
    return list(found.values())


def _work(page: str, choice: Choice, work: Task | Project, parts: Iterable[Any]) -> Thing:
    url = reverse(page, args=[work.code]) + choice.link
    if page == "task":
        beside = [Beside(f"措施 {one.order}", one.text, f"{url}#m{one.order}") for one in parts]
    else:
        beside = [Beside("子项", one.name) for one in parts if one.name != work.name]
    place = Beside("条款", work.clause.locator, always=True)
    marks = [str(work.get_grade_display()), *(["待核"] if getattr(work, "to_verify", "") else [])]
    return Thing(work.code, work.name, url, (place, *beside), marks)


def _supervisions(choice: Choice) -> list[Thing]:
    """By number and subject only: what was said about them stands on their own page."""
    rows = choice.plan.supervisions.order_by("-pk")
    return [_supervision(one) for one in rows.only("prefix", "year", "serial", "title", "state")]


def _supervision(row: Supervision) -> Thing:
    state = str(row.get_state_display())
    return Thing(row.number, row.title, reverse("supervision", args=[row.pk]), marks=[state])


def _clauses(choice: Choice) -> list[Thing]:
    """The locator leads; what the clause says stands below it."""
    place = reverse("outline") + choice.link
    return [_clause(one, f"{place}#{anchor(one)}") for one in choice.plan.clauses.order_by("order")]


def _clause(clause: Clause, url: str) -> Thing:
    beside = (Beside("", clause.summary, always=True), Beside("原文", clause.wording))
    return Thing("", clause.locator, url, beside)


def _units(choice: Choice) -> list[Thing]:
    """Those of the bureau, the ended ones told apart."""
    return [
        Thing(
            "",
            one.name,
            reverse("unit", args=[one.code]) + choice.link,
            (Beside("分管领导", one.supervisor, always=True), Beside("单位代码", one.code)),
            [str(one.get_kind_display()), *_ended(one, choice.year)],
        )
        for one in Unit.objects.of(choice.plan.bureau).order_by("order", "code")
    ]


def _ended(unit: Unit, year: int) -> list[str]:
    if unit.valid_until is not None and unit.valid_until < year:
        return [f"{unit.valid_until} 年后撤并"]
    return []


def _items(choice: Choice, user: User, question: Asked, indicators: Sequence[Indicator]) -> Group:
    """A data item has no page: it leads to what it feeds, its clerks also to the return."""
    rows = choice.plan.items.order_by("order", "code", "terms__indicator__order").values_list(
        "pk", "code", "name", "measure", "definition", "source", "rate_of", "terms__indicator"
    )
    things: dict[int, Thing] = {}
    feeds: dict[int, list[int]] = defaultdict(list)
    for pk, code, name, measure, definition, source, *goals in rows:
        beside = (Beside("口径", definition), Beside("数据来源", source))
        things.setdefault(pk, Thing(code, name, "", beside, [measure] if measure else [], pk))
        feeds[pk] += [goal for goal in goals if goal is not None and goal not in feeds[pk]]
    show = partial(_item_hits, choice, user, question, indicators, feeds)
    return _group("items", "数据项", question, things.values(), show)


def _item_hits(
    choice: Choice,
    user: User,
    question: Asked,
    indicators: Sequence[Indicator],
    feeds: Mapping[int, Sequence[int]],
    things: list[Thing],
) -> list[Hit]:
    goals = {one.pk: Goal(str(one), _indicator_url(choice, one)) for one in indicators}
    entries = _entries(choice, user, [thing.key for thing in things])
    found = [(thing, _hit(question, thing)) for thing in things]
    return [
        Hit(
            hit.code,
            hit.name,
            thing,
            hit.lines,
            [goals[pk] for pk in feeds[thing.key] if pk in goals],
            entries.get(thing.key),
        )
        for thing, hit in found
    ]


def _entries(choice: Choice, user: User, items: Sequence[int]) -> Mapping[int, Goal]:
    """By item, the return of the newest round in which the person fills it in."""
    scope = permissions.entry_scope(user)
    if not items or (scope is not None and not scope):
        return {}
    figures = Figure.objects.filter(item__in=items, round__in=choice.rounds)
    if scope is not None:
        figures = figures.filter(annual_return__unit__in=scope)
    rows = figures.order_by("annual_return__unit__order", "pk").values_list(
        "item", "round", "pk", "annual_return", "annual_return__unit__name"
    )
    newest = {rnd.pk: place for place, rnd in enumerate(choice.rounds)}
    found: dict[int, tuple[int, Goal]] = {}
    for item, rnd, pk, annual_return, unit in rows:
        place = newest[rnd]
        if item not in found or place < found[item][0]:
            url = reverse("admin:indicators_annualreturn_change", args=[annual_return])
            found[item] = (place, Goal(f"{choice.rounds[place]} · {unit}", f"{url}#row-{pk}"))
    return {item: goal for item, (_, goal) in found.items()}
