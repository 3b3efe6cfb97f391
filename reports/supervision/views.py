"""The pages of 督办: the list, one row with what was done about it, the form that opens one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_safe

from indicators import evidence, filetypes, return_access
from indicators.evidence_views import DAMAGED, locked_down, uploaded
from indicators.workflow import WorkflowError
from organization import permissions
from organization.models import User
from reports.choice import Choice, NoPlan, choose
from reports.models import Supervision, SupervisionFile
from reports.supervision import acts, sheet, subjects
from reports.supervision.forms import CloseForm, OpenForm, SupervisionForm, begun_with
from reports.supervision.history import steps
from reports.supervision.listing import lines_of, seen_by, supervision_list
from reports.supervision.marks import Key, Marks, may_open, open_supervisions
from reports.supervision.subjects import KINDS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


# --- the list ---------------------------------------------------------------------------------


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Everything that is followed up, to be looked at, printed and stamped."""
    try:
        choice = choose(request)
    except NoPlan:
        return render(request, "reports/no_plan.html")
    found = supervision_list(choice.plan, request.GET.dict(), timezone.localdate())
    context = {"list": found, "query": _query(choice, found.asked)}
    context |= {"choice": choice, "plan": choice.plan}
    context |= {"may_open": may_open(request.user, choice.plan)}
    return render(request, "reports/supervisions.html", context)


@require_safe
def list_xlsx(request: HttpRequest) -> HttpResponse:
    choice = choose(request)
    found = supervision_list(choice.plan, request.GET.dict(), timezone.localdate())
    response = HttpResponse(sheet.workbook(found), content_type=XLSX)
    name = sheet.file_name(found)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _query(choice: Choice, asked: Mapping[str, str]) -> str:
    """What is asked for, as an address; the year of the data plays no part here."""
    return choice.query(year=None, draft=None, **asked)


# --- one row ----------------------------------------------------------------------------------


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, _find(request.user, pk))


def _find(user: User, pk: int) -> Supervision:
    """404 for a row of others; who sees nothing published sees none."""
    if not permissions.can_see_published(user):
        raise PermissionDenied
    found = seen_by(user, pk)
    if found is None:
        raise Http404("没有这条督办，或者它不属于本单位。")
    return found


def show(
    request: HttpRequest, row: Supervision, refused: SupervisionForm | None = None
) -> HttpResponse:
    """`refused`: the form that came back with its faults; the others begin anew."""
    today = timezone.localdate()
    line = lines_of(Supervision.objects.filter(pk=row.pk), today)[0]
    done = steps(row)
    scope = permissions.supervision_file_scope(request.user)
    context = {
        "line": line,
        "row": row,
        "plan": row.plan,
        "steps": done,
        "files": [one for step in done for one in step.files],
        "may_see_files": scope is None or row.unit_id in scope,
        "forms": acts.forms_for(request.user, row, today, refused),
        "refused": refused,
    }
    return render(request, "reports/supervision.html", context, status=422 if refused else 200)


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """What proves a 销号, to be saved and not to be shown; 404 for whoever may not see it."""
    found = SupervisionFile.objects.select_related("act").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份佐证材料，或者它不属于您。")
    row = _find(request.user, found.act.supervision_id)
    scope = permissions.supervision_file_scope(request.user)
    if scope is not None and row.unit_id not in scope:
        raise Http404("没有这份佐证材料，或者它不属于您。")
    try:
        content = evidence.content_of(found)
    except evidence.Damaged as error:
        return render(request, DAMAGED, {"sentence": str(error)}, status=409)
    response = locked_down(content, found.content_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    return response


# --- what is done about it --------------------------------------------------------------------


def _act(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    row, today = _find(request.user, pk), timezone.localdate()
    if not acts.allowed(name, request.user, row):
        raise PermissionDenied
    form = acts.form_of(name, row, today, data=request.POST)
    version = return_access.version_of(request)
    if _is_sound(form, request) and form.act(request.user, row, version, today):
        messages.success(request, acts.SAID[name])
        return redirect("supervision", pk)
    return show(request, _find(request.user, pk), refused=form)


def _is_sound(form: Any, request: HttpRequest) -> bool:
    sound = form.is_valid()
    if isinstance(form, CloseForm):
        sound = _takes_file(form, request) and sound
    return sound


def _takes_file(form: CloseForm, request: HttpRequest) -> bool:
    """A document may stand in place of a file; a file that is too large did not arrive."""
    if "file" not in request.FILES and not _is_large(request):
        return True
    try:
        form.upload = uploaded(request)
    except WorkflowError as error:
        form.add_error(None, str(error))
    return not form.errors


def _is_large(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "")
    return length.isascii() and length.isdigit() and int(length) > filetypes.LARGEST


def posted(name: str) -> Any:
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return _act(request, pk, name)

    return return_access.posted(view, "supervision")


# --- opening one ------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """What to follow up, then how; the laggard comes in the address, ?indicator=8&year=2023."""
    choice, today = choose(request), timezone.localdate()
    if not may_open(request.user, choice.plan):
        raise PermissionDenied
    key = _key(request)
    if key is None:
        return _choose_one(request, choice, today)
    if not subjects.name_of(choice.plan, *key):
        raise Http404("规划里没有这个代码。")
    marked = open_supervisions(choice.plan, today).get(key)
    if marked and request.method != "POST":
        return redirect("supervision", marked.pk)
    return _open(request, choice, key, today)


def _key(request: HttpRequest) -> Key | None:
    return next(((kind, request.GET[kind]) for kind in KINDS if request.GET.get(kind)), None)


def _choose_one(request: HttpRequest, choice: Choice, today: date) -> HttpResponse:
    found = subjects.laggards(choice.plan, choice.year, choice.rounds)
    marks = Marks(open_supervisions(choice.plan, today, choice.is_past), may_open=True)
    context = {"rows": found, "supervisions": marks, "choice": choice, "plan": choice.plan}
    context |= {"link": choice.query(draft=None)}
    return render(request, "reports/supervision_choose.html", context)


def _open(request: HttpRequest, choice: Choice, key: Key, today: date) -> HttpResponse:
    plan = choice.plan
    laggard = subjects.find(plan, choice.year, *key, choice.rounds)
    form = OpenForm(plan, today, request.POST or None, initial=_begun(choice, laggard, today))
    if request.method == "POST" and form.is_valid():
        if row := form.open(request.user, plan, choice.year, key, today):
            messages.success(request, f"已开启{row.number}。")
            return redirect("supervision", row.pk)
    context = {"form": form, "laggard": laggard, "choice": choice, "plan": plan}
    context |= {"kind_label": KINDS[key[0]], "title": subjects.name_of(plan, *key)}
    status = 422 if form.errors else 200
    return render(request, "reports/supervision_new.html", context, status=status)


def _begun(choice: Choice, laggard: Any, today: date) -> dict[str, object]:
    last = choice.plan.supervisions.order_by("pk").last()
    words = {"prefix_word": last.prefix if last else Supervision().prefix}
    return words | (begun_with(laggard, today) if laggard else {})
