"""What is aimed at, how it is counted and who answers for it. None of it is overwritten."""

from django.core.exceptions import ValidationError
from django.db import models

from indicators import settled
from indicators.models.indicators import Indicator
from indicators.models.items import DataItem
from indicators.models.numbers import DIGITS, bounded
from organization.history import Trail
from organization.models import Unit, UnitKind
from plans.models import Clause, Plan


class Target(models.Model):
    """The value to be reached by the due year. A revision is a new row, never an overwrite
    (`workflow.revise_target`); the first row is the plan as issued."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="targets", verbose_name="指标"
    )
    value = models.DecimalField("目标值", null=True, blank=True, **DIGITS)
    printed = models.CharField("目标表述", max_length=120)
    effective_year = models.PositiveSmallIntegerField("生效年")
    reason = models.TextField("调整原因", blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    approved_by_body = models.CharField("批准机关", max_length=120, blank=True)
    is_original = models.BooleanField("规划原定", default=False)
    history = Trail(found_by=["indicator__name", "indicator__code"])

    class Meta:
        verbose_name = verbose_name_plural = "目标值"
        ordering = ["indicator", "effective_year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"],
                condition=models.Q(is_original=True),
                name="target_one_original",
            ),
            models.UniqueConstraint(
                fields=["indicator", "effective_year"],
                condition=models.Q(is_original=False),
                name="target_one_revision_a_year",
                violation_error_message="这个指标当年已调整过目标。",
            ),
            models.CheckConstraint(
                name="target_revision_explained",
                condition=models.Q(is_original=True)
                | ~(models.Q(reason="") | models.Q(document="") | models.Q(approved_by_body="")),
                violation_error_message="调整目标必须写明原因、依据文件和批准机关。",
            ),
            models.CheckConstraint(name="target_bounded", condition=bounded("value")),
        ]

    def __str__(self) -> str:
        return self.printed


class Milestone(models.Model):
    """The value to be reached by 31 December of a year before the due year."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="milestones", verbose_name="指标"
    )
    year = models.PositiveSmallIntegerField("年度")
    value = models.DecimalField("年度目标", **DIGITS)
    basis = models.CharField("依据", max_length=200, blank=True)
    history = Trail(found_by=["indicator__name", "indicator__code"])

    class Meta:
        verbose_name = verbose_name_plural = "年度目标"
        ordering = ["indicator", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "year"],
                name="milestone_once_a_year",
                violation_error_message="这个指标当年已有年度目标。",
            ),
            models.CheckConstraint(name="milestone_bounded", condition=bounded("value")),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年 {self.value:f}"

    def clean(self) -> None:
        """Between base and due year, with its document, and never for a year already published:
        what was judged in public is not judged anew in silence."""
        super().clean()
        if self.indicator_id is None or self.year is None:
            return  # the form asks for them
        first, last = self.indicator.plan.base_year, self.indicator.due_year
        if not first < self.year < last:
            raise ValidationError({"year": f"年度目标应在 {first + 1} 至 {last - 1} 年之间。"})
        if _is_published(self):
            raise ValidationError({"year": f"{self.year} 年数据已经发布，不能再设年度目标。"})
        stored = Milestone.objects.filter(pk=self.pk).select_related("indicator__plan").first()
        if stored is not None and _is_published(stored):
            raise ValidationError(
                {
                    "year": f"这是 {stored.year} 年的年度目标，该年数据已经发布，不能再改；"
                    "其他年份的年度目标请另行增加。"
                }
            )
        if not self.basis.strip():
            raise ValidationError({"basis": "请写明年度目标的依据文件。"})


def _is_published(milestone: Milestone) -> bool:
    return milestone.indicator.plan.rounds.published().filter(year=milestone.year).exists()


def _refuse_start(row: "Definition | Responsibility", plan: Plan) -> None:
    """It begins inside the plan and after the years that are published, and names its document."""
    if fault := settled.start_fault(plan, row.effective_year):
        raise ValidationError({"effective_year": fault})
    if not row.basis_document.strip():
        raise ValidationError({"basis_document": "请写明依据文件。"})


class Definition(models.Model):
    """The 口径 from a year on. Append-only: old years keep their wording."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="definitions", verbose_name="指标"
    )
    effective_year = models.PositiveSmallIntegerField("生效年")
    text = models.TextField("口径")
    is_interpretation = models.BooleanField(
        "属口径解释", default=False, help_text="规划文本没有写明，由办公室确定"
    )
    breaks_series = models.BooleanField("与以前年份不可比", default=False)
    basis_document = models.CharField("依据文件", max_length=200, blank=True)
    history = Trail(found_by=["indicator__name", "indicator__code"])

    class Meta:
        verbose_name = verbose_name_plural = "口径"
        ordering = ["indicator", "effective_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "effective_year"],
                name="definition_once_a_year",
                violation_error_message="这个指标当年已有口径。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.effective_year} 年起：{self.text[:30]}"

    def clean(self) -> None:
        super().clean()
        if self.indicator_id is not None:
            _refuse_start(self, self.indicator.plan)


class Responsibility(models.Model):
    """Who answers for an indicator, or owes an item, from a year on. Append-only."""

    indicator = models.ForeignKey(
        Indicator,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="responsibilities",
        verbose_name="指标",
    )
    item = models.ForeignKey(
        DataItem,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="responsibilities",
        verbose_name="数据项",
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="responsibilities", verbose_name="责任单位"
    )
    supervisor = models.CharField("分管领导", max_length=60, blank=True)
    effective_year = models.PositiveSmallIntegerField("生效年")
    basis_document = models.CharField("依据文件", max_length=200, blank=True)
    history = Trail(found_by=["indicator__name", "item__name", "unit__name"])

    class Meta:
        verbose_name = verbose_name_plural = "责任分工"
        ordering = ["effective_year", "pk"]
        constraints = [
            models.CheckConstraint(
                name="responsibility_for_one_thing",
                condition=models.Q(indicator__isnull=True, item__isnull=False)
                | models.Q(indicator__isnull=False, item__isnull=True),
                violation_error_message="责任分工要么针对一个指标，要么针对一个数据项。",
            ),
            models.UniqueConstraint(
                fields=["indicator", "effective_year"],
                condition=models.Q(indicator__isnull=False),
                name="responsibility_indicator_once_a_year",
                violation_error_message="这个指标当年已有责任分工。",
            ),
            models.UniqueConstraint(
                fields=["item", "effective_year"],
                condition=models.Q(item__isnull=False),
                name="responsibility_item_once_a_year",
                violation_error_message="这个数据项当年已有责任分工。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_year} 年起 {self.unit}"

    def clean(self) -> None:
        super().clean()
        of = self.indicator or self.item
        if of is None:
            return  # a constraint of the table says so
        _refuse_start(self, of.plan)
        if self.unit_id is None or self.effective_year is None:
            return
        if self.unit.kind == UnitKind.TOWNSHIP:
            says = f"责任单位应为局或股室，“{self.unit}”是乡镇；乡镇填报由数据项的采集方式决定。"
            raise ValidationError({"unit": says})
        if not self.unit.is_valid_in(self.effective_year):
            says = f"“{self.unit}”在 {self.effective_year} 年无效，请选当年有效的单位。"
            raise ValidationError({"unit": says})


class StatedValue(models.Model):
    """A base fact that the plan itself prints, shown beside the input it belongs to. It becomes
    a figure only when somebody enters it."""

    item = models.ForeignKey(
        DataItem, models.CASCADE, related_name="stated_values", verbose_name="数据项"
    )
    clause = models.ForeignKey(
        Clause, models.PROTECT, related_name="stated_values", verbose_name="条款"
    )
    year = models.PositiveSmallIntegerField("年度")
    amount = models.DecimalField("数值", **DIGITS)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "规划所载数值"
        ordering = ["item", "year"]
        constraints = [
            models.UniqueConstraint(fields=["item", "year"], name="stated_value_once"),
            models.CheckConstraint(name="stated_value_bounded", condition=bounded("amount")),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年 {self.amount:f}"
