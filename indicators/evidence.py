"""佐证材料: what may be attached and removed, by whom and when; and the file itself.

A file comes with the entry: whoever may enter for the unit attaches until the return is approved,
the planner (signed sheets) also afterwards. What was there when the return was approved or
published stays with it. Attaching leaves the version of the return alone, so that figures being
typed on an open page can still be saved."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from indicators import filetypes, identity
from indicators.models import AnnualReturn, Evidence, Figure, ReturnAct, ReturnStatus, SpotCheck
from indicators.parts import Named
from indicators.thumbnails import NotAnImage, thumbnail
from indicators.workflow.errors import Conflict, Unconfirmed, WorkflowError
from indicators.workflow.steps import need_reason, refuse_unless
from organization import permissions
from organization.models import User

MOST = 100  # files of one return
logger = logging.getLogger(__name__)


class Damaged(Exception):
    """The stored file is not the one that was handed in; the message is a Chinese sentence."""


# --- attaching and removing ------------------------------------------------------------------


def attach(
    user: User,
    annual_return: AnnualReturn,
    figure: Figure | None,
    name: str,
    content: bytes,
    note: str = "",
    confirmed: bool = False,
    part: Named | None = None,
) -> Evidence:
    """Takes a file in, for a figure, a thing of a part, or the whole return. Raises WorkflowError;
    then nothing is stored, no file is left behind."""
    name, note = filetypes.clean_name(name), " ".join(note.split())
    refuse_identity([name, note], confirmed)
    if len(note) > 300:
        raise WorkflowError("说明最多 300 字，请缩短。")
    found = Evidence(
        annual_return=annual_return,
        figure=figure,
        part=part.key if part else "",
        part_name=part.label[:120] if part else "",
        name=name,
        content_type=accepted(name, content).content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        note=note,
        uploaded_by=user,
    )
    found._history_user = user
    found._change_reason = identity.CONFIRMED if confirmed else "添加佐证"
    return _stored(user, found, content)


def refuse_identity(texts: Iterable[str], confirmed: bool) -> None:
    if not confirmed and identity.found_in_any(texts):
        raise Unconfirmed(f"文件名或说明里{identity.ASK}")


def accepted(name: str, content: bytes) -> filetypes.FileKind:
    """What the file is. Raises WorkflowError for what is not taken."""
    try:
        kind = filetypes.accept(name, content)
        if kind.content_type.startswith("image/"):
            thumbnail(content)
    except filetypes.NotAccepted as error:
        raise WorkflowError(str(error)) from error
    except NotAnImage as error:
        raise WorkflowError(f"图片“{name}”打不开或尺寸过大，请重新导出后再上传。") from error
    return kind


def _stored(user: User, found: Evidence, content: bytes) -> Evidence:
    """Row and file together, or neither."""
    try:
        with transaction.atomic():
            annual_return = _locked(found.annual_return_id)
            _refuse_attaching(user, annual_return, found)
            found.file.save(found.name, ContentFile(content), save=False)
            found.save()
            _write_down(annual_return, user, ReturnAct.Verb.ATTACH, told(found))
    except BaseException:
        if found.file:
            default_storage.delete(found.file.name)
        raise
    return found


def _refuse_attaching(user: User, annual_return: AnnualReturn, found: Evidence) -> None:
    refuse_unless(
        permissions.can_enter_for(user, annual_return.unit), "您只能为本单位的监测表添加佐证材料。"
    )
    refuse_unless(
        may_attach(user, annual_return),
        "这张监测表已审核，不能再添加佐证材料；需要补充请联系规划管理员。",
    )
    if found.figure is not None and found.figure.annual_return_id != annual_return.pk:
        raise WorkflowError("所选的数据不在这张监测表里，请重新选择。")
    others = annual_return.evidence.all()
    if others.filter(sha256=found.sha256).exists():
        same = others.get(sha256=found.sha256)
        raise WorkflowError(f"这张监测表已有同一份文件“{same.name}”，不用重复上传。")
    if others.count() >= MOST:
        raise WorkflowError(f"一张监测表最多 {MOST} 份佐证材料，请合并后再上传。")


def may_attach(user: User, annual_return: AnnualReturn) -> bool:
    approved = annual_return.status == ReturnStatus.APPROVED
    return permissions.can_attach(user, annual_return.unit, approved)


@transaction.atomic
def remove(user: User, found: Evidence, reason: str) -> None:
    """Takes a file out again; its history row and the reason stay, the file itself goes."""
    annual_return = _locked(found.annual_return_id)
    _refuse_removing(user, annual_return, found)
    need_reason(reason, "请写明删除佐证材料的原因。", "删除原因")
    name, said = found.file.name, told(found)
    found._history_user, found._change_reason = user, f"删除佐证{said}：{reason.strip()}"
    found.delete()
    _write_down(annual_return, user, ReturnAct.Verb.DETACH, f"{said}　原因：{reason.strip()}")
    transaction.on_commit(lambda: default_storage.delete(name))


def _refuse_removing(user: User, annual_return: AnnualReturn, found: Evidence) -> None:
    refuse_unless(
        permissions.can_enter_for(user, annual_return.unit), "您只能删除本单位的佐证材料。"
    )
    current = annual_return.evidence.telling_published().filter(pk=found.pk).first()
    if current is None:
        raise Conflict(f"“{found.name}”已被删除；请刷新页面查看。")
    if annual_return.status == ReturnStatus.SUBMITTED:
        raise WorkflowError(
            "监测表已经报送，审核员看到的佐证材料不能删除；请先撤回，或请审核员退回后再删除。"
        )
    if is_settled(current, annual_return):
        raise WorkflowError("监测表已经审核或发布，它的佐证材料作为依据保留，不能删除。")


def is_settled(found: Evidence, annual_return: AnnualReturn) -> bool:
    """Handed in to its reviewer; or approved or published with its return, even if the return was
    reopened since. `found` comes from `telling_published`."""
    approved_at = annual_return.approved_at
    return (
        annual_return.status != ReturnStatus.DRAFT
        or found.is_published  # type: ignore[attr-defined]
        or (approved_at is not None and found.uploaded_at <= approved_at)
    )


def told(found: Evidence) -> str:
    """“检查表.pdf”（D1 护理型床位）, for the 办理记录."""
    return f"“{found.name}”（{found.subject}）"


def _locked(return_id: int) -> AnnualReturn:
    returns = AnnualReturn.objects.select_for_update(of=("self",)).select_related("unit__bureau")
    return returns.get(pk=return_id)


def _write_down(annual_return: AnnualReturn, user: User, verb: str, reason: str) -> None:
    ReturnAct.objects.create(annual_return=annual_return, verb=verb, actor=user, reason=reason)


# --- the file -------------------------------------------------------------------------------


def content_of(found: Any) -> bytes:
    """The file as it was handed in. Raises Damaged for one that is missing or was changed."""
    content = _read(found)
    damage = _damage(found, content)
    if content is None or damage:
        logger.error("evidence %s (%s): %s", found.pk, found.file.name, damage)
        raise Damaged(f"“{found.name}”在服务器上{damage}，不能打开；请告知系统管理员用备份恢复。")
    return content


def _read(found: Any) -> bytes | None:
    try:
        with found.file.open("rb") as stored:
            return stored.read()
    except OSError:
        return None


def _damage(found: Any, content: bytes | None) -> str:
    """In words; "" for none."""
    if content is None:
        return "缺失"
    return "" if hashlib.sha256(content).hexdigest() == found.sha256 else "被改动过"


def kept() -> Iterator[Any]:
    """Every file that was handed in: of returns, and of the apps above, which add theirs to
    `KEEPERS` (rows with name, sha256, file and `kept_with`)."""
    for keeper in KEEPERS:
        yield from keeper()


def _of_returns() -> Iterator[Evidence]:
    rows = Evidence.objects.select_related("annual_return__round", "annual_return__unit")
    yield from rows.order_by("pk").iterator(chunk_size=100)


KEEPERS: list[Callable[[], Iterator[Any]]] = [_of_returns]


def damages() -> Iterator[str]:
    """A line for each file that is missing, changed, or belongs to nothing."""
    known = set()
    for found in kept():
        known.add(found.file.name)
        if damage := _damage(found, _read(found)):
            yield f"{damage}：{found.kept_with} “{found.name}”（{found.file.name}）"
    for name in sorted(_files() - known):
        yield f"多余：{name}（没有对应的记录，可能是上传中断留下的）"


def _files() -> set[str]:
    return set(default_storage.listdir("")[1]) if default_storage.exists("") else set()


# --- ledgers looked at ------------------------------------------------------------------------


def record_spot_check(user: User, check: SpotCheck) -> SpotCheck:
    """Stores a 台账抽查 that its form has found right; who wrote it down first stays."""
    refuse_unless(
        permissions.can_plan(user, check.item.plan.bureau), "只有规划管理员可以登记台账抽查。"
    )
    if check.pk is None:
        check.recorded_by = user
    check._history_user = user
    check.save()
    return check
