"""The clauses of the outline: put together by hand, so escaped by hand."""

from reports import outline_rows
from reports.outline import Block, ChapterPart, ClauseText, Entry, SectionPart
from reports.outline_rows import Addresses
from tests.reports.work_builders import component, project, task
from tests.reports.workbook_builders import row

SHARP = '<b title="&\'">'
ESCAPED = "&lt;b title=&quot;&amp;&#x27;&quot;&gt;"
TO = Addresses(
    lambda code: f"/tasks/{code}/",
    lambda code: f"/projects/{code}/",
    lambda code: f"/i/{code}/",
    "/c/",
)


def clause(**fields: object) -> ClauseText:
    plain = {"pk": 7, "order": 1, "locator": "第1段", "summary": "概要", "sentences": 1}
    return ClauseText(
        **{**plain, "reason": "", "wording": "", "section": None, "box": None, **fields}
    )


def page(*entries: Entry) -> str:
    part = ChapterPart(1, "章", [SectionPart("节", [Block(None, entries)])])
    return outline_rows.chapter(part, TO)


def test_every_text_is_escaped() -> None:
    sharp = clause(locator=SHARP, summary=SHARP, reason=SHARP, wording=SHARP)
    work = task(measures=("done",))
    work.task.name = work.parts[0].text = SHARP
    work.parts[0].sentences = [1]
    built = project(parts=[component(name=SHARP)])
    built.project.name = SHARP
    texts = {"name": SHARP, "unit": SHARP, "label": SHARP, "target_short": SHARP}
    indicator = row(**texts, responsible=SHARP)
    whole = page(Entry(sharp), Entry(sharp, [indicator], [work], [built], [indicator], [work]))
    assert (SHARP in whole, whole.count(ESCAPED) > 15) == (False, True)


def test_a_clause_that_nothing_carries_out_says_so_or_why() -> None:
    assert "没有任务、项目或指标体现，也没有写明理由" in page(Entry(clause()))
    assert '<p class="because">现状回顾</p>' in page(Entry(clause(reason="现状回顾")))


def test_what_is_linked_bears_the_word() -> None:
    one = task()
    assert '<span class="mark">关联</span>' not in page(Entry(clause(), [], [one]))
    assert '<span class="mark">关联</span>' in page(Entry(clause(), [], [], [], [], [one]))
