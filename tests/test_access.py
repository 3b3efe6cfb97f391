"""Every address of the site and the admin, for every role and for nobody, against one table.

A new address without a row fails. `GET` shows what a page answers; POST-only addresses (the verbs)
are in `POST`. 302 of an anonymous visitor is always the login page."""

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.test import Client
from django.urls import get_resolver

from indicators import evidence, workflow
from indicators.models import AnnualReturn, ComparisonValue, Round, SpotCheck
from organization.history import AppendOnly
from organization.models import Handover, LoginRecord, Unit
from plans.models import Plan
from programs.models import Task, TaskProgress
from tests import work as small_work
from tests.indicators import sample_files
from tests.reports import supervision_builders
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
admin:indicators_round_publish                     302 302 302 302 302 302 302 302
admin:indicators_round_due                         302 302 302 302 302 302 302 302
admin:indicators_round_correct                     302 302 302 302 302 302 302 302
admin:plans_plan_text                              302 404 404 404 200 404 404 404
admin:plans_plan_work                              302 404 404 404 200 404 404 404
admin:plans_plan_work_file                         302 404 404 404 200 404 404 404
admin:plans_plan_work_preview                      302 404 404 404 302 404 404 404
admin:plans_plan_work_marked                       302 404 404 404 302 404 404 404
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
todo_note                                          302 302 302 302 302 302 302 302
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
admin:indicators_comparisonvalue_changelist        302 403 403 403 200 403 403 403
admin:indicators_comparisonvalue_add               302 403 403 403 200 403 403 403
admin:indicators_comparisonvalue_history           302 403 403 403 200 403 403 403
admin:indicators_comparisonvalue_delete            302 403 403 403 403 403 403 403
admin:indicators_comparisonvalue_change            302 403 403 403 200 403 403 403
admin/indicators/comparisonvalue/<path:object_id>/ 302 302 302 302 302 302 302 302
evidence                                           302 200 404 200 200 404 404 404
evidence_picture                                   302 200 404 200 200 404 404 404
evidence_remove                                    302 302 404 302 302 404 404 404
evidence_attach                                    302 302 302 302 302 302 302 302
logins                                             302 200 200 200 200 200 200 200
audit                                              302 403 403 403 403 403 403 200
audit_csv                                          302 403 403 403 403 403 403 200
progress_file                                      302 200 404 200 200 404 404 404
progress_upload                                    302 302 404 404 302 404 404 404
progress_preview                                   302 302 404 404 302 404 404 404
progress_marked                                    302 302 404 404 302 404 404 404
home                                               302 200 200 200 200 200 403 403
indicator                                          302 200 200 200 200 200 403 403
indicator_sources                                  302 200 200 200 200 200 403 403
admin:programs_task_changelist                     302 403 403 403 200 403 403 403
admin:programs_task_add                            302 403 403 403 403 403 403 403
admin:programs_task_history                        302 403 403 403 200 403 403 403
admin:programs_task_delete                         302 403 403 403 403 403 403 403
admin:programs_task_change                         302 403 403 403 200 403 403 403
admin/programs/task/<path:object_id>/              302 302 302 302 302 302 302 302
admin:programs_project_changelist                  302 403 403 403 200 403 403 403
admin:programs_project_add                         302 403 403 403 403 403 403 403
admin:programs_project_history                     302 403 403 403 200 403 403 403
admin:programs_project_delete                      302 403 403 403 403 403 403 403
admin:programs_project_change                      302 403 403 403 200 403 403 403
admin/programs/project/<path:object_id>/           302 302 302 302 302 302 302 302
admin:programs_component_changelist                302 403 403 403 200 403 403 403
admin:programs_component_add                       302 403 403 403 403 403 403 403
admin:programs_component_history                   302 403 403 403 200 403 403 403
admin:programs_component_delete                    302 403 403 403 403 403 403 403
admin:programs_component_change                    302 403 403 403 200 403 403 403
admin/programs/component/<path:object_id>/         302 302 302 302 302 302 302 302
admin:programs_assignment_changelist               302 403 403 403 200 403 403 403
admin:programs_assignment_add                      302 403 403 403 200 403 403 403
admin:programs_assignment_history                  302 403 403 403 200 403 403 403
admin:programs_assignment_delete                   302 403 403 403 403 403 403 403
admin:programs_assignment_change                   302 403 403 403 200 403 403 403
admin/programs/assignment/<path:object_id>/        302 302 302 302 302 302 302 302
progress_list                                      302 200 404 200 200 404 404 404
progress                                           302 200 404 200 200 404 404 404
search                                             302 200 200 200 200 200 403 403
outline                                            302 200 200 200 200 200 403 403
coverage                                           302 200 200 200 200 200 403 403
task                                               302 200 200 200 200 200 403 403
projects                                           302 200 200 200 200 200 403 403
project                                            302 200 200 200 200 200 403 403
supervisions                                       302 200 200 200 200 200 403 403
supervisions_xlsx                                  302 200 200 200 200 200 403 403
supervision_new                                    302 403 403 403 200 403 403 403
supervision                                        302 200 200 200 200 200 403 403
supervision_note                                   302 302 302 302 302 302 302 302
supervision_revise                                 302 302 302 302 302 302 302 302
supervision_close                                  302 302 302 302 302 302 302 302
supervision_cancel                                 302 302 302 302 302 302 302 302
supervision_reopen                                 302 302 302 302 302 302 302 302
supervision_file                                   302 200 404 200 200 200 403 403
units                                              302 200 200 200 200 200 403 403
unit                                               302 200 200 200 200 200 403 403
compare                                            302 200 200 200 200 200 403 403
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
admin:indicators_round_publish                     302 404 404 404 422 404 404 404
admin:indicators_round_due                         302 404 404 404 302 404 404 404
admin:plans_plan_text                              302 404 404 404 200 404 404 404
admin:plans_plan_work                              302 404 404 404 422 404 404 404
admin:plans_plan_work_preview                      302 404 404 404 302 404 404 404
progress_upload                                    302 302 404 404 302 404 404 404
progress_preview                                   302 302 404 404 302 404 404 404
admin:indicators_round_correct                     302 404 404 404 422 404 404 404
progress                                           302 302 404 409 302 404 404 404
admin:programs_task_change                         302 403 403 403 200 403 403 403
admin:programs_project_change                      302 403 403 403 302 403 403 403
admin:programs_component_change                    302 403 403 403 302 403 403 403
admin:programs_assignment_add                      302 403 403 403 200 403 403 403
admin:programs_assignment_change                   302 403 403 403 403 403 403 403
supervision_new                                    302 403 403 403 200 403 403 403
supervision_note                                   302 422 403 403 422 403 403 403
supervision_revise                                 302 403 403 403 422 403 403 403
supervision_close                                  302 403 403 403 422 403 403 403
supervision_cancel                                 302 403 403 403 422 403 403 403
supervision_reopen                                 302 403 403 403 422 403 403 403
evidence_remove                                    302 422 404 422 422 404 404 404
evidence_attach                                    302 422 404 422 422 404 404 404
admin:indicators_annualreturn_change               302 302 404 409 409 404 404 404
admin:indicators_annualreturn_changelist           302 200 200 200 200 403 403 403
admin:indicators_round_changelist                  302 403 403 403 200 403 403 403
admin:indicators_round_add                         302 403 403 403 200 403 403 403
admin:indicators_round_change                      302 404 404 404 200 404 404 404
admin:indicators_indicator_change                  302 403 403 403 200 403 403 403
admin:indicators_dataitem_change                   302 403 403 403 403 403 403 403
admin:indicators_checkrule_add                     302 403 403 403 200 403 403 403
admin:indicators_checkrule_change                  302 403 403 403 200 403 403 403
admin:indicators_milestone_add                     302 403 403 403 200 403 403 403
admin:indicators_milestone_change                  302 403 403 403 200 403 403 403
admin:indicators_definition_add                    302 403 403 403 200 403 403 403
admin:indicators_definition_change                 302 403 403 403 403 403 403 403
admin:indicators_responsibility_add                302 403 403 403 200 403 403 403
admin:indicators_responsibility_change             302 403 403 403 403 403 403 403
admin:indicators_target_add                        302 403 403 403 200 403 403 403
admin:indicators_target_change                     302 403 403 403 403 403 403 403
admin:indicators_spotcheck_add                     302 403 403 403 200 403 403 403
admin:indicators_spotcheck_change                  302 403 403 403 200 403 403 403
admin:indicators_comparisonvalue_add               302 403 403 403 200 403 403 403
admin:indicators_comparisonvalue_change            302 403 403 403 200 403 403 403
admin:plans_plan_change                            302 403 403 403 200 403 403 403
admin:organization_unit_add                        302 403 403 403 403 403 200 403
admin:organization_unit_change                     302 403 403 403 403 403 200 403
admin:organization_user_add                        302 403 403 403 403 403 200 403
admin:organization_user_change                     302 403 403 403 403 403 200 403
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
    told = TaskProgress.objects.create(annual_return=care, task=small_work.build(world).care_task)
    followed = supervision_builders.stored(world, sample_files.pdf())
    return {
        "progress key": told.key,
        "supervision/files": followed.pk,
        "supervision": followed.act.supervision_id,
        "task": told.task.pk,
        "project": told.task.projects.get().pk,
        "component": told.task.projects.get().components.first().pk,
        "assignment": told.task.assignments.get().pk,
        "returns": care.pk,
        "evidence": proof.pk,
        "spotcheck": check.pk,
        "comparisonvalue": workflow.enter_comparison(
            world.people["planner"],
            ComparisonValue(indicator=indicator, **ELSEWHERE),
        ).pk,
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
        "<str:key>": str(places["progress key"]),
        "tasks/<str:code>": "tasks/4.1-1",
        "projects/<str:code>": "projects/Z3-1",
        "units/<str:code>": "units/XA-1",
        "<str:code>": "W1",
        "<int:year>": "2023",
        "<int:content_type_id>/<path:object_id>": "1/1",
        "<int:content_type_id>": "1",
        "<int:upload>": "1",
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


def forms(world: World) -> dict[str, dict[str, object]]:
    """Address of the admin → what would be stored by whoever may."""
    indicator, item = world.indicators["W1"].pk, world.items["D1"].pk
    day, bureau, care = "2024-01-08", world.bureau.pk, world.care.pk
    person = {"username": "new", "name": "新人", "unit": care, "is_active": "on"}
    person |= {"new_password": "Long-Enough-2026", "roles": ["clerk"]}
    unit = {"code": "XA-9", "name": "新股", "kind": "department", "bureau": bureau, "order": 9}
    unit |= {"valid_from": 2021, "basis_document": "西编〔2024〕1号"}
    opened = {"plan": world.plan.pk, "year": 2024, "name": "快报", "nature": "flash"}
    rule = {"plan": world.plan.pk, "kind": "unchanged", "item": item, "severity": "warning"}
    revised = {"indicator": indicator, "value": "55", "printed": "55", "effective_year": 2025}
    revised |= {"reason": "床位增加", "document": "文", "approved_by_body": "县人民政府"}
    milestone = {"indicator": indicator, "year": 2024, "value": "55", "basis": "文"}
    worded = {"indicator": indicator, "effective_year": 2025, "text": "新口径"}
    owned = {"indicator": indicator, "unit": world.affairs.pk, "effective_year": 2025}
    looked = {"item": item, "year": 2023, "sampled": 9, "errors_found": 0, "checked_on": day}
    return {
        "admin:indicators_round_add": opened | {"as_of": "2024-12-31"},
        "admin:indicators_target_add": revised,
        "admin:indicators_milestone_add": milestone,
        "admin:indicators_milestone_change": milestone | {"year": 2023, "value": "56"},
        "admin:indicators_definition_add": worded | {"basis_document": "文"},
        "admin:indicators_responsibility_add": owned | {"basis_document": "文"},
        "admin:indicators_checkrule_add": rule | {"is_active": "on"},
        "admin:indicators_checkrule_change": rule | {"kind": "jump", "threshold": "40"},
        "admin:indicators_spotcheck_add": looked | {"checked_by": "规划财务股"},
        "admin:indicators_spotcheck_change": looked | {"checked_by": "办公室"},
        "admin:indicators_comparisonvalue_add": {"indicator": indicator}
        | ELSEWHERE
        | {"year": 2022},
        "admin:indicators_comparisonvalue_change": ELSEWHERE
        | {"amount": "67", "reason": "公报更正"},
        "admin:programs_assignment_add": {
            "task": Task.objects.get(code="4.1-1").pk,
            "unit": world.affairs.pk,
            "effective_year": 2025,
            "basis_document": "文",
        },
        "admin:programs_task_change": {"note": "新的说明", "why": "补正"} | INLINE,
        "admin:organization_unit_add": unit,
        "admin:organization_unit_change": unit
        | {"code": "XA-1", "name": "养老服务股", "valid_from": 1949},
        "admin:organization_user_add": person,
        "admin:organization_user_change": person | {"username": "clerk", "new_password": ""},
        "admin:organization_user_changelist": {"action": "delete_selected"},
        "admin:indicators_annualreturn_changelist": {"action": "approve_selected"},
        "admin:indicators_round_changelist": {"action": "catch_up"},
    }


ELSEWHERE = {
    "year": 2023,
    "whose": "市平均",
    "amount": "66",
    "source": "统计公报",
    "document_date": "2024-01-08",
}
INLINE = {"measures-TOTAL_FORMS": 0, "measures-INITIAL_FORMS": 0}

MAY = {"user": {"sysadmin"}, "unit": {"sysadmin"}, "annualreturn": {"reviewer"}}


def test_what_is_sound_is_stored_for_those_who_may_and_for_nobody_else(
    world: World, places
) -> None:
    """The rows above post nothing; here only the role stands between the form and the table."""
    Round.objects.filter(pk=places["round"]).update(is_backfill=True)
    care = AnnualReturn.objects.get(pk=places["annualreturn"])
    seen = {f"seen-{care.pk}": care.version}
    stored: dict[str, list[str]] = {}
    people = list(zip(WHO, clients(world), strict=True))
    for name, form in forms(world).items():
        model = name.split("_")[1]
        url = address(ALL[name], places)
        chosen = {"_selected_action": [places[model]]} if "action" in form else {}
        for who, client in sorted(people, key=_allowed_last(model)):
            before = _rows_kept()
            client.post(url, form | chosen | seen)
            if _rows_kept() != before:
                stored.setdefault(name, []).append(who)
    nothing_to_do = {"admin:organization_user_changelist", "admin:indicators_round_changelist"}
    assert stored == {
        name: sorted(MAY.get(name.split("_")[1], {"planner"}))
        for name in forms(world)
        if name not in nothing_to_do
    }


def _allowed_last(model: str) -> Callable[[tuple[str, Client]], bool]:
    return lambda pair: pair[0] in MAY.get(model, {"planner"})


def _rows_kept() -> list[int]:
    """Whatever is changed leaves a row in a history."""
    kept = (model for model in apps.get_models() if issubclass(model, AppendOnly))
    return [model.objects.count() for model in kept if model is not LoginRecord]


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


def test_the_list_of_accounts_cannot_be_asked_for_what_is_stored_of_a_password(
    world: World, as_person
) -> None:
    client = as_person("sysadmin")
    url = "/admin/organization/user/"
    for asked in ("password__startswith=argon2", "password=x", "review_units__code=XA", "roles=x"):
        assert client.get(f"{url}?{asked}").status_code == 400
    page = client.get(f"{url}?is_active__exact=1").content.decode()
    assert "甲leader" in page


@pytest.mark.parametrize("roles", [["sysadmin", "planner"], ["auditor", "clerk"]])
def test_administrators_and_auditors_stand_alone(world: World, as_person, roles) -> None:
    clerk = world.people["clerk"]
    form = {"username": "clerk", "name": "甲", "roles": roles, "is_active": "on"}
    form |= {"unit": world.care.pk}
    url = f"/admin/organization/user/{clerk.pk}/change/"
    page = as_person("sysadmin").post(url, form).content.decode()
    assert "系统管理员、安全审计员不能兼任其他角色，请为其另开账号。" in page
