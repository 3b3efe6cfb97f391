"""Writes docs/indicators.md from the loaded plan, or checks that it still says the same."""

from argparse import ArgumentParser
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from indicators.describing import describe
from plans.models import Plan

DOCUMENT = Path("docs/indicators.md")


class Command(BaseCommand):
    help = "由载入的规划数据生成指标说明（docs/indicators.md）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan", default="", help="规划代码；只有一个规划时可以不写")
        parser.add_argument("--output", type=Path, default=settings.BASE_DIR / DOCUMENT)
        parser.add_argument("--check", action="store_true", help="只比较，不写文件")

    def handle(
        self, *args: object, plan: str, output: Path, check: bool, **options: object
    ) -> None:
        text = describe(_plan(plan))
        if not check:
            output.write_text(text, encoding="utf-8", newline="\n")
            self.stdout.write(f"已写入 {output}。")
        elif not output.is_file() or output.read_text(encoding="utf-8") != text:
            raise CommandError(f"{output} 与载入的规划数据不一致，请重新生成。")
        else:
            self.stdout.write(f"{output} 与载入的规划数据一致。")


def _plan(code: str) -> Plan:
    plans = Plan.objects.filter(code=code) if code else Plan.objects.all()
    try:
        return plans.get()
    except Plan.DoesNotExist:
        known = f"没有代码为“{code}”的规划" if code else "还没有载入规划"
        raise CommandError(f"{known}，请先运行 manage.py load_plan。") from None
    except Plan.MultipleObjectsReturned:
        codes = "、".join(Plan.objects.values_list("code", flat=True))
        raise CommandError(f"系统中有多个规划，请用 --plan 指明：{codes}。") from None
