"""What was done about one 督办, newest first, with what each 调整 changed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from organization.diffs import Change, written
from organization.models import Unit
from reports.models import Supervision, SupervisionAct, SupervisionFile

# What is agreed, by the name of the column.
AGREED = {"measures": "措施", "unit_id": "责任单位", "lead": "责任领导", "deadline": "时限"}


@dataclass(frozen=True)
class Step:
    """One act, in the shape that `components/timeline.html` prints."""

    act: SupervisionAct
    changes: Sequence[Change]
    files: Sequence[SupervisionFile] = field(default=())

    @property
    def at(self) -> datetime:
        return self.act.at

    @property
    def who(self) -> str:
        return str(self.act.by)

    @property
    def where(self) -> str:
        return ""

    @property
    def what(self) -> str:
        """“报告进展（2024-02-20）”: the day it speaks of."""
        return f"{self.act.action}（{self.act.on.isoformat()}）"

    @property
    def why(self) -> str:
        document = f"依据：{self.act.document}" if self.act.document else ""
        names = "、".join(f"“{one.name}”" for one in self.files)
        return "\n".join(filter(None, [self.act.text, document, names and f"佐证：{names}"]))


def steps(row: Supervision) -> list[Step]:
    """Four queries, however much was done."""
    acts = list(row.acts.select_related("by").prefetch_related("files"))
    changes = _changes(row)
    return [
        Step(act, _of(act, changes), list(act.files.all()))  # type: ignore[attr-defined]
        for act in acts
    ]


def _of(act: SupervisionAct, changes: Mapping[int, Sequence[Change]]) -> Sequence[Change]:
    """A note has the version of the act before it and changes nothing."""
    return () if act.verb == SupervisionAct.Verb.NOTE else changes.get(act.version, ())


def _changes(row: Supervision) -> dict[int, list[Change]]:
    """Version → what of the agreement it changed."""
    versions = list(row.history.order_by("version").values("version", *AGREED))
    names = _unit_names(version["unit_id"] for version in versions)
    return {new["version"]: list(_differences(old, new, names)) for old, new in pairwise(versions)}


def _unit_names(ids: Iterable[int]) -> dict[int, str]:
    return dict(Unit.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def _differences(
    old: Mapping[str, Any], new: Mapping[str, Any], names: Mapping[int, str]
) -> Iterator[Change]:
    for column, label in AGREED.items():
        before, after = old[column], new[column]
        if before != after:
            if column == "unit_id":
                before, after = names.get(before, ""), names.get(after, "")
            yield Change(label, written(before), written(after))
