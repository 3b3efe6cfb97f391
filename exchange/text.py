"""Text on its way into a file: what no sheet can hold is taken out, and nothing is a formula."""

import re

from openpyxl.cell.cell import Cell

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORMULA_LEADS = ("=", "+", "-", "@", "\t")


def clean(text: str) -> str:
    """Without what no sheet can hold; a leading tab stays, and stays text."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).rstrip()


def inert(text: str) -> str:
    """For a CSV file, which has no cell that is text by itself: a quote before what would be a
    formula."""
    plain = clean(text)
    return f"'{plain}" if plain.lstrip().startswith(_FORMULA_LEADS) else plain


def file_name(text: str) -> str:
    """Also of use where “/” or “:” may not stand in a file name."""
    return clean(text).translate(dict.fromkeys(map(ord, '\\/:*?"<>|\n\t')))


def put_text(cell: Cell, text: str) -> None:
    """openpyxl takes “=…” for a formula and “#N/A” for an error; neither is what was written.

    The quote prefix keeps it text when somebody edits the cell."""
    cell.value = clean(text)
    cell.data_type = "s"
    cell.quotePrefix = cell.value.startswith(_FORMULA_LEADS)
