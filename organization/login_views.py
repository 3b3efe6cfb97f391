"""Everybody's own log-ins: the first who can tell that one of them was somebody else."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organization.models import LoginRecord


@require_safe
def own_logins(request: HttpRequest) -> HttpResponse:
    records = LoginRecord.objects.filter(user=request.user)
    page = Paginator(records, 50).get_page(request.GET.get("page"))
    return render(request, "registration/logins.html", {"page": page})
