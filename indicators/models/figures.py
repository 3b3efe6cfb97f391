"""What was entered, in three layers."""

from typing import Any

from django.conf import settings
from django.db import models

from indicators.models.indicators import Indicator
from indicators.models.items import DataItem, ItemKind
from indicators.models.numbers import DIGITS, bounded
from indicators.models.returns import AnnualReturn, Round
from organization.history import Trail
from organization.models import Unit
from plans.models import Plan


class Knowledge(models.TextChoices):
    """State of knowledge of a figure. Empty is not zero: BLANK says nothing."""

    BLANK = "", "未填"
    HAVE = "have", "有数"
    NOT_APPLICABLE = "na", "不适用"
    UNAVAILABLE = "none", "暂无"


WITH_REASON = frozenset({Knowledge.NOT_APPLICABLE, Knowledge.UNAVAILABLE})


class FigureQuerySet(models.QuerySet["Figure"]):
    def of_plan(self, plan: Plan) -> "FigureQuerySet":
        return self.filter(round__plan=plan)

    def for_years(self, years: list[int]) -> "FigureQuerySet":
        return self.filter(round__year__in=years)


class Figure(models.Model):
    """The amount of one item for one unit in one round, in three layers: what is being worked on
    (`amount`), what was last approved, and what is published.

    `unit` is the unit spoken of: for an item with a township list the township, while the
    return belongs to the 股室 that types the list."""

    annual_return = models.ForeignKey(
        AnnualReturn, models.PROTECT, related_name="figures", verbose_name="监测表"
    )
    round = models.ForeignKey(Round, models.PROTECT, related_name="figures", verbose_name="批次")
    item = models.ForeignKey(
        DataItem, models.PROTECT, related_name="figures", verbose_name="数据项"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="figures", verbose_name="单位")
    amount = models.DecimalField("数值", null=True, blank=True, **DIGITS)
    knowledge = models.CharField(
        "情况", max_length=5, choices=Knowledge, default=Knowledge.BLANK, blank=True
    )
    note = models.CharField("备注", max_length=300, blank=True)
    document_no = models.CharField("依据文号", max_length=120, blank=True)
    document_date = models.DateField("文件日期", null=True, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="填报人",
    )
    provider = models.CharField(
        "代录来源", max_length=330, blank=True, help_text="代录时：提供人、日期、依据"
    )
    locked = models.BooleanField("已锁定", default=False)
    approved_amount = models.DecimalField("审核数", null=True, blank=True, **DIGITS)
    approved_knowledge = models.CharField(
        "审核情况", max_length=5, choices=Knowledge, default=Knowledge.BLANK, blank=True
    )
    approved_note = models.CharField("审核备注", max_length=300, blank=True)
    published_amount = models.DecimalField("发布数", null=True, blank=True, **DIGITS)
    published_knowledge = models.CharField(
        "发布情况", max_length=5, choices=Knowledge, default=Knowledge.BLANK, blank=True
    )
    published_note = models.CharField("发布备注", max_length=300, blank=True)
    history = Trail(
        quiet=["annual_return", "round", "item", "unit"],
        instead={
            "amount": "knowledge",
            "approved_amount": "approved_knowledge",
            "published_amount": "published_knowledge",
        },
        found_by=["item__name", "item__code", "unit__name"],
    )

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "数据"
        ordering = ["annual_return", "item__order", "unit__order"]
        constraints = [
            models.UniqueConstraint(fields=["round", "item", "unit"], name="figure_once"),
            models.CheckConstraint(
                name="figure_bounded",
                condition=bounded("amount", "approved_amount", "published_amount"),
                violation_error_message="数值超出系统能存的范围。",
            ),
            models.CheckConstraint(
                name="figure_amount_only_when_known",
                condition=models.Q(knowledge=Knowledge.HAVE, amount__isnull=False)
                | (~models.Q(knowledge=Knowledge.HAVE) & models.Q(amount__isnull=True)),
                violation_error_message="“有数”必须有数值；“不适用”“暂无”不填数值。",
            ),
            models.CheckConstraint(
                name="figure_reason_when_unknown",
                condition=~models.Q(knowledge__in=sorted(WITH_REASON), note=""),
                violation_error_message="选“不适用”或“暂无”时，请在备注中写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.name} {self.unit.name}"

    def is_gone_in(self, year: int) -> bool:
        """Of a township that merged after the round was opened; the sums leave it out as well."""
        return self.item.by_township and not self.unit.is_valid_in(year)

    @property
    def page_order(self) -> tuple[object, ...]:
        """Where it stands on the page of its return. Sorted here and not by the database: Django
        takes longer to write a wide query with an order than to fetch the rows."""
        return (self.item.order, self.item.code, self.unit.order, self.unit.code)

    def history_text(self, name: str, value: Any) -> str | None:
        """是 and 否 instead of the 1 and 0 that are stored for them."""
        if name.endswith("amount") and value is not None and self.item.kind == ItemKind.YESNO:
            return "是" if value else "否"
        return None


class Explanation(models.Model):
    """情况说明 · 原因分析 · 下一步措施 of an indicator in a round, entered in the return of the
    responsible unit, published with it."""

    TEXTS = ("situation", "cause", "next_step")

    annual_return = models.ForeignKey(
        AnnualReturn, models.PROTECT, related_name="explanations", verbose_name="监测表"
    )
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="explanations", verbose_name="指标"
    )
    situation = models.TextField("情况说明", blank=True)
    cause = models.TextField("原因分析", blank=True)
    next_step = models.TextField("下一步措施", blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="填报人",
    )
    published_situation = models.TextField("已发布情况说明", blank=True)
    published_cause = models.TextField("已发布原因分析", blank=True)
    published_next_step = models.TextField("已发布下一步措施", blank=True)
    history = Trail(
        quiet=["annual_return", "indicator"], found_by=["indicator__name", "indicator__code"]
    )

    class Meta:
        verbose_name = verbose_name_plural = "情况说明"
        ordering = ["annual_return", "indicator__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["annual_return", "indicator"], name="explanation_once_per_return"
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator} 情况说明"
