"""A small county to test in: three 股室, three townships, one plan with four indicators.

W1 ratio: D1 beds with care ÷ D2 beds, reach 60 % (binding), owned by `care`
W2 share of townships (D3 yes-no by township ÷ number of townships), reach 60 %, owned by `care`
W3 direct: D4 people, reach 460, owned by `affairs`
W4 ratio: D4 people ÷ D2 beds × 100, hold 100 — its inputs come from two 股室"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from indicators import workflow
from indicators.entry import Entry
from indicators.models import (
    AnnualReturn,
    DataItem,
    Definition,
    Figure,
    Indicator,
    Responsibility,
    Round,
    Target,
    Term,
)
from organization.models import Unit, User
from plans.models import Plan

PASSWORD = "for-tests-only-2023"


@dataclass
class World:
    bureau: Unit
    care: Unit
    affairs: Unit
    townships: list[Unit]
    plan: Plan
    items: dict[str, DataItem]
    indicators: dict[str, Indicator]
    people: dict[str, User] = field(default_factory=dict)

    def round(self, year: int = 2023, name: str = "年报", **fields: object) -> Round:
        fields = {"nature": "annual", "as_of": date(year, 12, 31), **fields}
        return workflow.open_round(
            self.people["planner"], self.plan, year=year, name=name, **fields
        )

    def return_of(self, rnd: Round, unit: Unit) -> AnnualReturn:
        return AnnualReturn.objects.get(round=rnd, unit=unit)

    def figure(self, rnd: Round, code: str, unit: Unit | None = None) -> Figure:
        figures = Figure.objects.filter(round=rnd, item__code=code)
        return figures.get(unit=unit) if unit else figures.get()

    def entries(self, annual_return: AnnualReturn, **amounts: object) -> dict[int, Entry]:
        """By item code; for a township item a list in the townships' order."""
        found = {}
        for code, amount in amounts.items():
            figures = annual_return.figures.filter(item__code=code).order_by("unit__order")
            amounts_in_order = amount if isinstance(amount, list) else [amount]
            for figure, one in zip(figures, amounts_in_order, strict=True):
                found[figure.pk] = Entry(Decimal(str(one)), "have")
        return found

    def save(self, user: User, annual_return: AnnualReturn, **amounts: object) -> AnnualReturn:
        annual_return.refresh_from_db()
        entries = self.entries(annual_return, **amounts)
        return workflow.save_draft(user, annual_return.pk, annual_return.version, entries)

    def approve_all(self, rnd: Round) -> None:
        for annual_return in rnd.returns.all():
            clerk = self.people["clerk" if annual_return.unit == self.care else "other_clerk"]
            sent = workflow.submit(clerk, annual_return.pk, annual_return.version)
            workflow.approve(self.people["reviewer"], sent.pk, sent.version)

    def fill(self, rnd: Round, d1: object, d2: object, d3: list, d4: object) -> None:
        self.save(self.people["clerk"], self.return_of(rnd, self.care), D1=d1, D2=d2, D3=d3)
        self.save(self.people["other_clerk"], self.return_of(rnd, self.affairs), D4=d4)

    def publish(self, rnd: Round) -> Round:
        return workflow.publish(self.people["planner"], rnd.pk, "局长", date(rnd.year + 1, 2, 1))

    def explain(self, rnd: Round) -> None:
        """Gives every indicator of the round a cause and a next step, before submitting."""
        for annual_return in rnd.returns.all():
            clerk = self.people["clerk" if annual_return.unit == self.care else "other_clerk"]
            texts = {
                pk: workflow.Texts("", "进度偏慢的原因", "下一步的措施")
                for pk in annual_return.explanations.values_list("indicator_id", flat=True)
            }
            workflow.save_draft(clerk, annual_return.pk, annual_return.version, {}, texts)


def build() -> World:
    bureau = Unit.objects.create(code="XA", name="西安县民政局", kind="bureau")
    care = Unit.objects.create(
        code="XA-1", name="养老股", kind="department", bureau=bureau, order=1
    )
    affairs = Unit.objects.create(
        code="XA-2", name="社会事务股", kind="department", bureau=bureau, order=2
    )
    townships = [
        Unit.objects.create(
            code=f"XA-T{n}", name=name, kind="township", bureau=bureau, order=10 + n
        )
        for n, name in enumerate(["东镇", "南乡", "北乡"])
    ]
    plan = Plan.objects.create(
        code="small",
        title="西安县民政事业发展规划",
        short_title="西安县规划",
        bureau=bureau,
        base_year=2020,
        start_year=2021,
        end_year=2025,
        evaluation_years=[2023, 2025],
    )
    items = _items(plan, care, affairs)
    return World(
        bureau, care, affairs, townships, plan, items, _indicators(plan, items, care, affairs)
    )


def _items(plan: Plan, care: Unit, affairs: Unit) -> dict[str, DataItem]:
    rows = [
        ("D1", "护理型床位", "张", "number", "department", care),
        ("D2", "养老机构床位", "张", "number", "department", care),
        ("D3", "建有服务中心", "是否", "yesno", "list", care),
        ("D4", "社工人才", "人", "number", "department", affairs),
    ]
    items = {}
    for order, (code, name, measure, kind, collection, owner) in enumerate(rows):
        items[code] = DataItem.objects.create(
            plan=plan,
            code=code,
            name=name,
            measure=measure,
            nature="moment",
            kind=kind,
            collection=collection,
            minimum=0,
            maximum=1 if kind == "yesno" else None,
            order=order,
        )
        Responsibility.objects.create(item=items[code], unit=owner, effective_year=2020)
    return items


def _indicators(
    plan: Plan, items: dict[str, DataItem], care: Unit, affairs: Unit
) -> dict[str, Indicator]:
    rows = [
        # code, name, attribute, kind, method, scale, unit, target, gap, numerator, denominator, owner
        ("W1", "护理型床位占比", "binding", "reach", "ratio", 100, "%", 60, "both", "D1", "D2", care),
        ("W2", "服务中心覆盖率", "anticipatory", "reach", "ratio", 100, "%", 60, "numerator", "D3", "", care),
        ("W3", "社工人才总量", "anticipatory", "reach", "direct", 1, "人", 460, "value", "D4", None, affairs),
        ("W4", "每百床社工", "anticipatory", "hold", "ratio", 100, "人", 100, "value", "D4", "D2", affairs),
    ]  # fmt: skip
    found = {}
    for order, row in enumerate(rows):
        code, name, attribute, kind, method, scale, unit, target, gap, above, below, owner = row
        indicator = found[code] = Indicator.objects.create(
            plan=plan,
            code=code,
            group="table1",
            order=order,
            row_no=order + 1,
            name=name,
            printed_unit=unit,
            display_unit=unit,
            printed_target=str(target),
            attribute=attribute,
            kind=kind,
            verdict="due",
            due_year=2025,
            method=method,
            scale=scale,
            gap_rule=gap,
        )
        Term.objects.create(indicator=indicator, role="numerator", item=items[above], order=0)
        if below is not None:
            Term.objects.create(
                indicator=indicator, role="denominator", item=items.get(below), order=1
            )
        Target.objects.create(
            indicator=indicator,
            value=target,
            printed=str(target),
            effective_year=2020,
            is_original=True,
        )
        Definition.objects.create(indicator=indicator, effective_year=2020, text=f"{name}的口径")
        Responsibility.objects.create(
            indicator=indicator,
            unit=owner,
            supervisor=f"分管{owner.name}的副局长",
            effective_year=2020,
        )
    return found
