"""Addresses of the progress pages; they stand beside the return in the admin."""

from django.urls import path

from programs.import_views import (
    progress_file,
    progress_marked,
    progress_preview,
    progress_upload,
)
from programs.progress_views import guarded, progress, progress_list

urlpatterns = [
    path("admin/returns/<int:pk>/progress/", guarded(progress_list), name="progress_list"),
    path("admin/returns/<int:pk>/progress/file/", guarded(progress_file), name="progress_file"),
    path(
        "admin/returns/<int:pk>/progress/upload/", guarded(progress_upload), name="progress_upload"
    ),
    path(
        "admin/returns/<int:pk>/progress/upload/<int:upload>/",
        guarded(progress_preview),
        name="progress_preview",
    ),
    path(
        "admin/returns/<int:pk>/progress/upload/<int:upload>/marked/",
        guarded(progress_marked),
        name="progress_marked",
    ),
    path("admin/returns/<int:pk>/progress/<str:key>/", guarded(progress), name="progress"),
]
