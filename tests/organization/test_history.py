"""Who, when, from where, old → new, why: and nobody can change it afterwards."""

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model, ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from simple_history.models import HistoricalRecords

from indicators import evidence, workflow
from indicators.models import AnnualReturn, ReturnAct
from organization.history import AppendOnly, Immutable, Traced
from organization.models import LoginRecord, Unit, User
from organization.timeline import timeline
from tests.indicators import sample_files
from tests.test_access import WHO, clients
from tests.test_access import places as places  # the fixture
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db

TRACKED = [m for m in apps.get_models() if hasattr(m._meta, "simple_history_manager_attribute")]
KEPT = [m for m in apps.get_models() if issubclass(m, AppendOnly)]
EXPECTED = (
    "Unit User Plan Round AnnualReturn Figure Explanation Indicator DataItem Target Milestone"
)


def rows(*models: type[Model]) -> dict[tuple[str, int], tuple]:
    return {
        (model._meta.label, row[0]): row
        for model in models or KEPT
        for row in model.objects.values_list("pk", *[f.attname for f in model._meta.fields])
    }


def changes(event) -> list[tuple[str, str, str, str]]:
    return [(c.subject, c.label, c.old, c.new) for c in event.changes]


# --- what is kept -------------------------------------------------------------------------


def test_what_matters_has_a_history_and_every_history_says_from_where() -> None:
    assert set(EXPECTED.split()) <= {model.__name__ for model in TRACKED}
    assert all(issubclass(model.history.model, Traced) for model in TRACKED)


def test_a_change_through_a_page_says_who_from_where_and_by_which_page(
    world: World, as_person
) -> None:
    url = reverse("admin:organization_unit_change", args=[world.care.pk])
    form = {"code": "XA-1", "name": "养老服务股", "kind": "department", "order": 1}
    form |= {"bureau": world.bureau.pk, "valid_from": 1949}
    client = as_person("sysadmin")
    answer = client.post(url, form, REMOTE_ADDR="10.8.0.7", HTTP_X_FORWARDED_FOR="6.6.6.6")
    assert answer.status_code == 302
    row = world.care.history.latest()
    assert (row.history_user, row.address, row.via) == (world.people["sysadmin"], "10.8.0.7", url)


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "6.6.6.6", "10.8.0.7"),
        (True, "6.6.6.6, 10.1.1.9", "10.1.1.9"),
        (True, "", "10.8.0.7"),
        (True, "nonsense", "10.8.0.7"),
        (True, "6.6.6.6, fe80::1", "fe80::1"),
    ],
)
def test_only_our_own_proxy_is_believed(
    world: World, settings, client, behind_proxy, forwarded, address
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    client.post(
        "/accounts/login/",
        {"username": "clerk", "password": "wrong"},
        REMOTE_ADDR="10.8.0.7",
        HTTP_X_FORWARDED_FOR=forwarded,
    )
    assert LoginRecord.objects.latest("pk").address == address


def test_rows_written_in_bulk_say_from_where_too(world: World, as_person) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    d1 = world.figure(rnd, "D1")
    url = reverse("admin:indicators_annualreturn_change", args=[care.pk])
    as_person("clerk").post(url, {"version": 1, f"amount-{d1.pk}": "150"}, REMOTE_ADDR="10.8.0.9")
    last = d1.history.latest()
    assert (str(last.history_user), last.amount, last.address) == ("甲clerk", 150, "10.8.0.9")
    assert last.act == care.history.latest().act != ""


def test_a_command_is_named_where_there_is_no_page(world: World, monkeypatch) -> None:
    monkeypatch.setattr("sys.argv", ["/srv/manage.py", "load_plan", "x"])
    world.care.save()
    last = world.care.history.latest()
    assert (last.address, last.via, last.act) == ("", "命令行 load_plan", "")
    assert not hasattr(HistoricalRecords.context, "request")


def test_a_log_in_leaves_no_row_in_the_history_of_the_account(world: World, client) -> None:
    before = User.history.count()
    client.post("/accounts/login/", {"username": "clerk", "password": "for-tests-only-2023"})
    assert User.objects.get(username="clerk").last_login is not None
    assert User.history.count() == before


# --- nobody changes it --------------------------------------------------------------------


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_kept_rows_can_neither_be_changed_nor_removed(world: World, model) -> None:
    attempts = [
        lambda: model.objects.all().delete(),
        lambda: model.objects.all()._chain().delete(),
        lambda: model.objects.update(pk=1),
        lambda: model.objects.bulk_update([], ["pk"]),
        lambda: model.objects.bulk_create([], update_conflicts=True, update_fields=["pk"]),
        lambda: _loaded(model).save(),
        lambda: _loaded(model).delete(),
    ]
    for attempt in attempts:
        with pytest.raises(Immutable):
            attempt()


def _loaded(model) -> Model:
    row = model()
    row._state.adding = False
    return row


def test_the_history_of_a_thing_cannot_be_emptied(world: World) -> None:
    for attempt in (world.care.history.all().delete, lambda: Unit.history.update(name="x")):
        with pytest.raises(Immutable):
            attempt()


def test_an_account_that_did_something_cannot_be_removed(world: World) -> None:
    world.round()
    with pytest.raises(ProtectedError):
        world.people["planner"].delete()


def test_no_history_is_registered_in_the_admin() -> None:
    assert [model for model in admin.site._registry if issubclass(model, AppendOnly)] == []


ATTEMPTS = [
    ("delete/", {"post": "yes"}),
    ("history/", {"_change_history": "1"}),
    ("history/1/", {"_change_history": "1"}),
    ("history/1/delete/", {"post": "yes"}),
    ("change/", {}),
    ("", {"action": "delete_selected"}),
]


@pytest.mark.parametrize("who", WHO)
def test_no_address_of_the_admin_alters_what_is_kept(world: World, places, who: str) -> None:
    client = clients(world)[WHO.index(who)]
    before = rows()
    for model in admin.site._registry:
        base = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        thing = model._default_manager.first()
        for ending, form in ATTEMPTS:
            client.post(f"{base}{thing.pk if thing else 1}/{ending}", form)
        chosen = {"action": "delete_selected", "_selected_action": [1], "post": "yes"}
        client.post(base, chosen)
    after = rows()
    assert {key: after.get(key) for key in before} == before


def test_the_history_page_only_reads(world: World, as_person) -> None:
    url = reverse("admin:organization_user_history", args=[world.people["clerk"].pk])
    assert as_person("sysadmin").post(url).status_code == 405


# --- how it reads -------------------------------------------------------------------------


def test_a_timeline_tells_old_and_new_in_words(world: World, sysadmin) -> None:
    unit = world.townships[0]
    unit.successor, unit.valid_until, unit.is_assumption = world.townships[1], 2023, True
    unit._history_user, unit._change_reason = sysadmin, "撤乡并镇"
    unit.save()
    newest, oldest = timeline(unit)
    assert (newest.who, newest.what, newest.why) == ("甲sysadmin", "修改单位", "撤乡并镇")
    assert changes(newest) == [
        ("", "最后有效年", "—", "2023"),
        ("", "继任单位", "—", "南乡"),
        ("", "待确认", "否", "是"),
    ]
    assert (oldest.what, changes(oldest)[:3]) == (
        "新建单位",
        [("", "单位代码", "", "XA-T0"), ("", "名称", "", "东镇"), ("", "类型", "", "乡镇")],
    )


def test_an_account_tells_its_roles_units_and_that_a_password_was_set(
    world: World, as_person
) -> None:
    clerk = world.people["clerk"]
    form = {"username": "clerk", "name": "甲clerk", "unit": world.affairs.pk, "roles": ["reviewer"]}
    form |= {"review_units": [world.care.pk], "new_password": "another-long-phrase-7"}
    url = reverse("admin:organization_user_change", args=[clerk.pk])
    assert as_person("sysadmin").post(url, form).status_code == 302
    newest = timeline(clerk)[0]
    assert (newest.who, newest.what, changes(newest)) == (
        "甲sysadmin",
        "修改账号",
        [
            ("", "所属单位", "养老股", "社会事务股"),
            ("", "角色", "填报员", "审核员"),
            ("", "启用", "是", "否"),
            ("", "密码", "—", "设置了新密码"),
            ("", "审核范围", "—", "养老股"),
        ],
    )
    page = as_person("sysadmin").get(reverse("admin:organization_user_history", args=[clerk.pk]))
    assert "设置了新密码" in page.content.decode()
    assert not re.search(r"(md5|argon2|pbkdf2)", page.content.decode())


def test_a_figure_tells_unknown_in_words_and_yes_as_yes(world: World, clerk) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    world.save(clerk, care, D1=150, D3=[1, 0, 1])
    d1 = world.figure(rnd, "D1")
    care.refresh_from_db()
    unknown = workflow.Entry(None, "none", "台账未交")
    workflow.save_draft(clerk, care.pk, care.version, {d1.pk: unknown})
    assert [changes(event) for event in timeline(d1)[:2]] == [
        [("", "数值", "150", "暂无"), ("", "备注", "—", "台账未交")],
        [("", "数值", "未填", "150"), ("", "填报人", "—", "甲clerk")],
    ]
    yes = world.figure(rnd, "D3", world.townships[0])
    assert changes(timeline(yes)[0])[0] == ("", "数值", "未填", "是")


@pytest.fixture
def one_request(rf):
    """What is saved now was saved by one request."""
    HistoricalRecords.context.request = rf.post("/admin/somewhere/?secret=1")
    yield
    del HistoricalRecords.context.request


def test_a_field_changed_twice_in_one_act_is_told_once(world: World, one_request) -> None:
    for until, name in [(2029, "养老一股"), (2030, "养老股")]:
        world.care.valid_until, world.care.name = until, name
        world.care.save()
    newest = timeline(world.care)[0]
    assert (newest.where, changes(newest)) == (
        "127.0.0.1",
        [("", "最后有效年", "—", "2030")],
    )
    assert world.care.history.latest().via == "/admin/somewhere/"


def test_targets_milestones_and_owners_stand_on_the_page_of_the_indicator(
    world: World, as_person, planner
) -> None:
    indicator = world.indicators["W1"]
    workflow.revise_target(
        planner,
        indicator,
        value=65,
        printed="65",
        effective_year=2024,
        reason="县政府中期调整",
        document="竹政发〔2024〕1号",
        approved_by_body="县政府",
    )
    url = reverse("admin:indicators_indicator_history", args=[indicator.pk])
    page = as_person("planner").get(url).content.decode()
    for words in ("县政府中期调整", "竹政发〔2024〕1号", "新建目标值", "新建责任分工"):
        assert words in page


def test_a_handover_stands_on_the_pages_of_the_unit_and_of_both_people(
    world: World, as_person
) -> None:
    successor = User.objects.create_user("next", PASSWORD, name="乙接手", unit=world.care)
    workflow.hand_over(world.people["sysadmin"], world.people["clerk"], successor, "调离的缘由")
    client = as_person("sysadmin")
    things = [("unit", world.care), ("user", world.people["clerk"]), ("user", successor)]
    for model, thing in things:
        url = reverse(f"admin:organization_{model}_history", args=[thing.pk])
        page = client.get(url).content.decode()
        assert "工作交接" in page and "甲clerk → 乙接手" in page
        assert "调离的缘由" not in page


def test_a_removed_file_stays_on_the_page_of_its_return(
    world: World, settings, tmp_path, as_person
) -> None:
    settings.MEDIA_ROOT = tmp_path
    care, clerk = world.return_of(world.round(), world.care), world.people["clerk"]
    proof = evidence.attach(clerk, care, None, "现场照片.png", sample_files.png())
    evidence.remove(clerk, proof, "拍错了")
    url = reverse("admin:indicators_annualreturn_history", args=[care.pk])
    page = as_person("clerk").get(url).content.decode()
    assert "删除佐证材料" in page
    assert "删除佐证“现场照片.png”（整张监测表）：拍错了" in page


def test_what_is_gone_is_still_told(world: World) -> None:
    indicator = world.indicators["W1"]
    milestone = indicator.milestones.create(year=2023, value=50)
    pk = milestone.pk
    milestone.delete()
    milestone.pk = pk
    assert [event.what for event in timeline(milestone)] == ["删除年度目标", "新建年度目标"]


# --- who sees it --------------------------------------------------------------------------


@pytest.fixture
def submitted(world: World) -> AnnualReturn:
    """care typed 140, then 150 beds, and handed it in."""
    rnd = world.round()
    clerk = world.people["clerk"]
    care = world.return_of(rnd, world.care)
    world.save(clerk, care, D1=140, D2=300, D3=[1, 1, 0])
    saved = world.save(clerk, care, D1=150)
    return workflow.submit(clerk, saved.pk, saved.version)


def beds(client, annual_return: AnnualReturn) -> list[str]:
    url = reverse("admin:indicators_annualreturn_history", args=[annual_return.pk])
    page = client.get(url).content.decode()
    found = re.findall(
        r"护理型床位 养老股</span> 数值：(?:<del>(.*?)</del>)?.*?<ins>(.*?)</ins>", page
    )
    return [" → ".join(filter(None, pair)) for pair in found]


def test_the_unit_sees_every_save_and_the_reviewer_only_what_was_handed_in(
    as_person, submitted
) -> None:
    assert beds(as_person("clerk"), submitted) == ["140 → 150", "未填 → 140"]
    assert beds(as_person("planner"), submitted) == ["140 → 150", "未填 → 140"]
    assert beds(as_person("reviewer"), submitted) == ["150"]


def test_a_reviewer_sees_the_second_handing_in_against_the_first(
    world: World, as_person, submitted
) -> None:
    clerk, reviewer = world.people["clerk"], world.people["reviewer"]
    back = workflow.send_back(reviewer, submitted.pk, submitted.version, "请核对床位")
    url = reverse("admin:indicators_annualreturn_history", args=[submitted.pk])
    assert as_person("reviewer").get(url).status_code == 404
    world.save(clerk, back, D1=160)
    saved = world.save(clerk, back, D1=155)
    workflow.submit(clerk, saved.pk, saved.version)
    assert beds(as_person("reviewer"), submitted) == ["150 → 155", "150"]
    assert "请核对床位" in as_person("reviewer").get(url).content.decode()
    assert beds(as_person("clerk"), submitted)[:2] == ["160 → 155", "150 → 160"]


@pytest.mark.parametrize("who", ["other_clerk", "township_clerk", "leader", "sysadmin", "auditor"])
def test_a_foreign_history_does_not_exist(as_person, submitted, who: str) -> None:
    url = reverse("admin:indicators_annualreturn_history", args=[submitted.pk])
    assert as_person(who).get(url).status_code == 404


def test_the_indicator_page_shows_a_leader_nothing_unpublished(
    world: World, as_person, submitted
) -> None:
    page = as_person("leader").get("/indicators/W1/").content.decode()
    assert "150" not in page and "修改记录" not in page
    url = reverse("admin:indicators_indicator_history", args=[world.indicators["W1"].pk])
    assert as_person("leader").get(url).status_code == 403


def test_a_revoked_role_counts_at_once(world: World, as_person, submitted) -> None:
    client = as_person("clerk")
    url = reverse("admin:indicators_annualreturn_history", args=[submitted.pk])
    assert client.get(url).status_code == 200
    clerk = world.people["clerk"]
    clerk.roles = ["leader"]
    clerk.save()
    assert client.get(url).status_code == 404


def test_the_history_page_asks_the_same_number_of_times(world: World, as_person) -> None:
    rnd, clerk = world.round(), world.people["clerk"]
    care = world.return_of(rnd, world.care)
    url = reverse("admin:indicators_annualreturn_history", args=[care.pk])
    client = as_person("clerk")
    asked = []
    for saves in (1, 2):  # 1 save, then 3
        for n in range(saves):
            world.save(clerk, care, D1=100 + 10 * saves + n, D2=300, D3=[n % 2, saves % 2, 0])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 20


def test_acts_of_a_return_are_kept(world: World, submitted) -> None:
    act = ReturnAct.objects.filter(annual_return=submitted).latest("pk")
    act.reason = "改写"
    with pytest.raises(Immutable):
        act.save()
