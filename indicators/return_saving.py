"""What was typed into the page of a return, saved: all of it or nothing, and never over what
somebody else stored meanwhile."""

from dataclasses import replace

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from indicators import conflict, grid, merging, workflow
from indicators.lost import Lost, lost, lost_with_all
from indicators.models import AnnualReturn, ReturnStatus
from indicators.provision import last_given, provision_of, source
from indicators.return_access import NAME, find, version_in, version_of
from indicators.return_show import NOT_SAVED, SENT, show
from indicators.workflow.steps import refuse_moved
from organization import permissions

WITHDRAWN = "admin/indicators/annualreturn/withdrawn.html"
LOST = "有的行在您打开页面之后转走或锁定了；请先抄录下面列出的内容，再保存其余内容。"


def save(request: HttpRequest, annual_return: AnnualReturn) -> HttpResponse:
    """All or nothing. A page that was overtaken is put onto what is stored first."""
    base = merging.base_of(request.POST, request.session)
    rebased = _rebased(request, annual_return, base)
    form = rebased.form
    posted = grid.read(annual_return, form, timezone.localdate())
    version = base.version if rebased.clashes else version_in(form)
    try:
        refuse_moved(annual_return, version, ReturnStatus.DRAFT, "填写", request.user)
        if gone := _lost(request, annual_return, base):
            messages.error(request, NOT_SAVED + LOST)
            return show(request, annual_return, form, posted.faults, status=409, lost=gone)
        if posted.faults or posted.too_long:
            return show(request, annual_return, form, posted.faults)
        saved = workflow.save_draft(
            request.user,
            annual_return.pk,
            version,
            posted.entries,
            posted.texts,
            provision_of(form, timezone.localdate()),
            confirmed="confirmed" in form,
        )
    except workflow.Faulty as error:
        return show(request, annual_return, form, error.faults)
    except workflow.Conflict as error:
        return _both_versions(request, annual_return, posted, rebased, error, base)
    except workflow.Unconfirmed as error:
        messages.error(request, NOT_SAVED + str(error))
        return show(request, annual_return, form, error.cells, status=422, ask=True)
    except workflow.WorkflowError as error:
        messages.error(request, NOT_SAVED + str(error))
        return show(request, annual_return, form, status=409)
    merging.remember(request.POST, request.session, saved, rebased)
    unseen = version != base.version or bool(rebased.left)
    if form.get("act") == "submit" and not unseen:
        return _submit(request, saved)
    says = _saved(request, saved, saved.version > version, unseen, bool(rebased.left))
    messages.success(request, says)
    return redirect(NAME, saved.pk)


def _rebased(
    request: HttpRequest, annual_return: AnnualReturn, base: merging.Base
) -> merging.Rebased:
    """The form as posted, or put onto the draft as somebody left it meanwhile. Only what really
    says something else on both sides is a clash."""
    is_draft = annual_return.status == ReturnStatus.DRAFT
    if base.was is None or not is_draft or not _moved(request, annual_return):
        return merging.Rebased(request.POST)
    rebased = merging.rebase(annual_return, request.POST, base.was)
    if not rebased.clashes:
        return rebased
    posted = grid.read(annual_return, rebased.form)
    sides = conflict.differing(annual_return, posted, rebased.form, "")
    return replace(rebased, clashes=rebased.clashes & sides.keys())


def _moved(request: HttpRequest, annual_return: AnnualReturn) -> bool:
    return version_of(request) != annual_return.version


def _lost(request: HttpRequest, annual_return: AnnualReturn, base: merging.Base) -> list[Lost]:
    """Rows come and go only with a new version."""
    return lost(annual_return, request.POST, base.was) if _moved(request, annual_return) else []


def told_withdrawn(request: HttpRequest, pk: int) -> HttpResponse | None:
    """What was typed into a return that was withdrawn meanwhile, for whom it belonged to."""
    known = AnnualReturn.objects.filter(pk=pk).exists()
    past = None if known else AnnualReturn.history.filter(id=pk).order_by("-history_id").first()
    if past is None or not permissions.can_enter_for(request.user, past.unit):
        return None
    base = merging.base_of(request.POST, request.session)
    gone = lost_with_all(past.instance, request.POST, base.was)
    if not gone:
        return None
    says = f"{past.instance}已没有内容，在您打开页面之后撤销了。"
    messages.error(request, NOT_SAVED + says)
    context = {**admin.site.each_context(request), "title": str(past.instance), "lost": gone}
    return render(request, WITHDRAWN, {**context, "opts": AnnualReturn._meta}, status=409)


def _saved(
    request: HttpRequest, saved: AnnualReturn, changed: bool, unseen: bool, left: bool
) -> str:
    """`unseen`: the return moved on since the page was made; `left`: it holds something else than
    the page where the person typed nothing."""
    said = "草稿已保存。" if changed else "内容没有改动，无需保存。"
    if changed and left:
        said = "草稿已保存，并与您打开页面之后的其他改动合并。"
    elif left:
        said = "没有要保存的改动；打开页面之后保存的内容与这一页不同，已原样保留，请核对。"
    elif unseen and not changed:
        said = "内容已经保存过了。"
    if unseen and request.POST.get("act") == "submit":
        return f"{said.removesuffix('。')}，但还没有报送；请核对后再按“保存并报送”。"
    typed = source(request.POST)
    if not changed and typed and typed != source(last_given(saved, request.user)):
        return f"{said.removesuffix('。')}；代录来源随改动的数据一起记录。"
    return said


def _both_versions(
    request: HttpRequest,
    seen: AnnualReturn,
    posted: grid.Posted,
    rebased: merging.Rebased,
    error: workflow.Conflict,
    base: merging.Base,
) -> HttpResponse:
    """Nothing is stored, nothing typed is lost: both versions side by side, to be saved again.
    Where both say the same (a double click, a second tab) there is nothing to decide."""
    current = find(request.user, seen.pk)
    is_draft = current.status == ReturnStatus.DRAFT
    if is_draft and current.version != seen.version and merging.read(request.POST) is not None:
        return save(request, current)  # moved on while this was on its way
    theirs = conflict.differing(current, posted, rebased.form, source(request.POST))
    if rebased.clashes:
        theirs = {key: sides for key, sides in theirs.items() if key in rebased.clashes}
    gone = _lost(request, current, base)
    if not theirs and not gone and (stored := _stored(request, current)):
        messages.success(request, stored)
        return redirect(NAME, current.pk)
    messages.error(request, (NOT_SAVED if is_draft else "") + str(error))
    faults = posted.faults if is_draft else {}
    return show(request, current, rebased.form, faults, status=409, theirs=theirs, lost=gone)


def _stored(request: HttpRequest, current: AnnualReturn) -> str:
    """What is said where all that was posted is there already; "" where that needs a look."""
    if current.status == ReturnStatus.SUBMITTED and current.submitted_by_id == request.user.pk:
        return "已经报送过了，等待审核。"
    if current.status != ReturnStatus.DRAFT:
        return ""
    if request.POST.get("act") == "submit":
        return "内容已经保存过了，但还没有报送；请核对后再按“保存并报送”。"
    return "内容已经保存过了。"


def _submit(request: HttpRequest, saved: AnnualReturn) -> HttpResponse:
    try:
        workflow.submit(request.user, saved.pk, saved.version)
    except workflow.Faulty as error:
        messages.warning(request, "草稿已保存，但还不能报送：请处理下面标出的问题。")
        saved = find(request.user, saved.pk)
        return show(request, saved, faults=error.faults, others=error.others)
    messages.success(request, SENT)
    return redirect(NAME, saved.pk)
