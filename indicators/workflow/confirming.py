"""Identity numbers in what was typed into a return: refused until the person confirms that they
are none."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from indicators import identity
from indicators.entry import Provision
from indicators.models import Explanation, Figure
from indicators.workflow.errors import Unconfirmed


def settle_identity(
    figures: Collection[Figure],
    texts: Iterable[Explanation],
    provision: Provision | None,
    confirmed: bool,
) -> str:
    """What the history has to say about it: "" where nothing looks like one.

    Raises Unconfirmed with the places where something does."""
    places = [*_notes(figures), *_told(texts)]
    if provision is not None and identity.found_in(str(provision)):
        places.append("代录来源")
    if places and not confirmed:
        raise Unconfirmed(f"{'、'.join(places)}里{identity.ASK}", _cells(figures))
    return identity.CONFIRMED if places else ""


def _notes(figures: Iterable[Figure]) -> Iterator[str]:
    for figure in figures:
        if identity.found_in_any([figure.note, figure.document_no]):
            place = f"（{figure.unit}）" if figure.item.by_township else ""
            yield f"“{figure.item}”{place}的备注或文号"


def _cells(figures: Iterable[Figure]) -> Mapping[int, Mapping[str, str]]:
    """Figure id → 备注 or 依据文号 → what is said there."""
    says = "像是含有身份证号码：请删去，或在下面勾选确认。"
    found = {
        figure.pk: {
            part: says
            for part in ("note", "document_no")
            if identity.found_in(getattr(figure, part))
        }
        for figure in figures
    }
    return {pk: cells for pk, cells in found.items() if cells}


def _told(texts: Iterable[Explanation]) -> Iterator[str]:
    for row in texts:
        if identity.found_in_any(getattr(row, name) for name in Explanation.TEXTS):
            yield f"“{row.indicator}”的情况说明"
