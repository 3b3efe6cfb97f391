"""Reads the tables of a plan folder that describe indicators: cells in, typed rows out.

Cell by cell only; what must fit together is judged by `loading_checks.py`. A row with a fault
(`row.sound` is False) stays in the sheets, so that its code is not reported as unknown as well."""

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

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
    LARGEST,
    Attribute,
    CheckKind,
    CheckKinds,
    Collection,
    Comparison,
    GapRule,
    Group,
    GrowthBasis,
    IndicatorKind,
    ItemKind,
    Method,
    Nature,
    Severity,
    TermRole,
    VerdictRule,
)
from plans.tables import Row, read_table, unique

ITEMS, INDICATORS, TERMS = "items.csv", "indicators.csv", "terms.csv"
BANDS, MILESTONES, STATED = "bands.csv", "milestones.csv", "stated_values.csv"
CHECKS = "checks.csv"
LAST_ORDER = 99_999
FIRST_YEAR, LAST_YEAR = 1949, 2200

COLUMNS = {
    ITEMS: "代码 名称 计量单位 小数位 性质 类别 最小值 最大值 口径 数据来源 采集方式 "
    "责任单位代码 排序",
    INDICATORS: "代码 组别 排序 表中序号 名称 原文单位 显示单位 原文目标 目标值 属性 类型 "
    "评定规则 比较 到期年 方法 倍率 显示小数位 增速口径 零比零不适用 差距算法 条款定位 口径 "
    "口径属解释 待核事项 责任单位代码 分管领导",
    TERMS: "指标代码 部位 数据项代码 系数 滞后年数 排序",
    BANDS: "指标代码 规模下限 最低数量",
    MILESTONES: "指标代码 年度 年度目标 依据",
    STATED: "定位 代码 年度 数值 说明",
    CHECKS: "数据项代码 规则 对照数据项 界限 起比数 级别 补充说明",
}
KEYS = {
    ITEMS: ["代码"],
    INDICATORS: ["代码"],
    TERMS: ["指标代码", "排序"],
    BANDS: ["指标代码", "规模下限"],
    MILESTONES: ["指标代码", "年度"],
    STATED: ["代码", "年度"],
    CHECKS: ["数据项代码", "规则", "对照数据项"],
}
# What a folder without checks.csv is held to: half as much again as last year asks for a note.
DEFAULT_CHECKS = [{"规则": "与上年跳变", "界限": "50", "起比数": "20", "级别": "提醒"}]
RULES = {kind.label: kind for kind in CheckKind if kind in CheckKinds.ROWS}
GAP_RULES = {
    "按指标单位": GapRule.VALUE,
    "补足分子": GapRule.NUMERATOR,
    "分子分母同增": GapRule.BOTH,
}


def read_sheets(folder: Path, faults: list[str]) -> Sheets:
    def rows(name: str) -> Sequence[Row]:
        found = read_table(folder, name, COLUMNS[name].split(), faults)
        return list(unique(found, *KEYS[name]).values())

    return Sheets(
        items={item.code: item for item in map(_item, rows(ITEMS))},
        indicators={one.code: one for one in map(_indicator, rows(INDICATORS))},
        terms=[_term(row) for row in rows(TERMS)],
        bands=[_band(row) for row in rows(BANDS)],
        milestones=[_milestone(row) for row in rows(MILESTONES)],
        stated=[_stated(row) for row in rows(STATED)],
        checks=[_check(row) for row in _check_rows(folder, faults)],
    )


def _check_rows(folder: Path, faults: list[str]) -> Sequence[Row]:
    """An empty table means no rules; no table means the usual ones."""
    if not (folder / CHECKS).is_file():
        return [Row(CHECKS, 0, cells, faults) for cells in DEFAULT_CHECKS]
    found = read_table(folder, CHECKS, COLUMNS[CHECKS].split(), faults)
    return list(unique(found, *KEYS[CHECKS]).values())


def _item(row: Row) -> ItemRow:
    values = {
        "name": row.text("名称", max_length=120),
        "measure": row.text("计量单位", required=False, max_length=20),
        "decimals": row.integer("小数位", minimum=0, maximum=6),
        "nature": row.choice("性质", _words(Nature)),
        "kind": row.choice("类别", _words(ItemKind)),
        "minimum": _amount(row, "最小值", required=False),
        "maximum": _amount(row, "最大值", required=False),
        "definition": row.text("口径", required=False),
        "source": row.text("数据来源", required=False, max_length=120),
        "collection": row.choice("采集方式", _words(Collection)),
        "order": row.integer("排序", minimum=0, maximum=LAST_ORDER),
    }
    return ItemRow(row, row.text("代码", max_length=20), values, row.text("责任单位代码"))


def _indicator(row: Row) -> IndicatorRow:
    definition = {"text": row.text("口径"), "is_interpretation": row.flag("口径属解释")}
    return IndicatorRow(
        row,
        row.text("代码", max_length=20 - len(RATE_PREFIX)),
        {**_as_printed(row), **_as_judged(row), **_as_counted(row)},
        target=_amount(row, "目标值", required=False),
        locator=row.text("条款定位"),
        definition=definition,
        unit_code=row.text("责任单位代码"),
        supervisor=row.text("分管领导", required=False, max_length=60),
    )


def _as_printed(row: Row) -> dict[str, Any]:
    return {
        "group": row.choice("组别", _words(Group)),
        "order": row.integer("排序", minimum=0, maximum=LAST_ORDER),
        "row_no": row.integer("表中序号", minimum=1, maximum=9999, required=False),
        "name": row.text("名称", max_length=110),
        "printed_unit": row.text("原文单位", required=False, max_length=20),
        "display_unit": row.text("显示单位", required=False, max_length=20),
        "printed_target": row.text("原文目标", max_length=120),
        "to_verify": row.text("待核事项", required=False, max_length=200),
    }


def _as_judged(row: Row) -> dict[str, Any]:
    return {
        "attribute": row.choice("属性", _words(Attribute), required=False) or "",
        "kind": row.choice("类型", _words(IndicatorKind)),
        "verdict": row.choice("评定规则", _words(VerdictRule)),
        "comparator": row.choice("比较", _words(Comparison)),
        "due_year": row.integer("到期年", minimum=FIRST_YEAR, maximum=LAST_YEAR),
        "gap_rule": row.choice("差距算法", GAP_RULES),
    }


def _as_counted(row: Row) -> dict[str, Any]:
    basis = row.choice("增速口径", _words(GrowthBasis), required=False)
    scale = _amount(row, "倍率", required=False)
    return {
        "method": row.choice("方法", _words(Method)),
        "scale": Decimal(1) if scale is None else scale,
        "decimals": row.integer("显示小数位", minimum=0, maximum=6),
        "growth_basis": basis or GrowthBasis.YEARLY,
        "zero_over_zero": row.flag("零比零不适用"),
    }


def _term(row: Row) -> TermRow:
    return TermRow(
        row,
        row.text("指标代码"),
        row.choice("部位", _words(TermRole)),
        row.text("数据项代码", required=False),
        factor=_amount(row, "系数"),
        lag=row.integer("滞后年数", minimum=0, maximum=10),
        order=row.integer("排序", minimum=0, maximum=999),
    )


def _band(row: Row) -> BandRow:
    sizes = [_amount(row, column, minimum=0) for column in ("规模下限", "最低数量")]
    return BandRow(row, row.text("指标代码"), *sizes)


def _milestone(row: Row) -> MilestoneRow:
    basis = row.text("依据", required=False, max_length=200)
    return MilestoneRow(row, row.text("指标代码"), _year(row), _amount(row, "年度目标"), basis)


def _stated(row: Row) -> StatedRow:
    note = row.text("说明", required=False, max_length=200)
    return StatedRow(
        row, row.text("定位"), row.text("代码"), _year(row), _amount(row, "数值"), note
    )


def _check(row: Row) -> CheckRow:
    values = {
        "threshold": _amount(row, "界限", minimum=0, required=False),
        "floor": _amount(row, "起比数", minimum=0, required=False),
        "severity": row.choice("级别", _words(Severity)),
        "message": row.text("补充说明", required=False, max_length=120),
    }
    item, other = (row.text(name, required=False) for name in ("数据项代码", "对照数据项"))
    return CheckRow(row, item, row.choice("规则", RULES), other, values)


def _year(row: Row) -> int | None:
    return row.integer("年度", minimum=FIRST_YEAR, maximum=LAST_YEAR)


def _amount(
    row: Row, column: str, *, minimum: Decimal | int = -LARGEST, required: bool = True
) -> Decimal | None:
    return row.decimal(
        column, minimum=minimum, maximum=LARGEST, digits=18, places=6, required=required
    )


def _words(choices: type[Enum]) -> dict[str, Any]:
    return {str(choice.label): choice for choice in choices}
