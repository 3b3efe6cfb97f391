"""Every address of the site and the admin, for every role and for nobody, against one table.

A new address without a row fails. `GET` shows what a page answers; POST-only addresses (the verbs)
are in `POST`. 302 of an anonymous visitor is always the login page."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import get_resolver

from indicators import evidence, workflow
from indicators.models import SpotCheck
from organization.models import Handover, Unit
from plans.models import Plan
from tests.indicators import sample_files
from tests.world import World

pytestmark = pytest.mark.django_db

WHO = ["nobody", "clerk", "other_clerk", "reviewer", "planner", "leader", "sysadmin", "auditor"]

# name: nobody, clerk, other_clerk, reviewer, planner, leader, sysadmin, auditor
GET = """
login                                              200 200 200 200 200 200 200 200
logout                                             302 405 405 405 405 405 405 405
password_change                                    302 200 200 200 200 200 200 200
password_change_done                               302 200 200 200 200 200 200 200
admin:index                                        302 200 200 200 200 200 200 200
admin:login                                        302 302 302 302 302 302 302 302
admin:logout                                       302 405 405 405 405 405 405 405
admin:password_change                              302 200 200 200 200 200 200 200
admin:password_change_done                         302 200 200 200 200 200 200 200
admin:autocomplete                                 302 403 403 403 403 403 403 403
admin:jsi18n                                       302 200 200 200 200 200 200 200
admin:view_on_site                                 302 404 404 404 404 404 404 404
admin:organization_user_changelist                 302 403 403 403 403 403 200 403
admin:organization_user_add                        302 403 403 403 403 403 200 403
admin:organization_user_history                    302 403 403 403 403 403 200 403
admin:organization_user_delete                     302 403 403 403 403 403 403 403
admin:organization_user_change                     302 403 403 403 403 403 200 403
admin/organization/user/<path:object_id>/          302 302 302 302 302 302 302 302
admin:indicators_annualreturn_print                302 200 404 200 200 404 404 404
admin:indicators_annualreturn_submit               302 302 302 302 302 302 302 302
admin:indicators_annualreturn_start_review         302 302 302 302 302 302 302 302
admin:indicators_annualreturn_request              302 302 302 302 302 302 302 302
admin:indicators_annualreturn_decline              302 302 302 302 302 302 302 302
admin:indicators_annualreturn_withdraw             302 302 302 302 302 302 302 302
admin:indicators_annualreturn_approve              302 302 302 302 302 302 302 302
admin:indicators_annualreturn_send_back            302 302 302 302 302 302 302 302
admin:indicators_annualreturn_reopen               302 302 302 302 302 302 302 302
admin:indicators_annualreturn_changelist           302 200 200 200 200 403 403 403
admin:indicators_annualreturn_add                  302 403 403 403 403 403 403 403
admin:indicators_annualreturn_history              302 200 404 200 200 404 404 404
admin:indicators_annualreturn_delete               302 403 403 403 403 403 403 403
admin:indicators_annualreturn_change               302 200 404 200 200 404 404 404
admin/indicators/annualreturn/<path:object_id>/    302 302 302 302 302 302 302 302
admin:indicators_round_publish                     302 405 405 405 405 405 405 405
admin:indicators_round_due                         302 405 405 405 405 405 405 405
admin:indicators_round_correct                     302 405 405 405 405 405 405 405
admin:plans_plan_text                              302 404 404 404 200 404 404 404
admin:indicators_round_changelist                  302 403 403 403 200 403 403 403
admin:indicators_round_add                         302 403 403 403 200 403 403 403
admin:indicators_round_history                     302 403 403 403 200 403 403 403
admin:indicators_round_delete                      302 403 403 403 403 403 403 403
admin:indicators_round_change                      302 404 404 404 200 404 404 404
admin/indicators/round/<path:object_id>/           302 302 302 302 302 302 302 302
admin:plans_plan_changelist                        302 403 403 403 200 403 403 403
admin:plans_plan_add                               302 403 403 403 403 403 403 403
admin:plans_plan_history                           302 403 403 403 200 403 403 403
admin:plans_plan_delete                            302 403 403 403 403 403 403 403
admin:plans_plan_change                            302 403 403 403 200 403 403 403
admin/plans/plan/<path:object_id>/                 302 302 302 302 302 302 302 302
admin:indicators_indicator_changelist              302 403 403 403 200 403 403 403
admin:indicators_indicator_add                     302 403 403 403 403 403 403 403
admin:indicators_indicator_history                 302 403 403 403 200 403 403 403
admin:indicators_indicator_delete                  302 403 403 403 403 403 403 403
admin:indicators_indicator_change                  302 403 403 403 200 403 403 403
admin/indicators/indicator/<path:object_id>/       302 302 302 302 302 302 302 302
admin:indicators_dataitem_changelist               302 403 403 403 200 403 403 403
admin:indicators_dataitem_add                      302 403 403 403 403 403 403 403
admin:indicators_dataitem_history                  302 403 403 403 200 403 403 403
admin:indicators_dataitem_delete                   302 403 403 403 403 403 403 403
admin:indicators_dataitem_change                   302 403 403 403 200 403 403 403
admin/indicators/dataitem/<path:object_id>/        302 302 302 302 302 302 302 302
admin:indicators_checkrule_changelist              302 403 403 403 200 403 403 403
admin:indicators_checkrule_add                     302 403 403 403 200 403 403 403
admin:indicators_checkrule_history                 302 403 403 403 200 403 403 403
admin:indicators_checkrule_delete                  302 403 403 403 403 403 403 403
admin:indicators_checkrule_change                  302 403 403 403 200 403 403 403
admin/indicators/checkrule/<path:object_id>/       302 302 302 302 302 302 302 302
admin:indicators_milestone_changelist              302 403 403 403 200 403 403 403
admin:indicators_milestone_add                     302 403 403 403 200 403 403 403
admin:indicators_milestone_history                 302 403 403 403 200 403 403 403
admin:indicators_milestone_delete                  302 403 403 403 403 403 403 403
admin:indicators_milestone_change                  302 403 403 403 200 403 403 403
admin/indicators/milestone/<path:object_id>/       302 302 302 302 302 302 302 302
admin:indicators_definition_changelist             302 403 403 403 200 403 403 403
admin:indicators_definition_add                    302 403 403 403 200 403 403 403
admin:indicators_definition_history                302 403 403 403 200 403 403 403
admin:indicators_definition_delete                 302 403 403 403 403 403 403 403
admin:indicators_definition_change                 302 403 403 403 200 403 403 403
admin/indicators/definition/<path:object_id>/      302 302 302 302 302 302 302 302
admin:indicators_responsibility_changelist         302 403 403 403 200 403 403 403
admin:indicators_responsibility_add                302 403 403 403 200 403 403 403
admin:indicators_responsibility_history            302 403 403 403 200 403 403 403
admin:indicators_responsibility_delete             302 403 403 403 403 403 403 403
admin:indicators_responsibility_change             302 403 403 403 200 403 403 403
admin/indicators/responsibility/<path:object_id>/  302 302 302 302 302 302 302 302
admin:indicators_target_changelist                 302 403 403 403 200 403 403 403
admin:indicators_target_add                        302 403 403 403 200 403 403 403
admin:indicators_target_history                    302 403 403 403 200 403 403 403
admin:indicators_target_delete                     302 403 403 403 403 403 403 403
admin:indicators_target_change                     302 403 403 403 200 403 403 403
admin/indicators/target/<path:object_id>/          302 302 302 302 302 302 302 302
admin:organization_unit_changelist                 302 403 403 403 200 403 200 403
admin:organization_unit_add                        302 403 403 403 403 403 200 403
admin:organization_unit_history                    302 403 403 403 200 403 200 403
admin:organization_unit_delete                     302 403 403 403 403 403 403 403
admin:organization_unit_change                     302 403 403 403 200 403 200 403
admin/organization/unit/<path:object_id>/          302 302 302 302 302 302 302 302
admin:app_list                                     302 404 404 404 404 404 404 404
admin/(?P<url>.*)$                                 302 404 404 404 404 404 404 404
start                                              302 302 302 302 302 302 302 302
todo                                               302 200 200 200 200 200 200 200
todo_note                                          302 405 405 405 405 405 405 405
late                                               302 403 403 200 200 403 403 403
late_xlsx                                          302 403 403 200 200 403 403 403
late_csv                                           302 403 403 200 200 403 403 403
handover_new                                       302 403 403 403 403 403 200 403
handover                                           302 200 404 404 200 404 200 404
admin:indicators_spotcheck_changelist              302 403 403 200 200 403 403 403
admin:indicators_spotcheck_add                     302 403 403 403 200 403 403 403
admin:indicators_spotcheck_history                 302 403 403 200 200 403 403 403
admin:indicators_spotcheck_delete                  302 403 403 403 403 403 403 403
admin:indicators_spotcheck_change                  302 403 403 200 200 403 403 403
admin/indicators/spotcheck/<path:object_id>/       302 302 302 302 302 302 302 302
evidence                                           302 200 404 200 200 404 404 404
evidence_picture                                   302 200 404 200 200 404 404 404
evidence_remove                                    302 302 404 302 302 404 404 404
evidence_attach                                    302 302 302 302 302 302 302 302
logins                                             302 200 200 200 200 200 200 200
audit                                              302 403 403 403 403 403 403 200
audit_csv                                          302 403 403 403 403 403 403 200
home                                               302 200 200 200 200 200 403 403
indicator                                          302 200 200 200 200 200 403 403
table                                              302 200 200 200 200 200 403 403
"""
POST = """
logout                                             302 302 302 302 302 302 302 302
admin:logout                                       302 302 302 302 302 302 302 302
admin:indicators_annualreturn_submit               302 302 404 302 302 404 404 404
admin:indicators_annualreturn_start_review         302 302 404 302 302 404 404 404
admin:indicators_annualreturn_request              302 302 404 302 302 404 404 404
admin:indicators_annualreturn_decline              302 302 404 302 302 404 404 404
admin:indicators_annualreturn_withdraw             302 302 404 302 302 404 404 404
admin:indicators_annualreturn_approve              302 302 404 302 302 404 404 404
admin:indicators_annualreturn_send_back            302 302 404 302 302 404 404 404
admin:indicators_annualreturn_reopen               302 302 404 302 302 404 404 404
todo_note                                          302 409 409 403 403 403 403 403
handover_new                                       302 403 403 403 403 403 200 403
admin:indicators_round_publish                     302 404 404 404 200 404 404 404
admin:indicators_round_due                         302 404 404 404 302 404 404 404
admin:plans_plan_text                              302 404 404 404 200 404 404 404
admin:indicators_round_correct                     302 404 404 404 302 404 404 404
evidence_remove                                    302 422 404 422 422 404 404 404
evidence_attach                                    302 422 404 422 422 404 404 404
"""


def rows(table: str) -> dict[str, list[int]]:
    lines = [line.split() for line in table.splitlines() if line.strip()]
    return {name: [int(code) for code in codes] for name, *codes in lines}


def addresses(patterns, prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """(name, route) of every address; the admin's nameless redirects are told by their route."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, route, inner)
        else:
            yield (namespace + pattern.name if pattern.name else route), route


ALL = dict(addresses(get_resolver().url_patterns))


@pytest.fixture
def places(world: World) -> dict[str, str]:
    """Where each kind of address points to: a submitted return of `care` in an open round."""
    old = world.round(2022)
    world.fill(old, 150, 300, [1, 1, 0], 470)
    world.approve_all(old)
    world.publish(old)
    rnd = world.round(2023)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    workflow.submit(world.people["clerk"], care.pk, care.version)
    indicator = world.indicators["W1"]
    milestone = indicator.milestones.create(year=2023, value=50)
    figure = world.figure(rnd, "D1")
    proof = evidence.attach(world.people["clerk"], care, figure, "现场.png", sample_files.png())
    check = SpotCheck(item=world.items["D1"], year=2023, sampled=20, checked_on="2024-01-10")
    evidence.record_spot_check(world.people["planner"], check)
    moved = Handover.objects.create(
        from_user=world.people["clerk"],
        to_user=world.people["planner"],
        unit=world.care,
        by=world.people["sysadmin"],
    )
    return {
        "returns": care.pk,
        "evidence": proof.pk,
        "spotcheck": check.pk,
        "handovers": moved.pk,
        "annualreturn": care.pk,
        "round": rnd.pk,
        "plan": world.plan.pk,
        "indicator": indicator.pk,
        "dataitem": world.items["D1"].pk,
        "milestone": milestone.pk,
        "checkrule": world.plan.check_rules.create(kind="jump", threshold=50).pk,
        "definition": indicator.definitions.get().pk,
        "responsibility": indicator.responsibilities.get().pk,
        "target": indicator.targets.get().pk,
        "unit": world.care.pk,
        "user": world.people["clerk"].pk,
    }


def address(route: str, places: dict[str, str]) -> str:
    model = next((m for m in places if f"/{m}/" in f"/{route}"), "")
    for hole in ("<path:object_id>", "<int:pk>", "<id>"):
        route = route.replace(hole, str(places.get(model, 1)))
    known = {
        "<str:code>": "W1",
        "<int:year>": "2023",
        "<int:content_type_id>/<path:object_id>": "1/1",
        "<int:content_type_id>": "1",
        "<path:object_id>": "1",
        "^(?P<app_label>auth|organization|indicators|plans)/$": "indicators/",
        "(?P<url>.*)$": "nothing/here/",
    }
    for hole, value in known.items():
        route = route.replace(hole, value)
    return "/" + route.replace("^", "").replace("$", "")


def clients(world: World) -> list[Client]:
    found = []
    for name in WHO:
        client = Client(raise_request_exception=False)
        if name != "nobody":
            client.force_login(world.people[name])
        found.append(client)
    return found


def test_every_address_has_a_row() -> None:
    assert sorted(ALL) == sorted(rows(GET))


def test_every_address_answers_every_role_as_written(world: World, places) -> None:
    people = clients(world)
    found = {
        name: [client.get(address(route, places)).status_code for client in people]
        for name, route in ALL.items()
    }
    assert found == rows(GET)


def test_every_verb_answers_every_role_as_written(world: World, places) -> None:
    """Without the version of the page an allowed act changes nothing and says so (302); a
    forbidden one does not exist (404)."""
    found = {
        name: [c.post(address(ALL[name], places)).status_code for c in clients(world)]
        for name in rows(POST)  # new clients each time: one of the addresses logs out
    }
    assert found == rows(POST)
    posted_only = {n for n, r in ALL.items() if rows(GET)[n][1:] == [405] * 7}
    assert posted_only <= set(rows(POST))


@pytest.mark.parametrize("who", WHO)
def test_no_answer_may_be_kept_and_every_answer_carries_the_policy(world, who: str) -> None:
    client = clients(world)[WHO.index(who)]
    for url in ("/", "/admin/", "/accounts/login/", "/nothing/"):
        response = client.get(url)
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy
        assert "no-store" in response.headers["Cache-Control"]


def test_a_revoked_role_counts_on_the_next_request(world: World, as_person) -> None:
    client = as_person("leader")
    assert client.get("/").status_code == 200
    leader = world.people["leader"]
    leader.roles = []
    leader.save()
    assert client.get("/").status_code == 403


def test_another_bureau_does_not_exist(world: World, as_person) -> None:
    foreign = Unit.objects.create(code="YY", name="外县民政局", kind="bureau")
    years = {"base_year": 2020, "start_year": 2021, "end_year": 2025}
    Plan.objects.create(code="other", title="外县规划", short_title="外县", bureau=foreign, **years)
    leader = world.people["leader"]
    leader.unit = foreign
    leader.save()
    assert as_person("leader").get("/").status_code == 200
    assert as_person("leader").get(f"/?plan={world.plan.code}").status_code == 404
    assert as_person("leader").get("/indicators/W1/").status_code == 404


def test_nobody_changes_their_own_roles(world: World, as_person) -> None:
    sysadmin = world.people["sysadmin"]
    form = {"username": "sysadmin", "name": "甲", "roles": ["planner"], "is_active": "on"}
    form |= {"unit": world.bureau.pk}
    url = f"/admin/organization/user/{sysadmin.pk}/change/"
    page = as_person("sysadmin").post(url, form).content.decode()
    assert "不能修改自己的角色，请由另一位系统管理员办理。" in page
    sysadmin.refresh_from_db()
    assert sysadmin.roles == ["sysadmin"]


@pytest.mark.parametrize("roles", [["sysadmin", "planner"], ["auditor", "clerk"]])
def test_administrators_and_auditors_stand_alone(world: World, as_person, roles) -> None:
    clerk = world.people["clerk"]
    form = {"username": "clerk", "name": "甲", "roles": roles, "is_active": "on"}
    form |= {"unit": world.care.pk}
    url = f"/admin/organization/user/{clerk.pk}/change/"
    page = as_person("sysadmin").post(url, form).content.decode()
    assert "系统管理员、安全审计员不能兼任其他角色，请为其另开账号。" in page
