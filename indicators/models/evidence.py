"""What proves a figure: files handed in with a return, and ledgers that were looked at."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When

from indicators.models.figures import Figure
from indicators.models.items import DataItem
from indicators.models.returns import AnnualReturn, ReturnAct
from organization.history import Trail

PUBLISHING = [ReturnAct.Verb.PUBLISH, ReturnAct.Verb.CORRECT]
# The last of these says whether the return stood as published.
SETTLING = [ReturnAct.Verb.REOPEN, ReturnAct.Verb.APPROVE, *PUBLISHING]


def stored_name(evidence: "Evidence", name: str) -> str:
    """Random, without the person's own words and without an extension anything could act on."""
    return secrets.token_hex(16)


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def telling_published(self) -> "EvidenceQuerySet":
        """With `is_published`: it was there when its return was published or corrected, or came
        to a return of which all that is approved was published (the signed sheet, afterwards)."""
        acts = ReturnAct.objects.filter(annual_return=OuterRef("annual_return"))
        later = acts.filter(verb__in=PUBLISHING, at__gte=OuterRef("uploaded_at"))
        settling = acts.filter(verb__in=SETTLING, at__lt=OuterRef("uploaded_at"))
        before = Subquery(settling.order_by("-pk").values("verb")[:1])
        return self.alias(settled_by=before).annotate(
            is_published=Case(
                When(Exists(later) | Q(settled_by__in=PUBLISHING), then=True),
                default=False,
                output_field=models.BooleanField(),
            )
        )

    def published(self) -> "EvidenceQuerySet":
        return self.telling_published().filter(is_published=True)

    def proving(self, figures: "QuerySet[Figure]") -> "EvidenceQuerySet":
        """Of one of these figures, or of the whole return that one of them stands in."""
        whole = Q(figure=None, part="", annual_return__in=figures.values("annual_return"))
        return self.filter(whole | Q(figure__in=figures))


class Evidence(models.Model):
    """佐证材料: one file of a return, of one of its figures or of the whole. Attached and removed
    by `indicators/evidence.py` alone; the file never changes and has no address of its own.

    `part`: the key of another thing in the return (`indicators/parts.py`), with its name as it was
    then. `name` is the person's, cleaned; `content_type` is what the content was found to be."""

    annual_return = models.ForeignKey(
        AnnualReturn, models.PROTECT, related_name="evidence", verbose_name="监测表"
    )
    figure = models.ForeignKey(
        Figure,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name="数据",
        help_text="留空表示整张监测表的材料",
    )
    part = models.CharField("任务或项目", max_length=20, blank=True, editable=False)
    part_name = models.CharField("任务或项目名称", max_length=120, blank=True, editable=False)
    name = models.CharField("文件名", max_length=120)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("校验值", max_length=64)
    file = models.FileField("文件", upload_to=stored_name, editable=False)
    note = models.CharField("说明", max_length=300, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="上传人"
    )
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)
    history = Trail(
        quiet=["annual_return", "file", "part", "content_type"],
        found_by=["name", "part_name", "annual_return__unit__name"],
    )

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["annual_return", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["annual_return", "sha256"],
                name="evidence_once_per_return",
                violation_error_message="这张监测表已有同一份文件。",
            ),
            models.CheckConstraint(
                name="evidence_not_empty", condition=models.Q(size__gt=0) & ~models.Q(sha256="")
            ),
            models.CheckConstraint(
                name="evidence_of_one_thing", condition=models.Q(figure=None) | models.Q(part="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kept_with(self) -> str:
        """Where it belongs, for whoever looks for damage."""
        return str(self.annual_return)

    @property
    def subject(self) -> str:
        """What it proves: “D3 建有服务中心 · 东镇”."""
        if self.part:
            return self.part_name
        if self.figure is None:
            return "整张监测表"
        place = f" · {self.figure.unit}" if self.figure.item.by_township else ""
        return f"{self.figure.item}{place}"

    @property
    def extension(self) -> str:
        return self.name.rpartition(".")[2].upper()

    @property
    def short_sha256(self) -> str:
        return self.sha256[:8]

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


class SpotCheck(models.Model):
    """台账抽查: how many entries of an item's ledger were looked at and how many were wrong. Says
    which post or unit looked, never who stands in the ledger."""

    item = models.ForeignKey(
        DataItem, models.PROTECT, related_name="spot_checks", verbose_name="数据项"
    )
    year = models.PositiveSmallIntegerField("年度")
    sampled = models.PositiveIntegerField("抽查数", help_text="看了多少条台账记录")
    errors_found = models.PositiveIntegerField("有误数", default=0)
    checked_by = models.CharField(
        "抽查单位或岗位", max_length=60, help_text="例如“规划财务股”，不写个人姓名和身份证号码"
    )
    checked_on = models.DateField("抽查日期")
    note = models.CharField(
        "说明", max_length=300, blank=True, help_text="写问题的类型和处理，不写个人信息"
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name="登记人",
        editable=False,
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    history = Trail(found_by=["item__name", "item__code"])

    class Meta:
        verbose_name = verbose_name_plural = "台账抽查"
        ordering = ["-year", "item__order", "-checked_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="spot_check_sampled_something",
                condition=models.Q(sampled__gte=1),
                violation_error_message="抽查数至少为 1。",
            ),
            models.CheckConstraint(
                name="spot_check_errors_among_sampled",
                condition=models.Q(errors_found__lte=models.F("sampled")),
                violation_error_message="有误数不能大于抽查数。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} 年 {self.item.name} 台账抽查"
