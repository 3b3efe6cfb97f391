"""Tasks and projects by hand, without a database."""

from datetime import date
from decimal import Decimal
from itertools import count

from indicators.models import Layer, Round
from organization.models import Unit
from plans.models import Box, Chapter, Clause, Section
from programs.content import PARTS, ComponentContent, MeasureContent, MoneyContent, TaskContent
from programs.models import Component, Grade, Measure, Project, Task, WorkStatus
from programs.standing import ComponentStanding, Lead, ProjectStanding, TaskStanding, Works
from reports.works import WorkSummary
from tests.reports import workbook_builders

NUMBERS = count(1)
EVERY = [status.value for status in WorkStatus if status]


def lead(name: str = "甲股", order: int = 1) -> Lead:
    return Lead(Unit(pk=order, code=str(order), name=name, order=order), "王副局长", False)


LEAD = lead()


def clause(chapter: int) -> Clause:
    whole = Chapter(pk=chapter, number=chapter, title=f"第{chapter}章标题")
    return Clause(section=Section(pk=chapter, chapter=whole, number=1, title="一节"), locator="段")


def a_round(year: int = 2023) -> Round:
    return Round(pk=year, year=year, name="年报", nature="annual", as_of=date(year, 12, 31))


def task(
    status: str = "under_way", *, code: str = "", grade: str = "advance", kind: str = "task",
    chapter: int = 2, lead: Lead | None = LEAD, measures: tuple[str, ...] = (),
    grades: tuple[str, ...] = (), **said: str,
) -> TaskStanding:  # fmt: skip
    """`status` "" for one that is not reported; `measures`: the status of each, `grades` its grade
    where it is not that of the task."""
    code = code or f"{chapter}.1-{next(NUMBERS)}"
    one = Task(
        pk=next(NUMBERS), code=code, name=f"任务{code}", grade=grade, kind=kind,
        clause=clause(chapter),
    )  # fmt: skip
    parts = [
        Measure(
            pk=number, task=one, order=number, grade=(grades or [grade] * len(measures))[number]
        )
        for number in range(len(measures))
    ]
    states = {number: MeasureContent(one) for number, one in enumerate(measures)}
    content = TaskContent(status=status, measures=states, **said) if status else None
    told = a_round() if status else None
    return TaskStanding(one, lead, content, told, 1, len(measures), parts)


def component(
    status: str = "under_way", *, name: str = "子项", grade: str = "firm", planned: str = "",
    measure: str = "所", money: dict | None = None, **said: object,
) -> ComponentStanding:  # fmt: skip
    """`money`: source → planned, arrived, spent as text or None."""
    quantity = Decimal(planned) if planned else None
    one = Component(pk=next(NUMBERS), name=name, grade=grade, planned=quantity, measure=measure)
    one._prefetched_objects_cache = {"townships": Unit.objects.none()}  # of the county
    amounts = {key: MoneyContent(*map(_amount, given)) for key, given in (money or {}).items()}
    content = ComponentContent(status=status, money=amounts, **said) if status else None
    return ComponentStanding(one, content, a_round() if status else None)


def project(
    status: str = "under_way", *, code: str = "", grade: str = "firm", kind: str = "construction",
    chapter: int = 2, lead: Lead | None = LEAD, box: int | None = 1, counted_in: str = "",
    parts: list[ComponentStanding] | None = None, **money: str,
) -> ProjectStanding:  # fmt: skip
    """One component with this status and this much money from elsewhere, or these `parts`."""
    code = code or f"Z{next(NUMBERS)}"
    place = clause(chapter)
    printed = (
        Box(pk=box, section=place.section, number=box, title=f"专栏{box}标题") if box else None
    )
    one = Project(
        pk=next(NUMBERS), code=code, name=f"项目{code}", grade=grade, kind=kind, clause=place,
        box=printed,
    )  # fmt: skip
    given = {"other": tuple(money.get(part) for part in PARTS)} if money else {}
    parts = [component(status, grade=grade, money=given)] if parts is None else parts
    for part in parts:
        part.component.project = one
    return ProjectStanding(one, lead, parts, counted_in)


def summary(**changes: object) -> WorkSummary:
    works = Works(changes.pop("tasks", []), changes.pop("projects", []))
    given = {"plan": workbook_builders.plan(), "year": 2023, "layer": Layer.OFFICIAL}
    return WorkSummary(**{**given, **changes}, works=works)


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


# --- adversarial ----------------------------------------------------------------------------------


def awkward() -> WorkSummary:
    """Fills several pages with texts that are hard to fit."""
    long, latin = workbook_builders.LONG, workbook_builders.LATIN
    texts = [
        "短。",
        long,
        latin,
        "一\n二\n三\n\n五",
        "“引号”（括号），标点、标点；" * 9,
        long * 6,
        "=1+1",
    ]
    statuses = ["", *EVERY]
    tasks = [
        task(
            statuses[i % len(statuses)],
            chapter=2 + i // 5,
            grade=list(Grade)[i % 4],
            lead=LEAD if i % 3 else None,
            measures=("done",) * i,
            situation=texts[i % len(texts)],
            reason=texts[(i + 2) % len(texts)],
            next_step=texts[(i + 4) % len(texts)],
        )
        for i in range(12)
    ]
    projects = [
        project(
            box=(1, 3, None, None)[i],
            counted_in="Z3-1" if i == 3 else "",
            parts=[
                component(
                    statuses[(i + j) % len(statuses)],
                    name="农村留守儿童关爱服务设施" * (1 + j),
                    grade=list(Grade)[j],
                    planned="17" if j else "",
                    situation=texts[(i + j) % len(texts)],
                    reason=texts[i % len(texts)],
                    stage="structure" if j else "",
                    percent=100 if j else None,
                    quantity=Decimal("999999999.5") if j else None,
                    planned_start=date(2022, 12, 31),
                    started_on=date(2023, 1, 1),
                    planned_end=date(2023, 11, 30),
                    completed_on=None,
                    money={"central": ("9999999999.9999", "0.0001", None)},
                )
                for j in range(3)
            ],
        )
        for i in range(4)
    ]
    return summary(tasks=tasks, projects=projects, layer=Layer.PROVISIONAL)


def usual() -> WorkSummary:
    """As many as a real plan has, each with a sentence or two."""
    said = {"situation": "年内完成主体工程，正在装修。", "next_step": "2024 年 6 月投入使用。"}
    tasks = [task(chapter=2 + i // 10, measures=("done", "under_way"), **said) for i in range(38)]
    money = {"central": ("900", "500", "320.5"), "county": ("300", "100", "80")}
    projects = [
        project(
            box=(1, 2, 3, None)[i // 8],
            parts=[component(percent=60, stage="structure", planned="1", money=money, **said)],
        )
        for i in range(31)
    ]
    return summary(tasks=tasks, projects=projects)


def shortest() -> WorkSummary:
    """Nothing reported."""
    return summary(tasks=[task("")], projects=[project("")])
