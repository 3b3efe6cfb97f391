"""What an open round follows, and what keeps a round that does not correspond from publication."""

from datetime import date

import pytest
from django.urls import reverse

from indicators import duties, workflow
from indicators.entry import Entry
from indicators.models import AnnualReturn, Collection, Figure, Responsibility, Round
from indicators.workflow import WorkflowError
from organization.models import Unit, User
from programs import workflow as programs_workflow
from programs.models import Assignment, TaskProgress
from tests.indicators.test_settled import ended, faults, new_unit, post, unit_form
from tests.world import PASSWORD, World

pytestmark = pytest.mark.django_db


def handed_in(world: World, unit: Unit, rnd: Round) -> None:
    """One return, submitted and approved."""
    clerk = world.people["clerk" if unit == world.care else "other_clerk"]
    one = world.return_of(rnd, unit)
    sent = workflow.submit(clerk, one.pk, one.version)
    workflow.approve(world.people["reviewer"], sent.pk, sent.version)


def filled(world: World) -> Round:
    rnd = world.round(2023)
    world.fill(rnd, 30, 50, [1, 1, 1], 460)
    world.explain(rnd)
    return rnd


# --- what does not correspond is not published --------------------------------------------------


def test_a_township_that_could_not_come_in_keeps_the_round_from_publication(
    world: World, as_person, sysadmin, planner, clerk
) -> None:
    rnd = filled(world)
    handed_in(world, world.care, rnd)
    new = new_unit(sysadmin, world, "新镇", "township", 2023)
    handed_in(world, world.affairs, rnd)
    with pytest.raises(WorkflowError) as refused:
        world.publish(rnd)
    assert "“建有服务中心”（新镇）" in str(refused.value)
    assert "退回或重新开启相应监测表后" in str(refused.value)
    assert "按现行单位和责任分工更新" in str(refused.value)
    page = reverse("admin:indicators_round_change", args=[rnd.pk])
    assert "“建有服务中心”（新镇）" in as_person("planner").get(page).content.decode()
    assert not Figure.objects.filter(round=rnd, unit=new).exists()  # looking changes nothing

    care = world.return_of(rnd, world.care)
    workflow.reopen(planner, care.pk, care.version, [], "新设乡镇")
    workflow.catch_up(planner, rnd.pk)
    care.refresh_from_db()
    row = {world.figure(rnd, "D3", new).pk: Entry(0, "have")}
    workflow.save_draft(clerk, care.pk, care.version, row)
    handed_in(world, world.care, rnd)
    assert world.publish(rnd).is_published


def test_a_duty_that_stays_where_it_was_handed_in_keeps_nothing_from_publication(
    world: World, planner
) -> None:
    rnd = filled(world)
    world.approve_all(rnd)
    duty = {"unit": world.care, "effective_year": 2023, "basis_document": "文"}
    workflow.assign(planner, Responsibility(item=world.items["D4"], **duty))
    assert world.publish(rnd).is_published


def test_a_task_that_could_not_come_in_keeps_the_round_from_publication(
    world: World, work, planner
) -> None:
    rnd = world.round(2023)
    world.fill(rnd, 30, 50, [1, 1, 1], 460)
    work.fill(rnd)
    world.explain(rnd)
    TaskProgress.objects.filter(task=work.sought_task).delete()
    world.approve_all(rnd)
    with pytest.raises(WorkflowError, match=r"“4\.1-2 谋划医养项目”"):
        world.publish(rnd)


# --- who ends leaves no work behind --------------------------------------------------------------


def test_who_leads_only_a_task_does_not_end_without_a_successor(
    world: World, work, as_person, planner
) -> None:
    lead = Unit.objects.create(
        code="XA-9", name="规财股", kind="department", bureau=world.bureau, order=3
    )
    row = Assignment(task=work.sought_task, unit=lead, effective_year=2022, basis_document="文")
    programs_workflow.assign(planner, row)
    world.round(2023)
    form = unit_form(lead, valid_until=2022, basis_document="批复")
    told = faults(post(as_person, "sysadmin", f"organization/unit/{lead.pk}/change/", **form))
    assert "2023 年年报正在填报，规财股在 2023 年仍有负责的数据或工作；请填写继任单位" in told
    lead.refresh_from_db()
    assert lead.valid_until is None


def test_the_last_of_a_chain_does_not_end_without_a_successor(
    world: World, as_person, sysadmin
) -> None:
    facts = {"kind": "department", "bureau": world.bureau, "order": 3}
    middle = Unit.objects.create(code="XA-7", name="中间股", **facts)
    last = Unit.objects.create(code="XA-8", name="末股", **facts)
    world.round(2023)
    ended(sysadmin, world.affairs, 2021, middle)
    ended(sysadmin, middle, 2022, last)
    form = unit_form(last, valid_until=2022, basis_document="批复")
    address = f"organization/unit/{last.pk}/change/"
    told = faults(post(as_person, "sysadmin", address, **form))
    assert "末股（继任社会事务股）在 2023 年仍有负责的数据或工作；请填写继任单位" in told
    assert faults(post(as_person, "sysadmin", address, **form | {"successor": world.care.pk})) == ""


def test_a_refusal_while_saving_a_unit_is_told_on_its_page(
    world: World, as_person, monkeypatch
) -> None:
    def refused(*given: object) -> list[str]:
        raise WorkflowError("现在不能保存，请稍后再试。")

    monkeypatch.setattr(workflow, "change_unit", refused)
    client = as_person("sysadmin")
    form = unit_form(world.care, name="养老服务股")
    answer = client.post(f"/admin/organization/unit/{world.care.pk}/change/", form, follow=True)
    assert answer.status_code == 200
    assert [str(m) for m in answer.context["messages"]] == ["没有保存：现在不能保存，请稍后再试。"]
    assert world.care.name in answer.content.decode()


# --- taken back ----------------------------------------------------------------------------------


def test_a_township_that_comes_back_is_open_again(world: World, sysadmin) -> None:
    rnd = filled(world)
    north = world.townships[2]
    ended(sysadmin, north, 2022, world.townships[0])
    assert world.figure(rnd, "D3", north).locked
    told = ended(sysadmin, north, None)
    assert told == [
        "2023 年年报：“建有服务中心”（北乡）重新计入，已解除锁定，请核对原来填的内容后报送。"
    ]
    assert not world.figure(rnd, "D3", north).locked
    world.approve_all(rnd)
    world.publish(rnd)
    assert world.figure(rnd, "D3", north).published_amount == 1


def test_a_township_that_comes_back_too_late_keeps_the_round_from_publication(
    world: World, sysadmin, planner
) -> None:
    rnd = filled(world)
    north = world.townships[2]
    ended(sysadmin, north, 2022, world.townships[0])
    world.approve_all(rnd)
    (told,) = ended(sysadmin, north, None)
    assert "“建有服务中心”（北乡）重新计入，但还锁定" in told
    with pytest.raises(WorkflowError, match="“建有服务中心”（北乡）"):
        world.publish(rnd)
    care = world.return_of(rnd, world.care)
    workflow.reopen(planner, care.pk, care.version, [], "北乡未撤并")
    workflow.catch_up(planner, rnd.pk)
    assert not world.figure(rnd, "D3", north).locked
    handed_in(world, world.care, rnd)
    assert world.publish(rnd).is_published


def test_what_was_approved_stays_locked_when_its_township_comes_back(
    world: World, sysadmin, planner
) -> None:
    """Also in a return that is reopened for something else."""
    rnd = filled(world)
    world.approve_all(rnd)
    care = world.return_of(rnd, world.care)
    workflow.reopen(planner, care.pk, care.version, [world.figure(rnd, "D1").pk], "改")
    north = world.townships[2]
    ended(sysadmin, north, 2022, world.townships[0])
    ended(sysadmin, north, None)
    assert world.figure(rnd, "D3", north).locked
    handed_in(world, world.care, rnd)
    assert world.publish(rnd).is_published


# --- what is blank -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        {"note": "等挂牌文件"},
        {"document_no": "民发1号"},
        {"document_date": date(2023, 5, 1)},
    ],
)
def test_a_note_or_a_document_is_kept(world: World, sysadmin, clerk, typed) -> None:
    rnd = world.round(2023)
    care, north = world.return_of(rnd, world.care), world.townships[2]
    figure = world.figure(rnd, "D3", north)
    entry = Entry(None, "", **typed)
    workflow.save_draft(clerk, care.pk, care.version, {figure.pk: entry})
    ended(sysadmin, north, 2022, world.townships[0])
    assert world.figure(rnd, "D3", north).locked
    ended(sysadmin, north, None)
    assert not world.figure(rnd, "D3", north).locked


# --- returns of which nothing counts any more ----------------------------------------------------


@pytest.mark.parametrize("sent", [False, True])
def test_the_own_return_of_a_township_that_ended_is_settled(
    world: World, as_person, sysadmin, planner, reviewer, sent
) -> None:
    world.items["D3"].collection = Collection.TOWNSHIP
    world.items["D3"].save()
    rnd = world.round(2023)
    own: dict[Unit, AnnualReturn] = {}
    for number, unit in enumerate(world.townships):
        clerk = User.objects.create_user(
            f"t{number}", PASSWORD, name="乡", unit=unit, roles=["clerk"]
        )
        own[unit] = world.save(clerk, world.return_of(rnd, unit), D3=1)
    north = world.townships[2]
    if sent:
        one = own[north]
        workflow.submit(clerk, one.pk, one.version)
    told = ended(sysadmin, north, 2022, world.townships[0])
    assert "2023 年年报：北乡已撤并，它的监测表不再要求报送和审核，保留备查。" in told
    left = world.return_of(rnd, north)
    assert left.status_text == "已撤并"
    assert left.pk not in {one.annual_return.pk for one in duties.duties(world.bureau.pk)}
    page = reverse("admin:indicators_round_change", args=[rnd.pk])
    assert "已撤并" in as_person("planner").get(page).content.decode()

    world.save(world.people["clerk"], world.return_of(rnd, world.care), D1=30, D2=50)
    world.save(world.people["other_clerk"], world.return_of(rnd, world.affairs), D4=460)
    for one in rnd.returns.exclude(unit=north):
        texts = {
            pk: workflow.Texts("", "原因原因", "措施措施")
            for pk in one.explanations.values_list("indicator_id", flat=True)
        }
        how = workflow.Provision("股", date(2024, 1, 1), "文")
        if texts:
            one = workflow.save_draft(planner, one.pk, one.version, {}, texts, how)
        handed = workflow.submit(planner, one.pk, one.version)
        workflow.approve(reviewer, handed.pk, handed.version)
    assert not duties.open_rounds(world.bureau.pk).get().unfinished
    assert world.publish(rnd).is_published
