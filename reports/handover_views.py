"""工作交接: the act of the 系统管理员, and the sheet that is signed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from organization import permissions
from organization.models import Handover
from reports.handovers import HandoverForm


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """GET asks who, POST hands over; what is refused comes back beside what was chosen."""
    if not permissions.can_manage_accounts(request.user):
        raise PermissionDenied
    form = HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (done := form.hand_over(request.user)):
        messages.success(request, "工作已交接。请打印交接单，由双方和监交人签字。")
        return redirect("handover", done.pk)
    return render(request, "reports/handover_new.html", {"form": form})


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
