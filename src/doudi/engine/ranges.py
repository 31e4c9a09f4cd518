"""What a value may be: a few values, or a range of numbers. Always too wide rather than too narrow.

`frozenset` holds the values themselves (None: unknown); a Range anything between its ends, None being no end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

from doudi.lib import money

_MOST = 16
"""Values held one by one."""


class Range(NamedTuple):
    """A known value between the ends, or, with `unknown`, perhaps none. Without ends: any value of any kind."""

    low: Decimal | None
    high: Decimal | None
    unknown: bool


Values = frozenset[Any]
Possible = Values | Range
UNKNOWN: Values = frozenset([None])
ANYTHING = Range(None, None, True)
TRUTHS: Values = frozenset([True, False])


def one(value: Any) -> Values:
    """Exactly this value."""
    return frozenset([value])


def may_be_unknown(possible: Possible) -> bool:
    """Whether it may be unknown."""
    return possible.unknown if isinstance(possible, Range) else None in possible


def is_never_known(possible: Possible) -> bool:
    """Whether it is unknown for sure."""
    return possible == UNKNOWN


def as_range(possible: Possible) -> Range:
    """The range around the values; of what is never known, any."""
    if isinstance(possible, Range):
        return possible
    known = [value for value in possible if value is not None]
    if not known or not all(isinstance(v, (int, Decimal)) and not isinstance(v, bool) for v in known):
        return Range(None, None, None in possible)
    return Range(Decimal(min(known)), Decimal(max(known)), None in possible)


def either(first: Possible, second: Possible) -> Possible:
    """What may be the one or the other."""
    if isinstance(first, frozenset) and isinstance(second, frozenset) and len(first | second) <= _MOST:
        return first | second
    if is_never_known(first) or is_never_known(second):
        known = as_range(second if is_never_known(first) else first)
        return known._replace(unknown=True)
    left, right = as_range(first), as_range(second)
    return Range(_least(left.low, right.low), _most(left.high, right.high), left.unknown or right.unknown)


def applied(act: Callable[..., Any], *parts: Possible) -> Possible:
    """A function of known values: of every choice where they are few, else anything."""
    if any(is_never_known(part) for part in parts):
        return UNKNOWN
    few = [part for part in parts if isinstance(part, frozenset)]
    choices = 1
    for part in few:
        choices *= len(part)
    if len(few) == len(parts) and choices <= _MOST:
        return frozenset(None if None in chosen else act(*chosen) for chosen in product(*few))
    return Range(None, None, any(may_be_unknown(part) for part in parts))


def rising(act: Callable[[Decimal], Decimal], part: Possible) -> Possible:
    """A function that never falls as its argument rises."""
    found = applied(act, part)
    if isinstance(found, frozenset):
        return found
    span = as_range(part)
    return Range(_at(act, span.low), _at(act, span.high), span.unknown)


def compared(op: str, first: Possible, second: Possible, act: Callable[[Any, Any], bool]) -> Values:
    """A comparison."""
    found = applied(act, first, second)
    if isinstance(found, frozenset):
        return found
    left, right = as_range(first), as_range(second)
    truths: set[bool | None] = {None} if left.unknown or right.unknown else set()
    if op in (">", ">="):
        left, right, op = right, left, {">": "<", ">=": "<="}[op]
    if op in ("=", "!="):
        apart = _below(left.high, right.low) or _below(right.high, left.low)
        truths |= {op == "!="} if apart else {True, False}
        return frozenset(truths)
    surely = _below(left.high, right.low) if op == "<" else _below(left.high, right.low, touching=True)
    never = _below(right.high, left.low, touching=True) if op == "<" else _below(right.high, left.low)
    truths |= {True} if surely else {False} if never else {True, False}
    return frozenset(truths)


def calculated(op: str, first: Possible, second: Possible) -> Possible:
    """Arithmetic; too large a value has no end."""
    if is_never_known(first) or is_never_known(second):
        return UNKNOWN
    left, right = as_range(first), as_range(second)
    unknown = left.unknown or right.unknown
    if op == "+":
        return Range(_of(money.add, left.low, right.low), _of(money.add, left.high, right.high), unknown)
    if op == "-":
        return Range(_of(money.subtract, left.low, right.high), _of(money.subtract, left.high, right.low), unknown)
    act = money.multiply if op == "*" else money.divide
    if op == "/" and not (_below(Decimal(0), right.low) or _below(right.high, Decimal(0))):
        return Range(None, None, unknown)
    ends = [_of(act, a, b) for a in left[:2] for b in right[:2]]
    if None in ends:
        return _by_constant(act, left, right, unknown)
    return Range(min(end for end in ends if end is not None), max(end for end in ends if end is not None), unknown)


def _by_constant(act: Callable[..., Decimal], left: Range, right: Range, unknown: bool) -> Range:
    """A range with an open end by a positive constant."""
    if right.low is None or right.low != right.high or right.low <= 0:
        if act is money.multiply and left.low is not None and left.low == left.high and left.low > 0:
            return _by_constant(act, right, left, unknown)
        return Range(None, None, unknown)
    return Range(_of(act, left.low, right.low), _of(act, left.high, right.low), unknown)


def extreme(op: str, parts: Iterable[Possible]) -> Possible:
    """least or greatest."""
    items = list(parts)
    if any(is_never_known(part) for part in items):
        return UNKNOWN
    spans = [as_range(part) for part in items]
    unknown = any(span.unknown for span in spans)
    lows, highs = [span.low for span in spans], [span.high for span in spans]
    if op == "least":
        low = None if None in lows else min(v for v in lows if v is not None)
        return Range(low, min((v for v in highs if v is not None), default=None), unknown)
    high = None if None in highs else max(v for v in highs if v is not None)
    return Range(max((v for v in lows if v is not None), default=None), high, unknown)


def _below(high: Decimal | None, low: Decimal | None, *, touching: bool = False) -> bool:
    return high is not None and low is not None and (high <= low if touching else high < low)


def _of(act: Callable[..., Decimal], *ends: Decimal | None) -> Decimal | None:
    try:
        return None if None in ends else act(*ends)
    except money.Overflow:
        return None


def _at(act: Callable[[Decimal], Decimal], end: Decimal | None) -> Decimal | None:
    return _of(act, end)


def _least(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else min(first, second)


def _most(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    return None if first is None or second is None else max(first, second)
