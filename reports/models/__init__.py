from reports.models.supervision import (
    Supervision,
    SupervisionAct,
    SupervisionFile,
    SupervisionState,
    number_of,
)

__all__ = [
    "Supervision",
    "SupervisionAct",
    "SupervisionFile",
    "SupervisionState",
    "number_of",
]
