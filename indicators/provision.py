"""代录: what was typed about where the figures come from, and what was said about it before."""

from collections.abc import Mapping
from datetime import date

from indicators import workflow
from indicators.entry import NotANumber, past_date
from indicators.models import AnnualReturn, ReturnAct
from organization.models import User

FIELDS = ("provider", "provided_on", "document")


def provision_of(posted: Mapping[str, str], today: date | None = None) -> workflow.Provision | None:
    """What was typed; incomplete counts as nothing, and the verb says what is needed."""
    provider, document = posted.get("provider", "").strip(), posted.get("document", "").strip()
    try:
        day = past_date(posted.get("provided_on", ""), today)
    except NotANumber as error:
        raise workflow.WorkflowError(f"提供{error}") from error
    if not (provider and document and day):
        return None
    return workflow.Provision(provider[:100], day, document[:200])


def source(posted: Mapping[str, str]) -> str:
    """The same as text, also where it is incomplete or cannot be read."""
    try:
        provision = provision_of(posted)
    except workflow.WorkflowError:
        provision = None
    return str(provision) if provision else "，".join(filter(None, given(posted).values()))


def given(posted: Mapping[str, str] | None) -> dict[str, str]:
    """As it was typed."""
    return {name: (posted or {}).get(name, "") for name in FIELDS}


def lacking(posted: Mapping[str, str]) -> list[str]:
    """The names of the fields left empty or holding no date."""
    empty = [name for name in FIELDS if not posted.get(name, "").strip()]
    try:
        provision_of(posted)
    except workflow.WorkflowError:
        empty.append("provided_on")
    return empty


def last_given(annual_return: AnnualReturn, user: User) -> dict[str, str]:
    """What the person said with the last 代录 on this return, to be typed once. One query."""
    saves = annual_return.acts.filter(actor=user, verb=ReturnAct.Verb.SAVE)
    act = saves.exclude(provided_on=None).order_by("-pk").first()
    if act is None or act.provided_on is None:
        return given(None)
    day = act.provided_on.isoformat()
    return {"provider": act.provider, "provided_on": day, "document": act.document}
