"""What an office runs on the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from indicators import checks, judging, sample
from indicators.models import AnnualValue, Round
from indicators.progress import Status
from organization.models import User
from plans.models import Plan
from programs.loading import load_plan
from tests.indicators.plan_folder import FIRST
from tests.world import World

pytestmark = pytest.mark.django_db


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_open_round_from_the_command_line(world: World) -> None:
    said = run("open_round", "--year", "2023", "--user", "planner")
    assert said == "已开启2023 年年报，2 个单位收到监测表。\n"


@pytest.mark.parametrize(
    ("user", "sentence"),
    [("nobody", "没有账号“nobody”。"), ("clerk", "只有规划管理员可以开启填报批次。")],
)
def test_open_round_needs_a_planner(world: World, user: str, sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        run("open_round", "--year", "2023", "--user", user)
    assert str(refused.value) == sentence
    assert not Round.objects.exists()


def test_recompute_check_finds_a_stored_value_that_differs(world: World) -> None:
    world.round()
    assert run("recompute", "--check") == "全部存储值与数据一致。\n"
    AnnualValue.objects.filter(indicator=world.indicators["W1"]).update(value="1")
    with pytest.raises(CommandError) as refused:
        run("recompute", "--check")
    assert str(refused.value) == "有 2 处存储值与数据不符，请运行 recompute 重新计算。"
    run("recompute")
    assert run("recompute", "--check") == "全部存储值与数据一致。\n"


def test_sample_figures_never_come_into_a_real_database(world: World) -> None:
    with pytest.raises(CommandError) as refused:
        run("load_sample")
    assert str(refused.value) == "演示数据只能载入 make run 的临时数据库，不能载入正式系统。"


@pytest.fixture
def sampled(settings) -> Plan:
    settings.SAMPLE_DATA = True
    plan = load_plan(FIRST)
    run("load_sample")
    plan.refresh_from_db()
    return plan


def test_the_sample_shows_every_status_and_is_marked(sampled: Plan, client) -> None:
    seen = {
        standing.judgement.status
        for year in sampled.years
        for standing in judging.standings(sampled, year)
    }
    assert seen == set(Status)
    labels = {
        standing.judgement.label
        for year in sampled.years
        for standing in judging.standings(sampled, year)
    }
    assert {"提前完成", "暂不评价（缺基期）", "暂不评价（缺参照值）"} <= labels
    assert sampled.is_sample
    assert run("recompute", "--check") == "全部存储值与数据一致。\n"
    # Loading again changes nothing and prints the accounts again.
    before = User.objects.count()
    assert sample.PASSWORD in run("load_sample")
    assert User.objects.count() == before
    # Every page says so, the workbook too.
    client.force_login(User.objects.get(username="lingdao"))
    for url in ("/", "/indicators/8/", "/indicators/C17/?year=2023"):
        assert "演示数据" in client.get(url).content.decode()


def test_the_sample_shows_warnings_that_were_explained(sampled: Plan) -> None:
    rnd = Round.objects.get(year=2022)
    told = [one for row in rnd.returns.all() for one in checks.findings(row)]
    assert {one.rule for one in told} == {"jump", "unchanged", "same"}
    assert [one for one in told if not one.note or one.blocks] == []


def test_the_sample_takes_the_base_facts_as_the_plan_prints_them(sampled: Plan) -> None:
    values = AnnualValue.objects.filter(year=2020, layer="official")
    assert values.get(indicator__code="C05").value == 100
    assert values.get(indicator__code="C10").numerator == 13
    assert values.get(indicator__code="1").is_historical
    assert Path(FIRST / "sample").is_dir()
