"""What a verb answers when it cannot be done: always a sentence, nothing changed."""

from collections.abc import Mapping, Sequence


class WorkflowError(Exception):
    """The act is not possible now; the sentence says why and what to do."""


class Refused(WorkflowError):
    """The person may not do this."""


class Conflict(WorkflowError):
    """Somebody else changed the return after this page was opened."""


class Unconfirmed(WorkflowError):
    """What was typed looks like an identity number; the person removes it or confirms. `cells`:
    where in a return, by figure id and part of the row."""

    def __init__(self, sentence: str, cells: Mapping[int, Mapping[str, str]] | None = None) -> None:
        self.cells = dict(cells or {})
        super().__init__(sentence)


class Faulty(WorkflowError):
    """What was entered contradicts itself, or something owed is not said. `faults` maps figure ids
    to sentences, `others` are sentences about other parts of the return."""

    def __init__(self, faults: Mapping[int, str], others: Sequence[str] = ()) -> None:
        self.faults, self.others = dict(faults), list(others)
        super().__init__("；".join(dict.fromkeys([*self.faults.values(), *self.others])))
