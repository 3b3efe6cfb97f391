"""Rebuilds the annual values from the figures, or checks that nothing stored differs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from indicators import values
from plans.models import Plan


class Command(BaseCommand):
    help = "由数据重新计算全部指标年度值；加 --check 只核对、不改动，有差异时返回失败。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对存储值，不改动")
        parser.add_argument("--plan", help="规划代码；不写则处理全部规划")

    def handle(self, *args: Any, **options: Any) -> None:
        plans = Plan.objects.order_by("code")
        if options["plan"]:
            plans = plans.filter(code=options["plan"])
        if not plans:
            raise CommandError("没有找到规划，请先运行 load_plan，或核对 --plan 的规划代码。")
        check = self._check if options["check"] else self._rebuild
        check(list(plans))

    def _rebuild(self, plans: list[Plan]) -> None:
        for plan in plans:
            with transaction.atomic():
                values.recompute(plan)
            self.stdout.write(f"{plan}：已重新计算。")

    def _check(self, plans: list[Plan]) -> None:
        found = [f"{plan}：{line}" for plan in plans for line in values.differences(plan)]
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"有 {len(found)} 处存储值与数据不符，请运行 recompute 重新计算。")
        self.stdout.write("全部存储值与数据一致。")
