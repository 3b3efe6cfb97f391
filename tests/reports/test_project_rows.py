"""The table of projects: put together by hand, so escaped by hand."""

from datetime import date
from decimal import Decimal

from reports import project_rows
from reports.project_list import project_list
from reports.work_rows import component_row
from tests.reports.work_builders import component, project

SHARP = '<b title="&\'">'


def test_every_text_is_escaped() -> None:
    parts = [component(name=SHARP, measure=SHARP), component(name=SHARP)]
    several, single = project(parts=parts), project(parts=[component(measure=SHARP)])
    several.project.name = single.project.name = SHARP
    page = project_rows.body(project_list([several, single], {}), lambda code: f"/p/{code}/")
    assert (SHARP in page, "&lt;b title=&quot;&amp;&#x27;&quot;&gt;" in page) == (False, True)


def test_a_project_with_an_overdue_part_bears_the_mark_itself() -> None:
    late = component(planned_end=date(2022, 6, 30))
    page = project_rows.body(project_list([project(parts=[late, component()])], {}), str)
    whole = page.split('<tr class="whole">')[1].split("</tr>")[0]
    assert '<span class="mark alert">超期</span>' in whole


def test_a_quantity_that_the_plan_leaves_open_is_called_so() -> None:
    def said(**fields: object) -> str:
        one = component(measure="个", **fields)
        return project_rows.quantity(component_row(project(parts=[one]), one, []))

    unit = ' <span class="unit">个</span>'
    assert said(planned="13", quantity=Decimal(8)) == f"8 / 13{unit}"
    assert said(planned="13") == f"— / 13{unit}"
    assert said(planned=None, quantity=Decimal(27)) == f"27{unit} <small>计划数量未定</small>"
    assert said(planned=None) == "—"
