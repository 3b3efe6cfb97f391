"""申请修改: a unit asks for approved figures to be reopened; a reviewer or the planner answers."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone

from indicators.models import AnnualReturn, ChangeRequest, Figure, ReturnAct, ReturnStatus
from indicators.parts import named
from indicators.workflow.errors import Conflict, WorkflowError
from indicators.workflow.steps import Verb, locked_return, need_reason, refuse_unless
from organization import permissions
from organization.models import User

State = ChangeRequest.State
SHOWN = 5  # of what a refusal names


@transaction.atomic
def request_change(
    user: User,
    return_id: int,
    version: int,
    figure_ids: Iterable[int],
    reason: str,
    others: Iterable[str] = (),
) -> ChangeRequest:
    """Asks for the named figures and `others` (keys of parts), or without any for the whole
    return. Changes no figure."""
    annual_return = locked_return(user, return_id, version, ReturnStatus.APPROVED, "申请修改")
    refuse_unless(
        permissions.can_enter_for(user, annual_return.unit), "您只能为本单位的监测表申请修改。"
    )
    need_reason(reason, "请写明申请修改的原因。", "申请原因")
    if annual_return.change_requests.filter(state=State.OPEN).exists():
        raise WorkflowError("这张监测表已有一份待处理的修改申请，请等待答复。")
    asked = ChangeRequest(
        annual_return=annual_return,
        reason=reason.strip(),
        requested_by=user,
        others=[key for key in dict.fromkeys(others) if key in named(annual_return)],
    )
    asked._history_user = user
    asked.save()
    asked.figures.set(annual_return.figures.filter(pk__in=list(figure_ids)))
    _write_down(annual_return, user, Verb.REQUEST, reason)
    return asked


@transaction.atomic
def decline_change(user: User, return_id: int, version: int, answer: str) -> None:
    """不同意修改: the return stays approved; the answer is kept."""
    annual_return = locked_return(user, return_id, version, ReturnStatus.APPROVED, "答复申请")
    refuse_unless(
        permissions.can_reopen(user, annual_return.unit), "只有审核员或规划管理员可以答复修改申请。"
    )
    need_reason(answer, "请写明不同意的理由。", "不同意的理由")
    if not answer_open(user, annual_return, granted=False, answer=answer):
        raise Conflict("没有待处理的修改申请；请刷新页面查看。")
    _write_down(annual_return, user, Verb.DECLINE, answer)


def answer_open(user: User, annual_return: AnnualReturn, *, granted: bool, answer: str) -> bool:
    """Closes the open request, if there is one. Called inside the transaction of the verb."""
    asked = annual_return.change_requests.filter(state=State.OPEN).first()
    if asked is None:
        return False
    asked.state = State.GRANTED if granted else State.DECLINED
    asked.decided_by, asked.decided_at, asked.answer = user, timezone.now(), answer.strip()
    asked._history_user, asked._change_reason = user, asked.get_state_display()
    asked.save()
    return True


def refuse_granting_less(
    annual_return: AnnualReturn, figures: Iterable[Figure], others: Collection[str]
) -> None:
    """A request is granted wholly or declined with a reason; half of it would read as granted."""
    asked = annual_return.change_requests.filter(state=State.OPEN).first()
    if asked is None:
        return
    opened, names = {*figures, *others}, named(annual_return)
    missed = [one for one in wanted(asked) if one not in opened]
    left = [str(one) if isinstance(one, Figure) else names[one].label for one in missed]
    if left:
        more = f"等 {len(left)} 项" if len(left) > SHOWN else ""
        raise WorkflowError(
            f"申请修改的还有“{'”“'.join(left[:SHOWN])}”{more}没有勾选：请一并勾选后重新开启；"
            "不同意的，请写明理由答复“不同意”。"
        )


def wanted(asked: ChangeRequest) -> list[Figure | str]:
    """The figures and the keys of parts it is about; one that names none means all of them.
    Townships that ended since have no row that could be opened."""
    whole = asked.annual_return
    figures, others = list(asked.figures.select_related("item", "unit")), asked.others
    if not figures and not others:
        figures, others = list(whole.figures.select_related("item", "unit")), [*named(whole)]
    year = whole.round.year
    return [*(one for one in figures if not one.is_gone_in(year)), *others]


def _write_down(annual_return: AnnualReturn, user: User, verb: str, reason: str) -> None:
    ReturnAct.objects.create(
        annual_return=annual_return, verb=verb, actor=user, reason=reason.strip()
    )
