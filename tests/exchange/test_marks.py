"""The clerk's own file back: marked where it is wrong, and clean again on the next try."""

from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color

from exchange import marks
from exchange.preview import BadCell
from exchange.reading import read_book
from exchange.tables import notes_about
from tests.exchange.workbooks import saved


def bad(address_column: int, row: int, says: str = "应填数字，现为“六”。") -> BadCell:
    return BadCell("表", row, address_column, "数量", "六", says)


def book() -> bytes:
    made = Workbook()
    sheet = made.active
    sheet.title = "表"
    for row in (["数量", "金额"], ["六", 1], ["七", 2]):
        sheet.append(row)
    sheet["A2"].fill = PatternFill("solid", fgColor="FFEE88")
    sheet["B2"].fill = PatternFill("solid", fgColor=Color(theme=4, tint=0.5))
    sheet["A2"].comment = Comment("单位：人", "别人")
    return saved(made)


def look(content: bytes) -> dict[str, tuple]:
    """Fill and comment of each cell."""
    sheet = load_workbook(BytesIO(content))["表"]
    return {
        cell.coordinate: (
            cell.fill.patternType,
            cell.fill.fgColor.value,
            cell.comment.text if cell.comment else None,
        )
        for row in sheet.rows
        for cell in row
    }


def test_bad_cells_are_red_and_say_why() -> None:
    found = look(marks.marked(book(), [bad(1, 2), bad(2, 3, "应不小于 0。"), bad(2, 3, "太长。")]))
    assert found["A2"] == ("solid", "00FFC7CE", "【需改正】应填数字，现为“六”。")
    assert found["B3"] == ("solid", "00FFC7CE", "【需改正】应不小于 0。\n太长。")
    assert found["A3"] == look(book())["A3"]


def test_a_row_as_a_whole_is_marked_at_its_first_cell() -> None:
    assert look(marks.marked(book(), [bad(0, 3, "重复。")]))["A3"][2] == "【需改正】重复。"


def test_the_next_try_has_none_of_the_old_marks() -> None:
    first = marks.marked(book(), [bad(1, 2), bad(2, 2)])
    again = look(marks.marked(first, [bad(1, 3)]))
    before = look(book())
    assert [again[place] for place in ("A2", "B2", "B3")] == [
        before[place] for place in ("A2", "B2", "B3")
    ]
    assert again["A3"][2] == "【需改正】应填数字，现为“六”。"
    assert look(marks.marked(first, [])) == before


def test_the_marked_file_reads_as_before_and_its_hidden_sheet_is_ours() -> None:
    content = marks.marked(book(), [bad(1, 2)])
    read = read_book("a.xlsx", content)
    assert read.get("表").rows == read_book("a.xlsx", book()).get("表").rows
    assert notes_about(read, ["表"]) == []
