"""What single states come to: no database anywhere."""

from datetime import date

import pytest

from programs import rollup
from programs.content import ComponentContent


@pytest.mark.parametrize(
    ("statuses", "sought", "status"),
    [
        (["behind", "done"], [], "behind"),
        (["done", "stopped"], [], "done"),
        (["done", "not_started"], [], "under_way"),
        (["adjusted", "not_started"], [], "under_way"),
        (["not_approved", "not_started"], [], "not_started"),
        (["stopped", "not_started"], [], "not_started"),
        (["stopped", "not_approved"], [], "stopped"),
        (["not_approved", "not_approved"], [], "not_approved"),
        (["adjusted", "stopped"], [], "adjusted"),
        (["stopped", ""], [], ""),
        (["", ""], [], ""),
        (["under_way"], ["behind"], "under_way"),
        (["done"], ["under_way"], "done"),
        ([""], ["behind"], ""),
        ([], ["behind"], "behind"),
    ],
)
def test_a_project_is_as_what_decides_it(statuses, sought, status):
    assert rollup.project_status(statuses, sought) == status


def test_a_blank_planned_end_is_that_of_the_plan():
    content, day = ComponentContent(status="under_way"), date(2023, 12, 31)
    assert not rollup.is_late(content, day)
    assert rollup.is_late(content, day, date(2023, 6, 30))
    assert rollup.is_overdue(content, day, date(2023, 6, 30))
    own = ComponentContent(status="under_way", planned_end=date(2024, 6, 30))
    assert not rollup.is_late(own, day, date(2023, 6, 30))
