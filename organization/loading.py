"""Loads the units of a plan folder (units.csv) into `Unit`.

The rows are handed in by `programs/loading.py`; how a table is read is no business of this app."""

from collections.abc import Sequence
from typing import Any, Protocol

from organization.models import Unit, UnitKind
from organization.records import store

FILE = "units.csv"
COLUMNS = [
    "单位代码",
    "名称",
    "类型",
    "所属局代码",
    "排序",
    "生效年",
    "最后有效年",
    "继任单位代码",
    "依据文件",
    "分管领导",
    "待确认",
]
KINDS = {str(kind.label): kind for kind in UnitKind}
FIRST_YEAR, LAST_YEAR = 1949, 2200


class UnitRow(Protocol):
    """A row of units.csv: typed cells, and `fault` to say what is wrong with it."""

    line: int
    sound: bool

    def text(self, column: str, *, required: bool = ..., max_length: int | None = ...) -> str: ...
    def integer(
        self,
        column: str,
        *,
        minimum: int | None = ...,
        maximum: int | None = ...,
        required: bool = ...,
    ) -> int | None: ...
    def flag(self, column: str) -> bool: ...
    def choice(self, column: str, values: Any, *, required: bool = ...) -> Any: ...
    def fault(self, column: str | None, says: str) -> None: ...


def load_units(rows: Sequence[UnitRow]) -> dict[str, Unit]:
    """The units by code; a row with a fault is left out, after the fault has been added.

    Units that are not in the file stay as they are: old years and other plans may need them."""
    head = _bureau_row(rows)
    bureau = _load_unit(head, None) if head else None
    units = {bureau.code: bureau} if bureau else {}
    for row in rows:
        if row is not head and _is_below(row, head):
            unit = _load_unit(row, bureau)
            units |= {unit.code: unit} if unit else {}
    for row in rows:
        _load_successor(row, units, rows)
    return units


def _bureau_row(rows: Sequence[UnitRow]) -> UnitRow | None:
    """The one row of the bureau itself."""
    heads = [row for row in rows if row.text("类型", required=False) == UnitKind.BUREAU.label]
    for row in heads[1:]:
        row.fault("类型", "一个规划文件夹只能有一个局，请删去或改为股室、乡镇。")
    if rows and not heads:
        rows[0].fault("类型", "文件中没有类型为“局”的一行，请补上局本级。")
    return heads[0] if heads else None


def _is_below(row: UnitRow, head: UnitRow | None) -> bool:
    """A row without its bureau is no fault of its own when the bureau's row is missing."""
    code = row.text("所属局代码", required=False)
    expected = head.text("单位代码", required=False) if head else ""
    if row.sound and head and code != expected:
        row.fault("所属局代码", f"应为“{expected}”，现为“{code}”。")
    return row.sound


def _load_unit(row: UnitRow, bureau: Unit | None) -> Unit | None:
    """A row whose code and place are clear is kept although something else is wrong with it, so
    that what names the unit is not reported as well; the caller rolls back anyway."""
    code, kind = row.text("单位代码", max_length=32), row.choice("类型", KINDS)
    below = kind != UnitKind.BUREAU
    if not below and row.text("所属局代码", required=False):
        row.fault("所属局代码", "局本级不填所属局，请清空。")
    if not row.sound or (below and bureau is None) or _belongs_to_another(row, code, bureau):
        return None
    values = _values(row)
    kept = values if row.sound else {"name": code}
    return store(Unit.objects, {"code": code}, {**kept, "kind": kind, "bureau": bureau})


def _values(row: UnitRow) -> dict[str, Any]:
    def year(column: str, minimum: int) -> int | None:
        return row.integer(column, minimum=minimum, maximum=LAST_YEAR, required=False)

    begins = year("生效年", FIRST_YEAR) or FIRST_YEAR
    return {
        "name": row.text("名称", max_length=60),
        "order": row.integer("排序", minimum=0, maximum=100_000, required=False) or row.line,
        "valid_from": begins,
        "valid_until": year("最后有效年", begins),
        "basis_document": row.text("依据文件", required=False, max_length=200),
        "supervisor": row.text("分管领导", required=False, max_length=60),
        "is_assumption": row.flag("待确认"),
    }


def _belongs_to_another(row: UnitRow, code: str, bureau: Unit | None) -> bool:
    """Two counties in one system must not overwrite each other's units."""
    known = Unit.objects.filter(code=code).select_related("bureau").first()
    if known is None or (bureau and known.bureau == bureau):
        return False
    if bureau is None and known.bureau is None and known.name == row.text("名称", required=False):
        return False
    owner = known.bureau or known
    row.fault("单位代码", f"“{code}”在系统中已属于“{owner}”，请换一个代码。")
    return True


def _load_successor(row: UnitRow, units: dict[str, Unit], rows: Sequence[UnitRow]) -> None:
    own, code = (row.text(column, required=False) for column in ("单位代码", "继任单位代码"))
    if code and (code == own or code not in _codes(rows)):
        row.fault("继任单位代码", f"应为本文件中另一个单位的代码，现为“{code}”。")
    elif own in units:
        store(Unit.objects, {"pk": units[own].pk}, {"successor": units.get(code)})


def _codes(rows: Sequence[UnitRow]) -> set[str]:
    return {row.text("单位代码", required=False) for row in rows}
