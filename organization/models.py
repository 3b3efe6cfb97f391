"""WHO: the units of a bureau and the people who work in them."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from simple_history.models import HistoricalRecords


class UnitKind(models.TextChoices):
    BUREAU = "bureau", "局"
    DEPARTMENT = "department", "股室"
    TOWNSHIP = "township", "乡镇"


class UnitQuerySet(models.QuerySet["Unit"]):
    def of(self, bureau: "Unit") -> "UnitQuerySet":
        return self.filter(models.Q(bureau=bureau) | models.Q(pk=bureau.pk))

    def valid_in(self, year: int) -> "UnitQuerySet":
        ended = models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=year)
        return self.filter(ended, valid_from__lte=year)

    def townships(self) -> "UnitQuerySet":
        return self.filter(kind=UnitKind.TOWNSHIP)


class Unit(models.Model):
    """A bureau, one of its 股室 or a township.

    A unit that ends keeps its row: old years keep their old owner, `successor` says who goes on.
    The tree has two levels; every unit but the bureau itself names its bureau."""

    code = models.CharField("单位代码", max_length=32, unique=True)
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=12, choices=UnitKind)
    bureau = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="units", verbose_name="所属局"
    )
    order = models.PositiveIntegerField("排序", default=0)
    valid_from = models.PositiveSmallIntegerField("生效年", default=1949)
    valid_until = models.PositiveSmallIntegerField("最后有效年", null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name="继任单位",
    )
    basis_document = models.CharField("依据文件", max_length=200, blank=True)
    supervisor = models.CharField(
        "分管领导", max_length=60, blank=True, help_text="写职务，例如“分管养老服务的副局长”"
    )
    is_assumption = models.BooleanField(
        "待确认", default=False, help_text="规划没有写明、按一般设置预填的单位；核对后取消勾选"
    )
    history = HistoricalRecords()

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "单位"
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="unit_bureau_or_below",
                condition=models.Q(kind=UnitKind.BUREAU, bureau__isnull=True)
                | (~models.Q(kind=UnitKind.BUREAU) & models.Q(bureau__isnull=False)),
                violation_error_message="局本级不填“所属局”，股室和乡镇必须填。",
            ),
            models.CheckConstraint(
                name="unit_validity_in_order",
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                violation_error_message="“最后有效年”不能早于“生效年”。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def root_id(self) -> int:
        return self.bureau_id or self.pk

    def covers(self, unit: "Unit") -> bool:
        """The bureau covers all its units; any other unit covers itself."""
        return unit.pk == self.pk or unit.bureau_id == self.pk


class Role(models.TextChoices):
    CLERK = "clerk", "填报员"
    REVIEWER = "reviewer", "审核员"
    PLANNER = "planner", "规划管理员"
    LEADER = "leader", "领导"
    SYSADMIN = "sysadmin", "系统管理员"
    AUDITOR = "auditor", "安全审计员"


BUSINESS_ROLES = frozenset({Role.CLERK, Role.REVIEWER, Role.PLANNER, Role.LEADER})


def check_roles(roles: object) -> None:
    """Business roles combine; 系统管理员 and 安全审计员 each stand alone (等保: 三权分立)."""
    if not isinstance(roles, list) or set(roles) - set(Role.values):
        raise ValidationError("角色只能从列表中选择。")
    if len(roles) > 1 and set(roles) - BUSINESS_ROLES:
        raise ValidationError("系统管理员、安全审计员不能兼任其他角色，请为其另开账号。")


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, username: str, password: str, **fields: object) -> "User":
        """`createsuperuser` makes a 系统管理员: there is no account above the roles."""
        return self.create_user(username, password, roles=[Role.SYSADMIN.value], **fields)

    def get_by_natural_key(self, username: str) -> "User":
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """One account per person. What it may do is decided by its roles in
    `organization/permissions.py` alone; there is no superuser."""

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="所属单位")
    roles = models.JSONField("角色", default=list, blank=True, validators=[check_roles])
    review_units = models.ManyToManyField(
        Unit,
        blank=True,
        related_name="reviewers",
        verbose_name="审核范围",
        help_text="审核员负责的单位；选“局”即负责全部单位",
    )
    phone = models.CharField("电话", max_length=30, blank=True)
    is_active = models.BooleanField("启用", default=True)
    date_joined = models.DateTimeField("开户时间", default=timezone.now, editable=False)
    history = HistoricalRecords(m2m_fields=[review_units], excluded_fields=["password"])

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "账号"
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique",
                violation_error_message="这个账号已被使用（不分大小写），请换一个。",
            )
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def clean(self) -> None:
        super().clean()
        if set(self.roles) & BUSINESS_ROLES and self.unit_id is None:
            raise ValidationError({"unit": "业务角色（填报、审核、规划、领导）必须有所属单位。"})

    def has_role(self, *roles: Role) -> bool:
        return self.is_active and not set(roles).isdisjoint(self.roles)

    # The admin asks these two; real decisions are taken per model in the ModelAdmins.
    @property
    def is_staff(self) -> bool:
        return self.is_active and bool(self.roles)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """No permission codes are used; whatever still asks for one is refused."""
        return False
