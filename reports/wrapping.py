"""Where a text breaks into lines: pure, and on the wide side of all the fonts that may step in.

Widths are counted in em, the width of a Chinese character."""

import re
from collections.abc import Iterator
from decimal import Decimal
from unicodedata import east_asian_width

TAB = Decimal(4)
CHINESE = Decimal("1.02")
LATIN = Decimal("0.66")  # a digit of DejaVu Sans, which LibreOffice takes where all else is missing
_WIDE_LATIN = frozenset("mwMW%@&")
# What stands together: a Latin word; punctuation that may not begin or end a line.
_UNIT = re.compile(r"[（《〈“‘【〔「]*(?:[!-~]+|[^!-~])[，。；：、！？）》〉”’】〕」％·…—]*")


def width_of(text: str) -> Decimal:
    return sum((_width(char) for char in text), Decimal(0))


def _width(char: str) -> Decimal:
    if char == "\t":
        return TAB
    return CHINESE if char in _WIDE_LATIN or east_asian_width(char) in "WFA" else LATIN


def wrap(text: str, room: Decimal) -> list[str]:
    """The lines the text takes in so many em; joined they are the text."""
    paragraphs = re.findall(r"[^\n]*\n|[^\n]+$", text)
    return [line for paragraph in paragraphs for line in _broken(paragraph, room)]


def _broken(paragraph: str, room: Decimal) -> Iterator[str]:
    line, used = "", Decimal(0)
    for unit in _units(paragraph, room):
        if line and used + width_of(unit.rstrip()) > room:
            yield line
            line, used = "", Decimal(0)
        line, used = line + unit, used + width_of(unit)
    yield line


def _units(paragraph: str, room: Decimal) -> Iterator[str]:
    """What is longer than a line falls into single characters."""
    for unit in _UNIT.findall(paragraph.rstrip("\n")):
        yield from [unit] if width_of(unit) <= room else unit
    if paragraph.endswith("\n"):
        yield "\n"
