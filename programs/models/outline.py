"""What the plan promises besides its numbers: tasks with measures, projects with components."""

from django.core.exceptions import ValidationError
from django.db import models

from indicators import settled
from indicators.models import Indicator
from indicators.models.numbers import DIGITS, bounded
from organization.history import Trail
from organization.models import Unit, UnitKind
from plans.models import Box, Clause, Plan


class Grade(models.TextChoices):
    """How firmly the plan speaks, from its verb. A *seek* item without approval is no failure."""

    FIRM = "firm", "须完成"
    ADVANCE = "advance", "推进"
    EXPLORE = "explore", "探索"
    SEEK = "seek", "争取"


class TaskKind(models.TextChoices):
    TASK = "task", "任务"
    SAFEGUARD = "safeguard", "保障措施"


class ProjectKind(models.TextChoices):
    CONSTRUCTION = "construction", "建设类"
    SERVICE = "service", "非建设类"


class Work(models.Model):
    """What a task and a project have in common. Who leads it stands in `Assignment`."""

    code = models.CharField("代码", max_length=20)
    order = models.PositiveIntegerField("排序")
    name = models.CharField("名称", max_length=80)
    clause = models.ForeignKey(
        Clause, models.PROTECT, related_name="%(class)ss", verbose_name="条款"
    )
    grade = models.CharField("承诺程度", max_length=10, choices=Grade)
    cooperating = models.ManyToManyField(
        Unit, blank=True, related_name="%(class)ss_supported", verbose_name="协同单位"
    )
    cooperating_bodies = models.CharField("其他协同部门", max_length=200, blank=True)
    indicators = models.ManyToManyField(
        Indicator, blank=True, related_name="%(class)ss", verbose_name="关联指标"
    )
    note = models.CharField("说明", max_length=300, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Task(Work):
    """任务: one paragraph of a chapter; 保障措施: one section of the last chapter."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks", verbose_name="规划")
    kind = models.CharField("类型", max_length=10, choices=TaskKind)
    history = Trail(found_by=["name", "code"])

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="task_once_per_plan"),
        ]


class Measure(models.Model):
    """措施: what one verb phrase of the task says. `sentences`: which sentences of the clause it
    comes from, counted from 1. `is_result`: done or not done, with date and document."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="measures", verbose_name="任务")
    order = models.PositiveSmallIntegerField("序")
    text = models.CharField("措施", max_length=60)
    verb = models.CharField("规划用词", max_length=20)
    grade = models.CharField("承诺程度", max_length=10, choices=Grade)
    sentences = models.JSONField("句", default=list)
    is_result = models.BooleanField("有明确结果", default=False)
    note = models.CharField("说明", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "措施"
        ordering = ["task", "order"]
        constraints = [
            models.UniqueConstraint(fields=["task", "order"], name="measure_once_per_task")
        ]

    def __str__(self) -> str:
        return f"{self.task.code}-{self.order} {self.text}"


class Project(Work):
    """项目: an item of a 专栏, or named in the text outside of the boxes (`box` is None)."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="projects", verbose_name="规划")
    box = models.ForeignKey(
        Box, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name="专栏"
    )
    kind = models.CharField("类型", max_length=12, choices=ProjectKind)
    tasks = models.ManyToManyField(
        Task, blank=True, related_name="projects", verbose_name="关联任务"
    )
    related = models.ManyToManyField(
        "self", blank=True, verbose_name="关联项目", help_text="内容重叠的项目只计一次，互相指向"
    )
    to_verify = models.CharField("待核事项", max_length=200, blank=True)
    history = Trail(found_by=["name", "code"])

    class Meta:
        verbose_name = verbose_name_plural = "项目"
        ordering = ["plan", "order"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "code"], name="project_once_per_plan"),
        ]

    @property
    def has_stages(self) -> bool:
        return self.kind == ProjectKind.CONSTRUCTION


class Component(models.Model):
    """子项: the part of a project that is built and paid for. A project in one piece has one.

    `planned` is None where the plan leaves the quantity open."""

    project = models.ForeignKey(
        Project, models.CASCADE, related_name="components", verbose_name="项目"
    )
    order = models.PositiveSmallIntegerField("序")
    name = models.CharField("名称", max_length=80)
    grade = models.CharField("承诺程度", max_length=10, choices=Grade)
    planned = models.DecimalField("计划数量", null=True, blank=True, **DIGITS)
    measure = models.CharField("计量单位", max_length=10, blank=True)
    quantity_note = models.CharField("数量说明", max_length=120, blank=True)
    townships = models.ManyToManyField(
        Unit, blank=True, related_name="components", verbose_name="乡镇"
    )
    planned_start = models.DateField("计划开工", null=True, blank=True)
    planned_end = models.DateField("计划完工", null=True, blank=True)
    sentences = models.JSONField("句", default=list)
    note = models.CharField("说明", max_length=200, blank=True)
    history = Trail(found_by=["name", "project__name"])

    class Meta:
        verbose_name = verbose_name_plural = "子项"
        ordering = ["project", "order"]
        constraints = [
            models.UniqueConstraint(fields=["project", "order"], name="component_once_per_project"),
            models.CheckConstraint(name="component_bounded", condition=bounded("planned")),
        ]

    def __str__(self) -> str:
        return f"{self.project.code}-{self.order} {self.name}"


class Assignment(models.Model):
    """牵头单位 of a task or project from a year on. Append-only, as `Responsibility` is."""

    task = models.ForeignKey(
        Task,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="任务",
    )
    project = models.ForeignKey(
        Project,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="项目",
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="assignments", verbose_name="牵头单位"
    )
    supervisor = models.CharField("分管领导", max_length=60, blank=True)
    effective_year = models.PositiveSmallIntegerField("生效年")
    basis_document = models.CharField("依据文件", max_length=200, blank=True)
    is_assumed = models.BooleanField("待确认", default=False, help_text="规划没有写明，按职能预填")
    history = Trail(found_by=["task__name", "project__name", "unit__name"])

    class Meta:
        verbose_name = verbose_name_plural = "牵头分工"
        ordering = ["effective_year", "pk"]
        constraints = [
            models.CheckConstraint(
                name="assignment_for_one_thing",
                condition=models.Q(task__isnull=True, project__isnull=False)
                | models.Q(task__isnull=False, project__isnull=True),
                violation_error_message="牵头分工要么针对一项任务，要么针对一个项目。",
            ),
            models.UniqueConstraint(
                fields=["task", "effective_year"],
                condition=models.Q(task__isnull=False),
                name="assignment_task_once_a_year",
                violation_error_message="这项任务当年已有牵头分工。",
            ),
            models.UniqueConstraint(
                fields=["project", "effective_year"],
                condition=models.Q(project__isnull=False),
                name="assignment_project_once_a_year",
                violation_error_message="这个项目当年已有牵头分工。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_year} 年起 {self.unit}"

    @property
    def of(self) -> "Task | Project | None":
        return self.task or self.project

    def clean(self) -> None:
        """As `Responsibility.clean`: after what is published, with its document, by a unit that is
        there."""
        super().clean()
        if self.of is None or self.effective_year is None:
            return  # a constraint of the table, or the form, says so
        if fault := settled.start_fault(self.of.plan, self.effective_year):
            raise ValidationError({"effective_year": fault})
        if not self.basis_document.strip():
            raise ValidationError({"basis_document": "请写明依据文件。"})
        if self.unit_id is None:
            return
        if self.unit.kind == UnitKind.TOWNSHIP:
            says = f"牵头单位应为局或股室，“{self.unit}”是乡镇。"
            raise ValidationError({"unit": says})
        if not self.unit.is_valid_in(self.effective_year):
            says = f"“{self.unit}”在 {self.effective_year} 年无效，请选当年有效的单位。"
            raise ValidationError({"unit": says})
