from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from organization import permissions
from reports.board import board_of
from reports.choice import NoPlan, choose
from reports.detail import describe
from reports.kept import kept
from reports.proofs import published_evidence
from reports.summary import summarize
from reports.supervision import marks_of
from reports.workbook import file_name, table_workbook
from reports.works import summarize_work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@kept
def dashboard(request: HttpRequest) -> HttpResponse:
    """The page leadership opens: one year of the plan."""
    try:
        choice = choose(request)
    except NoPlan:
        return render(request, "reports/no_plan.html")
    today = timezone.localdate()
    board = board_of(choice, request.tokens, request.user, today, request.GET)
    context = {"choice": board.choice, "link": choice.link, "plan": choice.plan, "board": board}
    page = "wall" if request.GET.get("view") == "wall" else "dashboard"
    return render(request, f"reports/{page}.html", context | {"tokens": board.tokens})


@require_safe
@kept
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that is known about one indicator."""
    choice = choose(request)
    detail = describe(choice, code)
    scope = permissions.published_evidence_scope(request.user)
    files = published_evidence(choice.plan, detail.indicator, choice.year, scope)
    context = {"choice": choice, "link": choice.link, "plan": choice.plan, "detail": detail}
    marks = marks_of(
        choice.plan, request.user, timezone.localdate(), request.tokens, choice.is_past
    )
    context |= {"evidence": files, "supervisions": marks}
    return render(request, "reports/indicator.html", context)


@require_safe
def table(request: HttpRequest, year: int) -> HttpResponse:
    """The tables of the year as an Excel file."""
    choice = choose(request, year=year)
    summary = summarize(choice.plan, choice.year, choice.layer, choice.rounds, choice.visible)
    work = summarize_work(
        choice.plan, choice.year, choice.layer, choice.scope, choice.rounds, places=True
    )
    response = HttpResponse(table_workbook(summary, work), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, file_name(summary))
    return response
