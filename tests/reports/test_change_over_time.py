"""Things change inside five years: old years keep their owner, their townships, their wording."""

from datetime import date

import pytest

from indicators import judging, workflow
from indicators.models import AnnualValue, Definition, Responsibility
from organization.models import Unit
from tests.world import World

pytestmark = pytest.mark.django_db


def play(world: World, year: int, d3: list) -> None:
    rnd = world.round(year)
    clerks = {world.care: "clerk", world.affairs: "other_clerk"}
    amounts = {"D1": 180, "D2": 300, "D3": d3, "D4": 470}
    for annual_return in rnd.returns.select_related("unit"):
        clerk = world.people[clerks[annual_return.unit]]
        owed = set(annual_return.figures.values_list("item__code", flat=True))
        world.save(clerk, annual_return, **{c: a for c, a in amounts.items() if c in owed})
    world.approve_all(rnd)
    workflow.publish(world.people["planner"], rnd.pk, "局长", date(year + 1, 2, 1))


def owners(world: World, year: int) -> dict[str, str]:
    return {s.indicator.code: s.indicator.unit_name for s in judging.standings(world.plan, year)}


def test_a_department_hands_two_indicators_to_another(world: World) -> None:
    play(world, 2023, [1, 1, 0])
    for code in ("W1", "W2"):
        Responsibility.objects.create(
            indicator=world.indicators[code],
            unit=world.affairs,
            effective_year=2024,
            basis_document="机构改革方案",
        )
    for code in ("D1", "D2", "D3"):
        Responsibility.objects.create(
            item=world.items[code], unit=world.affairs, effective_year=2024
        )
    play(world, 2024, [1, 1, 0])
    old = {"W1": "养老股", "W2": "养老股", "W3": "社会事务股", "W4": "社会事务股"}
    assert owners(world, 2023) == old
    assert set(owners(world, 2024).values()) == {"社会事务股"}
    assert [str(r.unit) for r in world.plan.rounds.get(year=2024).returns.all()] == ["社会事务股"]
    values = AnnualValue.objects.filter(indicator__code="W1", layer="official")
    assert dict(values.values_list("year", "value")) == {2023: 60, 2024: 60}


def test_two_townships_merge_and_the_break_is_drawn(world: World, as_person, sysadmin) -> None:
    play(world, 2023, [1, 1, 0])
    south, north = Unit.objects.get(name="南乡"), Unit.objects.get(name="北乡")
    north.valid_until, north.successor, north.basis_document = 2023, south, "撤乡并镇批复"
    workflow.change_unit(sysadmin, north)
    play(world, 2024, [1, 1])
    rows = AnnualValue.objects.filter(indicator__code="W2", layer="official")
    assert {y: (n, d) for y, n, d in rows.values_list("year", "numerator", "denominator")} == {
        2023: (2, 3),
        2024: (2, 2),
    }
    page = as_person("leader").get("/indicators/W2/?year=2024").content.decode()
    assert 'class="break"' in picture(page) and "乡镇调整" in picture(page)
    assert picture(page).count('class="facts-line"') == 0  # one point on each side of the break
    rows = page[page.index("分乡镇情况") :]
    assert '<th scope="row">北乡</th>' in rows and "已撤并" in rows and "2 个乡镇" in rows
    assert 'class="break"' not in as_person("leader").get("/indicators/W1/").content.decode()


def picture(page: str) -> str:
    """The trend for wide screens."""
    return page[page.index('<svg class="chart"') :].split("</svg>")[0]


def test_a_new_definition_breaks_the_series_and_old_years_keep_theirs(
    world: World, as_person
) -> None:
    for year in (2022, 2023, 2024, 2025):
        play(world, year, [1, 1, 0])
    Definition.objects.create(
        indicator=world.indicators["W1"],
        effective_year=2024,
        text="改按新标准统计",
        breaks_series=True,
        basis_document="民发〔2024〕1号",
    )
    page = as_person("leader").get("/indicators/W1/?year=2025").content.decode()
    assert "口径调整" in picture(page) and picture(page).count('class="facts-line"') == 2
    assert "护理型床位占比的口径" in page and "改按新标准统计" in page


def test_a_leader_sees_what_unpublished_figures_come_to_but_not_the_figures(
    world: World, as_person
) -> None:
    rnd = world.round(2023)
    world.fill(rnd, 777, 1554, [1, 1, 0], 470)
    world.approve_all(rnd)
    page = as_person("leader").get("/indicators/W1/?year=2023&draft=1").content.decode()
    assert "50.00" in page
    assert [figure for figure in ("777", "1,554") if figure in page] == []
    page = as_person("planner").get("/indicators/W1/?year=2023&draft=1").content.decode()
    assert "777" in page and "1,554" in page


def test_who_took_an_item_over_sees_nothing_unpublished_of_the_years_before(
    world: World, as_person
) -> None:
    rnd = world.round(2023)
    world.fill(rnd, 777, 1554, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    for code in ("D1", "D2"):
        Responsibility.objects.create(
            item=world.items[code], unit=world.affairs, effective_year=2024
        )
    seen = {
        (who, year): "777" in as_person(who).get(f"/indicators/W1/?year={year}&draft=1").text
        for who in ("clerk", "other_clerk")
        for year in (2023, 2024)
    }
    assert [place for place, shown in seen.items() if shown] == [("clerk", 2023)]


def test_who_took_an_item_over_sees_the_own_year_once_the_old_ones_are_published(
    world: World, as_person
) -> None:
    play(world, 2023, [1, 1, 0])
    for code in ("D1", "D2"):
        Responsibility.objects.create(
            item=world.items[code], unit=world.affairs, effective_year=2024
        )
    rnd = world.round(2024)
    affairs = world.return_of(rnd, world.affairs)
    clerk = world.people["other_clerk"]
    world.save(clerk, affairs, D1=777, D2=1554, D4=470)
    affairs.refresh_from_db()
    workflow.submit(clerk, affairs.pk, affairs.version)
    address = "/indicators/W1/?year=2024&draft=1"
    assert "777" in as_person("other_clerk").get(address).text
    assert "777" not in as_person("clerk").get(address).text
