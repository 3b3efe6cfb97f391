"""The rows of the township table as HTML: a hundred small values, which a template would look up
one by one (as in `overview.py`).

Pure: a `TownList` in, markup out, every text of it escaped here. The frame of the table is the
template's."""

from decimal import Decimal
from html import escape

from reports import charts
from reports.charts import Svg
from reports.inputs import Town, TownList, TownYear

STATES = {"blank": '<span class="muted">缺数据</span>', "gone": '<span class="muted">已撤并</span>'}
LACKS = '<span class="lack">尚未达到</span>'


def body(found: TownList) -> Svg:
    """One row a township: its years; of numbers a bar of the chosen one beside those of the others;
    how it stands."""
    values = [town.value for town in found.current if town.value is not None]
    ends = (max(values, default=Decimal(0)), min(values, default=Decimal(0)))
    return Svg("\n".join(_row(town, found, ends) for town in found.towns))


def _row(town: Town, found: TownList, ends: tuple[Decimal, Decimal]) -> str:
    (*before, now), yes_no = town.years, found.is_yes_no
    cells = "".join([_cell(one, yes_no, "num") for one in before])
    state = LACKS if town.is_lacking else STATES.get(town.mark, "")
    return (
        f'<tr><th scope="row">{escape(town.name)}</th>{cells}{_cell(now, yes_no, "num now")}'
        f"{_bar(town, ends) if found.has_bars else ''}<td>{state}</td></tr>"
    )


def _bar(town: Town, ends: tuple[Decimal, Decimal]) -> str:
    """Nothing for a township that has ended; 是 and 否 have marks of their own and no length."""
    kind = "lack" if town.is_lacking else town.mark
    drawn = "" if town.mark == "gone" else charts.bar(town.value, ends[0], kind, smallest=ends[1])
    return f'<td class="bar">{drawn}</td>'


def _cell(one: TownYear, yes_no: bool, name: str) -> str:
    text = escape(one.text)
    if yes_no and one.mark in {"yes", "no"}:
        text = f'<span class="{one.mark}">{text}</span>'
    elif one.mark in {"blank", "gone"}:
        text = f'<span class="muted">{text}</span>'
    return f'<td class="{name}">{text}</td>'
