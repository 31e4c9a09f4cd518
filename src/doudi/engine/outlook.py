"""What a quantity may still be, when some facts are answered by anything in a range and the rest stays as it is.

Formulas are worked out over possible values (`ranges`), always too wide rather than too narrow: what is known here for
every answer is known for every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from doudi.engine import ranges
from doudi.engine.python import FUNCTIONS, Program
from doudi.engine.quantities import Rulebook
from doudi.engine.ranges import ANYTHING, UNKNOWN, Possible, Range, Values, one
from doudi.engine.subject import Subject
from doudi.engine.tree import (
    Aggregate,
    And,
    Arithmetic,
    Call,
    Case,
    Coalesce,
    Compare,
    Extreme,
    In,
    IsKnown,
    Negate,
    Node,
    Not,
    Or,
    Ref,
)

_COMPARE = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_RISING = ("monthly", "yearly", "round_to", "round_up_to")
Answers = Mapping[tuple[str, int], Possible]
"""By qualified name and identity of the subject."""


class Outlook:
    """One case with possible answers to some of its facts. `is_touched` says what depends on them."""

    def __init__(
        self,
        rulebook: Rulebook,
        program: Program,
        workers: Mapping[type[Node], Any],
        answers: Answers,
        is_touched: Callable[[Node], bool],
    ) -> None:
        self._rulebook, self._program, self._workers = rulebook, program, workers
        self._answers, self._is_touched = answers, is_touched
        self._memo: dict[tuple[str, int], Possible] = {}

    def named(self, entity: str, name: str, subject: Subject) -> Possible:
        """What a fact or quantity of a subject may be."""
        key = (f"{entity}.{name}", id(subject))
        if key in self._answers:
            return self._answers[key]
        if key not in self._memo:
            self._memo[key] = self._named(key[0], name, subject)
        return self._memo[key]

    def _named(self, qualified: str, name: str, subject: Subject) -> Possible:
        quantity = self._rulebook.quantities.get(qualified)
        is_stated = quantity is not None and quantity.given and name in subject.facts
        if quantity is None or is_stated:
            return one(self._program.value(subject, name))
        return self.part(quantity.formula, subject)

    def part(self, node: Node, subject: Subject) -> Possible:
        """What a part of a formula may be."""
        if not self._is_touched(node):
            return one(self._program.evaluate(node, subject))
        worker = self._workers.get(type(node))
        return worker(self, node, subject) if worker is not None else ANYTHING

    def truth(self, node: Node, subject: Subject) -> Values:
        """What a condition may be."""
        found = self.part(node, subject)
        return found if isinstance(found, frozenset) else frozenset([True, False, *([None] if found.unknown else [])])

    def rows(self, node: Aggregate, subject: Subject) -> list[tuple[Subject, Values]]:
        """The rows that may count, each with its condition."""
        found = []
        for row in self._program.rows_of(node, subject):
            holds = self.truth(node.where, row) if node.where is not None else one(True)
            if row.phantom:
                holds = frozenset(None if value is not False else False for value in holds)
            if holds != {False}:
                found.append((row, holds))
        return found


def _ref(by: Outlook, node: Ref, subject: Subject) -> Possible:
    household = subject.household or subject
    if node.entity == "parameter":
        return ANYTHING
    if node.via_head:
        return by.named("person", node.name, household.head) if household.head is not None else UNKNOWN
    owner = (
        household if node.entity == "household" else (subject.person or subject) if node.entity == "person" else subject
    )
    return by.named(node.entity, node.name, owner)


def _and_or(by: Outlook, node: And | Or, subject: Subject) -> Possible:
    decides = isinstance(node, Or)
    result = one(not decides)
    for operand in node.operands:
        result = kleene(result, by.truth(operand, subject), decides)
        if result == {decides}:
            return result
    return result


def kleene(first: Values, second: Values, decides: bool) -> Values:
    """or where True decides, and where False does."""
    found: set[bool | None] = set()
    for left in first:
        for right in second:
            either = decides in (left, right)
            found.add(decides if either else None if None in (left, right) else not decides)
    return frozenset(found)


def _compare(by: Outlook, node: Compare, subject: Subject) -> Possible:
    left, right = by.part(node.left, subject), by.part(node.right, subject)
    return ranges.compared(node.op, left, right, _COMPARE[node.op])


def _not(by: Outlook, node: Not, subject: Subject) -> Possible:
    return frozenset(None if value is None else not value for value in by.truth(node.operand, subject))


def _in(by: Outlook, node: In, subject: Subject) -> Possible:
    found = by.part(node.operand, subject)
    if isinstance(found, frozenset):
        return frozenset(None if value is None else value in node.values for value in found)
    return frozenset([True, False, *([None] if found.unknown else [])])


def _is_known(by: Outlook, node: IsKnown, subject: Subject) -> Possible:
    found = by.part(node.operand, subject)
    if ranges.is_never_known(found):
        return one(False)
    return ranges.TRUTHS if ranges.may_be_unknown(found) else one(True)


def _arithmetic(by: Outlook, node: Arithmetic, subject: Subject) -> Possible:
    return ranges.calculated(node.op, by.part(node.left, subject), by.part(node.right, subject))


def _negate(by: Outlook, node: Negate, subject: Subject) -> Possible:
    return ranges.calculated("-", one(0), by.part(node.operand, subject))


def _case(by: Outlook, node: Case, subject: Subject) -> Possible:
    result: Possible | None = None
    for test, value in node.branches:
        holds = by.truth(test, subject)
        found: list[Possible] = [UNKNOWN] if None in holds else []
        found += [by.part(value, subject)] if True in holds else []
        for item in found:
            result = item if result is None else ranges.either(result, item)
        if False not in holds:
            return ANYTHING if result is None else result
    last = by.part(node.otherwise, subject)
    return last if result is None else ranges.either(result, last)


def _coalesce(by: Outlook, node: Coalesce, subject: Subject) -> Possible:
    found = by.part(node.operand, subject)
    if not ranges.may_be_unknown(found):
        return found
    default = by.part(node.default, subject)
    if ranges.is_never_known(found):
        return default
    known = found._replace(unknown=False) if isinstance(found, Range) else found - UNKNOWN
    return ranges.either(known, default)


def _extreme(by: Outlook, node: Extreme, subject: Subject) -> Possible:
    return ranges.extreme(node.op, [by.part(operand, subject) for operand in node.operands])


def _call(by: Outlook, node: Call, subject: Subject) -> Possible:
    parts = [by.part(argument, subject) for argument in node.arguments]
    act: Any = FUNCTIONS[node.function]
    if node.function in _RISING and all(isinstance(part, frozenset) and len(part) == 1 for part in parts[1:]):
        steps = [next(iter(part)) for part in parts[1:] if isinstance(part, frozenset)]
        act, parts = partial(_stepped, act, steps), parts[:1]
    try:
        return ranges.rising(act, parts[0]) if node.function in _RISING else ranges.applied(act, *parts)
    except (ArithmeticError, ValueError):  # beyond the calendar, or too large
        return ANYTHING


def _stepped(act: Any, steps: list[Any], value: Any) -> Any:
    return act(value, *steps)


WORKERS: dict[type[Node], Any] = {
    Ref: _ref, And: _and_or, Or: _and_or, Compare: _compare, Not: _not, In: _in, IsKnown: _is_known,
    Arithmetic: _arithmetic, Negate: _negate, Case: _case, Coalesce: _coalesce, Extreme: _extreme, Call: _call,
}  # fmt: skip
