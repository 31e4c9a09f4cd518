"""Syntax → checked tree: every name known, every kind and unit right. Bounds (division, ≥ 0) are proved afterwards, in `prove`."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from doudi.engine.errors import PolicyError
from doudi.engine.grammar import Source, Syntax
from doudi.engine.names import Names
from doudi.engine.reading import nearest
from doudi.engine.tree import (
    BOOLEAN,
    Aggregate,
    And,
    Arithmetic,
    AsOf,
    Call,
    Case,
    Coalesce,
    Compare,
    Const,
    Extreme,
    In,
    Kind,
    KnownExceeds,
    Negate,
    Node,
    Not,
    Or,
    Ref,
)
from doudi.engine.units import product, quotient

DATE = Kind("date")
COUNT = Kind("integer", "none", 0, minimum=Decimal(0))
AREA_LEVELS = ("province", "prefecture", "county", "township", "village")


class Checker:
    """Checks one formula. `scope` is the entity it belongs to; `bare` lets column names stand alone (feed filters)."""

    def __init__(self, names: Names, source: Source, scope: str, *, bare: bool = False) -> None:
        self._names, self._source, self._bare = names, source, bare
        self._owner = scope

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

    # -- errors and kinds --------------------------------------------------------------------------------------------

    def _error(self, code: str, syntax: Syntax, suggestion: str | None = None, **context: object) -> PolicyError:
        return PolicyError(code, self._source.at(syntax.at), suggestion=suggestion, **context)

    def _fit(self, node: Node, wanted: Kind, syntax: Syntax) -> Node:
        have = node.kind
        if isinstance(node, Const) and wanted.base in ("code", "area") and have.base == "code":
            return self._code_in(node, wanted, syntax)
        numbers = ("number", "integer")
        if wanted.base in numbers and have.base in numbers:
            if wanted.base == "integer" and have.base == "number":
                raise self._error(
                    "rule.type_mismatch", syntax, what=syntax.text or syntax.op, expected="integer", found="number"
                )
            self._same_unit(node, wanted.unit, syntax)
            return node
        if wanted.base != have.base:
            raise self._error(
                "rule.type_mismatch", syntax, what=syntax.text or syntax.op, expected=wanted.base, found=have.base
            )
        return node

    def _same_unit(self, node: Node, unit: str, syntax: Syntax) -> None:
        if isinstance(node, Const) or node.kind.unit == unit or _is_plain(node):
            return
        raise self._error("rule.unit_mismatch", syntax, left=node.kind.unit, right=unit)

    def _boolean(self, syntax: Syntax, scope: str) -> Node:
        return self._fit(self.check(syntax, scope), BOOLEAN, syntax)

    def _numeric(self, syntax: Syntax, scope: str) -> Node:
        node = self.check(syntax, scope)
        if node.kind.base not in ("number", "integer"):
            raise self._error(
                "rule.type_mismatch", syntax, what=syntax.text or syntax.op, expected="number", found=node.kind.base
            )
        return node

    def _code_in(self, node: Const, kind: Kind, syntax: Syntax) -> Const:
        text = str(node.value)
        if kind.codes is not None and text not in kind.codes:
            raise self._error(
                "rule.code_unknown", syntax, nearest(text, kind.codes), code=text, known=", ".join(kind.codes)
            )
        return Const(kind, text)

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

    def _kind_of(self, entity: str, name: str, syntax: Syntax) -> Kind:
        kind = self._names.kind(entity, name)
        if kind is None:
            raise self._error(
                "rule.name_unknown", syntax, nearest(f"{entity}.{name}", self._names.all_qualified()), name=syntax.text
            )
        return kind

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
        return Arithmetic(_number_kind(unit, left, right), syntax.op, left, right)  # type: ignore[arg-type]

    def _product(self, syntax: Syntax, scope: str) -> Node:
        left, right = (self._numeric(p, scope) for p in syntax.parts)
        unit = product(left.kind.unit, right.kind.unit)
        if unit is None:
            raise self._error("rule.unit_mismatch", syntax, left=left.kind.unit, right=right.kind.unit)
        return Arithmetic(_number_kind(unit, left, right), "*", left, right)

    def _division(self, syntax: Syntax, scope: str) -> Node:
        left, right = (self._numeric(p, scope) for p in syntax.parts)
        unit = quotient(left.kind.unit, right.kind.unit)
        if unit is None:
            raise self._error("rule.unit_mismatch", syntax, left=left.kind.unit, right=right.kind.unit)
        return Arithmetic(Kind("number", unit), "/", left, right)

    def _negate(self, syntax: Syntax, scope: str) -> Node:
        operand = self._numeric(syntax.parts[0], scope)
        return Negate(Kind(operand.kind.base, operand.kind.unit, operand.kind.scale), operand)

    # -- case, calls ---------------------------------------------------------------------------------------------------

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
            return _number_kind(first.unit, *nodes)
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
        name = f"discretion_{syntax.parts[0].text}"
        return Ref(self._kind_of("household", name, syntax), "household", name)

    def _outcome(self, syntax: Syntax, scope: str) -> Node:
        name = f"{syntax.parts[0].text}__outcome"
        return Ref(self._kind_of("household", name, syntax), "household", name)

    def _known_exceeds(self, syntax: Syntax, scope: str) -> Node:
        total, limit = self.check(syntax.parts[0], scope), self._numeric(syntax.parts[1], scope)
        if not isinstance(total, Aggregate) or total.op != "sum" or total.once_per is not None:
            raise self._error(
                "rule.type_mismatch", syntax.parts[0], what="known_exceeds", expected="sum(…)", found=syntax.parts[0].op
            )
        self._same_unit(limit, total.kind.unit, syntax.parts[1])
        return KnownExceeds(BOOLEAN, total, limit)

    # -- aggregates ------------------------------------------------------------------------------------------------------

    def _aggregate(self, syntax: Syntax, scope: str) -> Node:
        options = dict(syntax.options)
        over = self._over(syntax, scope)
        value_part = syntax.parts[0] if syntax.parts and syntax.parts[0].text != over else None
        value = self.check(value_part, over) if value_part is not None else None
        where = self._boolean(options["where"], over) if "where" in options else None
        if value is None and syntax.text not in ("count", "exists"):
            raise self._error("rule.arguments", syntax, name=syntax.text, expected=1, found=0)
        once = self.check(options["once_per"], over) if "once_per" in options else None
        order = self.check(options["order"], over) if "order" in options else None
        if syntax.text == "latest" and order is None:
            raise self._error("rule.arguments", syntax, name="latest", expected="x by y", found="x")
        kind = self._aggregate_kind(syntax, over, value)
        return Aggregate(kind, syntax.text, over, scope, value, where, once, order)

    def _aggregate_kind(self, syntax: Syntax, over: str, value: Node | None) -> Kind:
        op = syntax.text
        if op in ("any", "all", "exists"):
            if value is not None and op != "exists" and value.kind.base != "boolean":
                raise self._error("rule.type_mismatch", syntax, what=op, expected="boolean", found=value.kind.base)
            return BOOLEAN
        if op in ("count", "count_distinct"):
            return Kind("integer", "people" if over == "person" else "none", 0, minimum=Decimal(0))
        assert value is not None
        if (
            op in ("sum", "min", "max")
            and value.kind.base not in ("number", "integer")
            and not (op != "sum" and value.kind.base in ("date", "month"))
        ):
            raise self._error("rule.type_mismatch", syntax, what=op, expected="number", found=value.kind.base)
        return Kind(
            value.kind.base,
            value.kind.unit,
            value.kind.scale,
            value.kind.codes,
            value.kind.minimum if op != "sum" else None,
        )

    def _over(self, syntax: Syntax, scope: str) -> str:
        if self._bare and scope in self._names.records:
            return scope
        mentioned = {name.split(".")[0] for name in _names_in(syntax)}
        records = sorted(mentioned & self._names.records - ({scope} if scope in self._names.records else set()))
        if len(records) > 1:
            raise self._error("rule.several_records", syntax, names=", ".join(records))
        if records:
            return records[0]
        if scope == "household" and ("person" in mentioned or syntax.text == "count"):
            return "person"
        raise self._error("rule.no_aggregate_target", syntax)


def _names_in(syntax: Syntax) -> set[str]:
    """All names inside an aggregate, but not those of aggregates further inside."""
    found: set[str] = set()
    waiting = [*syntax.parts, *(s for _, s in syntax.options)]
    while waiting:
        item = waiting.pop()
        if item.op == "name":
            found.add(item.text)
        if item.op != "aggregate":
            waiting += [*item.parts, *(s for _, s in item.options)]
    return found


def _is_plain(node: Node) -> bool:
    """A combination of constants: fits any unit."""
    if isinstance(node, Const):
        return True
    if isinstance(node, Case):
        return _is_plain(node.otherwise) and all(_is_plain(v) for _, v in node.branches)
    return False


def _number_kind(unit: str, *nodes: Node) -> Kind:
    whole = all(n.kind.base == "integer" for n in nodes)
    return Kind("integer" if whole else "number", unit, 0 if whole else None)


_METHODS = dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), "comparison") | {
    "+": "sum_or_difference",
    "-": "sum_or_difference",
    "*": "product",
    "/": "division",
    "boolean": "literal",
    "word": "text",
}
_CALLS: dict[str, tuple[int, Callable[[Checker, Syntax, str], Node]]] = {
    "coalesce": (2, Checker._coalesce),
    "age_on": (2, Checker._between),
    "full_months_between": (2, Checker._between),
    "months_before": (2, Checker._shift),
    "add_months": (2, Checker._shift),
    "same_month": (2, Checker._same_month),
    "month_of": (1, Checker._month_of),
    "round_to": (2, Checker._rounding),
    "round_up_to": (2, Checker._rounding),
    "monthly": (1, Checker._period),
    "yearly": (1, Checker._period),
    "area_at": (2, Checker._area_at),
    "discretion": (1, Checker._discretion),
    "outcome": (1, Checker._outcome),
    "known_exceeds": (2, Checker._known_exceeds),
}
