"""The return as one page of the admin, and its verbs as POST addresses.

Every view gets (with permission: a foreign return does not exist), calls, renders or redirects."""

from functools import partial

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe

from indicators import checks, grid, marking, tried, workflow
from indicators.models import AnnualReturn
from indicators.return_access import LIST, NAME, find, may_see, posted, told_where, version_of
from indicators.return_saving import save, told_withdrawn
from indicators.return_show import SENT, context_of, show
from organization import permissions

PRINT = "admin/indicators/annualreturn/print.html"


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


DONE = {
    "submit": SENT,
    "withdraw": "已撤回，可以继续修改。",
    "start_review": "已开始审核，填报单位不能再撤回。",
    "approve": "已审核通过，数据已锁定。",
    "send_back": "已退回填报单位。",
    "request": "修改申请已提交，等待答复。",
    "decline": "已答复：不同意修改。",
    "reopen": "已重新开启所选数据。",
}


TEXTS_ONLY = "已重新开启，但没有勾选数据：填报单位只能补写情况说明。"


@require_http_methods(["GET", "HEAD", "POST"])
@told_where
def return_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the page, POST saves the draft and, on request, submits it."""
    try:
        annual_return = find(request.user, pk)
    except Http404:
        told = told_withdrawn(request, pk) if request.method == "POST" else None
        if told is None:
            raise
        return told
    if request.method == "POST":
        return save(request, annual_return)
    return show(request, annual_return)


@require_safe
@told_where
def print_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The return as an A4 sheet with signature line and seal place."""
    annual_return = find(request.user, pk)
    scope = permissions.figure_scope(request.user)
    page = grid.build(annual_return, False, scope=scope)
    context = {"grid": page, **context_of(request, annual_return)}
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
    if not may_see(request.user, current):
        messages.warning(request, f"您填写的内容没有提交：{again.reason}")
        return _after(request, pk)
    status = 409 if isinstance(error, workflow.Conflict) else 422
    return show(request, find(request.user, pk), status=status, again=again)


def _after(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to the page, unless the act took it out of the person's sight."""
    if may_see(request.user, _current(pk)):
        return redirect(NAME, pk)
    return redirect(LIST)


def _current(pk: int) -> AnnualReturn:
    return AnnualReturn.objects.select_related("unit__bureau", "round").get(pk=pk)
