import io
import zipfile

import pytest

from plans import office_file
from plans.text import DocumentError, read_document
from tests.plans import folders

LOCATORS = [
    "前言 第1段",
    "第一章第一节 第1段",
    "表1 第1行",
    "表1 第2行",
    "第二章第一节 第1段",
    "专栏1 第1条",
    "专栏1 第2条",
    "第二章第一节 第2段",
    "第二章第二节 第1段",
]


def locators(*lines: str) -> list[str]:
    document = read_document("规划.txt", "\n".join(["规划", *lines]).encode())
    return [clause.locator for clause in document.clauses]


def refused(name: str, content: bytes) -> str:
    with pytest.raises(DocumentError) as error:
        read_document(name, content)
    return str(error.value)


def test_text_becomes_headings_boxes_tables_and_clauses():
    document = read_document("规划.txt", folders.txt())
    assert document.chapters == {1: "总则", 2: "任务"}
    assert document.sections == {(1, 1): "目标", (2, 1): "养老", (2, 2): "助餐"}
    assert document.boxes == {1: "设施工程"}
    assert document.tables == {1: "主要指标"}
    assert [clause.locator for clause in document.clauses] == LOCATORS
    assert document.clauses[5].text == "1.新建养老院3所。"
    assert document.clauses[5].box == 1


@pytest.mark.parametrize("boxed", [False, True])
def test_a_word_document_says_the_same_as_the_text(boxed):
    ours = read_document("规划.txt", folders.txt())
    theirs = read_document("规划.docx", folders.word(boxed=boxed))
    assert (theirs.chapters, theirs.sections, theirs.boxes) == (
        ours.chapters,
        ours.sections,
        ours.boxes,
    )
    assert [
        (clause.locator, clause.sentences, clause.numbers, clause.cells)
        for clause in theirs.clauses
    ] == [
        (clause.locator, clause.sentences, clause.numbers, clause.cells) for clause in ours.clauses
    ]


def test_a_row_without_unit_gets_an_empty_cell():
    rows = [one.cells for one in read_document("规划.txt", folders.txt()).clauses if one.cells]
    assert rows == [dict(zip(folders.HEADS, row, strict=True)) for row in folders.ROWS]


def test_a_target_that_equals_the_next_row_number_is_no_row():
    cells = [*folders.HEADS, "1", "甲率", "%", "2", "约束性", "2", "乙数", "3", "预期性", "3", "丙"]
    document = read_document("规划.txt", folders.txt(cells=cells))
    assert [tuple(one.cells.values()) for one in document.clauses if one.cells] == [
        ("1", "甲率", "%", "2", "约束性"),
        ("2", "乙数", "", "3", "预期性"),
        ("3", "丙"),
    ]


def test_numbers_of_a_row_leave_out_its_own_number():
    document = read_document("规划.txt", folders.txt())
    assert [clause.numbers for clause in document.clauses[2:6]] == [
        ["60"],
        [">30"],
        ["60%", "1~2"],
        ["3"],
    ]


def test_the_cover_is_left_out_and_its_title_kept():
    document = read_document("规划.txt", folders.txt())
    assert document.clauses[0].text == "为做好老龄工作,制定本规划。"
    assert document.cover.endswith(folders.TITLE)


def test_a_table_of_contents_is_left_out():
    contents = [
        "目录",
        "第一章 总则……1",
        "第一节 目标\t2",
        "第二章 任务......3",
        "第一章 总则",
        "第二章 任务",
    ]
    document = read_document("规划.txt", folders.txt(cover=[*contents, folders.TITLE]))
    assert [clause.locator for clause in document.clauses] == LOCATORS


def test_a_box_without_numbers_has_one_paragraph():
    lines = ["第一章 总", "第一节 甲", "段一。", "专栏1：工程", "条。", "段二。", "1.不属于专栏。"]
    assert locators(*lines) == [
        "第一章第一节 第1段",
        "专栏1 第1条",
        "第一章第一节 第2段",
        "第一章第一节 第3段",
    ]


def test_sub_headings_are_no_paragraphs_and_numbered_sentences_are():
    lines = [
        "第一章 总",
        "第一节 甲",
        "一、机遇",
        "(一)组织有力。有保障。",
        "（二）分工",
        "——原则。",
    ]
    assert locators(*lines) == ["第一章第一节 第1段", "第一章第一节 第2段"]


def test_a_paragraph_before_the_first_section_belongs_to_the_chapter():
    assert locators("第十二章 总", "段。", "第一节 甲", "段。") == [
        "第十二章 第1段",
        "第十二章第一节 第1段",
    ]


def test_a_sentence_that_begins_like_a_heading_is_a_paragraph():
    lines = ["第一章 总", "第一节 甲", "第二章提出的任务要落实。", "专栏1列出的项目要落实。"]
    assert locators(*lines) == ["第一章第一节 第1段", "第一章第一节 第2段"]


def test_text_in_gb18030_is_read():
    content = folders.txt().decode().encode("gb18030")
    assert len(read_document("规划.TXT", content).clauses) == len(LOCATORS)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.docx", b"no zip", "打不开：文件不是 Word 文档（.docx）或已损坏，请重新另存。"),
        ("a.docx", b"", "文件是空的，请选择规划的正式文本。"),
        ("a.txt", b" \n", "文件是空的，请选择规划的正式文本。"),
        ("a.doc", b"x", "只能读取 .docx 和 .txt 文件；旧格式（.doc、.wps）请先另存为 .docx。"),
        (
            "a.txt",
            b"\xff\xfe\x00\x01",
            "读不出文字：文件不是文本文件，请另存为 UTF-8 编码的 .txt 或 .docx。",
        ),
        (
            "a.txt",
            "会议通知。".encode(),
            "没有找到“第一章 …”这样的标题，请确认是规划正文；章节号如果是自动编号，请先转换为文字。",
        ),
        (
            "a.txt",
            "第一章 甲\n第二章 乙\n第二章 丙".encode(),
            "“第二章”出现了两次，请检查文件。",
        ),
        (
            "a.txt",
            "第一章 甲\n第一节 乙\n第一节 丙".encode(),
            "“第一章第一节”出现了两次，请检查文件。",
        ),
        ("a.txt", "第一章 甲\n专栏1:乙\n专栏1:丙".encode(), "“专栏1”出现了两次，请检查文件。"),
        ("a.txt", "第一章 甲\n表1 乙\n表1 丙".encode(), "“表1”出现了两次，请检查文件。"),
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence(name, content, says):
    assert refused(name, content) == says


def test_a_zip_that_is_no_word_document_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("a.txt", "x")
    says = "打不开：文件不是 Word 文档（.docx）或已损坏，请重新另存。"
    assert refused("a.docx", file.getvalue()) == says


def test_files_that_are_too_large_are_refused(monkeypatch):
    monkeypatch.setattr(office_file, "LARGEST_UNPACKED", 1000)
    assert refused("a.docx", folders.word()) == "文件展开后过大，请检查是否选错了文件。"
    monkeypatch.setattr(office_file, "LARGEST_DOCUMENT", 10)
    assert refused("a.txt", folders.txt()) == "文件超过 0 MB，请检查是否选错了文件。"
