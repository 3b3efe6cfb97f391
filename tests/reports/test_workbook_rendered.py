"""What comes out of the printer: LibreOffice lays the workbook out, and nothing is cut.

LibreOffice does not fit rows to merged cells, so each text is laid out once more in a cell of its
own of the same width; the height LibreOffice gives that row is the least the real one may have."""

import re
import subprocess
from collections import Counter
from copy import copy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from unicodedata import normalize
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from reports import sheets
from reports.workbook import table_workbook
from tests import tools
from tests.reports import work_builders
from tests.reports import workbook_builders as builders

pytestmark = pytest.mark.libreoffice

POINTS = {"cm": 72 / 2.54, "mm": 72 / 25.4, "in": 72, "pt": 1}
EXCEL_POINTS_PER_UNIT = 5.25  # 7 pixels, the digit of 宋体 10
WIDEST = 250  # a column takes no more than 255


def convert(path: Path, kind: str) -> Path:
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    to = ["--convert-to", kind, "--outdir", str(path.parent), str(path)]
    subprocess.run(
        [tools.libreoffice(), profile, "--headless", *to],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return path.with_suffix(f".{kind}")


def run(*command: object) -> str:
    return subprocess.run(
        list(map(str, command)), check=True, capture_output=True, text=True, timeout=60
    ).stdout


# --- what every cell needs ------------------------------------------------------------------------


@dataclass(frozen=True)
class Written:
    """A text, the room it has, and how it is dressed."""

    cell: Cell
    width: float
    height: float

    @property
    def key(self) -> tuple:
        font, place = self.cell.font, self.cell.alignment
        return (self.cell.value, self.width, font.name, font.size, font.bold, place.indent)


def written(sheet: Worksheet) -> list[Written]:
    spans = {area.start_cell.coordinate: area for area in sheet.merged_cells.ranges}
    found = []
    for cell in (cell for cells in sheet for cell in cells if isinstance(cell.value, str)):
        area = spans.get(cell.coordinate)
        rows = range(cell.row, (area.max_row if area else cell.row) + 1)
        columns = range(cell.column, (area.max_col if area else cell.column) + 1)
        width = sum(sheet.column_dimensions[get_column_letter(c)].width for c in columns)
        height = sum(sheet.row_dimensions[r].height for r in rows)
        found.append(Written(cell, min(width, WIDEST), height))
    return found


def laid_out_alone(texts: dict[tuple, Written]) -> Workbook:
    """One sheet for every width, one text a row, heights left to LibreOffice."""
    book = Workbook()
    book.remove(book.active)
    sheets.set_unit_of_width(book)
    for width in sorted({one.width for one in texts.values()}):
        sheet = book.create_sheet(f"{width}")
        sheet.column_dimensions["A"].width = width
        for one in (one for one in texts.values() if one.width == width):
            cell = sheet.cell((sheet.max_row + 1) if sheet["A1"].value else 1, 1, one.cell.value)
            cell.data_type = "s"
            cell.font, cell.alignment = copy(one.cell.font), copy(one.cell.alignment)
    return book


def fitted(path: Path, widest: float) -> Path:
    """As a flat document whose row heights LibreOffice has computed, which it does only on opening
    one of its own without heights.

    Columns are made as narrow as Excel makes them with 宋体; what LibreOffice takes for a missing
    宋体 is wider."""
    flat = re.sub(r' style:row-height="[^"]*"', "", convert(path, "fods").read_text("utf-8"))
    found = max(points(length) for length in re.findall(r'column-width="([^"]*)"', flat))
    factor = widest * EXCEL_POINTS_PER_UNIT / found

    def narrowed(length: re.Match) -> str:
        return f'column-width="{points(length[1]) * factor:.3f}pt"'

    opened = path.with_name("opened.xml")
    opened.write_text(re.sub(r'column-width="([^"]*)"', narrowed, flat), encoding="utf-8")
    return convert(opened, "fods")


def heights(flat: Path) -> dict[str, list[float]]:
    """Row heights in points of every sheet of a flat document."""
    root = ElementTree.parse(flat).getroot()
    short = {"t": "urn:oasis:names:tc:opendocument:xmlns:table:1.0"}
    style = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
    of_style = {
        node.get(f"{style}name"): node[0].get(f"{style}row-height")
        for node in root.iter(f"{style}style")
        if node.get(f"{style}family") == "table-row"
    }
    name = f"{{{short['t']}}}"
    return {
        sheet.get(f"{name}name"): [
            points(of_style[row.get(f"{name}style-name")])
            for row in sheet.iter(f"{name}table-row")
            for _ in range(min(int(row.get(f"{name}number-rows-repeated", "1")), 1000))
        ]
        for sheet in root.iter(f"{name}table")
    }


def points(length: str) -> float:
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", length).groups()
    return float(number) * POINTS[unit]


def cut(book: Workbook, folder: Path) -> list[str]:
    """The texts whose row is lower than LibreOffice would make it for them."""
    everything = [one for sheet in book for one in written(sheet)]
    alone = laid_out_alone({one.key: one for one in everything})
    alone.save(folder / "alone.xlsx")
    found = heights(fitted(folder / "alone.xlsx", max(one.width for one in everything)))
    needed = {
        (sheet.title, row[0].value, row[0].font.name, row[0].font.size, row[0].font.bold): height
        for sheet in alone
        for row, height in zip(sheet, found[sheet.title], strict=False)
    }
    return [
        f"{one.cell.parent.title}!{one.cell.coordinate} {one.height:.0f}"
        for one in everything
        if needed[(str(one.width), *one.key[:1], *one.key[2:5])] > one.height + 0.5
    ]


# --- the sheets -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rendered:
    name: str
    book: Workbook
    folder: Path
    pages: list[str]
    sizes: list[str]


@pytest.fixture(scope="module", params=["awkward", "usual", "shortest"])
def rendered(request, tmp_path_factory) -> Rendered:
    folder = tmp_path_factory.mktemp("workbook")
    summary, work = getattr(builders, request.param)(), getattr(work_builders, request.param)()
    content = table_workbook(summary, work)
    (folder / "table.xlsx").write_bytes(content)
    pdf = convert(folder / "table.xlsx", "pdf")
    pages = run("pdftotext", "-layout", pdf, "-").split("\f")[:-1]
    info = run("pdfinfo", "-f", 1, "-l", len(pages), pdf)
    sizes = re.findall(r"Page +\d+ size: +(\S+ x \S+) pts", info)
    return Rendered(request.param, load_workbook(BytesIO(content)), folder, pages, sizes)


def characters(text: str) -> Counter:
    """Also folds what the fonts have only one picture for."""
    return Counter("".join(normalize("NFKC", text).split()))


def test_no_cell_is_cut(rendered):
    assert cut(rendered.book, rendered.folder) == []


def test_every_character_of_every_cell_is_printed(rendered):
    wanted = characters("".join(one.cell.value for s in rendered.book for one in written(s)))
    assert wanted - characters("".join(rendered.pages)) == Counter()


def test_no_number_is_hidden_behind_hashes(rendered):
    assert [page for page in rendered.pages if "###" in page] == []


def test_every_page_is_a3_landscape(rendered):
    assert set(rendered.sizes) == {"1190.55 x 841.89"}


# What the pages of a sheet are known by in their footers, and the headings on each of them.
HEADINGS = {
    "指标完成情况（": ("评估结论", "情况说明及原因", "下一步措施"),
    "目标完成情况（": ("评估结论", "情况说明及原因", "下一步措施"),
    "章节任务进展情况（": ("承诺程度", "已办结", "进展情况", "下一步措施"),
    "专栏项目进展情况（": ("完成数量", "到位资金", "实际完工", "进展情况"),
}


def test_headings_and_page_numbers_stand_on_every_page(rendered):
    count = len(rendered.pages)
    for number, page in enumerate(rendered.pages, start=1):
        dense = "".join(page.split())
        (words,) = {words for sheet, words in HEADINGS.items() if sheet in dense}
        assert [word for word in words if word not in dense] == []
        assert f"第{number}页，共{count}页" in dense


def test_marks_stand_on_every_page_of_provisional_sample_figures(rendered):
    marked = ["（含未发布数据）（演示数据）" in page for page in rendered.pages]
    assert set(marked) == {rendered.book.worksheets[0]["A1"].value.endswith("（演示数据）")}


def test_page_count_is_sane(rendered):
    assert len(rendered.pages) <= {"awkward": 80, "usual": 8, "shortest": 4}[rendered.name]


def test_the_measure_notices_a_row_that_is_too_low(tmp_path):
    book = builders.made(builders.summary())
    sheet = book.worksheets[0]
    sheet.row_dimensions[5].height = 20
    assert f"{sheet.title}!S5 20" in cut(book, tmp_path)
