"""Summaries by hand, without a database, and a small published plan with one."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

from openpyxl import Workbook, load_workbook

from indicators.models import AnnualValue, Attribute, Indicator, Layer, Round, Target
from indicators.progress import Status
from organization.models import Unit
from plans.models import Plan
from reports.summary import Number, Row, Summary, YearCell
from reports.workbook import table_workbook

SHEETS = ["表1主要指标完成情况", "正文量化目标"]


def plan(**changes: object) -> Plan:
    bureau = Unit(name="青山县民政局", kind="bureau", code="QS")
    given = {
        "code": "qs",
        "title": "青山县民政事业发展第十五个五年规划",
        "short_title": "青山民政规划",
        "bureau": bureau,
        "base_year": 2025,
        "start_year": 2026,
        "end_year": 2030,
    }
    return Plan(**{**given, **changes})


def number(text: str) -> Number:
    """`60.00`, `1,234` or `86.7%` with the value it shows."""
    shown = Decimal(text.replace(",", "").rstrip("%"))
    return Number(shown / 100 if text.endswith("%") else shown, text)


def cell(year: int, text: str = "", **changes: object) -> YearCell:
    """A year with this number; without one it is not reported."""
    given = {
        "year": year,
        "number": number(text) if text else Number(None),
        "nature": "年报数" if text else "",
        "is_historical": False,
        "status": Status.ON_PACE if text else Status.NOT_REPORTED,
        "label": "符合序时" if text else "未填报",
        "notes": () if text else (f"缺 {year} 年护理型床位数",),
    }
    given |= changes
    judged = SimpleNamespace(status=given.pop("status"), label=given.pop("label"))
    return YearCell(**given, judged=lambda: judged)


def cells(*texts: str) -> tuple[YearCell, ...]:
    return tuple(cell(2025 + i, text) for i, text in enumerate(texts))


def row(**changes: object) -> Row:
    years = changes.pop("cells", cells("40.00", "44.00", "47.50", "52.00"))
    given = {
        "code": "8",
        "row_no": 8,
        "name": "养老机构护理型床位占比",
        "unit": "%",
        "attribute": Attribute.BINDING,
        "attribute_label": Attribute.BINDING.label,
        "kind_label": "到期达到",
        "base": years[0].number,
        "cells": years,
        "current": years[-1],
        "target": number("60"),
        "target_text": "60",
        "target_is_moving": False,
        "due_year": 2030,
        "expected": number("52"),
        "deviation": number("0"),
        "deviation_text": "与序时进度持平",
        "completion": number("86.7%"),
        "goal": number("60%"),
        "time": number("60%"),
        "status": Status.ON_PACE,
        "label": "符合序时",
        "early": False,
        "gap": None,
        "gap_text": "还差 24 张（改造）或 60 张（新建）",
        "lacking": (),
        "responsible": "养老服务和儿童福利股",
        "supervisor": "分管养老服务的副局长",
        "situation": "县福利院改造护理型床位 60 张，年底前投入使用。",
        "cause": "",
        "next_step": "2029 年完成三所中心敬老院改造。",
        "to_verify": "",
    }
    return Row(**{**given, **changes})


def commitment(**changes: object) -> Row:
    given = {"code": "C01", "row_no": None, "attribute": "", "attribute_label": ""}
    return row(**{**given, "name": "不能自理特困人员集中供养率", **changes})


def summary(**changes: object) -> Summary:
    given = {
        "plan": plan(),
        "year": 2028,
        "layer": Layer.OFFICIAL,
        "as_of": date(2028, 12, 31),
        "nature": "年报数",
        "time": number("60%"),
        "sentence": "1项主要指标：快于或符合序时1项。",
        "counts": (),
        "table": (row(),),
        "commitments": (commitment(),),
        "commitment_sentence": "1项正文量化目标：快于或符合序时1项。",
    }
    return Summary(**{**given, **changes})


def made(of: Summary) -> Workbook:
    return load_workbook(BytesIO(table_workbook(of)))


# --- adversarial ----------------------------------------------------------------------------------

LONG = "受土地指标调整、上级资金下达较晚以及冬季施工条件限制，项目主体工程直到九月才完成招标；" * 12
LATIN = "https://example.invalid/" + "abcdefghij" * 12 + " WWWWMMMM@@@@%%%% 2028-12-31"


def awkward_rows(count: int = 20) -> tuple[Row, ...]:
    """Rows that fill several pages, with every kind of text that is hard to fit."""
    texts = ["短。", LONG, LATIN, "一\n二\n三\n\n五", "“引号”（括号），标点、标点；" * 9, LONG * 6]
    return tuple(
        row(
            code=str(i + 1),
            row_no=i + 1,
            name=("农村留守儿童、困境儿童关爱服务设施覆盖率" * (1 + i % 3))[: 40 + i],
            cells=cells("999,999,999,999.12", "", f"{i}.50", "1,234,567.5"),
            target_text="不低于居民上年度人均消费支出增速" * (1 + i % 2),
            situation=texts[i % len(texts)],
            cause=texts[(i + 1) % len(texts)] if i % 2 else "",
            next_step=texts[(i + 3) % len(texts)],
            status=list(Status)[i % len(Status)],
            label=list(Status)[i % len(Status)].label,
            to_verify="目标偏高，待核" if i == 2 else "",
        )
        for i in range(count)
    )


def awkward() -> Summary:
    rows = awkward_rows()
    return summary(plan=plan(is_sample=True), layer=Layer.PROVISIONAL, table=rows)


def shortest() -> Summary:
    """The base year, nothing reported, no commitments."""
    nothing = row(cells=cells(""), situation="", next_step="", gap_text="")
    return summary(year=2025, table=(nothing,), commitments=(), nature="")


def usual() -> Summary:
    """As many rows as a real plan has, the last year, each with a sentence or two."""
    years = cells("40.00", "44.00", "47.50", "52.00", "55.00", "1,234.5")
    said = {"cause": "部分乡镇改造滞后，主要受施工条件影响。", "gap_text": "还差 1.40 个百分点"}
    rows = tuple(row(code=str(i), row_no=i, cells=years, **said) for i in range(1, 16))
    text = tuple(commitment(code=f"C{i:02}", cells=years, **said) for i in range(1, 19))
    return summary(year=2030, table=rows, commitments=text)


# --- through the tables ---------------------------------------------------------------------------


def stored_plan(code: str = "qs", bureau: Unit | None = None, **changes: object) -> Plan:
    """A plan with one indicator in each group and a target each, nothing reported yet."""
    bureau = bureau or Unit.objects.create(name="青山县民政局", kind="bureau", code="QS")
    given = {"bureau": bureau, "base_year": 2025, "start_year": 2026, "end_year": 2030}
    names = {"title": "青山县民政规划", "short_title": "青山民政规划"}
    made = Plan.objects.create(code=code, **{**given, **names, **changes})
    indicator(made, "1", "table1", row_no=1, attribute=Attribute.BINDING)
    indicator(made, "C01", "commitment")
    return made


def indicator(plan: Plan, code: str, group: str, **changes: object) -> Indicator:
    made = Indicator.objects.create(
        plan=plan,
        code=code,
        group=group,
        order=Indicator.objects.count(),
        name=f"指标{code}",
        display_unit="%",
        printed_target="60",
        kind="reach",
        verdict="due",
        due_year=plan.end_year,
        method="direct",
        **changes,
    )
    Target.objects.create(
        indicator=made, value=60, printed="60", effective_year=plan.base_year, is_original=True
    )
    return made


def give(plan: Plan, year: int, value: str, layer: str = Layer.OFFICIAL) -> None:
    """The value of every indicator in that year, from a round published or not."""
    is_official = layer == Layer.OFFICIAL
    Round.objects.get_or_create(
        plan=plan,
        year=year,
        name="年报" if is_official else "快报",
        nature="annual" if is_official else "flash",
        as_of=date(year, 12, 31),
        published_at=datetime(year + 1, 2, 1, tzinfo=UTC) if is_official else None,
    )
    for indicator in Indicator.objects.filter(plan=plan):
        AnnualValue.objects.create(
            indicator=indicator,
            year=year,
            layer=layer,
            state="value",
            value=Decimal(value),
            nature="annual" if is_official else "flash",
            as_of=date(year, 12, 31),
        )
