"""What may be said about a task or a component: no database anywhere."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from programs import rules
from programs.content import ComponentContent, MeasureContent, MoneyContent, TaskContent

TASK = rules.TaskFacts(
    "advance",
    {
        1: rules.MeasureFacts("明确福利院定位", "advance", False),
        2: rules.MeasureFacts("实施三年改造计划", "firm", True),
    },
)
HOME = rules.ComponentFacts("firm", True, Decimal(13), "个", date(2023, 12, 31))


def task(status: str, first: str = "", second: str = "", **fields: str) -> TaskContent:
    return TaskContent(
        status=status, measures={1: MeasureContent(first), 2: MeasureContent(second)}, **fields
    )


@pytest.mark.parametrize("status", ["behind", "adjusted", "stopped"])
def test_falling_behind_adjusting_and_stopping_need_a_reason(status):
    label = {"behind": "滞后", "adjusted": "调整", "stopped": "终止"}[status]
    assert rules.task_faults(task(status), TASK) == {"status": f"选“{label}”时，请在“原因”中写明。"}
    assert rules.task_faults(task(status, reason="土地手续未办结"), TASK) == {}


def test_not_approved_is_only_for_what_is_sought():
    content = task("not_approved", reason="上级未立项")
    assert rules.task_faults(content, TASK) == {
        "status": "规划对此的承诺是“推进”，不能选“未获批准”；请改选“滞后”“调整”或“终止”。"
    }
    assert rules.task_faults(content, replace(TASK, grade="seek")) == {}


def test_a_measure_says_why_as_well():
    found = rules.task_faults(task("under_way", "stopped"), TASK)
    assert found == {"m1-status": "选“终止”时，请在“说明”中写明。"}


def test_a_task_is_not_done_while_a_measure_is_under_way():
    assert rules.task_faults(task("done", "under_way", "done"), TASK) == {
        "status": "还有 1 项措施没有完成（明确福利院定位），任务不能填“已完成”。"
    }
    assert rules.task_faults(task("done", "done", "done"), TASK) == {}


def test_a_task_owes_the_status_of_every_measure_and_what_is_going_on():
    assert rules.task_owed(task("under_way", "under_way"), TASK) == {
        "situation": "请写明进展情况。",
        "m2-status": "请选择状态。",
    }


def test_a_result_is_proved_by_date_and_document():
    owed = rules.task_owed(task("under_way", "under_way", "done", situation="好"), TASK)
    assert owed == {"m2-done_on": "有明确结果的措施，完成时请填完成日期和依据文件。"}
    proved = MeasureContent("done", date(2023, 6, 1), "县民政发〔2023〕8号")
    content = task("under_way", "under_way", situation="好")
    measures = {**content.measures, 2: proved}
    assert rules.task_owed(replace(content, measures=measures), TASK) == {}


FAULTS = [
    (
        {"status": "not_started", "quantity": Decimal(1)},
        {"status": "已有开工或完工日期、完成数量、百分比或完成投资，不能填“未启动”。"},
    ),
    (
        {"status": "done", "quantity": Decimal(11)},
        {
            "status": "计划 13 个，完成 11 个，不能填“已完成”；"
            "请核对数量，或把状态改为“推进中”“调整”。"
        },
    ),
    (
        {"status": "done", "quantity": Decimal(13), "stage": "structure"},
        {"status": "形象进度是“主体”，不能填“已完成”。"},
    ),
    ({"percent": 101}, {"percent": "应为 0 至 100 之间的整数，现为 101。"}),
    (
        {"percent": 90, "stage": "completed"},
        {"percent": "形象进度是“竣工”，完成百分比应为 100，现为 90。"},
    ),
    (
        {"started_on": date(2023, 5, 1), "completed_on": date(2023, 4, 1)},
        {"completed_on": "实际完工不能早于实际开工。"},
    ),
    (
        {"started_on": date(2024, 1, 1)},
        {"started_on": "数据时点是 2023-12-31，不能填以后的日期 2024-01-01。"},
    ),
    (
        {"planned_start": date(2024, 1, 1), "planned_end": date(2023, 1, 1)},
        {"planned_end": "计划完工不能早于计划开工。"},
    ),
    (
        {"money": {"central": MoneyContent(spent=Decimal(-1))}},
        {"money-central-spent": "应为不小于 0 的数，现为 -1。"},
    ),
    ({"status": "done", "quantity": Decimal(13), "stage": "in_use", "percent": 100}, {}),
    (
        {"status": "not_started", "completed_on": date(2023, 6, 1)},
        {"status": "已有开工或完工日期、完成数量、百分比或完成投资，不能填“未启动”。"},
    ),
    *(
        (
            {"status": "under_way", "completed_on": date(2023, 6, 1), **ready},
            {"status": "已完工投用，请把状态改为“已完成”；没有完工的，请核对完工日期和进度。"},
        )
        for ready in ({"percent": 100}, {"stage": "in_use"})
    ),
    ({"status": "under_way", "completed_on": date(2023, 6, 1), "stage": "completed"}, {}),
]


@pytest.mark.parametrize(("fields", "found"), FAULTS)
def test_a_component_does_not_contradict_itself(fields, found):
    assert rules.component_faults(ComponentContent(**fields), HOME) == found


def test_a_task_has_begun_where_a_measure_has():
    assert rules.task_faults(task("not_started", "under_way", "done"), TASK) == {
        "status": "有 2 项措施已推进或完成（明确福利院定位、实施三年改造计划），任务不能填“未启动”。"
    }
    assert rules.task_faults(task("not_started", "not_started"), TASK) == {}


def test_a_forecast_may_speak_of_days_to_come():
    facts = replace(HOME, last_day=None)
    assert rules.component_faults(ComponentContent(started_on=date(2024, 1, 1)), facts) == {}


def test_what_is_not_built_has_no_stage():
    facts = replace(HOME, has_stages=False)
    assert rules.component_faults(ComponentContent(stage="started"), facts) == {
        "stage": "非建设类项目不填形象进度。"
    }


def test_a_component_owes_stage_quantity_start_and_situation():
    assert rules.component_owed(ComponentContent(), HOME, None) == {"status": "请选择状态。"}
    assert rules.component_owed(ComponentContent(status="under_way"), HOME, None) == {
        "situation": "请写明进展情况。",
        "stage": "请选择形象进度。",
        "quantity": "请填完成数量。",
    }
    building = ComponentContent(
        status="under_way", situation="好", stage="structure", quantity=Decimal(1)
    )
    assert rules.component_owed(building, HOME, None) == {
        "started_on": "已开工，请填实际开工日期。"
    }


@pytest.mark.parametrize(
    ("has_stages", "says"),
    [(True, "已完成，请填实际完工日期。"), (False, "已完成，请填完成日期。")],
)
def test_what_is_done_says_when_and_by_which_document(has_stages, says):
    facts = replace(HOME, has_stages=has_stages, planned=None)
    done = ComponentContent(status="done", situation="好")
    if has_stages:
        done = replace(done, stage="in_use", started_on=date(2023, 1, 1))
    assert rules.component_owed(done, facts, None) == {
        "completed_on": says,
        "document": "已完成，请填依据文件。",
    }
    proved = replace(done, completed_on=date(2023, 6, 1), document="验收表")
    assert rules.component_owed(proved, facts, None) == {}


PLANNED = date(2024, 10, 31)
LATER = date(2025, 10, 31)
MOVED = "计划完工上期 2024-10-31，本期 2025-10-31。请核对或写明调整原因。"


@pytest.mark.parametrize(
    ("before", "own", "now", "says"),
    [
        (PLANNED, None, LATER, MOVED),
        (PLANNED, None, PLANNED, ""),
        (PLANNED, None, date(2024, 6, 30), ""),
        (PLANNED, None, None, "计划完工上期 2024-10-31，本期没有填。请核对或写明调整原因。"),
        (PLANNED, LATER, None, MOVED),
        (None, PLANNED, None, ""),
        (
            None,
            PLANNED,
            LATER,
            "计划完工原定 2024-10-31，本期 2025-10-31。请核对或写明调整原因。",
        ),
        (None, None, LATER, ""),
    ],
)
def test_the_planned_end_does_not_move_away_without_a_reason(before, own, now, says):
    facts = replace(HOME, planned_end=own)
    was = ComponentContent(planned_end=before) if before else None
    content = ComponentContent(status="not_started", stage="conceived", planned_end=now)
    found = {"fall_reason": says} if says else {}
    assert rules.component_owed(content, facts, was) == found
    assert rules.component_owed(replace(content, fall_reason="设计变更"), facts, was) == {}


def test_a_total_does_not_exceed_what_a_later_round_says():
    """Whoever raises an old total above a newer one makes the newer one fall."""
    now = ComponentContent(status="behind", situation="好", stage="preparing")
    now = replace(now, quantity=Decimal(900))
    later = rules.Later("2025 年年报", ComponentContent(quantity=Decimal(415)))
    facts = replace(HOME, measure="块")
    found = {
        "fall_reason": "与以后的批次不符：完成数量本期 900 块，2025 年年报 415 块。"
        "累计数一般只增不减，请核对或写明减少原因。"
    }
    assert rules.component_owed(now, facts, None, later) == found
    assert rules.component_owed(replace(now, fall_reason="核减"), facts, None, later) == {}
    assert rules.component_owed(replace(now, quantity=Decimal(415)), facts, None, later) == {}


def test_a_fall_that_the_later_round_explains_is_not_asked_again():
    now = ComponentContent(status="behind", situation="好", stage="preparing")
    now = replace(now, quantity=Decimal(420))
    explained = ComponentContent(quantity=Decimal(415), fall_reason="验收时核减")
    later = rules.Later("2025 年年报", explained, now)
    assert rules.component_owed(now, HOME, None, later) == {}
    raised = replace(now, quantity=Decimal(900))
    assert set(rules.component_owed(raised, HOME, None, later)) == {"fall_reason"}


BEFORE = ComponentContent(
    quantity=Decimal(8),
    percent=60,
    money={"central": MoneyContent(Decimal(900), Decimal(500), Decimal("320.5"))},
)


def test_totals_do_not_fall_without_a_reason():
    now = ComponentContent(
        status="under_way",
        situation="好",
        stage="preparing",
        quantity=Decimal(7),
        percent=60,
        money={"central": MoneyContent(Decimal(100), Decimal(500), Decimal(300))},
    )
    assert rules.component_owed(now, HOME, BEFORE) == {
        "fall_reason": "完成数量上期 8 个，本期 7 个；"
        "中央预算内完成投资上期 320.5 万元，本期 300 万元。"
        "累计数一般只增不减，请核对或写明减少原因。"
    }
    assert rules.component_owed(replace(now, fall_reason="核减重复统计"), HOME, BEFORE) == {}


def test_what_is_no_longer_said_has_fallen_to_nothing():
    fell = list(rules.fallen(ComponentContent(), BEFORE, "个"))
    assert fell == [
        "完成数量上期 8 个，本期 0 个",
        "完成百分比上期 60 %，本期 0 %",
        "中央预算内到位资金上期 500 万元，本期 0 万元",
        "中央预算内完成投资上期 320.5 万元，本期 0 万元",
    ]


def test_spending_more_than_planned_is_hinted_at():
    money = {"central": MoneyContent(Decimal(100), Decimal(50), Decimal(120))}
    assert rules.hints(ComponentContent(money=money)) == [
        "完成投资 120 万元超过计划投资 100 万元。",
        "完成投资 120 万元超过到位资金 50 万元。",
    ]
