"""Who may do what: every rule about people stands here as a small named predicate
(`domain.md` §1). Pages, admin, import, API and commands ask these and nothing else.

A predicate takes the user and what is to be touched and answers yes or no; it never writes."""

from collections.abc import Iterable

from organization.models import Role, Unit, User


def _in_bureau(user: User, unit: Unit | None) -> bool:
    return user.unit is not None and unit is not None and user.unit.root_id == unit.root_id


def can_see_published(user: User) -> bool:
    """Dashboard, indicator pages, exports, definitions, targets."""
    return user.has_role(Role.CLERK, Role.REVIEWER, Role.PLANNER, Role.LEADER)


def can_see_plan_of(user: User, bureau: Unit) -> bool:
    return can_see_published(user) and _in_bureau(user, bureau)


def provisional_scope(user: User) -> frozenset[int] | None:
    """Whose unpublished figures the switch 含未发布数据 may show to this user, as indicator values.

    None: those of every unit (planner, leader); else the ids of the units: a clerk's own, a
    reviewer's assigned ones (the bureau assigned means all)."""
    if user.has_role(Role.PLANNER, Role.LEADER):
        return None
    own = {user.unit_id} if user.has_role(Role.CLERK) and user.unit_id else set()
    if not user.has_role(Role.REVIEWER):
        return frozenset(own)
    assigned = set(user.review_units.values_list("pk", flat=True))
    if user.unit is not None and user.unit.root_id in assigned:
        return None
    return frozenset(own | assigned)


def can_enter_for(user: User, unit: Unit) -> bool:
    """A clerk for the own unit; the planner for any unit of the bureau (代录)."""
    if user.has_role(Role.PLANNER) and _in_bureau(user, unit):
        return True
    return user.has_role(Role.CLERK) and user.unit_id == unit.pk


def enters_for_other(user: User, unit: Unit) -> bool:
    """An entry is 代录 when it is not made by a clerk of the unit itself."""
    return not (user.has_role(Role.CLERK) and user.unit_id == unit.pk)


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
    """Clerk: the own unit. Reviewer: assigned units, no drafts. Planner: all of the bureau."""
    if can_enter_for(user, unit):
        return True
    return not is_draft and can_review(user, unit)


def can_manage_accounts(user: User) -> bool:
    return user.has_role(Role.SYSADMIN)


def can_see_units(user: User) -> bool:
    return user.has_role(Role.SYSADMIN, Role.PLANNER)
