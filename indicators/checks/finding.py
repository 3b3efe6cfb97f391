"""What a check finds, and how much of it there is."""

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.models import CheckKind, Severity


@dataclass(frozen=True)
class Finding:
    """Something to correct or to explain, told at one figure of the return.

    `rule` is a CheckKind; `note` is what the unit says to it; figures already approved are
    locked, so what is found there is shown and stands in nobody's way."""

    figure_id: int
    rule: str
    severity: str
    sentence: str
    note: str = ""
    locked: bool = False

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR

    @property
    def is_missing(self) -> bool:
        return self.rule == CheckKind.MISSING

    @property
    def blocks(self) -> bool:
        """Stands in the way of 报送: an error, or a warning that nobody has explained."""
        return not self.locked and (self.is_error or not self.note.strip())


@dataclass(frozen=True)
class Tally:
    """How much there is to do on one return."""

    errors: int = 0
    warnings: int = 0
    unexplained: int = 0
    blank: int = 0


def tally(found: Iterable[Finding]) -> Tally:
    """What is not filled in is counted apart: it is no error until somebody wants to submit."""
    told = [one for one in found if not one.is_missing]
    warnings = [one for one in told if not one.is_error]
    return Tally(
        errors=len(told) - len(warnings),
        warnings=len(warnings),
        unexplained=sum(1 for one in warnings if not one.note.strip()),
        blank=sum(1 for one in found if one.is_missing),
    )


def together(found: Iterable[Finding]) -> dict[int, str]:
    """Figure id → its sentences, a line each."""
    sentences: dict[int, list[str]] = {}
    for one in found:
        sentences.setdefault(one.figure_id, []).append(one.sentence)
    return {pk: "\n".join(lines) for pk, lines in sentences.items()}
