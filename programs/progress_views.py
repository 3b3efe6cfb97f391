"""任务与项目进展 of a return: the list, and one page for each task and component.

One thing a page: it can be saved by itself, two people do not meet, and a form stays short even
where a 股室 leads ten tasks. 报送 and review happen on the page of the return."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from indicators import evidence, parts, return_access, return_show, workflow
from indicators.evidence_page import EvidenceRow
from indicators.models import AnnualReturn, ReturnStatus
from indicators.provision import given, last_given, provision_of
from organization import permissions
from organization.models import User
from programs import entry, form, sheet
from programs.content import ComponentContent, Content, TaskContent, component_from, task_from
from programs.models import WorkStatus
from programs.work_part import page_of
from programs.workflow import FaultyWork, save_progress

LIST = "programs/progress_list.html"
PAGE = "programs/progress.html"


@dataclass(frozen=True)
class Listed:
    """One line of the list, as it prints."""

    line: sheet.Line
    url: str
    files: int
    editable: bool
    owes: bool

    @property
    def status(self) -> str:
        return WorkStatus(self.line.content.status).label

    @property
    def before(self) -> str:
        before = self.line.before
        return WorkStatus(before.status).label if before and before.status else ""

    @property
    def lacking(self) -> int:
        found = {**self.line.faults, **self.line.owed}
        return len(found) if self.owes and not self.line.row.locked else 0

    @property
    def told(self) -> str:
        return form.said(self.line)

    @property
    def remarks(self) -> list[str]:
        """Where a reviewer looks twice."""
        content = self.line.content
        why = content.fall_reason if isinstance(content, ComponentContent) else ""
        return [*self.line.hints, *([f"减少或调整原因：{why}"] if why else [])]

    @property
    def changed(self) -> bool:
        return bool(_against_approved(self.line))


def _against_approved(line: sheet.Line) -> list[form.Sides]:
    """What a reopened row says otherwise than what was approved: (what, now, then)."""
    approved = (task_from if line.is_task else component_from)(line.row.approved)
    if approved is None:
        return []
    return form.differing(replace(line, content=approved), line.content)


def guarded(view: Any) -> Any:
    return admin.site.admin_view(view)


@require_safe
@return_access.told_where
def progress_list(request: HttpRequest, pk: int) -> HttpResponse:
    annual_return = return_access.find(request.user, pk)
    lines = sheet.lines(annual_return)
    context = _context(request, annual_return)
    rows = _listed(annual_return, lines, bool(context["editable"]))
    context |= {
        "tasks": [row for row in rows if row.line.is_task],
        "components": [row for row in rows if not row.line.is_task],
        "blank": sum(1 for row in rows if not row.line.content.status),
        "total": len(rows),
    }
    return render(request, LIST, context)


def _listed(annual_return: AnnualReturn, lines: list[sheet.Line], editable: bool) -> list[Listed]:
    files = list(annual_return.evidence.exclude(part="").values_list("part", flat=True))
    return [
        Listed(
            line,
            page_of(annual_return, line.key),
            files.count(line.key),
            editable and not line.row.locked,
            not annual_return.round.is_backfill,
        )
        for line in lines
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@return_access.told_where
def progress(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """GET shows one task or component, POST saves it and goes on to the next on request."""
    annual_return = return_access.find(request.user, pk)
    line = sheet.line(annual_return, key)
    if line is None:
        raise Http404("这张监测表里没有这项任务或项目。")
    if request.method == "POST":
        return _save(request, annual_return, line)
    return _show(request, annual_return, line)


def _prefilled(posted: Mapping[str, str], line: sheet.Line) -> dict[str, str] | None:
    """What the buttons 填入上期内容 and 都设为… put into the form; nothing is stored by them."""
    act = posted.get("act", "")
    typed = {name: posted[name] for name in posted}
    if act == "carry" and line.before:
        return form.carried(line, typed)
    status = act.removeprefix("all-")
    return form.filled(typed, status) if act.startswith("all-") and status in form.QUICK else None


def _save(request: HttpRequest, annual_return: AnnualReturn, line: sheet.Line) -> HttpResponse:
    prefilled = _prefilled(request.POST, line)
    if prefilled is not None:
        messages.warning(request, "已填入，还没有保存；请核对后保存。")
        return _show(request, annual_return, line, prefilled)
    content, faults = _read(request.POST, line)
    if faults:
        return _show(request, annual_return, line, request.POST, faults)
    try:
        save_progress(
            request.user,
            annual_return.pk,
            line.key,
            return_access.version_of(request),
            content,
            provision_of(request.POST, timezone.localdate()),
            confirmed="confirmed" in request.POST,
        )
    except FaultyWork as error:
        return _show(request, annual_return, line, request.POST, error.faults)
    except workflow.Conflict as error:
        return _both_versions(request, annual_return.pk, line.key, content, error)
    except workflow.Unconfirmed as error:
        messages.error(request, str(error))
        return _show(request, annual_return, line, request.POST, status=422, ask=True)
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
        return _show(request, annual_return, line, request.POST, status=409)
    messages.success(request, f"已保存：{line.label}。")
    return redirect(_next(request, annual_return, line.key))


def _read(posted: Mapping[str, str], line: sheet.Line) -> tuple[Content, dict[str, str]]:
    if isinstance(line.content, TaskContent):
        return entry.read_task(posted, line.content.measures)
    return entry.read_component(posted)


def _next(request: HttpRequest, annual_return: AnnualReturn, key: str) -> str:
    """After the last one back to the list, where 报送 is not far."""
    if request.POST.get("act") != "next":
        return page_of(annual_return, key)
    keys = [line.key for line in sheet.lines(annual_return) if not line.row.locked]
    following = [other for n, other in enumerate(keys) if n and keys[n - 1] == key]
    return page_of(annual_return, following[0]) if following else list_of(annual_return)


def list_of(annual_return: AnnualReturn) -> str:
    return reverse("progress_list", args=[annual_return.pk])


def _both_versions(
    request: HttpRequest, pk: int, key: str, typed: Content, error: Exception
) -> HttpResponse:
    """Nothing is stored, nothing typed is lost; a double click has nothing to decide."""
    current = return_access.find(request.user, pk)
    line = sheet.line(current, key)
    assert line is not None
    if line.content == typed:
        messages.success(request, "内容已经保存过了。")
        return redirect(page_of(current, key))
    messages.error(request, str(error))
    sides = form.differing(line, typed)
    return _show(request, current, line, request.POST, status=409, sides=sides)


def _show(
    request: HttpRequest,
    annual_return: AnnualReturn,
    line: sheet.Line,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    status: int = 200,
    ask: bool = False,
    sides: object = (),
) -> HttpResponse:
    context = _context(request, annual_return)
    editable = bool(context["editable"]) and not line.row.locked
    if faults:
        messages.error(request, f"有 {len(faults)} 处需要改正，已标出；已填内容都在，尚未保存。")
        status = 422
    owes = not annual_return.round.is_backfill and not line.row.locked
    entering_for = editable and bool(context["entering_for"])
    context |= {
        "line": line,
        # What was typed belongs to the version it was typed on, until both were shown.
        "version": (typed or {}).get("version") if typed and not sides else line.row.version,
        "editable": editable,
        "page": form.build(line, typed, faults, owes and typed is None),
        "unsaved": sides,
        "against_approved": _against_approved(line),
        "given": _given(request.user, annual_return, typed) if entering_for else {},
        "ask_identity": ask or "confirmed" in (typed or {}),
        "identity_confirmed": "confirmed" in (typed or {}),
        "files": _files(request.user, annual_return, line.key),
        "ask_file": "ask" in request.GET,
        "may_attach": evidence.may_attach(request.user, annual_return),
        "around": _around(annual_return, line.key),
        "title": line.label,
    }
    return render(request, PAGE, context, status=status)


def _given(
    user: User, annual_return: AnnualReturn, typed: Mapping[str, str] | None
) -> dict[str, str]:
    """The source is typed once for a return."""
    return given(typed) if typed else last_given(annual_return, user)


def _files(user: User, annual_return: AnnualReturn, key: str) -> list[EvidenceRow]:
    may_enter = permissions.can_enter_for(user, annual_return.unit)
    files = annual_return.evidence.telling_published().filter(part=key)
    return [
        EvidenceRow(file, may_enter and not evidence.is_settled(file, annual_return))
        for file in files.select_related("uploaded_by").order_by("pk")
    ]


def _around(annual_return: AnnualReturn, key: str) -> dict[str, str]:
    """Addresses of the ones before and after."""
    keys = [line.key for line in sheet.lines(annual_return)]
    place = keys.index(key)
    found = {}
    if place:
        found["previous"] = page_of(annual_return, keys[place - 1])
    if place + 1 < len(keys):
        found["next"] = page_of(annual_return, keys[place + 1])
    return found


def _context(request: HttpRequest, annual_return: AnnualReturn) -> dict[str, object]:
    user, unit = request.user, annual_return.unit
    may_enter = permissions.can_enter_for(user, unit)
    editable = may_enter and annual_return.status == ReturnStatus.DRAFT
    return {
        **admin.site.each_context(request),
        "title": f"{annual_return} · 任务与项目进展",
        "annual_return": annual_return,
        "round": annual_return.round,
        "plan": annual_return.round.plan,
        "editable": editable,
        "entering_for": editable and permissions.enters_for_other(user, unit),
        "list_url": list_of(annual_return),
        "work": parts.counts([annual_return.pk])[annual_return.pk],
        "last_reason": return_show.last_reason(annual_return),
        "opts": AnnualReturn._meta,
    }
