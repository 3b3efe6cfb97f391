"""How large and how fine a stored number may be."""

from decimal import Decimal

from django.db import models

# Every typed number: below 10^12, at most 6 decimals, at most 15 significant digits. SQLite keeps
# numbers as floats of 15 digits and fails on reading larger ones, so the bound is a database
# constraint, not only a form check (the digits are checked in `entry.py`).
DIGITS = {"max_digits": 18, "decimal_places": 6}
LARGEST = Decimal("999999999999")
SIGNIFICANT = 15


def bounded(*names: str) -> models.Q:
    within = models.Q()
    for name in names:
        inside = models.Q(**{f"{name}__gte": -LARGEST}) & models.Q(**{f"{name}__lte": LARGEST})
        within &= models.Q(**{f"{name}__isnull": True}) | inside
    return within
