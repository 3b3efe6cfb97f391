"""The rows of the 总表 as HTML: thousands of small values, which a template would look up one by
one at five times the cost of everything else on the page.

Pure: a `Summary` in, markup out, every text of it escaped here. The frame of the table, and every
other page, is a template (`components/indicator_table.html`)."""

from collections.abc import Callable, Sequence
from html import escape

from plans.remembered import remember
from plans.versions import Tokens
from reports import charts
from reports.charts import Svg
from reports.summary import Row, Summary, YearCell


def body(
    summary: Summary,
    rows: Sequence[Row],
    address: Callable[[str], str],
    numbered: bool,
    tokens: Tokens | None = None,
) -> Svg:
    """`address`: code → the page of the indicator; `numbered`: by 序号 with 属性, or by code. What
    was drawn of a row is remembered with it."""
    last = summary.plan.end_year

    def drawn(row: Row, where: str) -> str:
        return remember(
            tokens or {},
            ("tr", where, numbered),
            lambda: _row(row, escape(where), numbered, last),
            (row,),
        )

    return Svg("\n".join(drawn(row, address(row.code)) for row in rows))


def _row(row: Row, address: str, numbered: bool, last_year: int) -> str:
    behind = ' class="is-behind"' if row.is_behind else ""
    *before, now = row.cells
    return (
        f'<tr{behind}><td class="no">{row.row_no if numbered else escape(row.code)}</td>'
        f'<th scope="row" class="name"><a href="{address}">{escape(row.name)}</a>{_marks(row)}</th>'
        f'<td class="nowrap">{escape(row.unit)}</td>{_attribute(row) if numbered else ""}'
        f"{''.join([_cell(cell, 'num') for cell in before])}{_cell(now, 'num now')}"
        f'<td class="trend">{spark(row)}</td>'
        f'<td class="num expected">{row.expected.text}</td>'
        f'<td class="num deviation">{row.deviation.text}</td>'
        f'<td class="target">{escape(row.target_short)}{_due(row, last_year)}</td>'
        f'<td class="verdict"><span class="badge {row.status}">{escape(row.label)}</span>'
        f"{bullet(row)}</td>"
        f'<td class="gap">{_gap(row)}</td>'
        f'<td class="who">{escape(row.responsible)}<small>{escape(row.supervisor)}</small></td>'
        "</tr>"
    )


def _marks(row: Row) -> str:
    """“注” where the office has read the plan, “待核” where it has to be checked."""
    note = verify = ""
    if row.is_interpretation:
        note = (
            f' <a class="note-mark" href="#note-{escape(row.code)}" '
            'title="办公室确定的口径，见表下说明">注</a>'
        )
    if row.to_verify:
        title = escape(row.to_verify)
        verify = f' <span class="mark alert" title="{title}">{row.verify_mark}</span>'
    return note + verify


def _attribute(row: Row) -> str:
    label = escape(row.attribute_label)
    marked = f'<span class="mark binding">{label}</span>' if row.is_binding else label
    return f'<td class="nowrap attribute">{marked}</td>'


def _cell(cell: YearCell, name: str) -> str:
    text = cell.number.text
    if cell.notes:
        why = escape("".join(f"{note}；" for note in cell.notes))
        text = f'<abbr title="{why}">{text}</abbr>'
    return f'<td class="{name}">{text}{f"<small>{cell.mark}</small>" if cell.mark else ""}</td>'


def _due(row: Row, last_year: int) -> str:
    return "" if row.due_year == last_year else f"<small>{row.due_year} 年到期</small>"


def _gap(row: Row) -> str:
    if row.gap_text or not row.current.notes:
        return escape(row.gap_text)
    return f"<small>{escape('；'.join(row.current.notes))}</small>"


def bullet(row: Row) -> Svg:
    said = f"基期 {row.base}，{row.current.year} 年 {row.current.number}，目标 {row.target}"
    return charts.bullet(
        row.current.number.value,
        row.target.value,
        base=row.base.value if row.goal.value is not None else None,
        expected=row.expected.value,
        status=row.status,
        title=said,
    )


def spark(row: Row) -> Svg:
    return charts.sparkline(
        [cell.year for cell in row.cells],
        [cell.number.value for cell in row.cells],
        None if row.target_is_moving else row.target.value,
        row.status,
    )
