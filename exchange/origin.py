"""Where a downloaded workbook belongs: a hidden sheet that comes back with it, so that the wrong
file in the wrong place is noticed. It decides nothing about rights."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from openpyxl import Workbook

from exchange.reading import Book
from exchange.text import put_text

SHEET = "文件标识"
VERSION = "1"
ROW = "行："


@dataclass(frozen=True)
class Origin:
    """`rows`: what each row said when it went out, by its key."""

    kind: str
    plan: str
    round: str = ""
    unit: str = ""
    version: str = VERSION
    rows: Mapping[str, str] = field(default_factory=dict)

    @property
    def place(self) -> tuple[str, ...]:
        return (self.kind, self.plan, self.round, self.unit)

    @property
    def called(self) -> str:
        """“填报表（2023 年年报 · 养老股）”, for a sentence about the wrong file."""
        where = " · ".join(filter(None, [self.round, self.unit])) or self.plan
        return f"{self.kind}（{where}）"


def fingerprint(said: object) -> str:
    """A short word for plain values; other values, other word."""
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def _written(origin: Origin) -> dict[str, str]:
    named = {one.name: getattr(origin, one.name) for one in fields(origin) if one.name != "rows"}
    return named | {f"{ROW}{key}": said for key, said in origin.rows.items()}


def write(book: Workbook, origin: Origin) -> None:
    """Last, so that the office never lands on it."""
    sheet = book.create_sheet(SHEET)
    sheet.sheet_state = "veryHidden"
    written = _written(origin)
    for number, (key, value) in enumerate({**written, "checksum": fingerprint(written)}.items(), 1):
        put_text(sheet.cell(number, 1), key)
        put_text(sheet.cell(number, 2), value)


def read(book: Book) -> Origin | None:
    """None where there is none, or where it is not whole."""
    sheet = book.get(SHEET)
    if sheet is None:
        return None
    found = {
        row[1].shown: row[2].shown if 2 in row else "" for row in sheet.rows.values() if 1 in row
    }
    if found.pop("checksum", "") != fingerprint(found):
        return None
    rows = {key.removeprefix(ROW): value for key, value in found.items() if key.startswith(ROW)}
    named = {one.name: found.get(one.name, "") for one in fields(Origin) if one.name != "rows"}
    return Origin(**named, rows=rows)
