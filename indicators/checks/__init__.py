"""What is wrong with figures, or asks for an explanation.

`rules` are pure functions of plain values; `rulebook` says which rule holds for which item;
`gathering` reads the numbers, in a constant number of queries; `asking` asks every rule of every
figure and answers with `finding`s; `faults` are what cannot even be saved or published."""

from indicators.checks.asking import (
    findings,
    published_errors,
    standing_errors,
    submission_faults,
    tallies,
)
from indicators.checks.faults import (
    cleared,
    contradictions,
    entry_faults,
    in_words,
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
    "in_words",
    "published_errors",
    "silent_laggards",
    "standing_errors",
    "submission_faults",
    "tallies",
    "tally",
    "together",
    "unexplained_laggards",
]
