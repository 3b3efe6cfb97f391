"""Which findings a return has: rules of items, of all items, of the program itself, and the numbers
they rest on."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from indicators import checks, workflow
from indicators.entry import Entry
from indicators.models import (
    AnnualReturn,
    CheckRule,
    DataItem,
    Figure,
    Indicator,
    Responsibility,
    Term,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def rule(world: World, kind: str, item: str = "", other: str = "", **fields: object) -> CheckRule:
    return CheckRule.objects.create(
        plan=world.plan,
        kind=kind,
        item=world.items[item] if item else None,
        other_item=world.items[other] if other else None,
        **fields,
    )


def new_item(world: World, code: str, name: str, owner=None, **fields: object) -> DataItem:
    given = {"measure": "人", "nature": "moment", "kind": "number", "collection": "department"}
    item = DataItem.objects.create(
        plan=world.plan, code=code, name=name, order=50 + len(world.items), **(given | fields)
    )
    Responsibility.objects.create(item=item, unit=owner or world.care, effective_year=2020)
    world.items[code] = item
    return item


def handed_in(world: World, year: int, name: str = "年报", **amounts: object):
    """A round of that year, filled and approved; what is not named is 暂无."""
    fields = {"nature": amounts.pop("nature")} if "nature" in amounts else {}
    rnd = world.round(year, name, **fields)
    fill(world, rnd, **amounts)
    for annual_return in rnd.returns.select_related("unit"):
        clerk = world.people["clerk" if annual_return.unit == world.care else "other_clerk"]
        sent = workflow.submit(clerk, annual_return.pk, annual_return.version)
        workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    return rnd


def fill(world: World, rnd, **amounts: object) -> None:
    """Drafts of all returns; what is not named is 暂无, every note says 测试."""
    for annual_return in rnd.returns.select_related("unit"):
        entries = {
            figure.pk: _entry(figure, amounts.get(figure.item.code), world)
            for figure in annual_return.figures.select_related("item")
        }
        clerk = world.people["clerk" if annual_return.unit == world.care else "other_clerk"]
        workflow.save_draft(clerk, annual_return.pk, annual_return.version, entries)


def _entry(figure: Figure, amount: object, world: World) -> Entry:
    if isinstance(amount, list):
        amount = amount[[unit.pk for unit in world.townships].index(figure.unit_id)]
    if amount is None:
        return Entry(None, "none", "测试")
    return Entry(Decimal(str(amount)), "have", "测试")


def found(world: World, rnd, unit=None, scope: frozenset[int] | None = frozenset()) -> list[str]:
    annual_return = world.return_of(rnd, unit or world.care)
    return [one.sentence for one in checks.findings(annual_return, scope)]


def draft(world: World, year: int = 2023, **amounts: object):
    rnd = world.round(year)
    fill(world, rnd, **amounts)
    return rnd


# --- which rule holds ------------------------------------------------------------------------------


def test_the_message_names_item_both_numbers_and_rule(world: World) -> None:
    rule(world, "jump", "D1", threshold=30)
    handed_in(world, 2022, D1=650, D2=2000)
    rnd = draft(world, D1=900, D2=2000)
    assert found(world, rnd) == [
        "D1 护理型床位：本次 900 张，上年 650 张，增长 38.5%，超过提醒界限 30%，"
        "请核实或在备注中说明。"
    ]


def test_an_error_asks_for_a_correction_and_a_rule_may_add_its_own_words(world: World) -> None:
    rule(world, "jump", "D1", threshold=30, severity="error", message="须有批准文件")
    handed_in(world, 2022, D1=650, D2=2000)
    rnd = draft(world, D1=900, D2=2000)
    assert found(world, rnd) == [
        "D1 护理型床位：本次 900 张，上年 650 张，增长 38.5%，超过错误界限 30%（须有批准文件），"
        "请改正。"
    ]


def test_the_rule_of_an_item_stands_before_the_rule_for_all(world: World) -> None:
    rule(world, "jump", threshold=10)
    rule(world, "jump", "D1", threshold=30)
    handed_in(world, 2022, D1=100, D2=200)
    rnd = draft(world, D1=125, D2=250)
    assert found(world, rnd) == [
        "D2 养老机构床位：本次 250 张，上年 200 张，增长 25.0%，超过提醒界限 10%，"
        "请核实或在备注中说明。"
    ]


def test_a_rule_switched_off_exempts_its_item(world: World) -> None:
    rule(world, "jump", threshold=10)
    rule(world, "jump", "D1", threshold=10, is_active=False)
    rule(world, "part", "D1", "D2", is_active=False)
    handed_in(world, 2022, D1=100, D2=200)
    assert found(world, draft(world, D1=900, D2=200)) == []


def test_yes_and_no_neither_jump_nor_stay_the_same(world: World) -> None:
    rule(world, "jump", threshold=1)
    rule(world, "unchanged")
    rule(world, "same")
    for year in (2021, 2022):
        handed_in(world, year, D3=[1, 1, 0])
    assert found(world, draft(world, D3=[1, 0, 1])) == []


def test_a_running_total_must_not_fall_and_needs_no_rule_for_it(world: World) -> None:
    new_item(world, "D9", "累计轮训人数", nature="running")
    rule(world, "jump", threshold=1)
    handed_in(world, 2022, D9=640)
    rnd = world.round(2023)
    for amount in (700, 640):
        fill(world, rnd, D9=amount)
        assert found(world, rnd) == []
    fill(world, rnd, D9=600)
    told = "D9 累计轮训人数：本次 600 人，2022 年 640 人，累计数下降，请核实或在备注中说明。"
    assert found(world, rnd) == [told]
    rule(world, "fall", "D9", severity="error")
    assert found(world, rnd) == [told.replace("请核实或在备注中说明。", "请改正。")]


def test_a_share_in_percent_makes_its_numerator_a_part(world: World) -> None:
    rnd = draft(world, D1=301, D2=300)
    finding = checks.findings(world.return_of(rnd, world.care))[0]
    assert (finding.rule, finding.severity, finding.figure_id) == (
        "part",
        "error",
        world.figure(rnd, "D1").pk,
    )
    assert finding.sentence == (
        "D1 护理型床位：本次 301 张，D2 养老机构床位 300 张，部分大于整体，请改正。"
    )


def test_so_many_per_hundred_is_no_share(world: World) -> None:
    """W4: 400 people for 300 beds are 133 per hundred, and no part of the beds."""
    rnd = draft(world, D1=1, D2=300, D4=400)
    assert (found(world, rnd), found(world, rnd, world.affairs)) == ([], [])


def test_several_denominators_are_added_up(world: World) -> None:
    new_item(world, "V", "有社工服务的村（社区）数", measure="个")
    new_item(world, "V1", "行政村数", measure="个")
    new_item(world, "V2", "社区数", measure="个")
    ratio = {"method": "ratio", "scale": 100, "display_unit": "%", "gap_rule": "numerator"}
    indicator = Indicator.objects.create(
        plan=world.plan, code="W9", order=9, group="commitment", name="覆盖率", kind="reach", due_year=2025,
        **ratio,
    )  # fmt: skip
    for order, (role, code) in enumerate(
        [("numerator", "V"), ("denominator", "V1"), ("denominator", "V2")]
    ):
        Term.objects.create(indicator=indicator, role=role, item=world.items[code], order=order)
    rnd = draft(world, V=245, V1=227, V2=17)
    assert found(world, rnd) == [
        "V 有社工服务的村（社区）数：本次 245 个，V1 行政村数、V2 社区数合计 244 个，部分大于整体，"
        "请改正。"
    ]
    fill(world, rnd, V=245, V1=227)  # the communities are not known
    assert found(world, rnd) == []


def test_several_findings_at_once_come_in_the_order_of_the_page(world: World) -> None:
    rule(world, "jump", threshold=50)
    rule(world, "unchanged", "D2")
    for year in (2021, 2022):
        handed_in(world, year, D1=100, D2=300)
    rnd = draft(world, D1=301, D2=300)
    assert [
        (one.rule, one.severity) for one in checks.findings(world.return_of(rnd, world.care))
    ] == [
        ("part", "error"),
        ("jump", "warning"),
        ("unchanged", "warning"),
    ]


def test_nothing_is_said_of_what_is_not_known(world: World) -> None:
    rule(world, "jump", threshold=1)
    rule(world, "unchanged")
    rule(world, "same")
    rnd = draft(world, D2=300)
    assert found(world, rnd) == []  # D1 is 暂无, and there is no last year


def test_what_is_not_filled_in_is_missing_but_not_in_a_backfill_round(world: World) -> None:
    rnd, old = world.round(2023), world.round(2021, "历史补录", is_backfill=True)
    assert set(found(world, rnd)) == {
        "未填：请填数值，或选“不适用”“暂无”并写明原因。",
        "未填：请选“是”或“否”，或选“不适用”“暂无”并写明原因。",
    }
    assert found(world, old) == []


def test_bounds_narrowed_after_entry_are_told(world: World) -> None:
    rnd = draft(world, D1=200, D2=300)
    DataItem.objects.filter(code="D1").update(maximum=150)
    assert found(world, rnd) == ["D1 护理型床位：应在 0 至 150 之间，现为 200，请核对。"]


# --- other rounds and other units ------------------------------------------------------------------


def test_annual_figures_are_held_against_the_flash_figures_of_the_year(world: World) -> None:
    rule(world, "flash", threshold=10)
    handed_in(world, 2023, "快报", nature="flash", D1=100, D2=300)
    rnd = draft(world, D1=111, D2=330)
    assert found(world, rnd) == [
        "D1 护理型床位：年报数 111 张，快报数 100 张，增加 11.0%，超过提醒界限 10%，"
        "请核实或在备注中说明。"
    ]


def test_a_flash_round_is_not_held_against_the_annual_one(world: World) -> None:
    rule(world, "flash", threshold=10)
    handed_in(world, 2023, D1=100, D2=300)
    rnd = world.round(2023, "快报", nature="flash")
    fill(world, rnd, D1=200, D2=300)
    assert found(world, rnd) == []


def beds_by_township(world: World, collection: str = "list") -> None:
    new_item(world, "T", "乡镇床位", measure="张", collection=collection)


def test_a_township_list_that_differs_is_told_at_the_departments_figure(world: World) -> None:
    beds_by_township(world)
    rule(world, "total", "T", "D2", severity="error")
    rnd = draft(world, D2=300, T=[100, 100, 101])
    finding = checks.findings(world.return_of(rnd, world.care))[0]
    assert (finding.figure_id, finding.sentence) == (
        world.figure(rnd, "D2").pk,
        "D2 养老机构床位：本次 300 张，T 乡镇床位（各乡镇合计） 301 张，两数不符，请改正。",
    )
    fill(world, rnd, D2=300, T=[100, 100, 100])
    assert found(world, rnd) == []


def test_an_incomplete_township_list_is_no_sum(world: World) -> None:
    beds_by_township(world)
    rule(world, "total", "T", "D2", severity="error")
    assert found(world, draft(world, D2=300, T=[500, 500, None])) == []


def test_yes_in_a_township_list_is_counted(world: World) -> None:
    new_item(world, "N", "建有服务中心的乡镇数", measure="个")
    rule(world, "total", "D3", "N")
    rnd = draft(world, D3=[1, 1, 0], N=3)
    assert found(world, rnd) == [
        "N 建有服务中心的乡镇数：本次 3 个，D3 建有服务中心（各乡镇合计） 2 个乡镇，两数不符，"
        "请核实或在备注中说明。"
    ]


def test_two_township_lists_are_compared_township_by_township(world: World) -> None:
    new_item(world, "E", "有条件", measure="", kind="yesno", collection="list")
    rule(world, "part", "D3", "E", severity="error")
    rnd = draft(world, D3=[1, 0, 1], E=[1, 1, 0])  # as many yes on both sides
    north = world.townships[2]
    finding = checks.findings(world.return_of(rnd, world.care))[0]
    assert finding.figure_id == world.figure(rnd, "D3", north).pk
    assert finding.sentence == (
        "D3 建有服务中心（北乡）：本次 “是”，而E 有条件（北乡） “否”，两者不能同时成立，请改正。"
    )


def test_each_township_has_its_own_last_year(world: World) -> None:
    beds_by_township(world)
    rule(world, "jump", "T", threshold=50)
    handed_in(world, 2022, T=[100, 100, 100])
    rnd = draft(world, T=[100, 151, 100])
    assert found(world, rnd) == [
        "T 乡镇床位（南乡）：本次 151 张，上年 100 张，增长 51.0%，超过提醒界限 50%，"
        "请核实或在备注中说明。"
    ]


def test_the_same_number_is_looked_for_on_the_same_page(world: World) -> None:
    """Part and whole may say the same, and so may two parts of one whole."""
    for code in ("P", "Q"):
        new_item(world, code, f"其中{code}")
        rule(world, "part", code, "D2")
    new_item(world, "X", "别的数")
    rule(world, "same", floor=100)
    rnd = draft(world, D1=300, D2=300, P=300, Q=300, X=300, D4=300)
    assert found(world, rnd) == [
        "X 别的数：本次 300 人，D1 护理型床位也是 300 张，两项同数，请核实或在备注中说明。"
    ]
    assert found(world, rnd, world.affairs) == []


def test_a_part_and_a_whole_of_two_units(world: World) -> None:
    """An error for whoever holds the part, a warning for the other; unpublished figures of the
    other unit are compared, and printed only for those who may see them."""
    new_item(world, "P", "在养老机构工作的社工")
    rule(world, "part", "P", "D4", severity="error")
    rnd = draft(world, P=80, D4=70)
    assert (found(world, rnd), found(world, rnd, world.affairs)) == ([], [])  # drafts of others
    for unit, clerk in ((world.affairs, "other_clerk"), (world.care, "clerk")):
        annual_return = world.return_of(rnd, unit)
        if unit == world.affairs:
            workflow.submit(world.people[clerk], annual_return.pk, annual_return.version)
    head = "P 在养老机构工作的社工：本次 80 人，D4 社工人才"
    assert found(world, rnd) == [f"{head}（他单位尚未发布，数略），部分大于整体，请改正。"]
    assert found(world, rnd, scope=None) == [f"{head} 70 人，部分大于整体，请改正。"]
    both = frozenset({world.care.pk, world.affairs.pk})
    assert found(world, rnd, scope=both) == [f"{head} 70 人，部分大于整体，请改正。"]


def test_the_holder_of_the_whole_is_asked_for_a_note_only(world: World) -> None:
    new_item(world, "P", "在养老机构工作的社工")
    rule(world, "part", "P", "D4", severity="error")
    rnd = draft(world, P=80, D4=70, D1=1, D2=2, D3=[1, 1, 1])
    care = world.return_of(rnd, world.care)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    finding = checks.findings(world.return_of(rnd, world.affairs))[0]
    assert (finding.severity, finding.figure_id) == ("warning", world.figure(rnd, "D4").pk)
    assert finding.sentence == (
        "P 在养老机构工作的社工：本次（他单位尚未发布，数略），D4 社工人才 70 人，部分大于整体，"
        "请核实或在备注中说明。"
    )


def test_known_rates_of_old_years_are_held_to_no_rule_for_all(world: World) -> None:
    new_item(world, "H-W1", "护理型床位占比（历史数据）", kind="rate", measure="张/百张")
    world.items["H-W1"].rate_of = world.indicators["W1"]
    world.items["H-W1"].save()
    for kind, fields in (("jump", {"threshold": 1}), ("unchanged", {}), ("same", {})):
        rule(world, kind, **fields)
    for year, rate in ((2020, 20), (2021, 60)):
        rnd = world.round(year, "历史补录", is_backfill=True)
        fill(world, rnd, **{"H-W1": rate, "D1": 60 if year == 2021 else None})
        care = world.return_of(rnd, world.care)
        sent = workflow.submit(world.people["clerk"], care.pk, care.version)
        workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    assert found(world, rnd) == []


# --- cost, and what a row may say ------------------------------------------------------------------


@pytest.mark.parametrize("more", [0, 6])
def test_the_number_of_queries_does_not_grow_with_items(
    world: World, django_assert_num_queries, more: int
) -> None:
    rule(world, "jump", threshold=50)
    rule(world, "flash", threshold=50)
    for n in range(more):
        new_item(world, f"M{n}", f"数{n}", collection="list" if n % 2 else "department")
        rule(world, "part", f"M{n}", "D2" if n % 3 else "D4")
    rnd = draft(world, D1=1, D2=2, D3=[1, 1, 1])
    care = AnnualReturn.objects.select_related("round__plan__bureau").get(
        round=rnd, unit=world.care
    )
    with django_assert_num_queries(5):
        checks.findings(care)


def test_a_whole_round_takes_the_queries_of_one_return(
    world: World, django_assert_num_queries
) -> None:
    rule(world, "jump", threshold=50)
    rnd = draft(world, D1=301, D2=300, D3=[1, 1, 1])
    with django_assert_num_queries(6):
        told = checks.tallies(rnd, rnd.returns.all())
    assert told[world.return_of(rnd, world.care).pk] == checks.Tally(errors=1)
    assert told[world.return_of(rnd, world.affairs).pk] == checks.Tally()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "jump"}, "与上年跳变、快报年报相差要填大于 0 的界限，其他规则不填。"),
        ({"kind": "fall", "threshold": 5}, "与上年跳变、快报年报相差要填大于 0 的界限，其他规则不填。"),
        ({"kind": "part", "item": "D1"}, "部分大于整体、乡镇合计不符要填数据项和对照数据项；"
         "两项同数填了对照数据项就要填数据项；其他规则不填对照数据项。"),
        ({"kind": "part", "item": "D1", "other_item": "D1"}, "数据项和对照数据项不能是同一个。"),
        ({"kind": "part", "item": "D1", "other_item": "D2", "floor": 1},
         "这条规则不用起比数，请清空；起比数不能小于 0。"),
    ],
)  # fmt: skip
def test_a_row_that_says_too_much_or_too_little_is_refused(world, fields, sentence) -> None:
    given = {k: world.items[v] if k in {"item", "other_item"} else v for k, v in fields.items()}
    row = CheckRule(plan=world.plan, **given)
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert refused.value.messages == [sentence]
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    ("kind", "item", "other", "sentence"),
    [
        ("unchanged", "D3", None, "“是否”类数据项不比较大小，请换一个数据项。"),
        ("total", "D1", "D2", "乡镇合计不符：数据项应逐乡镇填报，对照数据项应由股室填报。"),
    ],
)
def test_a_rule_needs_items_that_fit_it(world: World, kind, item, other, sentence) -> None:
    row = CheckRule(
        plan=world.plan,
        kind=kind,
        item=world.items[item],
        other_item=world.items[other] if other else None,
    )
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert refused.value.messages == [sentence]


def test_one_rule_of_a_kind_for_an_item(world: World) -> None:
    for fields in (
        {"kind": "jump", "threshold": 5},
        {"kind": "jump", "threshold": 5, "item": "D1"},
        {"kind": "part", "item": "D1", "other": "D2"},
    ):
        first = rule(world, **fields)
        with pytest.raises(ValidationError, match=r"已有|已经有了"):
            CheckRule(
                plan=first.plan,
                kind=first.kind,
                item=first.item,
                other_item=first.other_item,
                threshold=first.threshold,
            ).full_clean()
