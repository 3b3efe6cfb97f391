"""The admin of the numbers: returns, rounds, and the definitions the office keeps."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, Q, QuerySet
from django.forms.models import construct_instance
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.html import format_html

from indicators import evidence, return_access, return_views, round_views, workflow
from indicators.comparison_form import ComparisonForm
from indicators.entry import plain
from indicators.models import (
    AnnualReturn,
    CheckRule,
    ComparisonValue,
    DataItem,
    Definition,
    Indicator,
    Knowledge,
    Milestone,
    Responsibility,
    ReturnStatus,
    Round,
    SpotCheck,
    Target,
)
from indicators.return_history import return_events
from indicators.spot_check_form import SpotCheckForm
from organization import permissions
from organization.admin import RoleAdmin
from organization.models import Handover, Role, Unit, UnitKind, User
from organization.timeline import Event, deeds_told
from plans.models import Plan


def bureau_of(request: HttpRequest) -> int | None:
    user = request.user
    assert isinstance(user, User)
    return user.unit.root_id if user.unit else None


@admin.register(AnnualReturn)
class AnnualReturnAdmin(RoleAdmin):
    """Lists what the person may see; the page itself stands in `return_views.py`."""

    view_if = staticmethod(permissions.can_see_returns)
    list_display = ("linked", "round", "unit", "status_badge", "filled", "submitted_at")
    list_display_links = None
    list_select_related = ("round", "unit")
    list_filter = ("status", "round__year")
    ordering = ("-round__year", "-round__as_of", "unit__order")

    actions = ("approve_selected",)

    def get_urls(self) -> list[URLPattern]:
        return [*return_views.urls(), *super().get_urls()]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """批量审核 is a reviewer's; everybody else has no bulk action at all."""
        return super().get_actions(request) if request.user.has_role(Role.REVIEWER) else {}

    @admin.action(description="批量审核通过（仅历史补录批次）")
    def approve_selected(self, request: HttpRequest, returns: QuerySet[AnnualReturn]) -> None:
        chosen = returns.select_related("round", "unit")
        seen = {row.pk: return_access.version_of(request, f"seen-{row.pk}") for row in chosen}
        for outcome in workflow.approve_each(request.user, chosen, seen):
            if outcome.refusal:
                messages.error(request, f"{outcome.annual_return}：{outcome.refusal}")
            else:
                messages.success(request, f"{outcome.annual_return}：已审核通过。")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AnnualReturn]:
        blank = Q(figures__knowledge=Knowledge.BLANK)
        returns = AnnualReturn.objects.annotate(
            owed=Count("figures"), blank=Count("figures", filter=blank)
        )
        return returns.filter(_visible(request.user)).order_by(*self.ordering)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return return_views.return_page(request, _key(object_id))

    def history_thing(self, request: HttpRequest, key: str) -> AnnualReturn:
        return return_access.find(request.user, _key(key))

    def events(self, request: HttpRequest, thing: AnnualReturn) -> list[Event]:
        return return_events(request.user, thing)

    @admin.display(description="监测表")
    def linked(self, annual_return: AnnualReturn) -> str:
        """With the version that is shown: what moved on since cannot be approved from the list."""
        return format_html(
            '<a href="{}">{}</a><input type="hidden" name="seen-{}" value="{}">',
            reverse(return_access.NAME, args=[annual_return.pk]),
            annual_return,
            annual_return.pk,
            annual_return.version,
        )

    @admin.display(description="状态", ordering="status")
    def status_badge(self, annual_return: AnnualReturn) -> str:
        return format_html(
            '<span class="badge {}">{}</span>',
            annual_return.badge,
            annual_return.status_text,
        )

    @admin.display(description="数据已填")
    def filled(self, annual_return: AnnualReturn) -> str:
        owed, blank = annual_return.owed, annual_return.blank  # type: ignore[attr-defined]
        return f"{owed - blank}/{owed}"


def _key(object_id: str) -> int:
    """The admin hands over whatever stood in the address; 0 is nobody's."""
    return int(object_id) if object_id.isascii() and object_id.isdigit() else 0


def _visible(user: User) -> Q:
    """The returns of a list, by the same rule as `permissions.can_see_return`."""
    if user.unit is None:
        return Q(pk__in=[])
    of_bureau = Q(unit__bureau=user.unit.root_id) | Q(unit=user.unit.root_id)
    if user.has_role(Role.PLANNER):
        return of_bureau
    seen = Q(pk__in=[])
    if user.has_role(Role.CLERK):
        seen |= Q(unit__in=permissions.own_units(user))
    if user.has_role(Role.REVIEWER):
        assigned = Q(unit__reviewers=user) | Q(unit__bureau__reviewers=user)
        returns = AnnualReturn.objects.filter(assigned).exclude(status=ReturnStatus.DRAFT)
        seen |= of_bureau & Q(pk__in=returns.values("pk"))
    return seen


class PlannerAdmin(RoleAdmin):
    """What the office keeps; only rows of the own bureau exist."""

    view_if = staticmethod(permissions.is_planner)
    bureau_path = "indicator__plan__bureau"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).filter(**{self.bureau_path: bureau_of(request)})

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        bureau = bureau_of(request)
        choices = {
            Plan: lambda: Plan.objects.filter(bureau=bureau),
            Indicator: lambda: Indicator.objects.filter(plan__bureau=bureau),
            DataItem: lambda: DataItem.objects.filter(plan__bureau=bureau),
            Unit: lambda: Unit.objects.filter(Q(bureau=bureau) | Q(pk=bureau)),
        }
        if db_field.related_model in choices:
            kwargs["queryset"] = choices[db_field.related_model]()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


def tell(request: HttpRequest, said: Iterable[str]) -> None:
    """What a verb wants the person to know, above the next page."""
    for sentence in said:
        messages.warning(request, sentence)


class ReasonForm(forms.ModelForm):
    """Settings that hold for all years: once something is published they change with a reason."""

    reason = forms.CharField(
        label="修改原因",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="已有数据发布后必填，写入修改记录；已发布的结果随之改变的，记为“更正”",
    )

    @property
    def plan(self) -> Plan:
        return self.instance if isinstance(self.instance, Plan) else self.instance.plan

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        fault = workflow.reason_fault(self.plan, self.changed_data, data.get("reason", ""))
        if fault:
            self.add_error("reason", fault)
        return data


@admin.register(Round)
class RoundAdmin(PlannerAdmin):
    add_if = staticmethod(permissions.is_planner)
    bureau_path = "plan__bureau"
    list_display = ("__str__", "plan", "nature", "as_of", "due_on", "backfill", "published_at")
    list_select_related = ("plan",)
    list_filter = ("year", "nature")
    actions = ("catch_up",)

    @admin.display(description="历史补录", ordering="is_backfill")
    def backfill(self, rnd: Round) -> str:
        return "是" if rnd.is_backfill else "—"

    @admin.action(description="按现行单位和责任分工更新（未发布批次）")
    def catch_up(self, request: HttpRequest, rounds: QuerySet[Round]) -> None:
        for rnd in rounds:
            try:
                tell(request, workflow.catch_up(request.user, rnd.pk))
            except workflow.WorkflowError as error:
                messages.error(request, f"{rnd}：{error}")
            else:
                messages.success(request, f"{rnd}：已按现行单位和责任分工核对。")

    def belongings(self, thing: Round) -> Iterable[Model]:
        return thing.returns.all()

    def get_urls(self) -> list[URLPattern]:
        return [*round_views.urls(), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            return super().add_view(request, form_url, extra_context)
        return round_views.open_page(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return round_views.round_page(request, _key(object_id))


@admin.register(Indicator)
class IndicatorAdmin(PlannerAdmin):
    """What is printed is read only; how it is counted the office may settle. Targets, milestones,
    definitions and responsibilities have rows of their own."""

    bureau_path = "plan__bureau"
    change_if = staticmethod(permissions.is_planner)
    form = ReasonForm
    settled = ("growth_basis", "zero_over_zero", "gap_rule", "decimals", "to_verify")
    exclude = ("scale",)  # printed as `multiplier`
    list_display = ("code", "name", "group", "attribute", "kind", "printed_target", "plan")
    list_display_links = ("name",)
    list_select_related = ("plan",)
    list_filter = ("group", "attribute", "kind", "method")
    search_fields = ("code", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = (f.name for f in Indicator._meta.fields if f.editable and not f.primary_key)
        return [
            "multiplier" if name == "scale" else name for name in names if name not in self.settled
        ]

    @admin.display(description="倍率")
    def multiplier(self, indicator: Indicator) -> str:
        return plain(indicator.scale)

    def belongings(self, thing: Indicator) -> Iterable[Model]:
        yield from thing.targets.all()
        yield from thing.milestones.all()
        yield from thing.definitions.all()
        yield from thing.responsibilities.all()

    def save_model(self, request: HttpRequest, obj: Indicator, form: Any, change: bool) -> None:
        tell(request, workflow.change_indicator(request.user, obj, form.cleaned_data["reason"]))


@admin.register(DataItem)
class DataItemAdmin(PlannerAdmin):
    bureau_path = "plan__bureau"
    list_display = ("code", "name", "measure", "nature", "kind", "collection", "plan")
    list_display_links = ("name",)
    list_select_related = ("plan",)
    list_filter = ("nature", "kind", "collection")
    search_fields = ("code", "name")

    def belongings(self, thing: DataItem) -> Iterable[Model]:
        return thing.responsibilities.all()


@admin.register(CheckRule)
class CheckRuleAdmin(PlannerAdmin):
    """Rules are switched off, not deleted: what was checked when stays known."""

    add_if = change_if = staticmethod(permissions.is_planner)
    bureau_path = "plan__bureau"
    list_display = (
        "kind",
        "subject",
        "other_item",
        "limit",
        "compared_from",
        "severity",
        "is_active",
        "plan",
    )
    list_select_related = ("plan", "item", "other_item")
    list_filter = ("kind", "severity", "is_active")
    search_fields = ("item__code", "item__name")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["plan"] if obj else []

    @admin.display(description="数据项", ordering="item__order")
    def subject(self, rule: CheckRule) -> str:
        return str(rule.item or "全部数据项")

    @admin.display(description="界限", ordering="threshold")
    def limit(self, rule: CheckRule) -> str:
        return plain(rule.threshold)

    @admin.display(description="起比数", ordering="floor")
    def compared_from(self, rule: CheckRule) -> str:
        return plain(rule.floor)


@admin.register(Milestone)
class MilestoneAdmin(PlannerAdmin):
    add_if = change_if = staticmethod(permissions.is_planner)
    list_display = ("indicator", "year", "amount", "basis")
    list_select_related = ("indicator",)

    @admin.display(description="年度目标")
    def amount(self, milestone: Milestone) -> str:
        return plain(milestone.value)

    def save_model(self, request: HttpRequest, obj: Milestone, form: Any, change: bool) -> None:
        tell(request, workflow.set_milestone(request.user, obj))


@admin.register(Definition)
class DefinitionAdmin(PlannerAdmin):
    """Append-only: a new wording is a new row from a year on."""

    add_if = staticmethod(permissions.is_planner)
    list_display = ("indicator", "effective_year", "text", "is_interpretation", "breaks_series")
    list_select_related = ("indicator",)


@admin.register(Responsibility)
class ResponsibilityAdmin(PlannerAdmin):
    """Append-only: old years keep their old owner."""

    add_if = staticmethod(permissions.is_planner)
    list_display = ("subject", "unit", "supervisor", "effective_year", "basis_document")
    list_select_related = ("indicator", "item", "unit")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        bureau = bureau_of(request)
        mine = Q(indicator__plan__bureau=bureau) | Q(item__plan__bureau=bureau)
        return Responsibility.objects.filter(mine)

    @admin.display(description="指标或数据项")
    def subject(self, row: Responsibility) -> str:
        return str(row.indicator or row.item)

    def save_model(
        self, request: HttpRequest, obj: Responsibility, form: Any, change: bool
    ) -> None:
        tell(request, workflow.assign(request.user, obj))


class TargetForm(forms.ModelForm):
    """A revision; the verb checks again what the form asks for."""

    class Meta:
        model = Target
        fields = (
            "indicator",
            "value",
            "printed",
            "effective_year",
            "reason",
            "document",
            "approved_by_body",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            faults = workflow.target_faults(Target(**data))
            if faults:
                raise ValidationError(faults)
        return data


@admin.register(Target)
class TargetAdmin(PlannerAdmin):
    """目标调整: adding goes through `workflow.revise_target`, nothing is overwritten."""

    add_if = staticmethod(permissions.is_planner)
    list_display = ("indicator", "printed", "amount", "effective_year", "revision", "document")
    list_select_related = ("indicator",)
    form = TargetForm

    @admin.display(description="目标值")
    def amount(self, target: Target) -> str:
        return plain(target.value) or "—"

    @admin.display(description="来源")
    def revision(self, target: Target) -> str:
        return "规划原定" if target.is_original else "调整"

    def save_model(self, request: HttpRequest, obj: Target, form: Any, change: bool) -> None:
        fields = {name: getattr(obj, name) for name in TargetForm.Meta.fields}
        saved = workflow.revise_target(request.user, fields.pop("indicator"), **fields)
        obj.pk = saved.pk


class UnitForm(forms.ModelForm):
    """The verb checks again what the form asks for."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors:
            self.instance = construct_instance(self, self.instance, self._meta.fields)
            for name, sentence in workflow.unit_faults(self.instance).items():
                self.add_error(name if name in self.fields else None, sentence)
        return data


@admin.register(Unit)
class UnitAdmin(RoleAdmin):
    """Units belong to 系统管理; they stand here because a changed unit changes the number of
    townships and with it the values (`workflow.change_unit`)."""

    form = UnitForm
    view_if = staticmethod(permissions.can_see_units)
    add_if = change_if = staticmethod(permissions.can_manage_accounts)
    list_display = ("code", "name", "kind", "valid_from", "valid_until", "to_confirm")
    list_display_links = ("name",)
    list_filter = ("kind", "is_assumption")
    search_fields = ("code", "name")

    def events(self, request: HttpRequest, thing: Unit) -> list[Event]:
        """With the 交接 of its work."""
        moved = thing.handovers.select_related("by", *Handover.told_with)
        told = [*super().events(request, thing), *deeds_told(moved)]
        return sorted(told, key=lambda event: event.at, reverse=True)

    @admin.display(description="核对")
    def to_confirm(self, unit: Unit) -> str:
        return "待确认" if unit.is_assumption else ""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "bureau":
            kwargs["queryset"] = Unit.objects.filter(kind=UnitKind.BUREAU)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What the verb refuses although the form found nothing wrong, as when somebody else
        changed another unit meanwhile, is told on the page; nothing is saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except workflow.WorkflowError as error:
            messages.error(request, f"没有保存：{error}")
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Unit, form: Any, change: bool) -> None:
        tell(request, workflow.change_unit(request.user, obj))


@admin.register(SpotCheck)
class SpotCheckAdmin(PlannerAdmin):
    """Kept by the office; a reviewer reads it."""

    bureau_path = "item__plan__bureau"
    view_if = staticmethod(permissions.can_see_spot_checks)
    add_if = change_if = staticmethod(permissions.is_planner)
    form = SpotCheckForm
    list_display = ("item", "year", "sampled", "errors_found", "checked_by", "checked_on", "note")
    list_select_related = ("item",)
    list_filter = ("year",)
    search_fields = ("item__code", "item__name")

    def save_model(self, request: HttpRequest, obj: SpotCheck, form: Any, change: bool) -> None:
        evidence.record_spot_check(request.user, obj)


@admin.register(ComparisonValue)
class ComparisonValueAdmin(PlannerAdmin):
    """Reached from the page of the indicator, with `?indicator=` filled in, and leads back to it.
    What was withdrawn stays in the list."""

    add_if = change_if = staticmethod(permissions.is_planner)
    form = ComparisonForm
    list_display = ("indicator", "year", "whose", "printed", "source", "document_date", "state")
    list_select_related = ("indicator",)
    list_filter = ("year", "is_withdrawn")
    search_fields = ("indicator__code", "indicator__name", "whose", "source")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        names = [*ComparisonForm.Meta.fields, "reason"]
        return names if obj else names[:-2]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["indicator"] if obj else []

    @admin.display(description="参考值", ordering="amount")
    def printed(self, value: ComparisonValue) -> str:
        return plain(value.amount)

    @admin.display(description="状态", ordering="is_withdrawn")
    def state(self, value: ComparisonValue) -> str:
        return "已撤下" if value.is_withdrawn else "显示"

    def save_model(
        self, request: HttpRequest, obj: ComparisonValue, form: Any, change: bool
    ) -> None:
        if not change:
            workflow.enter_comparison(request.user, obj)
        elif "is_withdrawn" in form.changed_data:
            workflow.withdraw_comparison(request.user, obj, form.cleaned_data["reason"])
        elif form.changed_data:
            workflow.correct_comparison(request.user, obj, form.cleaned_data["reason"])

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What a verb refuses although the form found nothing wrong is told; nothing is saved."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except workflow.WorkflowError as error:
            messages.error(request, f"没有保存：{error}")
            return redirect(request.get_full_path())

    def response_post_save_add(self, request: HttpRequest, obj: ComparisonValue) -> HttpResponse:
        return redirect(_page_of(obj))

    def response_post_save_change(self, request: HttpRequest, obj: ComparisonValue) -> HttpResponse:
        return redirect(_page_of(obj))


def _page_of(value: ComparisonValue) -> str:
    """Where the value is shown."""
    indicator = value.indicator
    where = {"plan": indicator.plan.code, "year": value.year}
    return f"{reverse('indicator', args=[indicator.code])}?{urlencode(where)}"
