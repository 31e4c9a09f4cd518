"""How many decimals the value of a part can have at most; a product that surely has ten needs no rounding."""

from __future__ import annotations

from decimal import Decimal

from doudi.engine.quantities import Rulebook
from doudi.engine.tree import Aggregate, Arithmetic, Call, Case, Coalesce, Const, Extreme, Kind, Negate, Node, Ref

MOST = 10
"""Decimals of an intermediate value (docs/reference/semantics.md: numbers)."""


class Decimals:
    """The decimals of the values of one rulebook."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._known: dict[str, int] = {}

    def of(self, node: Node) -> int:
        """At most so many, never more than MOST."""
        if isinstance(node, Const):
            return _written(node.value)
        if isinstance(node, Ref):
            return self._of_ref(node)
        if isinstance(node, Arithmetic):
            left, right = self.of(node.left), self.of(node.right)
            return MOST if node.op == "/" else min(MOST, left + right) if node.op == "*" else max(left, right)
        if isinstance(node, Negate):
            return self.of(node.operand)
        if isinstance(node, Case):
            return max(self.of(part) for part in (*(value for _, value in node.branches), node.otherwise))
        if isinstance(node, Coalesce):
            return max(self.of(node.operand), self.of(node.default))
        if isinstance(node, Extreme):
            return max(self.of(part) for part in node.operands)
        return self._of_rest(node)

    def _of_rest(self, node: Node) -> int:
        if isinstance(node, Aggregate):
            return 0 if node.op.startswith("count") or node.value is None else self.of(node.value)
        if isinstance(node, Call) and node.function in ("round_to", "round_up_to"):
            return self.of(node.arguments[1])
        if isinstance(node, Call) and node.function == "yearly":
            return self.of(node.arguments[0])
        return 0 if node.kind.base == "integer" else MOST

    def _of_ref(self, node: Ref) -> int:
        if node.entity == "parameter":
            return max((_written(v.value) for v in self._rulebook.parameters[node.name].values), default=0)
        qualified = f"{node.entity}.{node.name}"
        quantity = self._rulebook.quantities.get(qualified)
        if quantity is None:
            return held_with(node.kind)
        if qualified not in self._known:
            self._known[qualified] = MOST
            own = self.of(quantity.formula)
            self._known[qualified] = max(own, held_with(quantity.kind)) if quantity.given else own
        return self._known[qualified]


def held_with(kind: Kind) -> int:
    """The decimals a stated value of a kind is held with."""
    return 0 if kind.base == "integer" else MOST if kind.scale is None else kind.scale


def _written(value: object) -> int:
    if not isinstance(value, Decimal):
        return 0
    exponent = value.as_tuple().exponent
    return min(MOST, max(0, -exponent)) if isinstance(exponent, int) else MOST
