from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from plans.models import Plan
from programs.loading import load_plan
from tests.plans import folders
from tests.plans.folders import folder, rows

pytestmark = pytest.mark.django_db

SUMMARY = (
    "2 章、3 节、1 个专栏、9 个条款、9 个数字与文件一致。条款（一个条款可有几样）：3 个有任务、"
    "2 个有项目、2 个有指标、4 个列明了不设任务的理由。数字：7 个已体现，2 个列明了理由。"
)


@pytest.fixture
def plan(tmp_path) -> Plan:
    return load_plan(folder(tmp_path / "plan"))


@pytest.fixture
def document(tmp_path) -> Path:
    return write(tmp_path, folders.txt())


def write(folder: Path, content: bytes, name: str = "规划.txt") -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def run(command: str, *args: object) -> list[str]:
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue().splitlines()


def failing(command: str, *args: object) -> tuple[list[str], str]:
    out = StringIO()
    with pytest.raises(CommandError) as error:
        call_command(command, *args, stdout=out)
    return out.getvalue().splitlines(), str(error.value)


def test_the_published_text_is_fully_represented(plan, document):
    assert run("check_plan_text", document) == [SUMMARY]


def test_a_word_document_is_read_too(plan, tmp_path):
    assert run("check_plan_text", write(tmp_path, folders.word(), "规划.docx")) == [SUMMARY]


def test_all_lists_every_clause_and_number(plan, document):
    assert run("check_plan_text", document, "--all") == [
        "前言 第1段　编制依据　〔编制说明〕",
        "第一章第一节 第1段　总目标　〔总体目标〕",
        "    2035年　→ 规划末年",
        "表1 第1行　床位占比　→ 指标 1　〔由指标体现〕",
        "    60　→ 指标 1",
        "表1 第2行　人员数　→ 指标 2　〔由指标体现〕",
        "    >30　→ 指标 2",
        "第二章第一节 第1段　建床位　→ 任务 2.1-1",
        "    第 1 句　→ 措施 2.1-1-1",
        "    第 2 句　→ 措施 2.1-1-1、措施 2.1-1-2",
        "    60%　→ 指标 1",
        "    1~2　→ 每年的次数",
        "专栏1 第1条　新建养老院　→ 项目 Z1-1",
        "    第 1 句　→ 子项 Z1-1-1",
        "    3　→ 子项 Z1-1-1",
        "专栏1 第2条　改造养老院　→ 项目 Z1-2",
        "    第 1 句　→ 子项 Z1-2-1",
        "    一次　→ 项目 Z1-2",
        "第二章第一节 第2段　培训　→ 任务 2.1-2",
        "    第 1 句　→ 措施 2.1-2-1",
        "    第 2 句　→ 措施 2.1-2-2",
        "    每百张　→ 指标 2（计算基数）",
        "第二章第二节 第1段　助餐点　→ 任务 2.2-1",
        "    第 1 句　→ 措施 2.2-1-1",
        "    1.5万　→ 数据项 D1",
        SUMMARY,
    ]


def test_differences_are_listed_and_the_command_fails(plan, tmp_path):
    changed = folders.changed("抓培训。", "").decode().replace("3所", "5所").encode()
    assert failing("check_plan_text", write(tmp_path, changed)) == (
        [
            "专栏1 第1条：载入的数字“3”，文件中是“5”。",
            "第二章第一节 第2段：载入 2 句，文件中 1 句，请核对有无增删。",
        ],
        "共 2 处不一致或没有体现。",
    )


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (
            ["1", "护理床位占比", "%", "60", "预期性"],
            ["表1 第1行：“属性”载入的是“约束性”，文件中是“预期性”。"],
        ),
        (
            ["1", "护理床位比重", "%", "60", "约束性"],
            ["表1 第1行：“指标”载入的是“护理床位占比”，文件中是“护理床位比重”。"],
        ),
        (["1", "护理床位占比", "60", "约束性"], ["表1 第1行：“单位”载入的是“%”，文件中是“”。"]),
        (
            ["1", "护理床位占比", "%", "55", "约束性"],
            [
                "表1 第1行：载入的数字“60”，文件中是“55”。",
                "表1 第1行：“2035年目标值”载入的是“60”，文件中是“55”。",
            ],
        ),
    ],
)
def test_every_cell_of_the_indicator_table_is_compared(plan, tmp_path, cells, found):
    second = [cell for cell in folders.ROWS[1] if cell]
    content = folders.txt(cells=[*folders.HEADS, *cells, *second])
    assert failing("check_plan_text", write(tmp_path, content))[0] == found


def test_rows_too_many_and_too_few_are_found(plan, tmp_path):
    row = ["1", "护理床位占比", "%", "60", "约束性"]
    assert failing("check_plan_text", write(tmp_path, folders.txt(cells=[*folders.HEADS, *row])))[
        0
    ] == [
        "表1 第2行：已载入（人员数），文件中没有。",
        "表1 第2行：指标“人员数”在文件的指标表中没有。",
    ]
    more = [*row, "2", "人员数", ">30", "预期性", "3", "新", "人", "9", "预期性"]
    assert failing("check_plan_text", write(tmp_path, folders.txt(cells=[*folders.HEADS, *more])))[
        0
    ] == [
        "表1 第3行：文件中有（3 新 人 9 预期性），没有载入。",
        "表1 第3行：文件的指标表中有这一行，没有对应的指标。",
    ]


def test_the_year_in_the_head_of_the_table_is_compared(plan, tmp_path):
    content = folders.changed("2035年目标值", "2036年目标值")
    assert failing("check_plan_text", write(tmp_path, content))[0] == [
        "表1：列名“2036年目标值”与载入的末年 2035 不一致。"
    ]


def test_a_number_without_representation_or_indicator_is_reported(plan, document):
    plan.indicators.get(code="2").delete()
    assert failing("check_plan_text", document)[0] == [
        "表1 第2行：文件的指标表中有这一行，没有对应的指标。",
        "表1 第2行：数字“>30”写由“指标 2”体现，规划数据中没有它，请改正。",
        "第二章第一节 第2段：数字“每百张”写由“指标 2”体现，规划数据中没有它，请改正。",
    ]


def test_a_clause_and_a_sentence_that_nothing_represents_are_reported(plan, document):
    plan.tasks.get(code="2.2-1").delete()
    plan.tasks.get(code="2.1-2").measures.get(order=1).delete()
    assert failing("check_plan_text", document) == (
        [
            "第二章第一节 第2段：第 1 句没有措施或子项体现，请补上。",
            "第二章第二节 第1段：没有任务、项目或指标体现，也没有写明不设任务的理由，请补上。",
        ],
        "共 2 处不一致或没有体现。",
    )


def test_a_number_whose_component_has_gone_is_reported(plan, document):
    plan.projects.get(code="Z1-1").delete()
    assert failing("check_plan_text", document)[0] == [
        "专栏1 第1条：数字“3”写由“子项 Z1-1-1”体现，规划数据中没有它，请改正。",
        "专栏1 第1条：没有任务、项目或指标体现，也没有写明不设任务的理由，请补上。",
    ]


def test_a_broken_file_is_one_sentence(plan, tmp_path):
    broken = write(tmp_path, b"nonsense", "规划.docx")
    says = "打不开：文件不是 Word 文档（.docx）或已损坏，请重新另存。"
    assert failing("check_plan_text", broken) == ([], says)
    assert failing("load_plan_text", broken) == ([], f"{says}没有写入任何内容。")
    missing = tmp_path / "x.txt"
    assert failing("check_plan_text", missing) == ([], f"打不开文件“{missing}”，请检查路径。")


def test_without_a_plan_the_command_says_how_to_get_one(document):
    assert failing("check_plan_text", document)[1] == "系统中还没有规划，请先用 load_plan 载入。"


def test_of_two_plans_the_cover_or_the_code_decides(plan, document, tmp_path):
    other = rows("plan", 规划代码="qingshan-b", 规划名称="青山县另一规划")
    load_plan(folder(tmp_path / "b", plan=other))
    assert run("check_plan_text", document) == [SUMMARY]
    assert run("check_plan_text", document, "--plan", plan.code) == [SUMMARY]
    assert failing("check_plan_text", document, "--plan", "qingshan-b")[0] == [
        "封面：文件开头没有规划名称“青山县另一规划”，请确认没有选错文件。"
    ]
    assert failing("check_plan_text", document, "--plan", "none")[1] == (
        "请用 --plan 指明规划，系统中有：qingshan-2031-2035、qingshan-b。"
    )


def test_load_plan_text_stores_the_wording(plan, document):
    assert run("load_plan_text", document) == [
        f"{folders.TITLE}：9 个条款已有原文，其中 9 个有更新。"
    ]
    assert plan.clauses.get(locator="专栏1 第1条").wording == "1.新建养老院3所。"
    assert run("load_plan_text", document) == [
        f"{folders.TITLE}：9 个条款已有原文，其中 0 个有更新。"
    ]


def test_load_plan_text_says_what_did_not_match(plan, tmp_path):
    changed = folders.changed("第二节  助餐", "第三节  助餐")
    assert run("load_plan_text", write(tmp_path, changed))[1:] == [
        "第二章第三节 第1段：文件中有，规划数据中没有这一条款。",
        "第二章第二节 第1段：文件中没有这一条款。",
    ]
