"""Loads plan.csv: the plan itself, its years and the thresholds of its progress."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.validators import validate_slug

from organization.models import Unit, UnitKind
from organization.records import store
from plans.models import Plan
from plans.tables import Row, read_settings

FIRST_YEAR, LAST_YEAR = 1949, 2200
ANY_YEARS = {"base_year": FIRST_YEAR, "start_year": FIRST_YEAR + 1, "end_year": LAST_YEAR}
STAND_IN = "plan-with-faults"
PLAN_FILE = "plan.csv"
PLAN_SETTINGS = ["规划代码", "规划名称", "简称", "单位代码", "基期年", "起始年", "末年"]
PLAN_OPTIONS = [
    "发文字号",
    "发布日期",
    "印发机关",
    "评估年度",
    "指标表标题",
    "快于序时界限",
    "符合序时界限",
    "略有滞后界限",
]


def read_plan_code(folder: Path) -> str:
    """The code in plan.csv, "" when there is none; faults are told when the plan is loaded."""
    row = read_settings(folder, PLAN_FILE, PLAN_SETTINGS, PLAN_OPTIONS, [])
    return row.text("规划代码", required=False) if row else ""


def load_plan_row(folder: Path, units: dict[str, Unit], faults: list[str]) -> Plan:
    """The plan of plan.csv; when it has a fault, a stand-in for the caller to roll back, so that
    the faults of the other tables can be found all the same."""
    row = read_settings(folder, PLAN_FILE, PLAN_SETTINGS, PLAN_OPTIONS, faults)
    if row is None:
        return _stand_in({})
    code, values = row.text("规划代码", max_length=40), _plan_values(row)
    values["bureau"] = _bureau(row, units)
    _check_code(row, code, values["bureau"])
    _check_order(row, values)
    if not row.sound or values["bureau"] is None:
        return _stand_in(values)
    return store(Plan.objects, {"code": code}, values)


def _stand_in(values: dict[str, Any]) -> Plan:
    years = {name: values.get(name) for name in ANY_YEARS}
    if not _in_order(list(years.values())):
        years = ANY_YEARS
    bureau = values.get("bureau") or Unit.objects.create(
        code=STAND_IN, name=STAND_IN, kind=UnitKind.BUREAU
    )
    return Plan.objects.create(code=STAND_IN, title=STAND_IN, bureau=bureau, **years)


def _plan_values(row: Row) -> dict[str, Any]:
    def year(name: str) -> int | None:
        return row.integer(name, minimum=FIRST_YEAR, maximum=LAST_YEAR)

    return {
        "title": row.text("规划名称", max_length=120),
        "short_title": row.text("简称", max_length=40),
        "document_no": row.text("发文字号", required=False, max_length=60),
        "issued_on": row.date("发布日期", required=False),
        "issuing_body": row.text("印发机关", required=False, max_length=60),
        "base_year": year("基期年"),
        "start_year": year("起始年"),
        "end_year": year("末年"),
        "evaluation_years": _years(row, "评估年度"),
        "table_title": row.text("指标表标题", required=False, max_length=120),
        "fast_from": _threshold(row, "快于序时界限", "1.05"),
        "on_pace_from": _threshold(row, "符合序时界限", "0.95"),
        "slight_from": _threshold(row, "略有滞后界限", "0.60"),
    }


def _years(row: Row, name: str) -> list[int]:
    """“2023、2025” → [2023, 2025]."""
    words = [word for word in re.split(r"[、,，;；\s]+", row.text(name, required=False)) if word]
    wrong = [word for word in words if not re.fullmatch(r"[0-9]{4}", word)]
    if wrong:
        row.fault(name, f"应为用顿号分开的年份，例如“2023、2025”，现有“{wrong[0]}”。")
        return []
    return [int(word) for word in words]


def _threshold(row: Row, name: str, default: str) -> Decimal:
    given = row.decimal(name, minimum=0, maximum=100, digits=6, places=3, required=False)
    return Decimal(default) if given is None else given


def _bureau(row: Row, units: dict[str, Unit]) -> Unit | None:
    code = row.text("单位代码")
    bureau = units.get(code)
    told = not units and row.faults  # the units themselves could not be loaded
    if code and not told and (bureau is None or bureau.kind != UnitKind.BUREAU):
        row.fault("单位代码", f"应为 units.csv 中类型为“局”的单位代码，现为“{code}”。")
    return bureau


def _check_code(row: Row, code: str, bureau: Unit | None) -> None:
    if code and not re.fullmatch(validate_slug.regex, code):
        row.fault("规划代码", f"只能用英文字母、数字和“-”，现为“{code}”。")
    known = Plan.objects.filter(code=code).select_related("bureau").first()
    if known and bureau and known.bureau != bureau:
        row.fault("规划代码", f"“{code}”在系统中已是“{known.bureau}”的规划，请换一个代码。")


def _check_order(row: Row, values: dict[str, Any]) -> None:
    years = [values[name] for name in ANY_YEARS]
    if None not in years and not _in_order(years):
        row.fault("起始年", "年份应为：基期年 < 起始年 ≤ 末年，请改正。")
    if not values["slight_from"] <= values["on_pace_from"] <= values["fast_from"]:
        row.fault("符合序时界限", "三个界限应为：略有滞后 ≤ 符合序时 ≤ 快于序时，请改正。")


def _in_order(years: list[int | None]) -> bool:
    return None not in years and years[0] < years[1] <= years[2]
