"""The page leadership opens, put together from parts that are remembered each for itself
(`plans/remembered.py`): a figure that was corrected leaves the work as it was, and the other way
round."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.http import Http404, QueryDict

from indicators.models import Round
from indicators.progress import Status
from organization import permissions
from organization.models import User
from plans.models import Plan
from plans.remembered import Same, remember
from plans.versions import Tokens
from reports.changed import Change, Changes, WorkChange, changes, work_changes
from reports.choice import Choice, Link
from reports.comparing_sides import known_by
from reports.completeness import Completeness, completeness
from reports.summary import OPEN, Count, Row, Summary, summarize
from reports.supervision import Marks, marks_of
from reports.works import WorkSummary, summarize_work

RISKS = 4  # laggards that are told in full at the head of the page
MOVES = 8
EARLY, EARLY_LABEL = "early", "提前完成"
KEYS = {EARLY, *(status.value for status in Status)}
CHOICE_TABLES = (Plan._meta.db_table, Round._meta.db_table)


@dataclass(frozen=True)
class Tile:
    """How many indicators bear one label, and the address that shows these only."""

    count: Count
    query: str
    is_current: bool


@dataclass(frozen=True)
class Board:
    """What the dashboard prints. `only`: key of the status that it is narrowed to, "" for all;
    `by`: the round by which the year is shown as it stood then, None as it stands."""

    choice: Choice
    tokens: Tokens
    user: User
    today: date
    only: str = ""
    by: Round | None = None

    @cached_property
    def rounds(self) -> list[Round]:
        """What had come by then."""
        return [
            one
            for one in self.choice.rounds
            if self.by is None or one.year != self.by.year or one.rank <= self.by.rank
        ]

    @cached_property
    def round_links(self) -> list[Link]:
        """The rounds of the year, where there are several that may be shown."""
        c = self.choice
        shown = [one for one in _of_year(c) if one.is_published or c.is_provisional]
        if len(shown) < 2:
            return []
        links = [Link(one.name, self._query(round=one.pk), one == self.by) for one in shown]
        return [Link("最新", self._query(round=None), self.by is None), *links]

    @property
    def wall_query(self) -> str:
        return self._query(status=None, view="wall")

    @property
    def may_download(self) -> bool:
        """The workbook shows the year as it stands."""
        return self.by is None

    def _query(self, **changes: object) -> str:
        here = {"status": self.only or None, "round": self.by.pk if self.by else None}
        return self.choice.query(**{**here, **changes})

    # --- the numbers ---------------------------------------------------------------------------

    @cached_property
    def summary(self) -> Summary:
        """Of the whole plan, whatever the page is narrowed to."""
        return self._remember("summary", self._summary)

    def _summary(self) -> Summary:
        c, by = self.choice, self.by
        values = known_by(c, by) if by else None
        return summarize(c.plan, c.year, c.layer, self.rounds, c.visible, self.tokens, values)

    @cached_property
    def shown(self) -> Summary:
        """What stands below the tiles."""
        if not self.only:
            return self.summary
        return replace(
            self.summary,
            table=self._narrowed(self.summary.table),
            commitments=self._narrowed(self.summary.commitments),
        )

    def _narrowed(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(row for row in rows if key_of(row) == self.only)

    @cached_property
    def tiles(self) -> tuple[Tile, ...]:
        """One for every label that occurs in the table; the current one leads back to all."""
        keys = {row.label: key_of(row) for row in self.summary.table}
        return tuple(self._tile(count, keys[count.label]) for count in self.summary.counts)

    def _tile(self, count: Count, key: str) -> Tile:
        is_current = key == self.only
        return Tile(count, self._query(status=None if is_current else key), is_current)

    @property
    def all_query(self) -> str:
        """Back from one status to all of them."""
        return self._query(status=None)

    @property
    def only_label(self) -> str:
        return EARLY_LABEL if self.only == EARLY else Status(self.only).label

    @cached_property
    def risks(self) -> tuple[Row, ...]:
        """The worst: binding before others (`Summary.laggards`)."""
        return self.summary.laggards[:RISKS]

    @cached_property
    def moved(self) -> tuple[Change, ...]:
        """What got worse first; no more than can be taken in at a glance."""
        return self.changes.rows[:MOVES]

    @property
    def more_moved(self) -> int:
        return len(self.changes.rows) - len(self.moved)

    @property
    def is_judged(self) -> bool:
        """Whether anything can be said of any indicator; in the base year nothing can."""
        return any(row.status not in OPEN for row in self.summary.rows)

    @property
    def laggards_said(self) -> str:
        """“主要指标6项、正文目标5项”."""
        table = sum(row.is_behind for row in self.summary.table)
        others = len(self.summary.laggards) - table
        said = [f"主要指标{table}项"] if table else []
        return "、".join([*said, f"正文目标{others}项"] if others else said)

    @property
    def has_attention(self) -> bool:
        """Whether laggards are left that the head of the page does not tell in full."""
        return len(self.summary.laggards) > len(self.risks)

    @property
    def notes(self) -> str:
        """What the notes under the tables print, in one word."""
        rows = self.shown.rows
        return repr([(row.code, row.name, row.to_verify, row.definition) for row in rows])

    @property
    def binding_risks(self) -> int:
        return sum(row.is_binding for row in self.summary.laggards)

    # --- the rest --------------------------------------------------------------------------------

    @cached_property
    def work(self) -> WorkSummary:
        c = self.choice
        return self._remember(
            "work",
            lambda: summarize_work(
                c.plan, c.year, c.layer, c.scope, self.rounds, tokens=self.tokens
            ),
        )

    @cached_property
    def reporting(self) -> Completeness:
        c, scope = self.choice, permissions.completeness_scope(self.user)
        return self._remember(
            "reporting",
            lambda: completeness(c.plan, c.year, c.rounds, self.today, scope, self.tokens),
            scope,
            self.today,
        )

    @property
    def work_names(self) -> tuple[object, ...]:
        """What the part about the work prints: what was said of it may change without a word of
        this."""
        w, scope = self.work, self.choice.scope
        whose = (scope is None, bool(scope))  # `components/draft_work.html`
        if not w.is_reported:
            return (Same(w), *whose)
        sums = (w.stages, w.grades, w.sources, w.money, w.sought_money, w.own_figures)
        said = (w.late_said, w.sentence, *sums, *w.chapters, w.whole)
        return (*said, *whose, *map(Same, w.late))

    @property
    def work_said(self) -> str:
        """In one line; "" before anything is reported."""
        if self.work.is_empty or not self.work.is_reported:
            return ""
        return self.work.late_said or "没有滞后或超期的任务和项目"

    @property
    def reporting_said(self) -> str:
        """“2025 年年报已审核 20/23 个单位，2 个逾期”."""
        rnd = self.reporting.newest
        if rnd is None:
            return self.reporting.sentence
        late = f"，{rnd.late} 个逾期" if rnd.late else ""
        return f"{rnd.round}已审核 {rnd.approved}/{len(rnd.rows)} 个单位{late}"

    @cached_property
    def change_parts(self) -> tuple[Changes, tuple[WorkChange, ...], tuple[WorkChange, ...]]:
        """Of the numbers; tasks and projects newly finished; newly late. Each is remembered by
        itself, for a figure says nothing of the work."""
        summary, work = self.summary, self.work  # what they were read from is not read here
        numbers = self._remember("changes", lambda: changes(summary, self.choice), Same(summary))
        finished, late = self._remember(
            "work changes", lambda: work_changes(self.choice, work), Same(work)
        )
        return numbers, finished, late

    @property
    def change_names(self) -> tuple[object, ...]:
        """What the part about changes prints; of the work by what it says."""
        numbers, finished, late = self.change_parts
        return Same(numbers), finished, late

    @cached_property
    def changes(self) -> Changes:
        numbers, finished, late = self.change_parts
        return replace(numbers, finished=finished, late=late)

    @cached_property
    def supervisions(self) -> Marks:
        past = self.choice.is_past
        return marks_of(self.choice.plan, self.user, self.today, self.tokens, past)

    def _remember(self, part, build, *also):
        """By all that a part depends on besides tables: what `choice` says, and `also`, other
        parts among it."""
        c = self.choice
        chosen = (
            c.plan.pk,
            c.year,
            c.layer,
            c.visible,
            c.scope,
            c.shows_figures,
            self.by and self.by.pk,
        )
        state = tuple(self.tokens.get(table) for table in CHOICE_TABLES)
        return remember(self.tokens, ("board", part, *chosen, *state, *also), build)


def key_of(row: Row) -> str:
    """A status is asked for by this; what is met before its time has a key of its own."""
    return EARLY if row.early else row.status.value


def board_of(choice: Choice, tokens: Tokens, user: User, today: date, asked: QueryDict) -> Board:
    """Reads ?status= and ?round=. Raises 404 for what is no status and for a round that this
    person does not see in this year."""
    only = asked.get("status", "")
    if only and only not in KEYS:
        raise Http404
    board = Board(choice, tokens, user, today, only, _round_named(choice, asked.get("round", "")))
    kept = {"status": only} if only else {}
    return replace(board, choice=replace(choice, kept=kept))


def _round_named(choice: Choice, asked: str) -> Round | None:
    if not asked:
        return None
    for one in _of_year(choice):
        if str(one.pk) == asked and (one.is_published or choice.is_provisional):
            return one
    raise Http404


def _of_year(choice: Choice) -> list[Round]:
    return [one for one in choice.rounds if one.year == choice.year]
