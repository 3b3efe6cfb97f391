"""Reporting completeness: which unit has filled in, handed in and had approved how much of what it
owes in the rounds of a year, and who is late.

Counts and states only, never a figure or a text: that a return is late is no figure, so leaders
read it without the switch 含未发布数据 (docs/decisions.md). Whose states a person may read says
`permissions.completeness_scope`. Two parts: what is read, in one query, and what it comes to."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, DateTimeField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone

from indicators.models import (
    AnnualReturn,
    Figure,
    Knowledge,
    ReturnAct,
    ReturnStatus,
    Round,
)
from organization.models import UnitKind
from organization.prepared import Prepared
from plans.models import Plan
from plans.remembered import remember
from plans.versions import Tokens
from programs.models import ComponentProgress, TaskProgress, WorkStatus

HANDED_IN = frozenset({ReturnStatus.SUBMITTED, ReturnStatus.APPROVED})
PUBLISHED = "已发布"
FEW = 8  # units that are named one by one


@dataclass(frozen=True)
class UnitReport:
    """What one unit owes in one round: how many figures, tasks and components, and how many of
    them are filled in, handed in, approved, published.

    `days_late`: since the due date where nothing is handed in, between due date and hand-in where
    it was; None without a due date, where the return was approved once (what is reopened is not
    late), and once the round is published."""

    unit_id: int
    code: str
    name: str
    round: Round
    return_id: int
    status: str
    label: str
    badge: str
    owed: int
    filled: int
    approved: int
    published: int
    days_late: int | None

    @property
    def is_handed_in(self) -> bool:
        return self.status in HANDED_IN

    @property
    def is_approved(self) -> bool:
        return self.status == ReturnStatus.APPROVED

    @property
    def handed_in(self) -> int:
        """What a reopened return had approved stays handed in."""
        return self.filled if self.is_handed_in else self.approved

    @property
    def is_late(self) -> bool:
        return (self.days_late or 0) > 0

    @property
    def when(self) -> str:
        """“逾期 5 天”, “迟报 3 天”, “还有 2 天”."""
        if self.days_late is None or (self.is_handed_in and not self.is_late):
            return ""
        if self.is_handed_in:
            return f"迟报 {self.days_late} 天"
        if self.is_late:
            return f"逾期 {self.days_late} 天"
        return f"还有 {-self.days_late} 天" if self.days_late else "今天截止"


@dataclass(frozen=True)
class RoundReport:
    """One round; `rows` in the order of the units, those that have ended left out. `is_partial`:
    of some units only, because the person may not read of the others."""

    round: Round
    rows: tuple[UnitReport, ...]
    is_partial: bool = False

    @property
    def handed_in(self) -> int:
        return sum(row.is_handed_in for row in self.rows)

    @property
    def approved(self) -> int:
        return sum(row.is_approved for row in self.rows)

    @property
    def missing(self) -> tuple[UnitReport, ...]:
        """Not handed in; the latest first."""
        rows = [row for row in self.rows if not row.is_handed_in]
        return tuple(sorted(rows, key=lambda row: -(row.days_late or 0)))

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.missing)

    @property
    def is_complete(self) -> bool:
        return self.approved == len(self.rows)

    @property
    def share(self) -> tuple[int, int, int]:
        """(approved, waiting for review, not handed in), for a bar."""
        return self.approved, self.handed_in - self.approved, len(self.rows) - self.handed_in

    @property
    def sentence(self) -> str:
        """“2025 年年报：应报 23 个单位，已报送 20 个，已审核 18 个；未报送：东镇、南乡、北乡，其中
        2 个逾期。”"""
        owed = f"{'您负责范围内' if self.is_partial else ''}应报 {len(self.rows)} 个单位"
        return f"{self.round}：{owed}，{self._came()}。"

    def _came(self) -> str:
        if not self.rows:
            return "没有需要报送的单位"
        if self.is_complete:
            return f"均已报送并审核通过{self._published()}"
        came = f"已报送 {self.handed_in} 个，已审核 {self.approved} 个"
        if not self.missing:
            return f"{came}，没有未报送的单位"
        late = f"，其中 {self.late} 个逾期" if self.late else ""
        return f"{came}；未报送：{named([row.name for row in self.missing])}{late}"

    def _published(self) -> str:
        if self.round.published_at is None:
            return "，待定稿发布"
        on = self.round.signed_on or timezone.localdate(self.round.published_at)
        return f"，已定稿发布（{on.isoformat()} 签发）"


def named(names: Sequence[str]) -> str:
    """“东镇、南乡等 11 个单位”."""
    some = "、".join(names[:FEW])
    return f"{some}等 {len(names)} 个单位" if len(names) > FEW else some


@dataclass(frozen=True)
class Completeness:
    """The rounds of a year, the newest first."""

    year: int
    rounds: tuple[RoundReport, ...]

    @property
    def newest(self) -> RoundReport | None:
        return next(iter(self.rounds), None)

    @property
    def sentence(self) -> str:
        if self.newest is None:
            return f"{self.year} 年还没有开启填报批次。"
        return self.newest.sentence

    @cached_property
    def printed(self) -> tuple[object, ...]:
        """What a page prints of it."""
        return self.sentence, *(
            (rnd.sentence, rnd.is_complete, *map(_printed, rnd.rows)) for rnd in self.rounds
        )

    def of(self, unit_id: int) -> list[UnitReport]:
        """What one unit handed in, the newest round first."""
        return [row for rnd in self.rounds for row in rnd.rows if row.unit_id == unit_id]


def _printed(row: UnitReport) -> tuple[str | int | bool, ...]:
    numbers = (row.filled, row.owed, row.is_late)
    return (row.code, row.name, row.badge, row.label, row.when, *numbers)


def completeness(
    plan: Plan,
    year: int,
    rounds: Iterable[Round],
    today: date,
    scope: Collection[int] | None = None,
    tokens: Tokens | None = None,
) -> Completeness:
    """Of the rounds of one year, in one query. `rounds`: those of the plan. `scope`: ids of the
    units of which it may be read (`permissions.completeness_scope`), None for all; of the others
    a round tells only once it is published, when everybody's is approved."""
    asked = [rnd for rnd in rounds if rnd.year == year]
    found = round_reports(asked, today, scope, tokens=tokens)
    return remember(tokens or {}, ("completeness", year), lambda: Completeness(year, found), found)


def round_reports(
    rounds: Collection[Round],
    today: date,
    scope: Collection[int] | None = None,
    unit_id: int | None = None,
    tokens: Tokens | None = None,
) -> tuple[RoundReport, ...]:
    """The newest first: rounds of one year, or, with `unit_id`, of one plan. `tokens`: of the
    data, where what comes of equal rows may be remembered."""
    if not rounds:
        return ()
    in_order = sorted(rounds, key=lambda rnd: rnd.rank, reverse=True)
    rows, read = _read(in_order[0], unit_id)
    seen = None if scope is None else frozenset(scope)
    return remember(
        tokens or {},
        ("round reports", today, seen, *rows),
        lambda: _round_reports(in_order, map(_Row._make, read(rows)), today, scope),
        in_order,
    )


def _round_reports(
    rounds: Sequence[Round], rows: Iterable["_Row"], today: date, scope: Collection[int] | None
) -> tuple[RoundReport, ...]:
    reports = _reports({rnd.pk: rnd for rnd in rounds}, list(rows), today)
    return tuple(_round(rnd, reports[rnd.pk], scope) for rnd in rounds)


def _round(rnd: Round, rows: Sequence[UnitReport], scope: Collection[int] | None) -> RoundReport:
    if scope is None:
        return RoundReport(rnd, tuple(rows))
    if rnd.is_published:
        return RoundReport(
            rnd, tuple(one if one.unit_id in scope else _as_published(one) for one in rows)
        )
    return RoundReport(rnd, tuple(row for row in rows if row.unit_id in scope), is_partial=True)


def _as_published(row: UnitReport) -> UnitReport:
    """What was reopened since is nobody else's business."""
    told = {"filled": row.published, "approved": row.published}
    return replace(row, status=ReturnStatus.APPROVED, label=PUBLISHED, badge="published", **told)


# --- what is read ----------------------------------------------------------------------------

RETURN, COUNT = "return", "count"


class _Row(NamedTuple):
    """RETURN: a return, its unit, round and state. COUNT: of the return `pk` how many things are
    `a` owed, `b` filled, `c` approved, `d` published."""

    kind: str
    pk: int
    a: int | None
    b: int | None
    c: int | None
    d: int | None
    status: str
    code: str
    name: str
    unit_kind: str
    sent_back: bool
    approved_at: datetime | None
    handed_in_at: datetime | None  # the first time


def _reports(
    rounds: Mapping[int, Round], rows: Sequence["_Row"], today: date
) -> Mapping[int, list[UnitReport]]:
    """Round id → its units, in their order."""
    counted: dict[int, tuple[int, ...]] = defaultdict(lambda: (0, 0, 0, 0))
    for row in rows:
        if row.kind == COUNT:
            added = zip(counted[row.pk], row[2:6], strict=True)
            counted[row.pk] = tuple(one + (other or 0) for one, other in added)
    found: dict[int, list[UnitReport]] = defaultdict(list)
    returns = [row for row in rows if row.kind == RETURN and row.a in rounds]
    for row in sorted(returns, key=lambda row: (row.c or 0, row.code)):
        rnd = rounds[row.a or 0]
        if (one := _report(row, rnd, counted[row.pk], today)) is not None:
            found[rnd.pk].append(one)
    return found


def _read(rnd: Round, unit_id: int | None) -> tuple[list[Any], Callable[..., list[Any]]]:
    """Of the year of this round, or of one unit in all rounds of its plan: as `Prepared.raw`."""
    if unit_id is None:
        return _OF_YEAR.raw(plan=rnd.plan_id, year=rnd.year)
    return _OF_UNIT.raw(plan=rnd.plan_id, unit=unit_id)


def _report(row: _Row, rnd: Round, counted: Sequence[int], today: date) -> UnitReport | None:
    """None where the return is over (`AnnualReturn.is_over`): nobody waits for it."""
    ended = row.d is not None and row.d < rnd.year
    if ended and row.unit_kind == UnitKind.TOWNSHIP and row.status != ReturnStatus.APPROVED:
        return None
    badge = "sent_back" if row.sent_back and row.status == ReturnStatus.DRAFT else row.status
    badge = "published" if rnd.is_published and row.status == ReturnStatus.APPROVED else badge
    owed, filled, approved, published = counted
    return UnitReport(
        unit_id=row.b or 0,
        code=row.code,
        name=row.name,
        round=rnd,
        return_id=row.pk,
        status=row.status,
        label=_label(row, rnd),
        badge=badge,
        owed=owed,
        filled=filled,
        approved=approved,
        published=published,
        days_late=_days_late(row, rnd, today),
    )


def _label(row: _Row, rnd: Round) -> str:
    if row.status == ReturnStatus.APPROVED:
        return PUBLISHED if rnd.is_published else "已审核"
    if row.status == ReturnStatus.SUBMITTED:
        return "已报送，待审核"
    if row.sent_back:
        return "已退回，待修改"
    return "已重新开启，待修改" if row.approved_at else "草稿，未报送"


def _days_late(row: _Row, rnd: Round, today: date) -> int | None:
    """By the first hand-in: what is sent back afterwards was in time."""
    if rnd.due_on is None or rnd.is_published:
        return None
    if row.status in HANDED_IN and row.handed_in_at:
        return (timezone.localdate(row.handed_in_at) - rnd.due_on).days
    return None if row.approved_at else (today - rnd.due_on).days


def _together(rounds: Mapping[str, int], of_unit: Mapping[str, int]) -> QuerySet[Any]:
    """`rounds`, `of_unit`: what their rounds and their unit are asked for. What a table has no
    column for is a constant, so that the union has one type everywhere."""
    asked = {f"round__{name}": value for name, value in rounds.items()} | of_unit
    returns = AnnualReturn.objects.filter(**asked).order_by()
    acts = ReturnAct.objects.filter(annual_return=OuterRef("pk"), verb=ReturnAct.Verb.SUBMIT)
    first = Subquery(acts.order_by("pk").values("at")[:1])
    numbers = ("pk", "round_id", "unit_id", "unit__order", "unit__valid_until")
    words = ("status", "unit__code", "unit__name", "unit__kind", "sent_back", "approved_at")
    found: list[QuerySet[Any]] = []
    for kind, blank in _counted():
        rows = kind.objects.filter(**{f"annual_return__{k}": value for k, value in asked.items()})
        counts = {name: Count("pk", filter=~one) for name, one in blank.items()}
        counted = rows.order_by().values("annual_return").annotate(owed=Count("pk"), **counts)
        found.append(counted.values_list(Value(COUNT), "annual_return", "owed", *COUNTS, *SILENT))
    return returns.values_list(Value(RETURN), *numbers, *words, first).union(*found, all=True)


COUNTS = ("filled", "approved_count", "published_count")
NEVER = Cast(Value(None), DateTimeField())
SILENT = (*[Value("")] * 4, Value(False), NEVER, NEVER)


def _counted() -> Iterable[tuple[Any, Mapping[str, Q]]]:
    """Each kind of thing in a return, and when it is not filled in, not approved, not published."""
    states = ("knowledge", "approved_knowledge", "published_knowledge")
    yield Figure, _named(Q(**{state: Knowledge.BLANK}) for state in states)
    nothing = (Q(approved__isnull=True), Q(published__isnull=True))
    for kind in (TaskProgress, ComponentProgress):
        yield kind, _named((Q(status=WorkStatus.BLANK), *nothing))


def _named(blank: Iterable[Q]) -> Mapping[str, Q]:
    return dict(zip(COUNTS, blank, strict=True))


_OF_YEAR = Prepared(lambda plan, year: _together({"plan": plan, "year": year}, {}))
_OF_UNIT = Prepared(lambda plan, unit: _together({"plan": plan}, {"unit": unit}))
