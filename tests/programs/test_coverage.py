"""What represents each clause, and what nothing represents."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.models import Plan
from programs.coverage import ClauseCoverage, clause_coverage, known_names, work_differences
from programs.loading import load_plan
from tests.indicators.plan_folder import FIRST, SECOND
from tests.plans.folders import folder, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tmp_path) -> Plan:
    return load_plan(folder(tmp_path / "plan"))


def coverage_of(plan: Plan, locator: str) -> ClauseCoverage:
    return next(one for one in clause_coverage(plan) if one.clause.locator == locator)


def test_a_clause_has_its_task_and_each_sentence_its_measures(plan):
    one = coverage_of(plan, "第二章第一节 第1段")
    assert one.names == ["任务 2.1-1"]
    assert {number: list(map(str, by)) for number, by in one.sentences.items()} == {
        1: ["2.1-1-1 增加床位"],
        2: ["2.1-1-1 增加床位", "2.1-1-2 检查床位"],
    }
    assert (one.is_bare, one.bare_sentences) == (False, [])


def test_a_table_row_has_its_indicator_and_no_sentences(plan):
    one = coverage_of(plan, "表1 第1行")
    assert (one.names, one.sentences, one.is_bare) == (["指标 1"], {}, False)


def test_a_clause_with_a_reason_needs_nothing(plan):
    one = coverage_of(plan, "前言 第1段")
    assert (one.names, one.is_bare, one.bare_sentences) == ([], False, [])


def test_without_work_and_reason_a_clause_is_bare(tmp_path):
    work = dict.fromkeys(("tasks", "measures", "projects", "components"))
    numbers = [[*row[:3], "", "没有任务"] for row in rows("numbers")]
    plan = load_plan(folder(tmp_path / "plan", **work, numbers=numbers))
    says = "没有任务、项目或指标体现，也没有写明不设任务的理由，请补上。"
    assert work_differences(clause_coverage(plan)) == [
        f"第二章第一节 第1段：{says}",
        f"专栏1 第1条：{says}",
        f"专栏1 第2条：{says}",
        f"第二章第一节 第2段：{says}",
        f"第二章第二节 第1段：{says}",
    ]


def test_a_clause_with_an_indicator_only_lacks_all_its_sentences(plan):
    clause = plan.clauses.get(locator="第二章第一节 第2段")
    plan.tasks.get(clause=clause).delete()
    plan.indicators.filter(code="2").update(clause=clause)
    assert work_differences(clause_coverage(plan)) == [
        "第二章第一节 第2段：第 1、2 句没有措施或子项体现，请补上。"
    ]


def test_two_projects_of_one_item_cover_its_sentences_together(plan):
    clause = plan.clauses.get(locator="专栏1 第1条")
    plan.clauses.filter(pk=clause.pk).update(sentences=3)
    plan.projects.filter(code="Z1-2").update(clause=clause)
    second = plan.projects.get(code="Z1-2").components.get()
    second.sentences = [2, 3]
    second.save()
    one = coverage_of(plan, "专栏1 第1条")
    assert (one.names, one.bare_sentences) == (["项目 Z1-1", "项目 Z1-2"], [])


def test_everything_that_can_represent_a_number_has_one_name(plan):
    assert known_names(plan) == {
        *("指标 1", "指标 2", "数据项 D1", "数据项 D2", "数据项 H-1"),
        *("任务 2.1-1", "任务 2.1-2", "任务 2.2-1", "项目 Z1-1", "项目 Z1-2"),
        *("措施 2.1-1-1", "措施 2.1-1-2", "措施 2.1-2-1", "措施 2.1-2-2", "措施 2.2-1-1"),
        *("子项 Z1-1-1", "子项 Z1-2-1"),
    }


def test_another_plans_work_represents_nothing_here(plan):
    other = load_plan(SECOND)
    assert work_differences(clause_coverage(other)) == []
    assert "措施 2.1-2-1" not in known_names(other)


def test_the_number_of_queries_does_not_grow(plan):
    def queries(of: Plan) -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            _ = [(one.names, one.sentences, one.bare_sentences) for one in clause_coverage(of)]
        return len(asked)

    assert (queries(plan), queries(load_plan(FIRST))) == (6, 6)


def test_the_plan_in_the_repository_represents_every_clause_and_number_of_chapters_2_to_5():
    coverage = clause_coverage(load_plan(FIRST))
    assert work_differences(coverage) == []
    later = [
        one
        for one in coverage
        if one.clause.section
        and one.clause.section.chapter.number >= 2
        and one.clause.kind != "table_row"
    ]
    assert len(later) == 47
    assert [str(one.clause) for one in later if not (one.tasks or one.projects)] == []
    assert [str(one.clause) for one in later if one.clause.reason] == []
    parts = [part for one in later for by in one.sentences.values() for part in by]
    assert len({(type(part), part.pk) for part in parts}) == 273 + 50
