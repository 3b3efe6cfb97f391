"""What a verb answers when it cannot be done: always a sentence, nothing changed."""

from collections.abc import Mapping


class WorkflowError(Exception):
    """The act is not possible now; the sentence says why and what to do."""


class Refused(WorkflowError):
    """The person may not do this."""


class Conflict(WorkflowError):
    """Somebody else changed the return after this page was opened."""


class Unconfirmed(WorkflowError):
    """What was typed looks like an identity number; the person removes it or confirms."""


class Faulty(WorkflowError):
    """What was entered contradicts itself; `faults` maps figure ids to sentences."""

    def __init__(self, faults: Mapping[int, str]) -> None:
        self.faults = dict(faults)
        super().__init__("；".join(dict.fromkeys(self.faults.values())))
