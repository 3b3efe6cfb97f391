"""Every address of the product."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.urls import include, path

from organization.login_views import LoginView, own_logins
from organization.start import start

urlpatterns = [
    path("accounts/login/", LoginView.as_view(), name="login"),
    path("accounts/logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("accounts/password/", auth_views.PasswordChangeView.as_view(), name="password_change"),
    path(
        "accounts/password/done/",
        auth_views.PasswordChangeDoneView.as_view(),
        name="password_change_done",
    ),
    path("accounts/logins/", own_logins, name="logins"),
    path("start/", start, name="start"),
    path("", include("programs.urls")),
    path("admin/", admin.site.urls),
    path("", include("indicators.urls")),
    path("", include("reports.urls")),
]

handler400 = "zhushan_plan.errors.bad_request"
handler403 = "zhushan_plan.errors.forbidden"
handler404 = "zhushan_plan.errors.not_found"
handler500 = "zhushan_plan.errors.server_error"
