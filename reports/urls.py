from django.urls import path

from reports import audit_views, handover_views, todo_views, views, work_views

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
    path("outline/", work_views.outline_page, name="outline"),
    path("coverage/", work_views.coverage_page, name="coverage"),
    path("tasks/<str:code>/", work_views.task_page, name="task"),
    path("projects/", work_views.projects_page, name="projects"),
    path("projects/<str:code>/", work_views.project_page, name="project"),
    path("reports/<int:year>/table.xlsx", views.table, name="table"),
]
