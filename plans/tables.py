"""Reads the tables of a plan: CSV in UTF-8 in a folder, made by an office in WPS or Excel; or any
other `Source` that gives the same rows, such as an uploaded workbook.

What is wrong with a file goes to the list of faults as a sentence, as `Row` does with its cells;
whoever writes to the database raises `PlanFolderError` when there is any."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from plans.rows import Row, short

__all__ = [
    "PlanFolderError",
    "Row",
    "Source",
    "read_settings",
    "read_table",
    "unique",
    "write_table",
]

LARGEST_FILE = 5_000_000


Records = list[tuple[int, list[str]]]


class Source(Protocol):
    """Where tables come from besides folders."""

    def called(self, name: str) -> str:
        """What a sentence calls the table of this file name."""

    def records(self, name: str, faults: list[str]) -> Records:
        """Row numbers and cells as text, the headings first; [] when there is none."""


class PlanFolderError(Exception):
    """The folder cannot be loaded; `faults` are Chinese sentences, one for every fault."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


def read_table(
    source: Path | Source,
    name: str,
    columns: Sequence[str],
    faults: list[str],
    *,
    optional: Sequence[str] = (),
    required_file: bool = True,
) -> list[Row]:
    """The rows of table `name`, empty lines skipped; [] when the file or its header is wrong.

    Every column of `columns` must be there, those of `optional` may be; no other is accepted, so
    that a misspelt heading is not silently ignored."""
    if isinstance(source, str | Path):
        content = _content(Path(source) / name, faults, required_file)
        records = _records(name, content, faults) if content is not None else []
    else:
        records, name = source.records(name, faults), source.called(name)
    if not records or not _header_is_right(name, records[0][1], columns, optional, faults):
        return []
    header = records[0][1]
    return [_row(name, line, header, cells, faults) for line, cells in records[1:] if any(cells)]


def read_settings(
    folder: Path, name: str, required: Sequence[str], optional: Sequence[str], faults: list[str]
) -> Row | None:
    """A table of two columns (项目, 内容) as one row whose columns are the names."""
    table = unique(read_table(folder, name, ["项目", "内容"], faults), "项目")
    rows = {key: row for (key,), row in table.items()}
    for key, row in rows.items():
        if key not in {*required, *optional}:
            row.fault("项目", f"不认识的项目“{short(key)}”，请改成规定的名称或删去这一行。")
    if not rows:
        return None
    missing = [key for key in required if key not in rows]
    faults += [f"{name}：缺少“{key}”这一项，请补一行。" for key in missing]
    cells = {key: row.cells["内容"] for key, row in rows.items()}
    return Row(name, 1, cells, faults, {key: row.line for key, row in rows.items()}, not missing)


def unique(rows: Iterable[Row], *columns: str) -> dict[tuple[str, ...], Row]:
    """The rows by the cells of these columns; a second row with the same cells is a fault."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        key = tuple(row.cells.get(column, "") for column in columns)
        if not any(key):
            continue
        first = found.setdefault(key, row)
        if first is not row:
            says = f"“{' '.join(key)}”与第 {first.line} 行重复，请删去一行或改正。"
            row.fault("、".join(columns), says)
    return found


def write_table(
    folder: Path, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
) -> None:
    """Writes a table as `read_table` reads it, with the mark by which Excel knows UTF-8."""
    with (Path(folder) / name).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _content(path: Path, faults: list[str], required: bool) -> str | None:
    if not path.is_file():
        if required:
            faults.append(f"{path.name}：规划文件夹中没有这个文件，请补上。")
        return None
    if path.stat().st_size > LARGEST_FILE:
        faults.append(
            f"{path.name}：文件超过 {LARGEST_FILE // 1_000_000} MB，请检查是否放错了文件。"
        )
        return None
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        faults.append(f"{path.name}：不是 UTF-8 编码，请在 WPS 或 Excel 中另存为“CSV UTF-8”。")
        return None


def _records(name: str, content: str, faults: list[str]) -> Records:
    """Numbered as a spreadsheet numbers them: a cell with a line break is still one row."""
    try:
        read = list(csv.reader(io.StringIO(content, newline=""), strict=True))
    except csv.Error:
        faults.append(f"{name}：引号不成对，读不出行列，请在 WPS 或 Excel 中打开检查后重新保存。")
        return []
    if not any(any(cells) for cells in read):
        faults.append(f"{name}：文件是空的，第 1 行应为列名。")
        return []
    return [(line, [cell.strip() for cell in cells]) for line, cells in enumerate(read, start=1)]


def _header_is_right(
    name: str,
    header: list[str],
    columns: Sequence[str],
    optional: Sequence[str],
    faults: list[str],
) -> bool:
    named = [column for column in header if column]
    wrong = [f"缺少“{column}”列，请补上。" for column in columns if column not in named]
    known = {*columns, *optional}
    wrong += [
        f"不认识的列“{short(column)}”，请改成规定的列名或删去。"
        for column in dict.fromkeys(named)
        if column not in known
    ]
    wrong += [
        f"“{column}”列重复，请删去一列。"
        for column in dict.fromkeys(named)
        if named.count(column) > 1
    ]
    faults += [f"{name} 第 1 行：{says}" for says in wrong]
    return not wrong


def _row(name: str, line: int, header: list[str], cells: list[str], faults: list[str]) -> Row:
    filled = [*cells, *[""] * (len(header) - len(cells))]
    row = Row(name, line, dict(zip(header, filled, strict=False)), faults)
    if any(cell for place, cell in enumerate(cells) if place >= len(header) or not header[place]):
        row.fault(None, "有内容落在列名之外，多半是文字里有英文逗号而没有加引号，请检查。")
    return row
