"""Which rule holds for which item: its own row, else the row for all items, else what the program
checks by itself."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, groupby

from django.db.models import F

from indicators.models import (
    CheckKind,
    CheckKinds,
    CheckRule,
    DataItem,
    GapRule,
    Method,
    Nature,
    Severity,
    Term,
    TermRole,
)
from plans.models import Plan

# What is added up on one side; None counts the townships of the year.
Side = tuple[DataItem | None, ...]


@dataclass(frozen=True)
class Relation:
    """Two sides held against each other. Whoever answers for `first` answers for the finding."""

    rule: CheckRule
    first: Side
    second: Side

    @property
    def items(self) -> list[DataItem]:
        return [item for item in (*self.first, *self.second) if item]

    @property
    def by_unit(self) -> bool:
        """Township against township, instead of sum against sum."""
        sides = (*self.first, *self.second)
        return all(item is not None and item.by_township for item in sides)


class Rulebook:
    """The rules of one plan, from two queries."""

    def __init__(self, plan: Plan) -> None:
        found = CheckRule.objects.filter(plan=plan).select_related("item", "other_item")
        rows = sorted(found.order_by(), key=_place)  # a wide query is dear to order
        self._rows = {(row.kind, row.item_id, row.other_item_id): row for row in rows}
        self._fall = CheckRule(plan=plan, kind=CheckKind.FALL, severity=Severity.WARNING)
        shares = list(_shares(plan))
        own = [_relation(row) for row in self._rows.values() if row.other_item_id]
        automatic = {(one.first, one.second): one for one in shares if not self._has_row(one)}
        self.relations = [
            *(one for one in own if one.rule.is_active),
            *automatic.values(),
        ]
        of_two = [one for one in own if one.rule.kind in CheckKinds.OF_TWO]
        self._bound = _bound_together([*shares, *of_two])

    def rule(self, kind: str, item: DataItem) -> CheckRule | None:
        """The rule of this kind that this one item is held to."""
        row = self._rows.get((kind, item.pk, None)) or self._for_all(kind, item)
        return row if row is not None and row.is_active else None

    def rule_of_two(self, one: DataItem, other: DataItem) -> CheckRule | None:
        """两项同数: a row of either item, else the row for all. A part may well equal its whole,
        and with it another part of the same whole."""
        if frozenset({one.pk, other.pk}) in self._bound:
            return None
        own = [self._rows.get((CheckKind.SAME, item.pk, None)) for item in (one, other)]
        if given := [row for row in own if row]:
            return next((row for row in given if row.is_active), None)
        return self.rule(CheckKind.SAME, one)

    def _for_all(self, kind: str, item: DataItem) -> CheckRule | None:
        """Known rates of old years (历史数据) are held to no rule for all items; a running total
        grows by its nature, and only a running total must not fall."""
        running = item.nature == Nature.RUNNING
        if item.rate_of_id is not None or (kind == CheckKind.JUMP and running):
            return None
        if kind == CheckKind.FALL and not running:
            return None
        automatic = self._fall if kind == CheckKind.FALL else None
        return self._rows.get((kind, None, None), automatic)

    def _has_row(self, share: Relation) -> bool:
        """A row of the same pair stands in the share's place, also when it is switched off."""
        pair = [item.pk for item in share.items]
        return (CheckKind.PART, *pair) in self._rows


def _place(row: CheckRule) -> tuple[object, ...]:
    """As `CheckRule` is ordered: rules for all items first."""
    return (row.item is not None, row.item.order if row.item else 0, row.kind, row.pk)


def _relation(row: CheckRule) -> Relation:
    """For a sum over townships the department answers that holds it against its own figure."""
    item, other = (row.item,), (row.other_item,)
    return Relation(row, other, item) if row.kind == CheckKind.TOTAL else Relation(row, item, other)


def _bound_together(relations: list[Relation]) -> set[frozenset[int]]:
    """Pairs of items that may rightly say the same."""
    around: dict[int, set[int]] = defaultdict(set)
    for relation in relations:
        for whole in relation.second:
            around[whole.pk if whole else 0] |= {item.pk for item in relation.items}
    return {frozenset(pair) for items in around.values() for pair in combinations(items, 2)}


def _shares(plan: Plan) -> Iterator[Relation]:
    """Percentages of counts of the same year, plainly added (their gap is told in whole numbers):
    the numerator is part of the denominator. 3 workers per 100 beds are no share of the beds."""
    terms = Term.objects.filter(
        indicator__plan=plan,
        indicator__method=Method.RATIO,
        indicator__scale=100,
        indicator__display_unit__in=["%", "％"],
        indicator__gap_rule__in=[GapRule.NUMERATOR, GapRule.BOTH],
    )
    found = terms.select_related("item").annotate(place=F("indicator__order")).order_by()
    ordered = sorted(found, key=lambda term: (term.place, term.indicator_id, term.order))
    rule = CheckRule(plan=plan, kind=CheckKind.PART, severity=Severity.ERROR)
    for _, group in groupby(ordered, key=lambda term: term.indicator_id):
        parts = list(group)
        if all(term.lag == 0 and term.factor == 1 for term in parts):
            numerator, denominator = TermRole.NUMERATOR, TermRole.DENOMINATOR
            yield Relation(rule, _side(parts, numerator), _side(parts, denominator))


def _side(terms: list[Term], role: str) -> Side:
    return tuple(term.item for term in terms if term.role == role)
