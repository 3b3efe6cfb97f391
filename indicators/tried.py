"""An act on a return that was refused: what was written and ticked for it is shown again."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indicators.models import Figure

LONGEST_KEY = 18  # digits; more than a database key can have


def chosen(posted: Mapping[str, str]) -> tuple[list[int], list[str]]:
    """What was ticked: fields named open-<figure id> and open-<key of a part>."""
    names = [name.removeprefix("open-") for name in posted if name.startswith("open-")]
    numbers = [name for name in names if name.isascii() and name.isdigit()]
    figures = [int(name) for name in numbers if len(name) <= LONGEST_KEY]
    return figures, [name for name in names if not name.isdigit()]


def keys(things: Iterable[Figure | str]) -> frozenset[str]:
    """As they stand behind open- in the name of a box."""
    return frozenset(str(one.pk) if isinstance(one, Figure) else one for one in things)


@dataclass(frozen=True)
class Tried:
    name: str
    reason: str
    ticks: frozenset[str]


def read(name: str, posted: Mapping[str, str]) -> Tried:
    figures, others = chosen(posted)
    return Tried(name, posted.get("reason", ""), frozenset([*map(str, figures), *others]))
