"""待办, 催报清单 and 交接备注."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from indicators import workflow
from indicators.duties import duties, open_rounds
from indicators.return_access import posted
from organization import permissions
from organization.models import User, WorkNote
from reports import late
from reports.handovers import shown_to
from reports.todo import Urgency, todo

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


@require_safe
def todo_page(request: HttpRequest) -> HttpResponse:
    """What the person owes; where most people land after logging in."""
    return _show(request)


def _show(request: HttpRequest, typed: str | None = None, status: int = 200) -> HttpResponse:
    user = request.user
    today = timezone.localdate()
    groups = todo(user, today)
    tasks = [task for group in groups for task in group.tasks]
    context = {
        "today": today,
        "groups": groups,
        "overdue": sum(task.urgency == Urgency.OVERDUE for task in tasks),
        "total": len(tasks),
        "handovers": shown_to(user),
        "may_hand_over": permissions.can_manage_accounts(user),
        **_note(user, typed),
    }
    return render(request, "reports/todo.html", context, status=status)


def _note(user: User, typed: str | None) -> dict[str, object]:
    """The 交接备注 of the unit, and what was typed when it could not be saved."""
    if user.unit is None or not permissions.can_keep_note(user, user.unit):
        return {"keeps_note": False}
    note = WorkNote.objects.select_related("updated_by").filter(unit=user.unit).first()
    return {"keeps_note": True, "note": note or WorkNote(unit=user.unit), "typed": typed}


def _keep_note(request: HttpRequest) -> HttpResponse:
    user, text = request.user, request.POST.get("text", "")
    if user.unit is None or not permissions.can_keep_note(user, user.unit):
        raise PermissionDenied
    try:
        workflow.keep_note(user, user.unit, _number(request.POST.get("version", "")), text)
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
        return _show(request, typed=text, status=409)
    messages.success(request, "交接备注已保存。")
    return redirect("todo")


keep_note = posted(_keep_note, "todo")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


# --- 催报清单 ---------------------------------------------------------------------------------


@require_safe
def late_page(request: HttpRequest) -> HttpResponse:
    """Who has not handed in, to be printed and stamped."""
    found = _late(request)
    context = {"late": found, "rounds": _rounds(request.user)}
    context["may_open"] = permissions.is_planner(request.user)
    return render(request, "reports/late.html", context)


def _late(request: HttpRequest) -> late.LateList | None:
    """404 for a round of others; None while no round is open."""
    user = request.user
    if not permissions.can_see_late(user) or user.unit is None:
        raise PermissionDenied
    scope = None if permissions.is_planner(user) else permissions.review_scope(user)
    owed = duties(user.unit.root_id, scope)
    try:
        rnd = late.chosen(_rounds(user), request.GET.get("round", ""), owed)
    except LookupError as error:
        raise Http404("没有这个批次，或者它已经发布。") from error
    return rnd and late.late_list(rnd, owed, scope, timezone.localdate())


def _rounds(user: User) -> list:
    return list(open_rounds(user.unit.root_id)) if user.unit else []


def _file(request: HttpRequest, ending: str) -> HttpResponse:
    found = _late(request)
    if found is None:
        raise Http404("没有尚未发布的填报批次。")
    write, kind = {"xlsx": (late.as_workbook, XLSX), "csv": (late.as_csv, CSV)}[ending]
    response = HttpResponse(write(found), content_type=kind)
    name = late.file_name(found, ending)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


late_workbook = require_safe(partial(_file, ending="xlsx"))
late_csv = require_safe(partial(_file, ending="csv"))
