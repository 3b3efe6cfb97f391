"""What figures are checked for: rules as rows, on an item or on all items of a plan."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from indicators.models.items import DataItem, ItemKind
from indicators.models.numbers import DIGITS, bounded
from organization.history import Trail
from plans.models import Plan


class CheckKind(models.TextChoices):
    BOUNDS = "bounds", "超出范围"
    MISSING = "missing", "未填"
    JUMP = "jump", "与上年跳变"
    PART = "part", "部分大于整体"
    TOTAL = "total", "乡镇合计不符"
    FALL = "fall", "累计下降"
    UNCHANGED = "unchanged", "三年未变"
    SAME = "same", "两项同数"
    FLASH = "flash", "快报年报相差"


class CheckKinds:
    """Sets of kinds. BOUNDS stand on the item and MISSING on the round, so neither is a row."""

    ROWS = frozenset(set(CheckKind) - {CheckKind.BOUNDS, CheckKind.MISSING})
    WITH_LIMIT = frozenset({CheckKind.JUMP, CheckKind.FLASH})
    WITH_FLOOR = frozenset({CheckKind.JUMP, CheckKind.FLASH, CheckKind.SAME, CheckKind.UNCHANGED})
    OF_TWO = frozenset({CheckKind.PART, CheckKind.TOTAL})
    OF_ONE_OR_TWO = OF_TWO | {CheckKind.SAME}
    # 是 and 否 neither jump nor stay suspiciously the same.
    OF_NUMBERS = frozenset(ROWS - OF_TWO)


class Severity(models.TextChoices):
    """An error blocks 报送; a warning asks for a note on the figure."""

    ERROR = "error", "错误"
    WARNING = "warning", "提醒"


class CheckRule(models.Model):
    """One check of one item, or of all items (`item` empty). The row of an item stands before
    the row for all items and before what the program checks by itself (累计 that falls, a part
    above its whole in a percentage); switched off, it exempts the item."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="check_rules", verbose_name="规划")
    item = models.ForeignKey(
        DataItem,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="check_rules",
        verbose_name="数据项",
        help_text="留空表示全部数据项",
    )
    kind = models.CharField(
        "规则",
        max_length=10,
        choices=[choice for choice in CheckKind.choices if choice[0] in CheckKinds.ROWS],
    )
    other_item = models.ForeignKey(
        DataItem,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="对照数据项",
        help_text="部分大于整体：整体；乡镇合计不符：股室填报的总数；两项同数：留空表示同表各项",
    )
    threshold = models.DecimalField(
        "界限",
        null=True,
        blank=True,
        help_text="百分之几；单位是 % 的数据项按百分点。用于与上年跳变、快报年报相差",
        **DIGITS,
    )
    floor = models.DecimalField(
        "起比数",
        null=True,
        blank=True,
        help_text="比较的数都小于它时不提示，免得个位数的变化也要说明；单位是 % 的数据项不适用",
        **DIGITS,
    )
    severity = models.CharField(
        "级别",
        max_length=10,
        choices=Severity,
        default=Severity.WARNING,
        help_text="错误：不改正不能报送；提醒：在备注中说明后可以报送",
    )
    message = models.CharField(
        "补充说明", max_length=120, blank=True, help_text="写在提示里的话，例如常见的原因"
    )
    is_active = models.BooleanField("启用", default=True)
    is_loaded = models.BooleanField("随规划载入", default=False, editable=False)
    history = Trail(found_by=["item__name", "item__code"])

    class Meta:
        verbose_name = verbose_name_plural = "检查规则"
        ordering = ["plan", models.F("item__order").asc(nulls_first=True), "kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "kind"],
                condition=Q(item__isnull=True),
                name="rule_once_for_all_items",
                violation_error_message="这条规则已经有了，请修改原来的一条。",
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "item"],
                condition=Q(item__isnull=False, other_item__isnull=True),
                name="rule_once_per_item",
                violation_error_message="这个数据项已有这条规则，请修改原来的一条。",
            ),
            models.UniqueConstraint(
                fields=["plan", "kind", "item", "other_item"],
                condition=Q(other_item__isnull=False),
                name="rule_once_per_pair",
                violation_error_message="这两个数据项已有这条规则，请修改原来的一条。",
            ),
            models.CheckConstraint(
                name="rule_kind_takes_rows",
                condition=Q(kind__in=sorted(CheckKinds.ROWS)),
                violation_error_message="未填和超出范围不设规则：范围写在数据项上。",
            ),
            models.CheckConstraint(
                name="rule_limit_where_used",
                condition=Q(
                    kind__in=sorted(CheckKinds.WITH_LIMIT), threshold__isnull=False, threshold__gt=0
                )
                | (~Q(kind__in=sorted(CheckKinds.WITH_LIMIT)) & Q(threshold__isnull=True)),
                violation_error_message="与上年跳变、快报年报相差要填大于 0 的界限，其他规则不填。",
            ),
            models.CheckConstraint(
                name="rule_floor_where_used",
                condition=Q(floor__isnull=True)
                | Q(kind__in=sorted(CheckKinds.WITH_FLOOR), floor__gte=0),
                violation_error_message="这条规则不用起比数，请清空；起比数不能小于 0。",
            ),
            models.CheckConstraint(
                name="rule_items_where_used",
                condition=Q(
                    kind__in=sorted(CheckKinds.OF_TWO),
                    item__isnull=False,
                    other_item__isnull=False,
                )
                | Q(kind=CheckKind.SAME, item__isnull=False)
                | (~Q(kind__in=sorted(CheckKinds.OF_TWO)) & Q(other_item__isnull=True)),
                violation_error_message="部分大于整体、乡镇合计不符要填数据项和对照数据项；"
                "两项同数填了对照数据项就要填数据项；其他规则不填对照数据项。",
            ),
            models.CheckConstraint(
                name="rule_of_two_different_items",
                condition=Q(item__isnull=True)
                | Q(other_item__isnull=True)
                | ~Q(item=models.F("other_item")),
                violation_error_message="数据项和对照数据项不能是同一个。",
            ),
            models.CheckConstraint(
                name="rule_bounded",
                condition=bounded("threshold", "floor"),
                violation_error_message="界限、起比数超出系统能存的范围。",
            ),
        ]

    def __str__(self) -> str:
        items = " 与 ".join(str(item) for item in (self.item, self.other_item) if item)
        return f"{self.get_kind_display()}：{items or '全部数据项'}"

    def clean(self) -> None:
        """What one row of a table cannot say: which items fit the rule."""
        items = [item for item in (self.item, self.other_item) if item]
        if any(item.plan_id != self.plan_id for item in items):
            raise ValidationError("数据项不属于这份规划，请重新选择。")
        if self.kind in CheckKinds.OF_NUMBERS and any(i.kind == ItemKind.YESNO for i in items):
            raise ValidationError("“是否”类数据项不比较大小，请换一个数据项。")
        of_two = self.kind == CheckKind.TOTAL and len(items) == 2
        if of_two and [item.by_township for item in items] != [True, False]:
            raise ValidationError("乡镇合计不符：数据项应逐乡镇填报，对照数据项应由股室填报。")
