"""The plan in the admin: its thresholds, and the office's own document read in and compared."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path

from indicators.admin import PlannerAdmin
from organization import permissions
from organization.models import User
from plans.coverage import stored_text
from plans.models import Plan
from plans.text import Document, DocumentError, read_document
from plans.wording import load_wording
from programs.documents import all_differences

PAGE = "admin/plans/plan/text.html"
LARGEST = 5 * 1024 * 1024  # bytes; the reader bounds what it unpacks by itself


class TextForm(forms.Form):
    file = forms.FileField(
        label="规划正式文本",
        help_text="单位自己的正式文件，.docx 或 .txt，不超过 5 MB",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
    )

    def clean_file(self) -> Document:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > LARGEST:
            raise ValidationError("文件超过 5 MB，请确认选对了文件。")
        try:
            return read_document(upload.name or "", upload.read())
        except DocumentError as error:
            raise ValidationError(str(error)) from error


@admin.register(Plan)
class PlanAdmin(PlannerAdmin):
    """The document's own facts are read only; the thresholds are the office's."""

    bureau_path = "bureau"
    change_if = staticmethod(permissions.is_planner)
    settled = ("fast_from", "on_pace_from", "slight_from")
    list_display = ("short_title", "title", "document_no", "base_year", "start_year", "end_year")
    change_form_template = "admin/plans/plan/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [f.name for f in Plan._meta.fields if f.editable and f.name not in self.settled]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(text_page)
        return [path("<int:pk>/text/", view, name="plans_plan_text"), *super().get_urls()]


def find(user: User, pk: int) -> Plan:
    plan = Plan.objects.select_related("bureau").filter(pk=pk).first()
    if plan is None or not permissions.can_plan(user, plan.bureau):
        raise Http404("没有这个规划。")
    return plan


def text_page(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the document; POST stores its wording on the clauses and lists differences."""
    plan = find(request.user, pk)
    form = TextForm(request.POST or None, request.FILES or None)
    found: dict[str, object] = {}
    if request.method == "POST" and form.is_valid():
        found = _read_in(request, plan, form)
    context = {**admin.site.each_context(request), "title": "读入规划文本", "plan": plan}
    context |= {"form": form, "opts": Plan._meta, **found}
    return render(request, PAGE, context)


def _read_in(request: HttpRequest, plan: Plan, form: TextForm) -> dict[str, object]:
    document = form.cleaned_data["file"]
    try:
        loaded = load_wording(plan, document)
    except DocumentError as error:
        form.add_error("file", str(error))
        return {}
    messages.success(request, f"{loaded.matched} 个条款已有原文，其中 {loaded.changed} 个有更新。")
    return {"checked": True, "differences": all_differences(document, plan, stored_text(plan))}
