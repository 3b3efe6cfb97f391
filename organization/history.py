"""What was changed stays written down: by whom, when, from where, and why.

`Trail` is what a model writes as `history = Trail()`. Every row of it says where the change came
from, and nothing in the product can alter or remove a row: `AppendOnly` refuses it."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from simple_history.manager import HistoricalQuerySet
from simple_history.models import HistoricalRecords

from organization.addresses import client_address

COMMAND = "命令行"


class Immutable(Exception):
    """Somebody tried to change or remove what is kept for ever."""

    def __init__(self) -> None:
        super().__init__("历史记录只增不改，不能修改或删除。")


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows come in; none is changed, none goes."""

    def update(self, **_: object) -> int:
        raise Immutable

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Immutable

    def bulk_update(self, *_: object, **__: object) -> int:
        raise Immutable

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> list[Any]:
        if options.get("update_conflicts"):
            raise Immutable
        return super().bulk_create(objs, *args, **options)


class AppendOnly(models.Model):
    """A table of things that happened. A row is written once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise Immutable
        super().save(*args, **options)

    def delete(self, *_: object, **__: object) -> tuple[int, dict[str, int]]:
        raise Immutable


class Deed(AppendOnly):
    """Something that was done; the row itself is all that is written down of it, and the auditor
    finds it among the histories. Every one has a time `at`.

    `done_by`, `told_in`: the fields that say who and why; `found_by`: lookups by which an
    auditor's word finds a row; `told_with`: the keys its words reach for."""

    at: Any
    done_by: ClassVar[str]
    told_in: ClassVar[str]
    found_by: ClassVar[Sequence[str]] = ()
    told_with: ClassVar[Sequence[str]] = ()

    class Meta:
        abstract = True

    @property
    def action(self) -> str:
        """What was done, in a word or two."""
        return str(self._meta.verbose_name)

    @property
    def subject(self) -> str:
        """What it was done to; every deed says it for itself."""
        raise NotImplementedError

    @classmethod
    def told_here_alone(cls) -> models.Q:
        """The rows of which no history says the same: what is listed beside all histories."""
        return models.Q()

    @classmethod
    def spoken_of(cls, word: str) -> models.Q:
        """The rows that the word finds."""
        found = models.Q()
        for place in (*cls.found_by, cls.told_in):
            found |= models.Q(**{f"{place}__icontains": word})
        return found


class TrailQuerySet(AppendOnlyQuerySet, HistoricalQuerySet):
    pass


# --- from where ---------------------------------------------------------------------------
# Field defaults, so that rows written one by one and rows written in bulk both get them.


def _request() -> HttpRequest | None:
    return getattr(HistoricalRecords.context, "request", None)


def current_address() -> str:
    request = _request()
    return client_address(request) if request else ""


def current_via() -> str:
    """The page, without what stood behind its question mark; or the command."""
    request = _request()
    if request:
        return request.path[:200]
    command = sys.argv[1:2] if Path(sys.argv[0]).name == "manage.py" else []
    return " ".join([COMMAND, *command])[:200]


def current_act() -> str:
    """One word for all rows of one request; "" outside of requests."""
    request = _request()
    if request is None:
        return ""
    if not hasattr(request, "history_act"):
        request.history_act = uuid4().hex  # type: ignore[attr-defined]
    return request.history_act  # type: ignore[attr-defined]


class Traced(AppendOnly):
    """What every row of a history says besides who, when and why."""

    address = models.CharField("地址", max_length=45, blank=True, default=current_address)
    via = models.CharField("入口", max_length=200, blank=True, default=current_via)
    act = models.CharField("同一操作", max_length=32, blank=True, default=current_act)

    class Meta:
        abstract = True


class Trail(HistoricalRecords):
    """The history of a model.

    `quiet`: fields of which a reader needs no word. `instead`: what is said where a field is
    empty, by the name of that field ({"amount": "knowledge"}: 暂无 instead of nothing).
    `found_by`: lookups by which an auditor's word finds a row."""

    def __init__(
        self,
        *,
        quiet: Iterable[str] = (),
        instead: Mapping[str, str] | None = None,
        found_by: Iterable[str] = (),
        **options: Any,
    ) -> None:
        self.told = {"quiet": frozenset(quiet), "instead": instead or {}, "found_by": [*found_by]}
        super().__init__(
            bases=[Traced], m2m_bases=[AppendOnly], historical_queryset=TrailQuerySet, **options
        )

    def create_history_model(self, model: type[models.Model], inherited: bool) -> Any:
        history_model = super().create_history_model(model, inherited)
        for name, value in self.told.items():
            setattr(history_model, name, value)
        return history_model

    def _get_history_user_fields(self) -> dict[str, models.Field]:
        """Removing an account must not take its name off what it did."""
        user = models.ForeignKey(
            settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
        )
        return {"history_user": user}

    def post_save(self, instance: models.Model, created: bool, **options: Any) -> None:
        """A save of untracked fields alone (the time of the last login) leaves no row."""
        saved = options.get("update_fields")
        if saved is None or not set(saved) <= set(self.excluded_fields):
            super().post_save(instance, created, **options)
