"""What the office types about what others have reached, read strictly but kindly."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone

from indicators import identity
from indicators.entry import GROUPED, PLAIN, half_width, plain
from indicators.models import LARGEST, SIGNIFICANT, ComparisonValue

PLACES = 6  # decimals that are stored


class ComparisonForm(forms.ModelForm):
    """A new 参考值, or a change of one; a change says why. The verbs check again."""

    amount = forms.CharField(label="参考值", max_length=60, help_text="与指标的单位相同")
    reason = forms.CharField(
        label="修改原因",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="修改或撤下时必填，写入修改记录",
    )

    class Meta:
        model = ComparisonValue
        fields = (
            "indicator",
            "year",
            "whose",
            "amount",
            "source",
            "document_date",
            "is_withdrawn",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            verb = "选择" if name == "indicator" else "填写"
            field.error_messages["required"] = f"请{verb}{field.label}。"
        if self.instance.pk is not None:
            self.initial["amount"] = plain(self.instance.amount)

    def clean_amount(self) -> Decimal:
        typed = self.cleaned_data["amount"]
        text = half_width(typed).removesuffix("%").rstrip()
        if not PLAIN.fullmatch(text) and not GROUPED.fullmatch(text):
            raise forms.ValidationError(f"应填数字，例如 65.5，现为“{typed[:20]}”，请改正。")
        number = Decimal(text.replace(",", ""))
        digits, exponent = number.normalize().as_tuple()[1:]
        if abs(number) > LARGEST or len(digits) > SIGNIFICANT:
            says = "数字太大，系统最多存 12 位整数、15 位有效数字，请核对单位。"
            raise forms.ValidationError(says)
        if isinstance(exponent, int) and -exponent > PLACES:
            raise forms.ValidationError(f"最多 {PLACES} 位小数，现为 {text}，请改正。")
        return number

    def clean_document_date(self) -> date:
        day: date = self.cleaned_data["document_date"]
        if day > timezone.localdate():
            raise forms.ValidationError("文件日期不能晚于今天，请改正。")
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("whose", "source", "reason"):
            if identity.found_in(cleaned.get(name) or ""):
                self.add_error(name, "像是含有 18 位身份证号码；参考值不写个人信息，请删去。")
        if self.instance.pk is not None:
            self._clean_change(cleaned)
        return cleaned

    def _clean_change(self, cleaned: dict[str, Any]) -> None:
        changed = set(self.changed_data) - {"reason"}
        if self.initial.get("is_withdrawn"):
            self.add_error(None, "这条参考值已经撤下，不能再改；请另行登记。")
        elif changed and not cleaned.get("reason", "").strip() and "reason" not in self.errors:
            self.add_error("reason", "请写明修改或撤下的原因。")
