"""Finding the account behind a login or a session."""

import unicodedata

from django.contrib.auth.backends import BaseBackend
from django.db.models import Exists, Expression, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from organization.joined import joined
from organization.models import Unit, User
from organization.prepared import Prepared


def spelled(username: str) -> str:
    """One spelling per name: full-width forms, case and blanks around it do not matter."""
    return unicodedata.normalize("NFKC", username).strip()


class AccountBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None
    ) -> User | None:
        if not username or not password:
            return None
        user = User.objects.filter(username__iexact=spelled(username)).first()
        if user is None:
            User().set_password(password)  # an unknown name takes as long as a wrong password
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id: int) -> User | None:
        """With unit, bureau, whether the unit goes on for others, the ids of the units to review,
        and what apps above have to say of the bureau (`ALONG`), in one query: every page needs
        them."""
        found: list[User] = ACCOUNT(user=user_id)
        return found[0] if found else None


# Name → expression of what else comes with the account; `bureau` is the id of its bureau.
ALONG: dict[str, Expression | Subquery] = {}


def _account(user: int) -> QuerySet[User]:
    ended = Unit.objects.filter(successor=OuterRef("unit"), valid_until__isnull=False)
    reviewed = User.review_units.through.objects.filter(user=OuterRef("pk"))
    users = User.objects.select_related("unit__bureau").alias(
        bureau=Coalesce("unit__bureau", "unit")
    )
    return users.filter(pk=user, is_active=True).annotate(
        goes_on=Exists(ended), reviewed=joined(reviewed, "user", "unit"), **ALONG
    )


ACCOUNT = Prepared(_account)
