"""A column for exact decimals.

SQLite keeps numbers as binary floats of 15 digits. What people type stays inside that
(`models.SIGNIFICANT`); what is computed does not, and a status must never be decided on a rounded
number, so computed values are stored as their digits. They are read, never compared, by SQL."""

from decimal import Decimal

from django.db import models


class ExactDecimalField(models.CharField):
    def __init__(self, *args: object, **options: object) -> None:
        options.setdefault("max_length", 80)
        super().__init__(*args, **options)

    def from_db_value(self, value: str | None, *_: object) -> Decimal | None:
        return None if value is None else Decimal(value)

    def to_python(self, value: object) -> Decimal | None:
        return None if value is None else Decimal(str(value))

    def get_prep_value(self, value: Decimal | int | str | None) -> str | None:
        return None if value is None else format(Decimal(value), "f")
