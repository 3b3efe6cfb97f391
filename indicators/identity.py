"""Finds 18-digit identity numbers in what people type (GB 11643): the one place that knows how.

A warning, no proof: numbers whose last digit does not fit, or whose middle is no date of birth,
are other numbers."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

# Also when written in groups; looked for at every place, so that no number before hides one.
CANDIDATE = re.compile(r"(?<![0-9])(?=([1-9](?:[ -]?[0-9]){16}[ -]?[0-9Xx])(?![0-9]))")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"

CONFIRMED = "已确认不含个人身份信息"
ASK = f"像是含有 18 位身份证号码：请删去；确实不是的，请勾选“{CONFIRMED}”后再提交。"


def found_in(text: str) -> bool:
    """Whether an identity number stands in the text: full-width digits, a small x and spaces or
    hyphens between the groups count as well."""
    plain = unicodedata.normalize("NFKC", text)
    return any(_is_identity(match[1]) for match in CANDIDATE.finditer(plain))


def found_in_any(texts: Iterable[str]) -> bool:
    return any(found_in(text) for text in texts)


def _is_identity(written: str) -> bool:
    digits = re.sub(r"[ -]", "", written).upper()
    return _is_birth_date(digits[6:14]) and digits[17] == check_digit(digits[:17])


def check_digit(first: str) -> str:
    """The last digit that belongs to the first seventeen (ISO 7064 MOD 11-2)."""
    return CHECK_DIGITS[sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True)) % 11]


def _is_birth_date(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return 1850 <= day.year <= 2150
