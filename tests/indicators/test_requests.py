"""申请修改, 撤回, 开始审核, 批量审核 and 代录: the verbs around an approved or submitted return."""

from datetime import date

import pytest

from indicators import workflow
from indicators.entry import Provision
from indicators.models import ChangeRequest
from indicators.workflow import Refused, WorkflowError
from tests.world import World

pytestmark = pytest.mark.django_db
FOUR_EYES = "您填报或报送过这张表，不能由您审核；请由另一位审核员办理。"
IDENTITY = "11010519491231002X"
GIVEN = Provision("养老股股长", date(2024, 1, 8), "养老股报表")


def key(annual_return) -> tuple[int, int]:
    annual_return.refresh_from_db()
    return annual_return.pk, annual_return.version


def seen(*returns) -> dict[int, int]:
    """What a list shows of them."""
    return {one.pk: one.version for one in returns}


@pytest.fixture
def submitted(world: World):
    rnd = world.round()
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    return workflow.submit(world.people["clerk"], *key(world.return_of(rnd, world.care)))


@pytest.fixture
def approved(world: World, submitted):
    return workflow.approve(world.people["reviewer"], *key(submitted))


def test_nobody_withdraws_once_reviewing_has_started(submitted, clerk, reviewer) -> None:
    workflow.start_review(reviewer, *key(submitted))
    with pytest.raises(WorkflowError) as refused:
        workflow.withdraw(clerk, *key(submitted))
    assert str(refused.value) == "审核员已经开始审核，不能撤回；需要修改请联系审核员退回。"


def test_submitting_again_starts_a_new_review(submitted, clerk, reviewer) -> None:
    workflow.start_review(reviewer, *key(submitted))
    workflow.send_back(reviewer, *key(submitted), reason="请核对")
    again = workflow.submit(clerk, *key(submitted))
    assert again.review_started_by is None
    assert workflow.withdraw(clerk, *key(again)).status == "draft"


def test_starting_a_review_leaves_open_pages_valid(submitted, reviewer) -> None:
    version = submitted.version
    workflow.start_review(reviewer, submitted.pk, version)
    assert workflow.approve(reviewer, submitted.pk, version).status == "approved"


def test_a_granted_request_opens_what_was_asked_for(world, approved, clerk, reviewer) -> None:
    figure = world.figure(approved.round, "D1")
    asked = workflow.request_change(clerk, *key(approved), [figure.pk], "数错了床位")
    workflow.reopen(reviewer, *key(approved), [figure.pk], "同意")
    asked.refresh_from_db()
    told = (asked.state, asked.decided_by, asked.answer)
    assert told == ("granted", reviewer, "同意")
    approved.refresh_from_db()
    open_codes = approved.figures.filter(locked=False).values_list("item__code", flat=True)
    assert (approved.status, list(open_codes)) == ("draft", ["D1"])


def test_a_request_is_granted_wholly_or_declined(world, approved, clerk, reviewer) -> None:
    wanted, other = (world.figure(approved.round, code) for code in ("D1", "D2"))
    asked = workflow.request_change(clerk, *key(approved), [wanted.pk], "数错了床位")
    with pytest.raises(WorkflowError) as refused:
        workflow.reopen(reviewer, *key(approved), [other.pk], "同意")
    assert str(refused.value) == (
        "申请修改的还有“护理型床位 养老股”没有勾选：请一并勾选后重新开启；"
        "不同意的，请写明理由答复“不同意”。"
    )
    asked.refresh_from_db()
    approved.refresh_from_db()
    assert (asked.state, approved.status) == ("open", "approved")
    workflow.reopen(reviewer, *key(approved), [wanted.pk, other.pk], "同意")
    asked.refresh_from_db()
    assert asked.state == "granted"


def test_a_request_for_the_whole_return_opens_all_of_it(
    world, approved, clerk, reviewer, as_person
) -> None:
    workflow.request_change(clerk, *key(approved), [], "口径理解有误")
    figures = list(approved.figures.values_list("pk", flat=True))
    with pytest.raises(WorkflowError):
        workflow.reopen(reviewer, *key(approved), figures[1:], "同意")
    page = as_person("reviewer").get(f"/admin/indicators/annualreturn/{approved.pk}/change/")
    ticked = [f'name="open-{pk}" checked' in page.content.decode() for pk in figures]
    assert ticked == [True] * len(figures)
    workflow.reopen(reviewer, *key(approved), figures, "同意")
    approved.refresh_from_db()
    assert not approved.figures.filter(locked=True).exists()


REASONS = {
    "send_back": "退回原因",
    "withdraw": "撤回说明",
    "request": "申请原因",
    "decline": "不同意的理由",
    "reopen": "重新开启的原因",
    "correct": "更正原因",
}


@pytest.mark.parametrize("verb", REASONS)
def test_no_reason_holds_an_identity_number(world, submitted, verb: str) -> None:
    people, text = world.people, f"对象 {IDENTITY} 重复"
    if verb not in ("send_back", "withdraw"):
        workflow.approve(people["reviewer"], *key(submitted))
    if verb == "correct":
        other = world.return_of(submitted.round, world.affairs)
        sent = workflow.submit(people["other_clerk"], *key(other))
        workflow.approve(people["reviewer"], *key(sent))
        world.publish(submitted.round)
    verbs = {
        "send_back": lambda: workflow.send_back(people["reviewer"], *key(submitted), text),
        "withdraw": lambda: workflow.withdraw(people["clerk"], *key(submitted), text),
        "request": lambda: workflow.request_change(people["clerk"], *key(submitted), [], text),
        "decline": lambda: workflow.decline_change(people["reviewer"], *key(submitted), text),
        "reopen": lambda: workflow.reopen(people["reviewer"], *key(submitted), [], text),
        "correct": lambda: workflow.correct(people["planner"], submitted.round_id, text),
    }
    with pytest.raises(WorkflowError) as refused:
        verbs[verb]()
    assert str(refused.value) == f"{REASONS[verb]}里像是含有 18 位身份证号码，请删去。"


def test_a_declined_request_changes_nothing_and_keeps_the_answer(
    world, approved, clerk, planner
) -> None:
    asked = workflow.request_change(clerk, *key(approved), [], "想再核对")
    workflow.decline_change(planner, *key(approved), "已过截止日期")
    asked.refresh_from_db()
    approved.refresh_from_db()
    assert (asked.state, asked.answer, approved.status) == ("declined", "已过截止日期", "approved")
    acts = list(approved.acts.values_list("verb", "reason"))[-2:]
    assert acts == [("request", "想再核对"), ("decline", "已过截止日期")]


def test_one_request_at_a_time_and_never_without_a_reason(approved, clerk) -> None:
    with pytest.raises(WorkflowError) as refused:
        workflow.request_change(clerk, *key(approved), [], " ")
    assert str(refused.value) == "请写明申请修改的原因。"
    workflow.request_change(clerk, *key(approved), [], "数错了")
    with pytest.raises(WorkflowError) as refused:
        workflow.request_change(clerk, *key(approved), [], "又一次")
    assert str(refused.value) == "这张监测表已有一份待处理的修改申请，请等待答复。"
    assert ChangeRequest.objects.count() == 1


def test_only_the_unit_asks_and_only_reviewer_or_planner_answers(world, approved, clerk) -> None:
    for name in ("other_clerk", "leader", "reviewer"):
        with pytest.raises(Refused):
            workflow.request_change(world.people[name], *key(approved), [], "原因")
    workflow.request_change(clerk, *key(approved), [], "原因")
    for name in ("clerk", "other_clerk", "leader"):
        with pytest.raises(Refused):
            workflow.decline_change(world.people[name], *key(approved), "不同意")


def test_bulk_approval_goes_return_by_return(world, planner, reviewer) -> None:
    rnd = world.round(2021, name="历史补录", is_backfill=True)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    for annual_return in rnd.returns.all():
        clerk = "clerk" if annual_return.unit == world.care else "other_clerk"
        workflow.submit(world.people[clerk], *key(annual_return))
    waiting = rnd.returns.select_related("round", "unit")
    outcomes = workflow.approve_each(reviewer, waiting, seen(*waiting))
    assert [(str(o.annual_return.unit), o.refusal) for o in outcomes] == [
        ("养老股", ""),
        ("社会事务股", ""),
    ]
    assert set(rnd.returns.values_list("status", flat=True)) == {"approved"}
    assert all(r.acts.filter(verb="approve", actor=reviewer).exists() for r in rnd.returns.all())


def test_bulk_approval_keeps_four_eyes_and_is_for_backfill_only(world, submitted) -> None:
    clerk = world.people["clerk"]
    clerk.roles = ["clerk", "reviewer"]
    clerk.save()
    clerk.review_units.add(world.bureau)
    shown = seen(submitted)
    [outcome] = workflow.approve_each(clerk, [submitted], shown)
    assert outcome.refusal == "只有历史补录批次可以批量审核，请打开逐张审核。"
    submitted.round.is_backfill = True
    [outcome] = workflow.approve_each(clerk, [submitted], shown)
    assert outcome.refusal == FOUR_EYES
    submitted.refresh_from_db()
    assert submitted.status == "submitted"


def test_bulk_approval_takes_only_what_the_list_showed(world, clerk, as_person) -> None:
    """Withdrawn, changed and handed in again after the reviewer had opened the list."""
    rnd = world.round(2021, name="历史补录", is_backfill=True)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    workflow.submit(clerk, *key(care))
    client = as_person("reviewer")
    page = client.get("/admin/indicators/annualreturn/").content.decode()
    care.refresh_from_db()
    field = f'<input type="hidden" name="seen-{care.pk}" value="{care.version}">'
    assert field in page
    form = {"action": "approve_selected", "_selected_action": [care.pk]}
    form |= {f"seen-{care.pk}": care.version}
    workflow.withdraw(clerk, *key(care))
    world.save(clerk, care, D1=1)
    workflow.submit(clerk, *key(care))
    answer = client.post("/admin/indicators/annualreturn/", form, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        f"{care}：列表打开之后又有改动，没有审核；请核对最新内容后再审核。"
    ]
    care.refresh_from_db()
    assert care.status == "submitted"
    client.post("/admin/indicators/annualreturn/", form | {f"seen-{care.pk}": care.version})
    care.refresh_from_db()
    assert care.status == "approved"


def test_a_note_leaves_the_source_of_an_amount_as_it_is(world, planner, clerk) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    workflow.save_draft(planner, *key(care), world.entries(care, D1=150), provision=GIVEN)
    figure = world.figure(rnd, "D1")
    noted = {figure.pk: workflow.Entry(figure.amount, "have", "补一个备注")}
    workflow.save_draft(clerk, *key(care), noted)
    figure.refresh_from_db()
    told = (figure.note, figure.entered_by, figure.provider)
    assert told == ("补一个备注", planner, "养老股股长，2024-01-08，养老股报表")


def test_entering_for_another_unit_is_marked_with_its_source(world, planner, clerk) -> None:
    rnd = world.round()
    care = world.return_of(rnd, world.care)
    workflow.save_draft(planner, *key(care), world.entries(care, D1=150), provision=GIVEN)
    figure = world.figure(rnd, "D1")
    assert (figure.entered_by, figure.provider) == (planner, "养老股股长，2024-01-08，养老股报表")
    act = care.acts.get(verb="save")
    assert (act.provider, act.provided_on, act.document) == (
        "养老股股长",
        date(2024, 1, 8),
        "养老股报表",
    )
    world.save(clerk, care, D1=151)
    figure.refresh_from_db()
    assert (figure.entered_by, figure.provider) == (clerk, "")


# Attempts to get round four eyes: each ends with the return not approved by its author.


def _roles(user, *roles: str, review=None) -> None:
    user.roles = list(roles)
    user.save()
    if review is not None:
        user.review_units.add(review)


def both_roles(world, rnd):
    clerk = world.people["clerk"]
    _roles(clerk, "clerk", "reviewer", review=world.bureau)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    workflow.submit(clerk, *key(world.return_of(rnd, world.care)))
    return clerk


def all_roles(world, rnd):
    clerk = world.people["clerk"]
    _roles(clerk, "clerk", "reviewer", "planner", "leader", review=world.bureau)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    workflow.submit(clerk, *key(world.return_of(rnd, world.care)))
    return clerk


def entered_for_and_submitted_by_the_clerk(world, rnd):
    planner = world.people["planner"]
    _roles(planner, "planner", "reviewer", review=world.bureau)
    care = world.return_of(rnd, world.care)
    entries = world.entries(care, D1=150, D2=300, D3=[1, 1, 0])
    workflow.save_draft(planner, *key(care), entries, provision=GIVEN)
    workflow.submit(world.people["clerk"], *key(care))
    return planner


def only_submitted_what_others_entered(world, rnd):
    planner = world.people["planner"]
    _roles(planner, "planner", "reviewer", review=world.bureau)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    workflow.submit(planner, *key(world.return_of(rnd, world.care)))
    return planner


def moved_to_another_unit_between_the_steps(world, rnd):
    clerk = both_roles(world, rnd)
    clerk.unit = world.affairs
    clerk.save()
    return clerk


def lost_the_clerk_role_between_the_steps(world, rnd):
    clerk = both_roles(world, rnd)
    _roles(clerk, "reviewer")
    return clerk


def wrote_only_the_explanation(world, rnd):
    planner = world.people["planner"]
    _roles(planner, "planner", "reviewer", review=world.bureau)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    texts = {world.indicators["W1"].pk: workflow.Texts("", "原因", "措施")}
    workflow.save_draft(planner, *key(care), {}, texts, provision=GIVEN)
    workflow.submit(world.people["clerk"], *key(care))
    return planner


def changed_one_reopened_figure(world, rnd):
    clerk = world.people["clerk"]
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    care = world.return_of(rnd, world.care)
    workflow.submit(clerk, *key(care))
    workflow.approve(world.people["reviewer"], *key(care))
    workflow.reopen(world.people["planner"], *key(care), [world.figure(rnd, "D1").pk], "更正")
    _roles(clerk, "clerk", "reviewer", review=world.bureau)
    world.save(clerk, care, D1=151)
    workflow.submit(world.people["planner"], *key(care))
    return clerk


def _reopened_and_handed_in_unchanged(world, rnd, figures):
    """By somebody else than the clerk, who has become a reviewer meanwhile."""
    clerk, care = world.people["clerk"], world.return_of(rnd, world.care)
    workflow.submit(clerk, *key(care))
    workflow.approve(world.people["reviewer"], *key(care))
    workflow.reopen(world.people["planner"], *key(care), figures, "数有疑问")
    workflow.submit(world.people["planner"], *key(care))
    _roles(clerk, "clerk", "reviewer", review=world.bureau)
    return clerk


def entered_what_was_reopened_and_left_unchanged(world, rnd):
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    return _reopened_and_handed_in_unchanged(world, rnd, [world.figure(rnd, "D1").pk])


def wrote_the_explanation_that_was_left_unchanged(world, rnd):
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    return _reopened_and_handed_in_unchanged(world, rnd, [])


@pytest.mark.parametrize(
    "attempt",
    [
        both_roles,
        all_roles,
        entered_for_and_submitted_by_the_clerk,
        only_submitted_what_others_entered,
        moved_to_another_unit_between_the_steps,
        lost_the_clerk_role_between_the_steps,
        wrote_only_the_explanation,
        changed_one_reopened_figure,
        entered_what_was_reopened_and_left_unchanged,
        wrote_the_explanation_that_was_left_unchanged,
    ],
)
@pytest.mark.parametrize("way", ["verb", "bulk", "page", "bulk action"])
def test_four_eyes_cannot_be_got_round(world: World, as_person, attempt, way: str) -> None:
    rnd = world.round(2021, name="历史补录", is_backfill=True)
    author = attempt(world, rnd)
    care = world.return_of(rnd, world.care)
    world.people["author"] = author
    if way == "verb":
        with pytest.raises(Refused):
            workflow.approve(author, *key(care))
    elif way == "bulk":
        care.refresh_from_db()
        assert workflow.approve_each(author, [care], seen(care))[0].refusal == FOUR_EYES
    elif way == "page":
        url = f"/admin/indicators/annualreturn/{care.pk}/approve/"
        as_person("author").post(url, {"version": key(care)[1]})
    else:
        form = {"action": "approve_selected", "_selected_action": [care.pk]}
        form |= {f"seen-{care.pk}": key(care)[1]}
        as_person("author").post("/admin/indicators/annualreturn/", form)
    care.refresh_from_db()
    assert care.status == "submitted"


def test_a_township_that_ended_does_not_stand_in_the_way_of_a_whole_request(world) -> None:
    rnd, town = world.round(), world.townships[2]
    care = world.return_of(rnd, world.care)
    world.fill(rnd, 150, 300, [1, 1, 0], 470)
    world.explain(rnd)
    ended = world.figure(rnd, "D3", town).pk
    town.refresh_from_db()
    town.valid_until, town.successor, town.basis_document = 2022, world.townships[0], "文"
    workflow.change_unit(world.people["sysadmin"], town)
    world.approve_all(rnd)
    workflow.request_change(world.people["clerk"], *key(care), [], "全部重填")
    boxes = care.figures.exclude(pk=ended).values_list("pk", flat=True)
    opened = workflow.reopen(world.people["planner"], *key(care), list(boxes), "同意")
    assert opened.status == "draft"
