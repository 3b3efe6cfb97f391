"""A round that is open follows what changes meanwhile: townships that merge or are founded, units
that end, duties that pass to another unit. What nobody has typed into is added, moved or taken
out; what somebody has is kept. Published rounds are never touched."""

from collections.abc import Iterable
from functools import cached_property

from django.db import transaction

from indicators import parts, values
from indicators.bulk import upsert, write_history
from indicators.models import (
    AnnualReturn,
    DataItem,
    Evidence,
    Explanation,
    Figure,
    Indicator,
    Knowledge,
    ReturnStatus,
    Round,
)
from indicators.workflow.errors import WorkflowError
from indicators.workflow.rounds import owed_figures, owners
from indicators.workflow.steps import locked_round, store_figures
from organization.models import Unit, User
from plans.models import Plan

Place = tuple[int, int]  # (item id, township id, or 0 where one department holds the item)
KNOWLEDGE = ("knowledge", "approved_knowledge", "published_knowledge")
TYPED = ("note", "document_no", "document_date")
APPROVED_PARTS = ("amount", "knowledge", "note")
FEW = 10  # named one by one where a round lacks something
AGAIN = "退回或重新开启后，请在“填报批次”列表中选中该批次，执行“按现行单位和责任分工更新”。"


@transaction.atomic
def catch_up(user: User, round_id: int) -> list[str]:
    """The planner's word for it, after a return was sent back or reopened. What the person has to
    know comes back as sentences."""
    rnd = locked_round(user, round_id, "只有规划管理员可以更新填报批次。")
    if rnd.is_published:
        raise WorkflowError(f"{rnd}已经发布，单位和责任分工的变化只用于以后的批次。")
    return Following(user, rnd, "按现行单位和责任分工更新").run()


def out_of_step(user: User, rnd: Round) -> str:
    """What the round lacks of what the units and duties in force ask for, and what to do; "" where
    it lacks nothing. A catch-up that is done and taken back."""
    try:
        with transaction.atomic():
            missing = Following(user, rnd, "核对").missing_now()
            transaction.set_rollback(True)
    except WorkflowError as error:
        return str(error)
    if not missing:
        return ""
    names = "、".join(missing[:FEW]) + (f"等 {len(missing)} 项" if len(missing) > FEW else "")
    return (
        f"这一批次与现行单位和责任分工不一致，缺少{names}。退回或重新开启相应监测表后，"
        "请在“填报批次”列表中选中该批次，执行“按现行单位和责任分工更新”，补填、审核后再发布。"
    )


def follow(user: User, plans: Iterable[Plan], why: str, since: int = 0) -> list[str]:
    """All open rounds of the plans from a year on. Call inside the transaction of the change."""
    rounds = Round.objects.filter(plan__in=list(plans), published_at=None, year__gte=since)
    rounds = rounds.select_for_update(of=("self",)).select_related("plan__bureau")
    return [says for rnd in rounds.order_by("pk") for says in Following(user, rnd, why).run()]


class Following:
    def __init__(self, user: User, rnd: Round, why: str) -> None:
        self.user, self.round, self.why = user, rnd, why
        self.touched: dict[int, AnnualReturn] = {}
        self.said: list[str] = []
        self.missing: list[str] = []  # names of what counts and did not stand open in the round

    @cached_property
    def returns(self) -> dict[int, AnnualReturn]:
        """By unit id, under lock."""
        rows = AnnualReturn.objects.filter(round=self.round).select_for_update(of=("self",))
        rows = rows.select_related("unit", "round").order_by("pk")
        return {row.unit_id: row for row in rows}

    def run(self) -> list[str]:
        self._walk()
        for annual_return in self.touched.values():
            self._settle(annual_return)
        if self.touched:
            cells = {c for c in values.all_cells(self.round.plan) if c[1] == self.round.year}
            values.recompute(self.round.plan, cells)
        return [f"{self.round}：{says}" for says in self.said]

    def missing_now(self) -> list[str]:
        """Inside a transaction that is taken back."""
        self._walk()
        return list(dict.fromkeys(self.missing))

    def _walk(self) -> None:
        self._figures()
        self._explanations()
        for part in parts.parts():
            part.follow(self)

    # --- figures -------------------------------------------------------------------------

    def _figures(self) -> None:
        wanted = {_place(item, unit): (owner, item, unit) for owner, item, unit in self._owed()}
        have = {_place(f.item, f.unit_id): f for f in self._present()}
        self._leave([figure for place, figure in have.items() if place not in wanted])
        self._unlock([f for place, f in have.items() if place in wanted and self._stranded(f)])
        moving: list[tuple[Figure, int]] = []
        for place, (owner, _, _) in wanted.items():
            figure = have.get(place)
            if figure and self.returns[self._holder(figure)].unit_id != owner:
                moving.append((figure, owner))
        self._move(moving)
        self._add([row for place, row in wanted.items() if place not in have])

    def _owed(self) -> Iterable[tuple[int, DataItem, int]]:
        return owed_figures(self.round)

    def _present(self) -> Iterable[Figure]:
        rows = Figure.objects.filter(round=self.round)
        return rows.select_related("item", "unit", "annual_return").order_by("pk")

    def _holder(self, figure: Figure) -> int:
        return figure.annual_return.unit_id

    def _leave(self, gone: list[Figure]) -> None:
        """Blank rows of a draft go; what was told stays to be read, and counts no more."""
        proved = set(Evidence.objects.filter(figure__in=gone).values_list("figure_id", flat=True))
        kept = []
        for figure in gone:
            annual_return = self.returns[self._holder(figure)]
            if _is_blank(figure) and _is_draft(annual_return) and figure.pk not in proved:
                figure._history_user, figure._change_reason = self.user, self.why
                figure.delete()
                self.touch(annual_return)
            elif not figure.locked:
                figure.locked = True
                kept.append(figure)
                self.touch(annual_return)
        store_figures(kept, ["locked"], self.user, f"{self.why}，不再计入")
        if kept:
            self.said.append(f"{_names(kept)}已填的内容保留备查，锁定，不再计入。")

    def _stranded(self, figure: Figure) -> bool:
        """Locked because it did not count, and not because it was approved. Outside a backfill
        round nothing blank is ever approved."""
        if not figure.locked:
            return False
        never = figure.approved_knowledge == Knowledge.BLANK and not self.round.is_backfill
        if never or self.returns[self._holder(figure)].approved_at is None:
            return True
        parts_of = ((getattr(figure, p), getattr(figure, f"approved_{p}")) for p in APPROVED_PARTS)
        return any(now != approved for now, approved in parts_of)

    def _unlock(self, stranded: list[Figure]) -> None:
        """A township that was ended by mistake counts again, and so does what it told."""
        able = [f for f in stranded if _is_draft(self.returns[self._holder(f)])]
        stuck = [f for f in stranded if f not in able]
        for figure in able:
            figure.locked = False
            self.touch(self.returns[self._holder(figure)])
        store_figures(able, ["locked"], self.user, f"{self.why}，重新计入")
        self.missing += [_name(figure) for figure in stranded]
        if able:
            self.said.append(f"{_names(able)}重新计入，已解除锁定，请核对原来填的内容后报送。")
        if stuck:
            self.said.append(f"{_names(stuck)}重新计入，但还锁定在已报送或审核的监测表里。{AGAIN}")

    def _move(self, moving: list[tuple[Figure, int]]) -> None:
        moved, stuck = [], []
        for figure, owner in moving:
            old = self.returns[self._holder(figure)]
            if not (is_untouched(old) and self.takes(owner)):
                stuck.append(figure)
                continue
            figure.annual_return = self.return_of(owner)
            figure.unit_id = figure.unit_id if figure.item.by_township else owner
            self.touch(old, figure.annual_return)
            moved.append(figure)
        upsert(Figure, moved, ["annual_return_id", "unit_id"])
        write_history(Figure, moved, self.user, f"{self.why}，转由新的责任单位填报")
        self._move_evidence(moved)
        if stuck:
            self.said.append(f"{_names(stuck)}所在的监测表已报送或审核过，仍由原表办结。{AGAIN}")

    def _move_evidence(self, figures: list[Figure]) -> None:
        """Where the other return has the same file already, it stays where it is."""
        of = {figure.pk: figure.annual_return for figure in figures}
        for file in Evidence.objects.filter(figure__in=of):
            target = of[file.figure_id]
            if not target.evidence.filter(sha256=file.sha256).exists():
                file.annual_return = target
                file._history_user, file._change_reason = self.user, self.why
                file.save(update_fields=["annual_return"])

    def _add(self, missing: list[tuple[int, DataItem, int]]) -> None:
        able = [row for row in missing if self.takes(row[0])]
        figures = [
            Figure(
                annual_return=self.return_of(owner), round=self.round, item=item, unit_id=unit_id
            )
            for owner, item, unit_id in able
        ]
        Figure.objects.bulk_create(figures, batch_size=500)
        write_history(Figure, figures, self.user, self.why, created=True)
        self.touch(*(figure.annual_return for figure in figures))
        units = Unit.objects.in_bulk([unit_id for _, _, unit_id in missing]) if missing else {}
        name_of = {row: f"“{row[1].name}”（{units[row[2]]}）" for row in missing}
        self.missing += name_of.values()
        if stuck := [row for row in missing if row not in able]:
            told = "、".join(dict.fromkeys(name_of[row] for row in stuck))
            self.said.append(f"{told}没有加入，因为应填的监测表已报送或审核。{AGAIN}")

    # --- explanations --------------------------------------------------------------------

    def _explanations(self) -> None:
        wanted = owners(self.round, "indicator")
        rows = Explanation.objects.filter(annual_return__round=self.round)
        rows = rows.select_related("annual_return", "indicator")
        have = {row.indicator_id: row for row in rows}
        self.missing += _texts_of(pk for pk in wanted if pk not in have)
        stuck, unable = [], []
        for indicator_id, owner in wanted.items():
            row = have.get(indicator_id)
            if row is not None and row.annual_return.unit_id == owner:
                continue
            free = row is None or is_untouched(self.returns[row.annual_return.unit_id])
            if free and self.takes(owner):
                self._explain(row or Explanation(indicator_id=indicator_id), owner)
            elif row is not None:
                stuck.append(row)
            else:
                unable.append(indicator_id)
        if stuck:
            names = "、".join(f"“{row.indicator}”" for row in stuck)
            self.said.append(f"{names}的情况说明仍在原责任单位的监测表中办结。{AGAIN}")
        if unable:
            names = "、".join(_texts_of(unable))
            self.said.append(f"{names}没有加入，因为应填的监测表已报送或审核。{AGAIN}")

    def _explain(self, row: Explanation, owner: int) -> None:
        if row.pk is not None:
            self.touch(self.returns[row.annual_return.unit_id])
        row.annual_return = self.return_of(owner)
        row._history_user, row._change_reason = self.user, self.why
        row.save()
        self.touch(row.annual_return)

    # --- returns -------------------------------------------------------------------------

    def takes(self, owner: int) -> bool:
        """Whether something may be added to what the unit hands in."""
        existing = self.returns.get(owner)
        return existing is None or _is_draft(existing)

    def return_of(self, owner: int) -> AnnualReturn:
        if owner not in self.returns:
            unit = Unit.objects.get(pk=owner)
            made = AnnualReturn(round=self.round, unit=unit)
            made._history_user, made._change_reason = self.user, self.why
            made.save()
            self.returns[owner] = made
            self.said.append(f"{unit}收到新的监测表。")
        return self.returns[owner]

    def touch(self, *returns: AnnualReturn) -> None:
        self.touched |= {self.returns[one.unit_id].pk: self.returns[one.unit_id] for one in returns}

    def _settle(self, annual_return: AnnualReturn) -> None:
        """A page that is open is stale now; a return without anything in it goes."""
        annual_return._history_user, annual_return._change_reason = self.user, self.why
        if _is_empty(annual_return):
            unit = annual_return.unit
            annual_return.delete()
            self.said.append(f"{unit}的监测表已没有内容，已撤销。")
            return
        if annual_return.is_over:
            says = "已撤并，它的监测表不再要求报送和审核，保留备查。"
            self.said.append(f"{annual_return.unit}{says}")
        annual_return.version += 1
        annual_return.save(update_fields=["version"])


def _place(item: DataItem, unit_id: int) -> Place:
    return (item.pk, unit_id if item.by_township else 0)


def _is_draft(annual_return: AnnualReturn) -> bool:
    return annual_return.status == ReturnStatus.DRAFT


def is_untouched(annual_return: AnnualReturn) -> bool:
    """A draft that was never approved: its rows may still go to another unit."""
    return _is_draft(annual_return) and annual_return.approved_at is None


def _is_blank(figure: Figure) -> bool:
    """A note or the number of a document is something told, too."""
    told = any(getattr(figure, name) for name in TYPED) or figure.amount is not None
    return not told and all(getattr(figure, name) == Knowledge.BLANK for name in KNOWLEDGE)


def _is_empty(annual_return: AnnualReturn) -> bool:
    kinds = ("figures", "explanations", "acts", "evidence", "change_requests")
    if any(getattr(annual_return, kind).exists() for kind in kinds):
        return False
    return parts.counts([annual_return.pk])[annual_return.pk].owed == 0


def _texts_of(indicator_ids: Iterable[int]) -> list[str]:
    wanted = list(indicator_ids)
    rows = Indicator.objects.filter(pk__in=wanted) if wanted else ()
    return [f"“{row}”的情况说明" for row in rows]


def _names(figures: Iterable[Figure]) -> str:
    return "、".join(dict.fromkeys(_name(figure) for figure in figures))


def _name(figure: Figure) -> str:
    return f"“{figure.item.name}”（{figure.unit}）"
