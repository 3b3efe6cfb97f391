import pytest

from plans.numerals import (
    count_sentences,
    find_numbers,
    is_sentence,
    read_numeral,
    same,
    write_numeral,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("达到60%，不低于６０％", ["60%", "60%"]),
        ("每年1-2次、1—2次、1～2次", ["1~2", "1~2", "1~2"]),
        ("50元-500元/人", ["50", "500"]),
        ("1:10000比例尺，1：10000", ["1:10000", "1:10000"]),
        ("6.28亿元、1.5万人、13个", ["6.28亿", "1.5万", "13"]),
        ("到2025年，3年内，2021-2025年", ["2025年", "3", "2021~2025年"]),
        ("按3A级，>30平方米", ["3A", ">30"]),
        ("每百张床位、每千名老人配1名", ["每百张", "每千名", "1"]),
        ("建设一所、进行一次轮训、三年行动", ["一所", "一次", "三年"]),
        ("百分之六十、三分之一", ["百分之六十", "三分之一"]),
        ("一次性补贴、“两项补贴”、第一个、十四五、五社联动", []),
        ("1.新建2所", ["2"]),
        ("1、新建2所", ["2"]),
        ("1.5万人", ["1.5万"]),
    ],
)
def test_numbers_as_printed(text, numbers):
    assert find_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("一句。两句！三句？", 3),
        ("甲;乙；丙。", 3),
        ("没有句号", 1),
        ("他说:“好。”", 1),
        ("省略……完。", 1),
        ("1.项目。内容。", 2),
    ],
)
def test_sentences(text, count):
    assert count_sentences(text) == count


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("一", 1),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("二十一", 21),
        ("一百零三", 103),
        ("１２", 12),
    ],
)
def test_numerals_are_read(printed, number):
    assert read_numeral(printed) == number


@pytest.mark.parametrize(
    ("number", "printed"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (21, "二十一"), (100, "100")],
)
def test_numerals_are_written(number, printed):
    assert write_numeral(number) == printed


def test_half_and_full_width_say_the_same():
    assert same("“竹”（２０％）， A：b", '"竹"(20%),A:b')
    assert not same("60%", "61%")


@pytest.mark.parametrize("line", ["完。", "如下：", "完。”", "甲；"])
def test_lines_that_end_like_a_sentence(line):
    assert is_sentence(line)


@pytest.mark.parametrize("line", ["第一章  总则", "约束性", "75"])
def test_lines_that_do_not(line):
    assert not is_sentence(line)
