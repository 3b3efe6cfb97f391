"""manage.py load_plan <folder>: loads a plan folder; all of it or, with a fault, nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.loading_plan import read_plan_code
from plans.models import Plan
from plans.tables import PlanFolderError
from programs.loading import Change, load_plan_with_changes


class Command(BaseCommand):
    help = "载入一个规划文件夹（格式见 docs/plan-format.md）。重复载入同一文件夹不会改变任何内容。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="规划文件夹，例如 fixtures/zhushan-2021-2025")
        parser.add_argument(
            "--if-absent", action="store_true", help="系统中已有这份规划时什么也不做"
        )

    def handle(self, *, folder: Path, if_absent: bool, **options: Any) -> None:
        if if_absent and Plan.objects.filter(code=read_plan_code(folder)).exists():
            self.stdout.write("系统中已有这份规划，没有重新载入。")
            return
        try:
            loaded = load_plan_with_changes(folder)
        except PlanFolderError as error:
            count = len(error.faults)
            raise CommandError(f"{error}\n共 {count} 处问题，没有写入任何内容。") from error
        self.stdout.write(f"已载入：{loaded.plan.title}")
        for change in loaded.changes:
            self.stdout.write(_sentence(change))


def _sentence(change: Change) -> str:
    counts = f"新增 {change.added}，更改 {change.changed}，未变 {change.unchanged}"
    return f"  {change.name}：{counts}" + (f"，删除 {change.removed}" if change.removed else "")
