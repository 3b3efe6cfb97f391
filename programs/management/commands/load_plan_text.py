"""manage.py load_plan_text <file>: stores the published wording on the clauses of a plan."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.text import DocumentError
from plans.wording import load_wording
from programs.documents import open_document, plan_of


class Command(BaseCommand):
    help = "把规划正式文本（txt、docx）的原文按定位存入条款。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="规划正式文本，.docx 或 .txt")
        parser.add_argument("--plan", help="规划代码；系统中只有一份规划时可以不写")

    def handle(self, *, file: Path, plan: str | None, **options: Any) -> None:
        try:
            document = open_document(file)
            chosen = plan_of(document, plan)
            loaded = load_wording(chosen, document)
        except DocumentError as error:
            raise CommandError(f"{error}没有写入任何内容。") from error
        self.stdout.write(
            f"{chosen.title}：{loaded.matched} 个条款已有原文，其中 {loaded.changed} 个有更新。"
        )
        for sentence in loaded.unmatched:
            self.stdout.write(sentence)
