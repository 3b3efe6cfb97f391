"""The sample follows something up: late, pressing, under way and struck off."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from plans.models import Plan
from plans.tables import PlanFolderError
from programs.loading import load_plan
from reports.sample import COLUMNS, FILE, supervise
from reports.supervision.listing import supervision_list
from tests.indicators.plan_folder import FIRST

pytestmark = pytest.mark.django_db


def test_the_sample_shows_every_standing_whenever_it_is_loaded(settings, tmp_path) -> None:
    settings.SAMPLE_DATA, settings.MEDIA_ROOT = True, tmp_path
    plan = load_plan(FIRST)
    call_command("load_sample", stdout=StringIO())
    found = supervision_list(Plan.objects.get(pk=plan.pk), {}, timezone.localdate())
    assert [(line.status.label, line.kind_label) for line in found.lines] == [
        ("逾期", "项目"),
        ("临期", "任务"),
        ("办理中", "指标"),
        ("已销号", "指标"),
    ]
    assert found.title == "竹山县民政局督办清单（演示数据）"


def test_a_sample_without_the_table_follows_nothing_up(world, tmp_path) -> None:
    supervise(tmp_path, world.plan, timezone.localdate() + timedelta(days=1))
    assert world.plan.supervisions.count() == 0


def test_a_table_that_cannot_be_read_is_named(world, tmp_path) -> None:
    (tmp_path / FILE).write_text(",".join(COLUMNS[:-1]) + "\n", encoding="utf-8")
    with pytest.raises(PlanFolderError) as error:
        supervise(tmp_path, world.plan, timezone.localdate())
    assert error.value.faults == [f"{FILE} 第 1 行：缺少“依据文件”列，请补上。"]
