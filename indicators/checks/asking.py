"""The findings of a return: every rule that holds, asked of every figure. One address: the page,
the verbs, the import and the API all ask `findings`."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from indicators.checks import rules
from indicators.checks.faults import entry_faults
from indicators.checks.finding import Finding, Tally, tally, together
from indicators.checks.gathering import Gathered, Sheet, number_of
from indicators.checks.rulebook import Relation
from indicators.checks.rules import Limit, Number
from indicators.models import (
    AnnualReturn,
    CheckKind,
    CheckRule,
    DataItem,
    Figure,
    ItemKind,
    Knowledge,
    Layer,
    ReturnStatus,
    Round,
    Severity,
)

MISSING = "未填：请填数值，或选“不适用”“暂无”并写明原因。"
MISSING_YES_NO = "未填：请选“是”或“否”，或选“不适用”“暂无”并写明原因。"
WHAT_TO_DO = {Severity.ERROR: "请改正。", Severity.WARNING: "请核实或在备注中说明。"}


def findings(
    annual_return: AnnualReturn,
    scope: frozenset[int] | None = frozenset(),
    figures: Iterable[Figure] | None = None,
) -> list[Finding]:
    """All findings of one return in the order of its figures. `scope`: the units whose
    unpublished figures the sentences may print (None: all); the unit's own are always among
    them. `figures`: those of the return, with item and unit, where the caller has them."""
    if scope is not None:
        scope |= {annual_return.unit_id}
    gathered = Gathered(annual_return.round, [annual_return], scope, figures)
    return _of_sheet(gathered.sheet(annual_return.pk))


def standing_errors(annual_return: AnnualReturn, scope: frozenset[int] | None) -> list[str]:
    """What keeps a return from being approved: errors at figures that approving would lock, also
    those whose other side another unit holds, whatever the note says."""
    gathered = Gathered(annual_return.round, [annual_return], scope, both_sides=True)
    found = _of_sheet(gathered.sheet(annual_return.pk))
    return _sentences(one for one in found if not one.locked)


def published_errors(rnd: Round) -> list[str]:
    """Errors among what the round now publishes, of all units together."""
    returns = list(rnd.returns.filter(status=ReturnStatus.APPROVED))
    gathered = Gathered(rnd, returns, None, layer=Layer.OFFICIAL, both_sides=True)
    return _sentences(one for row in returns for one in _of_sheet(gathered.sheet(row.pk)))


def _sentences(found: Iterable[Finding]) -> list[str]:
    """Of the errors, each once: two units may be told the same."""
    errors = (one for one in found if one.is_error and not one.is_missing)
    return list(dict.fromkeys(one.sentence for one in errors))


def tallies(rnd: Round, returns: Iterable[AnnualReturn]) -> dict[int, Tally]:
    """Return id → how many; all returns of the round in the queries of one."""
    found = _of_returns(rnd, list(returns), None)
    return {return_id: tally(rows) for return_id, rows in found.items()}


def submission_faults(
    annual_return: AnnualReturn, figures: Iterable[Figure] | None = None
) -> dict[int, str]:
    """Figure id → what stands in the way of 报送 there: what is owed and not said, errors, and
    warnings without a note."""
    found = findings(annual_return, figures=figures)
    return together(one for one in found if one.blocks)


def _of_returns(
    rnd: Round, returns: list[AnnualReturn], scope: frozenset[int] | None
) -> dict[int, list[Finding]]:
    gathered = Gathered(rnd, returns, scope)
    return {one.pk: _of_sheet(gathered.sheet(one.pk)) for one in returns}


def _of_sheet(sheet: Sheet) -> list[Finding]:
    order = {figure.pk: n for n, figure in enumerate(sheet.figures)}
    found = [
        *(one for figure in sheet.figures for one in _of_figure(sheet, figure)),
        *(one for relation in sheet.around.book.relations for one in _compared(sheet, relation)),
        *_same_numbers(sheet),
    ]
    return sorted(found, key=lambda one: (order[one.figure_id], not one.is_error))


# --- one figure ----------------------------------------------------------------------------------


def _of_figure(sheet: Sheet, figure: Figure) -> Iterator[Finding]:
    """A backfill round takes what is known: nothing is owed there."""
    owed = not sheet.round.is_backfill and not figure.locked
    if figure.knowledge == Knowledge.BLANK and owed:
        yes_no = figure.item.kind == ItemKind.YESNO
        says = MISSING_YES_NO if yes_no else MISSING
        yield _finding(figure, CheckKind.MISSING, Severity.ERROR, says)
    for sentence in entry_faults([figure]).values():
        says = f"{number_of(figure).name}：{sentence}"
        yield _finding(figure, CheckKind.BOUNDS, Severity.ERROR, says)
    for kind, asks in ASKED.items() if _is_number(figure) else ():
        rule = sheet.around.book.rule(kind, figure.item)
        facts = asks(sheet, figure, rule) if rule else ""
        if rule and facts:
            yield _finding(figure, kind, rule.severity, _sentence(number_of(figure), facts, rule))


def _is_number(figure: Figure) -> bool:
    """是 and 否 neither jump nor stay suspiciously the same."""
    return figure.amount is not None and figure.item.kind != ItemKind.YESNO


def _jump(sheet: Sheet, figure: Figure, rule: CheckRule) -> str:
    last = sheet.around.before(figure, 1)
    return rules.jump(number_of(figure), last, _limit(rule, figure.item))


def _fall(sheet: Sheet, figure: Figure, rule: CheckRule) -> str:
    return rules.fall(number_of(figure), sheet.years_before(figure))


def _unchanged(sheet: Sheet, figure: Figure, rule: CheckRule) -> str:
    return rules.unchanged(number_of(figure), sheet.years_before(figure), rule.floor)


def _flash(sheet: Sheet, figure: Figure, rule: CheckRule) -> str:
    nature, earlier = sheet.around.earlier(figure)
    names = (sheet.round.get_nature_display(), nature)
    return rules.flash(number_of(figure), earlier, _limit(rule, figure.item), names)


ASKED: Mapping[str, Callable[[Sheet, Figure, CheckRule], str]] = {
    CheckKind.JUMP: _jump,
    CheckKind.FALL: _fall,
    CheckKind.UNCHANGED: _unchanged,
    CheckKind.FLASH: _flash,
}


def _limit(rule: CheckRule, item: DataItem) -> Limit:
    word = Severity(rule.severity).label
    assert rule.threshold is not None  # a constraint of the table
    return Limit(rule.threshold, word, rule.floor, item.is_percentage)


# --- two items -----------------------------------------------------------------------------------


def _compared(sheet: Sheet, relation: Relation) -> Iterator[Finding]:
    """Township by township where both sides are told by township, else sum against sum."""
    if not relation.by_unit:
        yield from _compare(sheet, relation, None)
        return
    items = {item.pk for item in relation.items}
    units = {figure.unit_id: None for figure in sheet.figures if figure.item_id in items}
    for unit_id in units:
        yield from _compare(sheet, relation, unit_id)


def _compare(sheet: Sheet, relation: Relation, unit_id: int | None) -> Iterator[Finding]:
    """An error of figures that two units hold is one only for the unit that answers for the
    first side: the other cannot correct it, and says in a note what is known."""
    answering = [f for item in relation.first for f in sheet.of_item(item, unit_id)]
    beside = [f for item in relation.second for f in sheet.of_item(item, unit_id)]
    here = [*answering, *beside]
    if not here:
        return
    first = _together(sheet, relation.first, unit_id)
    facts = BETWEEN[relation.rule.kind](first, _together(sheet, relation.second, unit_id), relation)
    if facts:
        answers = answering or sheet.around.both_sides
        severity = relation.rule.severity if answers else Severity.WARNING
        at = next((figure for figure in here if not figure.locked), here[0])
        says = _sentence(first, facts, relation.rule, severity)
        yield _finding(at, relation.rule.kind, severity, says)


BETWEEN: Mapping[str, Callable[[Number, Number, Relation], str]] = {
    CheckKind.PART: lambda part, whole, _: rules.part_above_whole(part, whole),
    CheckKind.TOTAL: lambda department, towns, _: rules.total_differs(department, towns),
    CheckKind.SAME: lambda one, other, relation: rules.same_number(one, other, relation.rule.floor),
}


def _together(sheet: Sheet, side: tuple[DataItem | None, ...], unit_id: int | None) -> Number:
    """The sum of a side; unknown while one of its items is."""
    numbers = [sheet.number(item, unit_id) for item in side]
    if len(numbers) == 1:
        return numbers[0]
    amounts = [number.amount for number in numbers if number.amount is not None]
    total = sum(amounts) if len(amounts) == len(numbers) else None
    name = f"{'、'.join(number.name for number in numbers)}合计"
    hidden = any(number.hidden for number in numbers)
    return Number(name, total, numbers[0].measure, hidden=hidden)


def _same_numbers(sheet: Sheet) -> Iterator[Finding]:
    """Each figure against those above it on the page; the first that says the same is named."""
    above: list[Figure] = []
    for figure in sheet.figures:
        if not _is_number(figure) or figure.item.by_township or figure.item.rate_of_id:
            continue
        yield from list(_twins(sheet, figure, above))[:1]
        above.append(figure)


def _twins(sheet: Sheet, figure: Figure, above: list[Figure]) -> Iterator[Finding]:
    for other in above:
        rule = sheet.around.book.rule_of_two(figure.item, other.item)
        number = number_of(figure)
        facts = rules.same_number(number, number_of(other), rule.floor) if rule else ""
        if rule and facts:
            says = _sentence(number, facts, rule)
            yield _finding(figure, CheckKind.SAME, rule.severity, says)


# --- what is said --------------------------------------------------------------------------------


def _sentence(number: Number, facts: str, rule: CheckRule, severity: str | None = None) -> str:
    hint = f"（{rule.message}）" if rule.message else ""
    return f"{number.name}：{facts}{hint}，{WHAT_TO_DO[Severity(severity or rule.severity)]}"


def _finding(figure: Figure, kind: str, severity: str, sentence: str) -> Finding:
    return Finding(figure.pk, kind, severity, sentence, figure.note, figure.locked)
