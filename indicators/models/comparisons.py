"""What others have reached: the average of the prefecture, a neighbouring county."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from indicators.models.indicators import Indicator
from indicators.models.numbers import DIGITS, bounded
from organization.history import Trail


class ComparisonValue(models.Model):
    """参考值: a value of somebody else, beside an indicator's own and never judged. Entered,
    corrected and withdrawn by `indicators/workflow/comparing.py` alone; no row is ever deleted,
    one that was withdrawn is kept and shown nowhere."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="comparison_values", verbose_name="指标"
    )
    year = models.PositiveSmallIntegerField("年度")
    whose = models.CharField("参考对象", max_length=20, help_text="例如“十堰市平均”“全省平均”")
    amount = models.DecimalField("参考值", **DIGITS)
    source = models.CharField(
        "来源文件", max_length=200, help_text="文件或统计资料的名称、文号，能据此查到原文"
    )
    document_date = models.DateField("文件日期")
    is_withdrawn = models.BooleanField(
        "撤下", default=False, help_text="撤下后页面不再显示；记录和修改原因长期保留"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="登记人",
        editable=False,
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    history = Trail(found_by=["indicator__name", "indicator__code", "whose", "source"])

    class Meta:
        verbose_name = verbose_name_plural = "参考值"
        ordering = ["indicator__order", "whose", "-year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year", "whose"],
                condition=models.Q(is_withdrawn=False),
                name="comparison_once_a_year",
                violation_error_message="这个指标当年已有同一对象的参考值，请修改原来的一条。",
            ),
            models.CheckConstraint(
                name="comparison_bounded",
                condition=bounded("amount"),
                violation_error_message="参考值超出系统能存的范围。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.year} 年 {self.whose}"

    def clean(self) -> None:
        super().clean()
        if self.indicator_id is None or self.year is None:
            return  # the form asks for them
        years = self.indicator.plan.years
        if self.year not in years:
            raise ValidationError(
                {"year": f"年度应在 {years[0]} 至 {years[-1]} 年之间，现为 {self.year}，请改正。"}
            )
