"""THE DOCUMENT: a plan from its title down to the single paragraph.

Everything here is data that `manage.py load_plan` reads from a folder; nothing in the code
knows which plan it is, how long it runs or how many indicators it has."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from organization.history import Trail
from organization.models import Unit


class Plan(models.Model):
    """One five-year plan of one bureau, with the thresholds by which its progress is judged."""

    code = models.SlugField("规划代码", max_length=40, unique=True)
    title = models.CharField("规划名称", max_length=120)
    short_title = models.CharField("简称", max_length=40)
    bureau = models.ForeignKey(Unit, models.PROTECT, related_name="plans", verbose_name="编制单位")
    document_no = models.CharField("发文字号", max_length=60, blank=True)
    issued_on = models.DateField("发布日期", null=True, blank=True)
    issuing_body = models.CharField("印发机关", max_length=60, blank=True)
    base_year = models.PositiveSmallIntegerField("基期年")
    start_year = models.PositiveSmallIntegerField("起始年")
    end_year = models.PositiveSmallIntegerField("末年")
    evaluation_years = models.JSONField(
        "评估年度", default=list, blank=True, help_text="例如 [2023, 2025]"
    )
    table_title = models.CharField("指标表标题", max_length=120, blank=True)
    fast_from = models.DecimalField(
        "快于序时 ≥",
        max_digits=6,
        decimal_places=3,
        default=Decimal("1.05"),
        validators=[MinValueValidator(0)],
    )
    on_pace_from = models.DecimalField(
        "符合序时 ≥",
        max_digits=6,
        decimal_places=3,
        default=Decimal("0.95"),
        validators=[MinValueValidator(0)],
    )
    slight_from = models.DecimalField(
        "略有滞后 ≥",
        max_digits=6,
        decimal_places=3,
        default=Decimal("0.60"),
        validators=[MinValueValidator(0)],
    )
    is_sample = models.BooleanField("演示数据", default=False, editable=False)
    history = Trail(found_by=["title", "short_title", "code"])

    class Meta:
        verbose_name = verbose_name_plural = "规划"
        ordering = ["-start_year", "code"]
        constraints = [
            models.CheckConstraint(
                name="plan_years_in_order",
                condition=models.Q(base_year__lt=models.F("start_year"))
                & models.Q(start_year__lte=models.F("end_year")),
                violation_error_message="年份应为：基期年 < 起始年 ≤ 末年。",
            ),
            models.CheckConstraint(
                name="plan_thresholds_in_order",
                condition=models.Q(slight_from__lte=models.F("on_pace_from"))
                & models.Q(on_pace_from__lte=models.F("fast_from")),
                violation_error_message="三个界限应从小到大：略有滞后 ≤ 符合序时 ≤ 快于序时。",
            ),
        ]

    def __str__(self) -> str:
        return self.short_title

    @property
    def years(self) -> range:
        """From the base year to the last, as columns of every table."""
        return range(self.base_year, self.end_year + 1)


class Chapter(models.Model):
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="chapters", verbose_name="规划")
    number = models.PositiveSmallIntegerField("章号")
    title = models.CharField("标题", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "章"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="chapter_once_per_plan")
        ]

    def __str__(self) -> str:
        return f"第{self.number}章 {self.title}"


class Section(models.Model):
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="sections", verbose_name="章")
    number = models.PositiveSmallIntegerField("节号")
    title = models.CharField("标题", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "节"
        ordering = ["chapter", "number"]
        constraints = [
            models.UniqueConstraint(fields=["chapter", "number"], name="section_once_per_chapter")
        ]

    def __str__(self) -> str:
        return f"{self.chapter.number}.{self.number} {self.title}"


class Box(models.Model):
    """A 专栏: the projects printed beside a section's paragraphs."""

    section = models.ForeignKey(Section, models.CASCADE, related_name="boxes", verbose_name="节")
    number = models.PositiveSmallIntegerField("专栏号")
    title = models.CharField("标题", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "专栏"
        ordering = ["section", "number"]
        constraints = [
            models.UniqueConstraint(fields=["section", "number"], name="box_once_per_section")
        ]

    def __str__(self) -> str:
        return f"专栏{self.number} {self.title}"


class ClauseKind(models.TextChoices):
    PARAGRAPH = "paragraph", "正文段落"
    BOX_ITEM = "box_item", "专栏条目"
    TABLE_ROW = "table_row", "表格行"


class Clause(models.Model):
    """One paragraph, box item or table row, found by its locator (“第四章第一节 第3段”).

    The published wording is not part of the product: the office reads its own document in with
    `manage.py load_plan_text`. `sentences` counts what the document must contain here."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="clauses", verbose_name="规划")
    section = models.ForeignKey(
        Section, models.CASCADE, null=True, blank=True, related_name="clauses", verbose_name="节"
    )
    box = models.ForeignKey(
        Box, models.CASCADE, null=True, blank=True, related_name="clauses", verbose_name="专栏"
    )
    locator = models.CharField("定位", max_length=60)
    kind = models.CharField("类型", max_length=12, choices=ClauseKind)
    order = models.PositiveIntegerField("排序")
    summary = models.CharField("概要", max_length=300)
    sentences = models.PositiveSmallIntegerField("句数", default=0)
    reason = models.CharField(
        "不设任务的理由", max_length=200, blank=True, help_text="例如“现状描述，不含任务”"
    )
    wording = models.TextField("发布原文", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "条款"
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "locator"], name="clause_once_per_plan")
        ]

    def __str__(self) -> str:
        return self.locator


class StatedNumber(models.Model):
    """A number as the clause prints it, and what of ours represents it — or why nothing does."""

    clause = models.ForeignKey(Clause, models.CASCADE, related_name="numbers", verbose_name="条款")
    order = models.PositiveSmallIntegerField("第几个数")
    printed = models.CharField("原文数字", max_length=30)
    represented_by = models.CharField("由何体现", max_length=120, blank=True)
    reason = models.CharField("不单列的理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "条款中的数字"
        ordering = ["clause", "order"]
        constraints = [
            models.UniqueConstraint(fields=["clause", "order"], name="stated_number_once"),
            models.CheckConstraint(
                name="stated_number_represented_or_explained",
                condition=~models.Q(represented_by="", reason=""),
                violation_error_message="每个数字都要写明由何体现，或不单列的理由。",
            ),
        ]

    def __str__(self) -> str:
        return self.printed


class DataVersion(models.Model):
    """Names the state of one table's rows of a plan: whatever is written to them, by any path, puts
    another token here, in the same transaction and by the database itself
    (`plans/version_triggers.py`).

    The version is all tokens together. There is more than one of a table where several
    transactions wrote at once, so that nobody waits for anybody. Random, not counted: a restored
    backup gets the name of the state it holds, never that of another."""

    plan = models.ForeignKey(
        Plan, models.DO_NOTHING, related_name="+", db_constraint=False, verbose_name="规划"
    )
    table = models.CharField("表", max_length=63)
    token = models.CharField("状态", max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "数据版本"
        ordering = ["pk"]
        indexes = [models.Index(fields=["plan", "table"], name="data_version_of_table")]

    def __str__(self) -> str:
        return f"{self.table} {self.token}"
