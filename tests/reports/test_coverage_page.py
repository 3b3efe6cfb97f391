"""What represents each sentence and number of the plan, what nothing represents first."""

import pytest

from plans.models import Clause, StatedNumber
from programs.models import Component, Measure
from reports.coverage_page import Coverage
from reports.sentences import split
from tests.reports.builders import queries, text_of
from tests.reports.test_outline import more
from tests.work import Work

pytestmark = pytest.mark.django_db


def shown(client) -> Coverage:
    return client.get("/coverage/").context["coverage"]


def faults(found: Coverage) -> list[tuple[str, list[str]]]:
    return [(line.clause.locator, line.faults) for line in found.faulty]


def test_every_sentence_says_what_represents_it(work: Work, as_person) -> None:
    found = shown(as_person("leader"))
    assert faults(found) == []
    assert [
        (line.clause.locator, [[part.name for part in one.parts] for one in line.sentences])
        for line in found.lines
    ] == [
        ("第四章第一节 第1段", [["措施 4.1-1-1"], ["措施 4.1-1-2", "措施 4.1-1-3"]]),
        ("第四章第一节 第2段", [["措施 4.1-2-1"], ["措施 4.1-2-1"]]),
        ("专栏3 第1条", [["子项 Z3-1-1"], ["子项 Z3-1-2"]]),
    ]
    assert (len(found.asked), found.represented, found.explained) == (6, 6, 0)
    assert "没有。每一句都有措施、子项或指标体现" in text_of(as_person("leader"), "/coverage/")


def test_what_nothing_represents_comes_first(work: Work, as_person) -> None:
    Measure.objects.filter(text="明确福利院定位").delete()
    Component.objects.filter(pk=work.flats.pk).delete()
    clause = work.care_task.clause
    Clause.objects.create(
        plan=work.world.plan, section=clause.section, locator="第四章第一节 第9段",
        kind="paragraph", order=9, summary="没有人管的一段", sentences=1,
    )  # fmt: skip
    StatedNumber.objects.create(clause=clause, order=1, printed="13", represented_by="项目 Z9-9")
    assert faults(shown(as_person("leader"))) == [
        (
            "第四章第一节 第1段",
            [
                "第 1 句没有措施或子项体现",
                "数字“13”写由“项目 Z9-9”体现，规划数据中没有",
            ],
        ),
        ("专栏3 第1条", ["第 2 句没有措施或子项体现"]),
        (
            "第四章第一节 第9段",
            ["没有任务、项目或指标体现，也没有写明理由", "第 1 句没有措施或子项体现"],
        ),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "任务 4.1-1",
        "措施 4.1-1-3",
        "项目 Z3-1",
        "子项 Z3-1-2",
        "数据项 D2",
        "任务 4.1-1、子项 Z3-1-1",
    ],
)
def test_a_number_is_represented_by_whatever_is_loaded(work: Work, as_person, name: str) -> None:
    clause = work.care_task.clause
    StatedNumber.objects.create(clause=clause, order=1, printed="13", represented_by=name)
    found = shown(as_person("leader"))
    assert (faults(found), found.represented_numbers) == ([], 1)


def test_numbers_that_stand_for_nothing_are_listed_with_the_reason(work: Work, as_person) -> None:
    StatedNumber.objects.create(
        clause=work.care_task.clause, order=1, printed="五年", reason="时间说法，不是数量"
    )
    found = shown(as_person("leader"))
    assert (found.unlisted_numbers, found.represented_numbers, faults(found)) == (1, 0, [])
    assert "时间说法，不是数量" in text_of(as_person("leader"), "/coverage/")


def test_a_clause_with_a_reason_asks_for_nothing(work: Work, as_person) -> None:
    work.sought_task.delete()
    Clause.objects.filter(locator="第四章第一节 第2段").update(reason="现状回顾，不含任务")
    found = shown(as_person("leader"))
    assert (faults(found), found.explained, len(found.asked)) == ([], 1, 4)


@pytest.mark.parametrize(
    ("wording", "count", "found"),
    [
        ("甲。乙；丙。", 3, ["甲。", "乙；", "丙。"]),
        ("他说“甲。”乙。", 2, ["他说“甲。”", "乙。"]),
        ("甲!乙?", 2, ["甲!", "乙?"]),
        ("甲。乙", 2, ["甲。", "乙"]),
        ("甲。\n乙。", 2, ["甲。", "乙。"]),
        ("", 2, ["", ""]),
        ("甲。", 2, ["", ""]),
    ],
)
def test_wording_is_parted_as_the_sentences_are_counted(
    wording: str, count: int, found: list[str]
) -> None:
    assert split(wording, count) == found


def test_the_wording_stands_beside_its_sentences_once_it_is_loaded(work: Work, as_person) -> None:
    Clause.objects.filter(locator="专栏3 第1条").update(wording="建养老院。谋划公寓。")
    page = text_of(as_person("leader"), "/coverage/")
    assert "<q>建养老院。</q>" in page and "<q>谋划公寓。</q>" in page


@pytest.mark.parametrize("who", ["leader", "clerk", "reviewer", "planner"])
def test_as_many_queries_with_1_as_with_3(work: Work, as_person, who: str) -> None:
    client = as_person(who)
    few = queries(client, "/coverage/")
    more(work, 3)
    for clause in Clause.objects.all():
        StatedNumber.objects.create(clause=clause, order=1, printed="1", reason="不是数量")
    assert queries(client, "/coverage/") == few
    assert few <= 12
