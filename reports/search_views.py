"""搜索."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.choice import NoPlan, choose
from reports.search import search


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """What of the plan holds the words asked for; `?q=`."""
    try:
        choice = choose(request)
    except NoPlan:
        return render(request, "reports/no_plan.html")
    found = search(choice, request.user, request.GET.get("q", ""))
    bar = replace(choice, kept={"q": found.asked.text}) if found.asked.text else choice
    context = {"choice": choice, "link": choice.link, "plan": choice.plan}
    return render(request, "reports/search.html", context | {"found": found, "bar": bar})
