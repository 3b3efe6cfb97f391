"""The sample of `make run`: refused anywhere but on its own throw-away database."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from indicators import sample
from organization.models import Role, User
from plans.models import Plan
from programs.sample import Progress
from reports.sample import supervise


class Command(BaseCommand):
    help = "载入演示数据和演示账号（只用于 make run 的临时数据库）。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SAMPLE_DATA:
            raise CommandError("演示数据只能载入 make run 的临时数据库，不能载入正式系统。")
        if not User.objects.exists():
            self._load()
        self._print_accounts()

    def _load(self) -> None:
        """Every plan of `fixtures/` that is loaded and has a folder `sample`."""
        self.stdout.write("正在载入演示数据，约需半分钟……")
        for folder in sorted((settings.BASE_DIR / "fixtures").glob("*/sample")):
            plan = Plan.objects.select_related("bureau").filter(code=folder.parent.name).first()
            if plan is None:
                raise CommandError(
                    f"请先载入规划：manage.py load_plan fixtures/{folder.parent.name}"
                )
            sample.Sample(folder, plan, Progress(folder, plan).fill).play()
            supervise(folder, plan, timezone.localdate())

    def _print_accounts(self) -> None:
        self.stdout.write("演示账号（每种角色一个，密码均为 " + sample.PASSWORD + "）：")
        for role in Role:
            user = next(u for u in User.objects.order_by("pk") if u.has_role(role))
            self.stdout.write(f"  {role.label:　<6} {user.username}")
