"""The rows of a plan folder that describe indicators, as `loading_tables.py` reads them,
`loading_checks.py` judges them and `loading.py` writes them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.models import CheckKind, TermRole
from plans.tables import Row

# Code of the item that holds an indicator's known rate: H-8 of indicator 8.
RATE_PREFIX = "H-"


@dataclass
class ItemRow:
    row: Row
    code: str
    values: dict[str, Any]  # fields of DataItem
    unit_code: str


@dataclass
class IndicatorRow:
    row: Row
    code: str
    values: dict[str, Any]  # fields of Indicator
    target: Decimal | None
    locator: str
    definition: dict[str, Any]  # fields of Definition
    unit_code: str
    supervisor: str


@dataclass
class TermRow:
    row: Row
    indicator: str
    role: TermRole | None
    item: str  # blank: the townships valid in the year
    factor: Decimal | None
    lag: int | None
    order: int | None


@dataclass
class BandRow:
    row: Row
    indicator: str
    size_from: Decimal | None
    minimum: Decimal | None


@dataclass
class MilestoneRow:
    row: Row
    indicator: str
    year: int | None
    value: Decimal | None
    basis: str


@dataclass
class StatedRow:
    row: Row
    locator: str
    code: str  # of an item, or of an indicator whose rate is stated
    year: int | None
    amount: Decimal | None
    note: str


@dataclass
class CheckRow:
    row: Row
    item: str  # blank: all items
    kind: CheckKind | None
    other: str
    values: dict[str, Any]  # the other fields of CheckRule


@dataclass
class Sheets:
    items: dict[str, ItemRow]
    indicators: dict[str, IndicatorRow]
    terms: list[TermRow]
    bands: list[BandRow]
    milestones: list[MilestoneRow]
    stated: list[StatedRow]
    checks: list[CheckRow]

    def terms_of(self, code: str, *roles: TermRole) -> list[TermRow]:
        terms = [term for term in self.terms if term.indicator == code]
        return [term for term in terms if not roles or term.role in roles]

    def bands_of(self, code: str) -> list[BandRow]:
        return [band for band in self.bands if band.indicator == code]
