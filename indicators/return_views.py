"""The return as one page of the admin, and its verbs as POST addresses.

Every view gets (with permission: a foreign return does not exist), calls, renders or redirects."""

from collections.abc import Callable, Mapping
from functools import partial

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indicators import checks, conflict, grid, marking, review, workflow
from indicators.entry import NotANumber, read_date
from indicators.evidence_page import Answer, section
from indicators.models import AnnualReturn, ChangeRequest, ReturnAct, ReturnStatus
from organization import permissions
from organization.models import User

PAGE = "admin/indicators/annualreturn/page.html"
PRINT = "admin/indicators/annualreturn/print.html"
NAME = "admin:indicators_annualreturn_change"


def urls() -> list[URLPattern]:
    verbs: dict[str, Callable[..., object]] = {
        "submit": workflow.submit,
        "withdraw": workflow.withdraw,
        "start_review": workflow.start_review,
        "approve": workflow.approve,
        "send_back": _send_back,
        "request": _request,
        "decline": _decline,
        "reopen": _reopen,
    }
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
                guard(posted(partial(act, verb=verb, done=DONE[name]))),
                name=f"indicators_annualreturn_{name}",
            )
            for name, verb in verbs.items()
        ),
    ]


def posted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A verb is posted. Whoever comes with GET, after logging in anew say, is led to the page."""

    def answer(request: HttpRequest, pk: int) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return redirect(NAME, pk)
        return require_POST(view)(request, pk)

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


def find(user: User, pk: int) -> AnnualReturn:
    """The return, for those who may know that it exists; 404 for the others."""
    returns = AnnualReturn.objects.select_related("round__plan__bureau", "unit")
    found = next(iter(returns.filter(pk=pk).order_by()), None)
    if found is None or not _may_see(user, found):
        raise Http404("没有这张监测表，或者它不属于您。")
    return found


def _may_see(user: User, annual_return: AnnualReturn) -> bool:
    is_draft = annual_return.status == ReturnStatus.DRAFT
    return permissions.can_see_return(user, annual_return.unit, is_draft)


@require_http_methods(["GET", "HEAD", "POST"])
def return_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the page, POST saves the draft and, on request, submits it."""
    annual_return = find(request.user, pk)
    if request.method == "POST":
        return _save(request, annual_return)
    return show(request, annual_return)


@require_safe
def print_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The return as an A4 sheet with signature line and seal place."""
    annual_return = find(request.user, pk)
    scope = permissions.provisional_scope(request.user)
    page = grid.build(annual_return, False, scope=scope)
    context = {"grid": page, **_context(request, annual_return)}
    figures = [row.figure for row in page.rows]
    context["checked"] = marking.mark(page, checks.findings(annual_return, scope, figures))
    return render(request, PRINT, context)


def act(request: HttpRequest, pk: int, verb: Callable[..., object], done: str) -> HttpResponse:
    """One verb. What is not possible comes back as a sentence, nothing is changed."""
    annual_return = find(request.user, pk)
    if verb in (_send_back, _reopen, _request, _decline):
        verb = partial(verb, posted=request.POST)
    try:
        verb(request.user, pk, _version(request))
    except workflow.Faulty as error:
        return show(request, annual_return, faults=error.faults)
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return _after(request, pk)


def _after(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the page, unless the act took it out of the person's sight."""
    current = AnnualReturn.objects.select_related("unit__bureau", "round").get(pk=pk)
    if _may_see(request.user, current):
        return redirect(NAME, pk)
    return redirect("admin:indicators_annualreturn_changelist")


def _send_back(user: User, pk: int, version: int, posted: Mapping[str, str]) -> None:
    workflow.send_back(user, pk, version, posted.get("reason", ""))


def _reopen(user: User, pk: int, version: int, posted: Mapping[str, str]) -> None:
    workflow.reopen(user, pk, version, _chosen(posted), posted.get("reason", ""))


def _request(user: User, pk: int, version: int, posted: Mapping[str, str]) -> None:
    workflow.request_change(user, pk, version, _chosen(posted), posted.get("reason", ""))


def _decline(user: User, pk: int, version: int, posted: Mapping[str, str]) -> None:
    workflow.decline_change(user, pk, version, posted.get("reason", ""))


def _chosen(posted: Mapping[str, str]) -> list[int]:
    """The figures ticked: fields named open-<id>; anything else in a name is ignored."""
    names = [name.removeprefix("open-") for name in posted if name.startswith("open-")]
    return [int(name) for name in names if name.isascii() and name.isdigit()]


def _save(request: HttpRequest, annual_return: AnnualReturn) -> HttpResponse:
    posted = grid.read(annual_return, request.POST)
    if posted.faults:
        return show(request, annual_return, request.POST, posted.faults)
    try:
        saved = workflow.save_draft(
            request.user,
            annual_return.pk,
            _version(request),
            posted.entries,
            posted.texts,
            _provision(request.POST),
            confirmed="confirmed" in request.POST,
        )
    except workflow.Faulty as error:
        return show(request, annual_return, request.POST, error.faults)
    except workflow.Conflict as error:
        return _both_versions(request, annual_return.pk, posted, error)
    except workflow.Unconfirmed as error:
        messages.error(request, str(error))
        return show(request, annual_return, request.POST, status=422, ask=True)
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
        return show(request, annual_return, request.POST, status=409)
    if request.POST.get("act") == "submit":
        return _submit(request, saved)
    messages.success(request, "草稿已保存。")
    return redirect(NAME, saved.pk)


def _provision(posted: Mapping[str, str]) -> workflow.Provision | None:
    """What was typed about 代录; incomplete counts as nothing, and the verb says what is needed."""
    provider, document = posted.get("provider", "").strip(), posted.get("document", "").strip()
    try:
        day = read_date(posted.get("provided_on", ""))
    except NotANumber:
        day = None
    if not (provider and document and day):
        return None
    return workflow.Provision(provider[:100], day, document[:200])


def _both_versions(
    request: HttpRequest, pk: int, posted: grid.Posted, error: workflow.Conflict
) -> HttpResponse:
    """Nothing is stored, nothing typed is lost: both versions side by side, to be saved again.
    Where both say the same (a double click, a second tab) there is nothing to decide."""
    current = find(request.user, pk)
    theirs = conflict.differing(current, posted)
    if not theirs and current.status == ReturnStatus.DRAFT:
        messages.success(request, "内容已经保存过了。")
        return redirect(NAME, pk)
    messages.error(request, str(error))
    return show(request, current, request.POST, status=409, theirs=theirs)


def _submit(request: HttpRequest, saved: AnnualReturn) -> HttpResponse:
    try:
        workflow.submit(request.user, saved.pk, saved.version)
    except workflow.Faulty as error:
        messages.warning(request, "草稿已保存，但还不能报送：请处理下面标出的数据。")
        return show(request, find(request.user, saved.pk), faults=error.faults)
    messages.success(request, DONE["submit"])
    return redirect(NAME, saved.pk)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def show(
    request: HttpRequest,
    annual_return: AnnualReturn,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[int, str] | None = None,
    status: int = 200,
    theirs: Mapping[int | str, conflict.Sides] | None = None,
    ask: bool = False,
    answer: Answer | None = None,
) -> HttpResponse:
    context = _context(request, annual_return)
    scope = permissions.provisional_scope(request.user)
    page = grid.build(annual_return, bool(context["editable"]), typed, faults, scope)
    # What was typed and not stored cannot be checked yet.
    figures = [row.figure for row in page.rows]
    found = checks.findings(annual_return, scope, figures) if typed is None else []
    context["checked"] = marking.mark(page, found)
    if context["may_review"]:
        review.compare(page, scope)
    for row in page.rows:
        row.theirs = theirs[row.figure.pk].stored if theirs and row.figure.pk in theirs else ""
    if page.faults:
        messages.error(request, f"有 {len(page.faults)} 处需要改正，已在表中标出；已填内容都在。")
        status = 422
    given = {name: (typed or {}).get(name, "") for name in ("provider", "provided_on", "document")}
    context |= {"grid": page, "given": given, "unsaved": list((theirs or {}).values())}
    confirmed = "confirmed" in (typed or {})
    context |= {"ask_identity": ask or confirmed, "identity_confirmed": confirmed}
    context["evidence"] = section(request.user, annual_return, figures, answer)
    return render(request, PAGE, context, status=status)


def _context(request: HttpRequest, annual_return: AnnualReturn) -> dict[str, object]:
    user, unit, status = request.user, annual_return.unit, annual_return.status
    may_enter, asked = permissions.can_enter_for(user, unit), _asked(annual_return)
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
        "may_request": may_enter and status == ReturnStatus.APPROVED,
        "asked": asked,
        "wanted": set(asked.figures.all()) if asked else (),
        "may_reopen": status == ReturnStatus.APPROVED and permissions.can_reopen(user, unit),
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
