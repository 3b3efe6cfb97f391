from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from plans.models import Plan, StatedNumber
from programs.loading import load_plan, load_plan_with_changes
from tests.plans import folders
from tests.plans.folders import folder, rows

pytestmark = pytest.mark.django_db


def run(*args: object) -> list[str]:
    out = StringIO()
    call_command("load_plan", *args, stdout=out)
    return out.getvalue().splitlines()


def test_load_plan_says_what_is_new(tmp_path):
    lines = run(folder(tmp_path / "plan"))
    assert lines[0] == f"已载入：{folders.TITLE}"
    assert lines[1] == "  单位：新增 4，更改 0，未变 0"
    assert "  条款：新增 9，更改 0，未变 0" in lines
    assert "  条款中的数字：新增 9，更改 0，未变 0" in lines
    assert "  指标：新增 2，更改 0，未变 0" in lines


def test_a_second_load_says_that_nothing_changed(tmp_path):
    path = folder(tmp_path / "plan")
    run(path)
    assert all("新增 0，更改 0" in line and "删除" not in line for line in run(path)[1:])


def test_a_changed_folder_says_what_changed(tmp_path):
    run(folder(tmp_path / "plan"))
    path = folder(
        tmp_path / "plan",
        plan=rows("plan", 简称="新简称"),
        clauses=rows("clauses", **{"前言 第1段": "新概要"}),
        numbers=rows("numbers")[:-1],
    )
    lines = run(path)
    assert "  规划：新增 0，更改 1，未变 0" in lines
    assert "  条款：新增 0，更改 1，未变 8" in lines
    assert "  条款中的数字：新增 0，更改 0，未变 8，删除 1" in lines


def test_if_absent_leaves_a_loaded_plan_alone(tmp_path):
    path = folder(tmp_path / "plan")
    assert run(path, "--if-absent")[0] == f"已载入：{folders.TITLE}"
    folder(path, plan=rows("plan", 简称="新简称"))
    assert run(path, "--if-absent") == ["系统中已有这份规划，没有重新载入。"]
    assert Plan.objects.get().short_title == "青山老龄规划"


def test_a_broken_folder_is_refused_with_every_fault(tmp_path):
    path = folder(tmp_path / "plan", plan=rows("plan", 末年="x"), chapters=None)
    with pytest.raises(CommandError) as error:
        run(path)
    lines = str(error.value).splitlines()
    assert lines[:2] == [
        "plan.csv 第 11 行“末年”：应为 1949 至 2200 之间的整数，现为“x”。",
        "chapters.csv：规划文件夹中没有这个文件，请补上。",
    ]
    assert lines[-1] == f"共 {len(lines) - 1} 处问题，没有写入任何内容。"
    assert not Plan.objects.exists()


def test_no_folder(tmp_path):
    with pytest.raises(CommandError) as error:
        run(tmp_path / "nothing")
    assert str(error.value) == (
        f"没有找到规划文件夹“{tmp_path / 'nothing'}”。\n共 1 处问题，没有写入任何内容。"
    )


def test_a_number_represented_by_nothing_is_a_fault(tmp_path):
    numbers = [*rows("numbers")[:-1], ["第二章第二节 第1段", 1, "1.5万", "指标 1、指标 9", ""]]
    with pytest.raises(CommandError) as error:
        run(folder(tmp_path / "plan", numbers=numbers))
    assert str(error.value).splitlines()[0] == (
        "第二章第二节 第1段：数字“1.5万”写由“指标 9”体现，规划数据中没有它，请改正。"
    )


def test_a_clause_that_an_indicator_needs_cannot_go(tmp_path):
    path = folder(tmp_path / "plan")
    load_plan(path)
    clauses = [row for row in rows("clauses") if row[0] != "表1 第2行"]
    numbers = [row for row in rows("numbers") if row[0] != "表1 第2行"]
    with pytest.raises(CommandError):
        run(folder(path, clauses=clauses, numbers=numbers))
    assert Plan.objects.get().clauses.count() == 9


def test_two_plans_of_one_bureau_stand_side_by_side(tmp_path):
    first = load_plan(folder(tmp_path / "a"))
    later = rows("plan", 规划代码="qingshan-b", 规划名称="青山县另一规划")
    second = load_plan_with_changes(folder(tmp_path / "b", plan=later))
    assert (first.clauses.count(), second.plan.clauses.count()) == (9, 9)
    assert str(second.changes[0]) == (
        "Change(name='单位', added=0, changed=0, removed=0, unchanged=4)"
    )


def test_the_plan_in_the_repository_loads_and_has_no_long_summary():
    plan = load_plan(Path(settings.BASE_DIR) / "fixtures" / "zhushan-2021-2025")
    assert [plan.chapters.count(), plan.clauses.count()] == [5, 87]
    assert StatedNumber.objects.filter(clause__plan=plan).count() == 111
    assert [str(one) for one in plan.clauses.all() if len(one.summary) > 60] == []
    without_task = plan.clauses.exclude(reason="").filter(section__chapter__number__gte=2)
    assert list(without_task) == []
