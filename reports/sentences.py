"""What became of each sentence of a clause: the measures and components that come from it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indicators.coverage import SEPARATOR
from programs import form
from programs.addresses import address
from programs.content import MeasureContent
from programs.coverage import ClauseCoverage
from programs.models import Component, Measure, WorkStatus
from programs.standing import NOT_REPORTED, ComponentStanding, ProjectStanding, TaskStanding

# Where a sentence ends, together with the quotation marks that close it (as plans/numerals.py).
ENDS = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”’\"')）]*|[^。！？；!?;]+$")


@dataclass(frozen=True)
class Became:
    """A measure or component and how it stands. `code`: of its task or project; `said`: how far it
    is, or its proof, in short."""

    name: str
    text: str
    code: str
    is_measure: bool
    grade: str
    label: str
    badge: str
    said: str


@dataclass(frozen=True)
class Sentence:
    """`text` only where the office has loaded its document."""

    number: int
    text: str
    parts: Sequence[Became]
    is_bare: bool


def sentences_of(coverage: ClauseCoverage, states: Mapping[str, Became]) -> list[Sentence]:
    """`states`: of every measure and component, by its name."""
    texts = split(coverage.clause.wording, coverage.clause.sentences)
    bare = set(coverage.bare_sentences)
    return [
        Sentence(number, texts[number - 1], [states[address(one)] for one in some], number in bare)
        for number, some in coverage.sentences.items()
    ]


def split(wording: str, count: int) -> list[str]:
    """The sentences of a clause; empty texts where there is no wording, or where it does not
    fall into as many as the clause has."""
    found = [text.strip() for text in ENDS.findall(wording) if text.strip()]
    return found if len(found) == count else [""] * count


def names_in(represented_by: str) -> list[str]:
    """What a printed number is said to be represented by."""
    return represented_by.split(SEPARATOR) if represented_by else []


def measures_became(task: TaskStanding) -> list[Became]:
    return [_measure(task, one) for one in task.parts]


def components_became(project: ProjectStanding) -> list[Became]:
    return [_component(one, one.component) for one in project.components]


def _measure(task: TaskStanding, one: Measure) -> Became:
    content = task.content.measures.get(one.pk) if task.content else None
    content = content or MeasureContent()
    done = content.done_on.isoformat() if content.done_on else ""
    return Became(
        name=address(one),
        text=one.text,
        code=task.task.code,
        is_measure=True,
        grade=one.get_grade_display(),
        label=WorkStatus(content.status).label if content.status else NOT_REPORTED,
        badge=content.status or "not_reported",
        said=" · ".join(filter(None, [done, content.document, content.note])),
    )


def _component(standing: ComponentStanding, one: Component) -> Became:
    return Became(
        name=address(one),
        text=one.name,
        code=one.project.code,
        is_measure=False,
        grade=one.get_grade_display(),
        label=standing.label,
        badge=standing.badge,
        said=form.component_said(standing.content, one) if standing.content else "",
    )


def project_said(project: ProjectStanding) -> str:
    """How far it is and what was spent: in full where it is in one piece."""
    parts = project.components
    if len(parts) == 1:
        only = parts[0]
        return form.component_said(only.content, only.component) if only.content else ""
    spent = project.money.spent
    return f"完成投资 {form.plain(spent)} 万元" if spent is not None else ""
