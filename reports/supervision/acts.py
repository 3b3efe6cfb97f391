"""Which verbs a person may speak about a row now, and the form of each."""

from datetime import date
from typing import Any

from organization import permissions
from organization.models import User
from reports.models import Supervision, SupervisionState
from reports.supervision.forms import (
    AgreedForm,
    CancelForm,
    CloseForm,
    NoteForm,
    ReopenForm,
    ReviseForm,
    SupervisionForm,
)

FORMS: dict[str, type[SupervisionForm]] = {
    form.name: form for form in (NoteForm, ReviseForm, CloseForm, CancelForm, ReopenForm)
}
SAID = {
    "note": "进展已记下。",
    "revise": "已调整。",
    "close": "已销号。",
    "cancel": "已撤销，编号保留。",
    "reopen": "已恢复督办。",
}


def allowed(name: str, user: User, row: Supervision) -> bool:
    """By role; whether the row is in the right state is for the verb to say."""
    if name == NoteForm.name:
        return permissions.can_report_on_supervision(user, row.unit)
    return permissions.can_supervise(user, row.plan.bureau)


def forms_for(
    user: User, row: Supervision, today: date, refused: SupervisionForm | None = None
) -> dict[str, SupervisionForm]:
    """Name → form, of what this person may do with the row as it is now. The one that was refused
    stands there as it was typed, whatever has become of the row."""
    names = {
        SupervisionState.OPEN: ("note", "revise", "close", "cancel"),
        SupervisionState.CLOSED: ("reopen",),
    }.get(SupervisionState(row.state), ())
    found = {name: form_of(name, row, today) for name in names if allowed(name, user, row)}
    return found | ({refused.name: refused} if refused else {})


def form_of(name: str, row: Supervision, today: date, data: Any = None) -> Any:
    form = FORMS[name]
    begun = _begun(name, row, today)
    if issubclass(form, AgreedForm):
        return form(row.plan, today, data, kept=row.unit, initial=begun)
    return form(data, initial=begun)


def _begun(name: str, row: Supervision, today: date) -> dict[str, object]:
    if name == ReviseForm.name:
        agreed = {"measures": row.measures, "unit": row.unit_id, "lead": row.lead}
        return agreed | {"deadline": row.deadline}
    return {"on": today}
