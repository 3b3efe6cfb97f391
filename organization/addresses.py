"""Where a request comes from.

Anybody can write an X-Forwarded-For header, so it is read only where BEHIND_PROXY says that
nothing but our own proxy reaches us, and then only its last entry: the one that proxy added."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """An IP address, or "" where there is none (a test, a socket)."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    candidates = (forwarded.rpartition(",")[2], request.META.get("REMOTE_ADDR", ""))
    return next(filter(None, map(_address, candidates)), "")


def _address(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""
