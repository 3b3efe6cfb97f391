"""A copy of a plan folder of which a test changes single cells."""

import csv
import shutil
from pathlib import Path

from indicators import loading_tables as indicator_tables
from plans.tables import write_table
from programs import loading_tables as work_tables

COLUMNS = indicator_tables.COLUMNS | work_tables.COLUMNS
KEYS = indicator_tables.KEYS | work_tables.KEYS
ROOT = Path(__file__).resolve().parents[2]
FIRST = ROOT / "fixtures" / "zhushan-2021-2025"
SECOND = ROOT / "tests" / "plans_data" / "second"


class PlanFolder:
    """`put`, `add` and `drop` name a table without .csv and a row by its key, e.g. "C1 2"."""

    def __init__(self, path: Path, source: Path = SECOND) -> None:
        self.path = Path(shutil.copytree(source, path / source.name))

    def put(self, table: str, key: str, **cells: object) -> "PlanFolder":
        self._write(
            table, [row | cells if _is(table, row, key) else row for row in self._rows(table)]
        )
        return self

    def add(self, table: str, key: str, **cells: object) -> "PlanFolder":
        """A new last row like the row `key`, except for these cells."""
        rows = self._rows(table)
        like = next(row for row in rows if _is(table, row, key))
        self._write(table, [*rows, like | cells])
        return self

    def drop(self, table: str, key: str) -> "PlanFolder":
        self._write(table, [row for row in self._rows(table) if not _is(table, row, key)])
        return self

    def _rows(self, table: str) -> list[dict[str, object]]:
        with (self.path / f"{table}.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def _write(self, table: str, rows: list[dict[str, object]]) -> None:
        columns = COLUMNS[f"{table}.csv"].split()
        cells = [[row[column] for column in columns] for row in rows]
        write_table(self.path, f"{table}.csv", columns, cells)


def _is(table: str, row: dict[str, object], key: str) -> bool:
    """By the leading cells of the row's key: "C1" is any term of C1, "C1 2" one of them."""
    cells = [str(row[column]) for column in KEYS[f"{table}.csv"]]
    return cells[: len(key.split())] == key.split()
