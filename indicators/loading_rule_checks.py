"""What must be true of one row of checks.csv (see `loading_checks.py`)."""

from collections.abc import Mapping

from indicators.loading_sheets import CheckRow, ItemRow
from indicators.models import ByTownship, CheckKind, CheckKinds, ItemKind

Items = Mapping[str, ItemRow]


def check_rule(check: CheckRow, items: Items) -> None:
    """Adds a sentence for everything that the rule says and should not, or should and does not."""
    _check_items(check, items)
    _check_limit(check)
    _check_floor(check)
    if check.row.sound:
        _check_kinds(check, items)


def _check_items(check: CheckRow, items: Items) -> None:
    for column, code in (("数据项代码", check.item), ("对照数据项", check.other)):
        if code and code not in items:
            check.row.fault(column, f"items.csv 中没有“{code}”，请补上或改正。")
    needed, label = check.kind in CheckKinds.OF_TWO, _label(check)
    if not check.item and (needed or check.other):
        check.row.fault("数据项代码", f"规则“{label}”对照两个数据项，请填写。")
    if not check.other and needed:
        check.row.fault("对照数据项", f"规则“{label}”要与另一个数据项对照，请填写。")
    if check.other and check.kind not in CheckKinds.OF_ONE_OR_TWO:
        check.row.fault("对照数据项", f"规则“{label}”只看一个数据项，请清空。")
    if check.other and check.other == check.item:
        check.row.fault("对照数据项", "与数据项相同，请换一个。")


def _check_limit(check: CheckRow) -> None:
    used, limit = check.kind in CheckKinds.WITH_LIMIT, check.values["threshold"]
    if used and not limit:
        check.row.fault("界限", f"规则“{_label(check)}”要填大于 0 的界限，例如 50 表示 50%。")
    if not used and limit is not None:
        check.row.fault("界限", f"规则“{_label(check)}”不用界限，请清空。")


def _check_floor(check: CheckRow) -> None:
    if check.values["floor"] is not None and check.kind not in CheckKinds.WITH_FLOOR:
        check.row.fault("起比数", f"规则“{_label(check)}”不用起比数，请清空。")


def _check_kinds(check: CheckRow, items: Items) -> None:
    """Which items fit; only asked of rows whose items are there."""
    named = [("数据项代码", check.item), ("对照数据项", check.other)]
    found = [(column, items[code]) for column, code in named if code and items[code].row.sound]
    for column, item in found:
        if check.kind in CheckKinds.OF_NUMBERS and item.values["kind"] == ItemKind.YESNO:
            check.row.fault(column, f"“{item.code}”是“是否”类数据项，不比较大小，请换一个。")
        by_township = item.values["collection"] in ByTownship.ALL
        if check.kind == CheckKind.TOTAL and by_township != (column == "数据项代码"):
            wanted = "由股室填报" if by_township else "逐乡镇填报"
            check.row.fault(column, f"“{item.code}”应{wanted}，请换一个或改正采集方式。")


def _label(check: CheckRow) -> str:
    return str(check.kind.label) if check.kind else ""
