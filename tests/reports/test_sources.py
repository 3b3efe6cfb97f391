"""Behind a published number: the figures, the persons and the documents; for those who may."""

from datetime import date
from decimal import Decimal

import pytest

from indicators import evidence, workflow
from indicators.entry import Entry
from tests.indicators import sample_files
from tests.reports import builders
from tests.reports.builders import queries, text_of
from tests.world import World

pytestmark = pytest.mark.django_db


def told(world: World, year: int, amount: str, document: str) -> None:
    """A published year whose D1 rests on a document."""
    rnd = world.round(year)
    world.fill(rnd, amount, "1000", [1, 0, 0], "300")
    care = world.return_of(rnd, world.care)
    figure = world.figure(rnd, "D1")
    entry = Entry(Decimal(amount), "have", "", document, date(year, 12, 20))
    workflow.save_draft(world.people["clerk"], care.pk, care.version, {figure.pk: entry})
    world.explain(rnd)
    for one in rnd.returns.all():
        clerk = world.people["clerk" if one.unit == world.care else "other_clerk"]
        sent = workflow.submit(clerk, one.pk, one.version)
        workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    world.publish(rnd)


def rows(page: str) -> list[str]:
    return [row for row in page.split("<tr")[1:] if '<th scope="row">' in row]


@pytest.mark.parametrize("who", ["leader", "planner", "reviewer", "clerk"])
def test_names_the_figure_the_persons_and_the_document(world: World, as_person, who: str) -> None:
    told(world, 2020, "400", "西民〔2020〕9号")
    page = text_of(as_person(who), "/indicators/W1/sources/?year=2020")
    head = page[page.index("2020 年年报 · 养老股") :].split("</dl>")[0]
    for said in ("甲clerk", "甲reviewer", "局长", "2021-02-01"):
        assert said in head
    first, second = rows(page)
    for said in ("D1 护理型床位", "400", "西民〔2020〕9号", "2020-12-20", "甲clerk"):
        assert said in first
    assert "1,000" in second and "未填文号" in second


def test_two_clicks_lead_from_a_number_to_who_entered_it(world: World, as_person) -> None:
    told(world, 2020, "400", "西民〔2020〕9号")
    client = as_person("leader")
    assert 'href="/indicators/W1/?year=2020"' in text_of(client, "/")
    assert 'href="/indicators/W1/sources/?year=2020"' in text_of(client, "/indicators/W1/")


def test_who_may_not_see_the_evidence_sees_the_unit_and_the_signature(
    world: World, as_person
) -> None:
    told(world, 2020, "400", "西民〔2020〕9号")
    page = text_of(as_person("other_clerk"), "/indicators/W1/sources/")
    first = rows(page)[0]
    assert "400" in first and "2020 年年报 · 养老股" in page and "局长" in page
    for secret in ("甲clerk", "甲reviewer", "西民〔2020〕9号"):
        assert secret not in page
    assert "限有关人员" in first and "部分数据由其他单位填报" in page


def test_nothing_of_a_round_that_is_not_published(world: World, as_person) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2021, "433", "1007", [1, 1, 0], "377")
    for who in ("planner", "leader", "clerk"):
        page = text_of(as_person(who), "/indicators/W1/sources/?year=2021&draft=1")
        assert "2021 年还没有已发布的数据" in page and "433" not in page


def test_a_correction_under_way_shows_nowhere_and_tells_its_reason_once_published(
    world: World, as_person
) -> None:
    told(world, 2020, "400", "旧文号")
    rnd = world.plan.rounds.get()
    care = world.return_of(rnd, world.care)
    figure = world.figure(rnd, "D1")
    planner = world.people["planner"]
    opened = workflow.reopen(planner, care.pk, care.version, [figure.pk], "核减重复床位")
    entry = Entry(Decimal(390), "have", "", "新文号", date(2021, 1, 5))
    saved = workflow.save_draft(
        world.people["clerk"], opened.pk, opened.version, {figure.pk: entry}
    )
    sent = workflow.submit(world.people["clerk"], saved.pk, saved.version)
    approved = workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    for who in ("planner", "leader"):
        page = text_of(as_person(who), "/indicators/W1/sources/")
        assert "旧文号" in page and "400" in page
        assert "新文号" not in page and "390" not in page
    workflow.correct(planner, approved.round_id, "核减重复床位")
    page = text_of(as_person("leader"), "/indicators/W1/sources/")
    assert "新文号" in page and "390" in page and "旧文号" not in page
    assert "更正：核减重复床位" in page


def test_an_older_round_of_the_year_stays_visible_and_does_not_count(
    world: World, as_person
) -> None:
    flash = world.round(2020, "快报", nature="flash", as_of=date(2020, 11, 30))
    world.fill(flash, "380", "1000", [0, 0, 0], "300")
    world.explain(flash)
    world.approve_all(flash)
    world.publish(flash)
    told(world, 2020, "400", "西民〔2020〕9号")
    newest, _, older, _ = rows(text_of(as_person("leader"), "/indicators/W1/sources/"))
    assert "400" in newest and "不采用" not in newest
    assert "380" in older and "已有更新的数，不采用" in older


def test_townships_are_listed_one_by_one_with_yes_and_no(world: World, as_person) -> None:
    builders.published(world, 2020, 2021)
    found = rows(text_of(as_person("leader"), "/indicators/W2/sources/?year=2021"))
    assert [name in row for name, row in zip(["东镇", "南乡", "北乡"], found, strict=True)] == [
        True,
        True,
        True,
    ]
    assert ">是" in found[0] and ">否" in found[1]


def test_files_of_evidence_are_offered_to_those_who_may_open_them(world: World, as_person) -> None:
    rnd = world.round(2020)
    world.fill(rnd, *builders.FIGURES[2020])
    care = world.return_of(rnd, world.care)
    evidence.attach(world.people["clerk"], care, None, "汇总.png", sample_files.png())
    world.explain(rnd)
    world.approve_all(rnd)
    world.publish(rnd)
    assert "汇总.png" in text_of(as_person("leader"), "/indicators/W1/sources/")
    assert "汇总.png" not in text_of(as_person("other_clerk"), "/indicators/W1/sources/")


@pytest.mark.parametrize("address", ["/indicators/nope/sources/", "/indicators/W1/sources/?year=1"])
def test_what_does_not_exist_is_404(world: World, as_person, address: str) -> None:
    assert as_person("leader").get(address).status_code == 404


@pytest.mark.parametrize("who", ["leader", "clerk", "other_clerk"])
def test_the_number_of_queries_does_not_grow(world: World, as_person, who: str) -> None:
    builders.published(world, 2020)
    client = as_person(who)
    pages = [f"/indicators/{code}/sources/?year=2020" for code in ("W1", "W2", "W3", "W4")]
    few = [queries(client, page) for page in pages]
    builders.published(world, 2021, 2022)
    builders.more_indicators(world, 10)
    many = [queries(client, page.replace("2020", "2022")) for page in pages]
    assert many == few and max(few) <= 12
