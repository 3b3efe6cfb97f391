"""What was typed into rows that can no longer be filled in: they went to another unit or were
locked while the page was open. It is told, to be copied; nothing typed goes without a word."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from indicators import merging
from indicators.conflict import EMPTY, as_typed
from indicators.grid import PARTS, stored_parts
from indicators.models import AnnualReturn, Explanation, Figure, Indicator, ReturnStatus

ROW, TEXT = re.compile(r"amount-([0-9]{1,18})"), re.compile(r"cause-([0-9]{1,18})")


@dataclass(frozen=True)
class Lost:
    name: str
    typed: str


def lost(
    annual_return: AnnualReturn, posted: Mapping[str, str], was: merging.Held | None
) -> list[Lost]:
    """What this return has no open row for. One that is handed in shows its own rows itself."""
    shows = annual_return.status != ReturnStatus.DRAFT
    rows = [
        figure.pk
        for figure in annual_return.figures.select_related("item").order_by()
        if shows or not figure.locked or _typed(posted, PARTS, figure.pk) == _stored(figure)
    ]
    texts = annual_return.explanations.values_list("indicator_id", flat=True)
    return _told(annual_return, posted, was or {}, rows, texts)


def _stored(figure: Figure) -> list[str]:
    return list(stored_parts(figure).values())


def lost_with_all(
    withdrawn: AnnualReturn, posted: Mapping[str, str], was: merging.Held | None
) -> list[Lost]:
    """The same where the return itself is no more."""
    return _told(withdrawn, posted, was or {}, (), ())


def _told(
    of: AnnualReturn,
    posted: Mapping[str, str],
    was: merging.Held,
    rows: Iterable[int],
    texts: Iterable[int],
) -> list[Lost]:
    return [
        *_figures(of, posted, was, _ids(ROW, posted) - {*rows}),
        *_texts(of, posted, was, _ids(TEXT, posted) - {*texts}),
    ]


def _ids(pattern: re.Pattern[str], posted: Mapping[str, str]) -> set[int]:
    return {int(found[1]) for name in posted if (found := pattern.fullmatch(name))}


def _figures(
    of: AnnualReturn, posted: Mapping[str, str], was: merging.Held, gone: set[int]
) -> Iterator[Lost]:
    """Their history knows also those that were taken out."""
    changed = [pk for pk in sorted(gone) if _is_changed(posted, PARTS, pk, was.get(str(pk)))]
    if not changed:
        return
    past = Figure.history.filter(id__in=changed, round=of.round_id)
    last = {row.id: row for row in past.select_related("item", "unit").order_by("history_id")}
    for pk, row in last.items():
        place = f" {row.unit}" if row.item.by_township else ""
        yield Lost(f"{row.item}{place}", as_typed(pk, posted) or EMPTY)


def _texts(
    of: AnnualReturn, posted: Mapping[str, str], was: merging.Held, gone: set[int]
) -> Iterator[Lost]:
    names = Explanation.TEXTS
    changed = [pk for pk in gone if _is_changed(posted, names, pk, was.get(f"t{pk}"))]
    if not changed:
        return
    for one in Indicator.objects.filter(pk__in=changed, plan=of.round.plan_id):
        for name in names:
            if typed := posted.get(f"{name}-{one.pk}", "").strip():
                label = Explanation._meta.get_field(name).verbose_name
                yield Lost(f"{one} {label}", typed)


def _is_changed(posted: Mapping[str, str], parts: Iterable[str], pk: int, before: object) -> bool:
    typed = _typed(posted, parts, pk)
    return typed != (before or [""] * len(typed))


def _typed(posted: Mapping[str, str], parts: Iterable[str], pk: int) -> list[str]:
    return [merging.typed_in(posted, f"{part}-{pk}") for part in parts]
