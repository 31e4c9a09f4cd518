"""One checked formula over arrays: every kind of node. Names and aggregates are looked up in what is given (`Known`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from doudi.engine.backends import array_days as days
from doudi.engine.backends.arrays import (
    Array,
    Code,
    Day,
    Number,
    Truth,
    Values,
    added,
    among,
    choice,
    divided,
    either,
    known,
    level,
    multiple,
    product,
    quotient,
    rescaled,
    truth,
    unknown,
    within,
)  # fmt: skip
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
    Kind,
    KnownExceeds,
    Negate,
    Node,
    Not,
    Or,
    Ref,
)  # fmt: skip

_AREA_LENGTH = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}


class Known(Protocol):
    """What a formula of some scope may read."""

    as_of: date

    def count(self, scope: str) -> int:
        """How many there are."""

    def ref(self, ref: Ref, scope: str) -> Values:
        """A fact, quantity or parameter for everyone of the scope."""

    def answered(self, record: str, scope: str) -> Truth:
        """Whether the owner's rows of a record may be read."""

    def aggregate(self, node: Aggregate, scope: str) -> Values:
        """An aggregate over the members or rows of everyone of the scope."""

    def known_part(self, node: Aggregate, scope: str) -> tuple[Number, Array]:
        """(sum of what is known, where any part is unknown)."""


def nothing(kind: Kind, scale: int = 0) -> Values:
    """Unknown for all."""
    if kind.base in ("number", "integer"):
        return Number(0, scale, np.True_)
    if kind.base in ("date", "month"):
        return Day(0, np.True_)
    return Truth(np.False_, np.False_) if kind.base == "boolean" else Code(np.int32(-1), ())


def constant(value: object, kind: Kind) -> Values:
    """One value for all."""
    if value is None:
        return nothing(kind)
    if isinstance(value, bool):
        return Truth(np.bool_(value), np.bool_(not value))
    if isinstance(value, (Decimal, int)):
        amount = Decimal(value).normalize()
        scale = max(0, -int(amount.as_tuple().exponent))
        whole = int(amount.scaleb(scale))
        within(abs(whole), Number(1, 0, None, 1))
        return Number(whole, scale, None, abs(whole))
    if isinstance(value, date):
        return Day(np.int32((value - date(1970, 1, 1)).days))
    return Code(np.int32(0), (str(value),))


class Formulas:
    """Works out nodes of one scope."""

    def __init__(self, given: Known, scope: str) -> None:
        self._given, self._scope = given, scope

    def value(self, node: Node) -> Values:
        """The node for everyone of the scope."""
        found: Values = _WORK[type(node)](self, node)
        return found

    def truth(self, node: Node) -> Truth:
        """A boolean node."""
        found = self.value(node)
        assert isinstance(found, Truth), node
        return found

    def number(self, node: Node) -> Number:
        """A numeric node."""
        found = self.value(node)
        assert isinstance(found, Number), node
        return found

    def day(self, node: Node) -> Day:
        """A date or month."""
        found = self.value(node)
        assert isinstance(found, Day), node
        return found

    def _and(self, node: And) -> Truth:
        parts = [self.truth(part) for part in node.operands]
        t, f = parts[0].t, parts[0].f
        for part in parts[1:]:
            t, f = t & part.t, f | part.f
        return Truth(t, f)

    def _or(self, node: Or) -> Truth:
        parts = [self.truth(part) for part in node.operands]
        t, f = parts[0].t, parts[0].f
        for part in parts[1:]:
            t, f = t | part.t, f & part.f
        return Truth(t, f)

    def _not(self, node: Not) -> Truth:
        inner = self.truth(node.operand)
        return Truth(inner.f, inner.t)

    def _compare(self, node: Compare) -> Truth:
        left, right = self.value(node.left), self.value(node.right)
        mask = either(unknown(left), unknown(right))
        if isinstance(left, Code) and isinstance(right, Code):
            if np.ndim(right.i) == 0 and len(right.words) == 1:
                said = left.i == (left.words.index(right.words[0]) if right.words[0] in left.words else -2)
            else:
                said = left.i == among(right, left.words)
            return truth(said if node.op == "=" else ~said, mask)
        if isinstance(left, Truth) and isinstance(right, Truth):
            said = left.t == right.t
            return truth(said if node.op == "=" else ~said, mask)
        if isinstance(left, Number) and isinstance(right, Number):
            left, right = level([left, right])
        assert isinstance(left, (Number, Day)) and isinstance(right, (Number, Day))
        return truth(_COMPARE[node.op](left.v, right.v), mask)

    def _in(self, node: In) -> Truth:
        operand = self.value(node.operand)
        assert isinstance(operand, Code)
        table = np.array([*(word in node.values for word in operand.words), False])
        return truth(table[operand.i], operand.i < 0)

    def _arithmetic(self, node: Arithmetic) -> Number:
        left, right = self.number(node.left), self.number(node.right)
        if node.op == "*":
            return product(left, right)
        if node.op == "/":
            return quotient(left, right)
        return added(left, right, 1 if node.op == "+" else -1)

    def _negate(self, node: Negate) -> Number:
        inner = self.number(node.operand)
        return Number(-inner.v, inner.scale, inner.u, inner.bound)

    def _case(self, node: Case) -> Values:
        conditions = [self.truth(condition) for condition, _ in node.branches]
        values = [self._of_kind(value, node.kind) for _, value in node.branches]
        return choice(conditions, [*values, self._of_kind(node.otherwise, node.kind)], self._given.count(self._scope))

    def _of_kind(self, node: Node, kind: Kind) -> Values:
        """An unknown constant takes the kind of what it stands among."""
        return nothing(kind) if isinstance(node, Const) and node.value is None else self.value(node)

    def _coalesce(self, node: Coalesce) -> Values:
        first, other = self.value(node.operand), self._of_kind(node.default, node.operand.kind)
        there = known(first)
        count = self._given.count(self._scope)
        return choice([Truth(np.broadcast_to(there, count), np.broadcast_to(~there, count))], [first, other], count)

    def _extreme(self, node: Extreme) -> Values:
        parts = [self.value(part) for part in node.operands]
        pick = np.minimum if node.op == "least" else np.maximum
        mask = either(*(unknown(part) for part in parts))
        if isinstance(parts[0], Day):
            return Day(_folded(pick, [part.v for part in parts if isinstance(part, Day)]), mask)
        numbers = level([part for part in parts if isinstance(part, Number)])
        bound = max(number.bound for number in numbers)
        return Number(_folded(pick, [number.v for number in numbers]), numbers[0].scale, mask, bound)

    def _isknown(self, node: IsKnown) -> Truth:
        there = known(self.value(node.operand))
        return Truth(there, ~there)

    def _knownexceeds(self, node: KnownExceeds) -> Truth:
        total, doubt = self._given.known_part(node.total, self._scope)
        limit = self.number(node.limit)
        total, right = level([total, limit])
        exceeds = total.v > right.v
        there = known(limit)
        return Truth(exceeds & there, ~exceeds & ~doubt & there)

    def _call(self, node: Call) -> Values:
        return _FUNCTIONS[node.function](self, node)

    def _const(self, node: Const) -> Values:
        return constant(node.value, node.kind)

    def _asof(self, node: AsOf) -> Values:
        return constant(self._given.as_of, node.kind)

    def _ref(self, node: Ref) -> Values:
        return self._given.ref(node, self._scope)

    def _answered(self, node: Answered) -> Values:
        return self._given.answered(node.record, self._scope)

    def _aggregate(self, node: Aggregate) -> Values:
        return self._given.aggregate(node, self._scope)


def _folded(pick: Any, values: list[Any]) -> Any:
    found = values[0]
    for value in values[1:]:
        found = pick(found, value)
    return found


_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


def _round_to(work: Formulas, node: Call) -> Number:
    value, step = work.number(node.arguments[0]), work.number(node.arguments[1])
    top, below = level([value, step])
    times = divided(top, below)
    return multiple(times, step, value.u)


def _round_up_to(work: Formulas, node: Call) -> Number:
    value, step = work.number(node.arguments[0]), work.number(node.arguments[1])
    top, below = level([value, step])
    times = -(-top.v // below.v)
    return multiple(times, step, value.u)


def _monthly(work: Formulas, node: Call) -> Number:
    return quotient(work.number(node.arguments[0]), Number(12, 0, None, 12))


def _yearly(work: Formulas, node: Call) -> Number:
    return product(work.number(node.arguments[0]), Number(12, 0, None, 12))


def _shifted(work: Formulas, node: Call, sign: int) -> Day:
    months = rescaled(work.number(node.arguments[1]), 0)
    return days.shifted(work.day(node.arguments[0]), Number(sign * months.v, 0, months.u))


def _area_at(work: Formulas, node: Call) -> Code:
    area, at = work.value(node.arguments[0]), node.arguments[1]
    assert isinstance(area, Code) and isinstance(at, Const)
    length = _AREA_LENGTH[str(at.value)]
    table, words = _shortened(area.words, length)
    return Code(table[area.i], words)


@lru_cache(64)
def _shortened(codes: tuple[str, ...], length: int) -> tuple[Array, tuple[str, ...]]:
    """(which of the areas of that length each lies in, those areas)."""
    words = tuple(dict.fromkeys(word[:length] for word in codes if len(word) >= length))
    places = {word: place for place, word in enumerate(words)}
    return np.array([*(places.get(word[:length], -1) for word in codes), -1], np.int32), words


def _between(function: Callable[[Day, Day], Values]) -> Callable[[Formulas, Call], Values]:
    return lambda work, node: function(work.day(node.arguments[0]), work.day(node.arguments[1]))


_FUNCTIONS: dict[str, Callable[[Formulas, Call], Values]] = {
    "age_on": _between(days.age_on),
    "full_months_between": _between(days.full_months_between),
    "same_month": _between(days.same_month),
    "months_before": lambda work, node: _shifted(work, node, -1),
    "add_months": lambda work, node: _shifted(work, node, 1),
    "month_of": lambda work, node: days.month_of(work.day(node.arguments[0])),
    "round_to": _round_to,
    "round_up_to": _round_up_to,
    "monthly": _monthly,
    "yearly": _yearly,
    "area_at": _area_at,
}
_WORK: dict[type[Node], Any] = {
    kind: getattr(Formulas, "_" + kind.__name__.lower())
    for kind in (
        Const, AsOf, Ref, Not, And, Or, Compare, In, Arithmetic, Negate, Case, Coalesce, Extreme, Call, Aggregate,
        KnownExceeds, IsKnown, Answered,
    )
}  # fmt: skip
