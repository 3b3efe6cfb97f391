"""The verbs: every change of a round, a return or a figure happens here and nowhere else.

Admin page, import, API and commands call these. Each verb is one transaction: lock the row, check
who and in which state, set, write history, recompute what is touched. Whoever may not know that a
thing exists gets 404 from the page; here a foreign hand is `Refused`."""

from indicators.entry import Entry, Provision, Texts
from indicators.workflow.comparing import (
    correct_comparison,
    enter_comparison,
    withdraw_comparison,
)
from indicators.workflow.correcting import reason_fault
from indicators.workflow.definitions import (
    assign,
    change_indicator,
    change_plan,
    change_unit,
    revise_target,
    set_milestone,
    target_faults,
    unit_faults,
)
from indicators.workflow.errors import Conflict, Faulty, Refused, Unconfirmed, WorkflowError
from indicators.workflow.following import catch_up, out_of_step
from indicators.workflow.handover import about_to_hand_over, hand_over, keep_note, open_work
from indicators.workflow.publishing import Ahead, about_to_publish, correct, publish
from indicators.workflow.requests import decline_change, request_change
from indicators.workflow.returns import (
    Outcome,
    approve,
    approve_each,
    reopen,
    save_draft,
    send_back,
    start_review,
    submit,
    withdraw,
)
from indicators.workflow.rounds import open_round, set_due_date

__all__ = [
    "Ahead",
    "Conflict",
    "Entry",
    "Faulty",
    "Outcome",
    "Provision",
    "Refused",
    "Texts",
    "Unconfirmed",
    "WorkflowError",
    "about_to_hand_over",
    "about_to_publish",
    "approve",
    "approve_each",
    "assign",
    "catch_up",
    "change_indicator",
    "change_plan",
    "change_unit",
    "correct",
    "correct_comparison",
    "decline_change",
    "enter_comparison",
    "hand_over",
    "keep_note",
    "open_round",
    "open_work",
    "out_of_step",
    "publish",
    "reason_fault",
    "reopen",
    "request_change",
    "revise_target",
    "save_draft",
    "send_back",
    "set_due_date",
    "set_milestone",
    "start_review",
    "submit",
    "target_faults",
    "unit_faults",
    "withdraw",
    "withdraw_comparison",
]
