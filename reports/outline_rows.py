"""The clauses of the outline as HTML: some thousand small values, which a template would look up
one by one at three times the cost of everything else on the page (as `overview.py` does for the
总表).

Pure: entries in, markup out, every text of them escaped here. The frame of the page is a
template (`reports/outline.html`)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from plans.remembered import Same, remember
from plans.versions import Tokens
from programs.standing import ProjectStanding, TaskStanding
from reports.charts import Svg
from reports.outline import Block, ChapterPart, Entry, SectionPart
from reports.sentences import Became, Sentence
from reports.summary import Row
from reports.work_rows import unit_of

BARE = '<p class="lack">没有任务、项目或指标体现，也没有写明理由</p>'


@dataclass(frozen=True)
class Addresses:
    """Code → the page of a task, a project, an indicator, each already escaped; `coverage`: of the
    page with every sentence. `tokens`: of the data, where what was drawn may be remembered."""

    task: Callable[[str], str]
    project: Callable[[str], str]
    indicator: Callable[[str], str]
    coverage: str
    tokens: Tokens = field(default_factory=dict)


def chapter(part: ChapterPart, to: Addresses) -> Svg:
    """What stands under the heading of the chapter."""
    return Svg("".join(_section(one, to) for one in part.sections))


def _section(part: SectionPart, to: Addresses) -> str:
    head = f'<h3 class="section-head">{escape(part.name)}</h3>\n' if part.name else ""
    return head + "".join(_block(block, to) for block in part.blocks)


def _block(block: Block, to: Addresses) -> str:
    head = f'<h4 class="box-head">{escape(str(block.box))}</h4>\n' if block.box else ""
    name = "clause boxed" if block.box else "clause"
    return head + "".join(_article(entry, name, to) for entry in block.entries)


def _article(entry: Entry, name: str, to: Addresses) -> str:
    clause, anchor, text = entry.clause, entry.anchor, escape(entry.clause.wording)
    wording = f'<blockquote class="wording">{text}</blockquote>\n' if text else ""
    return (
        f'<article class="{name}" id="{anchor}">\n'
        f'<div class="clause-where"><a href="#{anchor}">{escape(clause.locator)}</a>'
        f'<a class="screen-only" href="{to.coverage}#{anchor}">逐句核对</a></div>\n'
        f'<div class="clause-what"><p>{escape(clause.summary)}</p>\n'
        f"{wording}{_became(entry, to)}{_because(entry)}{_by_sentence(entry, to)}"
        "</div>\n</article>\n"
    )


def _because(entry: Entry) -> str:
    if entry.tasks or entry.projects or entry.indicators:
        return ""
    reason = entry.clause.reason
    return f'<p class="because">{escape(reason)}</p>\n' if reason else BARE


# --- what carries it out ---------------------------------------------------------------------


def _became(entry: Entry, to: Addresses) -> str:
    lines = [
        *(_task(one, to) for one in entry.tasks),
        *(_project(one, said, to) for one, said in entry.project_lines),
        *(_indicator(row, to) for row in entry.indicators),
        *(_indicator(row, to, LINKED) for row in entry.linked),
        *(_task(one, to, LINKED) for one in entry.serving),
    ]
    return f'<ul class="became">\n{"".join(lines)}</ul>\n' if lines else ""


LINKED = ' <span class="mark">关联</span>'


def _line(kind: str, what: str, how: str, status: str, who: str) -> str:
    return (
        f'<li><span class="kind">{kind}</span><span>{what}</span>'
        f'<span class="how">{how}</span><span>{status}</span>'
        f'<span class="who">{escape(who)}</span></li>\n'
    )


def _badge(key: str, label: str) -> str:
    return f'<span class="badge {key}">{escape(label)}</span>'


def _mark(label: str) -> str:
    return f'<span class="mark">{escape(label)}</span>'


def _task(one: TaskStanding, to: Addresses, linked: str = "") -> str:
    task = one.task
    name = f'<a href="{to.task(task.code)}">{escape(task.code)} {escape(task.name)}</a>'
    how = f"措施 {one.ended}/{one.measures} 办结" if one.measures else ""
    what = f"{name} {_mark(task.get_grade_display())}{linked}"
    kind = task.get_kind_display()
    return _line(kind, what, how, _badge(one.badge, one.label), unit_of(one.lead))


def _project(one: ProjectStanding, said: str, to: Addresses) -> str:
    project, parts = one.project, len(one.components)
    name = f'<a href="{to.project(project.code)}">{escape(project.code)} {escape(project.name)}</a>'
    same = f" {_mark(f'进展见 {one.counted_in}')}" if one.counted_in else ""
    small = f"<small>{escape(said)}</small>" if said else ""
    what = f"{name} {_mark(project.get_grade_display())}{same}{small}"
    overdue = one.is_late and one.status != "behind"
    status = _badge(one.badge, one.label)
    status += ' <span class="mark alert">超期</span>' if overdue else ""
    return _line("项目", what, f"{parts} 个子项" if parts > 1 else "", status, unit_of(one.lead))


def _indicator(row: Row, to: Addresses, linked: str = "") -> str:
    name = f'<a href="{to.indicator(row.code)}">{escape(row.code)} {escape(row.name)}</a>'
    binding = ' <span class="mark binding">约束性</span>' if row.is_binding else ""
    now = row.current.number
    unit = f" {escape(row.unit)}" if now.value is not None else ""
    how = f"{escape(now.text)}{unit}<small>目标 {escape(row.target_short)}</small>"
    status = _badge(row.status, row.label)
    return _line("指标", f"{name}{linked}{binding}", how, status, row.responsible)


# --- sentence by sentence --------------------------------------------------------------------


def _by_sentence(entry: Entry, to: Addresses) -> str:
    """Remembered by all that goes into it: the clause, its measures and components as they are laid
    down, and what was said of them."""
    tasks = ((Same(one.parts), Same(one.content)) for one in entry.tasks)
    parts = (part for one in entry.projects for part in one.components)
    components = ((Same(part.component), Same(part.content)) for part in parts)
    name = ("by sentence", entry.clause, to.coverage, *tasks, *components)
    return remember(to.tokens, name, lambda: _sentences(entry, to))


def _sentences(entry: Entry, to: Addresses) -> str:
    if not entry.has_parts:
        return ""
    lines = "".join(_sentence(one, to) for one in entry.sentences)
    return (
        f'<details class="by-sentence"><summary>逐句落实（{len(entry.sentences)} 句）</summary>'
        f'<ol class="sentences">{lines}</ol></details>\n'
    )


def _sentence(one: Sentence, to: Addresses) -> str:
    text = f"<q>{escape(one.text)}</q>" if one.text else ""
    bare = '<span class="lack">没有措施或子项体现</span>' if one.is_bare else ""
    return (
        f'<li><span class="from">第 {one.number} 句</span>'
        f"<div>{text}{_parts(one.parts, to)}{bare}</div></li>\n"
    )


def _parts(parts: Sequence[Became], to: Addresses) -> str:
    return "".join(_part(part, to) for part in parts)


def _part(part: Became, to: Addresses) -> str:
    address = to.task(part.code) if part.is_measure else to.project(part.code)
    said = f"<small>{escape(part.said)}</small>" if part.said else ""
    return (
        f'<p class="part">{_badge(part.badge, part.label)}<span>'
        f'<a href="{address}">{escape(part.name)}</a> {escape(part.text)} '
        f"{_mark(part.grade)}{said}</span></p>"
    )
