"""Loads the indicators of a plan folder: items.csv, indicators.csv, terms.csv, bands.csv,
milestones.csv, stated_values.csv and checks.csv.

Called by `programs/loading.py` inside its transaction, after the document: faults are added to the
list, and the caller rolls back when there are any. Loading a folder again saves nothing.

The folder owns the plan as issued. What the office added in the program stays as it is: targets
that were revised, definitions and responsibilities from later years, milestones once figures are
published, the way of collection once figures were entered, check rules of its own and which rules
are switched off."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.db import models

from indicators.loading_checks import Checks, check_targets_unchanged
from indicators.loading_sheets import (
    RATE_PREFIX,
    CheckRow,
    IndicatorRow,
    ItemRow,
    Sheets,
    StatedRow,
)
from indicators.loading_tables import INDICATORS, ITEMS, LAST_ORDER, read_sheets
from indicators.models import (
    Collection,
    DataItem,
    Indicator,
    ItemKind,
    Method,
    Nature,
    StatedValue,
)
from organization.models import Unit
from organization.records import store
from plans.models import Clause, Plan

RATE_DECIMALS = 4
RATE_DEFINITION = (
    "只在历史补录时填写：当年只知道这个比率、没有计算所需数据的，填已知的数；"
    "以后有了计算所需数据，以计算值为准。"
)


def load_indicators(folder: Path, plan: Plan, faults: list[str]) -> list[str]:
    """All indicators and data items of the plan as the folder describes them.

    Nothing is written while `faults` holds anything, also from other parts of the folder.
    Returns the codes of the indicators all the same: what else names them is not at fault."""
    units = {unit.code: unit for unit in Unit.objects.of(plan.bureau)}
    clauses = {clause.locator: clause for clause in plan.clauses.all()}
    sheets = read_sheets(folder, faults)
    Checks(sheets, plan, units, clauses).run()
    check_targets_unchanged(sheets, plan)
    if not faults:
        _Writer(sheets, plan, units, clauses, faults).write()
    return list(sheets.indicators)


@dataclass
class _Writer:
    sheets: Sheets
    plan: Plan
    units: dict[str, Unit]
    clauses: dict[str, Clause]
    faults: list[str]

    def write(self) -> None:
        """Terms leave an item before the item goes: it is protected as long as one uses it."""
        self.is_published = self.plan.rounds.published().exists()
        self.items = {item.code: self._item(item) for item in self.sheets.items.values()}
        for one in self.sheets.indicators.values():
            self._indicator(one)
        self._stated_values()
        self._rules()
        self._remove_gone()

    def _item(self, item: ItemRow) -> DataItem:
        values, known = dict(item.values), self.plan.items.filter(code=item.code).first()
        if known and known.figures.exists():
            values["collection"] = known.collection
        stored = store(self.plan.items, {"code": item.code}, values)
        self._responsible(stored, item.unit_code, "")
        return stored

    def _indicator(self, one: IndicatorRow) -> None:
        values = {**one.values, "clause": self.clauses[one.locator]}
        indicator = store(self.plan.indicators, {"code": one.code}, values)
        first = {"effective_year": self.plan.base_year}
        target = {**first, "value": one.target, "printed": indicator.printed_target}
        store(indicator.targets, {"is_original": True}, target)
        store(indicator.definitions, first, one.definition)
        self._responsible(indicator, one.unit_code, self._supervisor(one))
        self._terms(indicator)
        self._bands(indicator)
        self._milestones(indicator)
        if indicator.method != Method.DIRECT:
            self._rate_item(indicator, one)

    def _responsible(self, of: DataItem | Indicator, unit_code: str, supervisor: str) -> None:
        values = {"unit": self.units[unit_code], "supervisor": supervisor}
        store(of.responsibilities, {"effective_year": self.plan.base_year}, values)

    def _supervisor(self, one: IndicatorRow) -> str:
        return one.supervisor or self.units[one.unit_code].supervisor

    def _terms(self, indicator: Indicator) -> None:
        terms = self.sheets.terms_of(indicator.code)
        for term in terms:
            item = self.items[term.item] if term.item else None
            values = {"role": term.role, "item": item, "factor": term.factor, "lag": term.lag}
            store(indicator.terms, {"order": term.order}, values)
        indicator.terms.exclude(order__in=[term.order for term in terms]).delete()

    def _bands(self, indicator: Indicator) -> None:
        bands = self.sheets.bands_of(indicator.code)
        for band in bands:
            store(indicator.bands, {"size_from": band.size_from}, {"minimum": band.minimum})
        indicator.bands.exclude(size_from__in=[band.size_from for band in bands]).delete()

    def _milestones(self, indicator: Indicator) -> None:
        """The office sets milestones too: none is removed, and none changed after publishing."""
        for milestone in self.sheets.milestones:
            year = {"year": milestone.year}
            settled = self.is_published and indicator.milestones.filter(**year).exists()
            if milestone.indicator == indicator.code and not settled:
                values = {"value": milestone.value, "basis": milestone.basis}
                store(indicator.milestones, year, values)

    def _rate_item(self, indicator: Indicator, one: IndicatorRow) -> None:
        code = RATE_PREFIX + indicator.code
        minimum, maximum = _rate_bounds(one)
        values = {
            "name": f"{indicator.name}（历史数据）",
            "measure": indicator.display_unit,
            "decimals": RATE_DECIMALS,
            "nature": self._nature(indicator),
            "kind": ItemKind.RATE,
            "minimum": minimum,
            "maximum": maximum,
            "definition": RATE_DEFINITION,
            "collection": Collection.DEPARTMENT,
            "rate_of": indicator,
            "order": LAST_ORDER + 1 + indicator.order,
        }
        self.items[code] = store(self.plan.items, {"code": code}, values)
        self._responsible(self.items[code], one.unit_code, "")

    def _nature(self, indicator: Indicator) -> str:
        """A rate speaks of the time its first input speaks of; a growth of the year."""
        terms = self.sheets.terms_of(indicator.code)
        if indicator.method == Method.GROWTH:
            return Nature.PERIOD
        return next(self.items[term.item].nature for term in terms if term.item)

    def _stated_values(self) -> None:
        kept = [self._stated_value(row) for row in self.sheets.stated]
        gone = StatedValue.objects.filter(item__plan=self.plan)
        gone.exclude(pk__in=kept).delete()

    def _stated_value(self, row: StatedRow) -> int:
        item = self.items.get(row.code) or self.items[RATE_PREFIX + row.code]
        values = {"clause": self.clauses[row.locator], "amount": row.amount, "note": row.note}
        return store(item.stated_values, {"year": row.year}, values).pk

    def _rules(self) -> None:
        """Rules that the office added stay; those of an earlier folder go."""
        kept = [self._rule(check) for check in self.sheets.checks]
        self.plan.check_rules.filter(is_loaded=True).exclude(pk__in=kept).delete()

    def _rule(self, check: CheckRow) -> int:
        item, other = (self.items[code] if code else None for code in (check.item, check.other))
        key = {"kind": check.kind, "item": item, "other_item": other}
        return store(self.plan.check_rules, key, {**check.values, "is_loaded": True}).pk

    def _remove_gone(self) -> None:
        indicators = self.plan.indicators.exclude(code__in=self.sheets.indicators)
        for indicator in indicators:
            self._remove(indicator, INDICATORS, self._has_office_work(indicator))
        if self.faults:
            return  # an indicator that stays keeps its items: they are no fault of their own
        for item in self.plan.items.exclude(code__in=self.items):
            self._remove(item, ITEMS, False)

    def _has_office_work(self, indicator: Indicator) -> bool:
        later = {"effective_year__gt": self.plan.base_year}
        return (
            indicator.targets.filter(is_original=False).exists()
            or indicator.definitions.filter(**later).exists()
            or indicator.responsibilities.filter(**later).exists()
        )

    def _remove(self, gone: DataItem | Indicator, file: str, is_used: bool) -> None:
        """Refused for what was worked with: figures and explanations protect it."""
        try:
            if not is_used:
                gone.delete()
        except models.ProtectedError:
            is_used = True
        if is_used:
            self.faults.append(
                f"{file}：{gone._meta.verbose_name}“{gone}”已有填报或调整的内容，"
                "不能从规划中去掉，请恢复原来的内容。"
            )


def _rate_bounds(one: IndicatorRow) -> tuple[Decimal, Decimal | None]:
    """A growth may be negative, but nothing falls by more than all of it. A ratio whose goal is
    the whole (100 %) cannot exceed it."""
    if one.values["method"] == Method.GROWTH:
        return Decimal(-100), None
    whole = one.values["scale"]
    is_share = one.target == whole or one.values["method"] == Method.BAND
    return Decimal(0), whole if is_share else None
