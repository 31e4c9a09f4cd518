"""What a place has settled for good: switches that have one value on every day in all of the place.

What such a switch turns off is left out of the rules when the rulebook is made: it is neither asked, read nor worked
out, and nothing it would have needed can be missing. Only logic is decided here, never a sum; text and articles stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from doudi.engine.quantities import Parameter, Quantity
from doudi.engine.tree import BOOLEAN, And, Case, Compare, Const, In, IsKnown, Node, Not, Or, Ref
from doudi.engine.walk import rewritten

_OPEN = object()
"""Not settled."""
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def settled(ordered: Mapping[str, Quantity], parameters: Mapping[str, Parameter]) -> dict[str, Quantity]:
    """The quantities with all settled branches cut off, in the same order."""
    switches = {name: value for name, one in parameters.items() if (value := _only_value(one)) is not _OPEN}
    if not switches:
        return dict(ordered)
    work = _Settler(switches)
    found: dict[str, Quantity] = {}
    for name, quantity in ordered.items():
        formula = rewritten(quantity.formula, work.change)
        value = work.value(formula)
        if quantity.origin != "rows" and value is not _OPEN:
            work.known[name] = value
        same = _same_as(formula, quantity, found)
        if same is not None and quantity.origin == "rule" and formula != quantity.formula:
            work.others[name] = same
        found[name] = replace(quantity, formula=formula)
    return found


def _same_as(formula: Node, quantity: Quantity, found: Mapping[str, Quantity]) -> Ref | None:
    """Another name that is all that is left of a rule: what reads the rule may read that instead."""
    if isinstance(formula, Ref):
        left: Node = formula
    elif isinstance(formula, Case) and quantity.not_applicable == formula.branches[0][0] and len(formula.branches) == 1:
        left = formula.otherwise
        other = found.get(f"{left.entity}.{left.name}") if isinstance(left, Ref) else None
        if other is None or other.not_applicable != quantity.not_applicable:
            return None
    else:
        return None
    return left if isinstance(left, Ref) and not left.via_head else None


def _only_value(parameter: Parameter) -> Any:
    """The one value of a parameter, if it can have no other and no gap."""
    if parameter.by is not None or not parameter.always:
        return _OPEN
    values = {value.value for value in parameter.values}
    return values.pop() if len(values) == 1 else _OPEN


class _Settler:
    def __init__(self, switches: Mapping[str, Any]) -> None:
        self._switches = switches
        self.known: dict[str, Any] = {}
        self.others: dict[str, Ref] = {}

    def value(self, node: Node) -> Any:
        """The settled value of a node whose children have been changed already."""
        if isinstance(node, Const) and node.value is not None:
            return node.value
        if isinstance(node, Ref) and not node.via_head:
            if node.entity == "parameter":
                return self._switches.get(node.name, _OPEN)
            return self.known.get(f"{node.entity}.{node.name}", _OPEN)
        return _OPEN

    def change(self, node: Node) -> Node:
        """The node, or what is left of it."""
        if isinstance(node, Ref):
            return self._ref(node)
        if isinstance(node, (And, Or)):
            return self._joined(node)
        if isinstance(node, Case):
            return self._case(node)
        if isinstance(node, Not):
            value = self.value(node.operand)
            return node if value is _OPEN else Const(BOOLEAN, not value)
        if isinstance(node, Compare):
            return self._compare(node)
        if isinstance(node, In):
            value = self.value(node.operand)
            return node if value is _OPEN else Const(BOOLEAN, value in node.values)
        if isinstance(node, IsKnown) and self.value(node.operand) is not _OPEN:
            return Const(BOOLEAN, True)
        return node

    def _ref(self, node: Ref) -> Node:
        other = self.others.get(f"{node.entity}.{node.name}")
        if other is None or (node.via_head and other.entity != node.entity):
            return node
        return replace(other, kind=node.kind, via_head=node.via_head)

    def _joined(self, node: And | Or) -> Node:
        decides = isinstance(node, Or)
        values = [self.value(one) for one in node.operands]
        if decides in values:
            return Const(BOOLEAN, decides)
        left = tuple(one for one, value in zip(node.operands, values, strict=True) if value is _OPEN)
        if len(left) < 2:
            return left[0] if left else Const(BOOLEAN, not decides)
        return replace(node, operands=left)

    def _case(self, node: Case) -> Node:
        branches: list[tuple[Node, Node]] = []
        for test, value in node.branches:
            holds = self.value(test)
            if holds is True:
                return replace(node, branches=tuple(branches), otherwise=value) if branches else value
            if holds is _OPEN:
                branches.append((test, value))
        return replace(node, branches=tuple(branches)) if branches else node.otherwise

    def _compare(self, node: Compare) -> Node:
        left, right = self.value(node.left), self.value(node.right)
        if left is _OPEN or right is _OPEN or isinstance(left, bool) != isinstance(right, bool):
            return node
        numbers = (int, Decimal)
        if type(left) is not type(right) and not (isinstance(left, numbers) and isinstance(right, numbers)):
            return node
        return Const(BOOLEAN, _COMPARE[node.op](left, right))
