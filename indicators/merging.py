"""What was typed into a page that was overtaken, put onto the return as it stands now.

Each page carries what its fields held when it was made (`held`). A row that the person left alone
takes what is stored; a row that only this person changed is kept; only what both sides changed is
for the person to decide (`conflict.py` shows it). A row is one statement: its number, its note and
its document belong together, so rows are merged whole, texts one by one."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from indicators.grid import PARTS, Grid, stored_parts
from indicators.models import AnnualReturn, Explanation, Figure

FIELD = "held"

Held = Mapping[str, list[str]]  # figure id, or t and an indicator id → texts of its fields


def held(figures: Iterable[Figure], texts: Iterable[Explanation]) -> str:
    """One hidden field instead of hundreds; what is all empty is left out."""
    rows = {str(figure.pk): list(stored_parts(figure).values()) for figure in figures}
    rows |= {f"t{one.indicator_id}": _told(one) for one in texts}
    kept = {key: said for key, said in rows.items() if any(said)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def held_by(page: Grid) -> str:
    texts = (one.explanation for one in page.fed if one.explanation)
    return held((row.figure for row in page.rows if row.editable), texts)


def _told(one: Explanation) -> list[str]:
    return [getattr(one, name) for name in Explanation.TEXTS]


def read(posted: Mapping[str, str]) -> Held | None:
    """None where the page carried nothing that can be read: then all of it counts as typed."""
    try:
        found = json.loads(posted.get(FIELD, ""))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


@dataclass(frozen=True)
class Rebased:
    """The form as if it had been typed into the page as it now is. `clashes`: figure ids and names
    of texts that were changed on both sides."""

    form: Mapping[str, str]
    clashes: frozenset[int | str] = frozenset()


def rebase(annual_return: AnnualReturn, posted: Mapping[str, str], was: Held) -> Rebased:
    """Two queries."""
    form, clashes = {name: posted[name] for name in posted}, set[int | str]()
    figures = list(annual_return.figures.select_related("item").order_by())
    texts = list(annual_return.explanations.order_by())
    for figure in figures:
        if _rebase_row(form, figure, _said(was, str(figure.pk), len(PARTS))):
            clashes.add(figure.pk)
    for one in texts:
        clashes |= _rebase_texts(form, one, _said(was, f"t{one.indicator_id}", 3))
    form |= {"version": str(annual_return.version), FIELD: held(figures, texts)}
    return Rebased(form, frozenset(clashes))


def _said(was: Held, key: str, count: int) -> list[str]:
    said = was.get(key)
    return said if isinstance(said, list) and len(said) == count else [""] * count


def _rebase_row(form: dict[str, str], figure: Figure, before: list[str]) -> bool:
    """Takes a row that was left alone out of the form; whether both sides changed it."""
    names = [f"{part}-{figure.pk}" for part in PARTS]
    if names[0] not in form:
        return False
    typed = [form.get(name, "").strip() for name in names]
    if typed == before:
        for name in names:
            form.pop(name, None)
        return False
    now = list(stored_parts(figure).values())
    return now != before and typed != now


def _rebase_texts(form: dict[str, str], one: Explanation, before: list[str]) -> set[int | str]:
    """Gives a text that was left alone what is stored; the names of those both sides changed."""
    clashes = set[int | str]()
    for name, was, now in zip(Explanation.TEXTS, before, _told(one), strict=True):
        key = f"{name}-{one.indicator_id}"
        typed = form.get(key, "").replace("\r\n", "\n").strip()
        if key not in form or typed == was:
            if key in form:
                form[key] = now
        elif now not in (was, typed):
            clashes.add(key)
    return clashes
