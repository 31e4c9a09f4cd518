"""Bounds of checked trees: a divisor is proved not zero, a total in known_exceeds not below zero, a value that may
not apply is guarded.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from doudi.engine.errors import PolicyError, Where
from doudi.engine.grammar import Source
from doudi.engine.tree import (
    BOOLEAN,
    Aggregate,
    And,
    Arithmetic,
    Call,
    Case,
    Coalesce,
    Compare,
    Const,
    Extreme,
    KnownExceeds,
    Node,
    Not,
    Or,
    Ref,
)
from doudi.engine.walk import children

ZERO = Decimal(0)
Guards = frozenset[Node]
LowOf = Callable[[Ref], Decimal | None]
NotApplicable = Callable[[Ref], tuple[Node, str] | None]
"""The condition under which a quantity does not apply, and its text."""


class Prover:
    """Proves one rule's tree. `low_of` gives the proved lower bound of a reference."""

    def __init__(self, source: Source, low_of: LowOf, not_applicable: NotApplicable) -> None:
        self._source, self._low_of, self._not_applicable = source, low_of, not_applicable

    def _at(self, text: str) -> Where:
        """Where in the formula; the first place when there are several."""
        return self._source.at(max(0, self._source.text.find(text)))

    def prove(self, node: Node, guards: Guards = frozenset()) -> None:
        """Raises PolicyError where a proof is missing."""
        if isinstance(node, Arithmetic) and node.op == "/" and not self._not_zero(node.right, guards):
            raise PolicyError("rule.division", self._at("/"))
        if isinstance(node, KnownExceeds):
            value = node.total.value
            low = self.low(value, guards) if value is not None else None
            if low is None or low < 0:
                raise PolicyError("rule.not_proved_positive", self._at("known_exceeds"))
        if isinstance(node, Ref):
            blank = self._not_applicable(node)
            if blank is not None and not _excluded(blank[0], guards):
                name = f"{node.entity}.{node.name}"
                raise PolicyError("rule.not_applicable_input", self._at(name), name=name, condition=blank[1])
        if isinstance(node, Case):
            self._case(node, guards)
            return
        for child in children(node):
            self.prove(child, guards)

    def _case(self, node: Case, guards: Guards) -> None:
        for test, value in node.branches:
            self.prove(test, guards)
            self.prove(value, guards | _holding(test))
            guards = guards | _holding(Not(BOOLEAN, test))
        self.prove(node.otherwise, guards)

    def _not_zero(self, node: Node, guards: Guards) -> bool:
        low = self.low(node, guards)
        if low is not None and low > 0:
            return True
        if isinstance(node, Const):
            return isinstance(node.value, Decimal) and node.value != 0
        return any(_says_not_zero(guard, node) for guard in guards)

    def low(self, node: Node, guards: Guards) -> Decimal | None:
        """A lower bound of a number, or None when nothing is known."""
        if isinstance(node, Const):
            return node.value if isinstance(node.value, Decimal) else None
        if isinstance(node, Ref):
            bounds = [b for b in (self._low_of(node), node.kind.minimum, _guarded_low(node, guards)) if b is not None]
            return max(bounds) if bounds else None
        if isinstance(node, Arithmetic):
            return self._low_of_arithmetic(node, guards)
        if isinstance(node, Extreme):
            lows = [self.low(o, guards) for o in node.operands]
            known = [low for low in lows if low is not None]
            if node.op == "greatest":
                return max(known) if known else None
            return min(known) if len(known) == len(lows) else None
        if isinstance(node, Case):
            return self._low_of_case(node, guards)
        if isinstance(node, Coalesce):
            return _least(self.low(node.operand, guards), self.low(node.default, guards))
        if isinstance(node, Aggregate):
            return self._low_of_aggregate(node, guards)
        if isinstance(node, Call) and node.function in ("monthly", "yearly", "round_to", "round_up_to"):
            low = self.low(node.arguments[0], guards)
            return ZERO if low is not None and low >= 0 else None
        return None

    def _low_of_arithmetic(self, node: Arithmetic, guards: Guards) -> Decimal | None:
        left, right = self.low(node.left, guards), self.low(node.right, guards)
        if left is None or right is None:
            return None
        if node.op == "+":
            return left + right
        if node.op == "*" and left >= 0 and right >= 0:
            return left * right
        return ZERO if node.op == "/" and left >= 0 and right >= 0 else None

    def _low_of_case(self, node: Case, guards: Guards) -> Decimal | None:
        lows: list[Decimal | None] = []
        for test, value in node.branches:
            if not _is_unknown(value):
                lows.append(self.low(value, guards | _holding(test)))
            guards = guards | _holding(Not(BOOLEAN, test))
        if not _is_unknown(node.otherwise):
            lows.append(self.low(node.otherwise, guards))
        return _least(*lows)

    def _low_of_aggregate(self, node: Aggregate, guards: Guards) -> Decimal | None:
        if node.op in ("count", "count_distinct"):
            return ZERO
        low = self.low(node.value, guards) if node.value is not None else None
        if node.op == "sum":
            return ZERO if low is not None and low >= 0 else None
        return low if node.op in ("min", "max", "latest") else None


def _is_unknown(node: Node) -> bool:
    return isinstance(node, Const) and node.value is None


def _least(*lows: Decimal | None) -> Decimal | None:
    known = [low for low in lows if low is not None]
    return min(known) if known and len(known) == len(lows) else None


def _holding(condition: Node) -> Guards:
    """What is known to be true when a condition is: its parts of `and`, and of a negated `or`."""
    if isinstance(condition, And):
        return frozenset().union(*(_holding(o) for o in condition.operands))
    if isinstance(condition, Not) and isinstance(condition.operand, Or):
        return frozenset().union(*(_holding(Not(BOOLEAN, o)) for o in condition.operand.operands))
    if isinstance(condition, Not) and isinstance(condition.operand, Not):
        return _holding(condition.operand.operand)
    return frozenset({condition})


def _excluded(condition: Node, guards: Guards) -> bool:
    """Whether the guards rule a condition out."""
    if _holding(Not(BOOLEAN, condition)) <= guards:
        return True
    if (
        isinstance(condition, Compare)
        and condition.op == "="
        and isinstance(condition.right, Const)
        and condition.right.value == 0
    ):
        return any(_says_not_zero(guard, condition.left) for guard in guards)
    return False


def _says_not_zero(guard: Node, node: Node) -> bool:
    negated = isinstance(guard, Not)
    compare = guard.operand if isinstance(guard, Not) else guard
    if not isinstance(compare, Compare) or compare.left != node or not isinstance(compare.right, Const):
        return False
    value = compare.right.value
    if not isinstance(value, Decimal):
        return False
    if negated:
        return (compare.op in ("=", "<=") and value == 0) or (compare.op == "<" and value > 0)
    return (compare.op in (">", "!=") and value == 0) or (compare.op in (">", ">=") and value > 0)


def _guarded_low(node: Ref, guards: Guards) -> Decimal | None:
    for guard in guards:
        if (
            isinstance(guard, Compare)
            and guard.left == node
            and isinstance(guard.right, Const)
            and isinstance(guard.right.value, Decimal)
        ):
            if guard.op == ">=" or (guard.op == ">" and node.kind.base != "integer"):
                return guard.right.value
            if guard.op == ">":
                return guard.right.value + 1
    return None
