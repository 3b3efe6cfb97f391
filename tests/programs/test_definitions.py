"""任务与项目.xlsx: out of a plan and back into it, by the rules of the plan folder."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse
from openpyxl import load_workbook

from exchange.reading import read_book
from plans.tables import read_table, write_table
from programs import definitions, definitions_out
from programs.loading import load_plan
from programs.loading_tables import COLUMNS
from programs.models import Component, Measure, Project, Task
from tests.exchange.workbooks import edited, values
from tests.indicators.plan_folder import FIRST, SECOND, PlanFolder
from tests.programs.test_loading_work import contents

pytestmark = pytest.mark.django_db
NAME = "任务与项目.xlsx"


def look(plan, content: bytes):
    return definitions.read(plan, read_book(NAME, content))


def folder_rows(folder, name: str) -> list[list[str]]:
    columns = COLUMNS[name].split()
    return [[row.cells[c] for c in columns] for row in read_table(folder, name, columns, [])]


class TestTheRealPlan(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.plan = load_plan(FIRST)

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path) -> None:
        self.tmp = tmp_path

    def test_the_workbook_says_what_the_folder_says(self):
        out = values(definitions_out.workbook(self.plan))
        for name, sheet in definitions.SHEETS.items():
            columns = COLUMNS[name].split()
            assert out[sheet][2] == columns
            places = [n for n, one in enumerate(columns) if one not in LOOSE]
            ours = [[str(row[n] or "") for n in places] for row in out[sheet][3:]]
            theirs = [[row[n] for n in places] for row in folder_rows(FIRST, name)]
            assert ours == theirs

    def test_what_goes_out_comes_back_unchanged(self):
        before, out = contents(), definitions_out.workbook(self.plan)
        preview = look(self.plan, out)
        assert {row.outcome for row in preview.rows} == {"unchanged"}
        assert len(preview.rows) == sum(
            kind.objects.count() for kind in (Task, Measure, Project, Component)
        )
        assert (preview.bad, preview.faults, preview.notes) == ([], [], [])
        definitions.store(self.plan, read_book(NAME, out))
        assert contents() == before
        assert values(definitions_out.workbook(self.plan)) == values(out)

    def test_an_empty_plan_takes_it_and_gives_it_again(self):
        """Folder → database → workbook → folder → database → the same workbook."""
        out = values(definitions_out.workbook(self.plan))
        folder = PlanFolder(self.tmp, FIRST)
        for name, sheet in definitions.SHEETS.items():
            rows = [[cell or "" for cell in row] for row in out[sheet][3:]]
            write_table(folder.path, name, COLUMNS[name].split(), rows)
        before = contents()
        plan = load_plan(folder.path)
        assert contents() == before
        assert values(definitions_out.workbook(plan)) == out


# Written another way by hand, and meaning the same: the order within a list, a tie named from
# either side, a number given to the whole.
LOOSE = {"协同单位代码", "关联任务", "关联指标", "关联项目", "体现的数字", "分管领导", "乡镇"}


class TestTheSmallPlan(TestCase):
    """2.1-1 stands in row 4 of 任务, its measures in rows 4 and 5 of 措施."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.plan = load_plan(SECOND)

    def setUp(self) -> None:
        self.out = definitions_out.workbook(self.plan)

    def test_changes_are_shown_by_row_and_by_kind_and_stored(self):
        content = edited(self.out, {"任务!D4": "建好乡镇养老中心", "措施!I5": "每季一次"})
        before = contents()
        preview = look(self.plan, content)
        assert contents() == before
        assert [(row.sheet, row.row, row.label, row.outcome) for row in preview.shown] == [
            ("任务", 4, "2.1-1 建好乡镇养老中心", "changed"),
            ("措施", 5, "2.1-1-2 定期探访老年人", "changed"),
        ]
        assert [(one.name, one.old, one.new) for one in preview.shown[0].changes] == [
            ("名称", "建设乡镇养老中心", "建好乡镇养老中心")
        ]
        assert preview.notes == [
            "任务：新增 0，修改 1，删除 0，未变 1。",
            "措施：新增 0，修改 1，删除 0，未变 2。",
        ]
        said = definitions.store(self.plan, read_book(NAME, content))
        assert said == "已导入：任务 1 行，措施 1 行。"
        assert Task.objects.get(code="2.1-1").name == "建好乡镇养老中心"

    def test_rows_come_and_go(self):
        book = load_workbook(BytesIO(self.out))
        book["措施"].delete_rows(5)
        book["措施"].append(["2.1-1", "3", "培训护理员", "培训", "推进", "2", "否", None, None])
        file = BytesIO()
        book.save(file)
        preview = look(self.plan, file.getvalue())
        assert [(row.label, row.outcome) for row in preview.shown] == [
            ("2.1-1-3 培训护理员", "new"),
            ("2.1-1-2 定期探访老年人", "removed"),
        ]

    def test_faults_of_the_loader_name_the_cell(self):
        typed = {"任务!F4": "必须", "任务!G5": "LC-XX", "措施!F4": "9", "措施!B5": True}
        before = contents()
        preview = look(self.plan, edited(self.out, typed))
        assert sorted(str(one) for one in preview.bad) == [
            "“任务”F4“承诺程度”：应为须完成、推进、探索、争取之一，现为“必须”。",
            "“任务”G5“牵头单位代码”：单位中没有“LC-XX”，请补上或改正。",
            "“措施”B5“序”：是逻辑值，请改为文字或数字。",
            "“措施”F4“句”：“第二章第一节 第1段”只有 2 句，没有第 9 句，请改正。",
        ]
        assert (preview.faults, contents()) == ([], before)

    def test_a_hidden_row_is_no_row_to_delete(self):
        book = load_workbook(BytesIO(self.out))
        book["任务"].row_dimensions[5].hidden = True
        file = BytesIO()
        book.save(file)
        assert look(self.plan, file.getvalue()).faults == [
            "工作表“任务”有隐藏或筛选掉的行；不读入就会从规划中删去，请取消隐藏或筛选后再上传。"
        ]

    def test_an_older_workbook_does_not_undo_what_came_later(self):
        Task.objects.filter(code="2.1-1").update(name="改过")
        assert look(self.plan, self.out).faults == [
            "下载之后规划的任务与项目已有改动；请重新下载，在新文件中修改。"
        ]

    def test_a_number_that_is_left_without_what_represents_it_is_said(self):
        book = load_workbook(BytesIO(self.out))
        book["措施"].delete_rows(4)
        file = BytesIO()
        book.save(file)
        before = contents()
        assert look(self.plan, file.getvalue()).faults == [
            "第二章第一节 第1段：数字“2028年”写由“措施 2.1-1-1”体现，规划数据中没有它，请改正。"
        ]
        assert contents() == before


def test_the_planner_does_it_in_the_browser(world, work, as_person):
    client = as_person("planner")
    base = reverse("admin:plans_plan_work", args=[world.plan.pk])
    out = client.get(reverse("admin:plans_plan_work_file", args=[world.plan.pk])).content
    upload = SimpleUploadedFile(NAME, edited(out, {"任务!D4": "强化机构养老"}))
    preview = client.post(base, {"file": upload})
    assert "强化机构养老" in client.get(preview.url).content.decode()
    work.care_task.refresh_from_db()
    assert work.care_task.name == "强化养老机构"
    answer = client.post(preview.url, {"act": "confirm"}, follow=True)
    assert "已导入：任务 1 行。" in answer.content.decode()
    work.care_task.refresh_from_db()
    assert work.care_task.name == "强化机构养老"
    assert work.care_task.history.first().history_user == world.people["planner"]
    page = client.get(reverse("admin:plans_plan_change", args=[world.plan.pk])).content.decode()
    assert base in page


def test_a_progress_sheet_is_no_definition(world, work, as_person):
    from_elsewhere = definitions_out.workbook(world.plan)
    care = world.return_of(world.round(2023), world.care)
    url = reverse("progress_upload", args=[care.pk])
    upload = SimpleUploadedFile(NAME, from_elsewhere)
    page = as_person("clerk").post(url, {"file": upload}, follow=True).content.decode()
    assert "这是“任务与项目”，不是填报表；请在对应的页面上传。" in page
