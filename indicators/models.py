"""THE NUMBERS: what is measured, who owes it, what was entered, what it comes to.

Figures are entered once and used many times: a `Figure` is a data item of a unit in a round, an
`AnnualValue` is what the figures of a year make of an indicator, computed and never typed.
Only `indicators/workflow.py` changes figures, returns and rounds; only `indicators/values.py`
writes annual values."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from indicators.fields import ExactDecimalField
from indicators.progress import Comparator, Kind, Verdict
from organization.models import Unit
from plans.models import Clause, Plan

# Every typed number: below 10^12, at most 6 decimals, at most 15 significant digits. SQLite keeps
# numbers as floats of 15 digits and fails on reading larger ones, so the bound is a database
# constraint, not only a form check (the digits are checked in `entry.py`).
DIGITS = {"max_digits": 18, "decimal_places": 6}
LARGEST = Decimal("999999999999")
SIGNIFICANT = 15


def bounded(*names: str) -> models.Q:
    within = models.Q()
    for name in names:
        inside = models.Q(**{f"{name}__gte": -LARGEST}) & models.Q(**{f"{name}__lte": LARGEST})
        within &= models.Q(**{f"{name}__isnull": True}) | inside
    return within


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
    history = HistoricalRecords()

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

    def for_year(self, year: int) -> "IndicatorQuerySet":
        """With the responsible unit, its 分管领导 and the target in force in that year, and what
        its numerator counts."""

        def in_force(model: type[models.Model], field: str) -> models.Subquery:
            rows = model._default_manager.filter(
                indicator=models.OuterRef("pk"), effective_year__lte=year
            )
            return models.Subquery(rows.order_by("-effective_year", "-pk").values(field)[:1])

        numerator = Term.objects.filter(indicator=models.OuterRef("pk"), role=TermRole.NUMERATOR)
        return self.annotate(
            counted_kind=models.Subquery(numerator.order_by("order").values("item__kind")[:1]),
            counted_in=models.Subquery(numerator.order_by("order").values("item__measure")[:1]),
            target_value=in_force(Target, "value"),
            target_printed=in_force(Target, "printed"),
            unit_id=in_force(Responsibility, "unit_id"),
            unit_name=in_force(Responsibility, "unit__name"),
            supervisor=in_force(Responsibility, "supervisor"),
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
    history = HistoricalRecords()

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
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "目标值"
        ordering = ["indicator", "effective_year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"],
                condition=models.Q(is_original=True),
                name="target_one_original",
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
    history = HistoricalRecords()

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
    history = HistoricalRecords()

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
    history = HistoricalRecords()

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


class RoundNature(models.TextChoices):
    FORECAST = "forecast", "预计数"
    FLASH = "flash", "快报数"
    ANNUAL = "annual", "年报数"


class RoundQuerySet(models.QuerySet["Round"]):
    def published(self) -> "RoundQuerySet":
        return self.filter(published_at__isnull=False)


class Round(models.Model):
    """填报批次: one call for the figures of a year. A year's figure of an item is the one of the
    newest round that has it: the later as-of date, then the firmer nature, then the later row."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rounds", verbose_name="规划")
    year = models.PositiveSmallIntegerField("年度")
    name = models.CharField("批次名称", max_length=60)
    nature = models.CharField("数据性质", max_length=10, choices=RoundNature)
    as_of = models.DateField("数据时点")
    due_on = models.DateField("报送截止", null=True, blank=True)
    is_backfill = models.BooleanField(
        "历史补录", default=False, help_text="补录往年数据：可以直接填已知的比率，并标注“历史数据”"
    )
    opened_at = models.DateTimeField("开启时间", auto_now_add=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="发布人",
        editable=False,
    )
    signed_by = models.CharField("审定签发人", max_length=60, blank=True)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    history = HistoricalRecords()

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "填报批次"
        ordering = ["plan", "-year", "-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year", "name"],
                name="round_name_once_a_year",
                violation_error_message="这一年已有同名批次，请换一个名称。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} 年{self.name}"

    @property
    def rank(self) -> tuple[object, int, int]:
        """Greater is newer."""
        return (self.as_of, list(RoundNature.values).index(self.nature), self.pk)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class ReturnStatus(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已报送"
    APPROVED = "approved", "已审核"


class AnnualReturn(models.Model):
    """规划实施监测表: what one unit owes in one round, on one page.

    Invariant, kept by `indicators/workflow.py`: in DRAFT the figures that are not locked may
    change; SUBMITTED and APPROVED change nothing. `version` grows with every act, so that a
    page that was opened before another act is refused."""

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="returns", verbose_name="填报批次"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="returns", verbose_name="填报单位")
    status = models.CharField(
        "状态", max_length=10, choices=ReturnStatus, default=ReturnStatus.DRAFT
    )
    version = models.PositiveIntegerField("版本", default=1)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="报送人",
    )
    submitted_at = models.DateTimeField("报送时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    approved_at = models.DateTimeField("审核时间", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = verbose_name_plural = "规划实施监测表"
        ordering = ["round", "unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="return_once_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.unit}"


class ReturnAct(models.Model):
    """What was done to a return, by whom, when and why: append-only, kept for ever."""

    class Verb(models.TextChoices):
        SAVE = "save", "保存草稿"
        SUBMIT = "submit", "报送"
        WITHDRAW = "withdraw", "撤回"
        APPROVE = "approve", "审核通过"
        SEND_BACK = "send_back", "退回"
        REOPEN = "reopen", "重新开启"
        PUBLISH = "publish", "发布"
        CORRECT = "correct", "更正"

    annual_return = models.ForeignKey(
        AnnualReturn, models.PROTECT, related_name="acts", verbose_name="监测表"
    )
    verb = models.CharField("动作", max_length=12, choices=Verb)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    reason = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["annual_return", "pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.actor}"


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
    locked = models.BooleanField("已锁定", default=False)
    approved_amount = models.DecimalField("审核数", null=True, blank=True, **DIGITS)
    approved_knowledge = models.CharField(
        "审核情况", max_length=5, choices=Knowledge, default=Knowledge.BLANK, blank=True
    )
    published_amount = models.DecimalField("发布数", null=True, blank=True, **DIGITS)
    published_knowledge = models.CharField(
        "发布情况", max_length=5, choices=Knowledge, default=Knowledge.BLANK, blank=True
    )
    history = HistoricalRecords()

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
    history = HistoricalRecords()

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
