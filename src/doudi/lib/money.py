"""Decimal arithmetic of the rules: intermediate scale 10, half up (away from zero), never binary floating point."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal, Overflow
from functools import reduce

__all__ = ["Overflow", "add", "divide", "held", "minus", "multiply", "plus", "round_to", "round_up_to", "subtract"]
__all__ += ["times", "total"]
SCALE = Decimal("0.0000000001")
LIMIT = Decimal(10) ** 28
_CONTEXT = Context(prec=80, rounding=ROUND_HALF_UP)
_QUOTIENT = Context(prec=120, rounding=ROUND_HALF_UP)
_BOUNDED = Context(prec=80, rounding=ROUND_HALF_UP, Emax=27, traps=[Overflow])


# Overflow: a value of 10^28 or more is an error of its row, never of the run.


def held(value: Decimal) -> Decimal:
    """The value at scale 10 at most; raises Overflow."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -10:
        value = value.quantize(SCALE, context=_CONTEXT)
    if abs(value) >= LIMIT:
        raise Overflow
    return value


def add(left: Decimal, right: Decimal) -> Decimal:
    """left + right."""
    return held(_CONTEXT.add(left, right))


def subtract(left: Decimal, right: Decimal) -> Decimal:
    """left − right."""
    return held(_CONTEXT.subtract(left, right))


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """left × right, rounded to scale 10."""
    return held(_CONTEXT.multiply(left, right))


def divide(left: Decimal, right: Decimal) -> Decimal:
    """left ÷ right, rounded to scale 10 once."""
    return held(_QUOTIENT.divide(left, right).quantize(SCALE, context=_CONTEXT))


def round_to(value: Decimal, step: Decimal) -> Decimal:
    """The nearest multiple of `step`, half away from zero."""
    times = _CONTEXT.divide(value, step).quantize(Decimal(1), context=_CONTEXT)
    return held(_CONTEXT.multiply(times, step))


def round_up_to(value: Decimal, step: Decimal) -> Decimal:
    """The next multiple of `step` that is not less than the value (见分进元: step 1)."""
    times = _CONTEXT.divide(value, step).quantize(Decimal(1), rounding=ROUND_CEILING, context=_CONTEXT)
    return held(_CONTEXT.multiply(times, step))


# For values of ten decimals at most whose result has ten at most: nothing to round, only the size to watch.
plus, minus, times = _BOUNDED.add, _BOUNDED.subtract, _BOUNDED.multiply


def total(values: Iterable[Decimal]) -> Decimal:
    """All values, of ten decimals at most, added up."""
    return reduce(plus, values, Decimal(0))
