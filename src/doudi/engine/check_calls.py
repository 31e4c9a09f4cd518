"""Checks of `case` and of functions: dates, rounding, periods, areas, discretion, outcomes, known_exceeds."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from doudi.engine.check_kinds import KindChecker, number_kind
from doudi.engine.grammar import Syntax
from doudi.engine.reading import nearest
from doudi.engine.tree import (
    BOOLEAN,
    Aggregate,
    Call,
    Case,
    Coalesce,
    Const,
    Extreme,
    Kind,
    KnownExceeds,
    Node,
    Ref,
)

AREA_LEVELS = ("province", "prefecture", "county", "township", "village")


class CallChecker(KindChecker):
    """Case and function calls."""

    def _case(self, syntax: Syntax, scope: str) -> Node:
        values = [self.check(p, scope) for p in (*syntax.parts[1:-1:2], syntax.parts[-1])]
        sides = [*syntax.parts[1:-1:2], syntax.parts[-1]]
        kind = self._common(values, sides)
        values = [self._fit(v, kind, s) if isinstance(v, Const) else v for v, s in zip(values, sides, strict=True)]
        tests = [self._boolean(p, scope) for p in syntax.parts[:-1:2]]
        return Case(kind, tuple(zip(tests, values[:-1], strict=True)), values[-1])

    def _common(self, nodes: list[Node], sides: list[Syntax]) -> Kind:
        typed = [n for n in nodes if not isinstance(n, Const)] or nodes
        first = typed[0].kind
        numbers = ("number", "integer")
        for node, side in zip(nodes, sides, strict=True):
            if first.base in numbers and node.kind.base in numbers:
                self._same_unit(node, first.unit, side)
            elif node.kind.base != first.base and not (isinstance(node, Const) and first.base == "area"):
                raise self._error(
                    "rule.type_mismatch", side, what=side.text or side.op, expected=first.base, found=node.kind.base
                )
        if first.base in numbers:
            return number_kind(first.unit, *nodes)
        return Kind(first.base, first.unit, codes=first.codes)

    def _call(self, syntax: Syntax, scope: str) -> Node:
        name, parts = syntax.text, list(syntax.parts)
        if name in ("least", "greatest"):
            nodes = [self._numeric(p, scope) for p in parts] if len(parts) >= 2 else []
            if not nodes:
                raise self._error("rule.arguments", syntax, name=name, expected="2+", found=len(parts))
            return Extreme(self._common(nodes, parts), name, tuple(nodes))  # type: ignore[arg-type]
        if name not in _CALLS:
            raise self._error("rule.function_unknown", syntax, nearest(name, [*_CALLS, "least", "greatest"]), name=name)
        count, method = _CALLS[name]
        if len(parts) != count:
            raise self._error("rule.arguments", syntax, name=name, expected=count, found=len(parts))
        return method(self, syntax, scope)

    def _coalesce(self, syntax: Syntax, scope: str) -> Node:
        nodes = [self.check(p, scope) for p in syntax.parts]
        kind = self._common(nodes, list(syntax.parts))
        default = self._fit(nodes[1], nodes[0].kind, syntax.parts[1]) if isinstance(nodes[1], Const) else nodes[1]
        return Coalesce(kind, nodes[0], default)

    def _dated(self, syntax: Syntax, scope: str, index: int) -> Node:
        node = self.check(syntax.parts[index], scope)
        if node.kind.base not in ("date", "month"):
            raise self._error(
                "rule.type_mismatch", syntax.parts[index], what=syntax.text, expected="date", found=node.kind.base
            )
        return node

    def _between(self, syntax: Syntax, scope: str) -> Node:
        unit = "years" if syntax.text == "age_on" else "months"
        return Call(
            Kind("integer", unit, 0), syntax.text, (self._dated(syntax, scope, 0), self._dated(syntax, scope, 1))
        )

    def _same_month(self, syntax: Syntax, scope: str) -> Node:
        return Call(BOOLEAN, syntax.text, (self._dated(syntax, scope, 0), self._dated(syntax, scope, 1)))

    def _shift(self, syntax: Syntax, scope: str) -> Node:
        day, months = self._dated(syntax, scope, 0), self._numeric(syntax.parts[1], scope)
        if months.kind.base != "integer":
            raise self._error(
                "rule.type_mismatch", syntax.parts[1], what=syntax.text, expected="integer", found="number"
            )
        return Call(Kind(day.kind.base), syntax.text, (day, months))

    def _month_of(self, syntax: Syntax, scope: str) -> Node:
        return Call(Kind("month"), syntax.text, (self._dated(syntax, scope, 0),))

    def _rounding(self, syntax: Syntax, scope: str) -> Node:
        value, step = self._numeric(syntax.parts[0], scope), self._numeric(syntax.parts[1], scope)
        if not isinstance(step, Const) or not isinstance(step.value, Decimal) or step.value <= 0:
            raise self._error("rule.step_not_constant", syntax.parts[1])
        return Call(Kind("number", value.kind.unit), syntax.text, (value, step))

    def _period(self, syntax: Syntax, scope: str) -> Node:
        wanted, given = ("yuan/month", "yuan/year") if syntax.text == "monthly" else ("yuan/year", "yuan/month")
        value = self._numeric(syntax.parts[0], scope)
        if value.kind.unit != given:
            raise self._error("rule.unit_mismatch", syntax.parts[0], left=value.kind.unit, right=given)
        return Call(Kind("number", wanted), syntax.text, (value,))

    def _area_at(self, syntax: Syntax, scope: str) -> Node:
        area, level = self.check(syntax.parts[0], scope), syntax.parts[1].text
        if area.kind.base != "area" or level not in AREA_LEVELS:
            raise self._error(
                "rule.type_mismatch",
                syntax,
                what="area_at",
                expected=" | ".join(AREA_LEVELS),
                found=level or area.kind.base,
            )
        return Call(Kind("area"), "area_at", (area, Const(Kind("code"), level)))

    def _discretion(self, syntax: Syntax, scope: str) -> Node:
        """A choice about the person where the formula is a person's and there is such a one, else the household's."""
        name = f"discretion_{syntax.parts[0].text}"
        kind = self._names.kind("person", name) if scope != "household" else None
        return Ref(kind, "person", name) if kind is not None else self._made("discretion_{}", syntax)

    def _outcome(self, syntax: Syntax, scope: str) -> Node:
        return self._made("{}__outcome", syntax)

    def _made(self, pattern: str, syntax: Syntax) -> Node:
        """A name made of the word in brackets: of a programme or a choice."""
        word, (before, after) = syntax.parts[0].text, pattern.split("{}")
        kind = self._names.kind("household", pattern.format(word))
        if kind is None:
            known = [
                n.removeprefix("household." + before).removesuffix(after)
                for n in self._names.all_qualified()
                if n.startswith("household." + before) and n.endswith(after)
            ]
            raise self._error("rule.name_unknown", syntax.parts[0], nearest(word, known), name=f"{syntax.text}({word})")
        return Ref(kind, "household", pattern.format(word))

    def _known_exceeds(self, syntax: Syntax, scope: str) -> Node:
        total, limit = self.check(syntax.parts[0], scope), self._numeric(syntax.parts[1], scope)
        if not isinstance(total, Aggregate) or total.op != "sum" or total.once_per is not None:
            raise self._error(
                "rule.type_mismatch", syntax.parts[0], what="known_exceeds", expected="sum(…)", found=syntax.parts[0].op
            )
        self._same_unit(limit, total.kind.unit, syntax.parts[1])
        return KnownExceeds(BOOLEAN, total, limit)


_CALLS: dict[str, tuple[int, Callable[[CallChecker, Syntax, str], Node]]] = {
    "coalesce": (2, CallChecker._coalesce),
    "age_on": (2, CallChecker._between),
    "full_months_between": (2, CallChecker._between),
    "months_before": (2, CallChecker._shift),
    "add_months": (2, CallChecker._shift),
    "same_month": (2, CallChecker._same_month),
    "month_of": (1, CallChecker._month_of),
    "round_to": (2, CallChecker._rounding),
    "round_up_to": (2, CallChecker._rounding),
    "monthly": (1, CallChecker._period),
    "yearly": (1, CallChecker._period),
    "area_at": (2, CallChecker._area_at),
    "discretion": (1, CallChecker._discretion),
    "outcome": (1, CallChecker._outcome),
    "known_exceeds": (2, CallChecker._known_exceeds),
}
