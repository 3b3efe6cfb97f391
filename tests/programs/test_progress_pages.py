"""The pages on which progress is typed: nothing typed is lost, nothing foreign is seen."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from indicators import workflow
from indicators.models import Evidence
from programs import form
from programs.models import Project
from tests.indicators.sample_files import png

pytestmark = pytest.mark.django_db


@pytest.fixture
def care(world, work):
    return world.return_of(world.round(2023), world.care)


def page(care, key):
    return reverse("progress", args=[care.pk, key])


def posted(work, care, thing, content=None, **fields):
    """The whole form, as a browser sends it."""
    line = work.line(care, thing)
    values = form.written(content or line.content)
    return {**values, "version": str(line.row.version), "act": "save", **fields}


def test_the_list_says_what_is_still_owed(as_person, work, care):
    answer = as_person("clerk").get(reverse("progress_list", args=[care.pk]))
    text = answer.content.decode()
    assert "4.1-1 强化养老机构" in text
    assert "Z3-1 养老院建设 · 失能老人养老院" in text
    assert "任务与项目进展（已填 0/3）" in text


def test_what_is_not_built_says_when_it_began_and_was_done(as_person, work, care):
    key = work.key(care, work.home)
    client = as_person("clerk")
    built = client.get(page(care, key)).content.decode()
    Project.objects.update(kind="service")
    service = client.get(page(care, key)).content.decode()
    words = (
        "实际开工（年-月-日）",
        "实际完工（年-月-日）",
        "实际开始（年-月-日）",
        "完成日期（年-月-日）",
    )
    assert [word in built for word in words] == [True, True, False, False]
    assert [word in service for word in words] == [False, False, True, True]
    done = work.building(status="done", stage="", percent=100, quantity=Decimal(1))
    client.post(page(care, key), posted(work, care, work.home, done))
    assert work.line(care, work.home).owed == {
        "completed_on": "已完成，请填完成日期。",
        "document": "已完成，请填依据文件。",
    }


@pytest.mark.parametrize("name", ["other_clerk", "reviewer", "leader", "township_clerk"])
def test_a_draft_is_not_for_others(as_person, work, care, name):
    client = as_person(name)
    key = work.key(care, work.home)
    assert client.get(page(care, key)).status_code in (403, 404)
    assert client.post(page(care, key), {}).status_code in (403, 404)
    assert client.get(reverse("progress_list", args=[care.pk])).status_code in (403, 404)


def test_what_was_typed_is_saved_and_the_next_one_opens(as_person, work, care):
    client = as_person("clerk")
    key = work.key(care, work.home)
    answer = client.post(
        page(care, key), posted(work, care, work.home, work.building(), act="next")
    )
    assert answer.status_code == 302
    assert answer.url == page(care, work.key(care, work.flats))
    assert work.line(care, work.home).content == work.building()


def test_after_the_last_one_the_list_opens(as_person, work, care):
    key = work.key(care, work.flats)
    answer = as_person("clerk").post(
        page(care, key), posted(work, care, work.flats, work.waiting(), act="next")
    )
    assert answer.url == reverse("progress_list", args=[care.pk])


def test_full_width_digits_and_separators_are_numbers(as_person, work, care):
    typed = posted(work, care, work.home, work.building())
    typed |= {"quantity": "１", "money-central-planned": "1,200.5", "percent": "６０%"}
    as_person("clerk").post(page(care, work.key(care, work.home)), typed)
    content = work.line(care, work.home).content
    assert (content.quantity, content.percent) == (Decimal(1), 60)
    assert content.money["central"].planned == Decimal("1200.5")


WRONG = [
    ("quantity", "六", "应填数字，现为“六”。"),
    ("percent", "6.5", "应为 0 至 100 之间的整数，现为“6.5”。"),
    ("percent", "²", "应为 0 至 100 之间的整数，现为“²”。"),
    ("started_on", "2023-13-01", "日期“2023-13-01”不存在，请核对年月日。"),
    ("money-central-spent", "0.12345", "最多 4 位小数，现为 0.12345。"),
    ("money-central-spent", "-1", "应为不小于 0 的数，且不超过系统能存的范围，现为 -1。"),
    ("status", "finished", "没有这个选项，请重新选择。"),
    ("reason", "长" * 501, "原因最多 500 字，现有 501 字。"),
]


@pytest.mark.parametrize(
    ("name", "typed", "says"), WRONG, ids=[row[0] + str(n) for n, row in enumerate(WRONG)]
)
def test_bad_input_is_a_sentence_and_nothing_is_lost(as_person, work, care, name, typed, says):
    fields = posted(work, care, work.home, work.building(situation="主体封顶"), **{name: typed})
    answer = as_person("clerk").post(page(care, work.key(care, work.home)), fields)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert says in text
    assert "主体封顶" in text
    assert "有 1 处需要改正，已标出；已填内容都在，尚未保存。" in text
    assert work.line(care, work.home).content.status == ""


def test_two_people_see_both_versions(as_person, work, care, clerk):
    typed = posted(work, care, work.home, work.building(percent=70))
    work.save(clerk, care, work.home, work.building())
    answer = as_person("clerk").post(page(care, work.key(care, work.home)), typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert '<th scope="row">完成百分比</th><td>70</td><td>60</td>' in text
    assert work.line(care, work.home).content == work.building()
    again = {**typed, "version": "2"}
    assert as_person("clerk").post(page(care, work.key(care, work.home)), again).status_code == 302
    assert work.line(care, work.home).content.percent == 70


def test_a_double_click_saves_once(as_person, work, care):
    typed = posted(work, care, work.home, work.building())
    client = as_person("clerk")
    for _ in range(2):
        assert client.post(page(care, work.key(care, work.home)), typed).status_code == 302
    assert work.line(care, work.home).row.version == 2


def test_an_identity_number_is_asked_about(as_person, work, care):
    typed = posted(work, care, work.home, work.building(situation="经办 11010519491231002X"))
    url, client = page(care, work.key(care, work.home)), as_person("clerk")
    answer = client.post(url, typed)
    assert answer.status_code == 422
    assert "已确认不含个人身份信息" in answer.content.decode()
    assert client.post(url, {**typed, "confirmed": "on"}).status_code == 302


def test_the_planner_enters_for_a_unit(as_person, work, care):
    typed = posted(work, care, work.home, work.building())
    url, client = page(care, work.key(care, work.home)), as_person("planner")
    assert client.post(url, typed).status_code == 409
    source = {"provider": "养老股", "provided_on": "2024-01-05", "document": "进度表"}
    assert client.post(url, {**typed, **source}).status_code == 302
    assert work.line(care, work.home).row.provider == "养老股，2024-01-05，进度表"


def test_handing_in_names_what_is_missing_with_the_way_there(as_person, world, work, care, clerk):
    care = world.save(clerk, care, D1=30, D2=50, D3=[1, 1, 0])
    url = reverse("admin:indicators_annualreturn_submit", args=[care.pk])
    answer = as_person("clerk").post(url, {"version": care.version})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "任务与项目进展还有 3 处要补，补齐后才能报送：" in text
    assert "4.1-1 强化养老机构：请选择状态。" in text
    assert reverse("progress_list", args=[care.pk]) in text


def test_a_picture_hangs_on_the_component(as_person, world, work, care):
    key = work.key(care, work.home)
    upload = SimpleUploadedFile("现场.png", png())
    client = as_person("clerk")
    client.post(
        reverse("evidence_attach", args=[care.pk]),
        {"file": upload, "part": key, "note": "主体封顶"},
    )
    found = Evidence.objects.get()
    assert (found.part, found.subject) == (key, "Z3-1 养老院建设 · 失能老人养老院")
    assert "主体封顶" in client.get(page(care, key)).content.decode()


def test_evidence_of_what_is_not_there_is_refused(as_person, work, care):
    answer = as_person("clerk").post(
        reverse("evidence_attach", args=[care.pk]),
        {"file": SimpleUploadedFile("现场.png", png()), "part": "c999"},
    )
    assert "所选的任务或项目不在这张监测表里，请重新选择。" in answer.content.decode()
    assert Evidence.objects.count() == 0


def test_the_reviewer_reads_what_was_handed_in(as_person, world, work, care, clerk):
    care = world.save(clerk, care, D1=30, D2=50, D3=[1, 1, 0])
    work.save(clerk, care, work.care_task, work.task_done())
    work.save(clerk, care, work.home, work.building())
    work.save(clerk, care, work.flats, work.waiting())
    workflow.submit(clerk, care.pk, care.version)
    text = as_person("reviewer").get(page(care, work.key(care, work.home))).content.decode()
    assert "主体施工。" in text
    assert "保存，到下一项" not in text


def test_one_component_is_reopened_through_the_page(as_person, world, work):
    rnd = work.publish(2023)
    care = world.return_of(rnd, world.care)
    key = work.key(care, work.home)
    client = as_person("reviewer")
    return_page = reverse("admin:indicators_annualreturn_change", args=[care.pk])
    assert f'name="open-{key}"' in client.get(return_page).content.decode()
    client.post(
        reverse("admin:indicators_annualreturn_reopen", args=[care.pk]),
        {"version": care.version, f"open-{key}": "on", "reason": "投资数有误"},
    )
    assert not work.line(care, work.home).row.locked
    assert work.line(care, work.care_task).row.locked


@pytest.mark.parametrize("key", ["t999", "c1x", "x"])
def test_what_is_not_in_the_return_is_not_found(as_person, work, care, key):
    assert as_person("clerk").get(page(care, key)).status_code == 404


def test_the_last_round_is_carried_over_and_not_stored(as_person, world, work, clerk):
    work.publish(2023)
    care = world.return_of(world.round(2024), world.care)
    url = page(care, work.key(care, work.home))
    answer = as_person("clerk").post(url, posted(work, care, work.home, act="carry"))
    text = answer.content.decode()
    assert "已填入，还没有保存；请核对后保存。" in text
    assert 'name="percent" value="60"' in text
    assert work.line(care, work.home).content.percent is None


def test_measures_without_a_status_get_one_at_a_click(as_person, work, care):
    first = work.measures[0].pk
    typed = posted(work, care, work.care_task, act="all-under_way")
    typed[f"m{first}-status"] = "done"
    text = (
        as_person("clerk").post(page(care, work.key(care, work.care_task)), typed).content.decode()
    )
    assert text.count('<option value="under_way" selected>') == 2
    assert text.count('<option value="done" selected>') == 1
    assert work.line(care, work.care_task).content.status == ""


def test_the_reviewer_sees_what_a_reopened_item_says_otherwise(
    as_person, world, work, clerk, reviewer
):
    rnd = work.publish(2023)
    care = world.return_of(rnd, world.care)
    key = work.key(care, work.home)
    workflow.reopen(reviewer, care.pk, care.version, [], "补登", [key])
    work.save(clerk, care, work.home, work.building(percent=70))
    care.refresh_from_db()
    workflow.submit(clerk, care.pk, care.version)
    client = as_person("reviewer")
    listed = client.get(reverse("progress_list", args=[care.pk])).content.decode()
    assert listed.count("有改动") == 1
    text = client.get(page(care, key)).content.decode()
    assert '<th scope="row">完成百分比</th><td>60</td><td>70</td>' in text


def test_after_an_upload_one_is_back_at_the_item(as_person, world, work, care):
    key = work.key(care, work.home)
    url, client = reverse("evidence_attach", args=[care.pk]), as_person("clerk")
    for said in ("已添加“现场.png”。", "这张监测表已有同一份文件“现场.png”，不用重复上传。"):
        upload = SimpleUploadedFile("现场.png", png())
        answer = client.post(url, {"file": upload, "part": key}, follow=True)
        assert answer.redirect_chain[-1][0] == page(care, key)
        assert said in answer.content.decode()


def test_why_it_was_sent_back_stands_on_the_pages_of_the_work(
    as_person, world, work, care, clerk, reviewer
):
    care = world.save(clerk, care, D1=30, D2=50, D3=[1, 1, 0])
    work.save(clerk, care, work.care_task, work.task_done())
    work.save(clerk, care, work.home, work.building())
    work.save(clerk, care, work.flats, work.waiting())
    care = workflow.submit(clerk, care.pk, care.version)
    workflow.send_back(reviewer, care.pk, care.version, "到位资金与台账不符")
    client = as_person("clerk")
    for url in (reverse("progress_list", args=[care.pk]), page(care, work.key(care, work.home))):
        assert "到位资金与台账不符" in client.get(url).content.decode()


def test_a_wrong_number_does_not_make_a_stale_page_fresh(as_person, work, care, clerk):
    """The second save is refused with both versions, also after a mistake was put right."""
    url, client = page(care, work.key(care, work.home)), as_person("clerk")
    typed = posted(work, care, work.home, work.building(situation="我写的"))
    work.save(clerk, care, work.home, work.building(situation="他人写的"))
    answer = client.post(url, {**typed, "quantity": "六"})
    assert answer.status_code == 422
    assert 'name="version" value="1"' in answer.content.decode()
    answer = client.post(url, typed)
    assert answer.status_code == 409
    assert "他人写的" in answer.content.decode()
    assert work.line(care, work.home).content.situation == "他人写的"
