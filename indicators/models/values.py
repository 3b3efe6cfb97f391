"""What the figures come to."""

from django.db import models

from indicators.fields import ExactDecimalField
from indicators.models.indicators import Indicator
from indicators.models.returns import RoundNature


class Layer(models.TextChoices):
    OFFICIAL = "official", "已发布"
    PROVISIONAL = "provisional", "含未发布数据"


class AnnualValue(models.Model):
    """What the figures of a year make of an indicator: computed by `indicators/values.py`, never
    typed. Two rows a year: from published amounts, and from the newest approved or submitted.

    `state` as in `calculation.State`; `notes` are the sentences that say what is missing;
    `series` is a list of [name, growth in %]; `lacking` names the townships that have not."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="values", verbose_name="指标"
    )
    year = models.PositiveSmallIntegerField("年度")
    layer = models.CharField("层次", max_length=12, choices=Layer)
    state = models.CharField("状态", max_length=16)
    value = ExactDecimalField("值", null=True)
    numerator = ExactDecimalField("分子", null=True)
    denominator = ExactDecimalField("分母", null=True)
    bar = ExactDecimalField("参照值", null=True)
    series = models.JSONField("序列", default=list)
    notes = models.JSONField("缺数说明", default=list)
    lacking = models.JSONField("未达到的乡镇", default=list)
    nature = models.CharField("数据性质", max_length=10, choices=RoundNature, blank=True)
    as_of = models.DateField("数据时点", null=True)
    is_historical = models.BooleanField("历史数据", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "指标年度值"
        ordering = ["indicator", "year", "layer"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year", "layer"], name="value_once_per_layer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.year} {self.layer}"
