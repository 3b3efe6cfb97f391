"""The shape of each status, the one that its badge has in app.css: told apart without colour, by
colour-blind people and on black-and-white paper. Pure."""

from html import escape

# Around the origin, about 10 pixels wide: the outline, and what is drawn upon it.
CIRCLE = "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z"
SQUARE = "M-4.5-4.5h9v9h-9z"
DOWN = "M-5.2-4h10.4L0 5z"
CROSS = "M-2-2L2 2M2-2L-2 2"
SHAPES = {
    "met": (CIRCLE, "M-2.5.2L-.8 2 2.5-1.8"),
    "ahead": ("M0-5L5.2 4H-5.2z", ""),
    "on_pace": (CIRCLE, "M-1 0h2M0-1v2"),
    "slightly_behind": (DOWN, ""),
    "far_behind": (DOWN, ""),
    "worse_than_base": (SQUARE, "M0-2.6v5M-2.2.4L0 2.6 2.2.4"),
    "below": (CIRCLE, CROSS),
    "missed_target": (SQUARE, CROSS),
    "not_judged": (CIRCLE, ""),
    "not_reported": (SQUARE, ""),
    "not_applicable": ("M-4 0h8", ""),
    "base": ("M0-5.2L5.2 0 0 5.2-5.2 0z", ""),
    "milestone": ("M0-4.5L4.5 0 0 4.5-4.5 0z", ""),
}
PLAIN = (CIRCLE, "")


def mark(status: str, x: float, y: float, title: str = "", *, guess: bool = False) -> str:
    """The status at a place; `guess`: a 预计数, drawn hollow. `title` is told on pointing at it."""
    outline, upon = SHAPES.get(status, PLAIN)
    inner = f'<path class="upon" d="{upon}"/>' if upon and not guess else ""
    told = f"<title>{escape(title)}</title>" if title else ""
    name = f"mk {status} guess" if guess else f"mk {status}"
    return (
        f'<g class="{name}" transform="translate({x} {y})">{told}<path d="{outline}"/>{inner}</g>'
    )
