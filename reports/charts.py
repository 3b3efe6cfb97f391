"""Numbers → SVG, as text: drawn on the server, coloured by app.css, complete without a script.

Pure: no database, no clock. Positions are plain floats; what a chart says stands beside it as a
number, so nothing is ever read off a chart alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape

GROUND = 196  # where the years stand


class Svg(str):
    """Markup that templates print as it is; every text in it was escaped here."""

    __slots__ = ()

    def __html__(self) -> str:
        return self


@dataclass(frozen=True)
class Span:
    """A range of values on a range of pixels."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: Decimal | float) -> float:
        if self.high == self.low:
            return self.start
        share = (float(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)


def bullet(
    value: Decimal | None,
    target: Decimal | None,
    *,
    base: Decimal | None = None,
    expected: Decimal | None = None,
    status: str = "",
    title: str = "",
) -> Svg:
    """The way from the base to the target: a bar as far as the value, a broken line where it
    should stand by now, a thick one at the target."""
    known = [float(n) for n in (value, target, base, expected) if n is not None]
    if value is None or target is None:
        return Svg("")
    low = min(known) if base is not None and base != target else min(0.0, *known)
    span = Span(low, max(known), 2, 104)
    start, end = sorted((span.at(low if base is None else base), span.at(value)))
    width = max(end - start, 2)
    parts = [
        '<rect class="ground" x="2" y="4" width="102" height="8"/>',
        f'<rect class="bar {status}" x="{start}" y="4" width="{width:.1f}" height="8"/>',
        _upright("expected", span, expected, 1, 15),
        _upright("target", span, target, 1, 15),
    ]
    return _svg("bullet", 108, 16, title, parts, hidden=True)


def clock(first_year: int, last_year: int, share: Decimal, label: str) -> Svg:
    """The plan's years as one bar, filled as far as time has gone."""
    years = range(first_year, last_year + 1)
    span = Span(first_year, last_year + 1, 0, 400)
    gone = 400 * float(share)
    ticks = [f'<path class="tick" d="M{span.at(y)} 18v10"/>' for y in years[1:]]
    names = [f'<text x="{span.at(y) + 2}" y="41">{y}</text>' for y in years]
    anchor, x = ("start", gone + 0.1) if gone < 60 else ("end", gone)
    parts = [
        '<rect class="ground" x="0" y="18" width="400" height="10"/>',
        f'<rect class="gone" x="0" y="18" width="{gone:.1f}" height="10"/>',
        *ticks,
        *names,
        f'<text class="now" x="{x:.1f}" y="12" text-anchor="{anchor}">{escape(label)}</text>',
    ]
    return _svg("clock", 400, 44, label, parts)


@dataclass(frozen=True)
class Point:
    """One year of a trend; `text` is the printed value."""

    year: int
    value: Decimal
    text: str
    is_behind: bool = False


def trend(
    years: Sequence[int],
    points: Sequence[Point],
    path: Sequence[tuple[int, Decimal]],
    target: Decimal | None,
    *,
    target_text: str = "",
    title: str = "",
    breaks: Mapping[int, str] | None = None,
) -> Svg:
    """Values over the years, the line of expected values dotted, the target broken.

    `breaks`: year → why it cannot be compared with the year before; the line stops there.

    A value's label stands above its point, or below it where a line runs through that place."""
    if not points:
        return Svg("")
    across = Span(years[0], years[-1], 34, 566)
    values = [p.value for p in points] + [v for _, v in path] + ([] if target is None else [target])
    up = _room(values)
    parts = [
        '<path class="axis" d="M10 196H590"/>',
        *(f'<text x="{across.at(y)}" y="214" text-anchor="middle">{y}</text>' for y in years),
        _aim(up, target, target_text),
        _line("path", ((across.at(y), up.at(v)) for y, v in path)),
        *(_break(across, year, text) for year, text in sorted((breaks or {}).items())),
        *(
            _line("facts-line", ((across.at(p.year), up.at(p.value)) for p in run))
            for run in _runs(points, breaks or {})
        ),
        *(_dot(across, up, p, _below(up, p, dict(path), points, target)) for p in points),
    ]
    return _svg("chart", 600, 220, title, parts)


def _room(values: Sequence[Decimal]) -> Span:
    """Some air above and below, so that labels stay inside and clear of the ground."""
    low, high = float(min(values)), float(max(values))
    air = (high - low) * 0.2 or abs(high) * 0.1 or 1.0
    return Span(low - air, high + air, GROUND - 6, 26)


def _aim(up: Span, target: Decimal | None, text: str) -> str:
    if target is None:
        return ""
    y = up.at(target)
    return f'<path class="aim" d="M10 {y}H590"/><text x="10" y="{y - 6:.1f}">{escape(text)}</text>'


def _below(
    up: Span,
    point: Point,
    path: Mapping[int, Decimal],
    points: Sequence[Point],
    target: Decimal | None,
) -> bool:
    """Whether the label goes under its point: above it a line would cross it."""
    y = up.at(point.value)
    lines = [up.at(v) for v in (path.get(point.year), target) if v is not None]
    beside = [p.value for p in points if abs(p.year - point.year) == 1]
    in_valley = len(beside) == 2 and point.value < min(beside)
    return in_valley or any(0 < y - line < 40 for line in lines)


def _dot(across: Span, up: Span, point: Point, below: bool) -> str:
    x, y = across.at(point.year), up.at(point.value)
    where = y + 20 if below else y - 10
    behind = " is-behind" if point.is_behind else ""
    return (
        f'<circle class="dot{behind}" cx="{x}" cy="{y}" r="4.5"/>'
        f'<text class="value" x="{x}" y="{where:.1f}" text-anchor="middle">'
        f"{escape(point.text)}</text>"
    )


def _runs(points: Sequence[Point], breaks: Mapping[int, str]) -> Iterable[list[Point]]:
    """The points between two breaks of the series."""
    starts = [0, *(n for n, p in enumerate(points) if n and _broken(points[n - 1], p, breaks))]
    for start, end in zip(starts, [*starts[1:], len(points)], strict=True):
        yield list(points[start:end])


def _broken(before: Point, after: Point, breaks: Mapping[int, str]) -> bool:
    return any(before.year < year <= after.year for year in breaks)


def _break(across: Span, year: int, text: str) -> str:
    """Half way between the two years that cannot be compared, named at the foot."""
    x = across.at(Decimal(year) - Decimal("0.5"))
    return (
        f'<path class="break" d="M{x} 26V196"/>'
        f'<text class="break-text" x="{x}" y="192" text-anchor="middle">{escape(text)}</text>'
    )


def _line(name: str, places: Iterable[tuple[float, float]]) -> str:
    found = list(places)
    if len(found) < 2:
        return ""
    return f'<path class="{name}" d="M{" L".join(f"{x} {y}" for x, y in found)}"/>'


def _upright(name: str, span: Span, value: Decimal | None, top: int, bottom: int) -> str:
    if value is None:
        return ""
    return f'<path class="{name}" d="M{span.at(value)} {top}V{bottom}"/>'


def _svg(
    name: str, width: int, height: int, title: str, parts: Iterable[str], *, hidden: bool = False
) -> Svg:
    """Hidden from screen readers where the same numbers stand beside it."""
    said = 'aria-hidden="true"' if hidden else f'role="img" aria-label="{escape(title)}"'
    body = "".join(parts)
    return Svg(
        f'<svg class="{name}" viewBox="0 0 {width} {height}" {said}>'
        f"<title>{escape(title)}</title>{body}</svg>"
    )
