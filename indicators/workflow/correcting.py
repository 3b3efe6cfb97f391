"""Settings that hold for all years at once, changed after a publication: thresholds, how an
indicator is counted, milestones that bend the expected line. Where the change shows in a published
year, that year's round says so as a 更正, with the reason."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from indicators import judging, settled
from indicators.judging import Standing
from indicators.models import Layer, Round
from indicators.printing import display
from indicators.progress import Comparator
from indicators.workflow.errors import WorkflowError
from indicators.workflow.steps import need_reason, refuse_identity
from organization.models import User
from plans.models import Plan

UNPRINTED = frozenset({"to_verify", "reason"})  # published nowhere, or no setting at all


class Said(NamedTuple):
    """What the public reads of one indicator in one year."""

    value: str
    label: str
    expected: str
    gap_rule: str


def reason_fault(plan: Plan, changed: Iterable[str], reason: str) -> str:
    """Why these fields cannot be changed with this reason; "" when they can."""
    needed = set(changed) - UNPRINTED and settled.last_published([plan]) is not None
    try:
        if needed:
            need_reason(reason, "已有数据发布，请写明修改原因；原因写入修改记录。", "修改原因")
        else:
            refuse_identity("修改原因", reason)
    except WorkflowError as error:
        return str(error)
    return ""


@contextmanager
def correcting(user: User, plan: Plan, reason: str) -> Iterator[list[str]]:
    """What is changed inside may show in published years; each of them becomes a 更正. The list it
    gives is filled at the end with what the person has to know.

    Raises WorkflowError when it shows and there is no reason."""
    told: list[str] = []
    before = _published(plan)
    yield told
    after = _published(plan)
    changed = [key for key in before if before[key] != after.get(key)]
    if changed and not reason.strip():
        raise WorkflowError("这项修改会改变已经发布的结果，请写明修改原因。")
    for year in sorted({year for year, _ in changed}):
        _mark(user, plan, year, f"更正：{reason.strip()}")
        codes = [code for at, code in changed if at == year]
        words = "、".join(_told(code, before[year, code], after[year, code]) for code in codes)
        told.append(f"{year} 年已发布的结果随之改变，已记为更正：{words}。")


def _published(plan: Plan) -> dict[tuple[int, str], Said]:
    """As the database has it now, whatever the caller holds in its hands."""
    stored = Plan.objects.get(pk=plan.pk)
    years = stored.rounds.published().order_by().values_list("year", flat=True)
    return {
        (year, standing.indicator.code): _said(standing)
        for year in sorted(set(years))
        for standing in judging.standings(stored, year, Layer.OFFICIAL)
    }


def _said(standing: Standing) -> Said:
    row, judged = standing.annual_value, standing.judgement
    value = _printed(standing, row.value if row else None)
    expected = _printed(standing, judged.expected)
    return Said(value, judged.label, expected, standing.indicator.gap_rule)


def _printed(standing: Standing, number: Decimal | None) -> str:
    if number is None:
        return ""
    comparator = Comparator(standing.indicator.comparator)
    return display(number, standing.indicator.decimals, comparator, standing.target)


def _told(code: str, old: Said, new: Said) -> str:
    """“W1（符合序时 → 明显滞后）”; where only what is expected moved, the code."""
    parts = ((old.value, new.value), (old.label, new.label))
    moved = [f"{before or '—'} → {after or '—'}" for before, after in parts if before != after]
    return f"{code}（{'，'.join(moved)}）" if moved else code


def _mark(user: User, plan: Plan, year: int, reason: str) -> None:
    """On the newest published round of the year."""
    rounds: list[Round] = list(plan.rounds.published().filter(year=year).order_by())
    rnd = max(rounds, key=lambda one: one.rank)
    rnd.corrected_at, rnd.correction = timezone.now(), reason
    rnd._history_user, rnd._change_reason = user, reason
    rnd.save(update_fields=["corrected_at", "correction"])
