"""The verbs: every change of a round, a return or a figure happens here and nowhere else.

Admin page, import, API and commands call these. Each verb is one transaction: lock the row, check
who and in which state, set, write history, recompute what is touched. Whoever may not know that a
thing exists gets 404 from the page; here a foreign hand is `Refused`."""

from indicators.entry import Entry, Texts
from indicators.workflow.definitions import change_indicator, change_unit, revise_target
from indicators.workflow.errors import Conflict, Faulty, Refused, WorkflowError
from indicators.workflow.publishing import correct, publish
from indicators.workflow.returns import approve, reopen, save_draft, send_back, submit, withdraw
from indicators.workflow.rounds import open_round, set_due_date

__all__ = [
    "Conflict",
    "Entry",
    "Faulty",
    "Refused",
    "Texts",
    "WorkflowError",
    "approve",
    "change_indicator",
    "change_unit",
    "correct",
    "open_round",
    "publish",
    "reopen",
    "revise_target",
    "save_draft",
    "send_back",
    "set_due_date",
    "submit",
    "withdraw",
]
