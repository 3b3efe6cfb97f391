"""What every chart is made of: the markup, and values on pixels. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from html import escape


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


Place = tuple[float, float]


def drawn(
    name: str,
    width: int,
    height: int,
    title: str,
    parts: Iterable[str],
    *,
    hidden: bool = False,
    desc: str = "",
) -> Svg:
    """Hidden from screen readers where the same numbers stand beside it."""
    said = 'aria-hidden="true"' if hidden else f'role="img" aria-label="{escape(title)}"'
    told = f"<desc>{escape(desc)}</desc>" if desc else ""
    return Svg(
        f'<svg class="{name}" viewBox="0 0 {width} {height}" {said}>'
        f"<title>{escape(title)}</title>{told}{''.join(parts)}</svg>"
    )


def polyline(name: str, places: Iterable[Place]) -> str:
    found = list(places)
    if len(found) < 2:
        return ""
    return f'<path class="{name}" d="M{" L".join(f"{x} {y}" for x, y in found)}"/>'


def upright(name: str, span: Span, value: Decimal | None, top: int, bottom: int) -> str:
    if value is None:
        return ""
    return f'<path class="{name}" d="M{span.at(value)} {top}V{bottom}"/>'
