"""What the small county of `world.py` is to do besides its numbers: two tasks and a project.

T1 (care): three measures, the last one a result. T2 (affairs): sought, one measure.
P1 (care, construction, in a box): `home`, one building, firm; `flats`, sought, quantity open."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators import workflow
from indicators.models import AnnualReturn, Round
from organization.models import User
from plans.models import Box, Chapter, Clause, Section
from programs import sheet
from programs.content import (
    ComponentContent,
    Content,
    MeasureContent,
    MoneyContent,
    TaskContent,
)
from programs.models import Assignment, Component, Measure, Project, Task
from programs.workflow import save_progress
from tests.world import World


@dataclass
class Work:
    world: World
    care_task: Task
    sought_task: Task
    measures: list[Measure]
    project: Project
    home: Component
    flats: Component

    def key(self, annual_return: AnnualReturn, work: Task | Component) -> str:
        found = [one for one in sheet.lines(annual_return) if one.row.work == work]
        return found[0].key

    def line(self, annual_return: AnnualReturn, work: Task | Component) -> sheet.Line:
        found = sheet.line(annual_return, self.key(annual_return, work))
        assert found is not None
        return found

    def save(
        self, user: User, annual_return: AnnualReturn, work: Task | Component, content: Content
    ) -> sheet.Line:
        line = self.line(annual_return, work)
        return save_progress(user, annual_return.pk, line.key, line.row.version, content)

    def task_done(self, status: str = "under_way", **fields: object) -> TaskContent:
        """Every measure says something; the result is proved."""
        one, two, three = (measure.pk for measure in self.measures)
        measures = {
            one: MeasureContent("under_way"),
            two: MeasureContent("under_way"),
            three: MeasureContent("done", date(2023, 6, 1), "县民政发〔2023〕8号"),
        }
        given = {"situation": "按计划推进。", "measures": measures, **fields}
        return TaskContent(status=status, **given)

    def sought(self, **fields: object) -> TaskContent:
        measure = self.sought_task.measures.get()
        given = {"status": "not_started", "measures": {measure.pk: MeasureContent("not_started")}}
        return TaskContent(**{**given, **fields})

    def building(self, **fields: object) -> ComponentContent:
        given = {
            "status": "under_way",
            "situation": "主体施工。",
            "stage": "structure",
            "percent": 60,
            "quantity": Decimal(0),
            "started_on": date(2023, 3, 1),
            "money": {
                "central": MoneyContent(Decimal(900), Decimal(500), Decimal("320.5")),
                "county": MoneyContent(Decimal(300), Decimal(100), Decimal(80)),
            },
        }
        return ComponentContent(**{**given, **fields})

    def waiting(self, **fields: object) -> ComponentContent:
        return ComponentContent(**{"status": "not_started", "stage": "conceived", **fields})

    def fill(self, rnd: Round) -> None:
        """Everything that is owed besides the figures, said by the two clerks."""
        world, people = self.world, self.world.people
        care = world.return_of(rnd, world.care)
        self.save(people["clerk"], care, self.care_task, self.task_done())
        self.save(people["clerk"], care, self.home, self.building())
        self.save(people["clerk"], care, self.flats, self.waiting())
        affairs = world.return_of(rnd, world.affairs)
        self.save(people["other_clerk"], affairs, self.sought_task, self.sought())

    def publish(self, year: int = 2023) -> Round:
        """A year with figures and progress, approved and published."""
        world = self.world
        rnd = world.round(year)
        world.fill(rnd, 30, 50, [1, 1, 0], 460)
        self.fill(rnd)
        world.explain(rnd)
        for annual_return in rnd.returns.all():
            annual_return.refresh_from_db()
        world.approve_all(rnd)
        return workflow.publish(world.people["planner"], rnd.pk, "局长", date(year + 1, 2, 1))


def build(world: World) -> Work:
    plan = world.plan
    chapter = Chapter.objects.create(plan=plan, number=4, title="基本社会服务")
    section = Section.objects.create(chapter=chapter, number=1, title="养老服务")
    box = Box.objects.create(section=section, number=3, title="养老设施建设工程")
    clauses = [
        Clause.objects.create(
            plan=plan,
            section=section,
            box=box if "专栏" in locator else None,
            locator=locator,
            kind="box_item" if "专栏" in locator else "paragraph",
            order=order,
            summary=summary,
            sentences=2,
        )
        for order, (locator, summary) in enumerate(
            [
                ("第四章第一节 第1段", "机构养老"),
                ("第四章第一节 第2段", "医养结合"),
                ("专栏3 第1条", "养老院建设"),
            ]
        )
    ]
    care_task = Task.objects.create(
        plan=plan, code="4.1-1", order=10, name="强化养老机构", clause=clauses[0],
        grade="advance", kind="task",
    )  # fmt: skip
    sought = Task.objects.create(
        plan=plan, code="4.1-2", order=20, name="谋划医养项目", clause=clauses[1],
        grade="seek", kind="task",
    )  # fmt: skip
    measures = [
        Measure.objects.create(
            task=care_task, order=order, text=text, verb=verb, grade=grade,
            sentences=[order if order < 3 else 2], is_result=is_result,
        )
        for order, (text, verb, grade, is_result) in enumerate(
            [
                ("明确福利院定位", "明确", "advance", False),
                ("规范发放补贴", "规范", "advance", False),
                ("实施三年改造计划", "实施", "firm", True),
            ],
            start=1,
        )
    ]  # fmt: skip
    Measure.objects.create(
        task=sought, order=1, text="争取医养项目", verb="争取", grade="seek", sentences=[1, 2]
    )
    project = Project.objects.create(
        plan=plan, code="Z3-1", order=10, name="养老院建设", clause=clauses[2], box=box,
        grade="firm", kind="construction",
    )  # fmt: skip
    project.tasks.add(care_task)
    home = Component.objects.create(
        project=project, order=1, name="失能老人养老院", grade="firm", planned=1, measure="所",
        sentences=[1],
    )  # fmt: skip
    flats = Component.objects.create(
        project=project, order=2, name="老年公寓", grade="seek", measure="处", sentences=[2],
        quantity_note="规划没有写明数量",
    )  # fmt: skip
    home.townships.add(world.townships[0])
    care_task.indicators.add(world.indicators["W1"])
    for thing, unit in ((care_task, world.care), (sought, world.affairs)):
        Assignment.objects.create(task=thing, unit=unit, supervisor="副局长", effective_year=2020)
    Assignment.objects.create(
        project=project, unit=world.care, supervisor="副局长", effective_year=2020, is_assumed=True
    )
    return Work(world, care_task, sought, measures, project, home, flats)
