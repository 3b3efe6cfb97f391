"""Opens a round from the command line, in the name of a planner."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from indicators import workflow
from indicators.models import RoundNature
from organization.models import User
from plans.models import Plan

NATURES = {label: value for value, label in RoundNature.choices}


class Command(BaseCommand):
    help = "开启填报批次，例如：open_round --year 2024 --name 年报 --nature 年报数 --user 账号"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", help="规划代码；只有一个规划时可不写")
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--name", default="年报", help="批次名称")
        parser.add_argument("--nature", default="年报数", choices=list(NATURES))
        parser.add_argument("--as-of", type=_day, help="数据时点，默认为当年 12 月 31 日")
        parser.add_argument("--due-on", type=_day, help="报送截止日期")
        parser.add_argument("--backfill", action="store_true", help="历史补录")
        parser.add_argument("--user", required=True, help="规划管理员账号")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=options["user"]).first()
        if user is None:
            raise CommandError(f"没有账号“{options['user']}”。")
        try:
            rnd = workflow.open_round(
                user,
                self._plan(options["plan"]),
                year=options["year"],
                name=options["name"],
                nature=NATURES[options["nature"]],
                as_of=options["as_of"] or date(options["year"], 12, 31),
                due_on=options["due_on"],
                is_backfill=options["backfill"],
            )
        except workflow.WorkflowError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已开启{rnd}，{rnd.returns.count()} 个单位收到监测表。")

    def _plan(self, code: str | None) -> Plan:
        plans = list(Plan.objects.filter(code=code) if code else Plan.objects.all()[:2])
        if len(plans) == 1:
            return plans[0]
        wanted = f"没有规划“{code}”" if code else "没有规划，或有多个规划"
        raise CommandError(f"{wanted}，请用 --plan 写明规划代码。")


def _day(text: str) -> date:
    return date.fromisoformat(text)
