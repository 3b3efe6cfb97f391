import pytest

from plans.coverage import belongs_to, differences, stored_text
from plans.text import read_document
from plans.wording import load_wording
from programs.loading import load_plan
from tests.plans import folders

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(tmp_path):
    return load_plan(folders.folder(tmp_path / "plan"))


def check(plan, content: bytes, name: str = "规划.txt") -> list[str]:
    return differences(read_document(name, content), stored_text(plan))


@pytest.mark.parametrize(
    ("name", "content"), [("a.txt", folders.txt()), ("a.docx", folders.word())], ids=["txt", "docx"]
)
def test_the_document_of_the_plan_has_no_difference(plan, name, content):
    assert check(plan, content, name) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("抓培训。", "", ["第二章第一节 第2段：载入 2 句，文件中 1 句，请核对有无增删。"]),
        ("达到60%", "达到65%", ["第二章第一节 第1段：载入的数字“60%”，文件中是“65%”。"]),
        ("达到60%,", ",", ["第二章第一节 第1段：载入的数字“60%”在文件中没有。"]),
        (
            "每年检查",
            "每年500次检查",
            ["第二章第一节 第1段：文件中的数字“500”没有载入，不知由何体现。"],
        ),
        ("每百张", "每千张", ["第二章第一节 第2段：载入的数字“每百张”，文件中是“每千张”。"]),
        ("第二节  助餐", "第二节  送餐", ["第二章第二节：标题载入的是“助餐”，文件中是“送餐”。"]),
        ("第二章  任务", "第二章  措施", ["第二章：标题载入的是“任务”，文件中是“措施”。"]),
        (
            "专栏1:设施工程",
            "专栏1:设备工程",
            ["专栏1：标题载入的是“设施工程”，文件中是“设备工程”。"],
        ),
        (
            "第二节  助餐",
            "第三节  助餐",
            [
                "第二章第三节：文件中的标题“助餐”没有载入。",
                "第二章第二节：载入的标题“助餐”在文件中没有。",
                "第二章第三节 第1段：文件中有（建助餐点,服务1.5万人次。），没有载入。",
                "第二章第二节 第1段：已载入（助餐点），文件中没有。",
            ],
        ),
        (
            "专栏1:设施工程\n\n1.新建养老院3所。\n\n2.对养老院进行一次改造\n\n",
            "",
            [
                "专栏1：载入的标题“设施工程”在文件中没有。",
                "专栏1 第1条：已载入（新建养老院），文件中没有。",
                "专栏1 第2条：已载入（改造养老院），文件中没有。",
            ],
        ),
        ("表1  主要指标", "表1  重点指标", ["指标表：文件中没有标题为“主要指标”的表。"]),
        (
            f"{folders.TITLE}\n\n为做好",
            "某县规划\n\n为做好",
            [],  # the cover still names the plan in the notice
        ),
    ],
)
def test_each_change_of_the_document_is_found(plan, old, new, found):
    assert check(plan, folders.changed(old, new)) == found


def test_the_document_of_another_plan_is_noticed(plan):
    content = folders.txt().decode().replace("青山县", "绿水县").encode()
    assert check(plan, content) == [
        f"封面：文件开头没有规划名称“{folders.TITLE}”，请确认没有选错文件。"
    ]
    assert not belongs_to(read_document("a.txt", content), folders.TITLE)


def test_with_the_wording_loaded_a_changed_word_is_found(plan):
    load_wording(plan, read_document("a.docx", folders.word()))
    assert check(plan, folders.txt()) == []
    assert check(plan, folders.changed("新建养老院", "扩建养老院")) == [
        "专栏1 第1条：文字与已载入的发布原文不同（1.扩建养老院3所。）。"
    ]


def test_stored_text_takes_five_queries(plan, django_assert_num_queries):
    with django_assert_num_queries(5):
        stored_text(plan)
