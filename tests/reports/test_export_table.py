"""manage.py export_table."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from indicators.models import Layer
from organization.models import Unit
from tests.reports import workbook_builders as builders
from tests.reports.workbook_builders import SHEETS

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    plan = builders.stored_plan()
    builders.give(plan, 2026, "44")
    builders.give(plan, 2026, "45.5", Layer.PROVISIONAL)
    return plan


def export(path, *options: str, year: str = "2026") -> str:
    out = StringIO()
    call_command("export_table", *options, "--year", year, "--output", str(path), stdout=out)
    return out.getvalue()


def values(path) -> list:
    sheet = load_workbook(path)[SHEETS[0]]
    return [sheet["A1"].value, sheet["F5"].value]


def test_writes_the_published_table_and_says_so(plan, tmp_path):
    path = tmp_path / "表.xlsx"
    assert export(path) == f"已写入：{path}（青山民政规划，2026年）\n"
    assert values(path) == ["青山县民政规划主要指标完成情况（2026年）", 44]


def test_overwriting_is_said(plan, tmp_path):
    path = tmp_path / "表.xlsx"
    path.write_text("旧", encoding="utf-8")
    assert export(path).startswith("已覆盖：")


def test_provisional_has_the_unpublished_figures_marked(plan, tmp_path):
    path = tmp_path / "表.xlsx"
    export(path, "--provisional")
    assert values(path) == ["青山县民政规划主要指标完成情况（2026年）（含未发布数据）", 45.5]


def refusal(*arguments: str, **options: str) -> str:
    with pytest.raises(CommandError) as refused:
        export(*arguments, **options)
    return str(refused.value)


@pytest.mark.parametrize("year", ["2031", "去年", "２０２６"])
def test_a_year_outside_the_plan_is_refused(plan, tmp_path, year):
    path = tmp_path / "表.xlsx"
    assert refusal(path, year=year) == f"青山民政规划没有“{year}”年；可选 2025 至 2030。"
    assert not path.exists()


def test_an_unknown_plan_is_refused(plan, tmp_path):
    told = refusal(tmp_path / "表.xlsx", "--plan", "xx")
    assert told == "没有代码为“xx”的规划；现有：qs。"


def test_with_two_plans_one_has_to_be_named(plan, tmp_path):
    other = Unit.objects.create(name="绿水县民政局", kind="bureau", code="LS")
    builders.stored_plan("ls", other)
    assert refusal(tmp_path / "表.xlsx") == "有多个规划，请用 --plan 指定：ls、qs。"
    assert export(tmp_path / "表.xlsx", "--plan", "qs").startswith("已写入")


def test_without_a_plan_it_says_what_to_do_first(tmp_path):
    assert refusal(tmp_path / "表.xlsx") == "还没有规划；请先用 load_plan 装入。"


def test_a_folder_that_is_not_there_is_said(plan, tmp_path):
    path = tmp_path / "没有" / "表.xlsx"
    assert refusal(path) == f"不能写入“{path}”：请检查文件夹是否存在、是否允许写入。"
