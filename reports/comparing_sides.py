"""The two ends of a comparison: a year as it stands, or a round as far as it was known by then.

An end is named in the address by its year (“2023”) or by year and round (“2023-5”). A year is
read from what is stored. A round is computed anew from the figures of the rounds up to it, through
the same formulas (`indicators/computing.py`): the 预计数 of autumn stay visible when the 年报数 are
there; what was corrected in a round since is taken as corrected.

What is unpublished enters as on every page: by the layer of the choice, indicator by
indicator."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.http import Http404

from indicators import in_force, judging
from indicators.computing import Calculator, Computed, Formulas
from indicators.judging import Standing, standing_of
from indicators.models import AnnualValue, Layer, Round
from indicators.values import as_row
from programs import standing
from programs.standing import Works
from reports.choice import Choice
from reports.retold import retold

MARK = "-"


@dataclass(frozen=True)
class End:
    """One end as it is named. `round` None: the year as a whole."""

    year: int
    round: Round | None = None

    @property
    def key(self) -> str:
        return f"{self.year}{MARK}{self.round.pk}" if self.round else str(self.year)

    @property
    def label(self) -> str:
        if self.round is None:
            return f"{self.year} 年"
        return f"{self.year} 年{self.round.name}（{self.round.get_nature_display()}）"

    @property
    def short(self) -> str:
        return f"{self.year}{self.round.name}" if self.round else str(self.year)

    @property
    def place(self) -> tuple[object, ...]:
        """Earlier ends are smaller; a year stands behind its rounds."""
        rank = self.round.rank if self.round else (date.max, 0, 0)
        return (self.year, rank)


@dataclass(frozen=True)
class Side:
    """One end with what was known there; `nature`: of the round, or of most values."""

    end: End
    standings: Sequence[Standing]
    works: Works
    as_of: date | None
    nature: str


def year_of(asked: str) -> int | None:
    """The year in the name of an end; None where nothing is asked for. Raises 404."""
    year, mark, pk = asked.partition(MARK)
    if not asked:
        return None
    numbers = [year, pk] if mark else [year]
    if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in numbers):
        raise Http404
    return int(year)


def ends_of(choice: Choice) -> list[End]:
    """All that may be compared, the newest first: the years, each before its rounds where it has
    several."""
    shown = [one for one in choice.rounds if one.is_published or choice.is_provisional]
    found = []
    for year in sorted({one.year for one in shown}, reverse=True):
        found.append(End(year))
        of_year = [one for one in shown if one.year == year]
        found += [End(year, one) for one in of_year] if len(of_year) > 1 else []
    return found


def end_named(asked: str, ends: Iterable[End], otherwise: End) -> End:
    """Raises 404 for what does not exist for this person."""
    if not asked:
        return otherwise
    for one in ends:
        if one.key == asked:
            return one
    raise Http404


# --- read ------------------------------------------------------------------------------------


def sides(choice: Choice, then: End, now: End) -> tuple[Side, Side]:
    """At most four queries for the indicators where both are years, eleven where one is a round;
    and four for tasks and projects."""
    standings = _of_years(choice, [one for one in (then, now) if one.round is None])
    standings |= _of_rounds(choice, [one for one in (then, now) if one.round is not None])
    layer, scope, rounds = choice.layer, choice.scope, _rounds_until(choice, now)
    works = standing.works(choice.plan, now.year, layer, scope, rounds, places=False)
    before = retold(works, _rounds_until(choice, then), layer, scope)
    return _side(then, standings, before), _side(now, standings, works)


Found = dict[str, Sequence[Standing]]


def _side(end: End, found: Found, works: Works) -> Side:
    standings = found[end.key]
    rows = [row for one in standings if (row := one.annual_value) is not None]
    days = [row.as_of for row in rows if row.as_of]
    natures = Counter(row.nature for row in rows if row.nature).most_common(1)
    usual = natures[0][0] if natures else ""
    return Side(
        end, standings, works, max(days, default=None), end.round.nature if end.round else usual
    )


def _rounds_until(choice: Choice, end: End) -> list[Round]:
    """Those of its year that had come by then."""
    of_year = [one for one in choice.rounds if one.year == end.year]
    return [one for one in of_year if end.round is None or one.rank <= end.round.rank]


def _of_years(choice: Choice, ends: Sequence[End]) -> Found:
    if not ends:
        return {}
    years = [end.year for end in ends]
    found = judging.standings_of_years(choice.plan, years, choice.layer, choice.visible)
    return {str(year): standings for year, standings in found.items()}


def _of_rounds(choice: Choice, ends: Sequence[End]) -> Found:
    if not ends:
        return {}
    plan, formulas = choice.plan, Formulas(choice.plan)
    years = {plan.base_year, *(end.year for end in ends)}
    cells = [(pk, year) for pk in formulas.indicators for year in sorted(years)]
    calculator = Calculator(formulas, cells, choice.layer)
    return {end.key: _standings(choice, end, calculator) for end in ends if end.round}


def _standings(choice: Choice, end: End, calculator: Calculator) -> list[Standing]:
    plan, rnd = choice.plan, end.round
    assert rnd is not None
    indicators = {pk: copy(one) for pk, one in calculator.formulas.indicators.items()}
    milestones = in_force.lay_down(plan, end.year, indicators)
    values = _values(choice, calculator, rnd, {plan.base_year, end.year})
    return [
        standing_of(plan, indicator, end.year, values.get(pk, {}), milestones[pk])
        for pk, indicator in indicators.items()
    ]


def _values(
    choice: Choice, calculator: Calculator, rnd: Round, years: Collection[int]
) -> Mapping[int, Mapping[int, AnnualValue]]:
    """Indicator id → year → its value by that round; of indicators that may not be shown
    unpublished (`Choice.visible`), from what is published."""
    amounts = calculator.amounts.up_to(rnd.rank)
    cells = calculator.with_amounts(amounts).compute()
    if choice.is_provisional and choice.visible is not None:
        public = calculator.with_amounts(amounts.as_seen_in(frozenset())).compute()
        shown = zip(cells, public, strict=True)
        cells = [one if one.indicator.pk in choice.visible else other for one, other in shown]
    found: dict[int, dict[int, AnnualValue]] = {}
    for cell in cells:
        if cell.year in years:
            found.setdefault(cell.indicator.pk, {})[cell.year] = _row(cell)
    return found


def _row(cell: Computed) -> AnnualValue:
    return as_row(cell, Layer.PROVISIONAL)


def known_by(choice: Choice, rnd: Round) -> Mapping[int, AnnualValue]:
    """Indicator id → the value of the round's year as it stood by that round. Four queries."""
    formulas = Formulas(choice.plan)
    cells = [(pk, rnd.year) for pk in formulas.indicators]
    found = _values(choice, Calculator(formulas, cells, choice.layer), rnd, {rnd.year})
    return {pk: row for pk, years in found.items() for row in years.values()}
