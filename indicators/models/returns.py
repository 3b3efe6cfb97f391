"""Rounds, and what each unit hands in."""

from datetime import date

from django.conf import settings
from django.db import models

from organization.history import Deed, Trail
from organization.models import Unit, UnitKind
from plans.models import Plan


class RoundNature(models.TextChoices):
    FORECAST = "forecast", "预计数"
    FLASH = "flash", "快报数"
    ANNUAL = "annual", "年报数"


FIRMNESS = {nature: place for place, nature in enumerate(RoundNature.values)}


def rank_of(as_of: date, nature: str, pk: int) -> tuple[date, int, int]:
    """Of a round; greater is newer."""
    return (as_of, FIRMNESS[nature], pk)


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
    corrected_at = models.DateTimeField("最近更正时间", null=True, blank=True, editable=False)
    correction = models.TextField("最近更正", blank=True, editable=False)
    signed_by = models.CharField("审定签发人", max_length=60, blank=True)
    signed_on = models.DateField("签发日期", null=True, blank=True)
    history = Trail(found_by=["name", "plan__short_title"])

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
        return rank_of(self.as_of, self.nature, self.pk)

    @property
    def is_published(self) -> bool:
        return self.published_at is not None


class ReturnStatus(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "已报送"
    APPROVED = "approved", "已审核"


class AnnualReturnQuerySet(models.QuerySet["AnnualReturn"]):
    def waiting(self) -> "AnnualReturnQuerySet":
        """Those that the round still waits for: neither approved nor over (`is_over`)."""
        year = models.F("round__year")
        ended = models.Q(unit__valid_until__lt=year) | models.Q(unit__valid_from__gt=year)
        over = ended & models.Q(unit__kind=UnitKind.TOWNSHIP)
        return self.exclude(status=ReturnStatus.APPROVED).exclude(over)


class AnnualReturn(models.Model):
    """规划实施监测表: what one unit owes in one round, on one page.

    Invariant, kept by `indicators/workflow/`: in DRAFT the figures that are not locked may
    change; SUBMITTED and APPROVED change nothing. `version` grows with every act, so that a
    page that was opened before another act is refused."""

    round = models.ForeignKey(
        Round, models.PROTECT, related_name="returns", verbose_name="填报批次"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="returns", verbose_name="填报单位")
    status = models.CharField(
        "状态", max_length=10, choices=ReturnStatus, default=ReturnStatus.DRAFT
    )
    sent_back = models.BooleanField("被退回", default=False)
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
    review_started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="在审人",
    )
    review_started_at = models.DateTimeField("开始审核时间", null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="审核人",
    )
    approved_at = models.DateTimeField("审核时间", null=True, blank=True)
    history = Trail(quiet=["version"], found_by=["unit__name", "round__name"])

    objects = AnnualReturnQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "规划实施监测表"
        ordering = ["round", "unit__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="return_once_per_round")
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.unit}"

    @property
    def is_sent_back(self) -> bool:
        return self.sent_back and self.status == ReturnStatus.DRAFT

    @property
    def is_over(self) -> bool:
        """The own return of a township that has ended: what it told ends with it, so nothing in
        it counts and nobody waits for it."""
        counts = self.unit.kind != UnitKind.TOWNSHIP or self.unit.is_valid_in(self.round.year)
        return self.status != ReturnStatus.APPROVED and not counts

    @property
    def badge(self) -> str:
        if self.is_over:
            return "over"
        return "sent_back" if self.is_sent_back else self.status

    @property
    def status_text(self) -> str:
        """A draft that came back is not just a draft to those who look at a list."""
        if self.is_over:
            return "已撤并"
        if self.is_sent_back:
            return "已退回"
        was_approved = self.status == ReturnStatus.DRAFT and self.approved_at is not None
        return "已重新开启" if was_approved else self.get_status_display()


class ReturnAct(Deed):
    """What was done to a return, by whom, when and why: append-only, kept for ever."""

    class Verb(models.TextChoices):
        SAVE = "save", "保存草稿"
        SUBMIT = "submit", "报送"
        WITHDRAW = "withdraw", "撤回"
        START_REVIEW = "start_review", "开始审核"
        APPROVE = "approve", "审核通过"
        SEND_BACK = "send_back", "退回"
        REQUEST = "request", "申请修改"
        DECLINE = "decline", "不同意修改"
        REOPEN = "reopen", "重新开启"
        PUBLISH = "publish", "发布"
        CORRECT = "correct", "更正"
        ATTACH = "attach", "添加佐证"
        DETACH = "detach", "删除佐证"

    annual_return = models.ForeignKey(
        AnnualReturn, models.PROTECT, related_name="acts", verbose_name="监测表"
    )
    verb = models.CharField("动作", max_length=12, choices=Verb)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="经办人"
    )
    at = models.DateTimeField("时间", auto_now_add=True, db_index=True)
    reason = models.TextField("说明", blank=True)
    provider = models.CharField("数据提供人", max_length=100, blank=True)
    provided_on = models.DateField("提供日期", null=True, blank=True)
    document = models.CharField("提供依据", max_length=200, blank=True)
    done_by, told_in = "actor", "reason"
    found_by = ("annual_return__unit__name", "annual_return__round__name", "provider", "document")
    told_with = ("annual_return__round", "annual_return__unit")

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["annual_return", "pk"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} {self.actor}"

    @property
    def action(self) -> str:
        return str(self.get_verb_display())

    @property
    def subject(self) -> str:
        return str(self.annual_return)

    @classmethod
    def spoken_of(cls, word: str) -> models.Q:
        """Also by what was done: 退回."""
        verbs = [verb for verb, label in cls.Verb.choices if word in label]
        return super().spoken_of(word) | models.Q(verb__in=verbs)


class ChangeRequest(models.Model):
    """申请修改: a unit asks for its approved return, or single figures of it, to be reopened.
    Without figures and `others` (keys of `indicators/parts.py`) the whole return is meant. Kept
    for ever, granted or not."""

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        GRANTED = "granted", "已同意"
        DECLINED = "declined", "未同意"

    annual_return = models.ForeignKey(
        AnnualReturn, models.PROTECT, related_name="change_requests", verbose_name="监测表"
    )
    figures = models.ManyToManyField(
        "indicators.Figure", blank=True, related_name="+", verbose_name="数据"
    )
    others = models.JSONField("任务与项目", default=list, blank=True, editable=False)
    reason = models.TextField("申请原因")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="申请人"
    )
    requested_at = models.DateTimeField("申请时间", auto_now_add=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="处理人",
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)
    answer = models.TextField("处理意见", blank=True)
    history = Trail(quiet=["others"], found_by=["annual_return__unit__name", "reason", "answer"])

    class Meta:
        verbose_name = verbose_name_plural = "修改申请"
        ordering = ["annual_return", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["annual_return"],
                condition=models.Q(state="open"),
                name="change_request_one_open",
                violation_error_message="这张监测表已有一份待处理的修改申请。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.annual_return} 修改申请"
