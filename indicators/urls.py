"""Addresses of the numbers outside the admin: also leaders open the evidence of what is
published."""

from django.urls import path

from indicators import evidence_views

urlpatterns = [
    path("evidence/<int:pk>/", evidence_views.download, name="evidence"),
    path("evidence/<int:pk>/picture/", evidence_views.picture, name="evidence_picture"),
    path("evidence/<int:pk>/remove/", evidence_views.remove, name="evidence_remove"),
    path("returns/<int:pk>/evidence/", evidence_views.attach, name="evidence_attach"),
]
