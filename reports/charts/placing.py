"""Where the words of a chart go, so that no two overlap and none leaves the picture. Pure.

A text asks for several places, the dearest last. Of those that other texts and the edge leave free
it gets the cheapest: each line or mark that runs through it costs one, being far off costs what the
place says. Where none is free it gets none: what it says stands in the table beside the chart."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from itertools import pairwise

from reports.charts.svg import Place

SIZE = 12.0  # pixels of the font; app.css says the same
ASCENT, DESCENT = 10.5, 2.5
WIDE, NARROW = 1.0, 0.62  # of the font size: Chinese characters and their punctuation; the rest
FIRST_WIDE = 0x2010
ANCHORS = {"start": 0.0, "middle": 0.5, "end": 1.0}
Line = tuple[float, float, float, float]


@lru_cache(maxsize=1024)
def width_of(text: str) -> float:
    """Rather too wide than too narrow: fonts differ."""
    return sum(WIDE if ord(one) >= FIRST_WIDE else NARROW for one in text) * SIZE


def shortened(text: str, room: float) -> str:
    """Cut to fit, with “…” where something is gone."""
    if width_of(text) <= room:
        return text
    while text and width_of(text + "…") > room:
        text = text[:-1]
    return f"{text}…" if text else ""


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def holds(self, other: "Box") -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.top <= other.top and other.bottom <= self.bottom

    def crossed_by(self, line: Line) -> bool:
        """Whether the line is inside anywhere (Liang and Barsky: clipped to each side in turn)."""
        x, y, to_x, to_y = line
        if max(x, to_x) < self.left or min(x, to_x) > self.right:
            return False  # most lines end here
        if max(y, to_y) < self.top or min(y, to_y) > self.bottom:
            return False
        near, far = 0.0, 1.0
        for step, room in (
            (x - to_x, x - self.left),
            (to_x - x, self.right - x),
            (y - to_y, y - self.top),
            (to_y - y, self.bottom - y),
        ):
            if step == 0:
                if room < 0:
                    return False
            elif step < 0:
                near = max(near, room / step)
            else:
                far = min(far, room / step)
        return near <= far


@dataclass(frozen=True, slots=True)
class Spot:
    """A place asked for: the anchor's x, the baseline, start, middle or end; `cost` in lines."""

    x: float
    y: float
    anchor: str = "middle"
    cost: float = 0.0

    def box(self, width: float) -> Box:
        left = self.x - width * ANCHORS[self.anchor]
        return Box(left, self.y - ASCENT, left + width, self.y + DESCENT)


@dataclass
class Ground:
    """The picture with what already stands on it."""

    frame: Box
    texts: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def run(self, places: Sequence[Place]) -> None:
        """A line that texts keep clear of, where they can."""
        for (x, y), (to_x, to_y) in pairwise(places):
            self.lines.append((x, y, to_x, to_y))

    def put(self, name: str, text: str, spots: Iterable[Spot]) -> str:
        """The text at the best of the spots, as markup; "" where it finds none. The spots come in
        the order of their cost."""
        width, best, least = width_of(text), None, float("inf")
        for spot in spots if text else ():
            if spot.cost >= least:
                break
            box = spot.box(width)
            if not self.is_free(box):
                continue
            cost = spot.cost + sum(box.crossed_by(line) for line in self.lines)
            if cost < least:
                best, least = spot, cost
        return "" if best is None else self._write(name, text, best, width)

    def is_free(self, box: Box) -> bool:
        return self.frame.holds(box) and not any(box.meets(text) for text in self.texts)

    def _write(self, name: str, text: str, spot: Spot, width: float) -> str:
        self.texts.append(spot.box(width))
        return written(name, text, spot)


def written(name: str, text: str, spot: Spot) -> str:
    return (
        f'<text class="{name}" x="{spot.x:.1f}" y="{spot.y:.1f}" text-anchor="{spot.anchor}">'
        f"{escape(text)}</text>"
    )


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Heights for labels of one column, in the order given: as near as can be to where each wants
    to be, at least `gap` apart, between `low` and `high`. The room has to suffice for all."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    heights = [0.0] * len(wanted)
    floor = low
    for n in order:
        heights[n] = floor = max(wanted[n], floor)
        floor += gap
    ceiling = high
    for n in reversed(order):
        heights[n] = ceiling = min(heights[n], ceiling)
        ceiling -= gap
    return heights
