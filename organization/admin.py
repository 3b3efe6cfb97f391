"""Accounts in the admin: what the 系统管理员 works with.

`RoleAdmin` is the base of every ModelAdmin of the product: rights come from the predicates in
`permissions.py`, never from permission codes."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth import password_validation
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from organization import permissions
from organization.authentication import spelled
from organization.models import Role, Unit, User
from organization.timeline import Event, timeline

NOTHING = "（未选）"

# Roles stand on the account; groups would be a second truth.
admin.site.unregister(Group)


def nobody(user: User) -> bool:
    return False


class RoleAdmin(admin.ModelAdmin):
    """View, add and change by predicate; nothing is ever deleted through the admin."""

    view_if: Callable[[User], bool] = staticmethod(nobody)
    add_if: Callable[[User], bool] = staticmethod(nobody)
    change_if: Callable[[User], bool] = staticmethod(nobody)
    actions = None
    save_as = False
    list_per_page = 100

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.view_if(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.view_if(request.user)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.add_if(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.change_if(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Our own timeline in place of the stock page; it can only be read."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        thing = self.history_thing(request, unquote(object_id))
        info = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        context = {
            **self.admin_site.each_context(request),
            "title": f"{thing} · 修改记录",
            "thing": thing,
            "opts": self.opts,
            "page": Paginator(self.events(request, thing), 50).get_page(request.GET.get("page")),
            "list_url": reverse(f"{info}_changelist"),
            "back": reverse(f"{info}_change", args=[thing.pk]),
        }
        return render(request, "admin/history.html", context)

    def history_thing(self, request: HttpRequest, key: str) -> Any:
        """The thing, for those who may see it; what is foreign does not exist."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        thing = self.get_object(request, key)
        if thing is None:
            raise Http404("没有这条记录。")
        return thing

    def events(self, request: HttpRequest, thing: Any) -> list[Event]:
        return timeline(thing, *self.belongings(thing))

    def belongings(self, thing: Any) -> Iterable[Model]:
        """What else is told on the page of the thing."""
        return ()

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        obj._history_user = request.user  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def get_action_choices(self, request: HttpRequest, default_choices: Any = ()) -> Any:
        return super().get_action_choices(request, [("", NOTHING)])

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Says in words that nothing is chosen; Django draws a line."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
            field.empty_label = NOTHING
        elif isinstance(field, forms.TypedChoiceField):
            field.choices = [(value, label if value else NOTHING) for value, label in field.choices]
        return field


class ReviewUnits(forms.CheckboxSelectMultiple):
    """Units of the bureau first; townships seldom hand in returns of their own and are folded."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = self.get_context(name, value, attrs)["widget"]
        options = [option for _, group, _ in context["optgroups"] for option in group]
        townships = set(Unit.objects.townships().values_list("pk", flat=True))
        folded = [one for one in options if one["value"].value in townships]
        shown = [one for one in options if one not in folded]
        is_open = any(one["selected"] for one in folded)
        return render_to_string(
            "admin/organization/user/review_units.html",
            {"shown": shown, "folded": folded, "open": is_open, "id": context["attrs"].get("id")},
        )


class UserForm(forms.ModelForm):
    """One form for a new account and an old one; an empty password keeps the old one."""

    roles = forms.MultipleChoiceField(
        label="角色", choices=Role, required=False, widget=forms.CheckboxSelectMultiple
    )
    new_password = forms.CharField(
        label="设置密码",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="新账号必填；已有账号留空表示不改。请当面告知本人，并请其登录后自行修改。",
    )
    reason = forms.CharField(
        label="修改原因",
        required=False,
        max_length=200,
        help_text="可不填，例如“新任养老股填报员”；写入修改记录，长期保留。请勿填写身份证号码。",
    )

    class Meta:
        model = User
        fields = (
            "username",
            "name",
            "unit",
            "roles",
            "review_units",
            "phone",
            "email",
            "is_active",
        )

        widgets = {"review_units": ReviewUnits}

    acting: User  # set by UserAdmin.get_form

    def clean_username(self) -> str:
        username = spelled(self.cleaned_data["username"])
        others = User.objects.filter(username__iexact=username).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError("这个账号已被使用（不分大小写、全角半角），请换一个。")
        return username

    def clean_roles(self) -> list[str]:
        roles = sorted(self.cleaned_data["roles"])
        if self.instance.pk == self.acting.pk and roles != sorted(self.instance.roles):
            raise ValidationError("不能修改自己的角色，请由另一位系统管理员办理。")
        return roles

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if Role.REVIEWER in data.get("roles", []) and not data.get("review_units"):
            self.add_error("review_units", "审核员要选审核范围；负责全部单位就选“局”。")
        emptied = "roles" in self.changed_data or not self.instance.pk
        if data.get("roles") == [] and emptied and data.get("is_active"):
            self.add_error(
                "roles", "没有角色的账号什么也不能办：请勾选角色；暂不使用的账号请取消“启用”。"
            )
        return data

    @property
    def drops_clerk(self) -> bool:
        """Whether a clerk is clerk no longer; what is being filled in stays with the unit."""
        return Role.CLERK in self.initial.get("roles", []) and (
            Role.CLERK not in self.cleaned_data["roles"] or not self.cleaned_data["is_active"]
        )

    def clean_is_active(self) -> bool:
        active = self.cleaned_data["is_active"]
        if self.instance.pk == self.acting.pk and not active:
            raise ValidationError("不能停用自己的账号，请由另一位系统管理员办理。")
        return active

    def clean_new_password(self) -> str:
        password = self.cleaned_data["new_password"]
        if not password and not self.instance.pk:
            raise ValidationError("新账号要设置密码。")
        if password:
            password_validation.validate_password(password, self.instance)
        return password

    def save(self, commit: bool = True) -> User:
        if self.cleaned_data["new_password"]:
            self.instance.set_password(self.cleaned_data["new_password"])
        return super().save(commit)


@admin.register(User)
class UserAdmin(RoleAdmin):
    view_if = add_if = change_if = staticmethod(permissions.can_manage_accounts)
    form = UserForm
    list_display = ("username", "name", "unit", "role_names", "is_active", "last_login")
    list_select_related = ("unit",)
    list_filter = ("is_active",)
    search_fields = ("username", "name")

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The address of the list asks by the filters it offers and by nothing else: whoever may
        ask `password__startswith` can guess what is stored of a password letter by letter."""
        return lookup.partition("__")[0] in self.list_filter

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        obj._change_reason = form.cleaned_data["reason"].strip()
        super().save_model(request, obj, form, change)
        if change and form.drops_clerk:
            messages.warning(
                request,
                f"{obj}不再是{obj.unit}的填报员。有未办结的监测表时，请在“待办—办理工作交接”中移交，"
                "以便留下交接单；只取消角色不会产生交接单。",
            )

    @admin.display(description="角色")
    def role_names(self, user: User) -> str:
        return "、".join(Role(role).label for role in user.roles)

    def get_form(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> type:
        form = super().get_form(request, obj, **kwargs)
        return type("BoundUserForm", (form,), {"acting": request.user})
