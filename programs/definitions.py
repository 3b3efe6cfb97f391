"""任务与项目.xlsx read back: judged and written by `loading_work.py`, as a plan folder is. A row
that is gone from the workbook is gone from the plan, unless it was worked with."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from exchange import origin, tables
from exchange.cells import Cell, Unreadable
from exchange.origin import Origin
from exchange.preview import (
    CHANGED,
    NEW,
    REFUSED,
    REMOVED,
    UNCHANGED,
    BadCell,
    Change,
    Preview,
    RowPreview,
)
from exchange.reading import Book
from indicators.coverage import unknown_representations
from plans.loading import LoadedText
from plans.models import Box, Plan, StatedNumber
from plans.rows import Fault
from plans.tables import Records
from programs.coverage import known_names
from programs.definitions_out import KIND, SHEETS, Cells, Tables, origin_of, written
from programs.loading import changes, contents
from programs.loading_tables import (
    COLUMNS,
    KEYS,
    MEASURES,
    SEPARATOR,
)
from programs.loading_work import load_work

# What a sentence of the loader calls a table of the folder, for somebody who has none.
SPOKEN = {name: f"“{sheet}”表" for name, sheet in SHEETS.items()} | {
    "clauses.csv": "规划的条款",
    "numbers.csv": "规划的数字",
    "indicators.csv": "规划的指标",
    "units.csv": "单位",
}


@dataclass
class WorkbookSource:
    """The sheets of an uploaded workbook as tables of a plan folder (`plans.tables.Source`)."""

    book: Book
    columns: dict[str, Mapping[str, int]] = field(default_factory=dict)
    unreadable: set[tuple[str, int, int]] = field(default_factory=set)

    def called(self, name: str) -> str:
        return SHEETS[name]

    def records(self, name: str, faults: list[str]) -> Records:
        sheet = SHEETS[name]
        table = tables.find_table(self.book, sheet, COLUMNS[name].split(), faults)
        if table is None:
            return []
        self.columns[sheet] = table.columns
        names = {column: heading for heading, column in table.columns.items()}
        last = max(column for cells in table.sheet.rows.values() for column in cells)
        heading_cells = table.sheet.rows[table.heading_row]
        found = [(table.heading_row, [_shown(heading_cells, n) for n in range(1, last + 1)])]
        for number, cells in sorted(table.sheet.rows.items()):
            if number > table.heading_row:
                row = [(column, cells.get(column)) for column in range(1, last + 1)]
                found.append((number, [self._typed(sheet, *one, names, faults) for one in row]))
        return found

    def _typed(
        self,
        sheet: str,
        column: int,
        cell: Cell | None,
        names: Mapping[int, str],
        faults: list[str],
    ) -> str:
        try:
            return cell.typed if cell else ""
        except Unreadable as error:
            assert cell is not None
            self.unreadable.add((sheet, cell.row, column))
            faults.append(Fault.at(sheet, cell.row, names.get(column), str(error)))
            return ""

    def bad_cells(self, faults: Iterable[Fault]) -> list[BadCell]:
        """Once for each cell that could not be read: to the loader it was empty."""
        found: list[BadCell] = []
        for one in map(self._bad_cell, faults):
            place = (one.sheet, one.row, one.column)
            told = any((other.sheet, other.row, other.column) == place for other in found)
            if not (told and place in self.unreadable):
                found.append(one)
        return found

    def _bad_cell(self, fault: Fault) -> BadCell:
        heading = fault.column.split(SEPARATOR)[0]
        column = self.columns.get(fault.file, {}).get(heading, 0)
        sheet = self.book.get(fault.file)
        cell = sheet.rows.get(fault.line, {}).get(column) if sheet else None
        shown = cell.shown if cell else ""
        return BadCell(fault.file, fault.line, column, heading, shown, in_words(fault.says))


def _shown(cells: Mapping[int, Cell], column: int) -> str:
    return cells[column].shown if column in cells else ""


def in_words(says: str) -> str:
    for name, spoken in SPOKEN.items():
        says = says.replace(f"{name} 中", f"{spoken}中").replace(name, spoken)
    return says


def read(plan: Plan, book: Book) -> Preview:
    """What the workbook would change; it is written and rolled back, for the checks of the loader
    ask the database."""
    preview = Preview(notes=tables.notes_about(book, SHEETS.values()))
    before = written(plan)
    preview.faults += _misplaced(book, origin_of(plan, before)) + _hidden(book)
    if preview.faults:
        return preview
    source, faults = WorkbookSource(book), list[str]()
    with transaction.atomic():
        rows_before = contents(plan)
        _load(plan, source, faults)
        after = written(plan)
        counted = changes(rows_before, contents(plan))
        transaction.set_rollback(True)
    preview.bad += source.bad_cells(one for one in faults if isinstance(one, Fault))
    preview.faults += [in_words(one) for one in faults if not isinstance(one, Fault)]
    if faults:
        preview.rows += _refused_rows(preview.bad)
        return preview
    preview.rows += _compared(before, after, source)
    preview.notes += [
        f"{one.name}：新增 {one.added}，修改 {one.changed}，删除 {one.removed}，"
        f"未变 {one.unchanged}。"
        for one in counted
        if one.added or one.changed or one.removed
    ]
    return preview


def _misplaced(book: Book, here: Origin) -> list[str]:
    sent = origin.read(book)
    if sent is None:
        return [f"这不是从本系统下载的“{KIND}”，或它的隐藏标识已损坏；请重新下载后修改。"]
    if sent.kind != KIND:
        return [f"这是“{sent.kind}”，不是“{KIND}”；请在对应的页面上传。"]
    if sent.place != here.place:
        return [f"这是规划“{sent.plan}”的文件，不能导入到“{here.plan}”；请在对应的规划上传。"]
    if sent.rows != here.rows:
        return ["下载之后规划的任务与项目已有改动；请重新下载，在新文件中修改。"]
    return []


def _hidden(book: Book) -> list[str]:
    """What is not read counts as removed here, so nothing may be out of sight."""
    return [
        f"工作表“{one.name}”有隐藏或筛选掉的行；不读入就会从规划中删去，请取消隐藏或筛选后再上传。"
        for one in book.sheets
        if one.name in SHEETS.values() and one.hidden
    ]


def _load(plan: Plan, source: WorkbookSource, faults: list[str]) -> None:
    """The document stays as it is; the work in it becomes what the workbook says."""
    text = LoadedText(
        plan,
        faults,
        boxes={box.number: box for box in Box.objects.filter(section__chapter__plan=plan)},
        clauses={clause.locator: clause for clause in plan.clauses.all()},
        numbers=list(StatedNumber.objects.filter(clause__plan=plan)),
    )
    load_work(source, text, plan.indicators.values_list("code", flat=True))
    if not faults:
        faults += unknown_representations(plan, known_names(plan))


def _refused_rows(bad: Iterable[BadCell]) -> list[RowPreview]:
    places = dict.fromkeys((one.sheet, one.row) for one in bad)
    return [RowPreview(*place, "—", REFUSED) for place in places]


def _compared(before: Tables, after: Tables, source: WorkbookSource) -> list[RowPreview]:
    found: list[RowPreview] = []
    for name, sheet in SHEETS.items():
        old, new = _by_key(name, before[name]), _by_key(name, after[name])
        numbers = _row_numbers(name, source)
        found += [
            _row(sheet, numbers.get(key, 0), name, old.get(key), cells)
            for key, cells in new.items()
        ]
        gone = [key for key in old if key not in new]
        found += [RowPreview(sheet, 0, _label(name, old[key]), REMOVED) for key in gone]
    return found


def _by_key(name: str, rows: Iterable[Cells]) -> dict[tuple[str, ...], Cells]:
    columns = COLUMNS[name].split()
    places = [columns.index(key) for key in KEYS[name]]
    return {tuple(row[place] for place in places): row for row in rows}


def _row_numbers(name: str, source: WorkbookSource) -> dict[tuple[str, ...], int]:
    sheet, columns = source.book.get(SHEETS[name]), source.columns[SHEETS[name]]
    rows = sheet.rows.items() if sheet else ()
    return {
        tuple(_shown(cells, columns[key]) for key in KEYS[name]): number for number, cells in rows
    }


def _row(sheet: str, number: int, name: str, old: Cells | None, new: Cells) -> RowPreview:
    label = _label(name, new)
    if old is None:
        return RowPreview(sheet, number, label, NEW)
    headings = COLUMNS[name].split()
    pairs = zip(headings, old, new, strict=True)
    differing = [Change(heading, was, now) for heading, was, now in pairs if was != now]
    return RowPreview(sheet, number, label, CHANGED if differing else UNCHANGED, differing)


def _label(name: str, cells: Cells) -> str:
    headings = COLUMNS[name].split()
    key = "-".join(cells[headings.index(one)] for one in KEYS[name])
    return f"{key} {cells[headings.index('措施' if name == MEASURES else '名称')]}"


@transaction.atomic
def store(plan: Plan, book: Book) -> str:
    """Makes the plan what the workbook says, and says what changed. Called after `read` found
    nothing wrong, inside one transaction with it."""
    locked = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    before, faults = contents(locked), list[str]()
    _load(locked, WorkbookSource(book), faults)
    assert not faults
    counted = [one for one in changes(before, contents(locked)) if one.added + one.changed]
    told = "，".join(f"{one.name} {one.added + one.changed} 行" for one in counted)
    return f"已导入：{told or '只删去了行'}。"
