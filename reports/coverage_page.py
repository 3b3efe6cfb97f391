"""What represents each clause, sentence and number of the plan, what nothing represents first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.coverage import address as indicator_address
from indicators.models import DataItem
from plans.models import Clause, Plan, StatedNumber
from programs.addresses import address
from programs.coverage import ClauseCoverage, clause_coverage
from programs.models import Component, Measure
from reports.outline import ChapterPart, anchor, chapters_of
from reports.sentences import names_in, split


@dataclass(frozen=True)
class Part:
    """A measure or component that represents a sentence. `code`: of its task or project."""

    name: str
    text: str
    code: str
    is_measure: bool


@dataclass(frozen=True)
class Sentence:
    """`text` only where the office has loaded its document."""

    number: int
    text: str
    parts: Sequence[Part]
    is_bare: bool


@dataclass(frozen=True)
class NumberLine:
    """A printed number; `unknown`: names of what is said to represent it and does not exist."""

    printed: str
    represented_by: str
    reason: str
    unknown: Sequence[str]


@dataclass(frozen=True)
class ClauseLine:
    coverage: ClauseCoverage
    sentences: Sequence[Sentence]
    numbers: Sequence[NumberLine]

    @property
    def clause(self) -> Clause:
        return self.coverage.clause

    @property
    def anchor(self) -> str:
        return anchor(self.clause)

    @property
    def faults(self) -> list[str]:
        """What is missing, a sentence each."""
        bare = "、".join(str(number) for number in self.coverage.bare_sentences)
        return [
            *(["没有任务、项目或指标体现，也没有写明理由"] if self.coverage.is_bare else []),
            *([f"第 {bare} 句没有措施或子项体现"] if bare else []),
            *(
                f"数字“{one.printed}”写由“{'、'.join(one.unknown)}”体现，规划数据中没有"
                for one in self.numbers
                if one.unknown
            ),
        ]

    @property
    def unlisted(self) -> list[NumberLine]:
        """Numbers that nothing represents, for a reason."""
        return [one for one in self.numbers if not one.represented_by]


@dataclass(frozen=True)
class Coverage:
    chapters: Sequence[ChapterPart]
    lines: Sequence[ClauseLine]

    @property
    def faulty(self) -> list[ClauseLine]:
        return [line for line in self.lines if line.faults]

    @property
    def with_unlisted(self) -> list[ClauseLine]:
        return [line for line in self.lines if line.unlisted]

    @property
    def explained(self) -> int:
        """Clauses that need no task, for a reason."""
        return sum(bool(line.clause.reason) for line in self.lines)

    @property
    def asked(self) -> list[Sentence]:
        """Sentences that something must represent."""
        return [one for line in self.lines if not line.clause.reason for one in line.sentences]

    @property
    def represented(self) -> int:
        return sum(not one.is_bare for one in self.asked)

    @property
    def numbers(self) -> list[NumberLine]:
        return [one for line in self.lines for one in line.numbers]

    @property
    def represented_numbers(self) -> int:
        return sum(bool(one.represented_by) and not one.unknown for one in self.numbers)

    @property
    def unlisted_numbers(self) -> int:
        return sum(not one.represented_by for one in self.numbers)


def coverage(plan: Plan) -> Coverage:
    """Eight queries, however long the plan is."""
    found = clause_coverage(plan)
    numbers = _numbers(plan, _known(plan, found))
    lines = [ClauseLine(one, _sentences(one), numbers.get(one.clause.pk, ())) for one in found]
    return Coverage(chapters_of(lines), lines)


def _known(plan: Plan, found: Iterable[ClauseCoverage]) -> set[str]:
    """The names of all that can represent a number; everything hangs on some clause."""
    items = DataItem.objects.filter(plan=plan).values_list("code", flat=True)
    return {f"数据项 {code}" for code in items} | {
        name
        for one in found
        for name in (
            *map(address, one.tasks),
            *map(address, one.projects),
            *map(address, one.measures),
            *map(address, one.components),
            *(indicator_address(indicator) for indicator in one.indicators),
        )
    }


def _numbers(plan: Plan, known: set[str]) -> Mapping[int, list[NumberLine]]:
    rows = StatedNumber.objects.filter(clause__plan=plan).order_by("clause", "order")
    found: dict[int, list[NumberLine]] = defaultdict(list)
    for row in rows:
        unknown = [name for name in names_in(row.represented_by) if name not in known]
        line = NumberLine(row.printed, row.represented_by, row.reason, unknown)
        found[row.clause_id].append(line)
    return found


def _sentences(one: ClauseCoverage) -> list[Sentence]:
    texts = split(one.clause.wording, one.clause.sentences)
    bare = set(one.bare_sentences)
    return [
        Sentence(number, texts[number - 1], [_part(part) for part in parts], number in bare)
        for number, parts in one.sentences.items()
    ]


def _part(one: Measure | Component) -> Part:
    if isinstance(one, Measure):
        return Part(address(one), one.text, one.task.code, True)
    return Part(address(one), one.name, one.project.code, False)
