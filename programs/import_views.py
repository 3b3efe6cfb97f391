"""下载填报表 and 上传填报表 beside the pages on which progress is typed."""

from collections.abc import Mapping
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from exchange import views as pages
from exchange.reading import Book
from exchange.views import Place, Refused
from indicators import return_access, workflow
from indicators.models import AnnualReturn, ReturnStatus
from indicators.provision import provision_of
from organization import permissions
from organization.models import User
from programs import resources
from programs.progress_views import list_of

KIND = "progress"


@require_safe
def progress_file(request: HttpRequest, pk: int) -> HttpResponse:
    annual_return = return_access.find(request.user, pk)
    is_open = annual_return.status == ReturnStatus.DRAFT and permissions.can_enter_for(
        request.user, annual_return.unit
    )
    return pages.workbook(
        resources.template(annual_return, is_open), resources.file_name(annual_return)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def progress_upload(request: HttpRequest, pk: int) -> HttpResponse:
    annual_return = _enterable(request.user, pk)
    return _closed(request, annual_return) or pages.ask(request, _place(request, annual_return))


@require_http_methods(["GET", "HEAD", "POST"])
def progress_preview(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    annual_return = _enterable(request.user, pk)
    place = _place(request, annual_return)
    return _closed(request, annual_return) or pages.preview(request, place, upload)


@require_safe
def progress_marked(request: HttpRequest, pk: int, upload: int) -> HttpResponse:
    annual_return = _enterable(request.user, pk)
    place = _place(request, annual_return)
    return _closed(request, annual_return) or pages.marked(request, place, upload)


def _enterable(user: User, pk: int) -> AnnualReturn:
    """Who may read it but not enter finds no place to upload to."""
    annual_return = return_access.find(user, pk)
    if not permissions.can_enter_for(user, annual_return.unit):
        raise Http404("只有本单位填报员和规划管理员可以上传填报表。")
    return annual_return


def _closed(request: HttpRequest, annual_return: AnnualReturn) -> HttpResponse | None:
    if annual_return.status == ReturnStatus.DRAFT:
        return None
    label = annual_return.get_status_display()
    messages.error(request, f"这张监测表现在是“{label}”，不能导入。")
    return redirect(list_of(annual_return))


def _place(request: HttpRequest, annual_return: AnnualReturn) -> Place:
    pk, unit = annual_return.pk, annual_return.unit
    return Place(
        kind=KIND,
        target=pk,
        title="上传填报表",
        subject=f"{annual_return.round} · {unit} · 任务与项目进展",
        back=list_of(annual_return),
        back_label="任务与项目进展",
        template_url=reverse("progress_file", args=[pk]),
        template_label="下载填报表 (xlsx)",
        ask_url=reverse("progress_upload", args=[pk]),
        preview_url=lambda upload: reverse("progress_preview", args=[pk, upload]),
        marked_url=lambda upload: reverse("progress_marked", args=[pk, upload]),
        read=lambda book: resources.read(annual_return, book).preview,
        store=partial(_store, request.user, annual_return),
        entering_for=permissions.enters_for_other(request.user, unit),
    )


def _store(user: User, annual_return: AnnualReturn, book: Book, posted: Mapping[str, str]) -> str:
    try:
        stored = resources.store(
            user,
            annual_return,
            book,
            provision_of(posted, timezone.localdate()),
            confirmed="confirmed" in posted,
        )
    except workflow.WorkflowError as error:
        raise Refused(str(error), ask=isinstance(error, workflow.Unconfirmed)) from error
    return f"已导入 {stored} 项任务或子项；请核对后到“数据与情况说明”页报送。"
