"""What every page knows of the site: its name is data, not code."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from organization import permissions
from organization.models import Unit, UnitKind, User


def site(request: HttpRequest) -> dict[str, object]:
    """`bureau_name` is asked of the database only by pages that print it without a user."""
    user = getattr(request, "user", None)
    known = user if isinstance(user, User) else None
    return {
        "bureau_name": SimpleLazyObject(lambda: _bureau_name(known)),
        "sample_data": settings.SAMPLE_DATA,
        "plain_http": settings.PLAIN_HTTP and settings.PRODUCTION,
        "may_see_published": known is not None and permissions.can_see_published(known),
    }


def _bureau_name(user: User | None) -> str:
    if user is not None and user.unit is not None:
        return (user.unit.bureau or user.unit).name
    names = Unit.objects.filter(kind=UnitKind.BUREAU).values_list("name", flat=True)[:2]
    return names[0] if len(names) == 1 else "规划实施监测系统"
