"""How a Chinese plan writes sentences and numbers: pure functions on text.

Two copies of a plan are the same text although one prints full-width punctuation and the other
does not: everything is compared in the form that `normal` gives."""

import re
import unicodedata

DIGITS = "零一二三四五六七八九"
NUMERAL = r"[0-9０-９零〇一二三四五六七八九十百]+"

SAME_SIGN = str.maketrans(
    {**dict.fromkeys("“”„‟＂", '"'), **dict.fromkeys("‘’＇", "'"), **dict.fromkeys("–—―─━", "—")}
)
BETWEEN_NUMBERS = re.compile(r"(?<=\d)[—-](?=\d)")
SENTENCE_END = re.compile(r"[。;!?]+")
LIST_NUMBER = re.compile(r"^\d+[.、](?!\d)")

# A span is written 1~2 whatever the print has: spreadsheets make a date of 1-2.
# A figure, or a span or ratio of two (1~2, 1:10000), with the sign and the word that give it its
# size: >30, 60%, 6.28亿, 2025年 (a year only with four digits; otherwise 年 is a measure), 3A.
FIGURE = (
    r"[><≥≤]?\d+(?:\.\d+)?(?:[~:]\d+(?:\.\d+)?)?"
    r"(?:%|‰|万|亿|(?<=(?:19|20)\d\d)年|[A-Z]+)?"
)
# 每百张, 一所, 三年: quantities written in characters. Names in quotation marks (“两项补贴”),
# ordinals (第一个) and 一次性 are no quantities.
IN_WORDS = (
    r'(?<![第"一二两三四五六七八九十百千万])每?[一二两三四五六七八九十百千万]+'
    r"(?:分之[一二三四五六七八九十]+|[个项所名张户次年处栋座倍级人家元岁](?!性))"
)
NUMBER = re.compile(f"{FIGURE}|百分之[一二三四五六七八九十百]+|{IN_WORDS}")


def normal(text: str) -> str:
    """The text without spaces, with half-width signs and one kind of quotation mark and dash."""
    folded = unicodedata.normalize("NFKC", text).translate(SAME_SIGN)
    return BETWEEN_NUMBERS.sub("~", re.sub(r"\s+", "", folded))


def same(one: str, other: str) -> bool:
    return normal(one) == normal(other)


def is_sentence(text: str) -> bool:
    """Whether a line ends like a sentence; headings and cells of a table do not."""
    return normal(text).rstrip("\"')").endswith(tuple("。;:!?,"))


def count_sentences(text: str) -> int:
    """Sentences and, so that half a paragraph cannot vanish unseen, parts between semicolons."""
    parts = SENTENCE_END.split(normal(text))
    return sum(1 for part in parts if part.strip("\"')"))


def find_numbers(text: str) -> list[str]:
    """Every number as printed, in order; the number of a list item (“1.”) is none."""
    return NUMBER.findall(LIST_NUMBER.sub("", normal(text)))


def read_numeral(printed: str) -> int:
    """第十二章 → 12; below one thousand. Raises ValueError."""
    text = unicodedata.normalize("NFKC", printed).replace("〇", "零")
    if text.isdecimal():
        return int(text)
    hundreds, _, below = text.rpartition("百")
    tens, ten, ones = below.rpartition("十")
    return 100 * _digit(hundreds, 0) + 10 * _digit(tens, 1 if ten else 0) + _digit(ones, 0)


def write_numeral(number: int) -> str:
    """12 → 十二, as in the headings of a plan; from one hundred on in digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    if tens == 0:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def _digit(text: str, if_empty: int) -> int:
    text = text.lstrip("零")
    return DIGITS.index(text) if text else if_empty
