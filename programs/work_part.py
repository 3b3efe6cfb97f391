"""Progress as a part of a return: what each verb of `indicators/workflow/` does with it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Count as Counted
from django.db.models import F, Model, Q
from django.urls import reverse

from indicators.bulk import upsert, write_history
from indicators.models import AnnualReturn, ReturnStatus, Round
from indicators.parts import Count, Following, Named
from indicators.workflow.steps import ever_entered
from organization.models import User
from programs import following, sheet
from programs.content import to_json
from programs.models import (
    ComponentProgress,
    MeasureState,
    Money,
    TaskProgress,
    WorkStatus,
)

FEW = 3  # named one by one when they are missing
KINDS: tuple[type[Any], ...] = (TaskProgress, ComponentProgress)


class WorkPart:
    """See `indicators.parts.Part`."""

    def owing(self, rnd: Round) -> set[int]:
        return {unit_id for of in following.owners(rnd).values() for unit_id in of.values()}

    def hand_out(self, user: User, rnd: Round, returns: Mapping[int, AnnualReturn]) -> None:
        for kind, of in following.owners(rnd).items():
            holders = {pk: returns[unit_id] for pk, unit_id in of.items()}
            following.add_blank(user, kind, holders, "开启批次")

    def follow(self, round_following: Following) -> None:
        following.follow(round_following)

    def faults(self, annual_return: AnnualReturn) -> list[str]:
        """A backfill round takes what is known: nothing is owed there."""
        owes = not annual_return.round.is_backfill
        open_lines = [one for one in _lines(annual_return) if not one.row.locked]
        blank = [one for one in open_lines if owes and not one.content.status]
        begun = [one for one in open_lines if one not in blank or len(blank) <= FEW]
        found = [
            f"{one.label}：{says}"
            for one in begun
            for says in dict.fromkeys([*one.faults.values(), *(one.owed.values() if owes else ())])
        ]
        if len(blank) > FEW:
            names = "、".join(one.label for one in blank[:FEW])
            found.append(
                f"还有 {len(blank)} 项任务、项目没有填（{names}等），请逐项选择状态并填写。"
            )
        return found

    def submit(self, user: User, annual_return: AnnualReturn) -> None:
        lines = [one for one in _lines(annual_return) if not one.row.locked]
        for one in lines:
            one.row.handed_in = to_json(one.content)
        _store([one.row for one in lines if one.is_task], ["handed_in"])
        _store([one.row for one in lines if not one.is_task], ["handed_in"])

    def take_back(self, user: User, annual_return: AnnualReturn) -> None:
        for rows in _rows(annual_return, handed_in__isnull=False):
            for row in rows:
                row.handed_in = None
            _store(rows, ["handed_in"])

    def authors(self, annual_return: AnnualReturn) -> set[int]:
        """Of what is open, also of what a measure or a source of money says in it."""
        found: set[int | None] = set()
        for kind in KINDS:
            rows = kind.objects.filter(annual_return=annual_return, locked=False)
            found |= ever_entered(kind, rows)
        return {pk for pk in found if pk is not None}

    def approve(self, user: User, annual_return: AnnualReturn) -> None:
        for rows in _rows(annual_return, handed_in__isnull=False):
            for row in rows:
                row.approved, row.handed_in, row.locked = row.handed_in, None, True
            _store(rows, ["approved", "handed_in", "locked"], user, "审核通过")

    def reopen(
        self, user: User, annual_return: AnnualReturn, keys: Collection[str], reason: str
    ) -> None:
        for rows in _rows(annual_return, locked=True):
            chosen = [row for row in rows if row.key in keys]
            for row in chosen:
                row.locked = False
            _store(chosen, ["locked"], user, f"重新开启：{reason}")

    def unpublished(self, rnd: Round) -> int:
        return sum(len(_to_publish(kind, rnd)) for kind in KINDS)

    def publish(self, user: User, rnd: Round, reason: str) -> set[int]:
        touched: set[int] = set()
        for kind in KINDS:
            rows = _to_publish(kind, rnd)
            for row in rows:
                row.published = row.approved
            _store(rows, ["published"], user, reason)
            touched |= {row.annual_return_id for row in rows}
        return touched

    def counts(self, returns: Collection[int]) -> Mapping[int, Count]:
        found: dict[int, Count] = {}
        for kind in KINDS:
            rows = kind.objects.filter(annual_return__in=returns).values("annual_return")
            counted = rows.order_by().annotate(
                owed=Counted("pk"),
                blank=Counted("pk", filter=Q(status=WorkStatus.BLANK)),
                unlocked=Counted("pk", filter=Q(locked=False)),
            )
            for pk, *numbers in counted.values_list("annual_return", "owed", "blank", "unlocked"):
                found[pk] = found.get(pk, Count()) + Count(*numbers)
        return found

    def rounds_to_correct(self, bureau_id: int) -> set[int]:
        published = {
            "annual_return__round__published_at__isnull": False,
            "annual_return__round__plan__bureau": bureau_id,
        }
        return {
            pk
            for kind in KINDS
            for pk in kind.objects.filter(_differs(), **published)
            .order_by()
            .values_list("annual_return__round", flat=True)
            .distinct()
        }

    def named(self, annual_return: AnnualReturn) -> list[Named]:
        return [
            Named(one.key, one.label, page_of(annual_return, one.key))
            for one in sheet.lines(annual_return)
        ]

    def rows(self, annual_return: AnnualReturn) -> Iterable[Model]:
        of_return = {"progress__annual_return": annual_return}
        yield from TaskProgress.objects.filter(annual_return=annual_return)
        yield from MeasureState.objects.filter(**of_return)
        yield from ComponentProgress.objects.filter(annual_return=annual_return)
        yield from Money.objects.filter(**of_return)


def _lines(annual_return: AnnualReturn) -> list[sheet.Line]:
    """Read once for one verb: the verb holds the return, and its object, from lock to end."""
    if not hasattr(annual_return, "_work_lines"):
        annual_return._work_lines = sheet.lines(annual_return)  # type: ignore[attr-defined]
    return annual_return._work_lines  # type: ignore[attr-defined]


def page_of(annual_return: AnnualReturn, key: str) -> str:
    return reverse("progress", args=[annual_return.pk, key])


def _rows(annual_return: AnnualReturn, **which: Any) -> Iterator[list[Any]]:
    for kind in KINDS:
        yield list(kind.objects.filter(annual_return=annual_return, **which))


def _differs() -> Q:
    """Approved otherwise than published; NULL equals nothing in SQL and is asked for apart."""
    approved = Q(approved__isnull=False, locked=True, annual_return__status=ReturnStatus.APPROVED)
    return approved & (Q(published__isnull=True) | ~Q(approved=F("published")))


def _to_publish(kind: type[Any], rnd: Round) -> list[Any]:
    return list(kind.objects.filter(_differs(), annual_return__round=rnd))


def _store(rows: list[Any], fields: list[str], user: User | None = None, why: str = "") -> None:
    """With a user also into the history; handing in and taking back stand in the 办理记录."""
    if not rows:
        return
    upsert(type(rows[0]), rows, fields)
    if user is not None:
        write_history(type(rows[0]), rows, user, why)
