"""Tasks, projects and who leads them, as the office keeps them. What the plan says is read only
here: it comes from the plan's own tables."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from indicators import settled
from indicators.admin import PlannerAdmin, bureau_of, tell
from indicators.entry import plain
from organization import permissions
from programs import workflow
from programs.models import Assignment, Component, Measure, Project, Task


class WorkForm(forms.ModelForm):
    """What the office settles; after a publication only with a reason."""

    why = forms.CharField(
        label="修改原因",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="已有进展发布后必填，写入修改记录",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        work = self.instance
        plan = work.project.plan if isinstance(work, Component) else work.plan
        changed = set(self.changed_data) - {"why"}
        if changed and not data.get("why") and settled.last_published([plan]) is not None:
            self.add_error("why", "已有进展发布，请写明修改原因。")
        return data


class WorkAdmin(PlannerAdmin):
    """Shared by tasks, projects and components."""

    change_if = staticmethod(permissions.is_planner)
    form = WorkForm
    settled: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fields = [*self.opts.fields, *self.opts.many_to_many]
        shown = (f.name for f in fields if f.editable and not f.primary_key)
        return [name for name in shown if name not in self.settled]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if form.changed_data:
            workflow.change_work(request.user, obj, form.cleaned_data["why"])

    def belongings(self, thing: Any) -> Iterable[Model]:
        return thing.assignments.all()


class MeasureInline(admin.TabularInline):
    model = Measure
    template = "admin/programs/measures.html"
    fields = ("order", "text", "verb", "grade", "has_result", "note")
    readonly_fields = fields
    extra = 0
    can_delete = False

    @admin.display(description="有明确结果")
    def has_result(self, measure: Measure) -> str:
        """In words: the admin's red cross would say that something is wrong."""
        return "是" if measure.is_result else "否"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.is_planner(request.user)


@admin.register(Task)
class TaskAdmin(WorkAdmin):
    bureau_path = "plan__bureau"
    settled = ("cooperating_bodies", "note")
    inlines = (MeasureInline,)
    list_display = ("code", "name", "kind", "grade", "clause", "plan")
    list_display_links = ("name",)
    list_select_related = ("clause", "plan")
    list_filter = ("kind", "grade")
    search_fields = ("code", "name")


@admin.register(Project)
class ProjectAdmin(WorkAdmin):
    bureau_path = "plan__bureau"
    settled = ("cooperating_bodies", "note", "to_verify")
    list_display = ("code", "name", "box", "kind", "grade", "clause", "plan")
    list_display_links = ("name",)
    list_select_related = ("box__section__chapter", "clause", "plan")
    list_filter = ("kind", "grade", "box")
    search_fields = ("code", "name")


@admin.register(Component)
class ComponentAdmin(WorkAdmin):
    """Quantities the plan leaves open, and planned dates, are the office's to fill in."""

    bureau_path = "project__plan__bureau"
    settled = ("planned_start", "planned_end", "quantity_note", "note")
    list_display = ("__str__", "grade", "amount", "planned_start", "planned_end")
    list_select_related = ("project",)
    list_filter = ("grade", "project__kind")
    search_fields = ("name", "project__code", "project__name")

    @admin.display(description="计划数量")
    def amount(self, component: Component) -> str:
        return f"{plain(component.planned)} {component.measure}" if component.planned else "—"

    def belongings(self, thing: Component) -> Iterable[Model]:
        return ()


@admin.register(Assignment)
class AssignmentAdmin(PlannerAdmin):
    """Append-only: old years keep who led then."""

    add_if = staticmethod(permissions.is_planner)
    fields = ("task", "project", "unit", "supervisor", "effective_year", "basis_document")
    list_display = (
        "subject",
        "unit",
        "supervisor",
        "effective_year",
        "basis_document",
        "is_assumed",
    )
    list_select_related = ("task", "project", "unit")
    list_filter = ("is_assumed", "unit")
    search_fields = ("task__name", "task__code", "project__name", "project__code")

    actions = ("confirm",)

    @admin.action(description="确认所选分工（去掉“待确认”）")
    def confirm(self, request: HttpRequest, rows: QuerySet[Assignment]) -> None:
        assumed = list(rows.filter(is_assumed=True).select_related("task__plan", "project__plan"))
        for row in assumed:
            workflow.confirm_assignment(request.user, row)
        messages.success(request, f"已确认 {len(assumed)} 项牵头分工。")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        bureau = bureau_of(request)
        mine = Q(task__plan__bureau=bureau) | Q(project__plan__bureau=bureau)
        return Assignment.objects.filter(mine)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model in (Task, Project):
            found = db_field.related_model.objects.filter(plan__bureau=bureau_of(request))
            kwargs["queryset"] = found.order_by("plan", "order")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description="任务或项目")
    def subject(self, row: Assignment) -> str:
        return str(row.of)

    def save_model(self, request: HttpRequest, obj: Assignment, form: Any, change: bool) -> None:
        tell(request, workflow.assign(request.user, obj))
