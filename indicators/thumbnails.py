"""Images are never shown as they came: a small PNG is painted anew from their pixels, without
whatever else the file carried (place, camera, colour profiles, hidden bytes)."""

import io

from PIL import Image, ImageOps, UnidentifiedImageError

SIDE = 240
PIXELS = 60_000_000  # a good telephone takes 50 million
FORMATS = ("JPEG", "PNG")


class NotAnImage(Exception):
    """It cannot be painted: no image, damaged, or too many pixels."""


def thumbnail(content: bytes) -> bytes:
    """At most 240 × 240, PNG. Raises NotAnImage."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            return _painted(image)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError) as error:
        raise NotAnImage from error
    except (SyntaxError, ValueError, EOFError) as error:  # Pillow's ways to say “damaged”
        raise NotAnImage from error


def _painted(image: Image.Image) -> bytes:
    """Pillow's own limit (`MAX_IMAGE_PIXELS`) only warns up to twice its number."""
    if image.width * image.height > PIXELS:
        raise NotAnImage
    image.thumbnail((SIDE, SIDE))  # a JPEG is decoded small from the start
    colours = ImageOps.exif_transpose(image).convert("RGBA")
    canvas = Image.new("RGB", colours.size, "white")
    canvas.paste(colours, mask=colours)
    out = io.BytesIO()
    canvas.save(out, "PNG", optimize=True)
    return out.getvalue()
