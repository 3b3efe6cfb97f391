"""What changed since the last publication: which indicators turned better or worse, what was
corrected, which tasks and projects are newly finished or late.

Takes what the dashboard has read already. The official layer is held against the year before, the
provisional one against what is published of the same year; years gone by are judged, as on the
whole page, against the target in force in the chosen year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from indicators import judging
from indicators.entry import plain
from indicators.models import Figure, ItemKind, Knowledge, Layer, Round
from indicators.progress import Status
from programs import standing
from programs.models import WorkStatus
from programs.standing import ProjectStanding, TaskStanding, Works
from reports.choice import Choice
from reports.moves import Direction, direction, fall, late_turned, lateness, turned
from reports.retold import retold
from reports.summary import Number, Row, Summary, YearCell, row_of
from reports.works import WorkSummary

REASON = "更正："
FINISHED, OVERDUE = "新完成", "新超期"


@dataclass(frozen=True)
class Change:
    """One indicator that stands otherwise than before. Statuses and labels of both ends."""

    row: Row
    then: Number
    now: Number
    then_status: Status
    now_status: Status
    then_label: str
    now_label: str

    @property
    def direction(self) -> Direction:
        return direction(self.then_status, self.now_status)

    @property
    def turned(self) -> str:
        return turned(self.then_label, self.now_label) if self.direction.moved else ""


@dataclass(frozen=True)
class Corrected:
    """One published figure that was corrected; `unit` only where a township is spoken of."""

    item: str
    unit: str
    measure: str
    then: str
    now: str


@dataclass(frozen=True)
class Correction:
    """One 更正发布. Without figures it was of texts, progress or a setting."""

    round: str
    on: date
    reason: str
    figures: tuple[Corrected, ...]


@dataclass(frozen=True)
class WorkChange:
    """A task or project that is newly finished or newly late; `word` says which: “新完成”,
    “新滞后”, or “新超期” of what is only past its planned end."""

    is_task: bool
    code: str
    name: str
    label: str
    badge: str
    unit: str
    word: str

    @property
    def is_overdue(self) -> bool:
        return self.word == OVERDUE


@dataclass(frozen=True)
class Changes:
    """`since`: what it is held against, "" where there is nothing to hold it against."""

    since: str
    rows: tuple[Change, ...] = ()
    corrections: tuple[Correction, ...] = ()
    finished: tuple[WorkChange, ...] = ()
    late: tuple[WorkChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.corrections or self.finished or self.late)

    def count(self, which: Direction) -> int:
        return sum(one.direction is which for one in self.rows)

    def _binding(self, which: Direction) -> str:
        """“（约束性1项）”: never added up in silence."""
        rows = [one for one in self.rows if one.direction is which]
        binding = sum(one.row.is_binding for one in rows)
        return f"（约束性{binding}项）" if binding else ""

    @property
    def corrected(self) -> int:
        """A 更正 without figures counts as one."""
        return sum(len(one.figures) or 1 for one in self.corrections)

    @property
    def sentence(self) -> str:
        """“较上次定稿发布（2025-03-01，2024 年年报）：3项转好，1项转差，5项更正。”"""
        counted = [
            f"{number}项{one.label}{self._binding(one)}"
            for one in (Direction.BETTER, Direction.WORSE, Direction.NEW, Direction.GONE)
            if (number := self.count(one))
        ]
        unmoved = sum(not one.direction.moved for one in self.rows)
        counted += [f"{unmoved}项数值有变化、评价未变"] if unmoved else []
        counted += [f"{self.corrected}项更正"] if self.corrected else []
        counted += [f"{len(self.finished)}项任务、项目新完成"] if self.finished else []
        counted += [f"{len(self.late)}项任务、项目新滞后或超期"] if self.late else []
        if not self.since and not counted:
            return ""
        return f"{self.since or '本年'}：{'，'.join(counted) or '评价没有变化'}。"


def changes(summary: Summary, choice: Choice, work: WorkSummary | None = None) -> Changes:
    """What differs. Official: at most two queries (corrections, where there are any; last year's
    progress, where `work` is given). Provisional: three more, for what is published.

    Only what `choice` may show enters: the rows are those of `summary`, progress is read by
    `choice.layer` and `choice.scope`, corrections are published."""
    base, before = _before(summary, choice)
    same_year = base is not None and base.year == choice.year
    finished, late = _works(choice, work, base) if work and base else ((), ())
    return Changes(
        since=_since(base, choice),
        rows=_rows(summary, before, same_year),
        corrections=tuple(_corrections(choice)),
        finished=finished,
        late=late,
    )


# --- indicators --------------------------------------------------------------------------------


def _before(summary: Summary, choice: Choice) -> tuple[Round | None, Mapping[str, YearCell]]:
    """The round it is held against, and by code how each indicator stood by it."""
    base = _base(choice)
    if base is None:
        return None, {}
    if base.year == choice.year:
        official = judging.standings(choice.plan, choice.year, Layer.OFFICIAL)
        return base, {one.indicator.code: row_of(one).current for one in official}
    return base, {row.code: row.cells[-2] for row in summary.rows if len(row.cells) > 1}


def _base(choice: Choice) -> Round | None:
    """What is published of the same year, for what is not; else of the year before."""
    same = _published(choice, choice.year) if choice.is_provisional else None
    return same or _published(choice, choice.year - 1)


def _published(choice: Choice, year: int) -> Round | None:
    """The newest of the year; `choice.rounds` come with the newest first."""
    return next((one for one in choice.rounds if one.year == year and one.is_published), None)


def _since(base: Round | None, choice: Choice) -> str:
    if base is None or base.published_at is None:
        return ""
    on = base.signed_on or timezone.localdate(base.published_at)
    same = base.year == choice.year
    return f"较{'已' if same else '上次'}定稿发布（{on.isoformat()}，{base}）"


def _rows(summary: Summary, before: Mapping[str, YearCell], same_year: bool) -> tuple[Change, ...]:
    """Binding first, then the rest of the table, then commitments; what got worse first. Within a
    year a value that differs is told as well; from one year to the next most do."""
    found = [
        (not row.is_binding, group, change.direction.rank, -_fall(change), place, change)
        for group, rows in enumerate((summary.table, summary.commitments))
        for place, row in enumerate(rows)
        if row.code in before
        and ((change := _change(row, before[row.code])).direction.moved or same_year)
        and (change.turned or change.then != change.now)
    ]
    return tuple(change for *_, change in sorted(found, key=lambda entry: entry[:-1]))


def _fall(change: Change) -> int:
    return fall(change.then_status, change.now_status)


def _change(row: Row, then: YearCell) -> Change:
    return Change(
        row, then.number, row.current.number, then.status, row.status, then.label, row.label
    )


# --- corrections ---------------------------------------------------------------------------------


def _corrections(choice: Choice) -> Iterable[Correction]:
    """The newest first. One query, none where no round of the year was corrected."""
    rounds = {one.pk: one for one in choice.corrections}
    if not rounds:
        return
    seen = set()
    for (round_id, _, reason), rows in groupby(_corrected(rounds), key=lambda one: one[0]):
        known = list(rows)
        seen.add((round_id, reason))
        on = timezone.localdate(known[0][1])
        yield Correction(str(rounds[round_id]), on, reason, tuple(one[2] for one in known))
    for rnd in rounds.values():
        reason = rnd.correction.removeprefix(REASON)
        if (rnd.pk, reason) not in seen and rnd.corrected_at:
            yield Correction(str(rnd), timezone.localdate(rnd.corrected_at), reason, ())


def _corrected(rounds: Mapping[int, Round]) -> list[tuple]:
    """((round id, act, reason), when, figure) for every figure whose published amount a 更正
    changed, the newest act first."""
    history = Figure.history
    earlier = history.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id"))
    earlier = earlier.order_by("-history_id")
    rows = history.filter(round__in=rounds, history_change_reason__startswith=REASON)
    rows = rows.annotate(
        old_amount=Subquery(earlier.values("published_amount")[:1]),
        old_knowledge=Subquery(earlier.values("published_knowledge")[:1]),
    ).select_related("item", "unit")
    return [
        ((row.round_id, row.act, row.history_change_reason.removeprefix(REASON)),
         row.history_date, _figure(row))
        for row in rows.order_by("-history_date", "act", "item__order", "unit__order")
    ]  # fmt: skip


def _figure(row: Figure) -> Corrected:
    yes_no = row.item.kind == ItemKind.YESNO
    return Corrected(
        item=row.item.name,
        unit=row.unit.name if row.item.by_township else "",
        measure="" if yes_no else row.item.measure,
        then=_said(row.old_knowledge, row.old_amount, yes_no),
        now=_said(row.published_knowledge, row.published_amount, yes_no),
    )


def _said(knowledge: str | None, amount: object, yes_no: bool) -> str:
    if knowledge == Knowledge.HAVE:
        return ("是" if amount else "否") if yes_no else plain(amount)
    return Knowledge(knowledge).label if knowledge else "未发布"


# --- tasks and projects ------------------------------------------------------------------------

WorkChanges = tuple[WorkChange, ...]


def work_changes(choice: Choice, work: WorkSummary) -> tuple[WorkChanges, WorkChanges]:
    """Newly finished and newly late, by themselves: they do not wait for any figure."""
    base = _base(choice)
    return _works(choice, work, base) if base else ((), ())


def _works(choice: Choice, work: WorkSummary, base: Round) -> tuple[WorkChanges, WorkChanges]:
    """Newly finished and newly late, against the year of `base`; projects that overlap one of a
    专栏 are counted there. One query."""
    layer = Layer.OFFICIAL if base.year == choice.year else choice.layer
    rounds = [one for one in choice.rounds if one.year == base.year]
    then = _then(choice, work, base.year, rounds, layer)
    if not any(one.content for one in (*then.tasks, *then.components)):
        return (), ()
    pairs: list[tuple[Standing, Standing]] = [
        *zip(then.tasks, work.works.tasks, strict=True),
        *zip(then.counted, work.works.counted, strict=True),
    ]
    finished = [now for before, now in pairs if now.status == WorkStatus.DONE != before.status]
    late = [now for before, now in pairs if now.is_late and not before.is_late]
    return (
        tuple(_work(one, FINISHED) for one in finished),
        tuple(_work(one, late_turned("", lateness(one.status, one.is_late))) for one in late),
    )


def _then(
    choice: Choice, work: WorkSummary, year: int, rounds: Sequence[Round], layer: str
) -> Works:
    """What was said stays the same when something else is said now, where it is remembered."""
    if choice.tokens:  # those of this request; `work` may have been put together before it
        shown = (layer, choice.scope, rounds)
        return standing.works(choice.plan, year, *shown, places=False, tokens=choice.tokens)
    return retold(work.works, rounds, layer, choice.scope)


Standing = TaskStanding | ProjectStanding


def _work(one: Standing, word: str) -> WorkChange:
    is_task = isinstance(one, TaskStanding)
    thing = one.task if is_task else one.project
    unit = one.lead.unit.name if one.lead else ""
    return WorkChange(is_task, thing.code, thing.name, one.label, one.badge, unit, word)
