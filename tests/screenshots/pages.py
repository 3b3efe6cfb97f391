"""Every page of the site as somebody sees it in the sample: one table, which the pictures
(`make screenshots`) and the tests of accessibility walk.

`tests/test_screenshots.py` takes the addresses of the program from the resolver: a page that is
neither here nor in `NOT_PAGES` fails."""

from collections.abc import Mapping
from dataclasses import dataclass

# picture, who looks (a role, or nobody), address; {words} are told by staging.py
TABLE = """
login                  nobody    /accounts/login/
dashboard              leader    /
dashboard-draft        leader    /?draft=1
dashboard-2023         leader    /?year=2023
wall                   leader    /?view=wall
search                 leader    /search/
search-found           leader    /search/?q=床位
indicator              leader    /indicators/8/
indicator-townships    leader    /indicators/9/
indicator-growth       leader    /indicators/1/
indicator-planner      planner   /indicators/C16/?draft=1
indicator-sources      leader    /indicators/8/sources/
units                  leader    /units/
unit                   leader    /units/{unit_code}/
unit-township          leader    /units/{township_code}/
compare                leader    /compare/
supervisions           leader    /supervision/
supervision            leader    /supervision/{supervision}/
supervision-planner    planner   /supervision/{supervision}/
supervision-choose     planner   /supervision/new/
supervision-new        planner   /supervision/new/?indicator=13&year=2025
outline                leader    /outline/
coverage               leader    /coverage/
task                   leader    /tasks/4.1-1/
projects               leader    /projects/
project                leader    /projects/Z3-3/
not-found              leader    /nothing/here/
forbidden              leader    /audit/
logins                 leader    /accounts/logins/
password               leader    /accounts/password/
password-done          leader    /accounts/password/done/
todo-clerk             clerk     /todo/
todo-reviewer          reviewer  /todo/
todo-planner           planner   /todo/
todo-leader            leader    /todo/
todo-sysadmin          sysadmin  /todo/
todo-auditor           auditor   /todo/
late                   planner   /todo/late/
handover-new           sysadmin  /handovers/new/
handover               sysadmin  /handovers/{handover}/
audit                  auditor   /audit/
admin-clerk            clerk     /admin/
admin-planner          planner   /admin/
admin-sysadmin         sysadmin  /admin/
admin-auditor          auditor   /admin/
admin-password         planner   /admin/password_change/
admin-password-done    planner   /admin/password_change/done/
admin-not-found        planner   /admin/nothing/
admin-app              planner   /admin/indicators/
returns                clerk     /admin/indicators/annualreturn/
returns-reviewer       reviewer  /admin/indicators/annualreturn/
return                 clerk     /admin/indicators/annualreturn/{draft}/change/
return-published       clerk     /admin/indicators/annualreturn/{published}/change/
return-review          reviewer  /admin/indicators/annualreturn/{submitted}/change/
return-enter-for       planner   /admin/indicators/annualreturn/{draft}/change/
return-print           clerk     /admin/indicators/annualreturn/{published}/print/
return-history         clerk     /admin/indicators/annualreturn/{published}/history/
progress-list          clerk     /admin/returns/{draft}/progress/
progress-task          clerk     /admin/returns/{draft}/progress/{task}/
progress-component     clerk     /admin/returns/{draft}/progress/{component}/
progress-read          reviewer  /admin/returns/{published}/progress/{published_component}/
progress-upload        clerk     /admin/returns/{draft}/progress/upload/
progress-preview       clerk     /admin/returns/{draft}/progress/upload/{upload}/
rounds                 planner   /admin/indicators/round/
round-add              planner   /admin/indicators/round/add/
round                  planner   /admin/indicators/round/{round}/change/
round-published        planner   /admin/indicators/round/{published_round}/change/
round-history          planner   /admin/indicators/round/{published_round}/history/
plans                  planner   /admin/plans/plan/
plan                   planner   /admin/plans/plan/{plan}/change/
plan-history           planner   /admin/plans/plan/{plan}/history/
plan-text              planner   /admin/plans/plan/{plan}/text/
plan-work              planner   /admin/plans/plan/{plan}/outline/
plan-work-preview      planner   /admin/plans/plan/{plan}/outline/{work_upload}/
indicators             planner   /admin/indicators/indicator/
indicator-edit         planner   /admin/indicators/indicator/{indicator}/change/
indicator-history      planner   /admin/indicators/indicator/{indicator}/history/
items                  planner   /admin/indicators/dataitem/
item                   planner   /admin/indicators/dataitem/{item}/change/
item-history           planner   /admin/indicators/dataitem/{item}/history/
rules                  planner   /admin/indicators/checkrule/
rule-add               planner   /admin/indicators/checkrule/add/
rule                   planner   /admin/indicators/checkrule/{rule}/change/
rule-history           planner   /admin/indicators/checkrule/{rule}/history/
milestones             planner   /admin/indicators/milestone/
milestone-add          planner   /admin/indicators/milestone/add/
milestone              planner   /admin/indicators/milestone/{milestone}/change/
milestone-history      planner   /admin/indicators/milestone/{milestone}/history/
definitions            planner   /admin/indicators/definition/
definition-add         planner   /admin/indicators/definition/add/
definition             planner   /admin/indicators/definition/{definition}/change/
definition-history     planner   /admin/indicators/definition/{definition}/history/
responsibilities       planner   /admin/indicators/responsibility/
responsibility-add     planner   /admin/indicators/responsibility/add/
responsibility         planner   /admin/indicators/responsibility/{responsibility}/change/
responsibility-history planner   /admin/indicators/responsibility/{responsibility}/history/
targets                planner   /admin/indicators/target/
target-add             planner   /admin/indicators/target/add/
target                 planner   /admin/indicators/target/{target}/change/
target-history         planner   /admin/indicators/target/{target}/history/
comparisons            planner   /admin/indicators/comparisonvalue/
comparison-add         planner   /admin/indicators/comparisonvalue/add/
comparison             planner   /admin/indicators/comparisonvalue/{comparison}/change/
comparison-history     planner   /admin/indicators/comparisonvalue/{comparison}/history/
spotchecks             planner   /admin/indicators/spotcheck/
spotcheck-add          planner   /admin/indicators/spotcheck/add/
spotcheck              planner   /admin/indicators/spotcheck/{spotcheck}/change/
spotcheck-history      planner   /admin/indicators/spotcheck/{spotcheck}/history/
tasks                  planner   /admin/programs/task/
task-edit              planner   /admin/programs/task/{task_row}/change/
task-history           planner   /admin/programs/task/{task_row}/history/
project-rows           planner   /admin/programs/project/
project-edit           planner   /admin/programs/project/{project_row}/change/
project-history        planner   /admin/programs/project/{project_row}/history/
components             planner   /admin/programs/component/
component-edit         planner   /admin/programs/component/{component_row}/change/
component-history      planner   /admin/programs/component/{component_row}/history/
assignments            planner   /admin/programs/assignment/
assignment-add         planner   /admin/programs/assignment/add/
assignment             planner   /admin/programs/assignment/{assignment}/change/
assignment-history     planner   /admin/programs/assignment/{assignment}/history/
unit-rows              sysadmin  /admin/organization/unit/
unit-row-add           sysadmin  /admin/organization/unit/add/
unit-row               sysadmin  /admin/organization/unit/{unit}/change/
unit-row-history       sysadmin  /admin/organization/unit/{unit}/history/
users                  sysadmin  /admin/organization/user/
user-add               sysadmin  /admin/organization/user/add/
user                   sysadmin  /admin/organization/user/{user}/change/
user-history           sysadmin  /admin/organization/user/{user}/history/
"""

# Names of addresses (as in tests/test_access.py) that show nobody a page of their own.
NOT_PAGES = {
    "leads elsewhere": """
        start admin:login admin:view_on_site todo_note evidence_remove evidence_attach
        admin:indicators_round_publish admin:indicators_round_due admin:indicators_round_correct
        admin:indicators_annualreturn_submit admin:indicators_annualreturn_start_review
        admin:indicators_annualreturn_request admin:indicators_annualreturn_decline
        admin:indicators_annualreturn_withdraw admin:indicators_annualreturn_approve
        admin:indicators_annualreturn_send_back admin:indicators_annualreturn_reopen
    """,
    "takes forms only": """
        logout admin:logout supervision_note supervision_revise supervision_close
        supervision_cancel supervision_reopen
    """,
    "a file, a picture or data for a script": """
        late_xlsx late_csv audit_csv supervisions_xlsx supervision_file table progress_file
        progress_marked evidence evidence_picture
        admin:autocomplete admin:jsi18n admin:plans_plan_work_file admin:plans_plan_work_marked
    """,
    "refused to every role": """
        admin:indicators_annualreturn_add admin:plans_plan_add admin:indicators_indicator_add
        admin:indicators_dataitem_add admin:programs_task_add admin:programs_project_add
        admin:programs_component_add
    """,
}


@dataclass(frozen=True)
class Page:
    """`name`: of its pictures; `who`: a role or nobody; `address`: may have {holes}."""

    name: str
    who: str
    address: str

    def at(self, places: Mapping[str, object]) -> str:
        """The address in a sample whose rows are `places`; KeyError for a hole it does not know."""
        return self.address.format_map(places)


PAGES = [Page(*line.split()) for line in TABLE.splitlines() if line.strip()]
