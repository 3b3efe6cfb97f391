"""The few pictures the README shows: what a visitor sees first, small enough for a repository."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from tests.screenshots.site import ROOT

FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 150 * 1024  # bytes of one picture


@dataclass(frozen=True)
class Chosen:
    """`page`: name in the table of pages; the viewport is all that is shown."""

    file: str
    page: str
    width: int
    height: int


CHOSEN = [
    Chosen("dashboard.png", "dashboard", 1440, 900),
    Chosen("indicator.png", "indicator", 1440, 900),
    Chosen("return.png", "return", 1440, 900),
    Chosen("phone.png", "dashboard", 390, 844),
]


def store(chosen: Chosen, picture: bytes) -> Path:
    """As a picture with a palette; with fewer colours where it would be too large."""
    file = FOLDER / chosen.file
    file.parent.mkdir(parents=True, exist_ok=True)
    colours = 256
    while len(small := _small(picture, colours)) > LARGEST and colours > 8:
        colours //= 2
    file.write_bytes(small)
    return file


def _small(picture: bytes, colours: int) -> bytes:
    """MAXCOVERAGE keeps the colours of the few: amber stays amber beside red."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(picture)) as image:
        few = image.convert("RGB").quantize(
            colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    few.save(out, "PNG", optimize=True)
    return out.getvalue()
