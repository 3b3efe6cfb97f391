"""One indicator over the years. Pure.

Facts are a solid line with the shape of each year's status; the way that is expected is dotted,
with its 年度目标 as diamonds; a target is a broken line, grey as far as a revision replaced it;
what a unit expects (预计数) is hollow and reached by a broken line; the computed line (推算) and
what others have reached (参考) are thin, with a word of their own at the right edge. Where the
series is broken the line stops, and an upright mark says why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from reports.charts.marks import mark
from reports.charts.placing import ASCENT, Box, Ground, Spot, shortened, spread, width_of, written
from reports.charts.shown import Aim, Other, Trend
from reports.charts.svg import Place, Span, Svg, drawn, polyline

GAP = 14.0  # between the labels of a column
ROOM_BELOW = 24  # for the years


@dataclass(frozen=True)
class End:
    """A line's words at the right edge: where the line ends, and what they say."""

    name: str
    text: str
    place: Place


def trend(shown: Trend, *, narrow: bool = False) -> Svg:
    """The picture; `narrow` the one for telephones. "" where no year has a value."""
    if not shown.points:
        return Svg("")
    width, height = (360, 260) if narrow else (720, 240)
    return _Picture(shown, width, height).draw()


class _Picture:
    def __init__(self, shown: Trend, width: int, height: int) -> None:
        self.shown, self.width, self.height = shown, width, height
        self.foot = height - ROOM_BELOW
        column = self._column()
        self.right = width - (column + 18 if column else 30)
        margin = 30 if width > 500 else 24
        years = shown.years
        self.across = Span(years[0], years[-1], margin, self.right - (8 if column else 0))
        if len(years) == 1:
            self.across = Span(years[0] - 1, years[0] + 1, margin, self.right)
        self.up = _room(shown.values(), self.foot, 46 if shown.breaks else 34)
        self.ground = Ground(Box(2, 1, width - 2, self.foot - 1))

    def _column(self) -> float:
        """How wide the words at the right edge are."""
        texts = [aim.text for aim in self.shown.aims if aim.until is None]
        texts += map(self._name, self.shown.shown_others)
        texts += [self.shown.forecast_text] if self.shown.forecast else []
        widest = max((width_of(text) for text in texts), default=0.0)
        return min(widest, self._widest)

    @property
    def _widest(self) -> float:
        return self.width * (0.32 if self.width < 500 else 0.27)

    def _name(self, other: Other) -> str:
        """A value is never cut short: without room for it the name stands alone."""
        fits = other.text and width_of(other.text) <= self._widest
        return other.text if fits else other.name

    def at(self, year: float, value: Decimal) -> Place:
        return self.across.at(year), self.up.at(value)

    def draw(self) -> Svg:
        """Lines first, so that words can keep clear of them."""
        lines = [self._axis(), *self._lines()]
        words = [*self._break_words(), *self._ends(), *self._values(), *self._small_words()]
        marks = [*self._diamonds(), *self._dots()]
        title, desc = self.shown.title, self.shown.desc
        parts = [*lines, *marks, *words]
        name = "chart narrow" if self.width < 500 else "chart"
        return drawn(name, self.width, self.height, title, parts, desc=desc)

    # --- lines ---

    def _axis(self) -> str:
        years = self.shown.years
        room = (self.across.end - self.across.start) / max(len(years) - 1, 1)
        every = max(1, -int(-36 // max(room, 1)))
        names = [
            written("year", str(year), Spot(self.across.at(year), self.height - 8))
            for place, year in enumerate(years)
            if place % every == 0
        ]
        return f'<path class="axis" d="M8 {self.foot}H{self.right + 4:.1f}"/>{"".join(names)}'

    def _lines(self) -> Iterable[str]:
        for aim in self.shown.aims:
            yield self._line("aim" if aim.until is None else "aim old", self._aim(aim))
        for steps in _runs(self.shown.path):
            yield self._line("path", [self.at(*step) for step in steps])
        for number, other in enumerate(self.shown.shown_others):
            yield self._line(f"other o{number}", [self.at(*step) for step in other.values])
            yield "".join(_tick(*self.at(*step)) for step in other.values)
        yield self._line("forecast", [self.at(*step) for step in self.shown.forecast])
        for year in self.shown.breaks:
            x = self.across.at(year - 0.5)
            yield self._line("break", [(x, 16.0), (x, self.foot)])
        for before, after in pairwise(self.shown.points):
            if after.year - before.year == 1 and after.year not in self.shown.breaks:
                name = "facts-line guess" if after.is_guess else "facts-line"
                places = [self.at(p.year, p.value) for p in (before, after)]
                yield self._line(name, places)

    def _line(self, name: str, places: Sequence[Place]) -> str:
        self.ground.run(places)
        return polyline(name, places)

    def _aim(self, aim: Aim) -> list[Place]:
        """From the left edge or the revision that brought it to the right edge or the next one."""
        y, first = self.up.at(aim.value), self.shown.years[0]
        start = 8.0 if aim.since <= first else self.across.at(aim.since - 0.5)
        end = self.right + 2 if aim.until is None else self.across.at(aim.until - 0.5)
        return [(start, y), (round(max(end, start), 1), y)]

    # --- marks ---

    def _diamonds(self) -> Iterable[str]:
        for stone in self.shown.milestones:
            x, y = self.at(stone.year, stone.value)
            yield mark("milestone", x, y, stone.text)

    def _dots(self) -> Iterable[str]:
        for p in self.shown.points:
            yield mark(p.status, *self.at(p.year, p.value), p.told, guess=p.is_guess)

    # --- words ---

    def _break_words(self) -> Iterable[str]:
        """At the head of the upright mark, in one of two rows; else further down along it."""
        rows = [12.0 + GAP * row for row in range(int((self.foot - 16) / GAP))]
        for year, text in sorted(self.shown.breaks.items()):
            x, short = self.across.at(year - 0.5), shortened(text, self.width * 0.3)
            half = width_of(short) / 2
            inside = min(max(x, half + 4), self.width - half - 4)
            yield self._put_plainly("break-text", short, [Spot(inside, y) for y in rows])

    def _put_plainly(self, name: str, text: str, spots: Sequence[Spot]) -> str:
        """At the first that is free of other words; the lines do not matter."""
        width = width_of(text)
        free = (spot for spot in spots if self.ground.is_free(spot.box(width)))
        return self.ground.put(name, text, [spot] if (spot := next(free, None)) else [])

    def _ends(self) -> Iterable[str]:
        """The words at the right edge, each as near to the end of its line as the others let it."""
        ends = list(self._line_ends())
        low, high = 26.0 + ASCENT if self.shown.breaks else 14.0, self.foot - 6
        places = spread([end.place[1] + 4 for end in ends], GAP, low, high)
        for end, y in zip(ends, places, strict=True):
            text = shortened(end.text, self.width - self.right - 14)
            spot = Spot(self.right + 12, y, "start")
            if self.ground.is_free(spot.box(width_of(text))):
                yield self.ground.put(end.name, text, [spot])
                self.ground.run([end.place, (self.right + 10, y - 4)])
                yield _leader(end.place, (self.right + 10, y - 4))

    def _line_ends(self) -> Iterable[End]:
        for aim in self.shown.aims:
            if aim.until is None:
                yield End("aim-text", aim.text, self._aim(aim)[1])
        if self.shown.forecast:
            yield End("forecast-text", self.shown.forecast_text, self.at(*self.shown.forecast[-1]))
        for number, other in enumerate(self.shown.shown_others):
            yield End(f"other-text o{number}", self._name(other), self.at(*other.values[-1]))

    def _values(self) -> Iterable[str]:
        """The newest first, then the oldest: should one find no place it is one in between."""
        points = self.shown.points
        for one in (*points, *self.shown.milestones):
            self._keep_clear(*self.at(one.year, one.value))
        newest_first = [points[-1], *points[:-1]]
        for p in newest_first:
            text = shortened(f"{p.text} 预计" if p.is_guess else p.text, self.width * 0.4)
            yield self.ground.put("value", text, self._around(*self.at(p.year, p.value), text))

    def _keep_clear(self, x: float, y: float) -> None:
        self.ground.lines.append((x - 4, y, x + 4, y))

    def _around(self, x: float, y: float, text: str) -> Iterable[Spot]:
        """Above, below, then further off, a little to the side where the edge is near."""
        half = width_of(text) / 2
        inside = min(max(x, half + 3), self.width - half - 3)
        for away in (0, 12, 24, 38, 52):
            yield Spot(inside, y - 9 - away, cost=away / 20)
            yield Spot(inside, y + 19 + away, cost=away / 20)
        yield Spot(x + 9, y + 4, "start", 3.0)
        yield Spot(x - 9, y + 4, "end", 3.0)

    def _small_words(self) -> Iterable[str]:
        for stone in self.shown.milestones:
            text = shortened(stone.text, self.width * 0.4)
            spots = self._around(*self.at(stone.year, stone.value), text)
            yield self.ground.put("stone-text", text, spots)
        for aim in self.shown.aims:
            if aim.until is not None:
                yield self._old_aim(aim)

    def _old_aim(self, aim: Aim) -> str:
        (start, y), (end, _) = self._aim(aim)
        text = shortened(aim.text, self.width * 0.4)
        half = width_of(text) / 2
        middle = min(max((start + end) / 2, half + 4), self.width - half - 4)
        at_once = [Spot(start + 2, y - 5, "start"), Spot(start + 2, y + 14, "start")]
        further = [Spot(middle, y + d) for d in (-5, 14, -19, 28, -33, 42, -47, 56)]
        return self.ground.put("aim-text old", text, [*at_once, *further])


def _room(values: Sequence[float], foot: float, head: float) -> Span:
    """Some air above and below, so that labels stay inside and clear of the ground."""
    low, high = min(values), max(values)
    air = (high - low) * 0.14 or abs(high) * 0.1 or 1.0
    return Span(low - air, high + air, foot - 10, head)


def _runs(steps: Iterable[tuple[int, Decimal]]) -> Iterable[list[tuple[int, Decimal]]]:
    """Years that follow one another; one that stands alone is a point, a line of no length."""
    runs: list[list[tuple[int, Decimal]]] = []
    for step in steps:
        if runs and step[0] - runs[-1][-1][0] == 1:
            runs[-1].append(step)
        else:
            runs.append([step])
    return [run if len(run) > 1 else run * 2 for run in runs]


def _tick(x: float, y: float) -> str:
    return f'<circle class="other-dot" cx="{x}" cy="{y}" r="2"/>'


def _leader(start: Place, end: Place) -> str:
    """From the end of a line to its words; none where they stand side by side."""
    if abs(start[1] - end[1]) < 4 and end[0] - start[0] < 16:
        return ""
    return f'<path class="leader" d="M{start[0] + 5:.1f} {start[1]}L{end[0]:.1f} {end[1]:.1f}"/>'
