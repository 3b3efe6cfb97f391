"""Numbers → SVG, as text: drawn on the server, coloured by app.css, complete without a script.

Pure: no database, no clock. Positions are plain floats; what a chart says stands beside it as a
number, so nothing is ever read off a chart alone. A status has one shape, one colour and one word
everywhere (`marks.py`); no two labels ever overlap (`placing.py`)."""

from reports.charts.marks import mark
from reports.charts.shown import Aim, Milestone, Other, Point, Trend
from reports.charts.small import bar, bullet, clock, sparkline
from reports.charts.svg import Span, Svg
from reports.charts.trend import trend

__all__ = [
    "Aim",
    "Milestone",
    "Other",
    "Point",
    "Span",
    "Svg",
    "Trend",
    "bar",
    "bullet",
    "clock",
    "mark",
    "sparkline",
    "trend",
]
