"""Stores the published wording of a plan's clauses, read from the office's own document."""

from dataclasses import dataclass

from django.db import transaction

from organization.records import store
from plans.coverage import belongs_to
from plans.models import Plan
from plans.text import Document, DocumentError


@dataclass(frozen=True)
class LoadedWording:
    matched: int
    changed: int
    unmatched: list[str]


def load_wording(plan: Plan, document: Document) -> LoadedWording:
    """Stores each clause's wording by its locator; a clause the document lacks keeps its own.

    Raises DocumentError when the cover names another plan: the locators of two plans look alike."""
    if not belongs_to(document, plan.title):
        raise DocumentError(f"文件开头没有规划名称“{plan.title}”，请确认没有选错文件。")
    before = dict(plan.clauses.values_list("locator", "wording"))
    found = {clause.locator: clause.text for clause in document.clauses}
    matched = found.keys() & before.keys()
    with transaction.atomic():
        for locator in matched:
            store(plan.clauses, {"locator": locator}, {"wording": found[locator]})
    return LoadedWording(
        len(matched),
        sum(1 for locator in matched if before[locator] != found[locator]),
        [
            *(
                f"{place}：文件中有，规划数据中没有这一条款。"
                for place in found
                if place not in before
            ),
            *(f"{place}：文件中没有这一条款。" for place in before if place not in found),
        ],
    )
