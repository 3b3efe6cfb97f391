from django.urls import path

from reports import (
    audit_views,
    handover_views,
    search_views,
    source_views,
    todo_views,
    unit_views,
    views,
    work_views,
)
from reports.supervision import views as supervision
from reports.supervision.acts import FORMS

urlpatterns = [
    path("", views.dashboard, name="home"),
    path("audit/", audit_views.audit_page, name="audit"),
    path("audit/export.csv", audit_views.audit_csv, name="audit_csv"),
    path("todo/", todo_views.todo_page, name="todo"),
    path("todo/note/", todo_views.keep_note, name="todo_note"),
    path("todo/late/", todo_views.late_page, name="late"),
    path("todo/late.xlsx", todo_views.late_workbook, name="late_xlsx"),
    path("todo/late.csv", todo_views.late_csv, name="late_csv"),
    path("handovers/new/", handover_views.new, name="handover_new"),
    path("handovers/<int:pk>/", handover_views.sheet, name="handover"),
    path("indicators/<str:code>/", views.indicator, name="indicator"),
    path("indicators/<str:code>/sources/", source_views.sources_page, name="indicator_sources"),
    path("search/", search_views.search_page, name="search"),
    path("outline/", work_views.outline_page, name="outline"),
    path("coverage/", work_views.coverage_page, name="coverage"),
    path("tasks/<str:code>/", work_views.task_page, name="task"),
    path("projects/", work_views.projects_page, name="projects"),
    path("projects/<str:code>/", work_views.project_page, name="project"),
    path("units/", unit_views.units_page, name="units"),
    path("units/<str:code>/", unit_views.unit_page, name="unit"),
    path("compare/", unit_views.compare_page, name="compare"),
    path("supervision/", supervision.list_page, name="supervisions"),
    path("supervision/list.xlsx", supervision.list_xlsx, name="supervisions_xlsx"),
    path("supervision/new/", supervision.new, name="supervision_new"),
    path("supervision/<int:pk>/", supervision.detail, name="supervision"),
    *(
        path(f"supervision/<int:pk>/{act}/", supervision.posted(act), name=f"supervision_{act}")
        for act in FORMS
    ),
    path("supervision/files/<int:pk>/", supervision.file, name="supervision_file"),
    path("reports/<int:year>/table.xlsx", views.table, name="table"),
]
