"""docs/indicators.md says what the data of the plan say."""

import io

import pytest
from django.core.management import CommandError, call_command

from indicators.describing import describe
from indicators.formula_text import formula
from programs.loading import load_plan
from tests.indicators.plan_folder import FIRST, ROOT, SECOND

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("describe_indicators", *arguments, stdout=out)
    return out.getvalue()


def test_documentation_is_what_the_fixtures_generate():
    plan = load_plan(FIRST)
    written = (ROOT / "docs" / "indicators.md").read_text(encoding="utf-8")
    assert written == describe(plan), "请重新生成：manage.py load_plan，再 describe_indicators"


def test_documentation_lists_every_indicator_once():
    plan = load_plan(FIRST)
    heads = [line[4:] for line in describe(plan).splitlines() if line.startswith("### ")]
    assert heads == [f"{one.code} {one.name}" for one in plan.indicators.all()]


FORMULAS = {
    "1": "L01 养老护理员数（人）",
    "4": "L05 养老床位数（张） ÷ L06 老年人口数（人） × 1000",
    "5": "L07 社会组织数（个） ÷ L08 常住人口（人，各乡镇合计） × 10000",
    "6": "L09 特困供养标准（元/人·年），按（当年 ÷ 上年 − 1）× 100 计算；"
    "参照值：上年 L10 居民收入增速（%）",
    "7": "L11 低保标准（元/人·年），按（当年 ÷ 基期年 − 1）× 100 计算",
    "8": "L12 社工站专职人员数（人）达到分档标准的乡镇数 ÷ 当年有效的乡镇数 × 100；"
    "分档按 L08 常住人口（人）：0 起不少于 1，20000 起不少于 2",
    "9": "L13 上年结转资金当年支出（万元） ÷ 上年 L14 年末结转资金（万元） × 100",
    "C1": "L15 建有综合养老中心（“是”的乡镇数） ÷ 当年有效的乡镇数 × 100",
    "C3": "L05 养老床位数（张） − 上年 L05 养老床位数（张）",
    "C4": "L09 特困供养标准（元/人·年）、L11 低保标准（元/人·年），"
    "分别按（当年 ÷ 基期年 − 1）× 100 计算，取较小者；"
    "参照值：L10 居民收入增速（%）（规划期内逐年连乘）",
}


def test_formulas_are_told_in_words():
    told = {one.code: formula(one) for one in load_plan(SECOND).indicators.all()}
    assert {code: told[code] for code in FORMULAS} == FORMULAS


def test_command_writes_the_file_and_checks_it(tmp_path):
    plan, file = load_plan(SECOND), tmp_path / "indicators.md"
    assert run("--output", str(file)) == f"已写入 {file}。\n"
    assert file.read_text(encoding="utf-8") == describe(plan)
    assert run("--output", str(file), "--check") == f"{file} 与载入的规划数据一致。\n"


def test_check_fails_when_the_file_says_something_else(tmp_path):
    load_plan(SECOND)
    file = tmp_path / "indicators.md"
    file.write_text("旧内容\n", encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        run("--output", str(file), "--check")
    assert str(refused.value) == f"{file} 与载入的规划数据不一致，请重新生成。"
    assert file.read_text(encoding="utf-8") == "旧内容\n"


def test_command_asks_which_plan_is_meant():
    load_plan(FIRST)
    load_plan(SECOND)
    with pytest.raises(CommandError) as refused:
        run()
    assert str(refused.value) == (
        "系统中有多个规划，请用 --plan 指明：linxian-2026-2030、zhushan-2021-2025。"
    )


def test_command_says_that_nothing_is_loaded():
    with pytest.raises(CommandError) as refused:
        run("--plan", "x")
    assert str(refused.value) == "没有代码为“x”的规划，请先运行 manage.py load_plan。"
