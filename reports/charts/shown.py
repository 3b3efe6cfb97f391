"""What a trend shows: numbers and words, before any of them has a place. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

MOST_OTHERS = 4  # lines of others in one picture; all of them stand in the table


@dataclass(frozen=True)
class Point:
    """One year of the facts; `text` is the printed value, `told` what pointing at it says."""

    year: int
    value: Decimal
    text: str
    status: str = ""
    told: str = ""
    is_guess: bool = False  # 预计数


@dataclass(frozen=True)
class Aim:
    """A target and the years it was in force; `until` None: still."""

    value: Decimal
    text: str
    since: int
    until: int | None = None


@dataclass(frozen=True)
class Milestone:
    year: int
    value: Decimal
    text: str


@dataclass(frozen=True)
class Other:
    """What somebody else has reached, year by year; `text` is the name with the newest value, for
    where there is room for it."""

    name: str
    values: Sequence[tuple[int, Decimal]]
    text: str = ""


@dataclass(frozen=True)
class Trend:
    """All that the picture shows. `breaks`: year → why it cannot be compared with the year before;
    `forecast`: the computed line, year by year, and the words at its end."""

    years: Sequence[int]
    points: Sequence[Point]
    path: Sequence[tuple[int, Decimal]] = ()
    aims: Sequence[Aim] = ()
    milestones: Sequence[Milestone] = ()
    breaks: Mapping[int, str] = field(default_factory=dict)
    forecast: Sequence[tuple[int, Decimal]] = ()
    forecast_text: str = ""
    others: Sequence[Other] = ()
    title: str = ""
    desc: str = ""

    @property
    def shown_others(self) -> Sequence[Other]:
        return [other for other in self.others if other.values][:MOST_OTHERS]

    def values(self) -> list[float]:
        found = [p.value for p in self.points] + [aim.value for aim in self.aims]
        found += [m.value for m in self.milestones]
        found += [value for _, value in (*self.path, *self.forecast)]
        found += [value for other in self.shown_others for _, value in other.values]
        return [float(value) for value in found]
