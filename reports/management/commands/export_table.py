"""`manage.py export_table --year 2023 --output F`: the workbook of a year, without a browser.

Whoever may run commands on the server may see everything; there is no account to ask."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.models import Layer, Round
from plans.models import Plan
from reports.summary import summarize
from reports.workbook import table_workbook
from reports.works import summarize_work


class Command(BaseCommand):
    help = "导出某一年的指标完成情况表（Excel）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--year", required=True, help="年度，例如规划的某一年")
        parser.add_argument("--output", required=True, type=Path, help="文件名；已有的文件会被覆盖")
        parser.add_argument("--plan", default="", help="规划代码；只有一个规划时不用写")
        parser.add_argument("--provisional", action="store_true", help="含未发布数据")

    def handle(self, **options: Any) -> None:
        plan = _plan(options["plan"])
        year = _year(plan, options["year"])
        layer = Layer.PROVISIONAL if options["provisional"] else Layer.OFFICIAL
        summary = summarize(plan, year, layer, Round.objects.filter(plan=plan))
        work = summarize_work(plan, year, layer, places=True)
        verb = _save(options["output"], table_workbook(summary, work))
        self.stdout.write(f"{verb}：{options['output']}（{plan.short_title}，{year}年）")


def _plan(code: str) -> Plan:
    plans = Plan.objects.select_related("bureau")
    codes = "、".join(plans.values_list("code", flat=True))
    if not codes:
        raise CommandError("还没有规划；请先用 load_plan 装入。")
    if not code and plans.count() > 1:
        raise CommandError(f"有多个规划，请用 --plan 指定：{codes}。")
    plan = plans.filter(code=code).first() if code else plans.get()
    if plan is None:
        raise CommandError(f"没有代码为“{code}”的规划；现有：{codes}。")
    return plan


def _year(plan: Plan, text: str) -> int:
    for year in plan.years:
        if text == str(year):
            return year
    raise CommandError(
        f"{plan.short_title}没有“{text}”年；可选 {plan.base_year} 至 {plan.end_year}。"
    )


def _save(path: Path, content: bytes) -> str:
    """Says what it did: a file that was there is replaced."""
    verb = "已覆盖" if path.exists() else "已写入"
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CommandError(f"不能写入“{path}”：请检查文件夹是否存在、是否允许写入。") from error
    return verb
