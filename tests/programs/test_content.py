"""What is kept as JSON comes back as it was."""

from datetime import date
from decimal import Decimal

from programs.content import (
    ComponentContent,
    MeasureContent,
    MoneyContent,
    TaskContent,
    component_from,
    task_from,
    to_json,
)


def test_a_task_comes_back_as_it_was():
    content = TaskContent(
        "under_way", "", "好", "继续", {7: MeasureContent("done", date(2023, 6, 1), "文号", "说明")}
    )
    kept = to_json(content)
    assert kept["measures"] == {
        "7": {"status": "done", "done_on": "2023-06-01", "document": "文号", "note": "说明"}
    }
    assert task_from(kept) == content


def test_a_component_comes_back_exactly():
    content = ComponentContent(
        status="under_way",
        percent=60,
        quantity=Decimal("8"),
        started_on=date(2023, 3, 1),
        money={"central": MoneyContent(Decimal("900"), None, Decimal("0.1234"))},
    )
    kept = to_json(content)
    assert kept["money"] == {"central": {"planned": "900", "arrived": None, "spent": "0.1234"}}
    assert component_from(kept) == content


def test_large_numbers_are_written_out():
    content = ComponentContent(quantity=Decimal("1000000.00"))
    assert to_json(content)["quantity"] == "1000000"


def test_nothing_kept_is_nothing():
    assert task_from(None) is None
    assert component_from(None) is None


def test_a_total_is_unknown_while_no_source_speaks():
    money = {"central": MoneyContent(planned=Decimal(9)), "county": MoneyContent(Decimal(1))}
    content = ComponentContent(money=money)
    assert (content.total("planned"), content.total("spent")) == (Decimal(10), None)
