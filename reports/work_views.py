"""规划全文, tasks, projects, and what represents the plan."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from organization import permissions
from programs import standing
from reports.choice import Choice, NoPlan, choose
from reports.coverage_page import coverage
from reports.kept import kept
from reports.outline import outline
from reports.project_list import headings, project_list
from reports.project_page import describe_project
from reports.supervision import Marks, marks_of
from reports.task_page import describe_task


@require_safe
@kept
def outline_page(request: HttpRequest) -> HttpResponse:
    """The plan from top to bottom, and what became of each clause."""
    try:
        choice = choose(request)
    except NoPlan:
        return render(request, "reports/no_plan.html")
    found = outline(choice, request.GET.get("only", ""), request.tokens)
    context = {"outline": found, "bar": _keeping(choice, only=found.only)}
    context["tokens"] = request.tokens
    return render(request, "reports/outline.html", _shown(choice) | context)


@require_safe
@kept
def task_page(request: HttpRequest, code: str) -> HttpResponse:
    choice = choose(request)
    scope = permissions.published_evidence_scope(request.user)
    context = {"detail": describe_task(choice, code, scope, request.tokens)}
    context["supervisions"] = _marks(request, choice)
    return render(request, "reports/task.html", _shown(choice) | context)


@require_safe
@kept
def projects_page(request: HttpRequest) -> HttpResponse:
    """The projects that fit what is asked for, with their sums."""
    try:
        choice = choose(request)
    except NoPlan:
        return render(request, "reports/no_plan.html")
    shown = (choice.layer, choice.scope, choice.rounds)
    works = standing.works(choice.plan, choice.year, *shown, tokens=request.tokens)
    found = project_list(works.projects, request.GET.dict())
    bar = _keeping(choice, **found.asked, sort=found.sort)
    context = {"list": found, "bar": bar, "heads": headings(found, bar.query)}
    return render(request, "reports/projects.html", _shown(choice) | context)


@require_safe
@kept
def project_page(request: HttpRequest, code: str) -> HttpResponse:
    choice = choose(request)
    scope = permissions.published_evidence_scope(request.user)
    context = {"detail": describe_project(choice, code, scope, request.tokens)}
    context["supervisions"] = _marks(request, choice)
    return render(request, "reports/project.html", _shown(choice) | context)


@require_safe
@kept
def coverage_page(request: HttpRequest) -> HttpResponse:
    """What represents each sentence and number of the plan; the same in every year."""
    try:
        choice = choose(request)
    except NoPlan:
        return render(request, "reports/no_plan.html")
    context = {"coverage": coverage(choice.plan)}
    return render(request, "reports/coverage.html", _shown(choice) | context)


def _marks(request: HttpRequest, choice: Choice) -> Marks:
    today, past = timezone.localdate(), choice.is_past
    return marks_of(choice.plan, request.user, today, request.tokens, past)


def _shown(choice: Choice) -> dict[str, Any]:
    return {"choice": choice, "link": choice.link, "plan": choice.plan}


def _keeping(choice: Choice, **asked: str) -> Choice:
    """The choice of years that keeps what else was asked for."""
    return replace(choice, kept={name: value for name, value in asked.items() if value})
