"""What became of each sentence of a clause: the measures and components that come from it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from indicators.coverage import SEPARATOR
from programs import form
from programs.addresses import COMPONENT, MEASURE, part_of
from programs.content import MeasureContent
from programs.laid_out import GRADES, ComponentLine, MeasureLine
from programs.models import WorkStatus
from programs.standing import NOT_REPORTED, ComponentStanding, ProjectStanding, TaskStanding

# Where a sentence ends, together with the quotation marks that close it (as plans/numerals.py).
ENDS = re.compile(r"[^。！？；!?;]*[。！？；!?;]+[”’\"')）]*|[^。！？；!?;]+$")


STATUSES = {**dict(WorkStatus.choices), WorkStatus.BLANK: NOT_REPORTED}


class Became(NamedTuple):
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


class Sentence(NamedTuple):
    """`text` only where the office has loaded its document."""

    number: int
    text: str
    parts: Sequence[Became]
    is_bare: bool


def sentences_of(
    clause: Any, tasks: Iterable[TaskStanding], projects: Iterable[ProjectStanding]
) -> list[Sentence]:
    """`clause`: with the number of its sentences, its wording and its reason; `tasks` and
    `projects`: those that carry it out."""
    texts = split(clause.wording, clause.sentences)
    parts = _by_sentence(tasks, projects)
    return [
        Sentence(number, text, parts.get(number, ()), not (parts.get(number) or clause.reason))
        for number, text in enumerate(texts, 1)
    ]


def _by_sentence(
    tasks: Iterable[TaskStanding], projects: Iterable[ProjectStanding]
) -> Mapping[int, list[Became]]:
    """Measures before components, each in their order."""
    found: dict[int, list[Became]] = defaultdict(list)
    for numbers, became in [*_of_tasks(tasks), *_of_projects(projects)]:
        for number in numbers:
            found[number].append(became)
    return found


def _of_tasks(tasks: Iterable[TaskStanding]) -> Iterator[tuple[Sequence[int], Became]]:
    for task in tasks:
        states = task.content.measures if task.content else {}
        for one in task.parts:
            yield one.sentences, _measure(task.task.code, one, states.get(one.pk, UNSAID))


def _of_projects(projects: Iterable[ProjectStanding]) -> Iterator[tuple[Sequence[int], Became]]:
    for project in projects:
        for one in project.components:
            yield one.component.sentences, _component(project.project.code, one, one.component)


def split(wording: str, count: int) -> list[str]:
    """The sentences of a clause; empty texts where there is no wording, or where it does not
    fall into as many as the clause has."""
    found = [text.strip() for text in ENDS.findall(wording) if text.strip()]
    return found if len(found) == count else [""] * count


def names_in(represented_by: str) -> list[str]:
    """What a printed number is said to be represented by."""
    return represented_by.split(SEPARATOR) if represented_by else []


UNSAID = MeasureContent()


def _measure(code: str, one: MeasureLine, content: MeasureContent) -> Became:
    done = content.done_on.isoformat() if content.done_on else ""
    return Became(
        name=part_of(MEASURE, code, one.order),
        text=one.text,
        code=code,
        is_measure=True,
        grade=GRADES[one.grade],
        label=STATUSES[content.status],
        badge=content.status or "not_reported",
        said=" · ".join(filter(None, (done, content.document, content.note))),
    )


def _component(code: str, standing: ComponentStanding, one: ComponentLine) -> Became:
    return Became(
        name=part_of(COMPONENT, code, one.order),
        text=one.name,
        code=code,
        is_measure=False,
        grade=GRADES[one.grade],
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
