"""All that one unit answers for in a year: its indicators, what it fills in and how far its returns
are, the tasks and projects it leads or helps with; of a township, what is told of it.

Two layers, never mixed, as on the page of an indicator: `choice.layer_of` for what figures come
to, `choice.shows_figures` and `choice.scope` for the figures themselves. The state of returns is
shown by `permissions.completeness_scope`."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from django.http import Http404

from indicators import judging
from indicators.amounts import COUNTS, Amounts, Known
from indicators.models import Knowledge, Layer, RoundNature
from plans.remembered import remember
from programs import standing
from programs.standing import ComponentStanding, ProjectStanding, Works
from reports.answering import Answer, Owned, answer
from reports.choice import Choice
from reports.completeness import RoundReport, UnitReport, round_reports
from reports.inputs import grouped, told
from reports.summary import NATURES, NONE, Row
from reports.unit_links import FollowedOn, ItemLine, UnitLine, UnitLinks, unit_links


@dataclass(frozen=True)
class ItemRow:
    """One data item; `texts`: the year before and the year, as printed. `filled_by`: where another
    unit fills it in."""

    item: ItemLine
    texts: tuple[str, ...]
    filled_by: str


@dataclass(frozen=True)
class Place:
    """A component that stands in the township."""

    project: ProjectStanding
    component: ComponentStanding
    is_shared: bool  # with other townships: its amounts are of all of them


@dataclass(frozen=True)
class UnitPage:
    unit: UnitLine
    year: int
    successor: UnitLine | None
    predecessors: tuple[UnitLine, ...]
    answer: Answer
    items: tuple[ItemRow, ...]
    returns: tuple[UnitReport, ...]
    places: tuple[Place, ...]
    lacking: tuple[Row, ...]
    nature: str
    followed: tuple[FollowedOn, ...]

    @property
    def years(self) -> tuple[int, int]:
        return self.year - 1, self.year

    @property
    def is_valid(self) -> bool:
        return self.unit.is_valid_in(self.year)

    @property
    def validity(self) -> str:
        """“2024 年起设立”, “2021 至 2023 年”; "" where it has always been."""
        until, since = self.unit.valid_until, self.unit.valid_from
        ends = [one.valid_until or 0 for one in self.predecessors]
        began = since if since > 1949 or ends else None
        if until is not None:
            return f"{began} 至 {until} 年" if began else f"到 {until} 年为止"
        return f"{began} 年起" if began and since > 1949 else ""

    @property
    def open_returns(self) -> tuple[UnitReport, ...]:
        """What still has to be handed in, the latest first."""
        rows = [one for one in self.returns if not one.is_handed_in]
        return tuple(sorted(rows, key=lambda one: -(one.days_late or 0)))

    @property
    def is_empty(self) -> bool:
        told = (self.items, self.returns, self.places, self.lacking)
        return self.answer.is_empty and not any(told)


def describe_unit(
    choice: Choice, code: str, today: date, scope: Collection[int] | None
) -> UnitPage:
    """`scope`: ids of the units of whose unpublished returns the state may be shown, None for all.
    Raises 404 for a unit that the bureau does not have. Eight queries."""
    year, links = choice.year, links_of(choice)
    unit = links.named(code)
    if unit is None:
        raise Http404
    works = works_of(choice, links)
    owned = owned_rows(choice, links)
    components = [(one, part) for one in works.projects for part in one.components]
    return UnitPage(
        unit=unit,
        year=year,
        successor=links.units.get(unit.successor_id or 0),
        predecessors=tuple(one for one in links.units.values() if one.successor_id == unit.pk),
        answer=answer(owned, works, links.helpers, unit_id=unit.pk),
        items=tuple(_items(choice, links, unit)),
        returns=tuple(_returns(choice, unit, today, scope)),
        places=tuple(
            Place(project, part, len(links.places[part.component.pk]) > 1)
            for project, part in components
            if unit.pk in links.places.get(part.component.pk, ())
        ),
        lacking=tuple(one.row for one in owned if unit.is_township and unit.name in one.lacking),
        nature=nature_of(owned, year),
        followed=tuple(one.on(today) for one in links.followed if one.unit.pk == unit.pk),
    )


def links_of(choice: Choice, all_kinds: bool = True) -> UnitLinks:
    """As `unit_links`; the same ones until something of them is written."""
    plan, year, rounds = choice.plan, choice.year, choice.rounds
    build = partial(unit_links, plan, year, rounds, all_kinds)
    return remember(choice.tokens, ("unit links", year, all_kinds), build, (plan, *rounds))


def works_of(choice: Choice, links: UnitLinks) -> Works:
    """All tasks and projects of the plan. Two queries: who leads them is known."""
    shown = (choice.layer, choice.scope, choice.rounds, False, links.leads)
    return standing.works(choice.plan, choice.year, *shown, choice.tokens)


def owned_rows(choice: Choice, links: UnitLinks) -> list[Owned]:
    """All indicators of the plan, in its order, with who answers for them. Three queries."""
    laid = judging.laid_down(choice.plan, choice.year, choice.tokens)
    standings = judging.standings_on(laid, choice.layer, choice.visible, choice.tokens)
    natures = (one.annual_value.nature for one in standings if one.annual_value)
    counted = Counter(filter(None, natures)).most_common(1)
    usual = {choice.year: counted[0][0]} if counted else {}
    texts = links.texts
    return [
        Owned(one, texts.get(one.indicator.pk), usual, laid, choice.tokens) for one in standings
    ]


def nature_of(owned: Sequence[Owned], year: int) -> str:
    """What most values of the year are, to be said in the heading; "" for 年报数."""
    usual = owned[0].usual.get(year, "") if owned else ""
    return "" if usual == RoundNature.ANNUAL else NATURES[usual]


def _returns(
    choice: Choice, unit: UnitLine, today: date, scope: Collection[int] | None
) -> Iterable[UnitReport]:
    """Of the rounds up to the year, the newest first."""
    rounds = [one for one in choice.rounds if one.year <= choice.year]
    reports: Sequence[RoundReport] = remember(
        choice.tokens,
        ("unit returns", unit.pk, today, None if scope is None else frozenset(scope)),
        lambda: round_reports(rounds, today, scope, unit.pk),
        rounds,
    )
    return (row for report in reports for row in report.rows)


# --- figures -------------------------------------------------------------------------------------


def _items(choice: Choice, links: UnitLinks, unit: UnitLine) -> Iterable[ItemRow]:
    """Of a township what is told of it, by itself or by a 股室; else what the unit fills in."""
    if unit.is_township:
        items = [one for one in links.items if one.by_township and unit.is_valid_in(choice.year)]
    else:
        items = [one for one in links.items if one.owner == unit.pk]
    amounts = _amounts(choice, items)
    for item in items:
        owner = links.units.get(item.owner or 0)
        by_other = unit.is_township and owner is not None
        yield ItemRow(
            item,
            tuple(_text(links, unit, item, year, amounts) for year in _years(choice)),
            owner.name if by_other and owner else "",
        )


def _years(choice: Choice) -> tuple[int, int]:
    return choice.year - 1, choice.year


def _amounts(choice: Choice, items: Sequence[ItemLine]) -> Amounts:
    """One query, none without items. Leaders see published figures only (`shows_figures`)."""
    unpublished = choice.is_provisional and choice.shows_figures
    layer = Layer.PROVISIONAL if unpublished else Layer.OFFICIAL
    pairs = [(item.pk, year) for item in items for year in _years(choice)]
    return remember(
        choice.tokens,
        ("amounts", layer, choice.scope, *pairs),
        lambda: Amounts(choice.plan, pairs, layer, scope=choice.scope),
        (choice.plan,),
    )


def _text(links: UnitLinks, unit: UnitLine, item: ItemLine, year: int, amounts: Amounts) -> str:
    known = amounts.of(item, year)  # type: ignore[arg-type]
    if unit.is_township:
        return _one(known.get(unit.pk), item)
    if item.by_township:
        return _sum([known.get(town.pk) for town in links.townships(year)], item)
    return _one(amounts.single(item, year), item)  # type: ignore[arg-type]


def _one(known: Known | None, item: ItemLine) -> str:
    if item.is_yes_no and known is not None and known.knowledge == Knowledge.HAVE:
        return "是" if known.amount else "否"
    return told(known, NONE)


def _sum(known: Sequence[Known | None], item: ItemLine) -> str:
    """A partial sum is no sum: it says how many have told."""
    counted = [one for one in known if one is not None and one.knowledge in COUNTS]
    if not counted:
        return NONE
    if len(counted) < len(known):
        return f"{len(counted)}/{len(known)} 个乡镇已报"
    total = sum((one.amount or Decimal(0) for one in counted), Decimal(0))
    return f"{grouped(total)} 个乡镇" if item.is_yes_no else grouped(total)
