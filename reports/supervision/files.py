"""The file that proves a 销号: taken in, kept and checked as evidence (`indicators/evidence.py`),
but part of no return. It never changes, and stays when the row is opened again."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from indicators import evidence, filetypes, identity
from organization.models import User
from reports.models import SupervisionAct, SupervisionFile


@dataclass(frozen=True)
class Upload:
    """`confirmed`: what looks like an identity number in its name is none."""

    name: str
    content: bytes
    confirmed: bool = False


@contextmanager
def kept_or_gone(user: User, upload: Upload | None) -> Iterator[SupervisionFile | None]:
    """Takes the file in, not stored yet; whatever goes wrong inside, no file is left behind.

    Raises WorkflowError for what is no evidence."""
    found = _taken(user, upload) if upload else None
    try:
        yield found
    except (
        BaseException
    ):  # also when the process is told to stop; it goes on after the file is gone
        if found is not None and found.file:
            default_storage.delete(found.file.name)
        raise


def _taken(user: User, upload: Upload) -> SupervisionFile:
    name = filetypes.clean_name(upload.name)
    evidence.refuse_identity([name], upload.confirmed)
    found = SupervisionFile(
        name=name,
        content_type=evidence.accepted(name, upload.content).content_type,
        size=len(upload.content),
        sha256=hashlib.sha256(upload.content).hexdigest(),
        uploaded_by=user,
    )
    found._history_user = user
    found._change_reason = identity.CONFIRMED if upload.confirmed else "销号佐证"
    return found


def store(found: SupervisionFile, act: SupervisionAct, content: bytes) -> None:
    """Row and file, inside the transaction of the verb."""
    found.act = act
    found.file.save(found.name, ContentFile(content), save=False)
    found.save()


def kept() -> Iterator[SupervisionFile]:
    """Every one of them, for whoever looks for damage."""
    rows = SupervisionFile.objects.select_related("act__supervision")
    yield from rows.order_by("pk").iterator(chunk_size=100)
