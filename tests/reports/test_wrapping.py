"""Where a text breaks: never too late, and without losing a character."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.wrapping import width_of, wrap


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("民政事业", ["民政事业"]),
        ("民政事业发展规划", ["民政事业", "发展规划"]),
        ("民政事业。发展", ["民政事", "业。发展"]),
        ("一\n\n二", ["一\n", "\n", "二"]),
        ("到 2025年", ["到 ", "2025年"]),
        ("abcdefghij", ["abcdef", "ghij"]),
    ],
)
def test_four_characters_to_a_line(text, lines):
    assert wrap(text, Decimal("4.1")) == lines


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])), st.integers(2, 40))
def test_nothing_is_lost_and_no_line_is_wider_than_its_room(text, room):
    lines = wrap(text, Decimal(room))
    assert "".join(lines) == text
    assert all(width_of(line.rstrip()) <= room or len(line) == 1 for line in lines)
