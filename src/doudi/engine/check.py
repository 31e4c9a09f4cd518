"""Syntax → checked tree: every name known, every kind and unit right. Bounds (division, ≥ 0) are proved afterwards,
in `prove`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from doudi.engine.check_aggregates import AggregateChecker
from doudi.engine.check_calls import CallChecker
from doudi.engine.check_kinds import number_kind
from doudi.engine.grammar import Syntax
from doudi.engine.reading import nearest
from doudi.engine.tree import (
    BOOLEAN,
    And,
    Arithmetic,
    AsOf,
    Compare,
    Const,
    In,
    Kind,
    Negate,
    Node,
    Not,
    Or,
    Ref,
)
from doudi.engine.units import product, quotient

DATE = Kind("date")


class Checker(CallChecker, AggregateChecker):
    """Checks one formula. `scope` is the entity it belongs to; `bare` lets column names stand alone (feed filters)."""

    def formula(self, syntax: Syntax, wanted: Kind | None = None) -> Node:
        """The checked tree; with `wanted`, its kind must fit."""
        node = self.check(syntax, self._owner)
        if wanted is not None:
            node = self._fit(node, wanted, syntax)
        return node

    def check(self, syntax: Syntax, scope: str) -> Node:
        """One node in a scope."""
        method: Callable[[Syntax, str], Node] = getattr(self, "_" + _METHODS.get(syntax.op, syntax.op))
        return method(syntax, scope)

    # -- leaves ------------------------------------------------------------------------------------------------------

    def _number(self, syntax: Syntax, scope: str) -> Node:
        whole = "." not in syntax.text
        return Const(Kind("integer" if whole else "number", "none", 0 if whole else None), Decimal(syntax.text))

    def _text(self, syntax: Syntax, scope: str) -> Node:
        return Const(Kind("code"), syntax.text)

    def _literal(self, syntax: Syntax, scope: str) -> Node:
        return Const(BOOLEAN, syntax.text == "true")

    def _group(self, syntax: Syntax, scope: str) -> Node:
        return self.check(syntax.parts[0], scope)

    def _name(self, syntax: Syntax, scope: str) -> Node:
        parts = syntax.text.split(".")
        if syntax.text == "as_of":
            return AsOf(DATE)
        if len(parts) == 1:
            return self._bare_name(syntax, scope)
        if parts[:2] == ["household", "head"] and len(parts) == 3:
            return Ref(self._kind_of("person", parts[2], syntax), "person", parts[2], via_head=True)
        if len(parts) != 2:
            raise self._error("rule.name_unknown", syntax, name=syntax.text)
        entity, name = parts
        kind = self._kind_of(entity, name, syntax)
        if entity not in self._names.visible_from(scope):
            raise self._error("rule.out_of_scope", syntax, name=syntax.text, scope=scope)
        return Ref(kind, entity, name)

    def _bare_name(self, syntax: Syntax, scope: str) -> Node:
        if self._bare and (kind := self._names.kind(scope, syntax.text)):
            return Ref(kind, scope, syntax.text)
        parameter = self._names.parameter(syntax.text)
        if parameter is not None:
            return Ref(parameter, "parameter", syntax.text)
        if scope not in ("household", "person") and (kind := self._names.kind(scope, syntax.text)):
            return Ref(kind, scope, syntax.text)
        if syntax.text in self._names.all_codes:
            return Const(Kind("code"), syntax.text)
        raise self._error("rule.name_unknown", syntax, nearest(syntax.text, self._names.all_bare()), name=syntax.text)

    # -- logic and comparison ------------------------------------------------------------------------------------------

    def _not(self, syntax: Syntax, scope: str) -> Node:
        return Not(BOOLEAN, self._boolean(syntax.parts[0], scope))

    def _and(self, syntax: Syntax, scope: str) -> Node:
        return And(BOOLEAN, tuple(self._boolean(p, scope) for p in syntax.parts))

    def _or(self, syntax: Syntax, scope: str) -> Node:
        return Or(BOOLEAN, tuple(self._boolean(p, scope) for p in syntax.parts))

    def _comparison(self, syntax: Syntax, scope: str) -> Node:
        left, right = (self.check(p, scope) for p in syntax.parts)
        left_side, right_side = syntax.parts
        if isinstance(left, Const) and isinstance(right, Const):
            raise self._error("rule.two_constants", syntax)
        if left.kind.base in ("code", "area") or right.kind.base in ("code", "area"):
            if syntax.op not in ("=", "!="):
                raise self._error("rule.type_mismatch", syntax, what=syntax.op, expected="number", found="code")
            if isinstance(right, Const):
                right = self._fit(right, left.kind, right_side)
            elif isinstance(left, Const):
                left = self._fit(left, right.kind, left_side)
        numbers = ("number", "integer")
        if left.kind.base in numbers and right.kind.base in numbers:
            if not (isinstance(left, Const) or isinstance(right, Const)):
                self._same_unit(right, left.kind.unit, syntax)
        elif left.kind.base != right.kind.base:
            raise self._error(
                "rule.type_mismatch",
                right_side,
                what=right_side.text or syntax.op,
                expected=left.kind.base,
                found=right.kind.base,
            )
        elif left.kind.base == "boolean" and syntax.op not in ("=", "!="):
            raise self._error("rule.type_mismatch", syntax, what=syntax.op, expected="number", found="boolean")
        return Compare(BOOLEAN, syntax.op, left, right)  # type: ignore[arg-type]

    def _in(self, syntax: Syntax, scope: str) -> Node:
        operand = self.check(syntax.parts[0], scope)
        if operand.kind.base not in ("code", "area"):
            raise self._error(
                "rule.type_mismatch", syntax.parts[0], what="in", expected="code", found=operand.kind.base
            )
        values = tuple(
            str(self._code_in(Const(Kind("code"), part.text), operand.kind, part).value) for part in syntax.parts[1:]
        )
        return In(BOOLEAN, operand, values)

    # -- arithmetic ----------------------------------------------------------------------------------------------------

    def _sum_or_difference(self, syntax: Syntax, scope: str) -> Node:
        left, right = (self._numeric(p, scope) for p in syntax.parts)
        if isinstance(left, Const) and not isinstance(right, Const):
            unit = right.kind.unit
        else:
            unit = left.kind.unit
            self._same_unit(right, unit, syntax)
        return Arithmetic(number_kind(unit, left, right), syntax.op, left, right)  # type: ignore[arg-type]

    def _product(self, syntax: Syntax, scope: str) -> Node:
        left, right = (self._numeric(p, scope) for p in syntax.parts)
        unit = product(left.kind.unit, right.kind.unit)
        if unit is None:
            raise self._error("rule.unit_mismatch", syntax, left=left.kind.unit, right=right.kind.unit)
        return Arithmetic(number_kind(unit, left, right), "*", left, right)

    def _division(self, syntax: Syntax, scope: str) -> Node:
        left, right = (self._numeric(p, scope) for p in syntax.parts)
        unit = quotient(left.kind.unit, right.kind.unit)
        if unit is None:
            raise self._error("rule.unit_mismatch", syntax, left=left.kind.unit, right=right.kind.unit)
        return Arithmetic(Kind("number", unit), "/", left, right)

    def _negate(self, syntax: Syntax, scope: str) -> Node:
        operand = self._numeric(syntax.parts[0], scope)
        return Negate(Kind(operand.kind.base, operand.kind.unit, operand.kind.scale), operand)


_METHODS = dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), "comparison") | {
    "+": "sum_or_difference",
    "-": "sum_or_difference",
    "*": "product",
    "/": "division",
    "boolean": "literal",
    "word": "text",
}
