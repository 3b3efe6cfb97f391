"""The three pages of every import: choose a file, look at what it would do, get it back marked.

What is imported, by whom and where to is a `Place`, made by the app that owns the rows; it has
been asked for permission before it comes here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from exchange import marks, uploads
from exchange.container import NotAccepted
from exchange.models import Upload
from exchange.preview import Preview
from exchange.reading import LARGEST, Book, read_book

ASK = "exchange/upload.html"
PREVIEW = "exchange/preview.html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GIVEN = ("provider", "provided_on", "document")


class Refused(Exception):
    """Nothing was written; the message says why. `ask`: whether a box is to be ticked."""

    def __init__(self, says: str, ask: bool = False) -> None:
        self.ask = ask
        super().__init__(says)


@dataclass(frozen=True)
class Place:
    """Where a file goes. `read` looks at it and writes nothing; `store` writes all of it or raises
    Refused, and says what it did. Both are called again at the confirmation."""

    kind: str
    target: int
    title: str
    subject: str
    back: str
    back_label: str
    template_url: str
    template_label: str
    ask_url: str
    preview_url: Callable[[int], str]
    marked_url: Callable[[int], str]
    read: Callable[[Book], Preview]
    store: Callable[[Book, Mapping[str, str]], str]
    entering_for: bool = False


class UploadForm(forms.Form):
    file = forms.FileField(
        label="填好的工作簿",
        help_text=f".xlsx 文件，不超过 {LARGEST >> 20} MB；先预览，确认后才写入",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


def workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def ask(request: HttpRequest, place: Place) -> HttpResponse:
    """GET asks for the file; POST reads it and leads to its preview."""
    is_posted = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_posted else UploadForm()
    if is_posted and form.is_valid():
        found = _keep(request, place, form)
        if found:
            return redirect(place.preview_url(found.pk))
    context = {**_context(request, place), "form": form}
    return render(request, ASK, context, status=422 if form.errors else 200)


def _keep(request: HttpRequest, place: Place, form: UploadForm) -> Upload | None:
    upload: UploadedFile = form.cleaned_data["file"]
    name, content = (upload.name or "")[-120:], upload.read()
    try:
        found = place.read(read_book(name, content))
    except NotAccepted as error:
        form.add_error("file", str(error))
        return None
    return uploads.keep(request.user, place.kind, place.target, name, content, found.seen)


def preview(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """GET shows what the file would do; POST does it, or drops the file."""
    upload = _find(request, place, pk)
    if upload is None:
        return _gone(request, place)
    if request.method != "POST":
        return _show(request, place, upload, place.read(_book(upload)))
    if request.POST.get("act") != "confirm":
        upload.delete()
        messages.success(request, "已取消，什么都没有写入。")
        return redirect(place.back)
    return _confirm(request, place, upload)


def _confirm(request: HttpRequest, place: Place, upload: Upload) -> HttpResponse:
    """Everything is asked again: the rows may have moved on since the preview."""
    book = _book(upload)
    try:
        with transaction.atomic():
            found = place.read(book)
            if found.is_refused or found.seen != upload.seen:
                raise Refused("预览之后系统中的内容有变化，请按最新的预览重新核对。")
            said = place.store(book, request.POST)
            upload.delete()
    except Refused as error:
        found = place.read(book)
        Upload.objects.filter(pk=upload.pk).update(seen=found.seen)
        messages.error(request, str(error))
        return _show(request, place, upload, found, ask=error.ask, status=409)
    messages.success(request, said)
    return redirect(place.back)


def marked(request: HttpRequest, place: Place, pk: int) -> HttpResponse:
    """The file as it came, with what is wrong marked in it."""
    upload = _find(request, place, pk)
    if upload is None:
        return _gone(request, place)
    try:
        content = marks.marked(bytes(upload.content), place.read(_book(upload)).bad)
    except NotAccepted as error:
        messages.error(request, str(error))
        return redirect(place.preview_url(upload.pk))
    return workbook(content, f"{upload.name.rpartition('.')[0]}（标注）.xlsx")


def _find(request: HttpRequest, place: Place, pk: int) -> Upload | None:
    """Somebody else's does not exist; one's own may be over."""
    if Upload.objects.filter(pk=pk).exclude(user=request.user).exists():
        raise Http404("没有这个上传文件。")
    return uploads.find(request.user, place.kind, place.target, pk)


def _gone(request: HttpRequest, place: Place) -> HttpResponse:
    messages.warning(request, "这次上传已经导入、取消或超过一天，请重新上传。")
    return redirect(place.ask_url)


def _book(upload: Upload) -> Book:
    return read_book(upload.name, bytes(upload.content))


def _show(
    request: HttpRequest,
    place: Place,
    upload: Upload,
    found: Preview,
    *,
    ask: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_context(request, place),
        "upload": upload,
        "preview": found,
        "may_confirm": found.changes_something and not found.is_refused,
        "marked_url": place.marked_url(upload.pk),
        "given": {name: request.POST.get(name, "") for name in GIVEN},
        "ask_identity": ask or "confirmed" in request.POST,
        "identity_confirmed": "confirmed" in request.POST,
    }
    return render(request, PREVIEW, context, status=status)


def _context(request: HttpRequest, place: Place) -> dict[str, object]:
    return {**admin.site.each_context(request), "title": place.title, "place": place}
