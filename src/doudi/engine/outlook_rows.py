"""What an aggregate may still be: over rows that may or may not count, with values in a range."""

from __future__ import annotations

from decimal import Decimal
from operator import gt
from typing import Any

from doudi.engine import ranges
from doudi.engine.outlook import Outlook, kleene
from doudi.engine.ranges import ANYTHING, UNKNOWN, Possible, Range, Values, one
from doudi.engine.subject import Subject
from doudi.engine.tree import Aggregate, KnownExceeds, Node

_NOTHING = one(Decimal(0))


def _aggregate(by: Outlook, node: Aggregate, subject: Subject) -> Possible:
    """The aggregate; of those that compare rows with each other (latest, different values, once per key) anything."""
    if node.once_per is not None or node.op in ("latest", "count_distinct"):
        return ANYTHING
    if node.op in ("any", "all", "exists"):
        return _truth(by, node, subject)
    if node.op == "count":
        return _count(by.rows(node, subject))
    return _sum(by, node, subject) if node.op == "sum" else _least_or_most(by, node, subject)


def _truth(by: Outlook, node: Aggregate, subject: Subject) -> Values:
    decides = node.op != "all"
    result = one(not decides)
    for row, holds in by.rows(node, subject):
        values = one(True) if node.value is None else by.truth(node.value, row)
        seen = frozenset(_counted(h, v, decides) for h in holds for v in values)
        result = kleene(result, seen, decides)
    return result


def _counted(holds: bool | None, value: bool | None, decides: bool) -> bool | None:
    """What one row adds: nothing where it does not count; what it does not know where that is not known."""
    if holds is False or value is (not decides):
        return not decides
    return None if holds is None else value


def _count(rows: list[tuple[Subject, Values]]) -> Possible:
    if any(holds == UNKNOWN for _, holds in rows):
        return UNKNOWN
    low = sum(False not in holds for _, holds in rows)
    return Range(Decimal(low), Decimal(len(rows)), any(None in holds for _, holds in rows))


def _sum(by: Outlook, node: Aggregate, subject: Subject) -> Possible:
    assert node.value is not None
    total: Possible = _NOTHING
    for row, holds in by.rows(node, subject):
        part = by.part(node.value, row) if True in holds else UNKNOWN
        if False in holds:
            part = ranges.either(part, _NOTHING)
        if None in holds:
            part = ranges.either(part, UNKNOWN)
        total = ranges.calculated("+", total, part)
        if ranges.is_never_known(total):
            return UNKNOWN
    return total


def _least_or_most(by: Outlook, node: Aggregate, subject: Subject) -> Possible:
    assert node.value is not None
    found: Possible = UNKNOWN
    rows = by.rows(node, subject)
    for row, holds in rows:
        found = ranges.either(found, by.part(node.value, row) if True in holds else UNKNOWN)
    is_sure = rows and all(
        holds == {True} and not ranges.may_be_unknown(by.part(node.value, row)) for row, holds in rows
    )
    if not is_sure:
        return found
    return found._replace(unknown=False) if isinstance(found, Range) else found - UNKNOWN


def _known_exceeds(by: Outlook, node: KnownExceeds, subject: Subject) -> Values:
    """Whether the known part alone exceeds; where it does not, unknown if anything may be unknown."""
    limit = by.part(node.limit, subject)
    if ranges.is_never_known(limit):
        return UNKNOWN
    known, may_doubt, must_doubt = _NOTHING, False, False
    total: Possible = known
    assert node.total.value is not None
    for row, holds in by.rows(node.total, subject):
        part = by.part(node.total.value, row) if True in holds else UNKNOWN
        doubt = None in holds or ranges.may_be_unknown(part)
        may_doubt, must_doubt = may_doubt or doubt, must_doubt or holds == UNKNOWN or ranges.is_never_known(part)
        if ranges.is_never_known(part):
            continue
        sure = part._replace(unknown=False) if isinstance(part, Range) else part - UNKNOWN
        total = ranges.calculated("+", total, sure if not doubt and holds == {True} else ranges.either(sure, _NOTHING))
    exceeds = ranges.compared(">", total, limit, gt)
    rest = ({None} if may_doubt else set()) | (set() if must_doubt else {False})
    found = {None} if None in exceeds else set()
    return frozenset(found | ({True} if True in exceeds else set()) | (rest if False in exceeds else set()))


ROW_WORKERS: dict[type[Node], Any] = {Aggregate: _aggregate, KnownExceeds: _known_exceeds}
