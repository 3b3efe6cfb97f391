"""Two people edited the same return: what the later one typed beside what the first one stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.entry import Entry
from indicators.grid import Posted, printed
from indicators.models import AnnualReturn, Explanation, Figure, Knowledge


@dataclass(frozen=True)
class Sides:
    """One figure that the two versions disagree on."""

    name: str
    typed: str
    stored: str


def differing(annual_return: AnnualReturn, posted: Posted) -> Mapping[int | str, Sides]:
    """Figure id, or the name of a text, → both versions, only where they differ. Two queries."""
    return {**_figures(annual_return, posted), **_texts(annual_return, posted)}


def _texts(annual_return: AnnualReturn, posted: Posted) -> Mapping[str, Sides]:
    rows = annual_return.explanations.filter(indicator__in=posted.texts)
    found = {}
    for row in rows.select_related("indicator"):
        for name in Explanation.TEXTS:
            typed = getattr(posted.texts[row.indicator_id], name).strip()
            stored = getattr(row, name)
            if typed != stored:
                label = Explanation._meta.get_field(name).verbose_name
                title = f"{row.indicator} {label}"
                found[f"{name}-{row.indicator_id}"] = Sides(title, typed or "空", stored or "空")
    return found


def _figures(annual_return: AnnualReturn, posted: Posted) -> Mapping[int, Sides]:
    figures = annual_return.figures.filter(pk__in=posted.entries).select_related("item", "unit")
    return {
        figure.pk: _sides(figure, posted.entries[figure.pk])
        for figure in figures
        if _differs(figure, posted.entries[figure.pk])
    }


def _differs(figure: Figure, entry: Entry) -> bool:
    return (figure.amount, figure.knowledge, figure.note) != (
        entry.amount,
        entry.knowledge,
        entry.note,
    )


def _sides(figure: Figure, entry: Entry) -> Sides:
    place = f" {figure.unit}" if figure.item.by_township else ""
    return Sides(
        f"{figure.item}{place}",
        _said(figure, entry.knowledge, entry.amount, entry.note),
        _said(figure, figure.knowledge, figure.amount, figure.note),
    )


def _said(figure: Figure, knowledge: str, amount: object, note: str) -> str:
    text = printed(amount, figure.item) if amount is not None else Knowledge(knowledge).label
    return f"{text}（{note}）" if note else text
