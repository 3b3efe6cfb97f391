"""The rows of the 总表: put together by hand, so escaped by hand."""

from dataclasses import fields

from reports import overview
from tests.reports.workbook_builders import cell, row, summary

SHARP = '<b title="&\'">'
TEXTS = [
    "code",
    "name",
    "unit",
    "attribute_label",
    "label",
    "target_short",
    "gap_text",
    "responsible",
    "supervisor",
    "to_verify",
]


def rows(*some: object, numbered: bool = False) -> str:
    return overview.body(summary(), some, lambda code: f"/indicators/{code}/?year=1", numbered)


def test_every_text_is_escaped() -> None:
    sharp = row(**dict.fromkeys(TEXTS, SHARP), is_interpretation=True)
    assert set(TEXTS) <= {field.name for field in fields(sharp)}
    noted = row(cells=(cell(2025, "40.00"), cell(2026, notes=(SHARP,))), gap_text="")
    page = rows(sharp, noted) + rows(sharp, noted, numbered=True)
    assert (SHARP in page, "&lt;b title=&quot;&amp;&#x27;&quot;&gt;" in page) == (False, True)


def test_a_row_is_numbered_or_coded() -> None:
    one = row(code="C7", row_no=12)
    assert '<td class="no">12</td>' in rows(one, numbered=True)
    assert '<td class="no">C7</td>' in rows(one)


def test_why_there_is_no_number_stands_in_the_gap_and_on_the_cell() -> None:
    empty = row(cells=(cell(2025, "40.00"), cell(2026, notes=("缺甲", "缺乙"))), gap_text="")
    page = rows(empty)
    assert '<td class="num now"><abbr title="缺甲；缺乙；">—</abbr></td>' in page
    assert '<td class="gap"><small>缺甲；缺乙</small></td>' in page
