"""填报表: the progress of a return as a workbook that goes out and comes back.

What goes out comes back unchanged. What was typed in between is read by the rules of the form
(`entry.py`, `rules.py`) and stored by its verb (`workflow.save_each`): all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from django.db import transaction

from exchange import origin, tables
from exchange.cells import CellKind, Unreadable
from exchange.origin import Origin, fingerprint
from exchange.preview import CHANGED, NEW, REFUSED, UNCHANGED, BadCell, Change, Preview, RowPreview
from exchange.reading import Book
from exchange.tables import Table, TableRow
from exchange.text import file_name as safe_name
from exchange.writing import new_book, write_sheet
from indicators.entry import Provision, half_width
from indicators.models import AnnualReturn
from organization.models import User
from programs import entry, form, sheet
from programs.content import Content, TaskContent
from programs.resource_sheets import COLUMNS, COMPONENTS, KEYS, MEASURES, Entry, entries, row_of
from programs.workflow import save_each

KIND = "填报表"
NUMBERS = {"number", "whole"}
HELP = (
    "只填黄色列名下的白色单元格，灰色的不能改；数量和金额填开工以来的累计数；"
    "填好后在系统中“上传填报表”。"
)
LOCKED = "已审核锁定，不能修改；请恢复原来的内容，或先申请重新开启。"
OVERTAKEN = "下载填报表之后，这一项在系统中已有改动；请重新下载填报表再填这一项。"


# --- out -------------------------------------------------------------------------------------


def file_name(annual_return: AnnualReturn) -> str:
    return safe_name(f"任务与项目填报表（{annual_return.round} {annual_return.unit}）.xlsx")


def origin_of(annual_return: AnnualReturn, lines: Sequence[sheet.Line] = ()) -> Origin:
    rnd = annual_return.round
    return Origin(
        KIND,
        rnd.plan.code,
        str(rnd),
        annual_return.unit.code,
        rows={line.key: f"{line.row.version} {_print(line.content)}" for line in lines},
    )


def template(annual_return: AnnualReturn, is_open: bool) -> bytes:
    """The workbook with what is stored; `is_open`: whether there is anything to be typed."""
    lines = sheet.lines(annual_return)
    book, all_entries = new_book(), list(entries(lines))
    title = f"{annual_return.round.plan.short_title} {annual_return} "
    for name, columns in COLUMNS.items():
        rows = [
            row_of(one, is_open and not one.line.row.locked)
            for one in all_entries
            if one.sheet == name
        ]
        frozen = 3 if name in {MEASURES, COMPONENTS} else 2
        write_sheet(book, name, f"{title}{name}", HELP, columns, rows, frozen=frozen)
    origin.write(book, origin_of(annual_return, lines))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _print(content: Content) -> str:
    return fingerprint(form.written(content))


# --- in --------------------------------------------------------------------------------------


@dataclass
class Sheets:
    """What a workbook says about a return. `typed`: content by the key of the line, only where it
    differs from what is stored."""

    preview: Preview
    typed: dict[str, Content] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)


def read(annual_return: AnnualReturn, book: Book) -> Sheets:
    """Looks at the whole workbook and writes nothing."""
    preview = Preview(notes=tables.notes_about(book, COLUMNS))
    sent = origin.read(book)
    preview.faults += _misplaced(sent, origin_of(annual_return))
    if preview.faults or sent is None:
        return Sheets(preview)
    reader = _Reader(preview, sent, sheet.lines(annual_return))
    for name, columns in COLUMNS.items():
        headings = [column.heading for column in columns]
        table = tables.find_table(book, name, headings, preview.faults)
        if table is not None:
            reader.take(table)
    return Sheets(preview) if preview.faults else reader.finish()


def _misplaced(sent: Origin | None, here: Origin) -> list[str]:
    if sent is None:
        return ["这不是从本系统下载的填报表，或它的隐藏标识已损坏；请重新下载填报表填写。"]
    if sent.place == here.place:
        return []
    if sent.kind != KIND:
        return [f"这是“{sent.kind}”，不是填报表；请在对应的页面上传。"]
    return [f"这是另一张表的{sent.called}，不能导入到{here.called}；请在对应的监测表上传。"]


@dataclass
class _Reader:
    """Collects the cells of each line over all sheets, then judges line by line."""

    preview: Preview
    sent: Origin
    lines: Sequence[sheet.Line]

    def __post_init__(self) -> None:
        self.known = {(one.sheet, one.address): one for one in entries(self.lines)}
        self.rows: dict[tuple[str, tuple[str, ...]], TableRow] = {}
        self.bad: dict[tuple[str, int], list[BadCell]] = {}
        self.notes: dict[tuple[str, int], list[str]] = {}
        self.posted = {line.key: form.written(line.content) for line in self.lines}

    def take(self, table: Table) -> None:
        for row in table.rows():
            address = tuple(half_width(row.shown(key)) for key in KEYS[table.name])
            place = (table.name, address)
            if place not in self.known:
                self._refuse(row, KEYS[table.name][-1], "这张监测表里没有这一行，请删去或改正。")
            elif place in self.rows:
                first = self.rows[place].number
                self._refuse(row, KEYS[table.name][-1], f"与第 {first} 行重复，请删去一行。")
            else:
                self.rows[place] = row
                self._type(row, self.known[place])

    def _type(self, row: TableRow, one: Entry) -> None:
        """The cells of the row into the fields of its form."""
        for heading, name in one.fields.items():
            try:
                self.posted[one.line.key][name] = self._typed(row, one, heading)
            except Unreadable as error:
                self._refuse(row, heading, str(error))

    def _typed(self, row: TableRow, one: Entry, heading: str) -> str:
        cell = row.cell(heading)
        text = cell.typed if cell else ""
        if heading in one.choices:
            return _chosen(text, one.choices[heading])
        kind = next(column.kind for column in COLUMNS[one.sheet] if column.heading == heading)
        if cell and kind in NUMBERS:
            if cell.kind == CellKind.PERCENT and kind == "whole":
                self._note(row, f"{heading}是百分比格式，读作 {text}。")
            if cell.formula:
                self._note(row, f"{heading}由公式算出，按现有结果 {text} 读入。")
            text = _without_unit(text, one.units.get(heading, ""))
        return text

    def _refuse(self, row: TableRow, heading: str, says: str) -> None:
        cell = BadCell(
            row.sheet, row.number, row.columns[heading], heading, row.shown(heading), says
        )
        self.bad.setdefault((row.sheet, row.number), []).append(cell)

    def _note(self, row: TableRow, says: str) -> None:
        self.notes.setdefault((row.sheet, row.number), []).append(says)

    # --- line by line --------------------------------------------------------------------------

    def finish(self) -> Sheets:
        found = Sheets(self.preview)
        read = {line.key: self._content(line) for line in self.lines}
        for line in self.lines:
            if read[line.key] != line.content:
                found.typed[line.key] = read[line.key]
                found.versions[line.key] = line.row.version
        self.preview.rows += [self._row(place, read) for place in self.rows]
        self.preview.rows += self._unknown_rows()
        self.preview.bad += [one for cells in self.bad.values() for one in cells]
        self._note_missing()
        return found

    def _content(self, line: sheet.Line) -> Content:
        """What the file says about the line; faults go to the cells they belong to."""
        version, _, print_out = self.sent.rows.get(line.key, "").partition(" ")
        posted = self.posted[line.key]
        if isinstance(line.content, TaskContent):
            content, faults = entry.read_task(posted, line.content.measures)
        else:
            content, faults = entry.read_component(posted)
        if not faults:
            if content == line.content or _print(content) == print_out != _print(line.content):
                return line.content
            faults = sheet.faults_of(content, line.facts)
            if differing := self._differing(line, content):
                if line.row.locked:
                    faults = dict.fromkeys(differing, LOCKED)
                elif version != str(line.row.version):
                    faults = {differing[0]: OVERTAKEN}
        for name, says in faults.items():
            self._refuse_field(line, name, says)
        return content

    def _differing(self, line: sheet.Line, content: Content) -> list[str]:
        ours, theirs = form.written(content), form.written(line.content)
        return [name for name, value in ours.items() if theirs[name] != value]

    def _refuse_field(self, line: sheet.Line, name: str, says: str) -> None:
        """Once for each cell; a row that is not in the file has no cell, its line has."""
        for place, row in self.rows.items():
            one = self.known[place]
            if one.line.key != line.key:
                continue
            heading = next((head for head, field in one.fields.items() if field == name), "")
            if heading:
                told = {cell.heading for cell in self.bad.get((row.sheet, row.number), ())}
                if heading not in told:
                    self._refuse(row, heading, says)
                return
        self.preview.faults.append(f"{line.label}：{says}")

    def _row(self, place: tuple[str, tuple[str, ...]], read: Mapping[str, Content]) -> RowPreview:
        one, row = self.known[place], self.rows[place]
        here = (row.sheet, row.number)
        refused = {cell.heading for cell in self.bad.get(here, ())}
        old, new = form.written(one.line.content), form.written(read[one.line.key])
        changes = [
            Change(heading, form.shown(name, old[name]), form.shown(name, new[name]))
            for heading, name in one.fields.items()
            if old[name] != new[name] and heading not in refused
        ]
        outcome = CHANGED if any(old[name] for name in one.fields.values()) else NEW
        outcome = REFUSED if here in self.bad else outcome if changes else UNCHANGED
        notes = self.notes.get(here, []) if outcome != UNCHANGED else []
        return RowPreview(row.sheet, row.number, one.label, outcome, changes, notes)

    def _unknown_rows(self) -> list[RowPreview]:
        known = {(row.sheet, row.number) for row in self.rows.values()}
        return [
            RowPreview(*place, " ".join(filter(None, [cells[0].found])) or "—", REFUSED)
            for place, cells in self.bad.items()
            if place not in known
        ]

    def _note_missing(self) -> None:
        missing = len(self.known) - len(self.rows)
        if missing and self.rows:
            self.preview.notes.append(f"填报表比系统少 {missing} 行，缺的行按没有改动处理。")


def _chosen(text: str, choices: Mapping[str, str]) -> str:
    if not text:
        return ""
    if text in choices:
        return choices[text]
    if not choices:
        raise Unreadable("非建设类项目不填，请清空。")
    raise Unreadable(f"应为{'、'.join(choices)}之一，现为“{text[:20]}”。")


def _without_unit(text: str, unit: str) -> str:
    bare = half_width(text)
    return bare.removesuffix(unit).rstrip() if unit and bare != unit else text


# --- storing -----------------------------------------------------------------------------------


@transaction.atomic
def store(
    user: User,
    annual_return: AnnualReturn,
    book: Book,
    provision: Provision | None = None,
    confirmed: bool = False,
) -> int:
    """Every task and component that the file changes, by the verb of the form; returns how many.
    Raises what `save_each` raises, and then nothing is stored."""
    found = read(annual_return, book)
    assert not found.preview.is_refused
    save_each(
        user,
        annual_return.pk,
        lambda line: found.typed.get(line.key),
        provision,
        confirmed,
        found.versions,
    )
    return len(found.typed)
