"""What is wrong with figures, or asks for an explanation.

`rules` are pure functions of plain values; `rulebook` says which rule holds for which item;
`gathering` reads the numbers, in a constant number of queries; `asking` asks every rule of every
figure and answers with `finding`s; `faults` are what cannot even be saved or published."""

from indicators.checks.asking import findings, submission_faults, tallies
from indicators.checks.faults import (
    cleared,
    contradictions,
    entry_faults,
    silent_laggards,
    unexplained_laggards,
)
from indicators.checks.finding import Finding, Tally, tally, together

__all__ = [
    "Finding",
    "Tally",
    "cleared",
    "contradictions",
    "entry_faults",
    "findings",
    "silent_laggards",
    "submission_faults",
    "tallies",
    "tally",
    "together",
    "unexplained_laggards",
]
