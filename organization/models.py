"""WHO: the units of a bureau and the people who work in them."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from organization.history import AppendOnly, Deed, Trail, current_address


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
    history = Trail(found_by=["name", "code"])

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

    def clean(self) -> None:
        """Whoever goes on for it belongs to the same bureau and does not lead back to it."""
        super().clean()
        follower, seen = self.successor, {self.pk}
        if follower is not None and follower.root_id != self.root_id:
            raise ValidationError({"successor": "继任单位应与本单位同属一个局，请重新选择。"})
        while follower is not None:
            if follower.pk in seen:
                raise ValidationError(
                    {"successor": "继任单位又由本单位继任，成了循环，请重新选择。"}
                )
            seen.add(follower.pk)
            follower = follower.successor

    def is_valid_in(self, year: int) -> bool:
        return self.valid_from <= year and (self.valid_until is None or self.valid_until >= year)

    def heir(self, year: int, about_to_be: "Unit | None" = None) -> "Unit | None":
        """Who goes on for it in that year: itself until it ends, then the last of its successors;
        None where the chain breaks off. `about_to_be`: a unit as it is going to be saved, wherever
        in the chain it stands."""

        def as_saved(one: "Unit") -> "Unit":
            return about_to_be if about_to_be and about_to_be.pk == one.pk else one

        unit, seen = as_saved(self), {self.pk}
        while unit.valid_until is not None and unit.valid_until < year:
            if unit.successor is None or unit.successor_id in seen:
                return None
            unit = as_saved(unit.successor)
            seen.add(unit.pk)
        return unit

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
    email = models.EmailField(
        "电子邮箱", blank=True, help_text="可不填；系统启用邮件提醒时，到期提醒发到这里"
    )
    is_active = models.BooleanField("启用", default=True)
    date_joined = models.DateTimeField("开户时间", default=timezone.now, editable=False)
    password_set_at = models.DateTimeField("密码", null=True, editable=False)
    history = Trail(
        m2m_fields=[review_units],
        excluded_fields=["password", "last_login"],
        found_by=["username", "name"],
    )

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

    def set_password(self, raw_password: str | None) -> None:
        """The history shows that and when a password was set, never what is stored of it."""
        super().set_password(raw_password)
        self.password_set_at = timezone.now()

    def history_text(self, name: str, value: Any) -> str | None:
        if name == "roles":
            return "、".join(str(Role(role).label) for role in value or []) or None
        return "设置了新密码" if name == "password_set_at" and value else None

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


class WorkNote(models.Model):
    """交接备注: what the clerks of a unit keep for themselves and for whoever comes after them.
    It belongs to the unit, so it moves with it. `version` grows with every change, so that a
    page opened before another change is refused."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, related_name="work_note", verbose_name="填报单位"
    )
    text = models.TextField("交接备注", blank=True)
    version = models.PositiveIntegerField("版本", default=0)
    updated_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="修改人"
    )
    updated_at = models.DateTimeField("修改时间", auto_now=True)
    history = Trail()

    class Meta:
        verbose_name = verbose_name_plural = "交接备注"

    def __str__(self) -> str:
        return f"{self.unit} 交接备注"


class Handover(Deed):
    """工作交接: a clerk's open work as it stood when it moved to the successor. Written once, by
    `indicators.workflow.hand_over` alone.

    `work`: one object a return that was not finished, as `indicators/duties.py` tells it."""

    from_user = models.ForeignKey(
        User, models.PROTECT, related_name="handed_over", verbose_name="移交人"
    )
    to_user = models.ForeignKey(
        User, models.PROTECT, related_name="taken_over", verbose_name="接收人"
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="handovers", verbose_name="单位")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="经办人")
    at = models.DateTimeField("交接时间", auto_now_add=True)
    note = models.TextField("移交说明", blank=True)
    working_notes = models.TextField("交接备注", blank=True)
    work = models.JSONField("未办结事项", default=list)
    done_by, told_in = "by", "note"
    found_by = ("unit__name", "from_user__name", "to_user__name")
    told_with = ("unit", "from_user", "to_user")

    class Meta:
        verbose_name = verbose_name_plural = "工作交接"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="handover_between_two_people",
                condition=~models.Q(from_user=models.F("to_user")),
                violation_error_message="移交人和接收人不能是同一个人。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} 工作交接：{self.from_user} → {self.to_user}"

    @property
    def subject(self) -> str:
        return f"{self.unit}，{self.from_user} → {self.to_user}"


class LoginRecord(AppendOnly):
    """A log-in, a failed one, or a log-out; written by `organization/logins.py` alone.

    `account` is what was typed; `user` the account that it names, if there is one."""

    class Outcome(models.TextChoices):
        SUCCESS = "success", "登录"
        FAILURE = "failure", "登录失败"
        LOGOUT = "logout", "退出"

    user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="logins", verbose_name="账号"
    )
    account = models.CharField("输入的账号", max_length=60)
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    address = models.CharField("地址", max_length=45, blank=True, default=current_address)

    class Meta:
        verbose_name = verbose_name_plural = "登录记录"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} {self.account}"
