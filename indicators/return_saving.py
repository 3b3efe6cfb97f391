"""What was typed into the page of a return, saved: all of it or nothing, and never over what
somebody else stored meanwhile."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from indicators import conflict, grid, merging, workflow
from indicators.models import AnnualReturn, ReturnStatus
from indicators.provision import last_given, provision_of, source
from indicators.return_access import NAME, find, version_in, version_of
from indicators.return_show import NOT_SAVED, SENT, show
from indicators.workflow.steps import refuse_moved


def save(request: HttpRequest, annual_return: AnnualReturn) -> HttpResponse:
    """All or nothing. A page that was overtaken is put onto what is stored first."""
    rebased = _rebased(request, annual_return)
    form = rebased.form
    posted = grid.read(annual_return, form, timezone.localdate())
    version = version_of(request) if rebased.clashes else version_in(form)
    try:
        refuse_moved(annual_return, version, ReturnStatus.DRAFT, "填写", request.user)
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
        return _both_versions(request, annual_return, posted, rebased, error)
    except workflow.Unconfirmed as error:
        messages.error(request, NOT_SAVED + str(error))
        return show(request, annual_return, form, error.cells, status=422, ask=True)
    except workflow.WorkflowError as error:
        messages.error(request, NOT_SAVED + str(error))
        return show(request, annual_return, form, status=409)
    merged = version != version_of(request)
    if form.get("act") == "submit" and not merged:
        return _submit(request, saved)
    messages.success(request, _saved(request, saved, saved.version > version, merged))
    return redirect(NAME, saved.pk)


def _rebased(request: HttpRequest, annual_return: AnnualReturn) -> merging.Rebased:
    """The form as posted, or put onto the draft as somebody left it meanwhile. Only what really
    says something else on both sides is a clash."""
    was = merging.read(request.POST)
    moved = version_of(request) != annual_return.version
    if was is None or not moved or annual_return.status != ReturnStatus.DRAFT:
        return merging.Rebased(request.POST)
    rebased = merging.rebase(annual_return, request.POST, was)
    if not rebased.clashes:
        return rebased
    posted = grid.read(annual_return, rebased.form)
    sides = conflict.differing(annual_return, posted, rebased.form, "")
    return merging.Rebased(rebased.form, rebased.clashes & sides.keys())


def _saved(request: HttpRequest, saved: AnnualReturn, changed: bool, merged: bool) -> str:
    said = "草稿已保存。" if changed else "内容没有改动，无需保存。"
    if merged and not changed:
        said = "内容已经保存过了。"
    elif merged:
        said = "草稿已保存，并与您打开页面之后的其他改动合并。"
    if merged and request.POST.get("act") == "submit":
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
    if not theirs and (stored := _stored(request, current)):
        messages.success(request, stored)
        return redirect(NAME, current.pk)
    messages.error(request, (NOT_SAVED if is_draft else "") + str(error))
    faults = posted.faults if is_draft else {}
    return show(request, current, rebased.form, faults, status=409, theirs=theirs)


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
