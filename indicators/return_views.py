"""The return as one page of the admin, and its verbs as POST addresses.

Every view gets (with permission: a foreign return does not exist), calls, renders or redirects."""

from collections.abc import Callable, Mapping
from functools import partial

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from indicators import grid, workflow
from indicators.models import AnnualReturn, ReturnStatus
from organization import permissions
from organization.models import User

PAGE = "admin/indicators/annualreturn/page.html"
PRINT = "admin/indicators/annualreturn/print.html"
NAME = "admin:indicators_annualreturn_change"


def urls() -> list[URLPattern]:
    verbs: dict[str, Callable[..., object]] = {
        "submit": workflow.submit,
        "withdraw": workflow.withdraw,
        "approve": workflow.approve,
        "send_back": _send_back,
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
                guard(require_POST(partial(act, verb=verb, done=DONE[name]))),
                name=f"indicators_annualreturn_{name}",
            )
            for name, verb in verbs.items()
        ),
    ]


DONE = {
    "submit": "已报送，等待审核。",
    "withdraw": "已撤回，可以继续修改。",
    "approve": "已审核通过，数据已锁定。",
    "send_back": "已退回填报单位。",
    "reopen": "已重新开启所选数据。",
}


def find(user: User, pk: int) -> AnnualReturn:
    """The return, for those who may know that it exists; 404 for the others."""
    found = (
        AnnualReturn.objects.filter(pk=pk)
        .select_related("round__plan__bureau", "unit__bureau", "submitted_by", "approved_by")
        .first()
    )
    if found is None or not _may_see(user, found):
        raise Http404("没有这张监测表，或者它不属于您。")
    return found


def _may_see(user: User, annual_return: AnnualReturn) -> bool:
    is_draft = annual_return.status == ReturnStatus.DRAFT
    return permissions.can_see_return(user, annual_return.unit, is_draft)


def return_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the page, POST saves the draft and, on request, submits it."""
    annual_return = find(request.user, pk)
    if request.method == "POST":
        return _save(request, annual_return)
    return _show(request, annual_return)


def print_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The return as an A4 sheet with signature line and seal place."""
    annual_return = find(request.user, pk)
    context = {"grid": grid.build(annual_return, False), **_context(request, annual_return)}
    return render(request, PRINT, context)


def act(request: HttpRequest, pk: int, verb: Callable[..., object], done: str) -> HttpResponse:
    """One verb. What is not possible comes back as a sentence, nothing is changed."""
    annual_return = find(request.user, pk)
    if verb in (_send_back, _reopen):
        verb = partial(verb, posted=request.POST)
    try:
        verb(request.user, pk, _version(request))
    except workflow.Faulty as error:
        return _show(request, annual_return, faults=error.faults)
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
    chosen = [int(name.removeprefix("open-")) for name in posted if name.startswith("open-")]
    workflow.reopen(user, pk, version, chosen, posted.get("reason", ""))


def _save(request: HttpRequest, annual_return: AnnualReturn) -> HttpResponse:
    posted = grid.read(annual_return, request.POST)
    if posted.faults:
        return _show(request, annual_return, request.POST, posted.faults)
    provider = request.POST.get("provider", "")
    try:
        saved = workflow.save_draft(
            request.user,
            annual_return.pk,
            _version(request),
            posted.entries,
            posted.texts,
            provider,
        )
    except workflow.Faulty as error:
        return _show(request, annual_return, request.POST, error.faults)
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
        return _show(request, annual_return, request.POST, status=409)
    if request.POST.get("act") == "submit":
        return _submit(request, saved)
    messages.success(request, "草稿已保存。")
    return redirect(NAME, saved.pk)


def _submit(request: HttpRequest, saved: AnnualReturn) -> HttpResponse:
    try:
        workflow.submit(request.user, saved.pk, saved.version)
    except workflow.Faulty as error:
        messages.warning(request, "草稿已保存，但还不能报送：请处理下面标出的数据。")
        return _show(request, find(request.user, saved.pk), faults=error.faults)
    messages.success(request, DONE["submit"])
    return redirect(NAME, saved.pk)


def _version(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _show(
    request: HttpRequest,
    annual_return: AnnualReturn,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[int, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = _context(request, annual_return)
    page = grid.build(annual_return, bool(context["editable"]), typed, faults)
    if page.faults:
        messages.error(request, f"有 {len(page.faults)} 处需要改正，已在表中标出；已填内容都在。")
        status = 422
    provider = (typed or {}).get("provider", "")
    return render(request, PAGE, {**context, "grid": page, "provider": provider}, status=status)


def _context(request: HttpRequest, annual_return: AnnualReturn) -> dict[str, object]:
    user, unit, status = request.user, annual_return.unit, annual_return.status
    may_enter = permissions.can_enter_for(user, unit)
    return {
        **admin.site.each_context(request),
        "title": str(annual_return),
        "annual_return": annual_return,
        "round": annual_return.round,
        "plan": annual_return.round.plan,
        "acts": annual_return.acts.select_related("actor"),
        "editable": may_enter and status == ReturnStatus.DRAFT,
        "entering_for": may_enter and permissions.enters_for_other(user, unit),
        "may_withdraw": may_enter and status == ReturnStatus.SUBMITTED,
        "may_review": status == ReturnStatus.SUBMITTED and permissions.can_review(user, unit),
        "may_reopen": status == ReturnStatus.APPROVED and permissions.can_reopen(user, unit),
        "opts": AnnualReturn._meta,
    }
