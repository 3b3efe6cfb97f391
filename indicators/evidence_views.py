"""Evidence in and out. A file leaves as an attachment, byte by byte as it came; what is shown on a
page is a picture painted anew. Whoever may not see it gets 404."""

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from indicators import evidence, filetypes, return_access, return_show, workflow
from indicators.evidence_page import Answer, figures_of, section
from indicators.models import AnnualReturn, Evidence, Figure, ReturnStatus
from indicators.parts import Named, named
from indicators.thumbnails import thumbnail
from organization import permissions
from organization.models import User

SECTION = "admin/indicators/annualreturn/evidence.html"
DAMAGED = "errors/evidence.html"
# Whatever a browser makes of the answer, it can do nothing there.
LOCKED_DOWN = "default-src 'none'; sandbox"


def find(user: User, pk: int) -> Evidence:
    """The file, for those who may know that it exists; 404 for the others."""
    rows = Evidence.objects.telling_published().select_related(
        "annual_return__round__plan__bureau",
        "annual_return__unit__bureau",
        "figure__item",
        "figure__unit",
    )
    found = rows.filter(pk=pk).first()
    if found is None or not _may_see(user, found):
        raise Http404("没有这份佐证材料，或者它不属于您。")
    return found


def _may_see(user: User, found: Evidence) -> bool:
    annual_return = found.annual_return
    is_draft = annual_return.status == ReturnStatus.DRAFT
    published = found.is_published  # type: ignore[attr-defined]
    return permissions.can_see_evidence(user, annual_return.unit, is_draft, published)


# --- out ------------------------------------------------------------------------------------


@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The original, to be saved and not to be shown."""
    found = find(request.user, pk)
    try:
        content = evidence.content_of(found)
    except evidence.Damaged as error:
        return render(request, DAMAGED, {"sentence": str(error)}, status=409)
    response = locked_down(content, found.content_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    return response


@require_safe
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """A thumbnail painted anew; 404 for what is no image."""
    found = find(request.user, pk)
    if not found.is_image:
        raise Http404("这份佐证材料不是图片。")
    try:
        painted = thumbnail(evidence.content_of(found))
    except evidence.Damaged as error:
        raise Http404(str(error)) from error
    return locked_down(painted, "image/png")


def locked_down(content: bytes, content_type: str) -> HttpResponse:
    """An answer a browser can do nothing with but keep or paint."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Security-Policy"] = LOCKED_DOWN
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


# --- in -------------------------------------------------------------------------------------


@return_access.posted
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    annual_return = return_access.find(request.user, pk)
    try:
        found = _attach(request, annual_return)
    except workflow.WorkflowError as error:
        ask = isinstance(error, workflow.Unconfirmed) or "confirmed" in request.POST
        answer = Answer(fault=str(error), ask=ask, typed=request.POST.dict())
    else:
        answer = Answer(said=f"已添加“{found.name}”。")
    return _answered(request, annual_return, answer, request.POST.get("part", ""))


def _attach(request: HttpRequest, annual_return: AnnualReturn) -> Evidence:
    upload = uploaded(request)
    return evidence.attach(
        request.user,
        annual_return,
        _figure(annual_return, request.POST.get("figure", "")),
        upload.name or "",
        upload.read(),
        request.POST.get("note", ""),
        confirmed="confirmed" in request.POST,
        part=_part(annual_return, request.POST.get("part", "")),
    )


def uploaded(request: HttpRequest) -> UploadedFile:
    """A request larger than FILE_UPLOAD_MAX_MEMORY_SIZE arrives without its file."""
    upload = request.FILES.get("file")
    if isinstance(upload, UploadedFile):
        return upload
    length = request.headers.get("Content-Length", "")
    if length.isascii() and length.isdigit() and int(length) > filetypes.LARGEST:
        limit = filetypes.LARGEST >> 20
        raise workflow.WorkflowError(f"文件超过 {limit} MB，请压缩扫描件或分成几个文件。")
    raise workflow.WorkflowError("请选择要上传的文件。")


def _figure(annual_return: AnnualReturn, typed: str) -> Figure | None:
    if not typed:
        return None
    key = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else 0
    figure = figures_of(annual_return).filter(pk=key).first()
    if figure is None:
        raise workflow.WorkflowError("所选的数据不在这张监测表里，请重新选择。")
    return figure


def _part(annual_return: AnnualReturn, key: str) -> Named | None:
    if not key:
        return None
    found = named(annual_return).get(key)
    if found is None:
        raise workflow.WorkflowError("所选的任务或项目不在这张监测表里，请重新选择。")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Posted; whoever comes with GET, after logging in anew say, is led to the page of the return.
    Who may read the file but not the return gets 404."""
    found = find(request.user, pk)
    return_access.find(request.user, found.annual_return_id)
    if request.method != "POST":
        return redirect(return_access.NAME, found.annual_return_id)
    try:
        evidence.remove(request.user, found, request.POST.get("reason", ""))
    except workflow.WorkflowError as error:
        answer = Answer(fault=str(error))
    else:
        answer = Answer(said=f"已删除“{found.name}”。")
    return _answered(request, found.annual_return, answer, found.part)


def _answered(
    request: HttpRequest, annual_return: AnnualReturn, answer: Answer, part: str = ""
) -> HttpResponse:
    """To a script the section alone, so that figures being typed stay; else the page the person
    came from: that of the return, or of the thing in it that the file proves."""
    page = named(annual_return).get(part) if part else None
    if page is not None:
        messages.error(request, answer.fault) if answer.fault else None
        messages.success(request, answer.said) if answer.said else None
        return redirect(f"{page.url}?ask" if answer.ask else page.url)
    status = 422 if answer.fault else 200
    if "X-Section" in request.headers:
        context = {"evidence": section(request.user, annual_return, answer=answer)}
        return render(request, SECTION, context, status=status)
    if answer.fault:
        return return_show.show(request, annual_return, status=status, answer=answer)
    messages.success(request, answer.said)
    return redirect(return_access.NAME, annual_return.pk)
