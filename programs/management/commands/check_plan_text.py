"""manage.py check_plan_text <file>: does the document say what is loaded, number by number?"""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from plans.coverage import StoredText, stored_text
from plans.text import DocumentError
from programs.addresses import address
from programs.coverage import ClauseCoverage, clause_coverage
from programs.documents import all_differences, open_document, plan_of


class Command(BaseCommand):
    help = "把规划正式文本与载入的内容逐项核对：标题、专栏、指标表、句数、数字，以及由何体现。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="规划正式文本，.docx 或 .txt")
        parser.add_argument("--plan", help="规划代码；系统中只有一份规划时可以不写")
        parser.add_argument(
            "--all", action="store_true", help="列出每个条款、每句话和每个数字由何体现"
        )

    def handle(self, *, file: Path, plan: str | None, **options: Any) -> None:
        try:
            document = open_document(file)
            chosen = plan_of(document, plan)
        except DocumentError as error:
            raise CommandError(str(error)) from error
        stored, coverage = stored_text(chosen), clause_coverage(chosen)
        for line in _listing(stored, coverage) if options["all"] else ():
            self.stdout.write(line)
        found = all_differences(document, chosen, stored)
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(f"共 {len(found)} 处不一致或没有体现。")
        self.stdout.write(_summary(stored, coverage))


def _listing(stored: StoredText, coverage: Sequence[ClauseCoverage]) -> Iterator[str]:
    for one in coverage:
        yield _clause(one)
        for number, parts in one.sentences.items():
            if parts:
                yield f"    第 {number} 句　→ {'、'.join(map(address, parts))}"
        for printed in stored.clauses[one.clause.locator].numbers:
            yield f"    {printed.printed}　→ {printed.explained}"


def _clause(one: ClauseCoverage) -> str:
    names = f"　→ {'、'.join(one.names)}" if one.names else ""
    reason = f"　〔{one.clause.reason}〕" if one.clause.reason else ""
    return f"{one.clause.locator}　{one.clause.summary}{names}{reason}"


def _summary(stored: StoredText, coverage: Sequence[ClauseCoverage]) -> str:
    parts = f"{len(stored.chapters)} 章、{len(stored.sections)} 节、{len(stored.boxes)} 个专栏"
    return (
        f"{parts}、{len(stored.clauses)} 个条款、{len(stored.numbers)} 个数字与文件一致。"
        f"{_counted(coverage)}{_numbers(stored)}"
    )


def _counted(coverage: Sequence[ClauseCoverage]) -> str:
    """A clause may be represented by several: the counts need not add up to all clauses."""
    tasks = sum(1 for one in coverage if one.tasks)
    projects = sum(1 for one in coverage if one.projects)
    indicators = sum(1 for one in coverage if one.indicators)
    reasons = sum(1 for one in coverage if one.clause.reason)
    return (
        f"条款（一个条款可有几样）：{tasks} 个有任务、{projects} 个有项目、{indicators} 个有指标、"
        f"{reasons} 个列明了不设任务的理由。"
    )


def _numbers(stored: StoredText) -> str:
    represented = sum(1 for number in stored.numbers if number.represented_by)
    return f"数字：{represented} 个已体现，{len(stored.numbers) - represented} 个列明了理由。"
