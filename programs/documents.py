"""What the commands and pages about a plan's own document share: the file, the plan it belongs to,
and what differs between the two."""

from pathlib import Path

from indicators.coverage import table_differences, unknown_representations
from plans.coverage import StoredText, belongs_to, differences
from plans.models import Plan
from plans.text import Document, DocumentError, read_document
from programs.coverage import clause_coverage, known_names, work_differences


def open_document(path: Path) -> Document:
    """Raises DocumentError, also when there is no such file."""
    try:
        return read_document(path.name, path.read_bytes())
    except OSError as error:
        raise DocumentError(f"打不开文件“{path}”，请检查路径。") from error


def plan_of(document: Document, code: str | None) -> Plan:
    """The plan with this code; without a code the only one, or the one the cover names."""
    plans = list(Plan.objects.filter(code=code) if code else Plan.objects.all())
    if len(plans) > 1:
        plans = [plan for plan in plans if belongs_to(document, plan.title)]
    if len(plans) != 1:
        codes = "、".join(Plan.objects.order_by("code").values_list("code", flat=True))
        raise DocumentError(
            f"请用 --plan 指明规划，系统中有：{codes}。"
            if codes
            else "系统中还没有规划，请先用 load_plan 载入。"
        )
    return plans[0]


def all_differences(document: Document, plan: Plan, stored: StoredText) -> list[str]:
    """Headings, boxes, table rows, sentence counts, numbers, and what nothing represents: one
    sentence per difference."""
    return [
        *differences(document, stored),
        *table_differences(document, plan),
        *unknown_representations(plan, known_names(plan)),
        *work_differences(clause_coverage(plan)),
    ]
