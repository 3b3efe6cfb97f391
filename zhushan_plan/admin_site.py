"""The admin: where figures are entered, reviewed and published."""

from django.contrib import admin
from django.contrib.admin.templatetags import admin_list
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject


def yes_or_no(value: bool | None) -> str:
    return {True: "是", False: "否", None: "—"}[value]


# The stock icon is read out as “True” or “False” and paints every “no” red; lists, forms and
# inlines all ask this one function, and nothing else in the admin can be told.
admin_list._boolean_icon = yes_or_no


class PlanAdminSite(admin.AdminSite):
    site_title = index_title = "填报与管理"
    site_header = "填报与管理"
    enable_nav_sidebar = False
    empty_value_display = "—"

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list:
        """Asks every model for its permissions, for a sidebar that is off: only when somebody
        looks (Django's pages put it into the context of each of them)."""
        return SimpleLazyObject(lambda: super(PlanAdminSite, self).get_app_list(request, app_label))

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """One login page for the whole product; who is in but has no role here goes home."""
        if request.user.is_authenticated:
            return redirect_to_login(reverse("home"))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))
