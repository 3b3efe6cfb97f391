from django.urls import path

from reports import views

urlpatterns = [
    path("", views.dashboard, name="home"),
    path("indicators/<str:code>/", views.indicator, name="indicator"),
    path("reports/<int:year>/table.xlsx", views.table, name="table"),
]
