"""Two people edited the same return: what the later one typed beside what the first one stored."""

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.entry import Entry, Provision
from indicators.grid import PARTS, Posted, printed
from indicators.models import AnnualReturn, Explanation, Figure, Knowledge, ReturnAct

EMPTY = "空"


@dataclass(frozen=True)
class Sides:
    """One figure that the two versions disagree on."""

    name: str
    typed: str
    stored: str


def differing(
    annual_return: AnnualReturn, posted: Posted, typed: Mapping[str, str], source: str
) -> Mapping[int | str, Sides]:
    """Figure id, or the name of a text, → both versions, only where they differ. Three queries.
    `typed`: the form as it was posted, for what cannot be read; `source`: of 代录, as text."""
    return {
        **_figures(annual_return, posted, typed),
        **_texts(annual_return, posted),
        **_source(annual_return, source),
    }


def _source(annual_return: AnnualReturn, source: str) -> Mapping[str, Sides]:
    """Where the figures come from, against what was written down with the last save."""
    saved = annual_return.acts.filter(verb=ReturnAct.Verb.SAVE).order_by("-pk").first()
    stored = ""
    if saved and saved.provided_on:
        stored = str(Provision(saved.provider, saved.provided_on, saved.document))
    if source in {"", stored}:
        return {}
    return {"source": Sides("代录来源", source, stored or EMPTY)}


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
                found[f"{name}-{row.indicator_id}"] = Sides(title, typed or EMPTY, stored or EMPTY)
    return found


def _figures(
    annual_return: AnnualReturn, posted: Posted, typed: Mapping[str, str]
) -> Mapping[int, Sides]:
    keys = [*posted.entries, *posted.faults]
    found = {}
    for figure in annual_return.figures.filter(pk__in=keys).select_related("item", "unit"):
        entry = posted.entries.get(figure.pk)
        if entry is None:
            found[figure.pk] = _sides(figure, as_typed(figure.pk, typed))
        elif _differs(figure, entry):
            found[figure.pk] = _sides(figure, _said(figure, entry))
    return found


def _differs(figure: Figure, entry: Entry) -> bool:
    return any(getattr(figure, part) != getattr(entry, part) for part in PARTS)


def _sides(figure: Figure, typed: str) -> Sides:
    place = f" {figure.unit}" if figure.item.by_township else ""
    return Sides(f"{figure.item}{place}", typed, _said(figure, figure))


def _said(figure: Figure, one: Figure | Entry) -> str:
    """All that one version says of the figure."""
    if one.amount is None:
        amount = Knowledge(one.knowledge).label
    else:
        amount = printed(one.amount, figure.item)
    return _joined(amount, one.note, one.document_no, str(one.document_date or ""))


def as_typed(figure_id: int, typed: Mapping[str, str]) -> str:
    """A row of which something cannot be read, or which is gone, as it was typed."""
    said = {part: typed.get(f"{part}-{figure_id}", "").strip() for part in PARTS}
    known = Knowledge(said["knowledge"]).label if said["knowledge"] in Knowledge else ""
    amount = said["amount"] or known
    return _joined(amount, said["note"], said["document_no"], said["document_date"])


def _joined(amount: str, note: str, number: str, day: str) -> str:
    told = [f"{amount}（{note}）" if note else amount]
    if number:
        told.append(f"依据文号：{number}")
    if day:
        told.append(f"文件日期：{day}")
    return "；".join(told)
