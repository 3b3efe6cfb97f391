"""Compares the rows of a document's indicator table with the indicators loaded, and says which
of the things that numbers are said to be represented by do not exist."""

import re
from collections.abc import Container, Iterator

from indicators.models import DataItem, Group, Indicator
from plans.models import Plan, StatedNumber
from plans.numerals import normal, same
from plans.text import Document, DocumentClause

# A row of the table: what the head of the column says, and the indicator's words for it.
COLUMNS = ("指标", "单位", "目标", "属性")
SEPARATOR = "、"
WORDS = {Group.TABLE: "指标", Group.COMMITMENT: "正文目标"}


def table_differences(document: Document, plan: Plan) -> list[str]:
    """One sentence for every cell that differs, every row without indicator and the reverse."""
    number = _table_number(document, plan)
    found = {clause.locator: clause for clause in document.clauses if clause.cells}
    indicators = plan.indicators.filter(group=Group.TABLE, row_no__isnull=False)
    loaded = {f"表{number} 第{indicator.row_no}行": indicator for indicator in indicators}
    rows = {key: row for key, row in found.items() if key.startswith(f"表{number} ")}
    return [
        *_head_year(number, rows, plan),
        *(says for key in dict.fromkeys([*rows, *loaded]) for says in _row(key, rows, loaded)),
    ]


def unknown_representations(plan: Plan, known: Container[str]) -> list[str]:
    """Numbers that name something that is not loaded; `known` are the names of all that is."""
    numbers = StatedNumber.objects.filter(clause__plan=plan).exclude(represented_by="")
    return [
        f"{number.clause.locator}：数字“{number.printed}”写由“{name}”体现，规划数据中没有它，请改正。"
        for number in numbers.select_related("clause").order_by("clause__order", "order")
        for name in number.represented_by.split(SEPARATOR)
        if name not in known
    ]


def known_names(plan: Plan) -> set[str]:
    """“指标 8”, “正文目标 C01”, “数据项 D02”: the numbers of ours that can represent a number."""
    items = DataItem.objects.filter(plan=plan).values_list("code", flat=True)
    return {address(one) for one in Indicator.objects.filter(plan=plan)} | {
        f"数据项 {code}" for code in items
    }


def address(indicator: Indicator) -> str:
    """What numbers.csv and lists call it: “指标 8”, “正文目标 C01”."""
    return f"{WORDS[Group(indicator.group)]} {indicator.code}"


def _table_number(document: Document, plan: Plan) -> int:
    """The table with the title that the plan gives for it, else the first one."""
    for number, title in document.tables.items():
        if same(title, plan.table_title):
            return number
    return min(document.tables, default=1)


def _head_year(number: int, rows: dict[str, DocumentClause], plan: Plan) -> Iterator[str]:
    """“2025年目标值”: a year in the heads must be the plan's last."""
    heads = next((row.cells for row in rows.values() if row.cells), {})
    for head in heads:
        if any(year != str(plan.end_year) for year in re.findall(r"\d{4}", normal(head))):
            yield f"表{number}：列名“{head}”与载入的末年 {plan.end_year} 不一致。"


def _row(key: str, rows: dict[str, DocumentClause], loaded: dict[str, Indicator]) -> Iterator[str]:
    if key not in rows:
        yield f"{key}：指标“{loaded[key].name}”在文件的指标表中没有。"
    elif key not in loaded:
        yield f"{key}：文件的指标表中有这一行，没有对应的指标。"
    else:
        yield from _cells(key, rows[key].cells or {}, loaded[key])


def _cells(key: str, cells: dict[str, str], indicator: Indicator) -> Iterator[str]:
    attribute = indicator.get_attribute_display() if indicator.attribute else ""
    printed = (indicator.name, indicator.printed_unit, indicator.printed_target, attribute)
    for word, ours in zip(COLUMNS, printed, strict=True):
        head = next((head for head in cells if word in head), None)
        theirs = cells[head] if head else ""
        if not same(theirs, ours):
            yield f"{key}：“{head or word}”载入的是“{ours}”，文件中是“{theirs}”。"
