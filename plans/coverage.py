"""Compares a document with what is loaded of a plan: headings, boxes, paragraphs, numbers.

`differences` is pure: two descriptions in, Chinese sentences out, each beginning with its locator.
Rows of the indicator table are compared cell by cell in `indicators/coverage.py`."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeVar

from plans.models import Box, Plan, Section
from plans.numerals import normal, same
from plans.text import Document, DocumentClause, section_locator

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class StoredNumber:
    printed: str
    represented_by: str
    reason: str

    @property
    def explained(self) -> str:
        """What represents the number, or why nothing does; "" is what a check must report."""
        because = f"（{self.reason}）" if self.represented_by and self.reason else self.reason
        return f"{self.represented_by}{because}"


@dataclass(frozen=True)
class StoredClause:
    locator: str
    summary: str
    sentences: int
    reason: str
    wording: str
    numbers: tuple[StoredNumber, ...]


@dataclass(frozen=True)
class StoredText:
    title: str
    table_title: str
    chapters: Mapping[int, str]
    sections: Mapping[tuple[int, int], str]
    boxes: Mapping[int, str]
    clauses: Mapping[str, StoredClause]

    @property
    def numbers(self) -> list[StoredNumber]:
        return [number for clause in self.clauses.values() for number in clause.numbers]


def stored_text(plan: Plan) -> StoredText:
    """What is loaded of the plan, in five queries."""
    sections = Section.objects.filter(chapter__plan=plan)
    return StoredText(
        title=plan.title,
        table_title=plan.table_title,
        chapters=dict(plan.chapters.values_list("number", "title")),
        sections={
            (chapter, number): title
            for chapter, number, title in sections.values_list("chapter__number", "number", "title")
        },
        boxes=dict(Box.objects.filter(section__chapter__plan=plan).values_list("number", "title")),
        clauses=_stored_clauses(plan),
    )


def differences(document: Document, stored: StoredText) -> list[str]:
    """Every way in which the document and the loaded text differ; [] when they say the same."""
    return [
        *_title_differences(document, stored),
        *_heading_differences(document, stored),
        *_clause_differences(document, stored),
        *_unexplained(stored),
    ]


def belongs_to(document: Document, title: str) -> bool:
    """Whether the cover names the plan: the locators of two plans look alike, their titles not."""
    return normal(title) in normal(document.cover)


def _stored_clauses(plan: Plan) -> dict[str, StoredClause]:
    return {
        clause.locator: StoredClause(
            clause.locator,
            clause.summary,
            clause.sentences,
            clause.reason,
            clause.wording,
            tuple(
                StoredNumber(number.printed, number.represented_by, number.reason)
                for number in clause.numbers.all()
            ),
        )
        for clause in plan.clauses.prefetch_related("numbers")
    }


def _title_differences(document: Document, stored: StoredText) -> Iterator[str]:
    if not belongs_to(document, stored.title):
        yield f"封面：文件开头没有规划名称“{stored.title}”，请确认没有选错文件。"
    titles = document.tables.values()
    if stored.table_title and not any(same(stored.table_title, title) for title in titles):
        yield f"指标表：文件中没有标题为“{stored.table_title}”的表。"


def _heading_differences(document: Document, stored: StoredText) -> list[str]:
    return [
        *_headings(document.chapters, stored.chapters, section_locator),
        *_headings(document.sections, stored.sections, lambda key: section_locator(*key)),
        *_headings(document.boxes, stored.boxes, lambda key: f"专栏{key}"),
    ]


def _headings(
    found: Mapping[Key, str], loaded: Mapping[Key, str], place: Callable[[Key], str]
) -> Iterator[str]:
    for key in _in_order(found, loaded):
        if key not in found:
            yield f"{place(key)}：载入的标题“{loaded[key]}”在文件中没有。"
        elif key not in loaded:
            yield f"{place(key)}：文件中的标题“{found[key]}”没有载入。"
        elif not same(found[key], loaded[key]):
            yield f"{place(key)}：标题载入的是“{loaded[key]}”，文件中是“{found[key]}”。"


def _clause_differences(document: Document, stored: StoredText) -> Iterator[str]:
    found = {clause.locator: clause for clause in document.clauses}
    for locator in _in_order(found, stored.clauses):
        if locator not in found:
            summary = stored.clauses[locator].summary
            yield f"{locator}：已载入（{summary}），文件中没有。"
        elif locator not in stored.clauses:
            yield f"{locator}：文件中有（{_beginning(found[locator].text)}），没有载入。"
        else:
            yield from _one_clause(found[locator], stored.clauses[locator])


def _in_order(found: Iterable[Key], loaded: Iterable[Key]) -> list[Key]:
    """The document's order; what it lacks comes last."""
    return list(dict.fromkeys([*found, *loaded]))


def _one_clause(found: DocumentClause, loaded: StoredClause) -> Iterator[str]:
    place = found.locator
    if found.sentences != loaded.sentences:
        yield f"{place}：载入 {loaded.sentences} 句，文件中 {found.sentences} 句，请核对有无增删。"
    printed = [normal(number.printed) for number in loaded.numbers]
    yield from (f"{place}：{says}" for says in _number_differences(printed, found.numbers))
    if loaded.wording and not same(loaded.wording, found.text):
        yield f"{place}：文字与已载入的发布原文不同（{_beginning(found.text)}）。"


def _number_differences(loaded: list[str], found: list[str]) -> Iterator[str]:
    """A number left out shifts those behind it: aligned, only the true difference is told."""
    aligned = SequenceMatcher(None, loaded, found, autojunk=False)
    for change, start, stop, begin, end in aligned.get_opcodes():
        ours, theirs = "、".join(loaded[start:stop]), "、".join(found[begin:end])
        if change == "replace":
            yield f"载入的数字“{ours}”，文件中是“{theirs}”。"
        elif change == "delete":
            yield f"载入的数字“{ours}”在文件中没有。"
        elif change == "insert":
            yield f"文件中的数字“{theirs}”没有载入，不知由何体现。"


def _unexplained(stored: StoredText) -> Iterator[str]:
    for clause in stored.clauses.values():
        for number in clause.numbers:
            if not number.explained:
                yield f"{clause.locator}：数字“{number.printed}”没有写明由何体现，也没有理由。"


def _beginning(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 20 else f"{one_line[:20]}…"
