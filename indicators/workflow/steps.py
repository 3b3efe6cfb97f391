"""What the verbs share: permission, lock, version, history."""

from dataclasses import asdict
from typing import Any

from indicators import identity
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


def need_reason(reason: str, sentence: str, place: str) -> None:
    """`place`: what it is called where it may not hold an identity number: “退回原因”."""
    if not reason.strip():
        raise WorkflowError(sentence)
    refuse_identity(place, reason)


def refuse_identity(place: str, text: str) -> None:
    """Reasons are kept for ever and read by many; nothing in them needs an identity number."""
    if identity.found_in(text):
        raise WorkflowError(f"{place}里像是含有 18 位身份证号码，请删去。")


def locked_return(user: User, return_id: int, version: int, status: str, act: str) -> AnnualReturn:
    """The return under lock, in the state the act needs and as the person saw it."""
    annual_return = (
        AnnualReturn.objects.select_for_update(of=("self",))
        .select_related("round__plan__bureau", "unit__bureau")
        .get(pk=return_id)
    )
    refuse_moved(annual_return, version, status, act, user)
    return annual_return


def refuse_moved(
    annual_return: AnnualReturn, version: int, status: str, act: str, user: User | None = None
) -> None:
    """Conflict where the return is not, or no longer, what the person saw."""
    if annual_return.status != status:
        raise Conflict(
            f"这张监测表现在是“{annual_return.status_text}”，不能{act}；请刷新页面查看。"
        )
    if annual_return.version != version:
        again = "保存" if act == "填写" else act
        own = user is not None and _moved_alone(annual_return, version, user)
        who = "您在别的窗口改动过" if own else "已被他人改动"
        raise Conflict(f"这张监测表在您打开页面之后{who}；请对照最新内容后再{again}。")


# Acts that count no version up.
STANDING = (Verb.START_REVIEW, Verb.REQUEST, Verb.DECLINE, Verb.PUBLISH, Verb.CORRECT)
STANDING += (Verb.ATTACH, Verb.DETACH)


def _moved_alone(annual_return: AnnualReturn, version: int, user: User) -> bool:
    """Whether all acts since that version are the person's own."""
    acts = annual_return.acts.exclude(verb__in=STANDING).order_by("-pk")
    since = max(annual_return.version - version, 0)
    actors = list(acts.values_list("actor_id", flat=True)[:since])
    return len(actors) == since > 0 and set(actors) == {user.pk}


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


def ever_entered(model: Any, rows: Any) -> set[int | None]:
    """Ids of all who ever stood as `entered_by` of these rows, by their history."""
    past = model.history.filter(id__in=rows.values("pk")).order_by()
    return set(past.values_list("entered_by_id", flat=True).distinct())
