"""Who may know that a return exists, and what every address of a return shares."""

from collections.abc import Callable, Mapping
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from indicators.models import AnnualReturn, ReturnStatus
from organization import permissions
from organization.models import User

NAME = "admin:indicators_annualreturn_change"
LIST = "admin:indicators_annualreturn_changelist"


class WithUnit(Http404):
    """A reviewer asks for what the unit is working on again: it is told where it is, and nothing
    of what stands in it."""


def find(user: User, pk: int) -> AnnualReturn:
    """The return, for those who may know that it exists; 404 for the others."""
    returns = AnnualReturn.objects.select_related("round__plan__bureau", "unit")
    found = next(iter(returns.filter(pk=pk).order_by()), None)
    if found is None or not may_see(user, found):
        if found and found.submitted_at and permissions.can_review(user, found.unit):
            raise WithUnit(f"{found}：{_where(found)}，等待填报单位重新报送。")
        raise Http404("没有这张监测表，或者它不属于您。")
    return found


def _where(annual_return: AnnualReturn) -> str:
    if annual_return.is_sent_back:
        return "已退回填报单位"
    return "已重新开启" if annual_return.approved_at else "填报单位已撤回"


def told_where(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def answer(request: HttpRequest, pk: int, **keys: str) -> HttpResponse:
        try:
            return view(request, pk, **keys)
        except WithUnit as where:
            messages.warning(request, str(where))
            return redirect(LIST)

    return answer


def may_see(user: User, annual_return: AnnualReturn) -> bool:
    is_draft = annual_return.status == ReturnStatus.DRAFT
    return permissions.can_see_return(user, annual_return.unit, is_draft)


def version_of(request: HttpRequest, field: str = "version") -> int:
    return version_in(request.POST, field)


def version_in(posted: Mapping[str, str], field: str = "version") -> int:
    text = posted.get(field, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def posted(view: Callable[..., HttpResponse], page: str = NAME) -> Callable[..., HttpResponse]:
    """A verb is posted. Whoever comes with GET, after logging in anew say, is led to the page."""

    def answer(request: HttpRequest, **keys: int) -> HttpResponse:
        if request.method in {"GET", "HEAD"}:
            return redirect(page, *keys.values())
        return require_POST(view)(request, **keys)

    return answer
