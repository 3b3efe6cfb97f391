"""How a sheet is written, dressed and set up for paper; knows nothing of plans or indicators.

User text is always text, never a formula. Excel does not fit rows to merged cells, and WPS and
LibreOffice fit them differently, so every row height is computed here and stored. Guardian:
tests/reports/test_workbook_rendered.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import accumulate

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from exchange.text import clean as clean
from exchange.text import file_name as file_name
from exchange.text import inert as inert
from exchange.text import put_text
from reports.summary import Number
from reports.wrapping import width_of, wrap

# Names every Chinese Windows, WPS or Kylin desktop knows. Where one is missing, `charset` makes
# Excel and WPS take 宋体 and LibreOffice its own Chinese font (Noto Sans CJK on Linux servers).
TITLE_FONT = "方正小标宋简体"
HEADING_FONT = "黑体"
TEXT_FONT = "仿宋"
BODY_FONT = "宋体"
GB2312 = 134

A3, A4 = 8, 9
EXCEL_DIGITS = 15
# One unit of column width is a digit of the font of unwritten cells: 7 pixels for 宋体 10; a wider
# font that steps in for it only leaves more room.
UNIT_SIZE = 10
POINTS_PER_WIDTH = Decimal("5.25")
PADDING = Decimal(5)
INDENT = Decimal(10)
# Noto CJK, the tallest of the fonts that may step in, takes 1.45 em a line; 宋体 takes 1.2.
LINE_HEIGHT = Decimal("1.48")
# Excel allows 409 points; a row also has to fit under the headings of a page.
TALLEST = Decimal(260)


@dataclass(frozen=True)
class Look:
    """How a cell is dressed. `fill` is a colour as RRGGBB, empty for none."""

    font: str = BODY_FONT
    size: int = 10
    bold: bool = False
    across: str = "center"
    down: str = "center"
    fill: str = ""
    framed: bool = True

    @property
    def indent(self) -> int:
        """Text beside a line keeps off it."""
        return 1 if self.framed and self.across == "left" else 0


def put(cell: Cell, content: str | Number, look: Look) -> None:
    if isinstance(content, Number):
        _put_number(cell, content)
    else:
        put_text(cell, content)
    _dress(cell, look)


def _put_number(cell: Cell, number: Number) -> None:
    value = storable(number)
    if value is None:
        return put_text(cell, number.text)
    cell.value = value
    cell.number_format = number_format(number)


def number_format(number: Number) -> str:
    whole = "#,##0" if "," in number.text else "0"
    places = f".{'0' * number.decimals}" if number.decimals else ""
    return f"{whole}{places}{'%' if number.text.endswith('%') else ''}"


def storable(number: Number) -> Decimal | None:
    """The value to 15 digits if it prints as `number.text`, else the printed number itself.

    None where there is no number, or where a spreadsheet could not hold what is printed."""
    if number.value is None:
        return None
    nearest = Context(prec=EXCEL_DIGITS, rounding=ROUND_HALF_UP).plus(number.value)
    if _printed(nearest, number) == number.text:
        return nearest
    shown = Decimal(number.text.replace(",", "").replace("−", "-").rstrip("%"))
    if len(shown.as_tuple().digits) > EXCEL_DIGITS:
        return None
    return shown.scaleb(-2) if number.text.endswith("%") else shown


def _printed(value: Decimal, number: Number) -> str:
    """What a spreadsheet makes of the value under `number_format`."""
    percent = number.text.endswith("%")
    with localcontext(prec=60, rounding=ROUND_HALF_UP):
        shown = (value * 100 if percent else value).quantize(Decimal(1).scaleb(-number.decimals))
    return f"{shown:,f}{'%' if percent else ''}"


_LINE = Side(style="thin", color="000000")
_FRAME = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def font(name: str, size: int, bold: bool = False) -> Font:
    return Font(name=name, size=size, bold=bold, charset=GB2312)


def _dress(cell: Cell, look: Look) -> None:
    cell.font = font(look.font, look.size, look.bold)
    cell.alignment = Alignment(look.across, look.down, wrap_text=True, indent=look.indent)
    if look.framed:
        cell.border = _FRAME
    if look.fill:
        cell.fill = PatternFill("solid", fgColor=look.fill)


# --- room -----------------------------------------------------------------------------------------


def column_width(text: str, look: Look) -> float:
    """Column width in which the text stands on one line."""
    return float((width_of(text) * look.size + PADDING) / POINTS_PER_WIDTH)


def lines_in(text: str, width: float, look: Look) -> list[str]:
    room = Decimal(str(width)) * POINTS_PER_WIDTH - PADDING - INDENT * look.indent
    return wrap(clean(text), room / look.size)


def height(lines: int, look: Look) -> float:
    return float(lines * look.size * LINE_HEIGHT + PADDING)


def pieces(text: str, width: float, look: Look) -> list[str]:
    """The text in as many pieces as it takes for none to be taller than a row may be."""
    lines = lines_in(text, width, look)
    most = int((TALLEST - PADDING) / (look.size * LINE_HEIGHT))
    return ["".join(lines[i : i + most]) for i in range(0, len(lines), most)] or [""]


# --- rows and pages -------------------------------------------------------------------------------


def set_unit_of_width(book: Workbook) -> None:
    """Column widths count digits of the font of unwritten cells; openpyxl names it only here."""
    book._fonts[0] = font(BODY_FONT, UNIT_SIZE)
    book._named_styles["Normal"].font = font(BODY_FONT, UNIT_SIZE)


def widths(sheet: Worksheet) -> list[float]:
    letters = (get_column_letter(i + 1) for i in range(len(sheet.column_dimensions)))
    return [sheet.column_dimensions[letter].width for letter in letters]


def grow(sheet: Worksheet, row: int, points: float) -> None:
    sheet.row_dimensions[row].height = max(points, sheet.row_dimensions[row].height or 0)


def fit(sheet: Worksheet, row: int, text: str, width: float, look: Look) -> None:
    """The row at least as high as the text needs at this width."""
    grow(sheet, row, height(max(len(lines_in(text, width, look)), 1), look))


def span(sheet: Worksheet, row: int, first: int, last: int, text: str, look: Look) -> None:
    """The text over columns `first` to `last`, the row high enough for it."""
    put(sheet.cell(row, first), text, look)
    if last > first:
        sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
    room = sum(widths(sheet)[first - 1 : last])
    fit(sheet, row, text, room, look)


def share_out(sheet: Worksheet, row: int, texts: Sequence[str], look: Look) -> None:
    """The texts side by side over the whole width, each with about the room of the others."""
    ends = list(accumulate(widths(sheet)))
    first = 1
    for i, text in enumerate(texts, start=1):
        wanted = ends[-1] * i / len(texts)
        last = min(range(first, len(ends) + 1), key=lambda c: abs(ends[c - 1] - wanted))
        span(sheet, row, first, last, text, look)
        first = last + 1


def set_up_page(
    sheet: Worksheet, *, heading_rows: str, header: str, footer: str, paper: int = A3
) -> None:
    """Landscape, one page wide, as many long as it takes, headings on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins = PageMargins(0.4, 0.4, 0.55, 0.55, header=0.25, footer=0.25)
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = heading_rows
    sheet.oddHeader.center.text = _field_text(header) or None
    sheet.oddFooter.left.text = _field_text(footer)
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"


def _field_text(text: str) -> str:
    """In headers and footers “&” begins a field code; doubled it is itself."""
    return clean(text).replace("&", "&&").replace("\n", " ")
