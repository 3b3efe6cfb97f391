from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators import evidence


class Command(BaseCommand):
    help = "核对佐证材料：逐个计算校验值，列出被改动、缺失和多余的文件。"

    def handle(self, *args: Any, **options: Any) -> None:
        lines = list(evidence.damages())
        for line in lines:
            self.stdout.write(line)
        count = sum(1 for _ in evidence.kept())
        if lines:
            raise CommandError(f"共 {count} 份佐证材料，发现 {len(lines)} 处问题，见上。")
        self.stdout.write(f"共 {count} 份佐证材料，全部完好。")
