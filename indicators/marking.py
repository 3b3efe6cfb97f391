"""Findings where people read them: beside the field, and in one list above the page."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from indicators import checks
from indicators.checks import Finding, Tally
from indicators.grid import Grid
from indicators.models import CheckKind


@dataclass(frozen=True)
class Marked:
    """What stands above the page; what is not filled in is counted in its head instead."""

    tally: Tally = field(default_factory=Tally)
    findings: tuple[Finding, ...] = ()


def mark(page: Grid, found: Iterable[Finding]) -> Marked:
    """Sets errors and warnings at the rows. Where a refused act already tells a fault, that
    stands alone, so that nothing is said twice."""
    told = tuple(one for one in found if one.rule != CheckKind.MISSING)
    errors = checks.together(one for one in told if one.is_error)
    warnings = checks.together(one for one in told if not one.is_error)
    for row in page.rows:
        if not row.fault:
            row.error = errors.get(row.figure.pk, "")
            row.warning = warnings.get(row.figure.pk, "")
    return Marked(checks.tally(told), told)
