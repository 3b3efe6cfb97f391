"""What is asked for."""

from django.db import models

from indicators.models.numbers import DIGITS, bounded
from organization.history import Trail
from plans.models import Plan


class Nature(models.TextChoices):
    """Of a data item: what its year's figure speaks of."""

    MOMENT = "moment", "时点"
    PERIOD = "period", "时期"
    RUNNING = "running", "累计"


class ItemKind(models.TextChoices):
    NUMBER = "number", "数量"
    AMOUNT = "amount", "金额"
    RATE = "rate", "比率"
    YESNO = "yesno", "是否"


class Collection(models.TextChoices):
    DEPARTMENT = "department", "股室填报"
    LIST = "list", "股室填报并附乡镇明细"
    TOWNSHIP = "township", "乡镇填报"


class ByTownship:
    """The two ways of collection that give one figure for every township."""

    ALL = frozenset({Collection.LIST, Collection.TOWNSHIP})


class DataItem(models.Model):
    """What is asked for. An item with `rate_of` holds an indicator's known rate for years of
    which nothing else is known (历史数据) and appears in backfill rounds only."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="items", verbose_name="规划")
    code = models.CharField("代码", max_length=20)
    name = models.CharField("名称", max_length=120)
    measure = models.CharField("计量单位", max_length=20, blank=True)
    decimals = models.PositiveSmallIntegerField("小数位", default=0)
    nature = models.CharField("性质", max_length=10, choices=Nature)
    kind = models.CharField("类别", max_length=10, choices=ItemKind)
    minimum = models.DecimalField("最小值", null=True, blank=True, **DIGITS)
    maximum = models.DecimalField("最大值", null=True, blank=True, **DIGITS)
    definition = models.TextField("口径", blank=True)
    source = models.CharField("数据来源", max_length=120, blank=True)
    collection = models.CharField("采集方式", max_length=12, choices=Collection)
    rate_of = models.OneToOneField(
        "Indicator",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rate_item",
        verbose_name="历史数据所属指标",
    )
    order = models.PositiveIntegerField("排序", default=0)
    history = Trail(found_by=["name", "code"])

    class Meta:
        verbose_name = verbose_name_plural = "数据项"
        ordering = ["plan", "order", "code"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="item_once_per_plan"),
            models.CheckConstraint(
                name="item_bounds_in_order",
                condition=models.Q(minimum__isnull=True)
                | models.Q(maximum__isnull=True)
                | models.Q(minimum__lte=models.F("maximum")),
                violation_error_message="最小值不能大于最大值。",
            ),
            models.CheckConstraint(
                name="item_bounded",
                condition=bounded("minimum", "maximum"),
                violation_error_message="最小值、最大值超出系统能存的范围。",
            ),
            models.CheckConstraint(
                name="item_decimals_stored",
                condition=models.Q(decimals__lte=6),
                violation_error_message="小数位最多 6 位。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def by_township(self) -> bool:
        return self.collection in ByTownship.ALL

    @property
    def is_percentage(self) -> bool:
        return self.measure in {"%", "％"}
