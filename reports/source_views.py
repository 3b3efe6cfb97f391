from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organization import permissions
from reports.choice import choose
from reports.sources import sources


@require_safe
def sources_page(request: HttpRequest, code: str) -> HttpResponse:
    """Behind one indicator's number of a year: the figures, the persons and the documents."""
    choice = choose(request)
    found = sources(choice, code, permissions.published_evidence_scope(request.user))
    context = {"choice": choice, "link": choice.link, "plan": choice.plan, "found": found}
    return render(request, "reports/sources.html", context)
