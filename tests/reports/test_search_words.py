"""What was asked for, and where it stands in a text."""

import pytest

from reports.search_words import LONGEST, Piece, asked, excerpt, fold, pieces, rank


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ｃ１６", "c16"),
        ("表１　第8行", "表1第8行"),
        ("Z3－1", "z3-1"),
        ("4.1–3", "4.1-3"),
        ("“两项补贴”", '"两项补贴"'),
        ("覆盖率（％）", "覆盖率(%)"),
        ("看\u200b不\x00见", "看不见"),
        ("", ""),
    ],
)
def test_text_is_compared_without_what_nobody_types_alike(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("typed", "words", "is_cut"),
    [
        ("  护理型 床位 ", ["护理型", "床位"], False),
        ("护理型、床位；床位", ["护理型", "床位"], False),
        ("\u3000 ", [], False),
        ("\u200b", [], False),
        ("床" * (LONGEST + 1), ["床" * LONGEST], True),
        ("甲 乙 丙 丁 戊 己 庚 辛 壬", list("甲乙丙丁戊己庚辛"), True),
    ],
)
def test_a_question_is_a_few_words_of_bounded_length(typed, words, is_cut) -> None:
    question = asked(typed)
    assert (list(question.words), question.is_cut) == (words, is_cut)


def test_what_was_asked_for_is_marked_where_it_stands() -> None:
    assert pieces("表１ 第8行：床位", ["表1第8", "床"]) == [
        Piece("表１", True),
        Piece(" ", False),
        Piece("第8", True),
        Piece("行：", False),
        Piece("床", True),
        Piece("位", False),
    ]


def test_words_that_overlap_are_marked_once() -> None:
    assert pieces("护理型床位", ["护理型", "型床"]) == [Piece("护理型床", True), Piece("位", False)]


@pytest.mark.parametrize("typed", [".*", "(", "\\", "[a", "%", "_", "'", "<b>"])
def test_signs_of_other_languages_mean_themselves(typed: str) -> None:
    assert pieces("床位", list(asked(typed).words)) == [Piece("床位", False)]
    assert rank(asked(typed), "W1", "床位", ["口径"]) is None


def test_a_long_text_is_cut_round_its_first_hit() -> None:
    found = excerpt("前" * 30 + "床位" + "后" * 100, ["床位"])
    assert found == [
        Piece("…", False),
        Piece("前" * 18, False),
        Piece("床位", True),
        Piece("后" * 88, False),
        Piece("…", False),
    ]


def test_a_short_text_is_whole() -> None:
    assert excerpt("养老床位", ["床位"]) == [Piece("养老", False), Piece("床位", True)]
    assert excerpt("", ["床位"]) == []


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("w1", 0),
        ("护理型床位占比", 0),
        ("护理型 床位", 1),
        ("床位", 1),
        ("床位 护理型", 2),
        ("w1 床位", 2),
        ("床位 口径", 3),
        ("床位 收费", None),
    ],
)
def test_the_closest_comes_first_and_a_missing_word_leaves_it_out(typed, place) -> None:
    assert rank(asked(typed), "W1", "护理型床位占比", ["按口径计算"]) == place
