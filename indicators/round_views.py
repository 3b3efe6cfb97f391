"""Opening and publishing a round: the planner's pages."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils import timezone

from indicators import checks, workflow
from indicators.models import AnnualReturn, Explanation, Round, RoundNature
from indicators.return_access import posted
from organization import permissions
from organization.models import User
from plans.models import Plan

FORM = "admin/indicators/round/open.html"
PAGE = "admin/indicators/round/page.html"
CONFIRM = "admin/indicators/round/confirm.html"
NAME = "admin:indicators_round_change"


def urls() -> list[URLPattern]:
    guard = admin.site.admin_view
    return [
        path("<int:pk>/publish/", guard(posted(publish, NAME)), name="indicators_round_publish"),
        path("<int:pk>/due/", guard(posted(set_due, NAME)), name="indicators_round_due"),
        path("<int:pk>/correct/", guard(posted(correct, NAME)), name="indicators_round_correct"),
    ]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class RoundForm(forms.Form):
    plan = forms.ModelChoiceField(label="规划", queryset=Plan.objects.none(), empty_label=None)
    year = forms.IntegerField(label="年度", min_value=1949, max_value=2200)
    name = forms.CharField(label="批次名称", max_length=60, initial="年报")
    nature = forms.ChoiceField(label="数据性质", choices=RoundNature, initial=RoundNature.ANNUAL)
    as_of = forms.DateField(label="数据时点", widget=DateInput())
    due_on = forms.DateField(label="报送截止", widget=DateInput(), required=False)
    is_backfill = forms.BooleanField(
        label="历史补录",
        required=False,
        help_text="往年数据：可以直接填写已知的比率，并标注“历史数据”",
    )

    def __init__(self, plans: QuerySet[Plan], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = plans  # type: ignore[attr-defined]

    def clean_due_on(self) -> date | None:
        """Asked of people only: a sample or an import opens rounds of years gone by."""
        due, today = self.cleaned_data["due_on"], timezone.localdate()
        if due and due < today:
            raise forms.ValidationError(
                f"报送截止不能早于今天（{today:%Y-%m-%d}）；往年数据没有期限的请留空。"
            )
        return due


class DueForm(forms.Form):
    due_on = forms.DateField(label="报送截止", widget=DateInput(), required=False)


class PublishForm(forms.Form):
    signed_by = forms.CharField(label="审定签发人", max_length=60)
    signed_on = forms.DateField(label="签发日期", widget=DateInput())


def plans_of(user: User) -> QuerySet[Plan]:
    bureau = user.unit.root_id if user.unit else None
    return Plan.objects.filter(bureau=bureau)


def open_page(request: HttpRequest) -> HttpResponse:
    """GET asks, POST opens; what is wrong comes back beside what was typed."""
    form = RoundForm(plans_of(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            rnd = workflow.open_round(request.user, **form.cleaned_data)
        except workflow.WorkflowError as error:
            form.add_error(None, str(error))
        else:
            count = rnd.returns.count()
            messages.success(request, f"已开启{rnd}，{count} 个单位收到监测表。")
            _warn_early(request, rnd)
            return redirect(NAME, rnd.pk)
    context = {**admin.site.each_context(request), "form": form, "title": "开启填报批次"}
    return render(request, FORM, {**context, "opts": Round._meta})


def _warn_early(request: HttpRequest, rnd: Round) -> None:
    """Only a forecast is asked for before the time it is about."""
    if rnd.due_on and rnd.due_on < rnd.as_of and rnd.nature != RoundNature.FORECAST:
        messages.warning(
            request,
            f"报送截止（{rnd.due_on:%Y-%m-%d}）早于数据时点（{rnd.as_of:%Y-%m-%d}），那时还没有"
            f"{rnd.get_nature_display()}；如有误，请在“报送截止”处修改。",
        )


def find(user: User, pk: int) -> Round:
    rnd = Round.objects.select_related("plan__bureau", "published_by").filter(pk=pk).first()
    if rnd is None or not permissions.can_plan(user, rnd.plan.bureau):
        raise Http404("没有这个批次。")
    return rnd


def round_page(
    request: HttpRequest, pk: int, form: PublishForm | None = None, reason: str | None = None
) -> HttpResponse:
    """`form` and `reason`: what was typed and refused."""
    rnd = find(request.user, pk)
    returns = AnnualReturn.objects.filter(round=rnd).select_related("unit", "submitted_by")
    returns = returns.order_by("unit__order", "unit__code")
    found = checks.tallies(rnd, returns)
    context = {
        **admin.site.each_context(request),
        "title": str(rnd),
        "round": rnd,
        "returns": [(one, found[one.pk]) for one in returns],
        "unexplained": _unexplained(rnd),
        "lacks": "" if rnd.is_published else workflow.out_of_step(request.user, rnd),
        "form": form or PublishForm(),
        "reason": reason or "",
        "due_form": DueForm(initial={"due_on": rnd.due_on}),
        "opts": Round._meta,
    }
    status = 200 if form is None and reason is None else 422
    return render(request, PAGE, context, status=status)


def _unexplained(rnd: Round) -> list[tuple[str, int | None]]:
    """Laggards in words, each with the return in which it is to be explained."""
    rows = Explanation.objects.filter(annual_return__round=rnd).order_by()
    place = dict(rows.values_list("indicator_id", "annual_return_id"))
    found = checks.silent_laggards([rnd], settled=True)
    return [(checks.in_words(one), place.get(one.indicator.pk)) for _, one in found]


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """First what will be published is shown, then, confirmed, it is."""
    find(request.user, pk)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return round_page(request, pk, form)
    try:
        if "confirmed" not in request.POST:
            return confirm_page(request, pk, form)
        return _publish_confirmed(request, pk, form)
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
        return round_page(request, pk, form)


def _publish_confirmed(request: HttpRequest, pk: int, form: PublishForm) -> HttpResponse:
    """What was confirmed, or what it is now, to be confirmed again."""
    try:
        seen = request.POST.get("seen", "")
        workflow.publish(request.user, pk, **form.cleaned_data, seen=seen)
    except workflow.Conflict as error:
        return confirm_page(request, pk, form, status=409, says=str(error))
    messages.success(request, "已定稿发布，领导现在可以看到这一批数据。")
    return redirect(NAME, pk)


def confirm_page(
    request: HttpRequest, pk: int, form: PublishForm, status: int = 200, says: str = ""
) -> HttpResponse:
    ahead = workflow.about_to_publish(request.user, pk, **form.cleaned_data)
    if says:
        messages.error(request, says)
    context = {
        **admin.site.each_context(request),
        "title": f"确认发布 · {ahead.round}",
        "round": ahead.round,
        "ahead": ahead,
        "signed": form.cleaned_data,
        "opts": Round._meta,
    }
    return render(request, CONFIRM, context, status=status)


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    find(request.user, pk)
    reason = request.POST.get("reason", "")
    try:
        workflow.correct(request.user, pk, reason)
    except workflow.WorkflowError as error:
        messages.error(request, str(error))
        return round_page(request, pk, reason=reason)
    messages.success(request, "已更正发布。")
    return redirect(NAME, pk)


def set_due(request: HttpRequest, pk: int) -> HttpResponse:
    find(request.user, pk)
    form = DueForm(request.POST)
    if form.is_valid():
        rnd = workflow.set_due_date(request.user, pk, form.cleaned_data["due_on"])
        messages.success(request, "报送截止日期已修改。")
        _warn_early(request, rnd)
    else:
        messages.error(request, "日期应写成 2024-02-15，请重新填写。")
    return redirect(NAME, pk)
