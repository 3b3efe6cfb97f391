"""One year's rows as dataclasses: the waist that dashboard, Excel, Word and API all print.

Every number is there twice: as an exact Decimal, for whoever goes on counting, and as the text a
person reads. Nothing below this line is computed again, nothing above it reads the tables."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, partial

from indicators import judging, printing, progress, sentences
from indicators.calculation import State
from indicators.entry import Texts, plain
from indicators.judging import Gap, LaidDown, Standing, Stored
from indicators.models import (
    AnnualValue,
    Attribute,
    Explanation,
    Group,
    IndicatorKind,
    ItemKind,
    Layer,
    Method,
    Round,
    RoundNature,
)
from indicators.progress import BEHIND, Comparator, Judgement, Kind, Status
from plans.models import Plan
from plans.remembered import remember
from plans.versions import Tokens

NONE = "—"
Rank = tuple[date, int, int]  # of a round
NATURES = {"": "", **dict(RoundNature.choices)}
ATTRIBUTES = {"": "", **dict(Attribute.choices)}
KINDS = dict(IndicatorKind.choices)
SHORT = 8  # characters that fit the column of targets
GOOD = (Status.MET, Status.AHEAD, Status.ON_PACE)
OPEN = (Status.NOT_JUDGED, Status.NOT_REPORTED, Status.NOT_APPLICABLE, Status.BASE)
# 未达标 comes after 明显滞后: what misses its yearly mark may do so by a hair.
SEVERITY = (
    Status.MISSED_TARGET,
    Status.WORSE_THAN_BASE,
    Status.FAR_BEHIND,
    Status.BELOW,
    Status.SLIGHTLY_BEHIND,
)


@dataclass(frozen=True)
class Number:
    """An exact value and how it is printed; `decimals` is what the text shows."""

    value: Decimal | None
    text: str = NONE

    @property
    def decimals(self) -> int:
        return len(self.text.partition(".")[2].rstrip("%"))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class YearCell:
    """One indicator in one year: the value, or the reason why there is none."""

    year: int
    number: Number
    nature: str
    is_historical: bool
    notes: tuple[str, ...]
    judged: Callable[[], Judgement] = field(repr=False, compare=False)
    mark: str = ""  # what a value has to say about itself beside its column's heading

    @property
    def status(self) -> Status:
        return self.judged().status

    @property
    def label(self) -> str:
        return self.judged().label


@dataclass(frozen=True)
class Row:
    """One indicator in one year, ready to be printed."""

    code: str
    row_no: int | None
    name: str
    unit: str
    attribute: str
    attribute_label: str
    kind_label: str
    base: Number
    cells: tuple[YearCell, ...]
    current: YearCell
    target: Number
    target_text: str
    target_is_moving: bool
    due_year: int
    expected: Number
    deviation: Number
    deviation_text: str
    completion: Number
    goal: Number
    time: Number
    status: Status
    label: str
    early: bool
    gap: Gap | None
    gap_text: str
    lacking: tuple[str, ...]
    responsible: str
    supervisor: str
    situation: str
    cause: str
    next_step: str
    to_verify: str
    definition: str = ""
    is_interpretation: bool = False
    target_short: str = ""  # as printed, or the number where the plan prints a sentence

    @property
    def verify_mark(self) -> str:
        """“目标待核” where it is the target that has to be checked."""
        if not self.to_verify:
            return ""
        return "目标待核" if "目标" in self.to_verify else "待核"

    @property
    def is_behind(self) -> bool:
        return self.status in BEHIND

    @property
    def is_binding(self) -> bool:
        return self.attribute == Attribute.BINDING


@dataclass(frozen=True)
class Count:
    """How many indicators bear one label; binding and anticipatory are never added up."""

    status: Status
    label: str
    binding: int
    anticipatory: int


@dataclass(frozen=True)
class Column:
    """One year of the table; `nature` of most of its values, "" for 年报数."""

    year: int
    nature: str
    is_base: bool
    is_now: bool


@dataclass(frozen=True)
class Summary:
    """A plan in one year, in one layer."""

    plan: Plan
    year: int
    layer: str
    as_of: date
    nature: str
    time: Number
    sentence: str
    counts: tuple[Count, ...]
    table: tuple[Row, ...]
    commitments: tuple[Row, ...]
    commitment_sentence: str

    columns: tuple["Column", ...] = ()

    @property
    def years(self) -> range:
        return range(self.plan.base_year, self.year + 1)

    @property
    def is_provisional(self) -> bool:
        return self.layer == Layer.PROVISIONAL

    @property
    def rows(self) -> tuple[Row, ...]:
        return (*self.table, *self.commitments)

    @property
    def to_verify(self) -> list[Row]:
        return [row for row in self.rows if row.to_verify]

    @property
    def interpretations(self) -> list[Row]:
        """Rows whose definition the plan is silent about."""
        return [row for row in self.rows if row.is_interpretation]

    @cached_property
    def laggards(self) -> tuple[Row, ...]:
        return worst_first(self.table, self.commitments)


def worst_first(table: Iterable[Row], commitments: Iterable[Row]) -> tuple[Row, ...]:
    """Those that are behind: binding risks first, then the rest of the table, then commitments; the
    worst first."""
    behind = [
        (not row.is_binding, group, SEVERITY.index(row.status), place, row)
        for group, rows in enumerate((table, commitments))
        for place, row in enumerate(rows)
        if row.is_behind
    ]
    return tuple(row for *_, row in sorted(behind, key=lambda entry: entry[:-1]))


def summarize(
    plan: Plan,
    year: int,
    layer: str,
    rounds: Iterable[Round],
    visible: Collection[int] | None = None,
    tokens: Tokens | None = None,
    values: Mapping[int, AnnualValue] | None = None,
) -> Summary:
    """Summarizes one year. `rounds`: those of the plan. `visible`: ids of indicators that may be
    shown with unpublished figures (None: all); the others keep their official row. `tokens`: of
    the data, where rows may be remembered."""
    of_year = [r for r in rounds if r.year == year and (r.is_published or layer != Layer.OFFICIAL)]
    newest = max(of_year, key=lambda r: r.rank, default=None)
    ranks = {rnd.pk: rnd.rank for rnd in of_year if rnd.is_published}
    texts = remember(tokens or {}, ("texts", *ranks.items()), lambda: _texts(ranks))
    laid = judging.laid_down(plan, year, tokens or {})
    standings = judging.standings_on(laid, layer, visible, tokens)
    if values is not None:
        standings = [judging.with_year(one, values.get(one.indicator.pk)) for one in standings]
    as_of, nature = _dated(standings, newest, year)
    usual = _usual_natures(standings)
    kept = tokens if tokens and values is None else {}
    rows = [
        (row_on(laid, one, texts.get(one.indicator.pk), usual, kept), one.indicator.group)
        for one in standings
    ]
    table = [r for r, group in rows if group == Group.TABLE]
    commitments = [r for r, group in rows if group == Group.COMMITMENT]
    return Summary(
        plan=plan,
        year=year,
        layer=layer,
        as_of=as_of,
        nature=nature,
        time=_percent(progress.time_progress(plan.base_year, plan.end_year, as_of)),
        sentence=_sentence(table, Group.TABLE.label),
        counts=tuple(_counts(table)),
        table=tuple(table),
        commitments=tuple(commitments),
        commitment_sentence=_sentence(commitments, Group.COMMITMENT.label),
        columns=tuple(_columns(plan, year, usual)),
    )


def row_on(
    laid: LaidDown, standing: Standing, text: Texts | None, usual: Mapping[int, str], tokens: Tokens
) -> Row:
    """Remembered by all that goes into it: what is laid down, the values, the texts."""
    name = ("row", text, *usual.items())
    return remember(tokens, name, lambda: row_of(standing, text, usual), (laid, standing))


def _dated(standings: Sequence[Standing], newest: Round | None, year: int) -> tuple[date, str]:
    """As-of date and natures of what is shown; a round that holds only drafts says nothing yet."""
    values = [s.annual_value for s in standings if s.annual_value and s.annual_value.nature]
    if not values:
        as_of = newest.as_of if newest else date(year, 12, 31)
        return as_of, RoundNature(newest.nature).label if newest else ""
    shown = {value.nature for value in values}
    labels = [nature.label for nature in reversed(RoundNature) if nature in shown]
    return max(value.as_of for value in values if value.as_of), "、".join(labels)


def _texts(ranks: Mapping[int, Rank]) -> Mapping[int, Texts]:
    """The newest published explanation of each indicator in rounds, by their ids."""
    rows = Explanation.objects.filter(annual_return__round__in=ranks).order_by()
    fields = ("published_situation", "published_cause", "published_next_step")
    told = list(rows.values_list("annual_return__round", "indicator", *fields))
    told.sort(key=lambda row: ranks[row[0]])
    return {pk: Texts(*said) for _, pk, *said in told if any(said)}


def _usual_natures(standings: Iterable[Standing]) -> Mapping[int, str]:
    """Year → what most of its values are, so that only the others need a mark."""
    seen: dict[int, Counter[str]] = defaultdict(Counter)
    for standing in standings:
        for year, nature in standing.natures:
            seen[year][nature] += 1
    return {year: natures.most_common(1)[0][0] for year, natures in seen.items()}


def _columns(plan: Plan, year: int, usual: Mapping[int, str]) -> Iterable[Column]:
    for one in range(plan.base_year, year + 1):
        nature = usual.get(one, RoundNature.ANNUAL)
        told = "" if nature == RoundNature.ANNUAL else RoundNature(nature).label
        yield Column(one, told, is_base=one == plan.base_year, is_now=one == year)


def row_of(
    standing: Standing, text: Texts | None = None, usual: Mapping[int, str] | None = None
) -> Row:
    """One indicator, ready to be printed. `usual`: year → the nature that needs no mark."""
    indicator, judged = standing.indicator, standing.judgement
    years = range(standing.yardstick.base_year, standing.year + 1)
    cells = tuple(_cell(standing, year, usual or {}) for year in years)
    target = measured(standing, standing.target)
    printed = indicator.target_printed or indicator.printed_target
    gap = standing.gap()
    text = text or Texts()
    return Row(
        code=indicator.code,
        row_no=indicator.row_no,
        name=indicator.name,
        unit=indicator.display_unit,
        attribute=indicator.attribute,
        attribute_label=ATTRIBUTES[indicator.attribute],
        kind_label=KINDS[indicator.kind],
        base=cells[0].number,
        cells=cells,
        current=cells[-1],
        target=target,
        target_text=printed,
        target_is_moving=indicator.kind == IndicatorKind.BAR,
        due_year=indicator.due_year,
        expected=measured(standing, judged.expected),
        deviation=_signed(standing, judged.deviation),
        deviation_text=_deviation_text(standing),
        completion=_percent(judged.completion),
        goal=_percent(judged.goal),
        time=_percent(judged.time),
        status=judged.status,
        label=judged.label,
        early=judged.early,
        gap=gap,
        gap_text=gap_text(standing, gap),
        lacking=tuple(standing.annual_value.lacking) if standing.annual_value else (),
        responsible=indicator.unit_name or "",
        supervisor=indicator.supervisor or "",
        situation=text.situation,
        cause=text.cause,
        next_step=text.next_step,
        to_verify=indicator.to_verify,
        definition=indicator.definition_text or "",
        is_interpretation=bool(indicator.is_interpretation),
        target_short=_short_target(standing, target, printed),
    )


def _short_target(standing: Standing, target: Number, printed: str) -> str:
    """“60” and “>30” as printed; “≤ 0” where the plan prints a sentence."""
    moving = standing.indicator.kind == IndicatorKind.BAR
    if moving or target.value is None or len(printed) <= SHORT:
        return printed
    sign = standing.indicator.comparator
    return target.text if sign == Comparator.GE else f"{sign} {target.text}"


def _cell(standing: Standing, year: int, usual: Mapping[int, str]) -> YearCell:
    """Old years are judged when somebody asks: most pages print the value only."""
    row = standing.values.get(year)
    judged = partial(standing.judged, year)
    if row is None:
        return YearCell(year, Number(None), "", False, ("没有这一年的填报批次",), judged)
    return YearCell(
        year=year,
        number=_value(standing, row),
        nature=NATURES[row.nature],
        is_historical=row.is_historical,
        notes=tuple(row.notes),
        judged=judged,
        mark=_mark(row, usual.get(year, RoundNature.ANNUAL)),
    )


def _mark(row: AnnualValue | Stored, usual: str) -> str:
    if not row.nature:
        return ""
    if row.is_historical:
        return "历史数据"
    return "" if row.nature == usual else NATURES[row.nature]


def _value(standing: Standing, row: AnnualValue | Stored) -> Number:
    """The value with as many digits as it takes to stand on the right side of its target."""
    value, yardstick = row.value, standing.yardstick
    if value is None:
        return Number(None, "不适用" if row.state == State.NOT_APPLICABLE else NONE)
    bound = row.bar if yardstick.kind is Kind.BAR else yardstick.target
    decimals = standing.indicator.decimals
    return Number(value, printing.display(value, decimals, yardstick.comparator, bound))


def measured(standing: Standing, value: Decimal | None) -> Number:
    """A target, bar or expected value: whole where it is whole."""
    if value is None:
        return Number(None)
    indicator = standing.indicator
    places = indicator.decimals if value != value.to_integral_value() else 0
    comparator = standing.yardstick.comparator
    return Number(value, printing.display(value, places, comparator, None))


def _signed(standing: Standing, value: Decimal | None) -> Number:
    """A deviation: never printed as 0 when it is not."""
    if value is None:
        return Number(None)
    comparator = standing.yardstick.comparator
    bound = Decimal(0) if value else None
    sign_kept = printing.display(value, standing.indicator.decimals, comparator, bound)
    return Number(value, f"+{sign_kept}" if value > 0 else sign_kept.replace("-", "−"))


def _deviation_text(standing: Standing) -> str:
    """“低于序时进度 2 个百分点”."""
    value = standing.judgement.deviation
    if value is None:
        return ""
    if value == 0:
        return "与序时进度持平"
    number = _signed(standing, value).text.lstrip("+−")
    unit = standing.indicator.display_unit
    measure = "个百分点" if unit == "%" else unit
    reference = "参照值" if standing.indicator.kind == IndicatorKind.BAR else "序时进度"
    return f"{'高于' if value > 0 else '低于'}{reference} {number} {measure}".rstrip()


def _percent(share: Decimal | None) -> Number:
    if share is None:
        return Number(None)
    text = printing.display(share * 100, 1, Comparator.GE, Decimal(100))
    return Number(share, f"{text.removesuffix('.0')}%")


def gap_text(standing: Standing, gap: Gap | None) -> str:
    """“还差 1 个乡镇”, “改造口径还差 30 张，新建口径还差 75 张”, “还差 1.40 个百分点”."""
    if gap is None:
        return ""
    indicator = standing.indicator
    up = standing.yardstick.comparator.higher_is_better
    less = "还差" if up else "超出"
    if gap.to_numerator is None:
        unit = "个百分点" if indicator.display_unit == "%" else indicator.display_unit
        distance = printing.display(
            gap.value or Decimal(0), indicator.decimals, Comparator.GT, Decimal(0)
        )
        # Where the plan prints “>30”, 0.58 more is not yet enough.
        strictly = standing.yardstick.comparator.strict
        return f"{less} {distance} {unit}".rstrip() + ("以上" if strictly else "")
    by_township = indicator.counted_kind == ItemKind.YESNO or indicator.method == Method.BAND
    counted = "个乡镇" if by_township else indicator.counted_in or ""
    told = f"{less} {gap.to_numerator} {counted}".rstrip()
    if gap.to_both is None:
        return told
    return f"{told}（改造）或 {gap.to_both} {counted}（新建）"


def _sentence(rows: Sequence[Row], group_name: str) -> str:
    binding = [r for r in rows if r.is_binding]
    others = [r for r in rows if not r.is_binding]
    return sentences.summary_sentence(binding, others, group_name)


def _counts(rows: Sequence[Row]) -> Iterable[Count]:
    """One entry for every label that occurs, from the best to the worst and the open ones."""
    seen = Counter((row.status, row.label, row.is_binding) for row in rows)
    early = {row.label for row in rows if row.early}
    for status in (*GOOD, *reversed(SEVERITY), *OPEN):
        labels = {label for s, label, _ in seen if s is status}
        for label in sorted(labels, key=lambda label: (label not in early, label)):
            yield Count(status, label, seen[status, label, True], seen[status, label, False])


def year_note(cell: YearCell) -> str:
    """What stands small beside a year's value: 年报数, 历史数据."""
    marks = ["历史数据"] if cell.is_historical else []
    return "，".join([*marks, *([cell.nature] if cell.nature else [])])


def plain_number(number: Decimal | None) -> str:
    return plain(number) or NONE
