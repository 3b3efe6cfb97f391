"""What the tables of a plan folder must agree on, before anything of it is written.

Every fault becomes a Chinese sentence that names file, row and column. Rows whose cells are
already faulty are not judged again."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise

from indicators.loading_row_checks import (
    check_bounds,
    check_gap,
    check_group,
    check_method,
    check_target,
    higher_is_better,
)
from indicators.loading_rule_checks import check_rule
from indicators.loading_sheets import (
    RATE_PREFIX,
    BandRow,
    CheckRow,
    IndicatorRow,
    ItemRow,
    MilestoneRow,
    Sheets,
    StatedRow,
    TermRow,
)
from indicators.models import (
    ByTownship,
    IndicatorKind,
    Method,
    Target,
    TermRole,
)
from organization.models import Unit, UnitKind
from plans.models import Clause, Plan

# Which parts a formula has; those of NEEDED must be there. `BAR` is judged with the kind.
ROLES = {
    Method.DIRECT: (TermRole.NUMERATOR,),
    Method.RATIO: (TermRole.NUMERATOR, TermRole.DENOMINATOR),
    Method.GROWTH: (TermRole.SERIES, TermRole.BAR),
    Method.BAND: (TermRole.AMOUNT, TermRole.SIZE),
}
NEEDED = {**ROLES, Method.GROWTH: (TermRole.SERIES,)}
SINGLE = (TermRole.BAR, TermRole.AMOUNT, TermRole.SIZE)
BY_TOWNSHIP = (TermRole.AMOUNT, TermRole.SIZE)


@dataclass
class Checks:
    """One folder against itself and against what is loaded of its plan."""

    sheets: Sheets
    plan: Plan
    units: dict[str, Unit]
    clauses: dict[str, Clause]

    def run(self) -> None:
        self._each(self.sheets.items.values(), check_bounds, self._check_item)
        self._each(
            self.sheets.indicators.values(),
            check_group,
            check_target,
            check_method,
            check_gap,
            self._check_place,
            self._check_parts,
        )
        self._check_row_numbers()
        self._each(self.sheets.terms, self._check_known, self._check_term)
        self._each(self.sheets.bands, self._check_known, self._check_band)
        self._check_band_order()
        self._each(self.sheets.milestones, self._check_known, self._check_milestone)
        self._each(self.sheets.stated, self._check_stated)
        self._each(self.sheets.checks, self._check_rule)

    def _each(self, rows: Iterable, *checks: Callable) -> None:
        for one in rows:
            for check in checks if one.row.sound else ():
                check(one)

    def _check_item(self, item: ItemRow) -> None:
        if item.code.startswith(RATE_PREFIX):
            item.row.fault("代码", f"“{RATE_PREFIX}”开头的代码留给历史数据，请换一个。")
        if item.code in self.sheets.indicators:
            item.row.fault("代码", f"indicators.csv 中已有代码“{item.code}”，请换一个。")
        self._check_unit(item)

    def _check_unit(self, one: ItemRow | IndicatorRow) -> None:
        unit = self.units.get(one.unit_code)
        if unit is None:
            says = f"units.csv 中没有“{one.unit_code}”，请补上或改正。"
            one.row.fault("责任单位代码", says)
        elif unit.kind == UnitKind.TOWNSHIP:
            one.row.fault("责任单位代码", f"应为局或股室，“{unit.name}”是乡镇。")

    def _check_place(self, one: IndicatorRow) -> None:
        first, last = self.plan.start_year, self.plan.end_year
        if not first <= one.values["due_year"] <= last:
            says = f"应在规划期 {first}—{last} 年内，现为 {one.values['due_year']}。"
            one.row.fault("到期年", says)
        self._check_locator(one, "条款定位")
        self._check_unit(one)

    def _check_locator(self, one: IndicatorRow | StatedRow, column: str) -> None:
        if one.locator not in self.clauses:
            one.row.fault(column, f"clauses.csv 中没有“{one.locator}”，请补上或改正。")

    def _check_row_numbers(self) -> None:
        seen: dict[int, int] = {}
        for one in self.sheets.indicators.values():
            number = one.values["row_no"]
            first = seen.setdefault(number, one.row.line) if number else one.row.line
            if first != one.row.line:
                one.row.fault("表中序号", f"与第 {first} 行重复，请改正。")

    def _check_parts(self, one: IndicatorRow) -> None:
        """Every part of the formula is there, the single ones once."""
        method, bar = one.values["method"], one.values["kind"] == IndicatorKind.BAR
        for role in (*NEEDED[method], *((TermRole.BAR,) if bar else ())):
            if not self.sheets.terms_of(one.code, role):
                says = f"{method.label}指标在 terms.csv 中缺少“{role.label}”，请补上。"
                one.row.fault("方法", says)
        for role in SINGLE:
            for term in self.sheets.terms_of(one.code, role)[1:]:
                term.row.fault("部位", f"指标 {one.code} 的“{role.label}”只能有一行，请删去一行。")
        if method == Method.BAND and not self.sheets.bands_of(one.code):
            one.row.fault("方法", "分档达标指标在 bands.csv 中没有分档标准，请补上。")
        self._check_series(one)

    def _check_series(self, one: IndicatorRow) -> None:
        """Of several series the smallest growth is shown, which judges all of them only when
        more is better."""
        several = len(self.sheets.terms_of(one.code, TermRole.SERIES)) > 1
        if several and not higher_is_better(one):
            one.row.fault("比较", "有两个以上增速序列的指标，只能填不低于或高于。")

    def _check_known(self, one: TermRow | BandRow | MilestoneRow) -> None:
        if one.indicator not in self.sheets.indicators:
            says = f"indicators.csv 中没有“{one.indicator}”，请补上或改正。"
            one.row.fault("指标代码", says)

    def _check_term(self, term: TermRow) -> None:
        one = self.sheets.indicators.get(term.indicator)
        if term.factor == 0:
            term.row.fault("系数", "不能为 0，请改正或删去这一行。")
        if term.item and term.item not in self.sheets.items:
            term.row.fault("数据项代码", f"items.csv 中没有“{term.item}”，请补上或改正。")
        if one is not None and one.values["method"] and one.values["kind"]:
            self._check_role(term, one)

    def _check_role(self, term: TermRow, one: IndicatorRow) -> None:
        method, role = one.values["method"], term.role
        if role not in ROLES[method]:
            allowed = "、".join(fitting.label for fitting in ROLES[method])
            says = f"指标 {one.code} 的方法是{method.label}，只能用{allowed}，现为{role.label}。"
            term.row.fault("部位", says)
        elif role == TermRole.BAR and one.values["kind"] != IndicatorKind.BAR:
            term.row.fault("部位", f"指标 {one.code} 不是动态参照，不设参照值，请删去这一行。")
        elif not term.item and role != TermRole.DENOMINATOR:
            term.row.fault("数据项代码", "只有分母可以留空（当年有效的乡镇数），请填写。")
        elif role in BY_TOWNSHIP:
            self._check_by_township(term)

    def _check_by_township(self, term: TermRow) -> None:
        item = self.sheets.items.get(term.item)
        if item and item.row.sound and item.values["collection"] not in ByTownship.ALL:
            says = f"分档按乡镇计算，“{term.item}”应由乡镇填报或附乡镇明细。"
            term.row.fault("数据项代码", says)

    def _check_band(self, band: BandRow) -> None:
        one = self.sheets.indicators.get(band.indicator)
        if one and one.row.sound and one.values["method"] != Method.BAND:
            band.row.fault("指标代码", f"指标 {one.code} 不是分档达标，不设分档，请删去这一行。")

    def _check_band_order(self) -> None:
        for code in self.sheets.indicators:
            bands = [band for band in self.sheets.bands_of(code) if band.row.sound]
            bands.sort(key=lambda band: band.size_from or 0)
            for smaller, larger in pairwise(bands):
                if (larger.minimum or 0) < (smaller.minimum or 0):
                    says = f"规模更大而最低数量少于第 {smaller.row.line} 行，请核对。"
                    larger.row.fault("最低数量", says)

    def _check_milestone(self, milestone: MilestoneRow) -> None:
        one = self.sheets.indicators.get(milestone.indicator)
        if one is None or not one.row.sound:
            return
        first, last = self.plan.start_year, one.values["due_year"] - 1
        if one.values["kind"] == IndicatorKind.BAR:
            milestone.row.fault("指标代码", f"指标 {one.code} 是动态参照，没有年度目标。")
        elif not first <= (milestone.year or 0) <= last:
            says = f"应在 {first}—{last} 年内（到期年以前），现为 {milestone.year}。"
            milestone.row.fault("年度", says)

    def _check_stated(self, stated: StatedRow) -> None:
        self._check_locator(stated, "定位")
        item, one = (
            self.sheets.items.get(stated.code),
            self.sheets.indicators.get(stated.code),
        )
        if item is None and one is None:
            says = f"items.csv 和 indicators.csv 中都没有“{stated.code}”，请补上或改正。"
            stated.row.fault("代码", says)
        elif one and one.values["method"] == Method.DIRECT:
            says = f"指标 {one.code} 直接取数，请改填它的数据项代码。"
            stated.row.fault("代码", says)
        elif item and item.row.sound:
            _check_within(stated, item)

    def _check_rule(self, check: CheckRow) -> None:
        check_rule(check, self.sheets.items)


def check_targets_unchanged(sheets: Sheets, plan: Plan) -> None:
    """Once figures are published the target is history: it is revised, not overwritten."""
    if not plan.rounds.published().exists():
        return
    originals = Target.objects.filter(indicator__plan=plan, is_original=True)
    for code, value in originals.values_list("indicator__code", "value"):
        one = sheets.indicators.get(code)
        if one and one.row.sound and one.target != value:
            says = "已有发布的数据，不能改规划原定的目标值，请在系统中用“目标调整”。"
            one.row.fault("目标值", says)


def _check_within(stated: StatedRow, item: ItemRow) -> None:
    minimum, maximum = item.values["minimum"], item.values["maximum"]
    if minimum is not None and stated.amount < minimum:
        stated.row.fault("数值", f"小于数据项 {item.code} 的最小值 {minimum:f}，请核对。")
    if maximum is not None and stated.amount > maximum:
        stated.row.fault("数值", f"大于数据项 {item.code} 的最大值 {maximum:f}，请核对。")
