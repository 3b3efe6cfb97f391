"""The plan in the admin: its thresholds, and the office's own document read in and compared."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods, require_safe

from exchange import views as pages
from exchange.reading import Book
from exchange.views import Place, Refused
from indicators import workflow
from indicators.admin import PlannerAdmin, ReasonForm, tell
from organization import permissions
from organization.models import User
from plans.coverage import stored_text
from plans.models import Plan
from plans.text import Document, DocumentError, read_document
from plans.wording import load_wording
from programs import (
    definitions,
    definitions_out,
    work_admin,  # noqa: F401 — registers tasks and projects
)
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
    form = ReasonForm
    settled = ("fast_from", "on_pace_from", "slight_from")
    exclude = ("evaluation_years",)  # printed as `evaluated_in`
    list_display = ("short_title", "title", "document_no", "base_year", "start_year", "end_year")
    change_form_template = "admin/plans/plan/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = (f.name for f in Plan._meta.fields if f.editable and not f.primary_key)
        told = {"evaluation_years": "evaluated_in"}
        return [told.get(name, name) for name in names if name not in self.settled]

    @admin.display(description="评估年度")
    def evaluated_in(self, plan: Plan) -> str:
        return "、".join(f"{year} 年" for year in plan.evaluation_years) or "—"

    def save_model(self, request: HttpRequest, obj: Plan, form: Any, change: bool) -> None:
        tell(request, workflow.change_plan(request.user, obj, form.cleaned_data["reason"]))

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/text/", guard(text_page), name="plans_plan_text"),
            path("<int:pk>/outline/", guard(work_upload), name="plans_plan_work"),
            path("<int:pk>/outline/file/", guard(work_file), name="plans_plan_work_file"),
            path(
                "<int:pk>/outline/<int:upload>/",
                guard(work_preview),
                name="plans_plan_work_preview",
            ),
            path(
                "<int:pk>/outline/<int:upload>/marked/",
                guard(work_marked),
                name="plans_plan_work_marked",
            ),
            *super().get_urls(),
        ]


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


# --- tasks and projects as a workbook --------------------------------------------------------


@require_safe
def work_file(request: HttpRequest, pk: int) -> HttpResponse:
    plan = find(request.user, pk)
    return pages.workbook(definitions_out.workbook(plan), definitions_out.file_name(plan))


@require_http_methods(["GET", "HEAD", "POST"])
def work_upload(request: HttpRequest, pk: int) -> HttpResponse:
    return pages.ask(request, _place(request, find(request.user, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def work_preview(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    return pages.preview(request, _place(request, find(request.user, pk)), upload)


@require_safe
def work_marked(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    return pages.marked(request, _place(request, find(request.user, pk)), upload)


def _place(request: HttpRequest, plan: Plan) -> Place:
    def url(name: str, *more: int) -> str:
        return reverse(f"admin:plans_plan_{name}", args=[plan.pk, *more])

    return Place(
        kind="definitions",
        target=plan.pk,
        title="任务与项目导入",
        subject=str(plan.title),
        back=url("change"),
        back_label=str(plan),
        template_url=url("work_file"),
        template_label="下载任务与项目 (xlsx)",
        ask_url=url("work"),
        preview_url=partial(url, "work_preview"),
        marked_url=partial(url, "work_marked"),
        read=partial(definitions.read, plan),
        store=partial(_store, request.user, plan),
    )


def _store(user: User, plan: Plan, book: Book, posted: Mapping[str, str]) -> str:
    if not permissions.can_plan(user, plan.bureau):
        raise Refused("只有规划管理员可以导入任务与项目。")
    return definitions.store(plan, book)
