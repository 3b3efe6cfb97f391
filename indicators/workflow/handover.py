"""交接: a clerk's open work moves to the successor, and the notes a unit keeps for it.

Accounts are the 系统管理员's, the open work is the numbers'; that is why the verb stands here and
not in `organization`. Who entered a figure or submitted a return stays who did: four eyes are
judged by the person, not by the unit (`permissions.can_approve`)."""

from django.db import transaction

from indicators.duties import Duty, duties
from indicators.models import ChangeRequest
from indicators.workflow.errors import Conflict, WorkflowError
from indicators.workflow.steps import refuse_identity, refuse_unless
from organization import permissions
from organization.models import Handover, Role, Unit, User, WorkNote


@transaction.atomic
def hand_over(acting: User, from_user: User, to_user: User, note: str = "") -> Handover:
    """The successor becomes clerk of the unit, the predecessor is so no longer; other roles stay.

    Raises Refused or WorkflowError; the open work is kept as it stood, without figures."""
    leaving, coming = about_to_hand_over(acting, from_user, to_user, note)
    unit = leaving.unit
    assert unit is not None
    kept = WorkNote.objects.filter(unit=unit).first()
    handover = Handover.objects.create(
        from_user=leaving,
        to_user=coming,
        unit=unit,
        by=acting,
        note=note.strip(),
        working_notes=kept.text if kept else "",
        work=open_work(unit),
    )
    leaving.roles = [role for role in leaving.roles if role != Role.CLERK]
    coming.roles = sorted({*coming.roles, Role.CLERK.value})
    coming.unit = unit
    for user in (leaving, coming):
        user._history_user, user._change_reason = acting, str(handover)
        user.save(update_fields=["roles", "unit"])
    return handover


@transaction.atomic
def about_to_hand_over(
    acting: User, from_user: User, to_user: User, note: str = ""
) -> tuple[User, User]:
    """Both as they are now; refuses what `hand_over` refuses, and changes nothing."""
    refuse_unless(permissions.can_manage_accounts(acting), "只有系统管理员可以办理工作交接。")
    refuse_identity("移交说明", note)
    leaving, coming = _locked(from_user, to_user)
    _refuse_wrong_people(leaving, coming)
    return leaving, coming


def _locked(from_user: User, to_user: User) -> tuple[User, User]:
    """Both as they are now, locked in one order, so that two handovers never wait in a circle."""
    keys = {from_user.pk, to_user.pk}
    users = User.objects.select_for_update(of=("self",)).select_related("unit__bureau")
    found = {user.pk: user for user in users.filter(pk__in=keys).order_by("pk")}
    return found[from_user.pk], found[to_user.pk]


def _refuse_wrong_people(leaving: User, coming: User) -> None:
    if leaving.pk == coming.pk:
        raise WorkflowError("移交人和接收人不能是同一个人。")
    if leaving.unit is None or Role.CLERK not in leaving.roles:
        raise WorkflowError(f"{leaving}不是填报员，没有可以移交的填报工作。")
    if not permissions.can_hold_business(coming):
        raise WorkflowError(
            f"{coming}的账号已停用，或是系统管理员、安全审计员，不能接手填报；请另选或另开账号。"
        )
    if coming.unit is not None and coming.unit.root_id != leaving.unit.root_id:
        raise WorkflowError(f"{coming}属于{coming.unit}，与{leaving.unit}不在同一个局，不能交接。")
    elsewhere = coming.unit_id not in (None, leaving.unit_id)
    if elsewhere and Role.CLERK in coming.roles:
        raise WorkflowError(
            f"{coming}已是{coming.unit}的填报员，一个账号只能填报一个单位；"
            f"请先交接{coming.unit}的工作，或为其另开账号。"
        )


def open_work(unit: Unit) -> list[dict[str, str]]:
    """One object a return that is not finished, then one a request that is not answered: what,
    where it stands, until when, how much is filled in, and why it came back. No figures."""
    rows = [_line(duty) for duty in duties(unit.root_id, [unit.pk])]
    asked = ChangeRequest.objects.filter(
        annual_return__unit=unit, state=ChangeRequest.State.OPEN
    ).select_related("annual_return__round", "annual_return__unit")
    return rows + [
        {
            "title": str(request.annual_return),
            "state": "已申请修改，待答复",
            "due_on": "",
            "filled": "",
            "reason": request.reason,
        }
        for request in asked
    ]


def _line(duty: Duty) -> dict[str, str]:
    return {
        "title": str(duty.annual_return),
        "state": duty.stage.label,
        "due_on": duty.due_on.isoformat() if duty.due_on else "",
        "filled": duty.filled,
        "reason": duty.reason,
    }


@transaction.atomic
def keep_note(user: User, unit: Unit, version: int, text: str) -> WorkNote:
    """Saves the 交接备注 of the unit. Raises Conflict when somebody else did meanwhile."""
    refuse_unless(permissions.can_keep_note(user, unit), "交接备注由本单位的填报员填写。")
    refuse_identity("交接备注", text)
    WorkNote.objects.get_or_create(unit=unit)
    note = WorkNote.objects.select_for_update().get(unit=unit)
    if note.version != version:
        raise Conflict("交接备注在您打开页面之后已被他人改动；请对照最新内容后再保存。")
    if note.text == text.strip():
        return note
    note.text, note.updated_by, note.version = text.strip(), user, note.version + 1
    note._history_user = user
    note.save()
    return note
