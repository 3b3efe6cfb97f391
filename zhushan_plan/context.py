"""What every page knows of the site: its name is data, not code."""

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from organization import permissions
from organization.models import Unit, UnitKind, User
from plans.models import Plan


def site(request: HttpRequest) -> dict[str, object]:
    """`bureau_name` is asked of the database only by pages that print it without a user,
    `plan_title` only by the log-in page."""
    user = getattr(request, "user", None)
    known = user if isinstance(user, User) else None
    return {
        "bureau_name": SimpleLazyObject(lambda: _bureau_name(known)),
        "plan_title": SimpleLazyObject(_plan_title),
        "sample_data": settings.SAMPLE_DATA,
        "plain_http": settings.PLAIN_HTTP and settings.PRODUCTION,
        "may_see_published": known is not None and permissions.can_see_published(known),
    }


def _bureau_name(user: User | None) -> str:
    if user is not None and user.unit is not None:
        return (user.unit.bureau or user.unit).name
    names = Unit.objects.filter(kind=UnitKind.BUREAU).values_list("name", flat=True)[:2]
    return names[0] if len(names) == 1 else "规划实施监测系统"


def _plan_title() -> str:
    """Of the newest plan that has begun; "" where there is none, or where several bureaus share
    the system, since nobody has said yet to which one they belong."""
    plans = list(Plan.objects.order_by("-start_year", "code"))
    if len({plan.bureau_id for plan in plans}) != 1:
        return ""
    year = timezone.localdate().year
    return next((plan for plan in plans if plan.start_year <= year), plans[0]).title
