"""Reads the office's own document (txt or docx) into chapters, sections, boxes, tables and clauses.

Pure: bytes in, a `Document` out; no database. A document it cannot make sense of raises
`DocumentError` with a Chinese sentence.

What counts as what:
- the cover is everything up to the title line; the paragraphs between it and 第一章 are the 前言;
- a line that ends like a sentence is a paragraph, and so is any other that is no heading;
- “一、发展机遇” (short, no full stop) is a sub-heading and no paragraph;
- a box is its title line (专栏1：…) with the numbered items after it or exactly one paragraph
  without a number; paragraphs after it go on counting in their section;
- a table is its title line (表1 …) with a real table (docx) or one cell a line (txt)."""

import re
from dataclasses import dataclass, field

from plans.numerals import (
    LIST_NUMBER,
    NUMERAL,
    count_sentences,
    find_numbers,
    is_sentence,
    normal,
    read_numeral,
    write_numeral,
)
from plans.office_file import Block, DocumentError, Grid, read_blocks

LONGEST_HEADING = 60

CHAPTER = re.compile(rf"第({NUMERAL})章\s*(.+)")
SECTION = re.compile(rf"第({NUMERAL})节\s*(.+)")
BOX = re.compile(rf"专栏\s*({NUMERAL})\s*[:：]?\s*(.*)")
TABLE = re.compile(rf"表\s*({NUMERAL})(?:\s+|[:：]\s*)(.+)")
SUB_HEADING = re.compile(rf"({NUMERAL}、|[(（]{NUMERAL}[)）])")
# A table of contents repeats the headings with leaders or a tab and the page.
CONTENTS_LINE = re.compile(r".*(\t|…|\.{3,}|·{3,})\s*[0-9]+\s*")


@dataclass(frozen=True)
class DocumentClause:
    """A paragraph, box item or table row. `cells` maps the heads of a table to a row's cells."""

    locator: str
    text: str
    box: int | None = None
    cells: dict[str, str] | None = None

    @property
    def sentences(self) -> int:
        return 0 if self.cells is not None else count_sentences(self.text)

    @property
    def numbers(self) -> list[str]:
        if self.cells is None:
            return find_numbers(self.text)
        beside_the_row_number = list(self.cells.values())[1:]
        return [number for cell in beside_the_row_number for number in find_numbers(cell)]


@dataclass
class Document:
    """Headings by number (sections by chapter and section) and the clauses in reading order;
    `cover` is all text before the preamble, the title among it."""

    cover: str = ""
    chapters: dict[int, str] = field(default_factory=dict)
    sections: dict[tuple[int, int], str] = field(default_factory=dict)
    boxes: dict[int, str] = field(default_factory=dict)
    tables: dict[int, str] = field(default_factory=dict)
    clauses: list[DocumentClause] = field(default_factory=list)


def read_document(name: str, content: bytes) -> Document:
    """The document in a file of this name. Raises DocumentError."""
    cover, body = _cover_and_body(read_blocks(name, content))
    reader = _Reader(cover)
    for block in body:
        reader.take(block)
    reader.end_table()
    return reader.document


def section_locator(chapter: int | None, section: int | None = None) -> str:
    """前言 · 第四章 · 第四章第一节."""
    if chapter is None:
        return "前言"
    below = f"第{write_numeral(section)}节" if section is not None else ""
    return f"第{write_numeral(chapter)}章{below}"


def _heading(pattern: re.Pattern[str], line: str) -> tuple[int, str] | None:
    """Number and title when the line is such a heading and no sentence that begins like one."""
    found = pattern.fullmatch(line)
    if found is None or len(line) > LONGEST_HEADING or is_sentence(line):
        return None
    try:
        return read_numeral(found[1]), found[2].strip()
    except ValueError:
        return None


def _cover_and_body(blocks: list[Block]) -> tuple[str, list[Block]]:
    """The body begins with the preamble; notice, title and contents are the cover."""
    kept = [block for block in blocks if not _is_contents_line(block)]
    chapters = [
        (place, heading[0])
        for place, block in enumerate(kept)
        if isinstance(block, str) and (heading := _heading(CHAPTER, block))
    ]
    if not chapters:
        raise DocumentError(
            "没有找到“第一章 …”这样的标题，请确认是规划正文；章节号如果是自动编号，请先转换为文字。"
        )
    # A plain table of contents names the first chapter too: the last mention begins the text.
    start = max(place for place, number in chapters if number == chapters[0][1])
    start = _preamble_start(kept, start)
    return "".join(block for block in kept[:start] if isinstance(block, str)), kept[start:]


def _is_contents_line(block: Block) -> bool:
    return isinstance(block, str) and bool(CONTENTS_LINE.fullmatch(block))


def _preamble_start(blocks: list[Block], start: int) -> int:
    while start and isinstance(blocks[start - 1], str) and is_sentence(str(blocks[start - 1])):
        start -= 1
    return start


class _Reader:
    """Reads line by line; knows in which chapter, section, box or table it is."""

    def __init__(self, cover: str) -> None:
        self.document = Document(cover)
        self.chapter: int | None = None
        self.section: int | None = None
        self.paragraphs = 0
        self.box: int | None = None
        self.items = 0
        self.table: int | None = None
        self.cells: list[str] = []

    def take(self, block: Block) -> None:
        if not isinstance(block, str):
            self._take_grid(block)
        elif not self._take_heading(block):
            self._take_text(block)

    def _take_heading(self, line: str) -> bool:
        for pattern, begin in (
            (CHAPTER, self._begin_chapter),
            (SECTION, self._begin_section),
            (BOX, self._begin_box),
            (TABLE, self._begin_table),
        ):
            if heading := _heading(pattern, line):
                self.end_table()
                self.box = None
                begin(*heading)
                return True
        return False

    def _begin_chapter(self, number: int, title: str) -> None:
        if number in self.document.chapters:
            raise DocumentError(f"“{section_locator(number)}”出现了两次，请检查文件。")
        self.document.chapters[number] = title
        self.chapter, self.section, self.paragraphs = number, None, 0

    def _begin_section(self, number: int, title: str) -> None:
        if self.chapter is None:
            raise DocumentError(f"“第{write_numeral(number)}节”之前没有章标题，请检查文件。")
        if (self.chapter, number) in self.document.sections:
            place = section_locator(self.chapter, number)
            raise DocumentError(f"“{place}”出现了两次，请检查文件。")
        self.document.sections[self.chapter, number] = title
        self.section, self.paragraphs = number, 0

    def _begin_box(self, number: int, title: str) -> None:
        if number in self.document.boxes:
            raise DocumentError(f"“专栏{number}”出现了两次，请检查文件。")
        self.document.boxes[number] = title
        self.box, self.items = number, 0

    def _begin_table(self, number: int, title: str) -> None:
        if number in self.document.tables:
            raise DocumentError(f"“表{number}”出现了两次，请检查文件。")
        self.document.tables[number] = title
        self.table, self.cells = number, []

    def _take_text(self, line: str) -> None:
        if self.table is not None and not is_sentence(line):
            self.cells.append(line)
            return
        self.end_table()
        if self.box is not None and self._is_in_box(line):
            self._add_item(line)
        elif not _is_sub_heading(line):
            self._add_paragraph(line)

    def _is_in_box(self, line: str) -> bool:
        return self.items == 0 or bool(LIST_NUMBER.match(normal(line)))

    def _add_item(self, line: str) -> None:
        self.items += 1
        self._add(f"专栏{self.box} 第{self.items}条", line, box=self.box)
        if not LIST_NUMBER.match(normal(line)):
            self.box = None

    def _add_paragraph(self, line: str) -> None:
        self.box = None
        self.paragraphs += 1
        self._add(f"{section_locator(self.chapter, self.section)} 第{self.paragraphs}段", line)

    def _add(
        self,
        locator: str,
        text: str,
        box: int | None = None,
        cells: dict[str, str] | None = None,
    ) -> None:
        self.document.clauses.append(DocumentClause(locator, text, box, cells))

    def end_table(self) -> None:
        """A table printed one cell a line ends with the next heading or sentence."""
        if self.table is not None and self.cells:
            self._add_rows(*_split_cells(self.cells))
        self.table, self.cells = None, []

    def _take_grid(self, grid: Grid) -> None:
        if self.table is None:
            self._begin_table(max(self.document.tables, default=0) + 1, "")
        if grid:
            self._add_rows(grid[0], grid[1:])
        self.table, self.cells = None, []

    def _add_rows(self, heads: list[str], rows: Grid) -> None:
        for position, row in enumerate(rows, start=1):
            cells = dict(zip(heads, row, strict=False))
            self._add(f"表{self.table} 第{position}行", "\t".join(row), cells=cells)


def _is_sub_heading(line: str) -> bool:
    short = len(line) <= LONGEST_HEADING and not is_sentence(line)
    return short and bool(SUB_HEADING.match(line))


def _split_cells(cells: list[str]) -> tuple[list[str], Grid]:
    """Heads and rows of a table printed one cell a line. A row begins with its number, which a
    target may equal too: it counts only when the row before has all cells but at most one."""
    first = next((place for place, cell in enumerate(cells) if normal(cell) == "1"), len(cells))
    heads, rows = cells[:first], []
    for cell in cells[first:]:
        full = not rows or len(rows[-1]) >= len(heads) - 1
        if full and normal(cell) == str(len(rows) + 1):
            rows.append([])
        rows[-1].append(cell)
    return heads, [_with_empty_unit(heads, row) for row in rows]


def _with_empty_unit(heads: list[str], row: list[str]) -> list[str]:
    """Text has no empty line for an empty cell; the unit is what a plan leaves empty."""
    if len(row) == len(heads) - 1 and "单位" in heads:
        return [*row[: heads.index("单位")], "", *row[heads.index("单位") :]]
    return row
