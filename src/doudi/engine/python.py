"""The checked tree as Python functions: one closure a node, unknown is None, Kleene logic, decimals of scale 10.

The other rendering is SQL; each is the other's oracle. A quantity is worked out once per subject and only when needed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from typing import Any

from doudi.engine.aggregates import AGGREGATES, known_part
from doudi.engine.errors import EngineError
from doudi.engine.quantities import Parameter, Quantity, Rulebook
from doudi.engine.subject import Subject, Value
from doudi.engine.tree import (
    Aggregate,
    And,
    Answered,
    Arithmetic,
    AsOf,
    Call,
    Case,
    Coalesce,
    Compare,
    Const,
    Extreme,
    In,
    IsKnown,
    KnownExceeds,
    Negate,
    Node,
    Not,
    Or,
    Ref,
)
from doudi.engine.vocabulary import ParameterValue
from doudi.engine.walk import children
from doudi.lib import money, months

Function = Callable[[Subject], Any]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_ARITHMETIC = {"+": money.add, "-": money.subtract, "*": money.multiply, "/": money.divide}
_AREA_LENGTH = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}


class Program:
    """One rulebook for one day, compiled. Values of a subject are memorised in the subject."""

    def __init__(self, rulebook: Rulebook, as_of: date) -> None:
        self._rulebook, self._as_of = rulebook, as_of
        self._compiled: dict[int, tuple[Node, Function]] = {}
        self._quantities: dict[str, Function] = {}
        self._values: dict[str, list[ParameterValue]] = {}

    def value(self, subject: Subject, name: str) -> Value:
        """The value of a fact or quantity of this subject's entity."""
        return self._named(subject.entity, name)(subject)  # type: ignore[no-any-return]

    def evaluate(self, node: Node, subject: Subject) -> Value:
        """The value of any node in the scope of a subject."""
        return self._compile(node)(subject)  # type: ignore[no-any-return]

    def rows_of(self, node: Aggregate, subject: Subject) -> list[Subject]:
        """What an aggregate runs over for a subject."""
        return _over(node)(subject)

    def _compile(self, node: Node) -> Function:
        """By identity: a node's own hash walks the whole tree below it."""
        found = self._compiled.get(id(node))
        if found is None:
            function: Function = getattr(self, "_" + type(node).__name__.lower())(node)
            if isinstance(node, Call) and _is_constant(node):
                value = function(_NOBODY)
                function = lambda s: value  # noqa: E731
            self._compiled[id(node)] = found = (node, function)
        return found[1]

    # -- names -----------------------------------------------------------------------------------------------------

    def _named(self, entity: str, name: str) -> Function:
        qualified = f"{entity}.{name}"
        found = self._quantities.get(qualified)
        if found is None:
            quantity = self._rulebook.quantities.get(qualified)
            found = self._quantity(quantity) if quantity is not None else _fact(name)
            self._quantities[qualified] = found
        return found

    def _quantity(self, quantity: Quantity) -> Function:
        name, given = quantity.name, quantity.given
        body: list[Function] = []

        def run(subject: Subject) -> Value:
            memo = subject.memo
            if name in memo:
                return memo[name]
            if given and name in subject.facts:
                return subject.facts[name]
            if not body:
                body.append(self._compile(quantity.formula))
            try:
                value: Value = body[0](subject)
            except money.Overflow:
                raise EngineError("run.overflow", quantity.at, name=quantity.qualified) from None
            memo[name] = value
            return value

        return run

    def _ref(self, node: Ref) -> Function:
        if node.entity == "parameter":
            return self._parameter(self._rulebook.parameters[node.name])
        named = self._named(node.entity, node.name)
        if node.via_head:
            return lambda s: named(h.head) if (h := s.household or s).head is not None else None
        if node.entity == "household":
            return lambda s: named(s.household or s)
        if node.entity == "person":
            return lambda s: named(s.person or s)
        return named

    def parameter_used(self, name: str, household: Subject) -> ParameterValue | None:
        """The dated value of a parameter that holds for a household; None while area or key are unknown. A gap is an
        error.
        """
        parameter = self._rulebook.parameters[name]
        area = household.facts.get("area")
        key = self.evaluate(parameter.by, household) if parameter.by is not None else None
        if area is None or (parameter.by is not None and key is None):
            return None
        for value in self._in_force(parameter):
            if str(area).startswith(value.area) and (parameter.by is None or value.key == key):
                return value
        day = self._as_of.isoformat()
        raise EngineError("run.parameter_gap", None, name=name, area=area, day=day, label=parameter.label["zh"])

    def _in_force(self, parameter: Parameter) -> list[ParameterValue]:
        day = self._as_of
        if parameter.name not in self._values:
            self._values[parameter.name] = [
                v for v in parameter.values if v.from_on <= day and (v.to_on is None or day <= v.to_on)
            ]
        return self._values[parameter.name]

    def _parameter(self, parameter: Parameter) -> Function:
        name, key = parameter.name, f"parameter {parameter.name}"

        def run(subject: Subject) -> Value:
            household = subject.household or subject
            memo = household.memo
            if key not in memo:
                used = self.parameter_used(name, household)
                memo[key] = None if used is None else used.value
            return memo[key]

        return run

    # -- leaves and logic --------------------------------------------------------------------------------------------

    def _const(self, node: Const) -> Function:
        value = node.value
        return lambda s: value

    def _asof(self, node: AsOf) -> Function:
        day = self._as_of
        return lambda s: day

    def _not(self, node: Not) -> Function:
        inner = self._compile(node.operand)
        return lambda s: None if (v := inner(s)) is None else not v

    def _and(self, node: And) -> Function:
        parts = [self._compile(o) for o in node.operands]

        def run(subject: Subject) -> bool | None:
            result: bool | None = True
            for part in parts:
                value = part(subject)
                if value is False:
                    return False
                if value is None:
                    result = None
            return result

        return run

    def _or(self, node: Or) -> Function:
        parts = [self._compile(o) for o in node.operands]

        def run(subject: Subject) -> bool | None:
            result: bool | None = False
            for part in parts:
                value = part(subject)
                if value is True:
                    return True
                if value is None:
                    result = None
            return result

        return run

    def _compare(self, node: Compare) -> Function:
        left, right, compare = self._compile(node.left), self._compile(node.right), _COMPARE[node.op]
        if isinstance(node.right, Const) and node.right.value is not None:
            bound = node.right.value
            return lambda s: None if (a := left(s)) is None else compare(a, bound)
        return lambda s: None if (a := left(s)) is None or (b := right(s)) is None else compare(a, b)

    def _in(self, node: In) -> Function:
        inner, values = self._compile(node.operand), frozenset(node.values)
        return lambda s: None if (v := inner(s)) is None else v in values

    def _isknown(self, node: IsKnown) -> Function:
        inner = self._compile(node.operand)
        return lambda s: inner(s) is not None

    def _answered(self, node: Answered) -> Function:
        record = node.record
        return lambda s: None if any(r.phantom for r in (s.person or s).rows.get(record, ())) else True

    # -- numbers -----------------------------------------------------------------------------------------------------

    def _arithmetic(self, node: Arithmetic) -> Function:
        left, right, act = self._compile(node.left), self._compile(node.right), _ARITHMETIC[node.op]
        return lambda s: None if (a := left(s)) is None or (b := right(s)) is None else act(a, b)

    def _negate(self, node: Negate) -> Function:
        inner = self._compile(node.operand)
        return lambda s: None if (v := inner(s)) is None else -v

    def _case(self, node: Case) -> Function:
        branches = [(self._compile(test), self._compile(value)) for test, value in node.branches]
        otherwise = self._compile(node.otherwise)

        def run(subject: Subject) -> Value:
            for test, value in branches:
                holds = test(subject)
                if holds is None:
                    return None
                if holds:
                    return value(subject)  # type: ignore[no-any-return]
            return otherwise(subject)  # type: ignore[no-any-return]

        return run

    def _coalesce(self, node: Coalesce) -> Function:
        inner, default = self._compile(node.operand), self._compile(node.default)
        return lambda s: default(s) if (v := inner(s)) is None else v

    def _extreme(self, node: Extreme) -> Function:
        parts, choose = [self._compile(o) for o in node.operands], min if node.op == "least" else max

        def run(subject: Subject) -> Value:
            values = [part(subject) for part in parts]
            return None if None in values else choose(values)

        return run

    def _call(self, node: Call) -> Function:
        if node.function == "area_at":
            return self._area_at(node)
        if node.function in ("monthly", "yearly"):
            value, twelve = self._compile(node.arguments[0]), Decimal(12)
            act = money.divide if node.function == "monthly" else money.multiply
            return lambda s: None if (v := value(s)) is None else act(v, twelve)
        parts = [self._compile(a) for a in node.arguments]
        function = _FUNCTIONS[node.function]

        def run(subject: Subject) -> Value:
            values = [part(subject) for part in parts]
            return None if None in values else function(*values)

        return run

    def _area_at(self, node: Call) -> Function:
        area, level = self._compile(node.arguments[0]), node.arguments[1]
        assert isinstance(level, Const)
        length = _AREA_LENGTH[str(level.value)]
        return lambda s: None if (v := area(s)) is None or len(v) < length else v[:length]

    # -- aggregates --------------------------------------------------------------------------------------------------

    def _aggregate(self, node: Aggregate) -> Function:
        parts = {
            name: self._compile(n) if (n := getattr(node, name)) is not None else None
            for name in ("value", "where", "once_per", "order")
        }
        run, over = AGGREGATES[node.op], _over(node)
        if node.once_per is not None:
            run = AGGREGATES["sum_once_per"]
        return lambda s: run(over(s), parts["value"], parts["where"], parts["once_per"] or parts["order"])

    def _knownexceeds(self, node: KnownExceeds) -> Function:
        value = self._compile(node.total.value) if node.total.value is not None else None
        where = self._compile(node.total.where) if node.total.where is not None else None
        limit, over = self._compile(node.limit), _over(node.total)

        def run(subject: Subject) -> bool | None:
            bound = limit(subject)
            if bound is None:
                return None
            known, doubt = known_part(over(subject), value, where)
            return True if known > bound else None if doubt else False

        return run


_NOBODY = Subject("nobody", "", {})


def _is_constant(node: Node) -> bool:
    """Whether nothing of the case is read."""
    below = children(node)
    return isinstance(node, (Const, AsOf)) if not below else all(_is_constant(child) for child in below)


def _fact(name: str) -> Function:
    return lambda s: s.facts.get(name)


def _over(node: Aggregate) -> Callable[[Subject], list[Subject]]:
    """What an aggregate runs over: the members, one person's rows, or the rows of all members."""
    if node.over == "person":
        return lambda s: (s.household or s).members
    record = node.over
    if node.within == "person":
        return lambda s: (s.person or s).rows[record]
    return lambda s: [row for member in (s.household or s).members for row in member.rows[record]]


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "age_on": months.age_on,
    "full_months_between": months.full_months_between,
    "months_before": lambda day, count: months.months_before(day, int(count)),
    "add_months": lambda day, count: months.add_months(day, int(count)),
    "same_month": months.same_month,
    "month_of": months.month_of,
    "round_to": lambda value, step: money.round_to(Decimal(value), step),
    "round_up_to": lambda value, step: money.round_up_to(Decimal(value), step),
}
