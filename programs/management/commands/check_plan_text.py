"""manage.py check_plan_text <file>: does the document say what is loaded, number by number?"""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.coverage import StoredText, stored_text
from plans.text import DocumentError
from programs.documents import all_differences, open_document, plan_of


class Command(BaseCommand):
    help = "把规划正式文本与载入的内容逐项核对：标题、专栏、指标表、句数和每一个数字。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="规划正式文本，.docx 或 .txt")
        parser.add_argument("--plan", help="规划代码；系统中只有一份规划时可以不写")
        parser.add_argument("--all", action="store_true", help="列出每个条款和数字由何体现")

    def handle(self, *, file: Path, plan: str | None, **options: Any) -> None:
        try:
            document = open_document(file)
            chosen = plan_of(document, plan)
        except DocumentError as error:
            raise CommandError(str(error)) from error
        stored = stored_text(chosen)
        for line in _listing(stored) if options["all"] else ():
            self.stdout.write(line)
        found = all_differences(document, chosen, stored)
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"共 {len(found)} 处不一致或没有体现。")
        self.stdout.write(_summary(stored))


def _listing(stored: StoredText) -> Iterator[str]:
    for clause in stored.clauses.values():
        yield f"{clause.locator}　{clause.summary}" + (
            f"　〔{clause.reason}〕" if clause.reason else ""
        )
        for number in clause.numbers:
            yield f"    {number.printed}　→ {number.explained}"


def _summary(stored: StoredText) -> str:
    represented = sum(1 for number in stored.numbers if number.represented_by)
    parts = f"{len(stored.chapters)} 章、{len(stored.sections)} 节、{len(stored.boxes)} 个专栏"
    return (
        f"{parts}、{len(stored.clauses)} 个条款、{len(stored.numbers)} 个数字与文件一致："
        f"{represented} 个数字已体现，{len(stored.numbers) - represented} 个列明了理由。"
    )
