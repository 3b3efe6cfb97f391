"""The return as one page of the admin, and its verbs as POST addresses.

Every view gets (with permission: a foreign return does not exist), calls, renders or redirects."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial, wraps
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators import checks, conflict, grid, marking, merging, parts, review, tried, workflow
from indicators.evidence_page import Answer, section
from indicators.models import AnnualReturn, ChangeRequest, ReturnAct, ReturnStatus
from indicators.provision import given, lacking, last_given, provision_of, source
from indicators.workflow import requests
from indicators.workflow.steps import refuse_moved
from organization import permissions
from organization.models import User

PAGE = "admin/indicators/annualreturn/page.html"
PRINT = "admin/indicators/annualreturn/print.html"
NAME = "admin:indicators_annualreturn_change"


def urls() -> list[URLPattern]:
    guard = admin.site.admin_view
    return [
        path(
            "<int:pk>/print/",
            guard(print_page),
            name="indicators_annualreturn_print",
        ),
        *(
            path(
                f"<int:pk>/{name.replace('_', '-')}/",
                guard(posted(partial(act, name=name))),
                name=f"indicators_annualreturn_{name}",
            )
            for name in DONE
        ),
    ]


def posted(view: Callable[..., HttpResponse], page: str = NAME) -> Callable[..., HttpResponse]:
    """A verb is posted. Whoever comes with GET, after logging in anew say, is led to the page."""

    def answer(request: HttpRequest, **keys: int) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return redirect(page, *keys.values())
        return require_POST(view)(request, **keys)

    return answer


DONE = {
    "submit": "已报送，等待审核。",
    "withdraw": "已撤回，可以继续修改。",
    "start_review": "已开始审核，填报单位不能再撤回。",
    "approve": "已审核通过，数据已锁定。",
    "send_back": "已退回填报单位。",
    "request": "修改申请已提交，等待答复。",
    "decline": "已答复：不同意修改。",
    "reopen": "已重新开启所选数据。",
}
TEXTS_ONLY = "已重新开启，但没有勾选数据：填报单位只能补写情况说明。"


class WithUnit(Http404):
    """A reviewer asks for what the unit is working on again: it is told where it is, and nothing
    of what stands in it."""


def find(user: User, pk: int) -> AnnualReturn:
    """The return, for those who may know that it exists; 404 for the others."""
    returns = AnnualReturn.objects.select_related("round__plan__bureau", "unit")
    found = next(iter(returns.filter(pk=pk).order_by()), None)
    if found is None or not _may_see(user, found):
        if found and found.submitted_at and permissions.can_review(user, found.unit):
            raise WithUnit(f"{found}：{_where(found)}，等待填报单位重新报送。")
        raise Http404("没有这张监测表，或者它不属于您。")
    return found


def _where(annual_return: AnnualReturn) -> str:
    if annual_return.is_sent_back:
        return "已退回填报单位"
    return "已重新开启" if annual_return.approved_at else "填报单位已撤回"


def told_where(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest, pk: int, **keys: str) -> HttpResponse:
        try:
            return view(request, pk, **keys)
        except WithUnit as where:
            messages.warning(request, str(where))
            return redirect("admin:indicators_annualreturn_changelist")

    return answer


def _may_see(user: User, annual_return: AnnualReturn) -> bool:
    is_draft = annual_return.status == ReturnStatus.DRAFT
    return permissions.can_see_return(user, annual_return.unit, is_draft)


@require_http_methods(["GET", "HEAD", "POST"])
@told_where
def return_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the page, POST saves the draft and, on request, submits it."""
    annual_return = find(request.user, pk)
    if request.method == "POST":
        return _save(request, annual_return)
    return show(request, annual_return)


@require_safe
@told_where
def print_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The return as an A4 sheet with signature line and seal place."""
    annual_return = find(request.user, pk)
    scope = permissions.figure_scope(request.user)
    page = grid.build(annual_return, False, scope=scope)
    context = {"grid": page, **_context(request, annual_return)}
    figures = [row.figure for row in page.rows]
    context["checked"] = marking.mark(page, checks.findings(annual_return, scope, figures))
    return render(request, PRINT, context)


@told_where
def act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One verb. What is not possible comes back as a sentence, nothing is changed."""
    annual_return = find(request.user, pk)
    try:
        _do(name, request, pk)
    except workflow.Faulty as error:
        return show(request, annual_return, faults=error.faults, others=error.others)
    except workflow.WorkflowError as error:
        return _refused(request, pk, name, error)
    opens_texts_only = name == "reopen" and not any(tried.chosen(request.POST))
    messages.success(request, TEXTS_ONLY if opens_texts_only else DONE[name])
    return _after(request, pk)


def _do(name: str, request: HttpRequest, pk: int) -> None:
    given = (request.user, pk, version_of(request))
    reason = request.POST.get("reason", "")
    figures, others = tried.chosen(request.POST)
    match name:
        case "send_back":
            workflow.send_back(*given, reason)
        case "decline":
            workflow.decline_change(*given, reason)
        case "reopen":
            workflow.reopen(*given, figures, reason, others)
        case "request":
            workflow.request_change(*given, figures, reason, others)
        case _:
            getattr(workflow, name)(*given)


def _refused(
    request: HttpRequest, pk: int, name: str, error: workflow.WorkflowError
) -> HttpResponse:
    """Nothing done, nothing typed lost: the page as it now is, with the reason and the ticks."""
    messages.error(request, str(error))
    again = tried.read(name, request.POST)
    current = _current(pk)
    if not (again.reason or again.ticks):
        return _after(request, pk)
    if not _may_see(request.user, current):
        messages.warning(request, f"您填写的内容没有提交：{again.reason}")
        return _after(request, pk)
    status = 409 if isinstance(error, workflow.Conflict) else 422
    return show(request, find(request.user, pk), status=status, again=again)


def _after(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the page, unless the act took it out of the person's sight."""
    if _may_see(request.user, _current(pk)):
        return redirect(NAME, pk)
    return redirect("admin:indicators_annualreturn_changelist")


def _current(pk: int) -> AnnualReturn:
    return AnnualReturn.objects.select_related("unit__bureau", "round").get(pk=pk)


def _save(request: HttpRequest, annual_return: AnnualReturn) -> HttpResponse:
    """All or nothing. A page that was overtaken is put onto what is stored first."""
    rebased = _rebased(request, annual_return)
    form = rebased.form
    posted = grid.read(annual_return, form, timezone.localdate())
    version = version_of(request) if rebased.clashes else _version(form)
    try:
        refuse_moved(annual_return, version, ReturnStatus.DRAFT, "填写", request.user)
        if posted.faults or posted.too_long:
            return show(request, annual_return, form, posted.faults)
        saved = workflow.save_draft(
            request.user,
            annual_return.pk,
            version,
            posted.entries,
            posted.texts,
            provision_of(form, timezone.localdate()),
            confirmed="confirmed" in form,
        )
    except workflow.Faulty as error:
        return show(request, annual_return, form, error.faults)
    except workflow.Conflict as error:
        return _both_versions(request, annual_return, posted, rebased, error)
    except workflow.Unconfirmed as error:
        messages.error(request, NOT_SAVED + str(error))
        return show(request, annual_return, form, error.cells, status=422, ask=True)
    except workflow.WorkflowError as error:
        messages.error(request, NOT_SAVED + str(error))
        return show(request, annual_return, form, status=409)
    merged = version != version_of(request)
    if form.get("act") == "submit" and not merged:
        return _submit(request, saved)
    messages.success(request, _saved(request, saved, saved.version > version, merged))
    return redirect(NAME, saved.pk)


NOT_SAVED = "草稿没有保存："


def _rebased(request: HttpRequest, annual_return: AnnualReturn) -> merging.Rebased:
    """The form as posted, or put onto the draft as somebody left it meanwhile. Only what really
    says something else on both sides is a clash."""
    was = merging.read(request.POST)
    moved = version_of(request) != annual_return.version
    if was is None or not moved or annual_return.status != ReturnStatus.DRAFT:
        return merging.Rebased(request.POST)
    rebased = merging.rebase(annual_return, request.POST, was)
    if not rebased.clashes:
        return rebased
    posted = grid.read(annual_return, rebased.form)
    sides = conflict.differing(annual_return, posted, rebased.form, "")
    return merging.Rebased(rebased.form, rebased.clashes & sides.keys())


def _saved(request: HttpRequest, saved: AnnualReturn, changed: bool, merged: bool) -> str:
    said = "草稿已保存。" if changed else "内容没有改动，无需保存。"
    if merged and not changed:
        said = "内容已经保存过了。"
    elif merged:
        said = "草稿已保存，并与您打开页面之后的其他改动合并。"
    if merged and request.POST.get("act") == "submit":
        return f"{said.removesuffix('。')}，但还没有报送；请核对后再按“保存并报送”。"
    typed = source(request.POST)
    if not changed and typed and typed != source(last_given(saved, request.user)):
        return f"{said.removesuffix('。')}；代录来源随改动的数据一起记录。"
    return said


def _both_versions(
    request: HttpRequest,
    seen: AnnualReturn,
    posted: grid.Posted,
    rebased: merging.Rebased,
    error: workflow.Conflict,
) -> HttpResponse:
    """Nothing is stored, nothing typed is lost: both versions side by side, to be saved again.
    Where both say the same (a double click, a second tab) there is nothing to decide."""
    current = find(request.user, seen.pk)
    is_draft = current.status == ReturnStatus.DRAFT
    if is_draft and current.version != seen.version and merging.read(request.POST) is not None:
        return _save(request, current)  # moved on while this was on its way
    theirs = conflict.differing(current, posted, rebased.form, source(request.POST))
    if rebased.clashes:
        theirs = {key: sides for key, sides in theirs.items() if key in rebased.clashes}
    if not theirs and (stored := _stored(request, current)):
        messages.success(request, stored)
        return redirect(NAME, current.pk)
    messages.error(request, (NOT_SAVED if is_draft else "") + str(error))
    faults = posted.faults if is_draft else {}
    return show(request, current, rebased.form, faults, status=409, theirs=theirs)


def _stored(request: HttpRequest, current: AnnualReturn) -> str:
    """What is said where all that was posted is there already; "" where that needs a look."""
    if current.status == ReturnStatus.SUBMITTED and current.submitted_by_id == request.user.pk:
        return "已经报送过了，等待审核。"
    if current.status != ReturnStatus.DRAFT:
        return ""
    if request.POST.get("act") == "submit":
        return "内容已经保存过了，但还没有报送；请核对后再按“保存并报送”。"
    return "内容已经保存过了。"


def _submit(request: HttpRequest, saved: AnnualReturn) -> HttpResponse:
    try:
        workflow.submit(request.user, saved.pk, saved.version)
    except workflow.Faulty as error:
        messages.warning(request, "草稿已保存，但还不能报送：请处理下面标出的问题。")
        saved = find(request.user, saved.pk)
        return show(request, saved, faults=error.faults, others=error.others)
    messages.success(request, DONE["submit"])
    return redirect(NAME, saved.pk)


def version_of(request: HttpRequest, field: str = "version") -> int:
    return _version(request.POST, field)


def _version(posted: Mapping[str, str], field: str = "version") -> int:
    text = posted.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


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
) -> HttpResponse:
    context = _context(request, annual_return) | {"other_faults": others}
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
    context["version"] = _version(typed or {}) if overtaken else annual_return.version
    context["held"] = (typed or {}).get(merging.FIELD, "") if overtaken else merging.held_by(page)
    context |= {"grid": page, "typed": typed, "unsaved": list((theirs or {}).values())}
    if context["editable"] and context["entering_for"]:
        context["given"] = given(typed) if typed else last_given(annual_return, request.user)
        context["lacking"] = lacking(typed) if typed else []
    confirmed = "confirmed" in (typed or {})
    context |= {"ask_identity": ask or confirmed, "identity_confirmed": confirmed}
    context["evidence"] = section(request.user, annual_return, figures, answer)
    context |= _again(context, again)
    return render(request, PAGE, context, status=status)


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


def _context(request: HttpRequest, annual_return: AnnualReturn) -> dict[str, object]:
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
        "last_reason": _last_reason(annual_return),
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


def _last_reason(annual_return: AnnualReturn) -> str:
    """Why it was sent back, to stand on top of the page."""
    if not annual_return.is_sent_back:
        return ""
    acts = annual_return.acts.filter(verb=ReturnAct.Verb.SEND_BACK).order_by("-pk")
    return acts.values_list("reason", flat=True).first() or ""
