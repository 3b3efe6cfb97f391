"""18-digit identity numbers are noticed however they are written; other numbers are left alone."""

import pytest

from indicators.identity import check_digit, found_in

# The example that GB 11643 prints itself, and a month that does not exist.
FIRST = "11010519491231002"
WHOLE = FIRST + check_digit(FIRST)
NO_DATE = "11010519491331002" + check_digit("11010519491331002")


def test_the_example_of_the_standard_has_its_check_digit() -> None:
    assert WHOLE == "11010519491231002X"


@pytest.mark.parametrize(
    "text",
    [
        WHOLE,
        WHOLE.lower(),
        f"张某{WHOLE}，已核",
        f"IMG_{WHOLE}.jpg",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
        "110105-19491231-002X",
        f"2023 {WHOLE} 2024",
        f"12345678901234567 8 {WHOLE}",
        "1234567 11010519491231002X",
    ],
)
def test_an_identity_number_is_found(text: str) -> None:
    assert found_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "竹政发〔2022〕4号",
        "110105194912310021",  # the check digit does not fit
        NO_DATE,
        f"{FIRST}",  # seventeen digits
        f"9{WHOLE}",  # part of a longer number
        f"{FIRST}01",
        "2023年3332张，2024年3350张，2025年3360张",
        "电话 0719-4223456 转 8001，传真 0719-4223457",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not found_in(text)
