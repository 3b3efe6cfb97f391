"""The section 佐证材料 of the return page: what stands in it and what was typed into it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from indicators import evidence
from indicators.models import AnnualReturn, Evidence, Figure
from organization import permissions
from organization.models import User
from organization.prepared import Prepared


@dataclass(frozen=True)
class EvidenceRow:
    file: Evidence
    may_remove: bool


@dataclass(frozen=True)
class Answer:
    """What became of the last act: `said` when it was done, else `fault` and what was typed.
    `ask`: the person has to confirm that no identity number stands in it."""

    said: str = ""
    fault: str = ""
    ask: bool = False
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class EvidenceSection:
    annual_return: AnnualReturn
    rows: list[EvidenceRow]
    may_attach: bool
    figures: list[tuple[str, str]]
    answer: Answer


def section(
    user: User,
    annual_return: AnnualReturn,
    figures: Iterable[Figure] | None = None,
    answer: Answer | None = None,
) -> EvidenceSection:
    """`figures`: those of the return with item and unit, where the page has them already."""
    may_attach = evidence.may_attach(user, annual_return)
    if figures is None:
        figures = figures_of(annual_return) if may_attach else []
    return EvidenceSection(
        annual_return=annual_return,
        rows=_rows(user, annual_return),
        may_attach=may_attach,
        figures=[(str(figure.pk), _label(figure)) for figure in figures],
        answer=answer or Answer(),
    )


def figures_of(annual_return: AnnualReturn) -> Iterable[Figure]:
    figures = annual_return.figures.select_related("item", "unit")
    return figures.order_by("item__order", "item__code", "unit__order", "unit__code")


def _rows(user: User, annual_return: AnnualReturn) -> list[EvidenceRow]:
    may_enter = permissions.can_enter_for(user, annual_return.unit)
    files = sorted(FILES(annual_return=annual_return.pk), key=lambda file: file.pk)
    for file in files:
        file.annual_return = annual_return
    return [
        EvidenceRow(file, may_enter and not evidence.is_settled(file, annual_return))
        for file in files
    ]


def _files(annual_return: int) -> QuerySet[Evidence]:
    files = Evidence.objects.filter(annual_return=annual_return).telling_published()
    return files.select_related("figure__item", "figure__unit", "uploaded_by").order_by()


FILES = Prepared(_files)


def _label(figure: Figure) -> str:
    return f"{figure.item} · {figure.unit}" if figure.item.by_township else str(figure.item)
