"""Pictures of building sites for the sample: drawn, and marked 演示, so that nobody takes them for
photographs."""

import io

from PIL import Image, ImageDraw

SIZE = (960, 640)
GROUND = 520
SKY, HILL, EARTH = "#dfe8f1", "#a9bfae", "#c9b79c"
WALL, RAW, GLASS, CRANE = "#f2efe8", "#b9bcc0", "#7fa3c4", "#c98a2b"
LEFT, RIGHT, FLOOR, STOREYS = 250, 710, 70, 4
# 演 and 示, 16 × 16 dots, a hexadecimal number a line: no font has to be there.
GLYPHS = (
    "206030600ffe040203fc6060306003fc026403fc1a64126433fc2098630c0402",
    "00003ffc0000000000007ffe0180018019981188318c21846186018007000000",
)
DOT = 4


def picture(scene: str) -> bytes:
    """A PNG of one of `SCENES`."""
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    draw.polygon([(0, GROUND), (180, 300), (420, 420), (700, 260), (960, 400), (960, GROUND)], HILL)
    draw.rectangle([0, GROUND, *SIZE], EARTH)
    SCENES[scene](draw)
    _mark(draw)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _started(draw: ImageDraw.ImageDraw) -> None:
    """A levelled site, the first footings, a fence."""
    for x in range(LEFT, RIGHT, 115):
        draw.rectangle([x, GROUND - 26, x + 60, GROUND], RAW)
    for x in range(60, 901, 60):
        draw.line([x, GROUND + 20, x, GROUND + 70], CRANE, 5)
    draw.line([60, GROUND + 35, 900, GROUND + 35], CRANE, 5)
    _crane(draw)


def _structure(draw: ImageDraw.ImageDraw) -> None:
    """Floors and columns without walls."""
    for storey in range(STOREYS):
        top = GROUND - (storey + 1) * FLOOR
        draw.rectangle([LEFT, top, RIGHT, top + 12], RAW)
        for x in range(LEFT, RIGHT, 111):
            draw.rectangle([x, top, x + 14, top + FLOOR], RAW)
    _crane(draw)


def _completed(draw: ImageDraw.ImageDraw) -> None:
    """The house with its windows, a door, trees."""
    draw.rectangle([LEFT, GROUND - STOREYS * FLOOR, RIGHT, GROUND], WALL, RAW, 3)
    draw.polygon(
        [(LEFT - 24, GROUND - STOREYS * FLOOR), (480, 180), (RIGHT + 24, GROUND - STOREYS * FLOOR)],
        CRANE,
    )
    for storey in range(STOREYS):
        top = GROUND - (storey + 1) * FLOOR + 18
        for x in range(LEFT + 30, RIGHT - 40, 70):
            draw.rectangle([x, top, x + 40, top + 36], GLASS)
    draw.rectangle([412, GROUND - 58, 538, GROUND], "#6b5640")
    for x in (140, 820):
        draw.rectangle([x - 6, GROUND - 60, x + 6, GROUND], "#6b5640")
        draw.ellipse([x - 46, GROUND - 150, x + 46, GROUND - 50], "#5f8f68")


def _crane(draw: ImageDraw.ImageDraw) -> None:
    draw.rectangle([790, 130, 802, GROUND], CRANE)
    draw.rectangle([520, 130, 880, 140], CRANE)
    draw.line([590, 140, 590, 230], CRANE, 3)


def _mark(draw: ImageDraw.ImageDraw) -> None:
    """演示 in the corner, large enough for a thumbnail."""
    for place, glyph in enumerate(GLYPHS):
        for y in range(16):
            line = int(glyph[y * 4 : y * 4 + 4], 16)
            for x in range(16):
                if line >> (15 - x) & 1:
                    left, top = 40 + place * 20 * DOT + x * DOT, 36 + y * DOT
                    draw.rectangle([left, top, left + DOT - 1, top + DOT - 1], "#9c2f2f")


SCENES = {"开工": _started, "主体": _structure, "竣工": _completed}
