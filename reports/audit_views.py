"""审计: the auditor's one page, and the same as a file."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from organization import audit, permissions
from organization.audit import ACTIONS, Question
from organization.audit_entries import Cursor, Entry
from organization.diffs import Change
from reports import sheets

SIZE = 50
LARGEST_FILE = 20_000  # rows; more is asked for by period
HEADINGS = ["时间", "账号", "姓名", "地址", "入口", "类别", "对象", "动作", "改动", "说明"]
ANY = [("", "全部")]
SENSIBLE = [MinValueValidator(date(1949, 10, 1)), MaxValueValidator(date(2199, 12, 31))]


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class QuestionForm(forms.Form):
    who = forms.CharField(label="谁", required=False, max_length=60, help_text="姓名或账号")
    since = forms.DateField(label="从", required=False, widget=Day(), validators=SENSIBLE)
    until = forms.DateField(label="到", required=False, widget=Day(), validators=SENSIBLE)
    kind = forms.ChoiceField(label="类别", required=False)
    action = forms.ChoiceField(label="动作", required=False, choices=[*ANY, *ACTIONS])
    words = forms.CharField(
        label="包含", required=False, max_length=60, help_text="说明或对象名称里的字"
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(kind, str(m._meta.verbose_name)) for kind, m in audit.kinds().items()]
        kinds = self.fields["kind"]
        kinds.choices = [*ANY, *sorted(named, key=lambda one: one[1])]  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "field"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "起止日期颠倒：“到”不能早于“从”。")
        return data

    def question(self) -> Question | None:
        """None when a field is filled in wrongly: then nothing is searched."""
        return Question(**self.cleaned_data) if self.is_valid() else None


@require_safe
def audit_page(request: HttpRequest) -> HttpResponse:
    """Newest first, 50 rows a page, whatever the size of the trail."""
    _auditor_only(request)
    form = QuestionForm(request.GET)
    question, after = form.question(), Cursor.read(request.GET.get("after", ""))
    page = audit.search(question, after, SIZE) if question else audit.Page()
    asked = request.GET.copy()
    asked.pop("after", None)
    context = {
        "form": form,
        "page": page,
        "asked": asked.urlencode(),
        "older": _with(asked, after=str(page.older)) if page.older else "",
        "is_first": after is None,
        "nothing": "没有符合条件的记录" if asked and question else "",
        "largest_file": LARGEST_FILE,
    }
    return render(request, "reports/audit.html", context, status=200 if question else 422)


def _with(asked: QueryDict, **more: str) -> str:
    copy = asked.copy()
    copy.update(more)
    return copy.urlencode()


@require_safe
def audit_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """What the page would show, all pages of it; written as it is read."""
    _auditor_only(request)
    question = QuestionForm(request.GET).question()
    if question is None:
        return audit_page(request)
    response = StreamingHttpResponse(_lines(question), content_type="text/csv; charset=utf-8")
    name = f"审计记录（{timezone.localdate().isoformat()}）.csv"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _auditor_only(request: HttpRequest) -> None:
    if not permissions.can_audit(request.user):
        raise PermissionDenied


class _Echo:
    """What csv.writer writes to: hands the line back."""

    def write(self, line: str) -> str:
        return line


def _lines(question: Question) -> Iterator[str]:
    """With a BOM, so that WPS and Excel read it as UTF-8; no cell is taken for a formula."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(HEADINGS)
    written = 0
    for entry in audit.everything(question, LARGEST_FILE):
        written += 1
        yield writer.writerow([sheets.inert(text) for text in _cells(entry)])
    if written == LARGEST_FILE:
        yield writer.writerow([f"只导出最新的 {LARGEST_FILE} 条；更早的请按日期分次导出。"])


def _cells(entry: Entry) -> list[str]:
    return [
        f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        entry.account,
        entry.who,
        entry.address,
        entry.via,
        entry.kind or "登录",
        entry.subject,
        entry.action,
        "；".join(map(_change, entry.changes)),
        entry.why,
    ]


def _change(change: Change) -> str:
    old = f"{change.old} → " if change.old else ""
    return f"{change.label}：{old}{change.new}"
