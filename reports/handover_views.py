"""工作交接: the act of the 系统管理员, and the sheet that is signed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from indicators import workflow
from organization import permissions
from organization.models import Handover, User
from reports.handovers import HandoverForm


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET asks who, POST shows who hands what over to whom, and, confirmed, hands it over. What is
    refused comes back beside what was chosen."""
    if not permissions.can_manage_accounts(request.user):
        raise PermissionDenied
    form = HandoverForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "reports/handover_new.html", {"form": form})
    if "confirmed" not in request.POST and (people := form.people(request.user)):
        return render(request, "reports/handover_confirm.html", _ahead(form, people))
    if "confirmed" in request.POST and (done := form.hand_over(request.user)):
        messages.success(request, "工作已交接。请打印交接单，由双方和监交人签字。")
        return redirect("handover", done.pk)
    return render(request, "reports/handover_new.html", {"form": form})


def _ahead(form: HandoverForm, people: tuple[User, User]) -> dict[str, object]:
    leaving, coming = people
    assert leaving.unit is not None  # the verb has seen to it
    work = workflow.open_work(leaving.unit)
    return {"given": form.cleaned_data, "leaving": leaving, "coming": coming, "work": work}


@require_safe
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The 交接单. A 系统管理员 sees which work moved, without its reasons and notes."""
    people = ("unit__bureau", "from_user", "to_user", "by")
    handover = Handover.objects.select_related(*people).filter(pk=pk).first()
    if handover is None or not permissions.can_see_handover(request.user, handover):
        raise Http404("没有这张交接单，或者它不属于您。")
    reads = permissions.can_read_handover(request.user, handover)
    context = {"handover": handover, "reads": reads}
    return render(request, "reports/handover.html", context)
