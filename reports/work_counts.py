"""How the work of a plan, a chapter or a unit is counted and told.

What the plan only seeks (争取) is tallied apart; a project that overlaps one of a 专栏 does not
count (`ProjectStanding.counts`)."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from programs import rollup
from programs.models import Grade, Project, Task, TaskKind, WorkStatus
from programs.standing import NOT_REPORTED, ComponentStanding, ProjectStanding, TaskStanding
from reports.summary import Number
from reports.work_rows import Money, money_of, whole

Standing = TaskStanding | ProjectStanding
# The order of the page: what is finished, what goes on, what does not.
ORDER = (
    WorkStatus.DONE,
    WorkStatus.UNDER_WAY,
    WorkStatus.NOT_STARTED,
    WorkStatus.BEHIND,
    WorkStatus.ADJUSTED,
    WorkStatus.STOPPED,
    WorkStatus.NOT_APPROVED,
    WorkStatus.BLANK,
)


@dataclass(frozen=True)
class Count:
    """How many tasks (保障措施 among them) and projects have one status."""

    status: str
    label: str
    badge: str
    tasks: int
    projects: int


@dataclass(frozen=True)
class Tally:
    """What was counted together; `counts` only of statuses that occur. Late is what is behind by
    its own word or past its planned end."""

    tasks: int
    safeguards: int
    projects: int
    counts: tuple[Count, ...]
    late_tasks: int = 0
    late_projects: int = 0

    def of(self, status: str) -> Count:
        return next((one for one in self.counts if one.status == status), _NO_COUNT)

    @property
    def done(self) -> Count:
        return self.of(WorkStatus.DONE)

    @property
    def works(self) -> int:
        return self.tasks + self.projects


_NO_COUNT = Count("", "", "", 0, 0)


@dataclass(frozen=True)
class Group:
    """The work of the plan, of a chapter or a unit. `sought` is counted apart from `tally`;
    `measures` and `money` are of both. `key`: number of the chapter or id of the unit."""

    key: object
    name: str
    tally: Tally
    sought: Tally
    measures: int
    ended: int
    overdue: int
    money: Money

    @property
    def cells(self) -> tuple[object, ...]:
        """What its line prints, without what is sought and the money."""
        tally = self.tally
        return (
            *(tally.tasks, tally.done.tasks, tally.late_tasks),
            f"{self.ended}/{self.measures}",
            *(tally.projects, tally.done.projects, tally.late_projects),
        )

    @property
    def measures_number(self) -> Number:
        return whole(self.measures)

    @property
    def ended_number(self) -> Number:
        return whole(self.ended)

    @property
    def tasks(self) -> int:
        return self.tally.tasks + self.sought.tasks

    @property
    def safeguards(self) -> int:
        return self.tally.safeguards + self.sought.safeguards

    @property
    def projects(self) -> int:
        return self.tally.projects + self.sought.projects


@dataclass(frozen=True)
class Ended:
    """How many there are, how many of them are done (of measures: 办结) and late."""

    all: int
    done: int
    late: int = 0


@dataclass(frozen=True)
class GradeLine:
    """One 承诺程度: tasks, measures and components each by their own grade, not by that of what
    they belong to; `money` is of the components."""

    key: str
    name: str
    tasks: Ended
    measures: Ended
    components: Ended
    money: Money

    @property
    def cells(self) -> tuple[object, ...]:
        """What its line prints."""
        tasks, measures, parts = self.tasks, self.measures, self.components
        return (
            *(tasks.all, tasks.done, tasks.late),
            f"{measures.done}/{measures.all}",
            *(parts.all, parts.done, parts.late),
            self.money.spent,
        )


# --- counted together ------------------------------------------------------------------------


def group(
    key: object,
    name: str,
    tasks: Sequence[TaskStanding],
    projects: Sequence[ProjectStanding],
) -> Group:
    counted = [one for one in projects if one.counts]
    some: list[Standing] = [*tasks, *counted]
    sought = [one for one in some if one.is_sought]
    money = rollup.money(part.content for one in counted for part in one.components)
    return Group(
        key=key,
        name=name,
        tally=_tally([one for one in some if not one.is_sought]),
        sought=_tally(sought),
        measures=sum(one.measures for one in tasks),
        ended=sum(one.ended for one in tasks),
        overdue=sum(
            one.is_overdue and one.status != WorkStatus.BEHIND and not one.is_sought
            for one in counted
        ),
        money=money_of(money),
    )


def together(key: object, name: str, groups: Sequence[Group]) -> Group:
    """Of groups that have nothing in common."""
    return Group(
        key=key,
        name=name,
        tally=_added([one.tally for one in groups]),
        sought=_added([one.sought for one in groups]),
        measures=sum(one.measures for one in groups),
        ended=sum(one.ended for one in groups),
        overdue=sum(one.overdue for one in groups),
        money=_added_money([one.money for one in groups]),
    )


def _added(tallies: Sequence[Tally]) -> Tally:
    numbers = ("tasks", "safeguards", "projects", "late_tasks", "late_projects")
    found = {status: [one for t in tallies for one in t.counts if one.status == status]
             for status in ORDER}  # fmt: skip
    return Tally(
        counts=tuple(
            replace(
                same[0],
                tasks=sum(one.tasks for one in same),
                projects=sum(one.projects for one in same),
            )
            for same in found.values()
            if same
        ),
        **{name: sum(getattr(one, name) for one in tallies) for name in numbers},
    )


def grade_lines(
    tasks: Sequence[TaskStanding], projects: Sequence[ProjectStanding]
) -> tuple[GradeLine, ...]:
    """Only grades that occur."""
    parts = [part for one in projects if one.counts for part in one.components]
    lines = (_grade_line(grade, tasks, parts) for grade in Grade)
    return tuple(one for one in lines if one.tasks.all or one.measures.all or one.components.all)


def added_lines(parts: Iterable[Iterable[GradeLine]]) -> tuple[GradeLine, ...]:
    """Of parts that have nothing in common."""
    found: dict[str, list[GradeLine]] = {grade.value: [] for grade in Grade}
    for line in (line for part in parts for line in part):
        found[line.key].append(line)
    return tuple(_added_line(same) for same in found.values() if same)


def _added_line(same: Sequence[GradeLine]) -> GradeLine:
    return replace(
        same[0],
        money=_added_money([one.money for one in same]),
        **{
            name: _added_ended([getattr(one, name) for one in same])
            for name in ("tasks", "measures", "components")
        },
    )


def _added_ended(some: Sequence[Ended]) -> Ended:
    return Ended(*(sum(getattr(one, name) for one in some) for name in ("all", "done", "late")))


def _added_money(some: Sequence[Money]) -> Money:
    told = (rollup.Sum(*(number.value for number in one.cells)) for one in some)
    return money_of(rollup.added(told))


def _grade_line(
    grade: Grade, tasks: Sequence[TaskStanding], parts: Sequence[ComponentStanding]
) -> GradeLine:
    own = [one for one in tasks if one.task.grade == grade]
    built = [one for one in parts if one.component.grade == grade]
    states = [one.measures_by_grade.get(grade, (0, 0)) for one in tasks]
    return GradeLine(
        key=grade.value,
        name=grade.label,
        tasks=_ended(own),
        measures=Ended(sum(of[0] for of in states), sum(of[1] for of in states)),
        components=_ended(built),
        money=money_of(rollup.money(one.content for one in built)),
    )


def _ended(some: Sequence[TaskStanding | ComponentStanding]) -> Ended:
    done = sum(one.status == WorkStatus.DONE for one in some)
    return Ended(len(some), done, sum(one.is_late for one in some))


def _tally(some: Sequence[Standing]) -> Tally:
    tasks = [one for one in some if isinstance(one, TaskStanding)]
    seen = Counter((isinstance(one, TaskStanding), one.status) for one in some)
    return Tally(
        len(tasks),
        sum(1 for one in tasks if one.task.kind == TaskKind.SAFEGUARD),
        len(some) - len(tasks),
        tuple(
            Count(
                status.value,
                status.label if status else NOT_REPORTED,
                status.value or "not_reported",
                seen[True, status],
                seen[False, status],
            )
            for status in ORDER
            if seen[True, status] or seen[False, status]
        ),
        late_tasks=sum(one.is_late for one in tasks),
        late_projects=sum(one.is_late for one in some if not isinstance(one, TaskStanding)),
    )


def work_of(one: Standing) -> Task | Project:
    return one.task if isinstance(one, TaskStanding) else one.project


# --- as a sentence ---------------------------------------------------------------------------


def task_sentence(whole: Group) -> str:
    """“38项任务（含保障措施6项）：已完成3项，推进中33项，滞后2项。”"""
    return _told(whole, "tasks", "项", _tasks_head(whole))


def project_sentence(whole: Group, overlapping: int) -> str:
    """“27个项目（…）：推进中27个。累计到位资金600万元，完成投资400.5万元。” `overlapping`: how many
    are counted elsewhere."""
    head = _projects_head(whole, overlapping)
    return _told(whole, "projects", "个", head, _overdue(whole)) + _money_told(whole.money)


def _tasks_head(whole: Group) -> str:
    safeguards = f"（含保障措施{whole.safeguards}项）" if whole.safeguards else ""
    return f"{whole.tasks}项任务{safeguards}"


def _projects_head(whole: Group, overlapping: int) -> str:
    other = f"（另有{overlapping}个与专栏项目重叠，不重复计数）" if overlapping else ""
    return f"{whole.projects}个项目{other}"


def _overdue(whole: Group) -> str:
    return f"；超过计划完工时间未完成的{whole.overdue}个" if whole.overdue else ""


def _told(whole: Group, kind: str, measure: str, head: str, tail: str = "") -> str:
    if not getattr(whole, kind):
        return ""
    lists = [_listed(tally, kind, measure) for tally in (whole.tally, whole.sought)]
    apart = f"争取类{getattr(whole.sought, kind)}{measure}单列：{lists[1]}" if lists[1] else ""
    return f"{head}：{'；'.join(filter(None, [lists[0], apart]))}{tail}。"


def _listed(tally: Tally, kind: str, measure: str) -> str:
    counted = ((count.label, getattr(count, kind)) for count in tally.counts)
    return "，".join(f"{label}{number}{measure}" for label, number in counted if number)


def _money_told(money: Money) -> str:
    named = (("累计到位资金", money.arrived), ("完成投资", money.spent))
    said = "，".join(f"{name}{number}万元" for name, number in named if number.value is not None)
    return f"{said}。" if said else ""
