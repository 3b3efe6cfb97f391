"""Tasks and projects of the plan folders, loaded, changed and taken out again."""

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.test import TestCase

from indicators.models import AnnualReturn, Round, RoundNature
from organization.models import Unit
from plans.models import Plan
from plans.tables import PlanFolderError
from programs.loading import load_plan, load_plan_with_changes
from programs.models import Assignment, ComponentProgress, Task, TaskProgress
from tests.indicators.plan_folder import FIRST, SECOND, PlanFolder

pytestmark = pytest.mark.django_db

WORK = ("任务", "措施", "项目", "子项", "牵头分工")
KEPT = "已有填报或调整的内容，不能从规划中去掉，请恢复原来的内容。"


def contents() -> dict[str, list[tuple]]:
    """Every row of the work, links between many and history included."""
    models = apps.get_app_config("programs").get_models(include_auto_created=True)
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in models
    }


def faults_of(folder: PlanFolder) -> list[str]:
    with pytest.raises(PlanFolderError) as refused:
        load_plan(folder.path)
    return refused.value.faults


def annual_return(plan: Plan) -> AnnualReturn:
    of_2026 = Round.objects.create(
        plan=plan,
        year=2026,
        name="年报",
        nature=RoundNature.ANNUAL,
        as_of=date(2026, 12, 31),
        published_at=datetime(2027, 2, 1, tzinfo=UTC),
    )
    return AnnualReturn.objects.create(round=of_2026, unit=Unit.objects.get(code="LC-YL"))


def counted(folder: PlanFolder) -> dict[str, tuple[int, int, int]]:
    """Added, changed and removed rows of the work."""
    changes = load_plan_with_changes(folder.path).changes
    return {one.name: (one.added, one.changed, one.removed) for one in changes if one.name in WORK}


class TestTheSmallPlan(TestCase):
    """The small plan is loaded; its folder then changes."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.plan = load_plan(SECOND)

    @pytest.fixture(autouse=True)
    def _copy_folder(self, tmp_path) -> None:
        self.folder = PlanFolder(tmp_path)

    def test_a_task_has_place_people_indicators_and_measures(self):
        task = self.plan.tasks.get(code="2.1-1")
        assert (task.name, task.get_kind_display(), task.get_grade_display()) == (
            "建设乡镇养老中心",
            "任务",
            "须完成",
        )
        assert (str(task.clause), task.cooperating_bodies, task.note) == (
            "第二章第一节 第1段",
            "县卫健局",
            "演示",
        )
        assert [unit.code for unit in task.cooperating.all()] == ["LC-JZ"]
        assert sorted(one.code for one in task.indicators.all()) == ["C1", "C2"]
        assert [
            (str(one), one.verb, one.sentences, one.is_result) for one in task.measures.all()
        ] == [
            ("2.1-1-1 各乡镇建成养老中心", "建设", [1], True),
            ("2.1-1-2 定期探访老年人", "探访", [2], False),
        ]

    def test_who_leads_is_in_force_from_the_base_year_with_the_supervisor_of_the_unit(self):
        led = Assignment.objects.filter(task__plan=self.plan).order_by("task__order")
        assert [
            (one.task.code, one.unit.code, one.supervisor, one.effective_year, one.is_assumed)
            for one in led
        ] == [
            ("2.1-1", "LC-YL", "分管养老服务的副局长", 2025, False),
            ("2.2", "LC-JZ", "局长", 2025, True),
        ]

    def test_a_project_has_box_tasks_and_related_projects_in_both_directions(self):
        outside, boxed = self.plan.projects.all()
        assert (outside.box, str(boxed.box)) == (None, "专栏1 养老设施项目")
        assert [task.code for task in outside.tasks.all()] == ["2.1-1"]
        assert [list(outside.related.all()), list(boxed.related.all())] == [[boxed], [outside]]
        assert (outside.has_stages, boxed.has_stages) == (True, False)
        assert (outside.to_verify, boxed.assignments.get().unit.code) == (
            "哪些乡镇先建没有写",
            "LC-YL",
        )

    def test_components_have_quantity_months_and_townships(self):
        new, rebuilt = self.plan.projects.get(code="W-1").components.all()
        assert (new.planned, new.measure, new.planned_start, new.planned_end) == (
            2,
            "个",
            date(2026, 3, 1),
            date(2027, 12, 31),
        )
        assert [unit.code for unit in new.townships.all()] == ["LC-T1", "LC-T2"]
        assert (rebuilt.planned, rebuilt.planned_start, rebuilt.quantity_note) == (
            None,
            None,
            "数量没有写",
        )

    def test_all_townships_are_those_of_any_year_of_the_plan(self):
        everywhere = self.plan.projects.get(code="Z1-1").components.get()
        assert [unit.code for unit in everywhere.townships.all()] == [
            "LC-T1",
            "LC-T2",
            "LC-T3",
            "LC-T4",
        ]

    def test_the_summary_counts_what_changed_links_included(self):
        self.folder.put("tasks", "2.2", 名称="提高救助标准").put("projects", "W-1", 关联指标="")
        self.folder.add("measures", "2.2", 序=2, 措施="核实对象").drop("components", "W-1 2")
        self.folder.put("tasks", "2.1-1", 牵头单位代码="LC", 协同单位代码="")
        assert counted(self.folder) == {
            "任务": (0, 2, 0),
            "措施": (1, 0, 0),
            "项目": (0, 1, 0),
            "子项": (0, 0, 1),
            "牵头分工": (0, 1, 0),
        }

    def test_a_tie_between_projects_goes_when_neither_names_it(self):
        load_plan(self.folder.put("projects", "W-1", 关联项目="").path)
        assert [list(one.related.all()) for one in self.plan.projects.all()] == [[], []]

    def test_what_has_gone_from_the_folder_is_removed(self):
        self.folder.drop("tasks", "2.2").drop("measures", "2.2")
        self.folder.drop("projects", "W-1").drop("components", "W-1")
        load_plan(self.folder.put("projects", "Z1-1", 关联项目="").path)
        assert [task.code for task in self.plan.tasks.all()] == ["2.1-1"]
        assert [str(one) for one in self.plan.projects.all()] == ["Z1-1 新增养老床位"]

    def test_without_the_files_the_plan_has_no_work(self):
        for name in ("tasks", "measures", "projects", "components"):
            (self.folder.path / f"{name}.csv").unlink()
        (self.folder.path / "numbers.csv").unlink()
        load_plan(self.folder.path)
        assert (self.plan.tasks.count(), self.plan.projects.count()) == (0, 0)

    def test_a_clause_goes_with_its_task(self):
        clauses = self.folder.path / "clauses.csv"
        lines = clauses.read_text("utf-8").replace("第二章第二节 第1段,提高救助水平,1,\n", "")
        clauses.write_text(lines, "utf-8")
        self.folder.put("indicators", "C4", 条款定位="专栏1 第1条").drop("stated_values", "9")
        assert faults_of(self.folder) == [
            "tasks.csv 第 3 行“定位”：clauses.csv 中没有“第二章第二节 第1段”，请补上或改正。"
        ]
        load_plan(self.folder.drop("tasks", "2.2").drop("measures", "2.2").path)
        assert not self.plan.clauses.filter(locator="第二章第二节 第1段").exists()

    def test_a_task_with_progress_and_its_measures_stay(self):
        task = self.plan.tasks.get(code="2.1-1")
        progress = TaskProgress.objects.create(annual_return=annual_return(self.plan), task=task)
        progress.measure_states.create(measure=task.measures.get(order=2))
        self.folder.drop("measures", "2.1-1 2")
        assert faults_of(self.folder) == [
            f"measures.csv：措施“2.1-1-2 定期探访老年人”{KEPT}",
        ]
        self.folder.drop("tasks", "2.1-1").drop("measures", "2.1-1")
        self.folder.put("projects", "W-1", 关联任务="").put("projects", "Z1-1", 关联任务="")
        assert faults_of(self.folder) == [f"tasks.csv：任务“2.1-1 建设乡镇养老中心”{KEPT}"]
        assert Task.objects.filter(plan=self.plan).count() == 2

    def test_a_component_with_progress_stays(self):
        component = self.plan.projects.get(code="W-1").components.get(order=2)
        ComponentProgress.objects.create(
            annual_return=annual_return(self.plan), component=component
        )
        self.folder.drop("components", "W-1 2")
        assert faults_of(self.folder) == [f"components.csv：子项“W-1-2 改建中心”{KEPT}"]

    def test_who_leads_from_a_later_year_is_the_offices(self):
        task, unit = self.plan.tasks.get(code="2.2"), Unit.objects.get(code="LC-YL")
        task.assignments.create(unit=unit, effective_year=2028)
        before = contents()
        load_plan(self.folder.path)
        assert contents() == before
        assert faults_of(self.folder.drop("tasks", "2.2").drop("measures", "2.2")) == [
            f"tasks.csv：任务“2.2 提高救助水平”{KEPT}"
        ]

    def test_a_faulty_table_leaves_everything_as_it_was(self):
        before = contents()
        self.folder.put("tasks", "2.2", 名称="别的").put("measures", "2.2", 句="9")
        assert faults_of(self.folder) == [
            "measures.csv 第 4 行“句”：“第二章第二节 第1段”只有 1 句，没有第 9 句，请改正。"
        ]
        assert contents() == before

    def test_a_number_may_name_what_represents_it(self):
        self.folder.put("measures", "2.1-1 1", 序=3)
        assert faults_of(self.folder) == [
            "measures.csv 第 2 行“体现的数字”：numbers.csv 中“第二章第一节 第1段”的数字“2028年”"
            "没有写由“措施 2.1-1-3”体现，请补上或在此删去。"
        ]
        assert faults_of(self.folder.put("measures", "2.1-1 3", 体现的数字="")) == [
            "第二章第一节 第1段：数字“2028年”写由“措施 2.1-1-1”体现，规划数据中没有它，请改正。"
        ]


def test_faults_of_other_tables_are_told_together_with_those_of_the_work(tmp_path):
    folder = PlanFolder(tmp_path).put("items", "L05", 责任单位代码="LC-9")
    folder.put("indicators", "C1", 目标值="").put("tasks", "2.2", 牵头单位代码="LC-9")
    assert faults_of(folder) == [
        "items.csv 第 6 行“责任单位代码”：units.csv 中没有“LC-9”，请补上或改正。",
        "indicators.csv 第 11 行“目标值”：到期达到的指标必须填目标值。",
        "tasks.csv 第 3 行“牵头单位代码”：units.csv 中没有“LC-9”，请补上或改正。",
    ]


@pytest.mark.parametrize("source", [FIRST, SECOND])
def test_loading_again_changes_nothing_not_even_the_history(source):
    load_plan(source)
    before = contents()
    again = load_plan_with_changes(source)
    assert contents() == before
    assert {(one.added, one.changed, one.removed) for one in again.changes} == {(0, 0, 0)}
