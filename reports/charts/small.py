"""Charts of one line, many of them on a page: each a few hundred bytes and a few microseconds.
Pure."""

from collections.abc import Sequence
from decimal import Decimal
from html import escape

from reports.charts.marks import PLAIN, SHAPES
from reports.charts.svg import Span, Svg, drawn, upright


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
        upright("expected", span, expected, 1, 15),
        upright("target", span, target, 1, 15),
    ]
    return drawn("bullet", 108, 16, title, parts, hidden=True)


def sparkline(
    years: Sequence[int],
    values: Sequence[Decimal | None],
    target: Decimal | None,
    status: str,
    title: str = "",
) -> Svg:
    """The years as a small line: `values` stand in the order of `years`, None where there is none
    (the line has a gap there), the last one carries the shape of its status; a thin line at the
    target, where there is one. Under 700 bytes; "" where no year has a value.

    Hidden from screen readers: the same numbers stand in the row."""
    known = [float(v) for v in values if v is not None]
    if not known:
        return Svg("")
    aim = "" if target is None else float(target)
    low, high = min(known), max(known)
    if aim != "":
        low, high = min(low, aim), max(high, aim)
    step = 60 / max(len(years) - 1, 1)
    tall = (high - low) or 1.0
    run, line, x, y = "M", "", 0.0, 0.0
    for place, value in enumerate(values):
        if value is None:
            run = "M"
            continue
        x, y = 6 + place * step, 16 - (float(value) - low) / tall * 12
        line += f"{run}{x:.0f} {y:.1f}" if run == "L" else f"M{x:.0f} {y:.1f}h.1"
        run = "L"
    goal = "" if aim == "" else f'<path class="aim" d="M4 {16 - (aim - low) / tall * 12:.1f}h64"/>'
    outline, upon = SHAPES.get(status, PLAIN)
    inner = f'<path class="upon" d="{upon}"/>' if upon else ""
    told = f"<title>{escape(title)}</title>" if title else ""
    return Svg(
        f'<svg class="spark" viewBox="0 0 72 20" aria-hidden="true">{told}{goal}'
        f'<path class="line" d="{line}"/><g class="mk {status}" '
        f'transform="translate({x:.0f} {y:.1f})"><path d="{outline}"/>{inner}</g></svg>'
    )


def bar(
    value: Decimal | None, largest: Decimal, kind: str = "", *, smallest: Decimal | int = 0
) -> Svg:
    """One row of a list as a bar from zero, as long as the value is beside the largest of the
    list. `smallest`: of the list, where it is below zero. `kind` colours it (yes, no, lack); of
    what is missing a broken frame stays. Hidden from screen readers: the number stands beside."""
    if value is None:
        inner = '<rect class="none" x=".5" y="1.5" width="119" height="7"/>'
    else:
        span = Span(min(0.0, float(smallest)), max(0.0, float(largest)), 0, 120)
        start, end = sorted((span.at(0), span.at(value)))
        inner = (
            f'<rect class="{kind}" x="{start}" y="1" width="{max(end - start, 1):.1f}" height="8"/>'
        )
    return Svg(f'<svg class="hbar" viewBox="0 0 120 10" aria-hidden="true">{inner}</svg>')


def clock(first_year: int, last_year: int, share: Decimal, label: str) -> Svg:
    """The plan's years as one bar, filled as far as time has gone."""
    years = range(first_year, last_year + 1)
    span = Span(first_year, last_year + 1, 0, 400)
    gone = 400 * float(share)
    ticks = [f'<path class="tick" d="M{span.at(y)} 18v10"/>' for y in years[1:]]
    names = [f'<text x="{span.at(y) + 2}" y="41">{y}</text>' for y in years]
    anchor, x = ("start", gone + 0.1) if gone < 110 else ("end", gone)
    parts = [
        '<rect class="ground" x="0" y="18" width="400" height="10"/>',
        f'<rect class="gone" x="0" y="18" width="{gone:.1f}" height="10"/>',
        *ticks,
        *names,
        f'<text class="now" x="{x:.1f}" y="12" text-anchor="{anchor}">{escape(label)}</text>',
    ]
    return drawn("clock", 400, 44, label, parts)
