"""The sheets of a workbook as tables: a row of headings, and rows of cells under them.

Headings are looked for in the first rows, so that a title may stand above them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from exchange import marks, origin
from exchange.cells import Cell
from exchange.preview import hidden_notes
from exchange.reading import Book, Sheet

SEARCHED = 10
OURS = frozenset({origin.SHEET, marks.SHEET})


@dataclass(frozen=True)
class TableRow:
    sheet: str
    number: int
    columns: Mapping[str, int]
    cells: Mapping[int, Cell]

    def cell(self, heading: str) -> Cell | None:
        return self.cells.get(self.columns[heading])

    def shown(self, heading: str) -> str:
        cell = self.cell(heading)
        return cell.shown if cell else ""


@dataclass(frozen=True)
class Table:
    """`heading_row` 0: no such headings. Empty rows are left out."""

    name: str
    heading_row: int
    columns: Mapping[str, int]
    sheet: Sheet

    def rows(self) -> Iterator[TableRow]:
        used = set(self.columns.values())
        for number, cells in sorted(self.sheet.rows.items()):
            if number > self.heading_row and used & cells.keys():
                yield TableRow(self.name, number, self.columns, cells)


def find_table(book: Book, name: str, headings: Sequence[str], faults: list[str]) -> Table | None:
    """None, and a sentence, where the sheet or one of its headings is not there."""
    sheet = book.get(name)
    if sheet is None or sheet.is_hidden:
        says = f"缺少工作表“{name}”" if sheet is None else f"工作表“{name}”被隐藏了"
        faults.append(f"{says}，请用下载的文件填写，不要删除、改名或隐藏工作表。")
        return None
    best: dict[str, int] = {}
    best_row = 0
    for number in sorted(sheet.rows)[:SEARCHED]:
        found = {
            cell.shown: column
            for column, cell in reversed(sorted(sheet.rows[number].items()))
            if cell.shown in headings
        }
        if len(found) > len(best):
            best, best_row = found, number
    missing = [heading for heading in headings if heading not in best]
    if missing:
        faults.append(
            f"工作表“{name}”缺少列“{'”“'.join(missing)}”，请用下载的文件填写，不要改动列名。"
        )
        return None
    return Table(name, best_row, best, sheet)


def notes_about(book: Book, wanted: Iterable[str]) -> list[str]:
    """Sheets and rows that were not read, in words."""
    names = [*wanted]
    hidden = [one.name for one in book.sheets if one.is_hidden and one.name not in OURS]
    extra = [one.name for one in book.sheets if not one.is_hidden and one.name not in names]
    rows = {one.name: one.hidden for one in book.sheets if one.name in names}
    ignored = [f"工作表“{name}”不属于填报表，没有读入。" for name in extra if name not in OURS]
    return hidden_notes(hidden, rows) + ignored
