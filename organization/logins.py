"""Writes down who logged in, who tried to, and who left.

Listens to Django's own signals, so every way in is covered. A record that cannot be written
stops the log-in: the error goes on."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from organization.addresses import client_address
from organization.authentication import spelled
from organization.models import LoginRecord, User

Outcome = LoginRecord.Outcome


@receiver(user_logged_in)
def logged_in(request: HttpRequest | None, user: User, **_: Any) -> None:
    _write(Outcome.SUCCESS, request, user, user.username)


@receiver(user_logged_out)
def logged_out(request: HttpRequest | None, user: User | None, **_: Any) -> None:
    if user is not None:
        _write(Outcome.LOGOUT, request, user, user.username)


@receiver(user_login_failed)
def login_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    account = spelled(str(credentials.get("username", "")))
    user = User.objects.filter(username__iexact=account).first()
    _write(Outcome.FAILURE, request, user, account)


def _write(outcome: str, request: HttpRequest | None, user: User | None, account: str) -> None:
    LoginRecord.objects.create(
        outcome=outcome,
        user=user,
        account=account[:60],
        address=client_address(request) if request else "",
    )
