"""Loads the document part of a plan folder: plan.csv, chapters.csv, sections.csv, boxes.csv,
clauses.csv and numbers.csv.

Called by `programs/loading.py` inside its transaction. A faulty row adds its sentence to the
faults and is left out; the caller rolls everything back, so that all faults of a folder can be
told at once. Loading the same folder again saves nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.validators import validate_slug
from django.db import models

from organization.models import Unit, UnitKind
from organization.records import store
from plans.models import Box, Chapter, Clause, ClauseKind, Plan, Section, StatedNumber
from plans.numerals import read_numeral
from plans.tables import Row, read_settings, read_table, unique

FIRST_YEAR, LAST_YEAR = 1949, 2200
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
IN_WORDS, COUNT = "[一二三四五六七八九十]+", "[1-9][0-9]{0,3}"
PARAGRAPH = re.compile(f"(?:前言|第({IN_WORDS})章(?:第({IN_WORDS})节)?) 第{COUNT}段")
BOX_ITEM = re.compile(f"专栏({COUNT}) 第{COUNT}条")
TABLE_ROW = re.compile(f"表{COUNT} 第{COUNT}行")


def load_plan_row(folder: Path, units: dict[str, Unit], faults: list[str]) -> Plan | None:
    """The plan of plan.csv; None (and a fault) when it cannot be loaded."""
    row = read_settings(folder, "plan.csv", PLAN_SETTINGS, PLAN_OPTIONS, faults)
    if row is None:
        return None
    code, values = row.text("规划代码", max_length=40), _plan_values(row)
    values["bureau"] = _bureau(row, units)
    _check_code(row, code)
    _check_order(row, values)
    return store(Plan.objects, {"code": code}, values) if row.sound else None


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
    if code and (bureau is None or bureau.kind != UnitKind.BUREAU):
        row.fault("单位代码", f"应为 units.csv 中类型为“局”的单位代码，现为“{code}”。")
    return bureau


def _check_code(row: Row, code: str) -> None:
    if code and not re.fullmatch(validate_slug.regex, code):
        row.fault("规划代码", f"只能用英文字母、数字和“-”，现为“{code}”。")


def _check_order(row: Row, values: dict[str, Any]) -> None:
    years = [values[name] for name in ("base_year", "start_year", "end_year")]
    if None not in years and not years[0] < years[1] <= years[2]:
        row.fault("起始年", "年份应为：基期年 < 起始年 ≤ 末年，请改正。")
    if not values["slight_from"] <= values["on_pace_from"] <= values["fast_from"]:
        row.fault("符合序时界限", "三个界限应为：略有滞后 ≤ 符合序时 ≤ 快于序时，请改正。")


@dataclass
class LoadedText:
    """What the folder says the plan consists of; `remove_gone` removes everything else."""

    plan: Plan
    faults: list[str]
    chapters: dict[int, Chapter] = field(default_factory=dict)
    sections: dict[tuple[int, int], Section] = field(default_factory=dict)
    boxes: dict[int, Box] = field(default_factory=dict)
    clauses: dict[str, Clause] = field(default_factory=dict)
    numbers: list[StatedNumber] = field(default_factory=list)


def load_text(folder: Path, plan: Plan, faults: list[str]) -> LoadedText:
    """Chapters, sections, boxes, clauses and their numbers, each after what it belongs to."""
    text = LoadedText(plan, faults)
    for row in _rows(folder, "chapters.csv", ["章号", "标题"], ["章号"], faults):
        _load_chapter(row, text)
    for row in _rows(folder, "sections.csv", ["章号", "节号", "标题"], ["章号", "节号"], faults):
        _load_section(row, text)
    columns = ["专栏号", "章号", "节号", "标题"]
    for row in _rows(folder, "boxes.csv", columns, ["专栏号"], faults, required_file=False):
        _load_box(row, text)
    _load_clauses(folder, text)
    _load_numbers(folder, text)
    return text


def remove_gone(text: LoadedText) -> None:
    """Removes what the folder has no more. Called last: until the indicators are loaded, they
    may still point at a clause that has gone."""
    plan = text.plan
    for rows, kept in (
        (StatedNumber.objects.filter(clause__plan=plan), text.numbers),
        (plan.clauses.all(), text.clauses.values()),
        (Box.objects.filter(section__chapter__plan=plan), text.boxes.values()),
        (Section.objects.filter(chapter__plan=plan), text.sections.values()),
        (plan.chapters.all(), text.chapters.values()),
    ):
        _remove(rows, kept, text.faults)


def _remove(rows: models.QuerySet, kept: Iterable[models.Model], faults: list[str]) -> None:
    try:
        rows.exclude(pk__in=[row.pk for row in kept]).delete()
    except models.ProtectedError as error:
        users = "、".join(sorted(str(user) for user in error.protected_objects))
        faults.append(f"文件夹中已删去的章节或条款还被引用，请先改正引用它的内容：{users}。")


def _rows(
    folder: Path,
    name: str,
    columns: list[str],
    key: list[str],
    faults: list[str],
    *,
    optional: tuple[str, ...] = (),
    required_file: bool = True,
) -> list[Row]:
    rows = read_table(folder, name, columns, faults, optional=optional, required_file=required_file)
    return list(unique(rows, *key).values())


def _load_chapter(row: Row, text: LoadedText) -> None:
    number = row.integer("章号", minimum=1, maximum=99)
    values = {"title": row.text("标题", max_length=60)}
    if row.sound and number:
        text.chapters[number] = store(text.plan.chapters, {"number": number}, values)


def _load_section(row: Row, text: LoadedText) -> None:
    chapter, number = _number(row, "章号"), _number(row, "节号")
    values = {"title": row.text("标题", max_length=60)}
    if row.sound and chapter not in text.chapters:
        row.fault("章号", f"chapters.csv 中没有第 {chapter} 章，请补上或改正。")
    if row.sound:
        sections = text.chapters[chapter].sections
        text.sections[chapter, number] = store(sections, {"number": number}, values)


def _number(row: Row, column: str) -> int:
    return row.integer(column, minimum=1, maximum=99) or 0


def _load_box(row: Row, text: LoadedText) -> None:
    number, place = _number(row, "专栏号"), (_number(row, "章号"), _number(row, "节号"))
    values = {"title": row.text("标题", max_length=60)}
    if row.sound and place not in text.sections:
        row.fault("节号", f"sections.csv 中没有第 {place[0]} 章第 {place[1]} 节，请补上或改正。")
    if row.sound:
        values["section"] = text.sections[place]
        boxes = Box.objects.filter(section__chapter__plan=text.plan)
        text.boxes[number] = store(boxes, {"number": number}, values)


def _load_clauses(folder: Path, text: LoadedText) -> None:
    columns, optional = ["定位", "概要", "句数"], ("不设任务的理由",)
    section: Section | None = None
    rows = _rows(folder, "clauses.csv", columns, ["定位"], text.faults, optional=optional)
    for order, row in enumerate(rows, start=1):
        clause = _load_clause(row, order, section, text)
        section = clause.section if clause else section


def _load_clause(row: Row, order: int, section: Section | None, text: LoadedText) -> Clause | None:
    """A table row belongs to the section of the clause before it: its locator names none."""
    locator = row.text("定位", max_length=60)
    values = {
        **_place(row, locator, section, text),
        "order": order,
        "summary": row.text("概要", max_length=300),
        "sentences": row.integer("句数", minimum=0, maximum=1000),
        "reason": row.text("不设任务的理由", required=False, max_length=200),
    }
    if not row.sound:
        return None
    text.clauses[locator] = store(text.plan.clauses, {"locator": locator}, values)
    return text.clauses[locator]


def _place(row: Row, locator: str, section: Section | None, text: LoadedText) -> dict[str, Any]:
    if found := PARAGRAPH.fullmatch(locator):
        own = _section(row, found, text)
        return {"kind": ClauseKind.PARAGRAPH, "section": own, "box": None}
    if found := BOX_ITEM.fullmatch(locator):
        box = _box(row, int(found[1]), text)
        own = box.section if box else None
        return {"kind": ClauseKind.BOX_ITEM, "section": own, "box": box}
    if locator and not TABLE_ROW.fullmatch(locator):
        forms = "“第四章第一节 第3段”“前言 第1段”“专栏3 第2条”“表1 第8行”"
        row.fault("定位", f"应写成{forms}中的一种，现为“{locator}”。")
    return {"kind": ClauseKind.TABLE_ROW, "section": section, "box": None}


def _section(row: Row, found: re.Match[str], text: LoadedText) -> Section | None:
    """None for the preamble and for a paragraph of a chapter before its first section."""
    chapter, number = (_read(words) for words in found.groups())
    if chapter is None:
        return None
    section = text.sections.get((chapter, number)) if number else None
    if chapter not in text.chapters or (number is not None and section is None):
        row.fault("定位", "chapters.csv 或 sections.csv 中没有这一章、节，请补上或改正。")
    return section


def _read(words: str | None) -> int | None:
    try:
        return read_numeral(words) if words else None
    except ValueError:
        return 0


def _box(row: Row, number: int, text: LoadedText) -> Box | None:
    if number not in text.boxes:
        row.fault("定位", f"boxes.csv 中没有专栏{number}，请补上或改正。")
    return text.boxes.get(number)


def _load_numbers(folder: Path, text: LoadedText) -> None:
    columns = ["定位", "序", "原文数字", "由何体现", "不单列的理由"]
    for row in _rows(
        folder, "numbers.csv", columns, ["定位", "序"], text.faults, required_file=False
    ):
        _load_number(row, text)


def _load_number(row: Row, text: LoadedText) -> None:
    locator, order = row.text("定位"), row.integer("序", minimum=1, maximum=1000)
    values = {
        "printed": row.text("原文数字", max_length=30),
        "represented_by": row.text("由何体现", required=False, max_length=120),
        "reason": row.text("不单列的理由", required=False, max_length=200),
    }
    if not values["represented_by"] and not values["reason"]:
        row.fault(None, "“由何体现”和“不单列的理由”至少填一项。")
    if row.sound and locator not in text.clauses:
        row.fault("定位", f"clauses.csv 中没有“{locator}”，请补上或改正。")
    if row.sound:
        numbers = text.clauses[locator].numbers
        text.numbers.append(store(numbers, {"order": order}, values))
