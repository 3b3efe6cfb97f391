"""What became of every clause of the plan: what represents it, and which sentences nothing does."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from indicators.coverage import address as indicator_address
from indicators.coverage import known_names as known_indicators
from indicators.models import Indicator
from plans.models import Clause, Plan
from programs.addresses import COMPONENT, MEASURE, PROJECT, TASK, address, part_of, whole
from programs.models import Component, Measure, Project, Task

ByClause = dict[int | None, list[Any]]


@dataclass(frozen=True)
class ClauseCoverage:
    """One clause with all that represents it, each in its order.

    A sentence of a paragraph or box item is represented by measures and components; a clause with
    a reason needs neither."""

    clause: Clause
    indicators: list[Indicator] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    projects: list[Project] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)

    @property
    def is_bare(self) -> bool:
        """Neither represented nor explained."""
        represented = self.indicators or self.tasks or self.projects
        return not represented and not self.clause.reason

    @property
    def sentences(self) -> dict[int, list[Measure | Component]]:
        """What represents each sentence, counted from 1."""
        return {number: self._of(number) for number in range(1, self.clause.sentences + 1)}

    @property
    def bare_sentences(self) -> list[int]:
        if self.clause.reason:
            return []
        return [number for number, by in self.sentences.items() if not by]

    @property
    def names(self) -> list[str]:
        """“任务 2.1-1”, “项目 Z3-4”, “指标 8”: what represents the clause as a whole."""
        return [
            *map(address, self.tasks),
            *map(address, self.projects),
            *map(indicator_address, self.indicators),
        ]

    def _of(self, number: int) -> list[Measure | Component]:
        parts: list[Measure | Component] = [*self.measures, *self.components]
        return [one for one in parts if number in one.sentences]


def known_names(plan: Plan) -> set[str]:
    """All that can represent a number: indicators, data items, tasks, measures, projects,
    components, by the names that numbers.csv uses."""
    measures = Measure.objects.filter(task__plan=plan).values_list("task__code", "order")
    components = Component.objects.filter(project__plan=plan).values_list("project__code", "order")
    return {
        *known_indicators(plan),
        *(whole(TASK, code) for code in plan.tasks.values_list("code", flat=True)),
        *(whole(PROJECT, code) for code in plan.projects.values_list("code", flat=True)),
        *(part_of(MEASURE, code, order) for code, order in measures),
        *(part_of(COMPONENT, code, order) for code, order in components),
    }


def clause_coverage(plan: Plan) -> list[ClauseCoverage]:
    """Every clause of the plan in the order of the text, in six queries."""
    parts = _by_clause(plan)
    return [
        ClauseCoverage(clause, *(rows[clause.pk] for rows in parts))
        for clause in plan.clauses.select_related("section__chapter", "box")
    ]


def _by_clause(plan: Plan) -> list[ByClause]:
    """Indicators, tasks, projects, measures and components, each by the id of its clause."""
    measures = Measure.objects.filter(task__plan=plan).select_related("task")
    components = Component.objects.filter(project__plan=plan).select_related("project")
    return [
        _grouped((one.clause_id, one) for one in plan.indicators.all()),
        _grouped((one.clause_id, one) for one in plan.tasks.all()),
        _grouped((one.clause_id, one) for one in plan.projects.all()),
        _grouped((one.task.clause_id, one) for one in measures.order_by("task__order", "order")),
        _grouped(
            (one.project.clause_id, one) for one in components.order_by("project__order", "order")
        ),
    ]


def _grouped(pairs: Iterable[tuple[int | None, object]]) -> ByClause:
    found: ByClause = defaultdict(list)
    for clause, one in pairs:
        found[clause].append(one)
    return found


def work_differences(coverage: Iterable[ClauseCoverage]) -> list[str]:
    """Clauses and sentences that nothing represents, one sentence for each clause."""
    return [f"{one.clause.locator}：{says}" for one in coverage if (says := _missing(one))]


def _missing(one: ClauseCoverage) -> str:
    if one.is_bare:
        return "没有任务、项目或指标体现，也没有写明不设任务的理由，请补上。"
    if numbers := "、".join(map(str, one.bare_sentences)):
        return f"第 {numbers} 句没有措施或子项体现，请补上。"
    return ""
