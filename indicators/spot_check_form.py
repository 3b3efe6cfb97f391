"""What the office writes down about a ledger it looked at."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from indicators import identity
from indicators.models import SpotCheck


class SpotCheckForm(forms.ModelForm):
    """台账抽查: numbers and words about a ledger, never about a person in it."""

    class Meta:
        model = SpotCheck
        fields = ("item", "year", "sampled", "errors_found", "checked_by", "checked_on", "note")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        item, year = cleaned.get("item"), cleaned.get("year")
        if item and year and year not in item.plan.years:
            first, last = item.plan.years[0], item.plan.years[-1]
            self.add_error("year", f"年度应在 {first} 至 {last} 年之间，请改正。")
        for name in ("checked_by", "note"):
            if identity.found_in(cleaned.get(name) or ""):
                self.add_error(name, "像是含有 18 位身份证号码；抽查记录不写个人信息，请删去。")
        return cleaned

    def clean_checked_on(self) -> date:
        day: date = self.cleaned_data["checked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError("抽查日期不能晚于今天，请改正。")
        return day
