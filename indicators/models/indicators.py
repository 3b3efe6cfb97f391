"""What is measured: an indicator, its terms, its bands."""

from collections.abc import Collection
from decimal import Decimal

from django.db import models

from indicators.models.items import DataItem
from indicators.models.numbers import DIGITS, bounded
from indicators.progress import Comparator, Kind, Verdict
from organization.history import Trail
from plans.models import Clause, Plan


class Group(models.TextChoices):
    TABLE = "table1", "主要指标"
    COMMITMENT = "commitment", "正文量化目标"


class Attribute(models.TextChoices):
    BINDING = "binding", "约束性"
    ANTICIPATORY = "anticipatory", "预期性"


class IndicatorKind(models.TextChoices):
    REACH = Kind.REACH.value, "到期达到"
    HOLD = Kind.HOLD.value, "每年保持"
    BAR = Kind.BAR.value, "动态参照"


class VerdictRule(models.TextChoices):
    DUE = Verdict.DUE.value, "到期年评定"
    EVERY = Verdict.EVERY.value, "逐年评定"


class Comparison(models.TextChoices):
    GE = Comparator.GE.value, "不低于"
    GT = Comparator.GT.value, "高于"
    LE = Comparator.LE.value, "不高于"
    LT = Comparator.LT.value, "低于"


class Method(models.TextChoices):
    DIRECT = "direct", "直接取数"
    RATIO = "ratio", "比率"
    GROWTH = "growth", "增速"
    BAND = "band", "分档达标"


class GrowthBasis(models.TextChoices):
    YEARLY = "yearly", "逐年增速"
    CUMULATIVE = "cumulative", "规划期累计增速"


class GapRule(models.TextChoices):
    """How the distance to the target is told: in the indicator's own unit, or as a whole number
    to be added to the numerator (改造), or that and to both parts of the ratio (新建)."""

    VALUE = "value", "按指标单位"
    NUMERATOR = "numerator", "补足分子（改造口径）"
    BOTH = "both", "补足分子，或分子分母同增（新建口径）"


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def table(self) -> "IndicatorQuerySet":
        return self.filter(group=Group.TABLE)

    def in_rounds(self, rounds: Collection[int]) -> "IndicatorQuerySet":
        """One row for every indicator and round of its plan, as `round_id` and `round_year`."""
        rows = self.filter(plan__rounds__in=rounds)
        year = models.F("plan__rounds__year")
        return rows.annotate(round_id=models.F("plan__rounds"), round_year=year)

    def for_year(self, year: int | models.OuterRef) -> "IndicatorQuerySet":
        """With the responsible unit, its 分管领导 and the target in force in that year, and what
        its numerator counts."""

        def in_force(relation: str, field: str) -> models.Subquery:
            model = self.model._meta.get_field(relation).related_model
            rows = model._default_manager.filter(
                indicator=models.OuterRef("pk"), effective_year__lte=year
            )
            return models.Subquery(rows.order_by("-effective_year", "-pk").values(field)[:1])

        numerator = Term.objects.filter(indicator=models.OuterRef("pk"), role=TermRole.NUMERATOR)
        return self.annotate(
            counted_kind=models.Subquery(numerator.order_by("order").values("item__kind")[:1]),
            counted_in=models.Subquery(numerator.order_by("order").values("item__measure")[:1]),
            target_value=in_force("targets", "value"),
            target_printed=in_force("targets", "printed"),
            unit_id=in_force("responsibilities", "unit_id"),
            unit_name=in_force("responsibilities", "unit__name"),
            supervisor=in_force("responsibilities", "supervisor"),
        )


class Indicator(models.Model):
    """One measured goal of a plan: as printed, and how it is counted and judged.

    Its inputs are `Term`s, its goal the newest `Target`, its owner the newest `Responsibility`,
    its wording the newest `Definition`; none of these is overwritten."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="indicators", verbose_name="规划")
    code = models.CharField("代码", max_length=20)
    group = models.CharField("组别", max_length=12, choices=Group)
    order = models.PositiveIntegerField("排序")
    row_no = models.PositiveSmallIntegerField("表中序号", null=True, blank=True)
    name = models.CharField("名称", max_length=120)
    printed_unit = models.CharField("原文单位", max_length=20, blank=True)
    display_unit = models.CharField("显示单位", max_length=20, blank=True)
    printed_target = models.CharField("原文目标", max_length=120)
    attribute = models.CharField("属性", max_length=12, choices=Attribute, blank=True)
    kind = models.CharField("类型", max_length=8, choices=IndicatorKind)
    verdict = models.CharField("评定规则", max_length=8, choices=VerdictRule)
    comparator = models.CharField("比较", max_length=2, choices=Comparison, default=Comparison.GE)
    due_year = models.PositiveSmallIntegerField("到期年")
    method = models.CharField("计算方法", max_length=8, choices=Method)
    scale = models.DecimalField("倍率", default=Decimal(1), **DIGITS)
    decimals = models.PositiveSmallIntegerField("显示小数位", default=2)
    growth_basis = models.CharField(
        "增速口径", max_length=12, choices=GrowthBasis, default=GrowthBasis.YEARLY
    )
    zero_over_zero = models.BooleanField(
        "分子分母均为 0 时不适用", default=False, help_text="当年确无此项工作对象"
    )
    gap_rule = models.CharField("差距算法", max_length=10, choices=GapRule, default=GapRule.VALUE)
    clause = models.ForeignKey(
        Clause,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name="条款",
    )
    to_verify = models.CharField(
        "待核事项", max_length=200, blank=True, help_text="例如“目标偏高，待核”"
    )
    history = Trail(found_by=["name", "code"])

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "指标"
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="indicator_once_per_plan"),
            models.CheckConstraint(
                name="indicator_scale_positive",
                condition=models.Q(scale__gt=0) & bounded("scale"),
                violation_error_message="倍率必须大于 0。",
            ),
            models.CheckConstraint(
                name="indicator_table_has_attribute",
                condition=~models.Q(group=Group.TABLE, attribute=""),
                violation_error_message="主要指标必须写明约束性或预期性。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class TermRole(models.TextChoices):
    NUMERATOR = "numerator", "分子"
    DENOMINATOR = "denominator", "分母"
    SERIES = "series", "增速序列"
    BAR = "bar", "参照值"
    AMOUNT = "amount", "分档数量"
    SIZE = "size", "分档规模"


class Term(models.Model):
    """One input of an indicator: (item, factor, lag in years). A term without an item counts the
    townships valid in the year."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="terms", verbose_name="指标"
    )
    role = models.CharField("部位", max_length=12, choices=TermRole)
    item = models.ForeignKey(
        DataItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="terms",
        verbose_name="数据项",
        help_text="留空表示当年有效的乡镇数",
    )
    factor = models.DecimalField("系数", default=Decimal(1), **DIGITS)
    lag = models.PositiveSmallIntegerField("滞后年数", default=0)
    order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "计算项"
        ordering = ["indicator", "order"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "order"], name="term_once_per_indicator"),
            models.CheckConstraint(
                name="term_factor_bounded",
                condition=bounded("factor"),
                violation_error_message="系数超出系统能存的范围。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}：{self.item or '乡镇数'}"


class Band(models.Model):
    """From this size on, a unit needs at least this amount."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="bands", verbose_name="指标"
    )
    size_from = models.DecimalField("规模下限", **DIGITS)
    minimum = models.DecimalField("最低数量", **DIGITS)

    class Meta:
        verbose_name = verbose_name_plural = "分档标准"
        ordering = ["indicator", "size_from"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "size_from"], name="band_once"),
            models.CheckConstraint(name="band_bounded", condition=bounded("size_from", "minimum")),
        ]

    def __str__(self) -> str:
        return f"{self.size_from:f} 起不少于 {self.minimum:f}"
