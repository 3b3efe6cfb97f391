"""What the verbs share: permission, lock, version, history."""

from dataclasses import asdict

from indicators.bulk import upsert, write_history
from indicators.entry import Provision
from indicators.models import AnnualReturn, Explanation, Figure, ReturnAct, Round
from indicators.workflow.errors import Conflict, Refused, WorkflowError
from organization import permissions
from organization.models import User

Verb = ReturnAct.Verb


def refuse_unless(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise Refused(sentence)


def need_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise WorkflowError(sentence)


def locked_return(user: User, return_id: int, version: int, status: str, act: str) -> AnnualReturn:
    """The return under lock, in the state the act needs and as the person saw it."""
    annual_return = (
        AnnualReturn.objects.select_for_update(of=("self",))
        .select_related("round__plan__bureau", "unit__bureau")
        .get(pk=return_id)
    )
    if annual_return.status != status:
        raise Conflict(
            f"这张监测表现在是“{annual_return.get_status_display()}”，不能{act}；请刷新页面查看。"
        )
    if annual_return.version != version:
        raise Conflict("这张监测表在您打开页面之后已被他人改动；请对照最新内容后再保存。")
    return annual_return


def move(
    annual_return: AnnualReturn,
    user: User,
    verb: str,
    *,
    reason: str = "",
    fields: tuple[str, ...] = (),
    provision: Provision | None = None,
) -> AnnualReturn:
    """Counts the version up and writes down the act."""
    annual_return.version += 1
    annual_return._history_user = user
    annual_return._change_reason = Verb(verb).label + (f"：{reason}" if reason else "")
    annual_return.save(update_fields=["status", "version", *fields])
    given = asdict(provision) if provision else {}
    ReturnAct.objects.create(
        annual_return=annual_return, verb=verb, actor=user, reason=reason, **given
    )
    return annual_return


def locked_round(
    user: User, round_id: int, otherwise: str = "只有规划管理员可以发布批次。"
) -> Round:
    rounds = Round.objects.select_for_update(of=("self",)).select_related("plan__bureau")
    rnd = rounds.get(pk=round_id)
    refuse_unless(permissions.can_plan(user, rnd.plan.bureau), otherwise)
    return rnd


def store_figures(figures: list[Figure], fields: list[str], user: User, reason: str) -> None:
    """Saves the named fields of many figures in one statement, history in another."""
    upsert(Figure, figures, fields)
    write_history(Figure, figures, user, reason)


def store_texts(texts: list[Explanation], user: User, reason: str) -> None:
    fields = [*Explanation.TEXTS, *(f"published_{t}" for t in Explanation.TEXTS), "entered_by"]
    upsert(Explanation, texts, fields)
    write_history(Explanation, texts, user, reason)
