"""Logging in, and everybody's own log-ins: the first who can tell that one of them was somebody
else."""

from django.contrib.auth import views as auth_views
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from organization.models import LoginRecord


class LoginView(auth_views.LoginView):
    """Who came by the bare address of the product wants the own first page, not the 总览, which is
    closed to some."""

    def get_redirect_url(self) -> str:
        url = super().get_redirect_url()
        return "" if url == "/" else url


@require_safe
def own_logins(request: HttpRequest) -> HttpResponse:
    records = LoginRecord.objects.filter(user=request.user)
    page = Paginator(records, 50).get_page(request.GET.get("page"))
    return render(request, "registration/logins.html", {"page": page})
