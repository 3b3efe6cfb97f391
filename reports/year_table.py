"""The rows of an indicator's years and inputs as HTML: small values by the dozen, which a template
would look up one by one (as in `overview.py`).

Pure: rows in, markup out, every text of it escaped here. The frames of the tables are the
template's."""

from collections.abc import Iterable, Sequence
from html import escape

from reports.charts import Svg
from reports.inputs import InputRow
from reports.summary import NONE, YearCell
from reports.year_rows import YearRow


def years(rows: Iterable[YearRow], is_ratio: bool, series: Sequence[str], sources: str) -> Svg:
    """`series`: names of the growing series, each a column; `sources`: the address that a year's
    query is put behind. The first year is the base."""
    return Svg(
        "\n".join(
            _year(row, "（基期）" if not place else "", is_ratio, series, sources)
            for place, row in enumerate(rows)
        )
    )


def _year(row: YearRow, base: str, is_ratio: bool, series: Sequence[str], sources: str) -> str:
    parts = [row.numerator, row.denominator] if is_ratio else []
    parts += row.series or [NONE] * len(series)
    cells = "".join([f'<td class="num">{escape(part)}</td>' for part in parts])
    year, judged = row.cell.year, row.judgement
    return (
        f'<tr><th scope="row">{year}{base}</th>{cells}'
        f'<td class="num now">{escape(row.cell.number.text)}</td>'
        f'<td class="num">{escape(row.expected)}</td>'
        f'<td><span class="badge {judged.status}">{escape(judged.label)}</span></td>'
        f'<td>{_nature(row.cell)}</td><td class="screen-only nowrap">'
        f'<a href="{escape(sources + row.sources)}" aria-label="{year} 年数据的经手人和依据">'
        "经手与依据</a></td></tr>"
    )


def _nature(cell: YearCell) -> str:
    """年报数, or why there is no value."""
    notes = "".join([f"<small>{escape(note)}</small>" for note in cell.notes])
    if cell.number.value is None:
        return notes
    mark = ' <span class="mark">历史数据</span>' if cell.is_historical else ""
    return f"{escape(cell.nature)}{mark}{notes}"


def inputs(rows: Iterable[InputRow]) -> Svg:
    return Svg("\n".join([_input(row) for row in rows]))


def _input(row: InputRow) -> str:
    code = f' <span class="muted">{escape(row.code)}</span>' if row.code else ""
    remark = f"<small>{escape(row.remark)}</small>" if row.remark else ""
    amounts = "".join([f'<td class="num">{escape(amount)}</td>' for amount in row.amounts])
    return (
        f'<tr><td class="nowrap">{escape(row.role)}</td><th scope="row">{escape(row.name)}{code}'
        f'{remark}</th><td class="nowrap">{escape(row.measure)}</td>{amounts}</tr>'
    )
