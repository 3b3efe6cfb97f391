"""Who may do what: every rule about people stands here as a small named predicate
(`domain.md` §1). Pages, admin, import, API and commands ask these and nothing else.

A predicate takes the user and what is to be touched and answers yes or no; it never writes."""

from collections.abc import Iterable, Mapping

from django.utils import timezone

from organization.joined import ids
from organization.models import BUSINESS_ROLES, Handover, Role, Unit, User


def _in_bureau(user: User, unit: Unit | None) -> bool:
    return user.unit is not None and unit is not None and user.unit.root_id == unit.root_id


def own_units(user: User) -> frozenset[int]:
    """The unit of the person, and the ended ones whose successors lead to it: whoever goes on for
    a unit finishes what it left open. One query; none where the log-in knows that there are none
    (`AccountBackend.get_user`)."""
    if user.unit is None:
        return frozenset()
    if getattr(user, "goes_on", None) is False:
        return frozenset({user.unit.pk})
    ended = Unit.objects.filter(bureau=user.unit.root_id, successor__isnull=False)
    ended = ended.filter(valid_until__lt=timezone.localdate().year).order_by()
    follows = dict(ended.values_list("pk", "successor_id"))
    return frozenset({user.unit.pk} | {pk for pk in follows if _end(pk, follows) == user.unit.pk})


def _end(unit_id: int, follows: Mapping[int, int]) -> int:
    """Where the chain of successors ends; a circle ends where it began."""
    seen: set[int] = set()
    while unit_id in follows and unit_id not in seen:
        seen.add(unit_id)
        unit_id = follows[unit_id]
    return unit_id


def is_of(user: User, unit: Unit) -> bool:
    """Whether the unit is among `own_units`; asks the database only about ended ones."""
    if user.unit_id == unit.pk:
        return True
    return unit.valid_until is not None and unit.pk in own_units(user)


def can_see_published(user: User) -> bool:
    """Dashboard, indicator pages, exports, definitions, targets."""
    return user.has_role(Role.CLERK, Role.REVIEWER, Role.PLANNER, Role.LEADER)


def can_see_plan_of(user: User, bureau: Unit) -> bool:
    return can_see_published(user) and _in_bureau(user, bureau)


def review_scope(user: User) -> frozenset[int] | None:
    """Ids of the units a reviewer answers for, for lists (`can_review` asks for one); None: every
    unit of the bureau. Nobody else answers for any."""
    if not user.has_role(Role.REVIEWER) or user.unit is None:
        return frozenset()
    assigned = _reviewed(user)
    return None if user.unit.root_id in assigned else assigned


def _reviewed(user: User) -> frozenset[int]:
    """No query where the log-in has read them already (`AccountBackend.get_user`)."""
    if hasattr(user, "reviewed"):
        return frozenset(ids(user.reviewed))
    return frozenset(user.review_units.values_list("pk", flat=True))


def provisional_scope(user: User) -> frozenset[int] | None:
    """Whose unpublished figures the switch 含未发布数据 may show to this user, as indicator values.

    None: those of every unit (planner, leader); else as `figure_scope`."""
    return None if sees_all_values(user) else figure_scope(user)


def sees_all_values(user: User) -> bool:
    """A leader sees what the unpublished figures of every unit come to, not the figures."""
    return user.has_role(Role.LEADER)


def figure_scope(user: User) -> frozenset[int] | None:
    """Whose unpublished figures may be printed to this user as such: on the page of a return, in
    its sentences and beside its fields.

    None: those of every unit (planner); else the ids of the units: a clerk's own ones, a reviewer's
    assigned ones (the bureau assigned means all). Being a leader as well adds none."""
    if user.has_role(Role.PLANNER):
        return None
    own = own_units(user) if user.has_role(Role.CLERK) else frozenset()
    assigned = review_scope(user)
    return None if assigned is None else assigned | own


def can_enter_for(user: User, unit: Unit) -> bool:
    """A clerk for the own units (`own_units`); the planner for any unit of the bureau (代录)."""
    if user.has_role(Role.PLANNER) and _in_bureau(user, unit):
        return True
    return user.has_role(Role.CLERK) and is_of(user, unit)


def entry_scope(user: User) -> frozenset[int] | None:
    """Ids of the units for which the person enters figures, for lists (`can_enter_for` asks for
    one); None: every unit of the bureau."""
    if user.has_role(Role.PLANNER):
        return None
    return own_units(user) if user.has_role(Role.CLERK) else frozenset()


def enters_for_other(user: User, unit: Unit) -> bool:
    """An entry is 代录 when it is not made by a clerk of the unit itself or its successor."""
    return not (user.has_role(Role.CLERK) and is_of(user, unit))


def can_review(user: User, unit: Unit) -> bool:
    """A reviewer for the units assigned; the bureau assigned means all of its units."""
    if not user.has_role(Role.REVIEWER) or not _in_bureau(user, unit):
        return False
    return user.review_units.filter(pk__in=[unit.pk, unit.root_id]).exists()


def can_approve(user: User, unit: Unit, authors: Iterable[int | None]) -> bool:
    """Four eyes: nobody approves what they entered or submitted, whatever roles they hold.

    `authors`: ids of all who entered or submitted what is to be approved."""
    return can_review(user, unit) and user.pk not in set(authors)


def can_reopen(user: User, unit: Unit) -> bool:
    return can_review(user, unit) or can_plan(user, unit)


def can_plan(user: User, unit: Unit) -> bool:
    """Rounds, due dates, targets, definitions, publishing: the office of the unit's bureau."""
    return user.has_role(Role.PLANNER) and _in_bureau(user, unit)


def is_planner(user: User) -> bool:
    return user.has_role(Role.PLANNER)


def can_see_returns(user: User) -> bool:
    return user.has_role(Role.CLERK, Role.REVIEWER, Role.PLANNER)


def can_see_return(user: User, unit: Unit, is_draft: bool) -> bool:
    """Clerk: the own units. Reviewer: assigned units, no drafts. Planner: all of the bureau."""
    if can_enter_for(user, unit):
        return True
    return not is_draft and can_review(user, unit)


def can_attach(user: User, unit: Unit, is_approved: bool) -> bool:
    """Evidence comes with the entry; the planner adds signed sheets also after approval."""
    return can_plan(user, unit) or (not is_approved and can_enter_for(user, unit))


def published_evidence_scope(user: User) -> frozenset[int] | None:
    """Units whose evidence of published figures this user sees, None for all of the bureau:
    planner and leader all, a clerk the own unit, a reviewer the assigned ones."""
    return provisional_scope(user)


def can_see_evidence(user: User, unit: Unit, is_draft: bool, is_published: bool) -> bool:
    """Who sees the return sees its evidence; what is published is seen by others as well."""
    if can_see_return(user, unit, is_draft):
        return True
    if not is_published or not _in_bureau(user, unit):
        return False
    scope = published_evidence_scope(user)
    return scope is None or unit.pk in scope


def can_see_spot_checks(user: User) -> bool:
    return user.has_role(Role.PLANNER, Role.REVIEWER)


def can_manage_accounts(user: User) -> bool:
    return user.has_role(Role.SYSADMIN)


def can_audit(user: User) -> bool:
    """Every history and every log-in; nothing else."""
    return user.has_role(Role.AUDITOR)


def can_see_units(user: User) -> bool:
    return user.has_role(Role.SYSADMIN, Role.PLANNER)


def can_keep_note(user: User, unit: Unit) -> bool:
    """交接备注 is kept by the clerks of the unit."""
    return user.has_role(Role.CLERK) and user.unit_id == unit.pk


def can_supervise(user: User, bureau: Unit) -> bool:
    """督办 is opened, changed, struck off and taken back by the office of the bureau."""
    return can_plan(user, bureau)


def can_report_on_supervision(user: User, unit: Unit) -> bool:
    """Progress of a 督办 is told by the clerks of its unit, or by the office."""
    return can_enter_for(user, unit)


def supervision_file_scope(user: User) -> frozenset[int] | None:
    """Units whose files of a 销号 this user may open, None for all of the bureau: as with the
    evidence of published figures. The list itself is seen by every business role."""
    return published_evidence_scope(user)


def can_see_late(user: User) -> bool:
    """Who is late: the planner sees all units, a reviewer those assigned."""
    return user.has_role(Role.PLANNER, Role.REVIEWER)


def completeness_scope(user: User) -> frozenset[int] | None:
    """Whose state of returns (not handed in, approved, how late) this user may read, None for all
    of the bureau: planner and leader all, a clerk the own unit, a reviewer the assigned ones."""
    return provisional_scope(user)


def can_hold_business(user: User) -> bool:
    """An account in use to which a business role may be given."""
    return user.is_active and not set(user.roles) - BUSINESS_ROLES


def can_see_handover(user: User, handover: Handover) -> bool:
    """Both parties, the office of the bureau, and the 系统管理员 who did it."""
    parties = {handover.from_user_id, handover.to_user_id}
    did_it = can_manage_accounts(user) and handover.by_id == user.pk
    return user.pk in parties or did_it or can_plan(user, handover.unit)


def can_read_handover(user: User, handover: Handover) -> bool:
    """Reasons and notes speak of business; a 系统管理员 sees only which work moved."""
    return can_see_handover(user, handover) and not can_manage_accounts(user)
