"""Says in words how each indicator of a plan is counted and judged: `docs/indicators.md`, from
the loaded data alone. The same data give the same text, whatever the year."""

from collections.abc import Iterable, Iterator

from indicators.formula_text import formula, plain
from indicators.models import (
    CheckRule,
    DataItem,
    Group,
    Indicator,
    IndicatorKind,
    ItemKind,
    StatedValue,
)
from plans.models import Plan

HEADINGS = {Group.TABLE: "一、主要指标", Group.COMMITMENT: "二、正文量化目标"}
ITEM_HEAD = ["代码", "名称", "单位", "性质", "类别", "范围", "采集方式", "责任单位", "用于指标"]
RELATED = (
    "terms__item",
    "bands",
    "targets",
    "milestones",
    "definitions",
    "responsibilities__unit",
)


def describe(plan: Plan) -> str:
    """The whole document in Markdown; ends with a line break."""
    indicators = list(plan.indicators.select_related("clause").prefetch_related(*RELATED))
    items = plan.items.select_related("rate_of").prefetch_related(
        "responsibilities__unit", "terms__indicator"
    )
    lines = [*_head(plan, indicators, items)]
    for group, heading in HEADINGS.items():
        lines += _group(heading, [one for one in indicators if one.group == group])
    lines += _items([item for item in items if item.rate_of is None])
    lines += _rate_items([item for item in items if item.rate_of is not None])
    lines += _stated(StatedValue.objects.filter(item__plan=plan).select_related("item", "clause"))
    lines += _rules(plan.check_rules.filter(is_active=True).select_related("item", "other_item"))
    return "\n".join(lines).rstrip() + "\n"


# --- indicators -------------------------------------------------------------------------------


def _head(plan: Plan, indicators: list[Indicator], items: Iterable[DataItem]) -> Iterator[str]:
    inputs = sum(item.rate_of is None for item in items)
    document = f"（{plan.document_no}）" if plan.document_no else ""
    yield from ("# 指标说明", "")
    yield "由 `manage.py describe_indicators` 根据载入的规划数据生成，请不要手工修改；"
    yield "要改内容，请改规划文件夹中的表格，重新载入后再生成。"
    yield ""
    yield f"规划：{plan.title}{document}，{plan.start_year}—{plan.end_year} 年，"
    yield f"基期 {plan.base_year} 年。共 {len(indicators)} 项指标、{inputs} 个数据项。"
    yield "口径后标“解释”的，规划文本没有写明，由办公室确定，可以修改。"
    yield ""


def _group(heading: str, indicators: list[Indicator]) -> Iterator[str]:
    yield from (f"## {heading}（{len(indicators)} 项）", "")
    for indicator in indicators:
        yield from (f"### {indicator.code} {indicator.name}", "")
        yield from (f"- {title}：{text}" for title, text in _facts(indicator) if text)
        yield ""


def _facts(indicator: Indicator) -> Iterator[tuple[str, str]]:
    yield "原文", _printed(indicator)
    yield "评定", _judged(indicator)
    yield (
        "年度目标",
        "，".join(f"{one.year} 年 {plain(one.value)}" for one in indicator.milestones.all()),
    )
    yield "方法", f"{indicator.get_method_display()}；{formula(indicator)}"
    yield "显示", _displayed(indicator)
    yield "差距", indicator.get_gap_rule_display()
    for definition in indicator.definitions.all():
        mark = "口径（解释）" if definition.is_interpretation else "口径"
        yield mark, _since(definition, indicator.definitions.all()) + definition.text
    yield "条款", indicator.clause.locator if indicator.clause else ""
    yield "责任单位", "；".join(_responsible(indicator))
    yield "待核", indicator.to_verify


def _printed(indicator: Indicator) -> str:
    unit = f"单位“{indicator.printed_unit}”" if indicator.printed_unit else ""
    if not unit and indicator.group == Group.TABLE:
        unit = "未印单位"
    parts = [f"目标“{indicator.printed_target}”", unit, indicator.get_attribute_display()]
    return "，".join(part for part in parts if part)


def _judged(indicator: Indicator) -> str:
    kinds = f"{indicator.get_kind_display()}，{indicator.get_verdict_display()}"
    due = "到期" if indicator.kind == IndicatorKind.REACH else "止"
    goal = f"{indicator.get_comparator_display()}{_goal(indicator)}"
    return f"{kinds}；{goal}；{indicator.due_year} 年{due}"


def _goal(indicator: Indicator) -> str:
    if indicator.kind == IndicatorKind.BAR:
        return "参照值"
    targets = indicator.targets.all()
    goals = [f"{_since(target, targets)}{plain(target.value)}" for target in targets]
    return f" {'；'.join(goals)}"


def _displayed(indicator: Indicator) -> str:
    unit = f"单位“{indicator.display_unit}”，" if indicator.display_unit else ""
    zero = "；分子、分母均为 0 时不适用" if indicator.zero_over_zero else ""
    return f"{unit}{indicator.decimals} 位小数{zero}"


def _since(row, rows: Iterable) -> str:
    """The year is told only where there is more than one to choose from."""
    return f"{row.effective_year} 年起：" if len(list(rows)) > 1 else ""


def _responsible(of: Indicator | DataItem) -> Iterator[str]:
    for row in of.responsibilities.all():
        guess = "（待确认）" if row.unit.is_assumption else ""
        boss = f"，{row.supervisor}" if row.supervisor else ""
        yield f"{_since(row, of.responsibilities.all())}{row.unit.name}{guess}{boss}"


# --- data items -------------------------------------------------------------------------------


def _items(items: list[DataItem]) -> Iterator[str]:
    yield from (f"## 三、数据项（{len(items)} 个）", "")
    yield from _table(ITEM_HEAD, [_item_cells(item) for item in items])
    yield from ("数据项的口径和来源：", "")
    for item in items:
        source = f"来源：{item.source}。" if item.source else ""
        if said := item.definition + source:
            yield f"- {item.code} {item.name}：{said}"
    yield ""


def _item_cells(item: DataItem) -> list[str]:
    users = dict.fromkeys(term.indicator.code for term in item.terms.all())
    return [
        item.code,
        item.name,
        item.measure,
        item.get_nature_display(),
        item.get_kind_display(),
        _bounds(item),
        item.get_collection_display(),
        "；".join(row.unit.name for row in item.responsibilities.all()),
        "、".join(users),
    ]


def _bounds(item: DataItem) -> str:
    if item.kind == ItemKind.YESNO:
        return "是、否"
    ends = (item.minimum, item.maximum)
    decimals = f"，{item.decimals} 位小数" if item.decimals else ""
    return f"{'—'.join(plain(end) or '不限' for end in ends)}{decimals}"


def _rate_items(items: list[DataItem]) -> Iterator[str]:
    if not items:
        return
    yield from (f"## 四、历史数据项（{len(items)} 个）", "")
    yield "每个不是直接取数的指标各有一个，历史补录时填当年已知的比率，代码为“H-”加指标代码："
    yield "、".join(item.code for item in items) + "。"
    yield ""


def _stated(values: Iterable[StatedValue]) -> Iterator[str]:
    yield from ("## 五、规划所载数值", "", "只供填报时对照，填报以后才成为数据。", "")
    rows = [
        [
            value.clause.locator,
            f"{value.item.code} {value.item.name}",
            str(value.year),
            f"{plain(value.amount)} {value.item.measure}".strip(),
            value.note,
        ]
        for value in sorted(values, key=lambda value: (value.clause.order, value.item.code))
    ]
    yield from _table(["条款", "数据项", "年度", "数值", "说明"], rows)


def _rules(rules: Iterable[CheckRule]) -> Iterator[str]:
    yield from ("## 六、检查规则", "")
    yield "报送时检查：错误改正后才能报送，提醒在备注中说明后可以报送。"
    yield "数据项自己的规则先于全部数据项的规则。没有列出也检查的：必填、范围、累计数下降（提醒），"
    yield "以及以 % 计、按个数算差距的指标分子大于分母（错误）。"
    yield ""
    head = ["数据项", "规则", "对照数据项", "界限", "起比数", "级别", "补充说明"]
    yield from _table(head, [_rule_cells(rule) for rule in rules])


def _rule_cells(rule: CheckRule) -> list[str]:
    points = rule.item is not None and rule.item.is_percentage
    unit = " 个百分点" if points else "%"
    return [
        str(rule.item or "全部数据项"),
        rule.get_kind_display(),
        str(rule.other_item or ""),
        f"{plain(rule.threshold)}{unit}" if rule.threshold else "",
        plain(rule.floor),
        rule.get_severity_display(),
        rule.message,
    ]


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cell.replace('|', '｜') for cell in cells)} |"
    yield ""
