"""The table of projects as HTML, put together by hand as in `overview.py`: at fifty components a
template takes four times as long.

Pure: a `ProjectList` in, markup out, every text of it escaped here. Each cell bears the heading of
its column, which a phone prints beside it."""

from collections.abc import Callable, Iterable
from html import escape

from reports.charts import Svg
from reports.project_list import COLUMNS, BoxPart, Line, ProjectList, Sums, money_cells
from reports.summary import Number
from reports.work_rows import ComponentRow, Money, unit_of

MONEY = tuple(COLUMNS.values())
OVERDUE = ' <span class="mark alert">超期</span>'
SPANNED = 5  # columns before the money
Address = Callable[[str], str]  # code → page of the project, escaped


def body(found: ProjectList, to: Address) -> Svg:
    return Svg("\n".join([*(_box(box, to) for box in found.boxes), _total(found)]))


def _box(box: BoxPart, to: Address) -> str:
    lines = "\n".join(_line(line, to) for line in box.lines)
    also = f"；另有 {box.sums.overlapping} 个与专栏项目重叠，不计入" if box.sums.overlapping else ""
    head = _sum_row("group", "rowgroup", box.name, _counted(box.sums) + also, box.sums.money)
    return f"<tbody>\n{head}\n{lines}\n</tbody>"


def _total(found: ProjectList) -> str:
    sums = found.sums
    said = [_counted(sums) + (f"，其中 {sums.late} 个项目滞后或超期" if sums.late else "")]
    if sums.overlapping:
        said.append(f"另有 {sums.overlapping} 个与专栏项目重叠，不重复计")
    if found.spanning:
        said.append(f"其中跨乡镇 {found.spanning} 个子项，金额为全部乡镇合计")
    return f"<tfoot>{_sum_row('total', 'row', '合计', '；'.join(said), sums.money)}</tfoot>"


def _counted(sums: Sums) -> str:
    return f"{sums.projects} 个项目，{sums.components} 个子项"


def _sum_row(kind: str, scope: str, name: str, said: str, money: Money) -> str:
    return (
        f'<tr class="{kind}"><th scope="{scope}" class="name" colspan="{SPANNED}">{escape(name)}'
        f'<small>{said}</small></th>{_money(money)}<td colspan="2"></td></tr>'
    )


def _line(line: Line, to: Address) -> str:
    if line.is_whole:
        return "\n".join(_row(row, _project_name(line, to), "whole") for row in line.rows)
    rows = (_row(row, escape(row.name), "part") for row in line.rows)
    return "\n".join([_project_row(line, to), *rows])


def _project_row(line: Line, to: Address) -> str:
    """The project itself, above its components."""
    one = line.standing
    overdue = one.is_overdue and one.status != "behind"
    return _tr(
        "whole" if one.counts else "whole uncounted",
        _project_name(line, to),
        (
            _cell("承诺", _grade(one.project.get_grade_display())),
            _cell("乡镇", "", "place"),
            _cell("完成 / 计划", "", "num"),
            _cell("形象进度", ""),
            _money(line.money),
            _cell("状态", _badge(one.badge, one.label) + (OVERDUE if overdue else "")),
            _cell("牵头单位", escape(unit_of(one.lead)), "who"),
        ),
    )


def _row(row: ComponentRow, name: str, kind: str) -> str:
    overdue = row.is_late and row.status != "behind"
    status = _badge(row.status or "not_reported", row.label)
    stage = f"{row.stage}{_unit(row.percent.text) if row.percent.value is not None else ''}"
    return _tr(
        f"{kind} uncounted" if row.counted_in else kind,
        name,
        (
            _cell("承诺", _grade(row.grade)),
            _cell("乡镇", escape(row.townships), "place"),
            _cell("完成 / 计划", quantity(row), "num"),
            _cell("形象进度", stage, "nowrap"),
            _money(row.money),
            _cell("状态", status + (OVERDUE if overdue else "")),
            _cell("牵头单位", escape(row.unit) if kind == "whole" else "", "who"),
        ),
    )


def quantity(row: ComponentRow) -> Svg:
    """“8 / 13 个”; where the plan leaves the number open, what is there, and that it is open."""
    done, planned = row.quantity, row.planned
    unit = _unit(row.measure) if row.measure else ""
    if planned.value is not None:
        return Svg(f"{done.text} / {planned.text}{unit}")
    if done.value is None:
        return Svg("—")
    return Svg(f"{done.text}{unit} <small>计划数量未定</small>")


def _tr(kind: str, name: str, cells: Iterable[str]) -> str:
    return f'<tr class="{kind}"><th scope="row" class="name">{name}</th>{"".join(cells)}</tr>'


def _project_name(line: Line, to: Address) -> str:
    project, same = line.standing.project, line.standing.counted_in
    name = f'<a href="{to(project.code)}">{escape(project.code)} {escape(project.name)}</a>'
    if line.hidden:
        name += f" <small>另有 {line.hidden} 个子项不在筛选范围</small>"
    if same:
        where = f'<a href="{to(same)}">{escape(same)}</a>'
        name += f" <small>与 {escape(same)} 是同一事项，进展见 {where}，不计入合计</small>"
    return name


def _cell(label: str, text: str, kind: str = "") -> str:
    """Empty cells say so, so that a phone leaves them out."""
    kinds = kind if text else f"{kind} blank".strip()
    named = f' class="{kinds}"' if kinds else ""
    return f'<td{named} data-label="{label}">{text}</td>'


def _money(money: Money) -> str:
    return "".join(map(_amount, MONEY, money_cells(money)))


def _amount(label: str, number: Number) -> str:
    return f'<td class="num" data-label="{label}">{number.text}</td>'


def _unit(text: str) -> str:
    return f' <span class="unit">{escape(text)}</span>'


def _grade(label: str) -> str:
    return f'<span class="mark">{escape(label)}</span>'


def _badge(key: str, label: str) -> str:
    return f'<span class="badge {key}">{escape(label)}</span>'
