"""The rows of the return page: what stands in them, and what was typed into them."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby

from indicators import judging, printing, values
from indicators.amounts import COUNTS, Amounts
from indicators.calculation import State, exact
from indicators.computing import Computed, Formulas
from indicators.entry import Entry, Texts, WrongCells, plain, read_entry, too_long
from indicators.models import (
    AnnualReturn,
    AnnualValue,
    Collection,
    DataItem,
    Explanation,
    Figure,
    ItemKind,
    Knowledge,
    Layer,
    RoundNature,
    StatedValue,
)
from indicators.overtaken import overtaken
from indicators.progress import BEHIND, Comparator, Judgement

PARTS = ("amount", "knowledge", "note", "document_no", "document_date")
NO_CHANGE = "—"

# Figure id → what is wrong: of the row as a whole, told at its number, or of single cells by part.
Faults = Mapping[int, str | Mapping[str, str]]


@dataclass
class GridRow:
    """One figure on the page, as it prints: everything is text."""

    figure: Figure
    label: str
    typed: Mapping[str, str]
    last: str
    change: str
    hint: str
    editable: bool
    cells: Mapping[str, str] = field(default_factory=dict)  # what stands in the way, by part
    error: str = ""  # what the checks find in what is stored …
    warning: str = ""  # … and what they ask to be explained
    theirs: str = ""  # what somebody else stored meanwhile, where it differs from what was typed
    previous: str = ""  # for the reviewer: the last round of the year …
    approved: str = ""  # … the version approved before …
    changed: bool = False  # … whether this one differs from it …
    was: list[str] = field(default_factory=list)  # … and how, beside the amount

    @property
    def fault(self) -> str:
        """What stands in the way of the act just tried."""
        return "".join(self.cells.values())

    @property
    def item(self) -> DataItem:
        return self.figure.item

    @property
    def key(self) -> str:
        """As text: a number would be localized each time it is printed, ten times in a row."""
        return str(self.figure.pk)

    @property
    def yes_no(self) -> bool:
        return self.figure.item.kind == ItemKind.YESNO

    @property
    def shown(self) -> str:
        """The amount where it can no longer be typed."""
        if self.figure.knowledge in {Knowledge.NOT_APPLICABLE, Knowledge.UNAVAILABLE}:
            return self.figure.get_knowledge_display()
        return printed(self.figure.amount, self.figure.item) or "未填"


@dataclass
class TownshipList:
    """An item with one row for every township of the year, and how complete it is."""

    item: DataItem
    rows: list[GridRow]

    @property
    def told(self) -> int:
        return sum(1 for row in self.rows if row.figure.knowledge in COUNTS)

    @property
    def total(self) -> str:
        """The sum, only when every township is in it; of nothing there is none."""
        if self.told < len(self.rows):
            return ""
        if all(row.figure.knowledge == Knowledge.NOT_APPLICABLE for row in self.rows):
            return Knowledge.NOT_APPLICABLE.label
        amounts = [row.figure.amount or Decimal(0) for row in self.rows]
        return printed_total(sum(amounts, Decimal(0)), self.item)

    @property
    def noted(self) -> list[GridRow]:
        """Rows that say more than a number."""
        return [row for row in self.rows if row.figure.note or row.figure.document_no]

    @property
    def missing(self) -> list[str]:
        return [row.label for row in self.rows if row.figure.knowledge not in COUNTS]


@dataclass
class Fed:
    """An indicator that these figures go into, recomputed with what is on the page."""

    code: str
    name: str
    unit: str
    value: str
    nature: str  # of the rounds its inputs come from, which may be another one than this
    judgement: Judgement
    notes: tuple[str, ...]
    lacking: tuple[str, ...]
    indicator_id: int = 0
    explanation: Explanation | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    before: str = ""  # for the reviewer: value and status without what is now submitted
    before_status: str = ""
    before_label: str = ""
    was: list[str] = field(default_factory=list)  # what the texts said when they were approved
    is_overtaken: bool = False  # by a newer round of the year, which the value comes from

    @property
    def must_explain(self) -> bool:
        return self.judgement.status in BEHIND and not self.is_overtaken

    @property
    def is_silent(self) -> bool:
        """To be explained here, and not yet so."""
        told = self.explanation
        return bool(self.must_explain and told and not (told.cause and told.next_step))

    @property
    def too_long(self) -> dict[str, str]:
        """Which of the texts on the page say more than can be stored."""
        return {name: says for name, text in self.typed.items() if (says := too_long(text))}


@dataclass
class Grid:
    annual_return: AnnualReturn
    single: list[GridRow]
    lists: list[TownshipList]
    fed: list[Fed]
    gone: list[GridRow] = field(default_factory=list)  # of townships that are no more: kept to read

    @property
    def rows(self) -> list[GridRow]:
        return [*self.single, *(row for block in self.lists for row in block.rows)]

    @property
    def silent(self) -> list[str]:
        """Laggards of this return that nobody has explained yet."""
        return [f"{one.code} {one.name}" for one in self.fed if one.is_silent]

    @property
    def overtaken_by(self) -> str:
        """The natures of the newer figures that values come from: 年报数."""
        natures = (one.nature for one in self.fed if one.is_overtaken and one.nature)
        return "、".join(dict.fromkeys(natures))

    @property
    def filled(self) -> int:
        return sum(1 for row in self.rows if row.figure.knowledge != Knowledge.BLANK)

    @property
    def wrong(self) -> int:
        """How many places are marked."""
        texts = sum(len(one.too_long) for one in self.fed)
        return texts + sum(len(row.cells) for row in self.rows)

    @property
    def faults(self) -> list[GridRow]:
        return [row for row in self.rows if row.fault]


def build(
    annual_return: AnnualReturn,
    editable: bool,
    typed: Mapping[str, str] | None = None,
    faults: Faults | None = None,
    scope: Container[int] | None = None,
) -> Grid:
    """The page. `typed` is what was posted and must not be lost, `faults` by figure id; `scope`:
    units whose unpublished figures the person may see in results (None: all)."""
    figures = sorted(
        annual_return.figures.select_related("item", "unit").order_by(),
        key=lambda figure: figure.page_order,
    )
    last = _last_year(annual_return, figures, scope)
    hints = _hints(annual_return, figures)
    every = [
        _row(figure, last, hints, editable and not figure.locked, typed, faults or {})
        for figure in figures
    ]
    year = annual_return.round.year
    rows = [row for row in every if not row.figure.is_gone_in(year)]
    return Grid(
        annual_return,
        [row for row in rows if not _listed(row.item)],
        [
            TownshipList(item, list(block))
            for item, block in groupby(
                (r for r in rows if _listed(r.item)), key=lambda row: row.item
            )
        ],
        _fed(annual_return, {f.item_id for f in figures}, typed, scope),
        [row for row in every if row.figure.is_gone_in(year)],
    )


def _listed(item: DataItem) -> bool:
    """A 股室 types the rows of all townships; a township with its own return types one row."""
    return item.collection == Collection.LIST


def _row(
    figure: Figure,
    last: Mapping[tuple[int, int], Decimal],
    hints: Mapping[int, str],
    editable: bool,
    typed: Mapping[str, str] | None,
    faults: Faults,
) -> GridRow:
    item = figure.item
    before = last.get((figure.item_id, figure.unit_id if item.by_township else 0))
    wrong = faults.get(figure.pk, {})
    return GridRow(
        figure=figure,
        label=figure.unit.name if _listed(item) else item.name,
        typed=_typed(figure, typed) if editable else {},
        last=printed(before, item),
        change=change_text(figure.amount, before, item),
        hint=hints.get(figure.item_id, ""),
        editable=editable,
        cells={"amount": wrong} if isinstance(wrong, str) else wrong,
    )


def _typed(figure: Figure, posted: Mapping[str, str] | None) -> dict[str, str]:
    """What the inputs show: what was just typed, else what is stored."""
    stored = stored_parts(figure)
    if posted is None:
        return stored
    return {part: posted.get(f"{part}-{figure.pk}", stored[part]) for part in PARTS}


def stored_parts(figure: Figure) -> dict[str, str]:
    """As the inputs of a fresh page show it."""
    return {
        "amount": printed(figure.amount, figure.item, grouped=False),
        "knowledge": figure.knowledge if figure.knowledge != Knowledge.HAVE else "",
        "note": figure.note,
        "document_no": figure.document_no,
        "document_date": figure.document_date.isoformat() if figure.document_date else "",
    }


def _last_year(
    annual_return: AnnualReturn, figures: Iterable[Figure], scope: Container[int] | None
) -> dict[tuple[int, int], Decimal]:
    """(item id, township id or 0) → last year's amount, approved or submitted."""
    rnd = annual_return.round
    items = {figure.item_id: figure.item for figure in figures}
    year = rnd.year - 1
    pairs = {(pk, year) for pk in items}
    amounts = Amounts(rnd.plan, pairs, Layer.PROVISIONAL, scope=scope)
    found: dict[tuple[int, int], Decimal] = {}
    for item in items.values():
        if item.by_township:
            known = amounts.of(item, year)
            found |= {(item.pk, u): k.amount for u, k in known.items() if k.amount is not None}
        else:
            single = amounts.single(item, year)
            if single and single.amount is not None:
                found[item.pk, 0] = single.amount
    return found


def _hints(annual_return: AnnualReturn, figures: Iterable[Figure]) -> dict[int, str]:
    """What the plan itself prints for the year, as a reminder beside the input."""
    stated = StatedValue.objects.filter(
        item__in={f.item_id for f in figures}, year=annual_return.round.year
    )
    stated = stated.select_related("clause").order_by()
    return {row.item_id: f"规划所载 {plain(row.amount)}（{row.clause.locator}）" for row in stated}


def printed(amount: Decimal | None, item: DataItem, *, grouped: bool = True) -> str:
    """An amount as people write it: 是/否, 1,234.5; "" for none."""
    if amount is None:
        return ""
    if item.kind == ItemKind.YESNO:
        return "是" if amount else "否"
    text = plain(amount)
    if not grouped:
        return text
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole not in {"-0"} else text


def printed_total(total: Decimal, item: DataItem) -> str:
    if item.kind == ItemKind.YESNO:
        return f"{plain(total)} 个“是”"
    return f"{printed(total, item)} {item.measure}"


def change_text(amount: Decimal | None, before: Decimal | None, item: DataItem) -> str:
    """较上年: in %, or nothing where it says nothing."""
    if amount is None or before is None or item.kind == ItemKind.YESNO or before <= 0:
        return NO_CHANGE
    with exact():
        change = (amount / before - 1) * 100
    text = printing.display(change, 1, Comparator.GE, None)
    return f"+{text}%" if change > 0 else f"{text}%"


def _fed(
    annual_return: AnnualReturn,
    items: set[int],
    typed: Mapping[str, str] | None,
    scope: Container[int] | None,
) -> list[Fed]:
    """The indicators these figures feed this year, and those the unit has to explain."""
    rnd = annual_return.round
    explanations = {e.indicator_id: e for e in annual_return.explanations.order_by()}
    formulas = Formulas.fed_by(rnd.plan, items, explanations)
    cells = {c for c in formulas.touched(rnd.year, items) if c[1] == rnd.year}
    cells |= {(pk, rnd.year) for pk in explanations}
    preview = values.preview(formulas, cells, annual_return.pk, scope)
    computed = {one.indicator.pk: one for one in preview}
    layer = Layer.PROVISIONAL if scope is None else Layer.OFFICIAL
    fed = [one.indicator for one in preview]
    rows = [
        _fed_row(one, computed[one.indicator.pk], explanations.get(one.indicator.pk), typed)
        for one in judging.standings_of(rnd.plan, rnd.year, layer, fed)
    ]
    elsewhere = overtaken([rnd])
    for row in rows:
        row.is_overtaken = (rnd.pk, row.indicator_id) in elsewhere
    return rows


def _fed_row(
    standing: judging.Standing,
    computed: Computed,
    explanation: Explanation | None,
    typed: Mapping[str, str] | None,
) -> Fed:
    row = values.as_row(computed, Layer.PROVISIONAL)
    standing = judging.with_value(standing, row)
    indicator = standing.indicator
    return Fed(
        code=indicator.code,
        name=indicator.name,
        unit=indicator.display_unit,
        value=value_text(standing, row),
        nature=RoundNature(row.nature).label if row.nature else "",
        judgement=standing.judgement,
        notes=tuple(row.notes),
        lacking=tuple(row.lacking),
        indicator_id=indicator.pk,
        explanation=explanation,
        typed=_typed_texts(explanation, typed) if explanation else {},
    )


def _typed_texts(explanation: Explanation, posted: Mapping[str, str] | None) -> dict[str, str]:
    return {
        name: (posted or {}).get(f"{name}-{explanation.indicator_id}", getattr(explanation, name))
        for name in Explanation.TEXTS
    }


def value_text(standing: judging.Standing, row: AnnualValue) -> str:
    """The value as printed; "" while there is none."""
    if row.value is None:
        return "不适用" if row.state == State.NOT_APPLICABLE else ""
    comparator = Comparator(standing.indicator.comparator)
    return printing.display(row.value, standing.indicator.decimals, comparator, standing.target)


# --- reading what was posted ---------------------------------------------------------------


@dataclass
class Posted:
    entries: dict[int, Entry] = field(default_factory=dict)
    texts: dict[int, Texts] = field(default_factory=dict)
    faults: dict[int, Mapping[str, str]] = field(default_factory=dict)
    too_long: int = 0  # texts about indicators


def read(
    annual_return: AnnualReturn, posted: Mapping[str, str], today: date | None = None
) -> Posted:
    """What was typed, row by row; a row that cannot be read is a fault and keeps its text.
    `today`: no document is of a later date."""
    result = Posted()
    for figure in annual_return.figures.select_related("item"):
        if f"amount-{figure.pk}" in posted:
            _read_row(figure, posted, result, today)
    for explanation in annual_return.explanations.all():
        pk = explanation.indicator_id
        if f"cause-{pk}" in posted:
            told = [
                posted.get(f"{name}-{pk}", "").replace("\r\n", "\n") for name in Explanation.TEXTS
            ]
            result.texts[pk] = Texts(*told)
            result.too_long += sum(1 for text in told if too_long(text))
    return result


def _read_row(
    figure: Figure, posted: Mapping[str, str], result: Posted, today: date | None
) -> None:
    parts = (posted.get(f"{part}-{figure.pk}", "") for part in PARTS)
    try:
        result.entries[figure.pk] = read_entry(figure.item, *parts, today=today)
    except WrongCells as error:
        result.faults[figure.pk] = error.cells
