"""What people type about a 督办. Each form calls its verb; what the verb refuses stands beside what
was typed."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from indicators import identity
from indicators.workflow import Unconfirmed, WorkflowError
from organization.models import Unit, User
from plans.models import Plan
from reports.models import Supervision
from reports.supervision import verbs
from reports.supervision.files import Upload
from reports.supervision.marks import Key
from reports.supervision.said import LONGEST
from reports.supervision.subjects import Laggard
from reports.supervision.verbs import Closing, Terms

ON_THE_LIST = "会印在督办清单上，各股室和领导都能看到；请勿写未发布的数据和个人信息"
POST_NAME = "写职务，例如“分管养老服务的副局长”"


def _text(label: str, rows: int = 3, **options: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "field wide"})
    return forms.CharField(label=label, max_length=LONGEST, widget=widget, **options)


def _line(label: str, most: int, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"class": "field wide"})
    return forms.CharField(label=label, max_length=most, widget=widget, **options)


def _day(label: str, **options: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "field"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **options)


def _unit() -> forms.TypedChoiceField:
    widget = forms.Select(attrs={"class": "field wide"})
    return forms.TypedChoiceField(label="责任单位", coerce=int, widget=widget)


class SupervisionForm(forms.Form):
    """`name`: of the form on its page, so that no two fields there share an id."""

    name = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id=f"{self.name}-%s", use_required_attribute=False, **options)
        self.ask = False

    def _ask(self, verb: Callable[..., Any], *given: Any) -> Any:
        """None where the verb refuses."""
        try:
            return verb(*given)
        except WorkflowError as error:
            self.ask = isinstance(error, Unconfirmed)
            self.add_error(None, str(error))
            return None


class AgreedForm(SupervisionForm):
    """Who does what until when; the units are those of the plan's bureau in the year of `today`."""

    measures = _text("措施", rows=4, help_text=ON_THE_LIST)
    unit = _unit()
    lead = _line("责任领导", 60, help_text=POST_NAME)
    deadline = _day("时限")

    def __init__(self, plan: Plan, today: date, *args: Any, kept: Unit | None = None, **options):
        super().__init__(*args, **options)
        found = list(Unit.objects.of(plan.bureau).valid_in(today.year))
        if kept is not None and kept not in found:
            found.append(kept)
        self.units = {unit.pk: unit for unit in found}
        choices = [(pk, unit.name) for pk, unit in self.units.items()]
        self.fields["unit"].choices = [("", "请选择"), *choices]  # type: ignore[attr-defined]

    def terms(self) -> Terms:
        given = self.cleaned_data
        return Terms(given["measures"], self.units[given["unit"]], given["lead"], given["deadline"])


class OpenForm(AgreedForm):
    name = "open"
    cause = _text("原因", help_text=ON_THE_LIST)
    prefix_word = _line("编号字头", 20, help_text="印在编号最前面，例如“督办”“竹民督办”")
    field_order = ("cause", "measures", "unit", "lead", "deadline", "prefix_word")

    def open(self, user: User, plan: Plan, year: int, key: Key, today: date) -> Supervision | None:
        given = self.cleaned_data
        more = (self.terms(), given["cause"], today, given["prefix_word"])
        return self._ask(verbs.open_supervision, user, plan, year, *key, *more)


def begun_with(laggard: Laggard, today: date) -> dict[str, object]:
    """What the form for a laggard is filled with: what the plan and its unit have said."""
    unit = Unit.objects.filter(pk=laggard.unit_id).select_related("successor").first()
    heir = unit.heir(today.year) if unit else None
    return {
        "cause": laggard.cause,
        "measures": laggard.next_step,
        "unit": heir.pk if heir else "",
        "lead": laggard.lead,
    }


class ReviseForm(AgreedForm):
    name = "revise"
    reason = _text("调整原因", rows=2, required=False, help_text="时限往后延的必须填写")

    def act(self, user: User, row: Supervision, version: int, today: date) -> Any:
        terms, reason = self.terms(), self.cleaned_data["reason"]
        return self._ask(verbs.revise, user, row.pk, version, terms, reason, today)


class NoteForm(SupervisionForm):
    name = "note"
    on = _day("进展日期")
    text = _text("进展", help_text=ON_THE_LIST)

    def act(self, user: User, row: Supervision, version: int, today: date) -> Any:
        given = self.cleaned_data
        return self._ask(verbs.note_progress, user, row.pk, given["on"], given["text"], today)


class CloseForm(SupervisionForm):
    """The file is read by the view, for it may have been too large to arrive."""

    name = "close"
    on = _day("销号日期")
    achieved = _text("取得的成效", help_text=ON_THE_LIST)
    document = _line("依据文件（名称、文号）", 200, required=False)
    upload: UploadedFile | None = None
    confirmed = forms.BooleanField(label=identity.CONFIRMED, required=False)

    def act(self, user: User, row: Supervision, version: int, today: date) -> Any:
        given = self.cleaned_data
        closing = Closing(given["on"], given["achieved"], given["document"], self._upload())
        return self._ask(verbs.close, user, row.pk, version, closing, today)

    def _upload(self) -> Upload | None:
        if self.upload is None:
            return None
        confirmed = self.cleaned_data["confirmed"]
        return Upload(self.upload.name or "", self.upload.read(), confirmed)


class CancelForm(SupervisionForm):
    name = "cancel"
    reason = _text("撤销原因", rows=2, help_text="开启有误时撤销；编号保留，不再使用")

    def act(self, user: User, row: Supervision, version: int, today: date) -> Any:
        return self._ask(verbs.cancel, user, row.pk, version, self.cleaned_data["reason"], today)


class ReopenForm(SupervisionForm):
    name = "reopen"
    reason = _text("恢复原因", rows=2)
    deadline = _day("新的时限")

    def act(self, user: User, row: Supervision, version: int, today: date) -> Any:
        given = self.cleaned_data
        more = (given["deadline"], given["reason"], today)
        return self._ask(verbs.reopen, user, row.pk, version, *more)
