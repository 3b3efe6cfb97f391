"""What was typed into a page that was overtaken, put onto the return as it stands now.

Each page carries what its fields held when it was made (`held`). A row that the person left alone
takes what is stored; a row that only this person changed is kept; only what both sides changed is
for the person to decide (`conflict.py` shows it). A row is one statement: its number, its note and
its document belong together, so rows are merged whole, texts one by one.

A page that was saved and is gone back to holds what that save stored, not what it first showed:
clearing a number again is then typing, too. The session remembers it under the name of the page."""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.sessions.backends.base import SessionBase

from indicators.grid import PARTS, Grid, stored_parts
from indicators.models import AnnualReturn, Explanation, Figure
from indicators.return_access import version_in

FIELD = "held"
NAME = "page"  # of the page, among what it held
REMEMBERED, PAGES = "saved_pages", 5

Held = Mapping[str, list[str]]  # figure id, or t and an indicator id → texts of its fields
Left = dict[tuple[str, int], str]


def held(figures: Iterable[Figure], texts: Iterable[Explanation]) -> str:
    """One hidden field instead of hundreds; what is all empty is left out."""
    kept = {NAME: secrets.token_hex(8), **_rows(figures, texts)}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _rows(figures: Iterable[Figure], texts: Iterable[Explanation]) -> dict[str, list[str]]:
    rows = {str(figure.pk): list(stored_parts(figure).values()) for figure in figures}
    rows |= {f"t{one.indicator_id}": _told(one) for one in texts}
    return {key: said for key, said in rows.items() if any(said)}


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
class Base:
    """What a page stands on: a version, and what its fields hold of it."""

    version: int
    was: Held | None


def base_of(posted: Mapping[str, str], session: SessionBase) -> Base:
    was = read(posted)
    name = was.get(NAME) if was else None
    saved = session.get(REMEMBERED, {}).get(name) if isinstance(name, str) else None
    return Base(*saved) if saved else Base(version_in(posted), was)


@dataclass(frozen=True)
class Rebased:
    """The form as if it had been typed into the page as it now is. `clashes`: figure ids and names
    of texts that were changed on both sides. `left`: what the page still shows of rows (key and
    place) that were left alone while something else was stored."""

    form: Mapping[str, str]
    clashes: frozenset[int | str] = frozenset()
    left: Mapping[tuple[str, int], str] = field(default_factory=dict)


def remember(
    posted: Mapping[str, str], session: SessionBase, saved: AnnualReturn, rebased: Rebased
) -> None:
    """The page as it stands in the browser after a save. Two queries."""
    was = read(posted)
    name = was.get(NAME) if was else None
    if not isinstance(name, str):
        return
    figures = saved.figures.select_related("item").order_by()
    rows = _rows(figures, saved.explanations.order_by())
    for (key, place), shown in rebased.left.items():
        rows.setdefault(key, [""] * (3 if key.startswith("t") else len(PARTS)))[place] = shown
    pages = {key: page for key, page in session.get(REMEMBERED, {}).items() if key != name}
    kept = [*pages.items(), (name[:32], [saved.version, rows])]
    session[REMEMBERED] = dict(kept[-PAGES:])


def rebase(annual_return: AnnualReturn, posted: Mapping[str, str], was: Held) -> Rebased:
    """Two queries."""
    form, clashes = {name: posted[name] for name in posted}, set[int | str]()
    left: Left = {}
    figures = list(annual_return.figures.select_related("item").order_by())
    texts = list(annual_return.explanations.order_by())
    for figure in figures:
        if _rebase_row(form, figure, _said(was, str(figure.pk), len(PARTS)), left):
            clashes.add(figure.pk)
    for one in texts:
        clashes |= _rebase_texts(form, one, _said(was, f"t{one.indicator_id}", 3), left)
    form |= {"version": str(annual_return.version), FIELD: held(figures, texts)}
    return Rebased(form, frozenset(clashes), left)


def _said(was: Held, key: str, count: int) -> list[str]:
    said = was.get(key)
    return said if isinstance(said, list) and len(said) == count else [""] * count


def _rebase_row(form: dict[str, str], figure: Figure, before: list[str], left: Left) -> bool:
    """Takes a row that was left alone, or is locked, out of the form; whether both sides changed
    it."""
    names = [f"{part}-{figure.pk}" for part in PARTS]
    if names[0] not in form:
        return False
    typed = [typed_in(form, name) for name in names]
    now = list(stored_parts(figure).values())
    if typed == before or figure.locked:
        for name in names:
            form.pop(name, None)
        if now != typed:
            left |= {(str(figure.pk), place): shown for place, shown in enumerate(typed)}
        return False
    return now != before and typed != now


def typed_in(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\r\n", "\n").strip()


def _rebase_texts(
    form: dict[str, str], one: Explanation, before: list[str], left: Left
) -> set[int | str]:
    """Gives a text that was left alone what is stored; the names of those both sides changed."""
    clashes = set[int | str]()
    told = zip(Explanation.TEXTS, before, _told(one), strict=True)
    for place, (name, was, now) in enumerate(told):
        key = f"{name}-{one.indicator_id}"
        typed = typed_in(form, key)
        if key not in form or typed == was:
            if key in form:
                form[key] = now
                if now != typed:
                    left[f"t{one.indicator_id}", place] = typed
        elif now not in (was, typed):
            clashes.add(key)
    return clashes
