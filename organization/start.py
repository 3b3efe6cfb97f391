"""The first page after log-in: every role lands where its work is, none on a refusal."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from organization import permissions
from organization.models import User


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return redirect(place_of(request.user))


def place_of(user: User) -> str:
    if permissions.can_audit(user):
        return reverse("audit")
    if permissions.can_manage_accounts(user):
        return reverse("admin:index")
    if not permissions.can_see_returns(user) and permissions.can_see_published(user):
        return reverse("home")  # who only reads begins with what there is to read
    return reverse("todo")
