"""All units of the bureau, and all 分管领导, with what they answer for in a year and what of it
lags behind."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from organization.models import UnitKind
from programs.standing import Works
from reports.answering import Answer, Owned, answer, supervisor_of
from reports.choice import Choice
from reports.completeness import Completeness, UnitReport, completeness
from reports.summary import Row
from reports.unit_links import FollowedOn, UnitLine, UnitLinks
from reports.unit_page import links_of, nature_of, owned_rows, works_of


@dataclass(frozen=True)
class UnitBrief:
    """`report`: its return in the newest round of the year; None where none is shown."""

    unit: UnitLine
    answer: Answer
    report: UnitReport | None


@dataclass(frozen=True)
class TownBrief:
    """`lacking`: indicators of which the township is among those that have not."""

    unit: UnitLine
    lacking: tuple[Row, ...]

    @property
    def is_alarming(self) -> bool:
        """The county lags behind in one of them; else the township merely has not yet."""
        return any(row.is_behind for row in self.lacking)


@dataclass(frozen=True)
class LeaderBrief:
    """`units`: those that answer for what is under the leader."""

    name: str
    units: tuple[UnitLine, ...]
    answer: Answer


@dataclass(frozen=True)
class UnitList:
    """`departments`: the 股室, and the bureau itself where it answers for something. `leaders`:
    those with laggards first. `ended`: units that are not valid in the year."""

    year: int
    departments: tuple[UnitBrief, ...]
    townships: tuple[TownBrief, ...]
    ended: tuple[UnitLine, ...]
    leaders: tuple[LeaderBrief, ...]
    completeness: Completeness
    nature: str
    followed: tuple[FollowedOn, ...]

    def followed_by(self, leader: str) -> list[FollowedOn]:
        return [one for one in self.followed if one.it.lead == leader]


def unit_list(choice: Choice, today: date, scope: Collection[int] | None) -> UnitList:
    """`scope` as for `describe_unit`. Seven queries."""
    plan, year = choice.plan, choice.year
    links = links_of(choice, all_kinds=False)
    works = works_of(choice, links)
    owned = owned_rows(choice, links)
    told = completeness(plan, year, choice.rounds, today, scope)
    valid = [one for one in links.units.values() if one.is_valid_in(year)]
    reports = {row.unit_id: row for row in told.newest.rows} if told.newest else {}
    briefs = [
        UnitBrief(one, answer(owned, works, links.helpers, unit_id=one.pk), reports.get(one.pk))
        for one in valid
        if not one.is_township
    ]
    return UnitList(
        year=year,
        departments=tuple(
            one for one in briefs if one.unit.kind == UnitKind.DEPARTMENT or not one.answer.is_empty
        ),
        townships=tuple(
            TownBrief(one, tuple(o.row for o in owned if one.name in o.lacking))
            for one in valid
            if one.is_township
        ),
        ended=tuple(one for one in links.units.values() if not one.is_valid_in(year)),
        leaders=tuple(_leaders(owned, works, links)),
        completeness=told,
        nature=nature_of(owned, year),
        followed=tuple(one.on(today) for one in links.followed),
    )


def _leaders(owned: Sequence[Owned], works: Works, links: UnitLinks) -> list[LeaderBrief]:
    some = (*works.tasks, *works.projects)
    names = dict.fromkeys([*(one.supervisor for one in owned), *map(supervisor_of, some)])
    found = [
        (one, answer(owned, works, links.helpers, supervisor=one)) for one in dict.fromkeys(names)
    ]
    return sorted((LeaderBrief(name, _units(links, one), one) for name, one in found), key=_behind)


def leader_named(found: UnitList, name: str) -> LeaderBrief:
    """Raises 404 for somebody who answers for nothing."""
    for one in found.leaders:
        if one.name == name:
            return one
    raise Http404


def _units(links: UnitLinks, found: Answer) -> tuple[UnitLine, ...]:
    names = {row.responsible for row in found.rows}
    names |= {one.lead.unit.name for one in found.works.tasks if one.lead}
    names |= {one.lead.unit.name for one in found.works.projects if one.lead}
    return tuple(one for one in links.units.values() if one.name in names)


def _behind(one: LeaderBrief) -> tuple[int, int, int]:
    """Laggards first, the binding before all others."""
    behind = one.answer.laggards
    return (-sum(row.is_binding for row in behind), -len(behind), -len(one.answer.late))
