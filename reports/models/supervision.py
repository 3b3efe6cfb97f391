"""督办: what is followed up until it is done, with everything that was done about it.

A row says what the laggard looked like when it was opened, in the words that were shown then, so
that a list printed once stays true. Opened and changed by the verbs of `reports/supervision/`
alone."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from indicators.models import Indicator
from indicators.models.evidence import stored_name
from organization.history import Deed, Trail
from organization.models import Unit
from plans.models import Plan
from programs.models import Component, Project, Task

PREFIX = "督办"


class SupervisionState(models.TextChoices):
    """What is stored; 临期 and 逾期 follow from the date (`supervision.standing`)."""

    OPEN = "open", "办理中"
    CLOSED = "closed", "已销号"
    CANCELLED = "cancelled", "已撤销"


def _key(model: type[models.Model], name: str) -> models.ForeignKey:
    return models.ForeignKey(
        model, models.PROTECT, null=True, blank=True, related_name="supervisions", verbose_name=name
    )


class Supervision(models.Model):
    """One row of the 督办清单.

    `year` and `serial` number it; `about_year` is the year of the plan that lagged, `as_of` and
    `nature` the published data it was read from. `version` grows with every change but a note."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="supervisions", verbose_name="规划")
    prefix = models.CharField("编号字头", max_length=20, default=PREFIX)
    year = models.PositiveSmallIntegerField("编号年份")
    serial = models.PositiveIntegerField("编号")

    indicator = _key(Indicator, "指标")
    task = _key(Task, "任务")
    project = _key(Project, "项目")
    component = _key(Component, "子项")

    title = models.CharField("事项", max_length=200)
    about_year = models.PositiveSmallIntegerField("数据年度")
    as_of = models.DateField("数据时点", null=True, blank=True)
    nature = models.CharField("数据性质", max_length=40, blank=True)
    status_then = models.CharField("开启时状态代码", max_length=20)
    label_then = models.CharField("开启时状态", max_length=20)
    value_then = models.CharField("开启时数值", max_length=120, blank=True)
    gap = models.CharField("差距", max_length=300, blank=True)
    cause = models.TextField("原因", max_length=1000)

    measures = models.TextField("措施", max_length=1000)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="supervisions", verbose_name="责任单位"
    )
    lead = models.CharField("责任领导", max_length=60)
    deadline = models.DateField("时限")

    opened_on = models.DateField("开启日期")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="开启人"
    )
    state = models.CharField(
        "状态", max_length=10, choices=SupervisionState, default=SupervisionState.OPEN
    )
    ended_on = models.DateField("销号或撤销日期", null=True, blank=True)
    outcome = models.TextField("销号成效或撤销原因", max_length=1000, blank=True)
    document = models.CharField("销号依据文件", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=0, editable=False)
    history = Trail(
        quiet=["version", "serial", "status_then"],
        found_by=["title", "unit__name", "lead", "document"],
    )

    class Meta:
        verbose_name = verbose_name_plural = "督办"
        ordering = ["plan", "year", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "year", "serial"],
                name="supervision_number_once",
                violation_error_message="这个督办编号已经用过，请重新提交。",
            ),
            models.CheckConstraint(
                name="supervision_of_one_thing",
                condition=Q(indicator__isnull=False, task__isnull=True, project__isnull=True)
                | Q(indicator__isnull=True, task__isnull=False, project__isnull=True)
                | Q(indicator__isnull=True, task__isnull=True, project__isnull=False),
                violation_error_message="一条督办只针对一个指标、一项任务或一个项目。",
            ),
            models.CheckConstraint(
                name="supervision_component_of_project",
                condition=Q(component__isnull=True) | Q(project__isnull=False),
                violation_error_message="督办子项时要同时写明它的项目。",
            ),
            models.CheckConstraint(
                name="supervision_deadline_after_opening",
                condition=Q(deadline__gte=models.F("opened_on")),
                violation_error_message="时限不能早于开启日期。",
            ),
            models.CheckConstraint(
                name="supervision_ended_says_how",
                condition=Q(state=SupervisionState.OPEN, ended_on__isnull=True, outcome="")
                | (~Q(state=SupervisionState.OPEN) & Q(ended_on__isnull=False) & ~Q(outcome="")),
                violation_error_message="销号要写明成效，撤销要写明原因，都要有日期。",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=Q(state=SupervisionState.OPEN) & Q(**more),
                    name=f"supervision_open_once_{name}",
                    violation_error_message="这个事项正在督办，不能重复开启。",
                )
                for name, more in (
                    ("indicator", {}),
                    ("task", {}),
                    ("project", {"component__isnull": True}),
                    ("component", {}),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        return number_of(self.prefix, self.year, self.serial)

    @property
    def is_open(self) -> bool:
        return self.state == SupervisionState.OPEN


def number_of(prefix: str, year: int, serial: int) -> str:
    """“督办〔2025〕3号”."""
    return f"{prefix}〔{year}〕{serial}号"


class SupervisionAct(Deed):
    """One thing done about a row, with its own words: the progress notes are these too. `on` is
    the day the person names, `version` that of the row afterwards."""

    class Verb(models.TextChoices):
        OPEN = "open", "开启督办"
        REVISE = "revise", "调整督办"
        NOTE = "note", "报告进展"
        CLOSE = "close", "销号"
        CANCEL = "cancel", "撤销督办"
        REOPEN = "reopen", "恢复督办"

    supervision = models.ForeignKey(
        Supervision, models.PROTECT, related_name="acts", verbose_name="督办"
    )
    verb = models.CharField("动作", max_length=10, choices=Verb)
    on = models.DateField("日期")
    text = models.TextField("内容", max_length=1000, blank=True)
    document = models.CharField("依据文件", max_length=200, blank=True)
    version = models.PositiveIntegerField("版本", default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人"
    )
    at = models.DateTimeField("时间", auto_now_add=True)
    done_by, told_in = "by", "text"
    found_by = ("supervision__title", "supervision__unit__name", "document")
    told_with = ("supervision",)

    class Meta:
        verbose_name = verbose_name_plural = "督办办理"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="supervision_act_says_what",
                condition=Q(verb__in=["open", "revise"]) | ~Q(text=""),
                violation_error_message="进展、销号成效和撤销、恢复的原因都要写明。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.supervision.number}"

    @property
    def action(self) -> str:
        return str(self.get_verb_display())

    @property
    def subject(self) -> str:
        return str(self.supervision)

    @classmethod
    def told_here_alone(cls) -> Q:
        """Every other verb changes the row, whose history has its words (`verbs._keep`)."""
        return Q(verb=cls.Verb.NOTE)


class SupervisionFile(models.Model):
    """A file that proves a 销号. Never changed and never removed; its content is checked like any
    evidence (`indicators/evidence.py`)."""

    act = models.ForeignKey(
        SupervisionAct, models.PROTECT, related_name="files", verbose_name="销号"
    )
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    file = models.FileField("文件", upload_to=stored_name, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    history = Trail(quiet=["file", "content_type"], found_by=["name", "act__supervision__title"])

    class Meta:
        verbose_name = verbose_name_plural = "督办佐证"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="supervision_file_not_empty", condition=Q(size__gt=0) & ~Q(sha256="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kept_with(self) -> str:
        """Where it belongs, for whoever looks for damage."""
        return str(self.act.supervision)

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2].upper()

    @property
    def short_sha256(self) -> str:
        return self.sha256[:8]
