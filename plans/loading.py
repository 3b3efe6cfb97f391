"""Loads the text of a plan folder: chapters.csv, sections.csv, boxes.csv, clauses.csv and
numbers.csv (plan.csv is loaded before, by `loading_plan.py`).

Called by `programs/loading.py` inside its transaction. A faulty row adds its sentence to the
faults and is left out; the caller rolls everything back, so that all faults of a folder can be
told at once. Loading the same folder again saves nothing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models

from organization.records import store
from plans.models import Box, Chapter, Clause, ClauseKind, Plan, Section, StatedNumber
from plans.numerals import read_numeral
from plans.tables import Row, read_table, unique

IN_WORDS, COUNT = "[一二三四五六七八九十]+", "[1-9][0-9]{0,3}"
PARAGRAPH = re.compile(f"(?:前言|第({IN_WORDS})章(?:第({IN_WORDS})节)?) 第{COUNT}段")
BOX_ITEM = re.compile(f"专栏({COUNT}) 第{COUNT}条")
TABLE_ROW = re.compile(f"表{COUNT} 第{COUNT}行")


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


# Each of these keeps a row whose place in the plan is clear although something else is wrong with
# it: what belongs to it must not be reported as lost. The caller rolls back anyway.


def _load_chapter(row: Row, text: LoadedText) -> None:
    number = _number(row, "章号")
    placed = row.sound
    values = {"title": row.text("标题", max_length=60)}
    if placed:
        text.chapters[number] = store(text.plan.chapters, {"number": number}, values)


def _load_section(row: Row, text: LoadedText) -> None:
    chapter, number = _number(row, "章号"), _number(row, "节号")
    if row.sound and chapter not in text.chapters:
        row.fault("章号", f"chapters.csv 中没有第 {chapter} 章，请补上或改正。")
    placed = row.sound
    values = {"title": row.text("标题", max_length=60)}
    if placed:
        sections = text.chapters[chapter].sections
        text.sections[chapter, number] = store(sections, {"number": number}, values)


def _load_box(row: Row, text: LoadedText) -> None:
    number, place = _number(row, "专栏号"), (_number(row, "章号"), _number(row, "节号"))
    if row.sound and place not in text.sections:
        row.fault("节号", f"sections.csv 中没有第 {place[0]} 章第 {place[1]} 节，请补上或改正。")
    placed = row.sound
    values = {"title": row.text("标题", max_length=60), "section": text.sections.get(place)}
    if placed:
        boxes = Box.objects.filter(section__chapter__plan=text.plan)
        text.boxes[number] = store(boxes, {"number": number}, values)


def _number(row: Row, column: str) -> int:
    return row.integer(column, minimum=1, maximum=99) or 0


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
    values = _place(row, locator, section, text)
    placed = row.sound
    values |= {
        "order": order,
        "summary": row.text("概要", max_length=300),
        "sentences": row.integer("句数", minimum=0, maximum=1000) or 0,
        "reason": row.text("不设任务的理由", required=False, max_length=200),
    }
    if not placed:
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
