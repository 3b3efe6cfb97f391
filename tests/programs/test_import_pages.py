"""The pages of an import: choose, look, confirm. Nothing is written before, all of it after."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from exchange.models import Upload
from programs import resources
from tests.exchange.workbooks import HOSTILE, edited
from tests.programs.test_resources import PERCENT, QUANTITY, SITUATION, TYPED, rows, sheet_of

pytestmark = pytest.mark.django_db
SOURCE = {"provider": "养老股", "provided_on": "2024-01-05", "document": "进度表"}


@pytest.fixture
def care(world, work):
    return world.return_of(world.round(2023), world.care)


def url(care, name: str, *more: int) -> str:
    return reverse(f"progress_{name}", args=[care.pk, *more])


def upload(client, care, content: bytes, name: str = "填报表.xlsx"):
    return client.post(url(care, "upload"), {"file": SimpleUploadedFile(name, content)})


def kept(client, care, content: bytes) -> str:
    """Uploads, and gives the address of the preview."""
    answer = upload(client, care, content)
    assert answer.status_code == 302
    return answer.url


def texts(client) -> str:
    return client.get(reverse("admin:index")).content.decode()


def test_upload_preview_confirm(as_person, work, care):
    client, before = as_person("clerk"), rows()
    preview = kept(client, care, edited(sheet_of(care), TYPED))
    page = client.get(preview).content.decode()
    assert "核对无误后确认导入；确认之前什么都没有写入。" in page
    assert "新增 2 行" in page and "未变 16 行" in page
    assert "完成百分比是百分比格式，读作 60%。" in page
    assert rows() == before
    answer = client.post(preview, {"act": "confirm"}, follow=True)
    assert "已导入 1 项任务或子项；请核对后到“数据与情况说明”页报送。" in answer.content.decode()
    assert work.line(care, work.home).content.percent == 60
    assert Upload.objects.count() == 0


def test_cancelling_leaves_nothing(as_person, work, care):
    client, before = as_person("clerk"), rows()
    preview = kept(client, care, edited(sheet_of(care), TYPED))
    answer = client.post(preview, {"act": "cancel"}, follow=True)
    assert "已取消，什么都没有写入。" in answer.content.decode()
    assert (rows(), Upload.objects.count()) == (before, 0)


def test_bad_cells_are_listed_and_come_back_marked(as_person, work, care):
    client, before = as_person("clerk"), rows()
    preview = kept(client, care, edited(sheet_of(care), {**TYPED, QUANTITY: "六"}))
    page = client.get(preview).content.decode()
    assert "<td>应填数字，现为“六”。</td>" in page
    assert 'value="confirm"' not in page
    answer = client.get(preview + "marked/")
    assert "attachment" in answer["Content-Disposition"]
    assert client.post(preview, {"act": "confirm"}).status_code == 409
    assert rows() == before
    again = kept(client, care, edited(answer.content, {QUANTITY: 0}))
    assert client.post(again, {"act": "confirm"}).status_code == 302
    assert work.line(care, work.home).content.quantity == 0


@pytest.mark.parametrize("name", ["no workbook", "macro part", "entities", "bad XML", "empty"])
def test_a_file_that_is_none_is_answered_beside_the_field(as_person, care, name):
    file, build, says = HOSTILE[name]
    answer = upload(as_person("clerk"), care, build(), file)
    wanted = "文件是空的，请重新选择。" if name == "empty" else says.format(file)
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"] == [wanted]
    assert Upload.objects.count() == 0


def test_without_a_file_it_asks_for_one(as_person, care):
    answer = as_person("clerk").post(url(care, "upload"), {})
    assert answer.context["form"].errors["file"] == ["请选择文件。"]


def test_a_second_upload_takes_the_place_of_the_first(as_person, work, care):
    client = as_person("clerk")
    first = kept(client, care, sheet_of(care))
    kept(client, care, edited(sheet_of(care), TYPED))
    assert Upload.objects.count() == 1
    answer = client.get(first, follow=True)
    assert "这次上传已经导入、取消或超过一天，请重新上传。" in answer.content.decode()


def test_a_forgotten_upload_is_gone_after_a_day(as_person, work, care):
    client = as_person("clerk")
    preview = kept(client, care, edited(sheet_of(care), TYPED))
    Upload.objects.update(created=timezone.now() - timedelta(days=1, minutes=1))
    assert client.get(preview).url == url(care, "upload")
    assert client.post(preview, {"act": "confirm"}).url == url(care, "upload")
    kept(as_person("planner"), care, sheet_of(care))
    assert [one.user.username for one in Upload.objects.all()] == ["planner"]


def test_a_changed_file_in_the_database_is_not_believed(as_person, work, care):
    client = as_person("clerk")
    preview = kept(client, care, edited(sheet_of(care), TYPED))
    Upload.objects.update(content=edited(sheet_of(care), {**TYPED, PERCENT: 61}))
    assert client.post(preview, {"act": "confirm"}).url == url(care, "upload")


def test_what_changed_since_the_preview_is_looked_at_again(as_person, work, care, clerk):
    client = as_person("clerk")
    preview = kept(client, care, edited(sheet_of(care), TYPED))
    work.save(clerk, care, work.home, work.building())
    before = rows()
    answer = client.post(preview, {"act": "confirm"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "预览之后系统中的内容有变化，请按最新的预览重新核对。" in page
    assert "下载填报表之后，这一项在系统中已有改动" in page
    assert rows() == before


def test_somebody_elses_upload_does_not_exist(as_person, work, care):
    preview = kept(as_person("clerk"), care, edited(sheet_of(care), TYPED))
    assert as_person("planner").get(preview).status_code == 404
    assert as_person("planner").post(preview, {"act": "confirm"}).status_code == 404
    assert as_person("planner").get(preview + "marked/").status_code == 404


def test_a_right_that_was_taken_away_counts_at_the_confirmation(as_person, world, work, care):
    client = as_person("clerk")
    preview = kept(client, care, edited(sheet_of(care), TYPED))
    clerk = world.people["clerk"]
    clerk.unit = world.affairs
    clerk.save()
    assert client.post(preview, {"act": "confirm"}).status_code == 404
    assert work.line(care, work.home).content.percent is None


def test_the_planner_says_where_the_figures_come_from(as_person, work, care):
    client = as_person("planner")
    preview = kept(client, care, edited(sheet_of(care), TYPED))
    assert 'name="provider"' in client.get(preview).content.decode()
    before = rows()
    refused = client.post(preview, {"act": "confirm", "provider": "养老股"})
    assert refused.status_code == 409
    assert 'value="养老股"' in refused.content.decode()
    assert rows() == before
    assert client.post(preview, {"act": "confirm", **SOURCE}).status_code == 302
    assert work.line(care, work.home).row.provider == "养老股，2024-01-05，进度表"


def test_an_identity_number_is_asked_about(as_person, work, care):
    client = as_person("clerk")
    typed = {**TYPED, SITUATION: "经办 11010519491231002X"}
    preview = kept(client, care, edited(sheet_of(care), typed))
    refused = client.post(preview, {"act": "confirm"})
    assert refused.status_code == 409
    assert 'name="confirmed"' in refused.content.decode()
    assert client.post(preview, {"act": "confirm", "confirmed": "on"}).status_code == 302


def test_nothing_is_written_when_one_of_many_cannot_be(as_person, work, care):
    """The first row is fine, the second one asks: both stay as they were."""
    client = as_person("clerk")
    typed = {**TYPED, "项目进展!H5": "未启动", "项目进展!R5": "经办 11010519491231002X"}
    preview = kept(client, care, edited(sheet_of(care), typed))
    before = rows()
    assert client.post(preview, {"act": "confirm"}).status_code == 409
    assert rows() == before


def test_a_return_that_was_handed_in_takes_no_file(as_person, world, work):
    rnd = work.publish(2023)
    care = world.return_of(rnd, world.care)
    answer = as_person("clerk").get(url(care, "upload"), follow=True)
    assert "这张监测表现在是“已审核”，不能导入。" in answer.content.decode()
    assert as_person("clerk").get(url(care, "file")).status_code == 200


@pytest.mark.parametrize("name", ["other_clerk", "reviewer", "leader", "sysadmin", "auditor"])
def test_a_draft_is_not_for_others(as_person, work, care, name):
    client = as_person(name)
    for page in ("file", "upload"):
        assert client.get(url(care, page)).status_code in (403, 404)
    assert upload(client, care, sheet_of(care)).status_code in (403, 404)


def test_the_file_is_named_after_its_return(as_person, work, care):
    assert resources.file_name(care) == "任务与项目填报表（2023 年年报 养老股）.xlsx"
    page = as_person("clerk").get(reverse("progress_list", args=[care.pk])).content.decode()
    assert url(care, "file") in page and url(care, "upload") in page
