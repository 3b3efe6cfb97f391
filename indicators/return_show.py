"""The page of a return: what stands on it, for whom."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from indicators import checks, conflict, grid, marking, merging, parts, review, tried
from indicators.evidence_page import Answer, section
from indicators.lost import Lost
from indicators.models import AnnualReturn, ChangeRequest, ReturnAct, ReturnStatus
from indicators.provision import given, lacking, last_given
from indicators.return_access import version_in
from indicators.workflow import requests
from organization import permissions

PAGE = "admin/indicators/annualreturn/page.html"
SENT = "已报送，等待审核。"
NOT_SAVED = "草稿没有保存："


def show(
    request: HttpRequest,
    annual_return: AnnualReturn,
    typed: Mapping[str, str] | None = None,
    faults: grid.Faults | None = None,
    status: int = 200,
    theirs: Mapping[int | str, conflict.Sides] | None = None,
    ask: bool = False,
    answer: Answer | None = None,
    others: Sequence[str] = (),
    again: tried.Tried | None = None,
    lost: Sequence[Lost] = (),
) -> HttpResponse:
    context = context_of(request, annual_return) | {"other_faults": others, "lost": lost}
    scope = permissions.figure_scope(request.user)
    page = grid.build(annual_return, bool(context["editable"]), typed, faults, scope)
    # What was typed and not stored cannot be checked yet.
    figures = [row.figure for row in page.rows]
    found = checks.findings(annual_return, scope, figures) if typed is None else []
    context["checked"] = marking.mark(page, found)
    if context["may_review"]:
        review.compare(page, scope)
    for row in page.rows:
        row.theirs = theirs[row.figure.pk].stored if theirs and row.figure.pk in theirs else ""
    wrong = page.wrong
    if wrong and not ask:
        messages.error(request, _wrong(wrong, page, found, typed is not None))
    if status == 200 and (wrong or others):
        status = 422
    # What was typed belongs to the version it was typed on, until both versions were shown.
    overtaken = typed is not None and theirs is None
    context["version"] = version_in(typed or {}) if overtaken else annual_return.version
    context["held"] = (typed or {}).get(merging.FIELD, "") if overtaken else merging.held_by(page)
    context["filled"] = _filled(page, context["work"])
    context |= {"grid": page, "typed": typed, "unsaved": list((theirs or {}).values())}
    if context["editable"] and context["entering_for"]:
        context["given"] = given(typed) if typed else last_given(annual_return, request.user)
        context["lacking"] = lacking(typed) if typed else []
    confirmed = "confirmed" in (typed or {})
    context |= {"ask_identity": ask or confirmed, "identity_confirmed": confirmed}
    context["evidence"] = section(request.user, annual_return, figures, answer)
    context |= _again(context, again)
    return render(request, PAGE, context, status=status)


def _filled(page: grid.Grid, work: parts.Count) -> str:
    """“23/129（数据 3/94，任务与项目 20/35）”: the whole first, as lists of open work count it."""
    told, owed = page.filled, len(page.rows)
    if not work.owed:
        return f"{told}/{owed}"
    whole = f"{told + work.filled}/{owed + work.owed}"
    return f"{whole}（数据 {told}/{owed}，任务与项目 {work.filled}/{work.owed}）"


def _wrong(count: int, page: grid.Grid, found: Sequence[checks.Finding], unsaved: bool) -> str:
    """What is said above the page: whether it is stored, what to correct and what to explain."""
    if unsaved:
        return f"{NOT_SAVED}有 {count} 处需要改正，已在表中标出；已填内容都在，改正后请再保存。"
    errors = {one.figure_id for one in found if one.is_error}
    asked = {one.figure_id for one in found} - errors
    notes = sum(1 for row in page.faults if row.figure.pk in asked)
    told = [f"{count - notes} 处需要改正"] if count > notes else []
    told += [f"{notes} 处提醒需要核实，无误的请在备注中说明"] if notes else []
    return f"有 {'，'.join(told)}；已在表中标出。"


def _again(context: Mapping[str, Any], again: tried.Tried | None) -> dict[str, object]:
    """What the forms of the acts show: the boxes ticked, and what was tried and refused."""
    ticks = {"request": frozenset(), "reopen": tried.keys(context["wanted"])}
    forms = {
        "send_back": context["may_review"],
        "reopen": context["may_reopen"],
        "decline": context["may_reopen"] and context["asked"],
        "request": context["may_request"] and not context["asked"],
    }
    if again is None:
        return {"ticks": ticks}
    stranded = not forms.get(again.name)
    return {"ticks": {**ticks, again.name: again.ticks}, "again": again, "stranded": stranded}


def context_of(request: HttpRequest, annual_return: AnnualReturn) -> dict[str, object]:
    user, unit, status = request.user, annual_return.unit, annual_return.status
    may_enter, asked = permissions.can_enter_for(user, unit), _asked(annual_return)
    may_request = may_enter and status == ReturnStatus.APPROVED
    may_reopen = status == ReturnStatus.APPROVED and permissions.can_reopen(user, unit)
    return {
        **admin.site.each_context(request),
        "title": str(annual_return),
        "annual_return": annual_return,
        "round": annual_return.round,
        "plan": annual_return.round.plan,
        "acts": annual_return.acts.select_related("actor").order_by("pk"),
        "last_reason": last_reason(annual_return),
        "editable": may_enter and status == ReturnStatus.DRAFT,
        "entering_for": may_enter and permissions.enters_for_other(user, unit),
        "may_withdraw": may_enter
        and status == ReturnStatus.SUBMITTED
        and annual_return.review_started_by_id is None,
        "may_review": status == ReturnStatus.SUBMITTED and permissions.can_review(user, unit),
        "may_request": may_request,
        "asked": asked,
        "wanted": requests.wanted(asked) if asked else (),
        "may_reopen": may_reopen,
        "named": parts.named(annual_return) if may_reopen or may_request else {},
        "work": parts.counts([annual_return.pk])[annual_return.pk],
        "opts": AnnualReturn._meta,
    }


def _asked(annual_return: AnnualReturn) -> ChangeRequest | None:
    """What waits for an answer, with the figures it is about."""
    waiting = annual_return.change_requests.filter(state=ChangeRequest.State.OPEN)
    waiting = waiting.prefetch_related("figures__item", "figures__unit")
    return waiting.select_related("requested_by").order_by("pk").first()


def last_reason(annual_return: AnnualReturn) -> str:
    """Why it was sent back, to stand on top of the page."""
    if not annual_return.is_sent_back:
        return ""
    acts = annual_return.acts.filter(verb=ReturnAct.Verb.SEND_BACK).order_by("-pk")
    return acts.values_list("reason", flat=True).first() or ""
