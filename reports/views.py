from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from organization import permissions
from reports.choice import NoPlan, choose
from reports.detail import describe
from reports.proofs import published_evidence
from reports.summary import summarize
from reports.workbook import file_name, table_workbook
from reports.works import summarize_work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """The page leadership opens: one year of the plan."""
    try:
        choice = choose(request)
    except NoPlan:
        return render(request, "reports/no_plan.html")
    plan, year = choice.plan, choice.year
    summary = summarize(plan, year, choice.layer, choice.rounds, choice.visible)
    work = summarize_work(plan, year, choice.layer, choice.scope, choice.rounds)
    context = {"choice": choice, "link": choice.link, "plan": plan, "summary": summary}
    return render(request, "reports/dashboard.html", context | {"work": work})


@require_safe
def indicator(request: HttpRequest, code: str) -> HttpResponse:
    """Everything that is known about one indicator."""
    choice = choose(request)
    detail = describe(choice, code)
    scope = permissions.published_evidence_scope(request.user)
    files = published_evidence(choice.plan, detail.indicator, choice.year, scope)
    context = {"choice": choice, "link": choice.link, "plan": choice.plan, "detail": detail}
    context |= {"evidence": files}
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
