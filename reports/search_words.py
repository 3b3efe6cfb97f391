"""What was asked for and where it stands in a text: pure functions on text.

Text is compared folded: full-width as half-width, capitals as small letters, without blanks, so
that “表1 第8行”, “表1第8行” and “表１第８行” are one question and “z3-1” finds “Z3－1”."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

LONGEST, MOST_WORDS = 60, 8  # characters and words of a question that are looked at
BETWEEN = re.compile(r"[\s、，；]+")
BEFORE, AFTER = 18, 90  # characters of an excerpt round its first hit
SAME_SIGN = {
    **dict.fromkeys("‐‑‒–—―─━−~", "-"),
    **dict.fromkeys("“”„「」『』", '"'),
    **dict.fromkeys("〔[【", "("),  # numbers of documents are typed with any of them
    **dict.fromkeys("〕]】", ")"),
    **dict.fromkeys("‘’", "'"),
}


class _Folds(dict[int, str]):
    """Character → how it is compared; filled as characters are met, so that folding a whole plan
    is one call of `str.translate`."""

    KEPT = 20_000

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(code)).casefold()
        signs = (SAME_SIGN.get(sign, sign) for sign in plain if not _is_blank(sign))
        folded = "".join(signs)
        if len(self) < self.KEPT:  # nobody fills the memory by asking for odd characters
            self[code] = folded
        return folded


def _is_blank(sign: str) -> bool:
    """Also what is not seen at all: control characters, joiners of no width."""
    return sign.isspace() or unicodedata.category(sign) in {"Cc", "Cf"}


FOLDS = _Folds()


def fold(text: str) -> str:
    return text.translate(FOLDS)


@dataclass(frozen=True)
class Asked:
    """`text` as it is shown again, `words` folded, all of which must be met; `whole` the words
    together, as a code or a locator has them. `is_cut`: the end of it was not looked at."""

    text: str
    words: Sequence[str]
    is_cut: bool

    @property
    def whole(self) -> str:
        return "".join(self.words)


def asked(typed: str) -> Asked:
    text = " ".join(typed[:LONGEST].split())
    words = list(dict.fromkeys(filter(None, map(fold, BETWEEN.split(text)))))
    return Asked(text, words[:MOST_WORDS], len(typed.strip()) > LONGEST or len(words) > MOST_WORDS)


@dataclass(frozen=True)
class Piece:
    """A part of a text, found or not."""

    text: str
    is_hit: bool


def pieces(text: str, words: Sequence[str]) -> list[Piece]:
    """The whole text in parts, those that were asked for marked."""
    folds = [FOLDS[ord(sign)] for sign in text]
    folded = "".join(folds)
    came_from = [place for place, fold_ in enumerate(folds) for _ in fold_]
    hits = {
        came_from[place]
        for word in words
        for found in re.finditer(re.escape(word), folded)
        for place in range(*found.span())
    }
    runs = groupby(enumerate(text), key=lambda pair: pair[0] in hits)
    return [Piece("".join(sign for _, sign in run), is_hit) for is_hit, run in runs]


def excerpt(text: str, words: Sequence[str]) -> list[Piece]:
    """The part of a long text round its first hit."""
    parts = pieces(text, words)
    first = len(parts[0].text) if parts and not parts[0].is_hit else 0
    start = max(first - BEFORE, 0)
    end = min(first + AFTER, len(text))
    cut = pieces(text[start:end], words)
    before = [Piece("…", False)] if start else []
    return [*before, *cut, *([Piece("…", False)] if end < len(text) else [])]


def holds(text: str, words: Sequence[str]) -> bool:
    """Whether any of the words stands in it."""
    folded = fold(text)
    return any(word in folded for word in words)


EXACT, NAMED, IN_NAME, BESIDE = range(4)


def rank(question: Asked, code: str, name: str, others: Sequence[str]) -> int | None:
    """How well a thing fits, 0 the best: its code itself, the words as one in its name, all words
    in code and name, or also in what stands beside them; None where a word is missing."""
    folded_code, folded_name = fold(code), fold(name)
    if question.whole in {folded_code, folded_name}:
        return EXACT
    if question.whole in folded_name:
        return NAMED
    named = f"{folded_code}\n{folded_name}"
    if all(word in named for word in question.words):
        return IN_NAME
    all_of_it = "\n".join([named, *map(fold, others)])
    return BESIDE if all(word in all_of_it for word in question.words) else None
