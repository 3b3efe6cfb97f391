"""The waist: order, marks, counts, and which layer a row comes from."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators import judging
from indicators.models import Indicator, Layer
from indicators.progress import BEHIND, Status
from reports import summary as waist
from reports.choice import visible_indicators
from reports.summary import Summary, summarize
from tests.reports import builders
from tests.reports.workbook_builders import commitment, row
from tests.reports.workbook_builders import summary as made
from tests.world import World


def of_2023(world: World, layer: str = Layer.OFFICIAL, **options: object) -> Summary:
    return summarize(world.plan, 2023, layer, list(world.plan.rounds.all()), **options)


def names(rows: object) -> list[str]:
    return [one.name for one in rows]


def behind(name: str, status: Status, **changes: object):
    return row(name=name, status=status, label=status.label, **changes)


def test_laggards_binding_first_then_the_worst_first_then_commitments() -> None:
    loose = {"attribute": "anticipatory"}
    table = (
        behind("预期略滞后", Status.SLIGHTLY_BEHIND, **loose),
        behind("预期明显滞后", Status.FAR_BEHIND, **loose),
        row(name="约束符合"),
        behind("约束略滞后", Status.SLIGHTLY_BEHIND),
        behind("约束未达标", Status.BELOW),
        behind("约束明显滞后", Status.FAR_BEHIND),
    )
    text = commitment(name="正文低于基期", status=Status.WORSE_THAN_BASE)
    assert names(made(table=table, commitments=(text,)).laggards) == [
        "约束明显滞后",
        "约束未达标",
        "约束略滞后",
        "预期明显滞后",
        "预期略滞后",
        "正文低于基期",
    ]


def test_severity_orders_every_status_that_counts_as_behind() -> None:
    assert set(waist.SEVERITY) == BEHIND


def test_every_status_has_its_place_among_the_counts() -> None:
    placed = [*waist.GOOD, *waist.SEVERITY, *waist.OPEN]
    assert sorted(placed) == sorted(Status)


@pytest.mark.parametrize(
    ("to_verify", "mark"),
    [
        ("", ""),
        ("500个网点明显偏多，目标待核", "目标待核"),
        ("分母待核定", "待核"),
    ],
)
def test_what_has_to_be_verified_is_named_in_a_word(to_verify: str, mark: str) -> None:
    assert row(to_verify=to_verify).verify_mark == mark


def test_counts_go_from_the_best_to_the_worst_with_early_first(world: World) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    counts = [(c.label, c.binding, c.anticipatory) for c in of_2023(world).counts]
    assert counts == [("符合序时", 0, 1), ("略有滞后", 0, 1), ("未达标", 0, 1), ("明显滞后", 1, 0)]


def test_laggards_carry_gap_cause_and_who_answers(world: World) -> None:
    builders.published(world, 2020, 2021, 2022, 2023)
    worst = of_2023(world).laggards[0]
    assert (worst.name, worst.gap_text, worst.cause, worst.responsible, worst.supervisor) == (
        "护理型床位占比",
        "还差 150 张（改造）或 375 张（新建）",
        "进度偏慢的原因",
        "养老股",
        "分管养老股的副局长",
    )


def test_only_a_value_of_another_nature_than_its_column_is_marked(world: World) -> None:
    builders.published(world, 2020, 2021)
    rnd = world.round(2022, "三季度", nature="flash")
    world.save(world.people["clerk"], world.return_of(rnd, world.care), D1=460, D2=1000)
    world.indicators["W1"].values.filter(year=2021, layer="official").update(is_historical=True)
    world.indicators["W2"].values.filter(year=2021, layer="official").update(nature="flash")
    seen = summarize(world.plan, 2021, Layer.OFFICIAL, list(world.plan.rounds.all()))
    assert [one.current.mark for one in seen.table] == ["历史数据", "快报数", "", ""]
    assert [(c.year, c.nature, c.is_base, c.is_now) for c in seen.columns] == [
        (2020, "", True, False),
        (2021, "", False, True),
    ]


@pytest.mark.parametrize(
    ("comparator", "printed", "value", "short"),
    [
        ("≥", "60", 60, "60"),
        (">", ">30", 30, ">30"),
        ("≥", "每百张养老机构床位至少配备一名社会工作者", 1, "1"),
        ("≤", "实现街面无流浪乞讨人员目标", 0, "≤ 0"),
    ],
)
def test_a_target_printed_as_a_sentence_is_told_as_its_number(
    world: World, comparator: str, printed: str, value: int, short: str
) -> None:
    Indicator.objects.filter(code="W1").update(comparator=comparator)
    world.indicators["W1"].targets.update(printed=printed, value=value)
    found = of_2023(world).table[0]
    assert (found.target_short, found.target_text) == (short, printed)


def test_rows_that_may_not_be_seen_keep_their_official_value(world: World) -> None:
    builders.published(world, 2020)
    builders.submitted_year(world, 2023)
    mine = visible_indicators(world.people["clerk"], world.plan, 2023, [])
    rows = of_2023(world, Layer.PROVISIONAL, visible=mine).table
    assert [one.current.number.text for one in rows] == ["45.00", "33.33", "—", "—"]


def test_what_townships_report_for_themselves_is_not_the_department_s_own(world: World) -> None:
    world.items["D3"].collection = "township"
    world.items["D3"].save()
    mine = visible_indicators(world.people["clerk"], world.plan, 2023, [])
    assert mine == {world.indicators["W1"].pk}


@pytest.mark.parametrize("who", ["planner", "leader", "reviewer"])
def test_who_answers_for_the_whole_bureau_may_see_every_provisional_value(
    world: World, who: str
) -> None:
    assert visible_indicators(world.people[who], world.plan, 2023, []) is None


def test_standings_take_three_queries_however_many_there_are(world: World) -> None:
    builders.published(world, 2020)
    counts = []
    for more in (0, 20):
        builders.more_indicators(world, more)
        with CaptureQueriesContext(connection) as found:
            judging.standings(world.plan, 2020, Layer.PROVISIONAL, {world.indicators["W1"].pk})
        counts.append(len(found))
    assert counts == [3, 3]


def test_what_has_to_be_exceeded_asks_for_more_than_the_distance(world: World) -> None:
    """At > 460 people, 460 are not enough."""
    indicator = world.indicators["W3"]
    indicator.comparator = ">"
    indicator.save()
    builders.published(world, 2020, 2021, 2022, 2023)
    row = next(row for row in of_2023(world).rows if row.code == "W3")
    assert row.gap_text.endswith("人以上")
