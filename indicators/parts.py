"""What stands in a return besides its figures and texts.

Progress of tasks and projects lives in an app above this one, and goes through the same verbs in
the same transaction. That app registers a `Part`; the verbs, the lists of open work and the
evidence ask every part, without knowing what it is. Each thing in a part has a key ("t12"), by
which evidence and requests for change name it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Model

from indicators.models import AnnualReturn, Round
from organization.models import User


@dataclass(frozen=True)
class Count:
    """Of one return: how many things are owed, not filled in, open for change."""

    owed: int = 0
    blank: int = 0
    unlocked: int = 0

    @property
    def filled(self) -> int:
        return self.owed - self.blank

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.owed + other.owed, self.blank + other.blank, self.unlocked + other.unlocked
        )


@dataclass(frozen=True)
class Named:
    """One thing of a return: its key, what people call it, and where its page is."""

    key: str
    label: str
    url: str


class Following(Protocol):
    """An open round following what changed (`workflow/following.py`), as a part sees it."""

    user: User
    round: Round
    why: str
    said: list[str]
    missing: list[str]  # names of what counts and did not stand open in the round
    returns: Mapping[int, AnnualReturn]

    def takes(self, owner: int) -> bool:
        """Whether something may be added to what the unit hands in."""

    def return_of(self, owner: int) -> AnnualReturn:
        """Made where the unit has none yet."""

    def touch(self, *returns: AnnualReturn) -> None: ...


class Part(Protocol):
    """Every method runs inside the transaction of the verb that calls it."""

    def owing(self, rnd: Round) -> set[int]:
        """Ids of the units that owe something in the round."""

    def hand_out(self, user: User, rnd: Round, returns: Mapping[int, AnnualReturn]) -> None:
        """Blank rows for a round that is opened; `returns` by unit id."""

    def follow(self, following: Following) -> None:
        """Units and duties have changed while the round is open: what nobody has typed into goes
        to whom it now belongs, what somebody has is kept and said."""

    def faults(self, annual_return: AnnualReturn) -> list[str]:
        """What stands in the way of 报送, a sentence each."""

    def submit(self, user: User, annual_return: AnnualReturn) -> None: ...

    def take_back(self, user: User, annual_return: AnnualReturn) -> None:
        """The return is a draft again."""

    def authors(self, annual_return: AnnualReturn) -> set[int]:
        """Ids of those who entered what is open for change: nobody approves their own."""

    def approve(self, user: User, annual_return: AnnualReturn) -> None: ...

    def reopen(
        self, user: User, annual_return: AnnualReturn, keys: Collection[str], reason: str
    ) -> None: ...

    def unpublished(self, rnd: Round) -> int:
        """How many things of the round are approved otherwise than published."""

    def publish(self, user: User, rnd: Round, reason: str) -> set[int]:
        """Ids of the returns in which something changed for the public."""

    def counts(self, returns: Collection[int]) -> Mapping[int, Count]:
        """By return id, in a constant number of queries."""

    def rounds_to_correct(self, bureau_id: int) -> set[int]:
        """Ids of published rounds with something approved that is not published."""

    def named(self, annual_return: AnnualReturn) -> list[Named]:
        """All its things of this return, in the order of the page."""

    def rows(self, annual_return: AnnualReturn) -> Iterable[Model]:
        """What the timeline of the return tells as well."""


_parts: list[Part] = []


def register(part: Part) -> None:
    """Called once by the app that brings the part, when Django starts."""
    _parts.append(part)


def parts() -> tuple[Part, ...]:
    return tuple(_parts)


def counts(returns: Collection[int]) -> dict[int, Count]:
    found = {pk: Count() for pk in returns}
    for part in _parts:
        for pk, count in part.counts(returns).items():
            found[pk] += count
    return found


def named(annual_return: AnnualReturn) -> dict[str, Named]:
    """Key → what it is, over all parts."""
    return {one.key: one for part in _parts for one in part.named(annual_return)}
