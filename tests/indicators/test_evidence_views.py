"""Evidence on its pages: in by form or script, out as an attachment, shown as a new picture."""

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from indicators import evidence, workflow
from indicators.models import AnnualReturn, Evidence, SpotCheck
from tests.indicators import sample_files as files
from tests.indicators.test_return_page import PAGE, posted
from tests.world import World

pytestmark = pytest.mark.django_db
IDENTITY = "11010519491231002X"
EVERYBODY = ["clerk", "other_clerk", "reviewer", "planner", "leader", "sysadmin", "auditor"]


@pytest.fixture(autouse=True)
def empty_store(settings, tmp_path: Path) -> Iterator[Path]:
    settings.MEDIA_ROOT = tmp_path / "evidence"
    yield settings.MEDIA_ROOT


@pytest.fixture
def care(world: World) -> AnnualReturn:
    return world.return_of(world.round(), world.care)


def upload(client, care: AnnualReturn, name: str, content: bytes, script: bool = True, **typed):
    data = {"file": SimpleUploadedFile(name, content), **typed}
    headers = {"X-Section": "evidence"} if script else {}
    return client.post(reverse("evidence_attach", args=[care.pk]), data, headers=headers)


def one(world: World, care: AnnualReturn, name: str = "检查表.pdf", build=files.pdf) -> Evidence:
    return evidence.attach(
        world.people["clerk"], care, world.figure(care.round, "D1"), name, build()
    )


def publish(world: World) -> None:
    rnd = world.plan.rounds.get()
    world.fill(rnd, 150, 300, [1, 1, 1], 470)
    world.approve_all(rnd)
    world.publish(rnd)


# --- in -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", files.GOOD)
def test_every_allowed_kind_goes_in_and_comes_out_unchanged(
    world: World, care: AnnualReturn, as_person, name: str
) -> None:
    build, content_type = files.GOOD[name]
    client, content = as_person("clerk"), build()
    response = upload(client, care, name, content)
    assert response.status_code == 200
    assert f"已添加“{name}”。" in response.content.decode()
    found = Evidence.objects.get()
    answer = client.get(reverse("evidence", args=[found.pk]))
    assert (answer.content, answer.headers["Content-Type"]) == (content, content_type)


BAD = {
    "exe renamed": ("a.pdf", b"MZ\x90\0"),
    "svg": ("a.svg", b"<svg/>"),
    "svg renamed": ("a.png", b"<svg/>"),
    "html": ("a.html", b"<html>"),
    "html renamed": ("a.pdf", b"<html>"),
    "docm": ("a.docm", files.docm()),
    "docm renamed": ("a.docx", files.docm()),
    "macros": ("a.docx", files.with_vba()),
    "bomb": ("a.docx", files.bomb()),
    "empty": ("a.pdf", b""),
    "over 20 MB": ("a.pdf", files.pdf(b"x" * (20 << 20))),
    "over the limit of a request": ("a.pdf", files.pdf(b"x" * (22 << 20))),
}


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("script", [True, False])
def test_everything_else_is_answered_with_a_sentence(
    world: World, care: AnnualReturn, as_person, empty_store: Path, kind: str, script: bool
) -> None:
    response = upload(as_person("clerk"), care, *BAD[kind], script, note="第 3 页")
    page = response.content.decode()
    assert response.status_code == 422
    assert 'id="evidence-fault"' in page and 'value="第 3 页"' in page
    assert (Evidence.objects.count(), empty_store.exists()) == (0, False)


def test_a_file_too_large_for_a_request_says_so(
    world: World, care: AnnualReturn, as_person
) -> None:
    response = upload(as_person("clerk"), care, "a.pdf", b"x" * (22 << 20))
    assert "文件超过 20 MB，请压缩扫描件或分成几个文件。" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../../etc/检查.pdf", "检查.pdf"), ("长" * 200 + ".pdf", "长" * 116 + ".pdf")],
    ids=["a path", "200 characters"],
)
def test_names_do_not_lead_anywhere(
    world: World, care: AnnualReturn, as_person, empty_store: Path, name: str, kept: str
) -> None:
    assert upload(as_person("clerk"), care, name, files.pdf()).status_code == 200
    found = Evidence.objects.get()
    assert found.name == kept
    assert [path.name for path in empty_store.iterdir()] == [found.file.name]


def test_without_a_file_the_page_asks_for_one(world: World, care: AnnualReturn, as_person) -> None:
    response = as_person("clerk").post(reverse("evidence_attach", args=[care.pk]))
    assert response.status_code == 422
    assert "请选择要上传的文件。" in response.content.decode()


@pytest.mark.parametrize("figure", ["abc", "0", "9" * 30, "²"])
def test_a_figure_that_is_none_of_the_return_is_refused(
    world: World, care: AnnualReturn, as_person, figure: str
) -> None:
    response = upload(as_person("clerk"), care, "a.pdf", files.pdf(), figure=figure)
    assert "所选的数据不在这张监测表里，请重新选择。" in response.content.decode()


def test_an_identity_number_in_the_name_asks_for_confirmation(
    world: World, care: AnnualReturn, as_person
) -> None:
    client, name = as_person("clerk"), f"{IDENTITY}.pdf"
    before = client.get(reverse(PAGE, args=[care.pk])).content.decode()
    assert 'name="confirmed"' not in before
    asked = upload(client, care, name, files.pdf(), note="检查")
    page = asked.content.decode()
    assert asked.status_code == 422
    assert 'name="confirmed"' in page and 'value="检查"' in page
    assert upload(client, care, name, files.pdf(), confirmed="on").status_code == 200


def test_without_a_script_the_page_comes_back(world: World, care: AnnualReturn, as_person) -> None:
    client = as_person("clerk")
    response = upload(client, care, "检查表.pdf", files.pdf(), script=False)
    assert response.url == reverse(PAGE, args=[care.pk])
    page = client.get(response.url).content.decode()
    assert "已添加“检查表.pdf”。" in page and "上传前请先保存草稿" in page


def test_a_script_gets_the_section_alone(world: World, care: AnnualReturn, as_person) -> None:
    figure = world.figure(care.round, "D3", world.townships[1])
    response = upload(
        as_person("clerk"), care, "检查表.pdf", files.pdf(), figure=figure.pk, note="第 3 页"
    )
    page = response.content.decode()
    assert page.lstrip().startswith('<section class="panel" id="evidence"')
    found = Evidence.objects.get()
    assert "D3 建有服务中心 · 南乡" in page and "第 3 页" in page
    assert found.sha256[:8] in page and f'title="SHA-256 {found.sha256}"' in page


def test_removing_by_form_asks_for_a_reason(world: World, care: AnnualReturn, as_person) -> None:
    client, found = as_person("clerk"), one(world, care)
    url = reverse("evidence_remove", args=[found.pk])
    refused = client.post(url, {"reason": " "})
    assert refused.status_code == 422
    assert "请写明删除佐证材料的原因。" in refused.content.decode()
    assert client.post(url, {"reason": "传错了"}).status_code == 302
    assert client.post(url, {"reason": "传错了"}).status_code == 404
    page = client.get(reverse(PAGE, args=[care.pk])).content.decode()
    assert "“检查表.pdf”（D1 护理型床位）　原因：传错了" in page


def test_readers_get_neither_form_nor_delete_button(
    world: World, care: AnnualReturn, as_person
) -> None:
    one(world, care)
    world.save(world.people["clerk"], care, D1=150, D2=300, D3=[1, 1, 1])
    care.refresh_from_db()
    workflow.submit(world.people["clerk"], care.pk, care.version)
    page = as_person("reviewer").get(reverse(PAGE, args=[care.pk])).content.decode()
    assert "检查表.pdf" in page
    assert "evidence-form" not in page and "evidence-remove" not in page
    own = as_person("clerk").get(reverse(PAGE, args=[care.pk])).content.decode()
    assert "evidence-form" in own and "evidence-remove" not in own
    care.refresh_from_db()
    workflow.withdraw(world.people["clerk"], care.pk, care.version)
    own = as_person("clerk").get(reverse(PAGE, args=[care.pk])).content.decode()
    assert "evidence-form" in own and "evidence-remove" in own


def test_the_section_costs_the_same_with_many_files(
    world: World, care: AnnualReturn, as_person
) -> None:
    client, counts = as_person("clerk"), []
    for n in range(4):
        one(world, care, f"{n}.pdf", lambda n=n: files.pdf(b"%d" % n))
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse(PAGE, args=[care.pk]))
        counts.append(len(seen))
    assert counts[0] == counts[3]


# --- out ------------------------------------------------------------------------------------


def test_the_original_leaves_as_an_attachment_in_a_locked_room(
    world: World, care: AnnualReturn, as_person
) -> None:
    answer = as_person("clerk").get(reverse("evidence", args=[one(world, care).pk]))
    headers = answer.headers
    assert headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%A3%80%E6%9F%A5%E8%A1%A8.pdf"
    )
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "private, no-store"


def test_a_picture_is_painted_anew(world: World, care: AnnualReturn, as_person) -> None:
    exif = Image.Exif()
    exif[0x010E] = "place and camera"
    found = one(world, care, "现场.jpg", lambda: files.image("JPEG", (900, 300), exif=exif))
    answer = as_person("clerk").get(reverse("evidence_picture", args=[found.pk]))
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size, dict(picture.getexif())) == ("PNG", (240, 80), {})
    assert b"place and camera" not in answer.content


def test_what_is_no_image_has_no_picture(world: World, care: AnnualReturn, as_person) -> None:
    url = reverse("evidence_picture", args=[one(world, care).pk])
    assert as_person("clerk").get(url).status_code == 404


def test_a_changed_file_is_refused_with_a_sentence(
    world: World, care: AnnualReturn, as_person, empty_store: Path
) -> None:
    found = one(world, care, "现场.png", files.png)
    (empty_store / found.file.name).write_bytes(files.image("PNG", (10, 10)))
    answer = as_person("clerk").get(reverse("evidence", args=[found.pk]))
    assert answer.status_code == 409
    assert "“现场.png”在服务器上被改动过，不能打开；请告知系统管理员用备份恢复。" in (
        answer.content.decode()
    )
    picture = reverse("evidence_picture", args=[found.pk])
    assert as_person("clerk").get(picture).status_code == 404


# --- who sees what --------------------------------------------------------------------------

SEEN = {
    # state of the return: those who get the file; the others get 404
    "draft": {"clerk", "planner"},
    "submitted": {"clerk", "reviewer", "planner"},
    "approved": {"clerk", "reviewer", "planner"},
    "published": {"clerk", "reviewer", "planner", "leader"},
    "added by the office to what is published": {"clerk", "reviewer", "planner", "leader"},
    "published, then reopened": {"clerk", "reviewer", "planner", "leader"},
    "new in a reopened return": {"clerk", "planner"},
}


def bring_to(world: World, care: AnnualReturn, state: str) -> Evidence:
    found = one(world, care, "现场.png", files.png)
    if "reopened" in state or "published" in state:
        publish(world)
        care.refresh_from_db()
    if "reopened" in state:
        workflow.reopen(world.people["reviewer"], care.pk, care.version, [], "核实")
    if state.startswith("added"):
        name, content = "签字表.png", files.image("PNG", (10, 10))
        return evidence.attach(world.people["planner"], care, None, name, content)
    if state.startswith("new"):
        return one(world, care, "新.png", lambda: files.image("PNG", (10, 10)))
    if state in ("submitted", "approved"):
        world.save(world.people["clerk"], care, D1=150, D2=300, D3=[1, 1, 1])
        care.refresh_from_db()
        sent = workflow.submit(world.people["clerk"], care.pk, care.version)
        if state == "approved":
            workflow.approve(world.people["reviewer"], sent.pk, sent.version)
    return found


@pytest.mark.parametrize("state", SEEN)
def test_who_gets_the_file_in_which_state(
    world: World, care: AnnualReturn, as_person, state: str
) -> None:
    found = bring_to(world, care, state)
    for name in ("evidence", "evidence_picture"):
        url = reverse(name, args=[found.pk])
        codes = {who: as_person(who).get(url).status_code for who in EVERYBODY}
        assert codes == {who: 200 if who in SEEN[state] else 404 for who in EVERYBODY}


def test_a_reviewer_of_other_units_sees_nothing(
    world: World, care: AnnualReturn, as_person
) -> None:
    found = bring_to(world, care, "published")
    world.people["reviewer"].review_units.set([world.affairs])
    assert as_person("reviewer").get(reverse("evidence", args=[found.pk])).status_code == 404


def test_who_only_reads_published_evidence_gets_no_return_page(
    world: World, care: AnnualReturn, as_person
) -> None:
    found = bring_to(world, care, "published")
    url = reverse("evidence_remove", args=[found.pk])
    assert as_person("leader").post(url, {"reason": "x"}).status_code == 404


# --- on the page of the indicator --------------------------------------------------------------


@pytest.mark.parametrize("who", ["clerk", "other_clerk", "reviewer", "planner", "leader"])
def test_the_indicator_page_lists_published_evidence_for_those_allowed(
    world: World, care: AnnualReturn, as_person, who: str
) -> None:
    one(world, care)
    evidence.attach(world.people["clerk"], care, None, "整表.pdf", files.pdf(b"whole"))
    evidence.attach(
        world.people["clerk"], care, world.figure(care.round, "D3", world.townships[0]),
        "东镇.pdf", files.pdf(b"town"),
    )  # fmt: skip
    before = as_person(who).get("/indicators/W1/").content.decode()
    assert "检查表.pdf" not in before
    publish(world)
    client = as_person(who)
    pages = {code: client.get(f"/indicators/{code}/").content.decode() for code in ("W1", "W2")}
    listed = who != "other_clerk"
    names = ("检查表.pdf", "整表.pdf", "东镇.pdf")
    assert [n for n in names if n in pages["W1"]] == (list(names[:2]) if listed else [])
    assert [n for n in names if n in pages["W2"]] == (list(names[1:]) if listed else [])
    assert who == "clerk" or "甲clerk" not in pages["W1"]


def test_spot_checks_stand_on_the_page_of_their_indicators(
    world: World, care: AnnualReturn, as_person
) -> None:
    publish(world)
    SpotCheck.objects.create(
        item=world.items["D1"], year=2023, sampled=20, errors_found=1, checked_by="规划财务股",
        checked_on="2024-01-10", note="重复登记", recorded_by=world.people["planner"],
    )  # fmt: skip
    page = as_person("leader").get("/indicators/W1/").content.decode()
    assert "护理型床位：抽查 20 条，<b>有误 1 条</b>" in page
    assert "规划财务股 · 2024-01-10 · 重复登记" in page
    assert "台账抽查" not in as_person("leader").get("/indicators/W3/").content.decode()


# --- the office's list of spot checks ------------------------------------------------------------


def spot_check_form(world: World, **typed: object) -> dict[str, object]:
    given = {"item": world.items["D1"].pk, "year": 2023, "sampled": 20, "errors_found": 1}
    return given | {"checked_by": "规划财务股", "checked_on": "2024-01-10", "note": ""} | typed


def test_the_office_records_and_corrects_a_spot_check(world: World, as_person) -> None:
    client = as_person("planner")
    client.post(reverse("admin:indicators_spotcheck_add"), spot_check_form(world))
    check = SpotCheck.objects.get()
    assert check.recorded_by == world.people["planner"]
    url = reverse("admin:indicators_spotcheck_change", args=[check.pk])
    client.post(url, spot_check_form(world, errors_found=2))
    check.refresh_from_db()
    assert (check.errors_found, check.history.count()) == (2, 2)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"errors_found": 21}, "有误数不能大于抽查数。"),
        ({"sampled": 0, "errors_found": 0}, "抽查数至少为 1。"),
        ({"year": 2031}, "年度应在 2020 至 2025 年之间，请改正。"),
        ({"note": f"户主{IDENTITY}"}, "像是含有 18 位身份证号码；抽查记录不写个人信息，请删去。"),
        (
            {"checked_on": (timezone.localdate() + timedelta(days=1)).isoformat()},
            "抽查日期不能晚于今天，请改正。",
        ),
    ],
)
def test_an_impossible_spot_check_is_answered_beside_the_form(
    world: World, as_person, typed: dict, sentence: str
) -> None:
    url = reverse("admin:indicators_spotcheck_add")
    page = as_person("planner").post(url, spot_check_form(world, **typed)).content.decode()
    assert sentence in page
    assert not SpotCheck.objects.exists()


# --- identity numbers typed into the return -------------------------------------------------------


def test_a_note_with_an_identity_number_keeps_all_that_was_typed_until_confirmed(
    world: World, care: AnnualReturn, as_person
) -> None:
    client, url = as_person("clerk"), reverse(PAGE, args=[care.pk])
    assert 'name="confirmed"' not in client.get(url).content.decode()
    data = posted(world, care, D1="150", D2="300", D1_note=f"张某{IDENTITY}")
    asked = client.post(url, data)
    page = asked.content.decode()
    assert asked.status_code == 422
    assert 'name="confirmed" aria-invalid="true"' in page
    rows = {row.item.code: row.typed for row in asked.context["grid"].single}
    assert (rows["D1"]["amount"], rows["D1"]["note"]) == ("150", f"张某{IDENTITY}")
    assert world.figure(care.round, "D1").amount is None
    assert client.post(url, data | {"confirmed": "on"}).status_code == 302
    assert world.figure(care.round, "D1").note == f"张某{IDENTITY}"


def test_the_confirmation_stays_ticked_while_something_else_is_wrong(
    world: World, care: AnnualReturn, as_person
) -> None:
    data = posted(world, care, D1="abc", D1_note=IDENTITY) | {"confirmed": "on"}
    page = as_person("clerk").post(reverse(PAGE, args=[care.pk]), data).content.decode()
    assert 'name="confirmed" checked' in page
