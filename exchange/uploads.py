"""Keeps an uploaded file from preview to confirmation: for its owner, for its place, for a day."""

import hashlib
from datetime import timedelta

from django.utils import timezone

from exchange.models import Upload
from organization.models import User

KEPT = timedelta(days=1)


def keep(user: User, kind: str, target: int, name: str, content: bytes, seen: str) -> Upload:
    """In place of what the person uploaded here before; what is older than a day goes as well."""
    Upload.objects.filter(created__lt=timezone.now() - KEPT).delete()
    Upload.objects.filter(user=user, kind=kind, target=target).delete()
    return Upload.objects.create(
        user=user,
        kind=kind,
        target=target,
        name=name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        seen=seen,
    )


def find(user: User, kind: str, target: int, pk: int) -> Upload | None:
    """Also None where the content is not what was uploaded."""
    since = timezone.now() - KEPT
    found = Upload.objects.filter(user=user, kind=kind, target=target, pk=pk, created__gte=since)
    upload = found.first()
    if upload is None or hashlib.sha256(upload.content).hexdigest() != upload.sha256:
        return None
    return upload
