"""THE NUMBERS: what is measured, who owes it, what was entered, what it comes to.

Figures are entered once and used many times: a `Figure` is a data item of a unit in a round, an
`AnnualValue` is what the figures of a year make of an indicator, computed and never typed.
Only `indicators/workflow/` changes figures, returns and rounds; only `indicators/values.py`
writes annual values."""

from indicators.models.comparisons import ComparisonValue
from indicators.models.evidence import Evidence, SpotCheck
from indicators.models.figures import WITH_REASON, Explanation, Figure, Knowledge
from indicators.models.goals import Definition, Milestone, Responsibility, StatedValue, Target
from indicators.models.indicators import (
    Attribute,
    Band,
    Comparison,
    GapRule,
    Group,
    GrowthBasis,
    Indicator,
    IndicatorKind,
    IndicatorQuerySet,
    Method,
    Term,
    TermRole,
    VerdictRule,
)
from indicators.models.items import ByTownship, Collection, DataItem, ItemKind, Nature
from indicators.models.numbers import DIGITS, LARGEST, SIGNIFICANT, bounded
from indicators.models.returns import (
    AnnualReturn,
    ChangeRequest,
    ReturnAct,
    ReturnStatus,
    Round,
    RoundNature,
)
from indicators.models.rules import CheckKind, CheckKinds, CheckRule, Severity
from indicators.models.values import AnnualValue, Layer

__all__ = [
    "DIGITS",
    "LARGEST",
    "SIGNIFICANT",
    "WITH_REASON",
    "AnnualReturn",
    "AnnualValue",
    "Attribute",
    "Band",
    "ByTownship",
    "ChangeRequest",
    "CheckKind",
    "CheckKinds",
    "CheckRule",
    "Collection",
    "Comparison",
    "ComparisonValue",
    "DataItem",
    "Definition",
    "Evidence",
    "Explanation",
    "Figure",
    "GapRule",
    "Group",
    "GrowthBasis",
    "Indicator",
    "IndicatorKind",
    "IndicatorQuerySet",
    "ItemKind",
    "Knowledge",
    "Layer",
    "Method",
    "Milestone",
    "Nature",
    "Responsibility",
    "ReturnAct",
    "ReturnStatus",
    "Round",
    "RoundNature",
    "Severity",
    "SpotCheck",
    "StatedValue",
    "Target",
    "Term",
    "TermRole",
    "VerdictRule",
    "bounded",
]
