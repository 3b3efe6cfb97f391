"""What the picture of an indicator shows, put together from what its page knows: two pictures of
the same, one for telephones. Reads nothing itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from indicators.entry import plain
from indicators.gaps import forecast
from indicators.judging import Standing
from indicators.models import AnnualValue, IndicatorKind, RoundNature
from indicators.progress import Comparator, Judgement, expected_value
from reports.charts import Aim, Milestone, Other, Point, Trend
from reports.chronicle import Entry
from reports.summary import Row, YearCell, measured

FACTS = frozenset({RoundNature.FLASH, RoundNature.ANNUAL})
WHOLE = Decimal(100)


@dataclass(frozen=True)
class Computed:
    """推算: the least-squares line through the facts; never a status. `since`, `until` and `count`
    say which facts, `steps` is the line from the newest of them to the last year of the plan."""

    since: int
    until: int
    count: int
    steps: tuple[tuple[int, Decimal], ...]
    text: str  # the value in the last year, as printed
    is_capped: bool  # a share of a whole cannot go on above 100 or below 0

    @property
    def year(self) -> int:
        return self.steps[-1][0]


def computed(
    standing: Standing, official: Mapping[int, AnnualValue], breaks: Mapping[int, str], end: int
) -> Computed | None:
    """From published facts (no 预计数) since the series was last broken. None with fewer than
    three of them, or where they reach the end already."""
    since = max((year for year in breaks if year <= standing.year), default=0)
    facts = {
        year: row.value
        for year, row in sorted(official.items())
        if since <= year <= standing.year and row.value is not None and row.nature in FACTS
    }
    last = max(facts, default=end)
    if len(facts) < 3 or last >= end:
        return None
    ends = {year: forecast(facts, year) for year in (last, end)}
    capped = {year: _capped(standing, value, facts) for year, value in ends.items() if value}
    if len(capped) < len(ends):
        return None
    steps = tuple(capped.items())
    is_capped = any(ends[year] != value for year, value in steps)
    text = measured(standing, steps[-1][1]).text
    return Computed(min(facts), last, len(facts), steps, text, is_capped)


def _capped(standing: Standing, value: Decimal, facts: Mapping[int, Decimal]) -> Decimal:
    """Where all facts are shares between 0 and 100, the line stays one."""
    known = [fact for fact in facts.values() if fact is not None]
    indicator = standing.indicator
    if min(known) >= 0:
        value = max(value, Decimal(0))
    is_share = indicator.display_unit == "%" and indicator.kind != IndicatorKind.BAR
    return min(value, WHOLE) if is_share and max(known) <= WHOLE else value


def picture(
    standing: Standing,
    row: Row,
    years: Sequence[tuple[YearCell, Judgement]],
    *,
    targets: Sequence[Entry],
    milestones: Sequence[Entry],
    breaks: Mapping[int, str],
    line: Computed | None,
    elsewhere: Sequence[Entry],
) -> Trend:
    """`targets`, `milestones`, `elsewhere`: rows of the chronicle; of those that begin after the
    chosen year nothing is shown."""
    plan_years = standing.indicator.plan.years
    moving = row.target_is_moving
    points = [
        _point(standing, cell, judged) for cell, judged in years if cell.number.value is not None
    ]
    return Trend(
        years=plan_years,
        points=points,
        path=_path(standing, [(cell.year, judged) for cell, judged in years], plan_years),
        aims=() if moving else _aims(standing, row, targets),
        milestones=() if moving else _milestones(standing, milestones),
        breaks={year: why for year, why in breaks.items() if year <= standing.year},
        forecast=line.steps if line else (),
        forecast_text=f"推算 {line.text}" if line else "",
        others=_others(elsewhere, standing.year),
        title=f"{row.name}历年数值",
        desc=_told(row, points),
    )


def _point(standing: Standing, cell: YearCell, judged: Judgement) -> Point:
    assert cell.number.value is not None
    stored = standing.values[cell.year]
    is_guess = stored.nature == RoundNature.FORECAST
    told = f"{cell.year} 年 {cell.number.text}，{cell.nature}，{judged.label}"
    status = judged.status.value
    return Point(cell.year, cell.number.value, cell.number.text, status, told, is_guess)


def _told(row: Row, points: Sequence[Point]) -> str:
    """The picture in words, for those who do not see it."""
    said = "；".join(point.told for point in points)
    aim = "" if row.target_is_moving else f"。{row.due_year} 年目标 {row.target_short}"
    return f"{said}{aim}。完整数据见图下表格。"


def _path(
    standing: Standing, years: Sequence[tuple[int, Judgement]], plan_years: Sequence[int]
) -> list[tuple[int, Decimal]]:
    """What is expected: the bars so far, or the line on to the target."""
    if standing.indicator.kind == IndicatorKind.BAR:
        found = [(year, judged.expected) for year, judged in years]
    else:
        ends = ((year, date(year, 12, 31)) for year in plan_years)
        found = [(year, expected_value(standing.yardstick, end)) for year, end in ends]
    return [(year, value) for year, value in found if value is not None]


def _aims(standing: Standing, row: Row, targets: Sequence[Entry]) -> list[Aim]:
    """The target in force, and grey those it has replaced."""
    found = [t for t in targets if t.year <= standing.year and t.number is not None]
    aims = []
    for place, target in enumerate(found):
        later = found[place + 1 :]
        text = f"原目标 {_printed(standing, target)}" if later else _aim_text(standing, row)
        until = later[0].year if later else None
        aims.append(Aim(target.number or Decimal(0), text, target.year, until))
    return [aim for aim in aims if aim.until is None or aim.until > aim.since]


def _aim_text(standing: Standing, row: Row) -> str:
    """The right edge of the picture is the last year of the plan; most targets are due there."""
    is_last = row.due_year == standing.indicator.plan.end_year
    return f"{'' if is_last else f'{row.due_year} 年'}目标 {row.target_short}"


def _printed(standing: Standing, target: Entry) -> str:
    sign = standing.indicator.comparator
    number = plain(target.number)
    return number if sign == Comparator.GE else f"{sign} {number}"


def _milestones(standing: Standing, rows: Sequence[Entry]) -> list[Milestone]:
    return [
        Milestone(row.year, row.number, f"{row.year} 年度目标 {plain(row.number)}")
        for row in rows
        if row.number is not None and row.year in standing.indicator.plan.years
    ]


def _others(rows: Sequence[Entry], year: int) -> list[Other]:
    """One line for each whose values are known, in order of their names."""
    shown = sorted((row for row in rows if row.year <= year), key=lambda row: (row.first, row.year))
    return [_other(whose, list(found)) for whose, found in groupby(shown, key=lambda r: r.first)]


def _other(whose: str, rows: Sequence[Entry]) -> Other:
    values = [(row.year, row.number) for row in rows if row.number is not None]
    name = f"参考：{whose}"
    return Other(name, values, f"{name} {plain(values[-1][1])}" if values else "")
