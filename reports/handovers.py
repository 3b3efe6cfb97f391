"""工作交接: who may hand over to whom, and which 交接单 a person may see."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from indicators import workflow
from organization import permissions
from organization.models import Handover, Role, User


class HandoverForm(forms.Form):
    """Who hands over to whom. Roles are a list on the account, which SQLite cannot search."""

    from_user = forms.TypedChoiceField(label="移交人", coerce=int)
    to_user = forms.TypedChoiceField(label="接收人", coerce=int)
    note = forms.CharField(
        label="移交说明",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如交接的原因、纸质材料和账册的存放处；印在交接单上。请勿填写业务数据。",
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        users = list(User.objects.select_related("unit").order_by("unit__order", "username"))
        leaving = [user for user in users if Role.CLERK in user.roles and user.unit]
        coming = [user for user in users if permissions.can_hold_business(user)]
        self.fields["from_user"].choices = _choices(leaving)  # type: ignore[attr-defined]
        self.fields["to_user"].choices = _choices(coming)  # type: ignore[attr-defined]
        for field in self.fields.values():
            field.widget.attrs["class"] = "field wide"

    def hand_over(self, acting: User) -> Handover | None:
        """Calls the verb; what it refuses stands beside what was chosen."""
        return self._ask(workflow.hand_over, acting)

    def people(self, acting: User) -> tuple[User, User] | None:
        """Who hands over and who takes over, when it may be done; nothing is done yet."""
        return self._ask(workflow.about_to_hand_over, acting)

    def _ask(self, verb: Callable[..., Any], acting: User) -> Any:
        people = User.objects.in_bulk(
            [self.cleaned_data["from_user"], self.cleaned_data["to_user"]]
        )
        leaving = people[self.cleaned_data["from_user"]]
        coming = people[self.cleaned_data["to_user"]]
        try:
            return verb(acting, leaving, coming, self.cleaned_data["note"])
        except workflow.WorkflowError as error:
            self.add_error(None, str(error))
            return None


def _choices(users: list[User]) -> list[tuple[object, str]]:
    told = [(user.pk, f"{user}（{user.username}，{user.unit or '未定单位'}）") for user in users]
    return [("", "请选择"), *told]


def shown_to(user: User) -> QuerySet[Handover]:
    """Those of which the person may see the sheet, by the rule of `can_see_handover`."""
    mine = Q(from_user=user) | Q(to_user=user)
    if permissions.can_manage_accounts(user):
        mine |= Q(by=user)
    if permissions.is_planner(user) and user.unit:
        mine |= Q(unit__bureau=user.unit.root_id) | Q(unit=user.unit.root_id)
    rows = Handover.objects.filter(mine)
    return rows.select_related("unit", "from_user", "to_user", "by").order_by("-pk")[:20]
