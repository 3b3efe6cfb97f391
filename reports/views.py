from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from reports.choice import choose
from reports.summary import summarize
from reports.workbook import file_name, table_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def dashboard(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def indicator(request: HttpRequest, code: str) -> HttpResponse:
    return HttpResponse()


@require_safe
def table(request: HttpRequest, year: int) -> HttpResponse:
    """表1 and the commitments of the year as an Excel file."""
    choice = choose(request, year=year)
    summary = summarize(choice.plan, choice.year, choice.layer, choice.rounds, choice.visible)
    response = HttpResponse(table_workbook(summary), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, file_name(summary))
    return response
