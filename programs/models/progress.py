"""How far the work is, in the same rounds and returns as the figures."""

from typing import Any

from django.conf import settings
from django.db import models

from indicators.models import AnnualReturn
from indicators.models.numbers import DIGITS, bounded
from organization.history import Trail
from programs.models.outline import Component, Measure, Task


class WorkStatus(models.TextChoices):
    BLANK = "", "未填"
    NOT_STARTED = "not_started", "未启动"
    UNDER_WAY = "under_way", "推进中"
    DONE = "done", "已完成"
    BEHIND = "behind", "滞后"
    ADJUSTED = "adjusted", "调整"
    STOPPED = "stopped", "终止"
    NOT_APPROVED = "not_approved", "未获批准"


# Those that must say why; the last one is for what the plan only seeks.
EXPLAINED = frozenset(
    {WorkStatus.BEHIND, WorkStatus.ADJUSTED, WorkStatus.STOPPED, WorkStatus.NOT_APPROVED}
)


class Stage(models.TextChoices):
    """形象进度, in order."""

    BLANK = "", "—"
    CONCEIVED = "conceived", "谋划"
    PREPARING = "preparing", "前期"
    STARTED = "started", "开工"
    STRUCTURE = "structure", "主体"
    COMPLETED = "completed", "竣工"
    IN_USE = "in_use", "投用"


class Source(models.TextChoices):
    """Where the money comes from."""

    CENTRAL = "central", "中央预算内"
    PROVINCE = "province", "省级"
    COUNTY = "county", "市县财政"
    LOTTERY = "lottery", "福彩公益金"
    PRIVATE = "private", "社会资本"
    OTHER = "other", "其他"


class Progress(models.Model):
    """What the lead unit says in one round. The fields are what is being worked on; what was
    handed in, approved and published is kept beside it as it then stood (`content.py`), and
    changes only through the verbs.

    `version` grows with every save: two people on the same row do not overwrite each other."""

    annual_return = models.ForeignKey(
        AnnualReturn, models.PROTECT, related_name="%(class)s_rows", verbose_name="监测表"
    )
    status = models.CharField(
        "状态", max_length=12, choices=WorkStatus, default=WorkStatus.BLANK, blank=True
    )
    reason = models.CharField("原因", max_length=500, blank=True)
    situation = models.TextField("进展情况", blank=True)
    next_step = models.TextField("下一步措施", blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="填报人",
    )
    provider = models.CharField("代录来源", max_length=330, blank=True)
    locked = models.BooleanField("已锁定", default=False)
    version = models.PositiveIntegerField("版本", default=1)
    handed_in = models.JSONField("已报送内容", null=True, blank=True, editable=False)
    approved = models.JSONField("审核内容", null=True, blank=True, editable=False)
    published = models.JSONField("发布内容", null=True, blank=True, editable=False)

    class Meta:
        abstract = True


def explained(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        name=name,
        condition=~models.Q(status__in=sorted(EXPLAINED), reason=""),
        violation_error_message="状态为滞后、调整、终止或未获批准时，请写明原因。",
    )


KEPT = ["annual_return", "version", "handed_in", "approved", "published"]


class TaskProgress(Progress):
    task = models.ForeignKey(
        Task, models.PROTECT, related_name="progress_rows", verbose_name="任务"
    )
    history = Trail(quiet=[*KEPT, "task"], found_by=["task__name", "task__code"])

    class Meta:
        verbose_name = verbose_name_plural = "任务进展"
        ordering = ["annual_return", "task__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["annual_return", "task"], name="task_progress_once_per_return"
            ),
            explained("task_progress_explained"),
        ]

    def __str__(self) -> str:
        return f"{self.task} 进展"

    @property
    def key(self) -> str:
        """By which forms, evidence and requests name it."""
        return f"t{self.pk}"

    @property
    def work(self) -> Task:
        return self.task


class MeasureState(models.Model):
    """The state of one measure inside the progress of its task."""

    progress = models.ForeignKey(
        TaskProgress, models.CASCADE, related_name="measure_states", verbose_name="任务进展"
    )
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="states", verbose_name="措施")
    status = models.CharField(
        "状态", max_length=12, choices=WorkStatus, default=WorkStatus.BLANK, blank=True
    )
    done_on = models.DateField("完成日期", null=True, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    note = models.CharField("说明", max_length=300, blank=True)
    history = Trail(quiet=["progress", "measure"], found_by=["measure__text"])

    class Meta:
        verbose_name = verbose_name_plural = "措施进展"
        ordering = ["progress", "measure__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["progress", "measure"], name="measure_state_once_per_progress"
            ),
            models.CheckConstraint(
                name="measure_state_explained",
                condition=~models.Q(status__in=sorted(EXPLAINED), note=""),
                violation_error_message="措施为滞后、调整、终止或未获批准时，请写明原因。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.get_status_display()}"


class ComponentProgress(Progress):
    """Amounts and quantities are totals since the plan began, at the as-of date of the round."""

    component = models.ForeignKey(
        Component, models.PROTECT, related_name="progress_rows", verbose_name="子项"
    )
    stage = models.CharField(
        "形象进度", max_length=10, choices=Stage, default=Stage.BLANK, blank=True
    )
    percent = models.PositiveSmallIntegerField("完成百分比", null=True, blank=True)
    quantity = models.DecimalField("完成数量", null=True, blank=True, **DIGITS)
    planned_start = models.DateField("计划开工", null=True, blank=True)
    planned_end = models.DateField("计划完工", null=True, blank=True)
    started_on = models.DateField("实际开工", null=True, blank=True)
    completed_on = models.DateField("实际完工", null=True, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    fall_reason = models.CharField("减少或调整原因", max_length=300, blank=True)
    history = Trail(
        quiet=[*KEPT, "component"], found_by=["component__name", "component__project__name"]
    )

    class Meta:
        verbose_name = verbose_name_plural = "项目进展"
        ordering = ["annual_return", "component__project__order", "component__order"]
        constraints = [
            models.UniqueConstraint(
                fields=["annual_return", "component"], name="component_progress_once_per_return"
            ),
            explained("component_progress_explained"),
            models.CheckConstraint(
                name="component_progress_percent",
                condition=models.Q(percent__isnull=True) | models.Q(percent__lte=100),
                violation_error_message="完成百分比应在 0 至 100 之间。",
            ),
            models.CheckConstraint(
                name="component_progress_bounded",
                condition=bounded("quantity")
                & (models.Q(quantity__isnull=True) | models.Q(quantity__gte=0)),
                violation_error_message="完成数量应是不小于 0 的数。",
            ),
            models.CheckConstraint(
                name="component_progress_dates",
                condition=models.Q(started_on__isnull=True)
                | models.Q(completed_on__isnull=True)
                | models.Q(completed_on__gte=models.F("started_on")),
                violation_error_message="实际完工不能早于实际开工。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} 进展"

    @property
    def key(self) -> str:
        return f"c{self.pk}"

    @property
    def work(self) -> Component:
        return self.component


MONEY: dict[str, Any] = {"max_digits": 14, "decimal_places": 4, "null": True, "blank": True}


class Money(models.Model):
    """Investment of one source in 万元: planned, arrived and spent, totals since the beginning."""

    PARTS = ("planned", "arrived", "spent")

    progress = models.ForeignKey(
        ComponentProgress, models.CASCADE, related_name="money", verbose_name="项目进展"
    )
    source = models.CharField("资金来源", max_length=10, choices=Source)
    planned = models.DecimalField("计划投资", **MONEY)
    arrived = models.DecimalField("到位资金", **MONEY)
    spent = models.DecimalField("完成投资", **MONEY)
    history = Trail(quiet=["progress"], found_by=["progress__component__name"])

    class Meta:
        verbose_name = verbose_name_plural = "投资"
        ordering = ["progress", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["progress", "source"], name="money_once_per_source"),
            models.CheckConstraint(
                name="money_not_negative",
                condition=models.Q(
                    *(
                        models.Q(**{f"{part}__isnull": True}) | models.Q(**{f"{part}__gte": 0})
                        for part in ("planned", "arrived", "spent")
                    )
                ),
                violation_error_message="投资金额应是不小于 0 的数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.progress}"
