"""What must be true within one row of items.csv or indicators.csv (see `loading_checks.py`)."""

from indicators.loading_sheets import IndicatorRow, ItemRow
from indicators.models import GapRule, Group, IndicatorKind, ItemKind, Method
from indicators.progress import Comparator

WITH_SCALE = (Method.RATIO, Method.BAND)


def check_bounds(item: ItemRow) -> None:
    minimum, maximum = item.values["minimum"], item.values["maximum"]
    if item.values["kind"] == ItemKind.YESNO and (minimum, maximum) != (0, 1):
        item.row.fault("最大值", "类别为“是否”的，最小值应为 0、最大值应为 1。")
    elif minimum is not None and maximum is not None and minimum > maximum:
        item.row.fault("最大值", f"应不小于最小值 {minimum:f}，现为 {maximum:f}。")


def check_group(one: IndicatorRow) -> None:
    in_table, number = one.values["group"] == Group.TABLE, one.values["row_no"]
    if in_table and not number:
        one.row.fault("表中序号", "主要指标必须填表中序号。")
    if in_table and not one.values["attribute"]:
        one.row.fault("属性", "主要指标必须填约束性或预期性。")
    if not in_table and number:
        one.row.fault("表中序号", "正文量化目标不在表中，请清空。")


def check_target(one: IndicatorRow) -> None:
    kind, method = one.values["kind"], one.values["method"]
    if kind == IndicatorKind.BAR and method != Method.GROWTH:
        one.row.fault("方法", f"动态参照的指标只能是增速，现为{method.label}。")
    if kind == IndicatorKind.BAR and one.target is not None:
        one.row.fault("目标值", "动态参照的指标没有固定目标值，请清空。")
    if kind != IndicatorKind.BAR and one.target is None:
        one.row.fault("目标值", f"{kind.label}的指标必须填目标值。")


def check_method(one: IndicatorRow) -> None:
    method, scale = one.values["method"], one.values["scale"]
    if scale <= 0:
        one.row.fault("倍率", "应大于 0，例如百分比填 100。")
    if scale != 1 and method not in WITH_SCALE:
        one.row.fault("倍率", "只有比率和分档达标用倍率，请清空。")
    if one.row.text("增速口径", required=False) and method != Method.GROWTH:
        one.row.fault("增速口径", "只有增速指标填增速口径，请清空。")
    if one.values["zero_over_zero"] and method != Method.RATIO:
        one.row.fault("零比零不适用", "只有比率指标可以填“是”。")
    if method == Method.BAND and not higher_is_better(one):
        one.row.fault("比较", "分档达标指标越高越好，只能填不低于或高于。")


def check_gap(one: IndicatorRow) -> None:
    rule, method = one.values["gap_rule"], one.values["method"]
    if rule == GapRule.NUMERATOR and method not in WITH_SCALE:
        one.row.fault("差距算法", "“补足分子”只用于比率和分档达标，请改为“按指标单位”。")
    if rule == GapRule.BOTH and (method != Method.RATIO or not higher_is_better(one)):
        one.row.fault("差距算法", "“分子分母同增”只用于越高越好的比率，请改正。")


def higher_is_better(one: IndicatorRow) -> bool:
    return Comparator(one.values["comparator"]).higher_is_better
