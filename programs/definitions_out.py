"""任务与项目.xlsx: the tasks and projects themselves, written out. The sheets have the columns of
tasks.csv, measures.csv, projects.csv and components.csv."""

from collections import defaultdict
from io import BytesIO

from exchange import origin
from exchange.origin import Origin, fingerprint
from exchange.text import file_name as safe_name
from exchange.writing import Column, Written, new_book, write_sheet
from indicators.entry import plain
from organization.models import Unit, UnitKind
from plans.models import Box, Plan, StatedNumber
from programs.addresses import COMPONENT, MEASURE, part_of
from programs.loading_sheets import ALL_TOWNSHIPS
from programs.loading_tables import (
    COLUMNS,
    COMPONENTS,
    KEYS,
    MEASURES,
    PROJECTS,
    SEPARATOR,
    TASKS,
)
from programs.models import (
    Assignment,
    Component,
    Grade,
    Measure,
    Project,
    ProjectKind,
    Task,
    TaskKind,
)

KIND = "任务与项目"
SHEETS = {TASKS: "任务", MEASURES: "措施", PROJECTS: "项目", COMPONENTS: "子项"}
HELP = "各列填法见“规划文件夹格式”；删去的行即从规划中去掉；已有填报内容的不能去掉。"
WIDE = {"名称", "措施", "说明", "数量说明", "待核事项", "其他协同部门"}

Cells = list[str]
Tables = dict[str, list[Cells]]


def written(plan: Plan) -> Tables:
    """File name → rows of text in the order of its columns, as a plan folder has them."""
    tasks = _with_links(plan.tasks).order_by("order", "pk")
    projects = _with_links(plan.projects).prefetch_related("tasks", "related")
    writer = _Writer(plan)
    tables: Tables = {name: [] for name in SHEETS}
    for task in tasks.prefetch_related("measures"):
        tables[TASKS].append(writer.task(task))
        tables[MEASURES] += [writer.measure(task, one) for one in task.measures.all()]
    for project in projects.prefetch_related("components__townships").order_by("order", "pk"):
        tables[PROJECTS].append(writer.project(project))
        tables[COMPONENTS] += [writer.component(project, one) for one in project.components.all()]
    return tables


def _with_links(works):  # type: ignore[no-untyped-def]
    return works.select_related("clause").prefetch_related(
        "cooperating", "indicators", "assignments__unit"
    )


class _Writer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.townships = {
            unit.pk
            for unit in Unit.objects.of(plan.bureau).filter(kind=UnitKind.TOWNSHIP)
            if unit.valid_from <= plan.end_year
            and (unit.valid_until is None or unit.valid_until >= plan.start_year)
        }
        self.boxes = dict(
            Box.objects.filter(section__chapter__plan=plan).values_list("pk", "number")
        )
        self.numbers = defaultdict[int, list[StatedNumber]](list)
        for number in StatedNumber.objects.filter(clause__plan=plan).order_by("order"):
            self.numbers[number.clause_id].append(number)

    def task(self, task: Task) -> Cells:
        code, order, name, locator, grade, *people, indicators, note = self._work(task)
        kind = task.get_kind_display()
        return [code, order, kind, name, locator, grade, *people, indicators, note]

    def project(self, project: Project) -> Cells:
        code, order, name, locator, grade, *people, indicators, note = self._work(project)
        box = str(self.boxes.get(project.box_id, "")) if project.box_id else ""
        kind = project.get_kind_display()
        tasks = SEPARATOR.join(one.code for one in project.tasks.all())
        # A tie has no direction; it is written once, at the first of the two.
        related = SEPARATOR.join(
            one.code
            for one in project.related.all()
            if (one.order, one.pk) > (project.order, project.pk)
        )
        links = [tasks, indicators, related, note, project.to_verify]
        return [code, order, name, box, locator, kind, grade, *people, *links]

    def _work(self, work: Task | Project) -> Cells:
        lead = self._lead(work)
        supervisor = lead.supervisor if lead else ""
        return [
            work.code,
            str(work.order),
            work.name,
            work.clause.locator,
            work.get_grade_display(),
            lead.unit.code if lead else "",
            SEPARATOR.join(unit.code for unit in work.cooperating.all()),
            work.cooperating_bodies,
            "" if lead and supervisor == lead.unit.supervisor else supervisor,
            _yes(bool(lead and lead.is_assumed)),
            SEPARATOR.join(one.code for one in work.indicators.all()),
            work.note,
        ]

    def _lead(self, work: Task | Project) -> Assignment | None:
        """Of the plan as issued; who leads later is not part of it."""
        assigned = work.assignments.all()
        return next((one for one in assigned if one.effective_year == self.plan.base_year), None)

    def measure(self, task: Task, measure: Measure) -> Cells:
        return [
            task.code,
            str(measure.order),
            measure.text,
            measure.verb,
            measure.get_grade_display(),
            _sentences(measure.sentences),
            _yes(measure.is_result),
            self._numbers(task.clause_id, part_of(MEASURE, task.code, measure.order)),
            measure.note,
        ]

    def component(self, project: Project, component: Component) -> Cells:
        start, end = component.planned_start, component.planned_end
        return [
            project.code,
            str(component.order),
            component.name,
            component.get_grade_display(),
            plain(component.planned),
            component.measure,
            component.quantity_note,
            self._townships(component),
            f"{start:%Y-%m}" if start else "",
            f"{end:%Y-%m}" if end else "",
            _sentences(component.sentences),
            self._numbers(project.clause_id, part_of(COMPONENT, project.code, component.order)),
            component.note,
        ]

    def _townships(self, component: Component) -> str:
        units = list(component.townships.all())
        if units and {unit.pk for unit in units} == self.townships:
            return ALL_TOWNSHIPS
        return SEPARATOR.join(unit.code for unit in units)

    def _numbers(self, clause_id: int, name: str) -> str:
        """Those that numbers.csv gives to this part itself."""
        own = [
            number.printed
            for number in self.numbers[clause_id]
            if name in number.represented_by.split(SEPARATOR)
        ]
        return SEPARATOR.join(dict.fromkeys(own))


def _yes(flag: bool) -> str:
    return "是" if flag else "否"


def _sentences(numbers: list[int]) -> str:
    """[1, 2, 3] → “1~3”, [2, 4] → “2、4”."""
    if len(numbers) > 1 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}~{numbers[-1]}"
    return SEPARATOR.join(map(str, numbers))


def file_name(plan: Plan) -> str:
    return safe_name(f"{KIND}（{plan.short_title}）.xlsx")


def workbook(plan: Plan) -> bytes:
    book, content = new_book(), written(plan)
    for name, sheet in SHEETS.items():
        headings = COLUMNS[name].split()
        columns = [Column(one, 30 if one in WIDE else 12, "code") for one in headings]
        choices = [_choices(name, one) for one in headings]
        rows = [
            [Written(cell, True, words) for cell, words in zip(row, choices, strict=True)]
            for row in content[name]
        ]
        title = f"{plan.short_title} {sheet}"
        frozen = len(KEYS[name])
        write_sheet(book, sheet, title, HELP, columns, rows, is_protected=False, frozen=frozen)
    origin.write(book, origin_of(plan, content))
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _choices(name: str, heading: str) -> tuple[str, ...]:
    """The words of the drop-down list, where there is one."""
    if heading == "类型":
        return tuple((TaskKind if name == TASKS else ProjectKind).labels)
    if heading in {"分工待确认", "是否有明确结果"}:
        return ("是", "否")
    return tuple(Grade.labels) if heading == "承诺程度" else ()


def origin_of(plan: Plan, content: Tables) -> Origin:
    return Origin(KIND, plan.code, rows={KIND: fingerprint(content)})
