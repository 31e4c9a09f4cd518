"""Values of many households at once, three-valued: numbers, truths, codes and days as numpy arrays, or one for all.

A number is a whole number with a scale (decision 0002) and a bound that no value exceeds: where a step might leave 64 bits
the tightest bound is looked up, and if it still might, `TooWide` is raised and the part goes to the SQL rendering.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from doudi.engine.sql_numbers import SCALE

Array = npt.NDArray[Any]
Mask = Any
"""Whether a value is unknown: an array of bool, one bool for all, or None where all are known."""
LIMIT = 2**62
"""Every step keeps below it, so that doubling for rounding fits 64 bits."""


class TooWide(ArithmeticError):
    """A value might not fit in 64 bits, or a day lies outside the calendar."""


@dataclass(slots=True)
class Number:
    """Whole numbers of 10^-scale."""

    v: Any
    scale: int
    u: Mask = None
    bound: int = 0


@dataclass(slots=True)
class Truth:
    """True where `t`, false where `f`, else unknown."""

    t: Any
    f: Any


@dataclass(slots=True)
class Code:
    """Places in a list of words; -1 is unknown."""

    i: Any
    words: tuple[str, ...]


@dataclass(slots=True)
class Day:
    """Days since 1970."""

    v: Any
    u: Mask = None


Values = Number | Truth | Code | Day


def either(*masks: Mask) -> Mask:
    """Unknown if any is."""
    found: Mask = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found | mask
    return found


def unknown(values: Values) -> Mask:
    """Which are unknown."""
    if isinstance(values, Truth):
        return ~(values.t | values.f)
    if isinstance(values, Code):
        return values.i < 0
    return values.u


def known(values: Values) -> Any:
    """Which are known."""
    if isinstance(values, Truth):
        return values.t | values.f
    mask = unknown(values)
    return np.True_ if mask is None else ~mask


def truth(said: Any, mask: Mask = None) -> Truth:
    """What is said where it is known."""
    if mask is None:
        return Truth(said, ~said)
    sure = ~mask
    return Truth(said & sure, ~said & sure)


def taken(values: Values, places: Array, missing: bool = False) -> Values:
    """The values at these places. With `missing` some places are -1: unknown."""
    gone = places < 0 if missing else None

    def pick(array: Any) -> Any:
        if np.ndim(array) == 0:
            return array
        return array[places] if len(array) else np.zeros(len(places), array.dtype)

    if isinstance(values, Truth):
        t, f = pick(values.t), pick(values.f)
        return Truth(t & ~gone, f & ~gone) if gone is not None else Truth(t, f)
    if isinstance(values, Code):
        return Code(pick(values.i) if gone is None else np.where(gone, -1, pick(values.i)), values.words)
    mask = either(None if values.u is None else pick(values.u), gone)
    if isinstance(values, Number):
        return Number(pick(values.v), values.scale, mask, values.bound)
    return Day(pick(values.v), mask)


def tight(number: Number) -> int:
    """The largest absolute value there is; kept as the bound."""
    if np.ndim(number.v) and len(number.v):
        number.bound = max(int(number.v.max()), -int(number.v.min()))
    elif np.ndim(number.v):
        number.bound = 0
    else:
        number.bound = abs(int(number.v))
    return number.bound


def within(factor: int, number: Number, more: int = 0) -> int:
    """The bound of number × factor + more, which must fit."""
    bound = number.bound * factor + more
    if bound >= LIMIT:
        bound = tight(number) * factor + more
        if bound >= LIMIT:
            raise TooWide(f"a value of up to {bound}")
    return bound


def rescaled(number: Number, scale: int) -> Number:
    """At another scale; fewer decimals round half away from zero."""
    if number.scale == scale:
        return number
    if number.scale < scale:
        factor = 10 ** (scale - number.scale)
        return Number(number.v * factor, scale, number.u, within(factor, number))
    step = 10 ** (number.scale - scale)
    return Number(_divided(number, step), scale, number.u, number.bound // step + 1)


def level(numbers: list[Number]) -> list[Number]:
    """All at the finest scale among them."""
    scale = max(number.scale for number in numbers)
    return [rescaled(number, scale) for number in numbers]


def added(left: Number, right: Number, sign: int = 1) -> Number:
    """left + right, or left - right."""
    left, right = level([left, right])
    bound = left.bound + right.bound
    if bound >= LIMIT:
        bound = within(1, left, tight(right))
    value = left.v + right.v if sign > 0 else left.v - right.v
    return Number(value, left.scale, either(left.u, right.u), bound)


def product(left: Number, right: Number) -> Number:
    """left × right, rounded to SCALE decimals where it has more."""
    bound = left.bound * right.bound
    if bound >= LIMIT:
        bound = tight(left) * tight(right)
    if bound >= LIMIT:
        return _product_beyond(left, right)
    exact = Number(left.v * right.v, left.scale + right.scale, either(left.u, right.u), bound)
    return exact if exact.scale <= SCALE else rescaled(exact, SCALE)


def multiple(times: Any, step: Number, doubt: Mask) -> Number:
    """So many times the step; unknown where in doubt."""
    bound = within(tight(Number(times, 0)), step)
    return Number(times * step.v, step.scale, either(doubt, step.u), bound)


def quotient(left: Number, right: Number) -> Number:
    """left ÷ right, rounded to SCALE decimals; unknown where the divisor is zero."""
    shift = SCALE + right.scale - left.scale
    up, down = 4 * 10 ** max(0, shift), 4 * 10 ** max(0, -shift)
    fits = left.bound * up < LIMIT and right.bound * down < LIMIT
    if not fits and (tight(left) * up >= LIMIT or tight(right) * down >= LIMIT):
        return _quotient_beyond(left, right, shift)
    top = Number(left.v * 10 ** max(0, shift), SCALE, left.u, within(10 ** max(0, shift), left))
    below = Number(right.v * 10 ** max(0, -shift), 0, right.u, within(10 ** max(0, -shift), right))
    nothing = below.v == 0
    mask = either(left.u, right.u)
    if np.any(nothing):
        below = Number(np.where(nothing, 1, below.v), 0, None, max(1, below.bound))
        mask = either(mask, nothing)
    return Number(divided(top, below), SCALE, mask, top.bound)


def _product_beyond(left: Number, right: Number) -> Number:
    """left × right where the product alone is too wide for 64 bits: whole numbers of Python, slowly."""
    scale = left.scale + right.scale
    exact = _endless(left) * _endless(right)
    divisor = 10 ** max(0, scale - SCALE)
    found = _rounded(exact, divisor)
    return Number(found, min(scale, SCALE), either(left.u, right.u), _fitting(found))


def _quotient_beyond(left: Number, right: Number, shift: int) -> Number:
    top, below = _endless(left) * 10 ** max(0, shift), _endless(right) * 10 ** max(0, -shift)
    nothing = np.asarray(below == 0, bool)
    found = _rounded(np.where(below < 0, -top, top), np.where(nothing, 1, np.abs(below)))
    return Number(found, SCALE, either(left.u, right.u, nothing), _fitting(found))


def _endless(number: Number) -> Any:
    """The values as whole numbers of Python; those that are unknown as nothing."""
    values = np.asarray(number.v)
    return np.where(False if number.u is None else number.u, 0, values).astype(object)


def _rounded(exact: Any, divisor: Any) -> Array:
    exact, divisor = np.asarray(exact, object), np.asarray(divisor, object)
    size = np.asarray((2 * np.abs(exact) + divisor) // (2 * divisor), object)
    found = np.asarray(np.where(exact < 0, -size, size), object)
    if np.any(np.abs(found) >= LIMIT):
        raise TooWide("a product or a quotient")
    whole: Array = found.astype(np.int64)
    return whole


def _fitting(found: Array) -> int:
    return int(np.abs(found).max(initial=0))


def divided(top: Number, below: Number) -> Any:
    """top ÷ below as whole numbers, half away from zero; no divisor is zero."""
    if np.ndim(below.v) == 0 and below.v > 0:
        return _divided(top, int(below.v))
    within(2, top, within(1, below))
    size = np.abs(below.v)
    found = (2 * np.abs(top.v) + size) // (2 * size)
    return _signed(found, (top.v < 0) != (below.v < 0))


def _divided(number: Number, divisor: int) -> Any:
    within(2, number, divisor)
    size = np.abs(number.v)
    found = (2 * size + divisor) // (2 * divisor) if divisor % 2 else (size + divisor // 2) // divisor
    return _signed(found, number.v < 0)


def _signed(sizes: Any, negative: Any) -> Any:
    if np.ndim(sizes) == 0:
        return np.where(negative, -sizes, sizes)[()]
    return np.negative(sizes, out=sizes, where=negative)


def choice(conditions: list[Truth], values: list[Values], count: int) -> Values:
    """The value of the first true condition, the last value where none is; unknown after an unknown condition."""
    taken_by, doubt = _branches(conditions, count)
    first = values[0]
    if isinstance(first, Code):
        return _chosen_codes(taken_by, [v for v in values if isinstance(v, Code)], count)
    if isinstance(first, Truth):
        yes = [mask & value.t for mask, value in zip(taken_by, values, strict=True) if isinstance(value, Truth)]
        no = [mask & value.f for mask, value in zip(taken_by, values, strict=True) if isinstance(value, Truth)]
        return Truth(np.logical_or.reduce(yes), np.logical_or.reduce(no))
    for mask, value in zip(taken_by, values, strict=True):
        gone = unknown(value)
        if gone is not None:
            doubt = doubt | (mask & gone)
    if isinstance(first, Day):
        days = [v.v for v in values if isinstance(v, Day)]
        return Day(_merged(taken_by, days, count, np.int32), doubt if doubt.any() else None)
    numbers = level([v for v in values if isinstance(v, Number)])
    found = _merged(taken_by, [n.v for n in numbers], count, np.int64)
    return Number(found, numbers[0].scale, doubt if doubt.any() else None, max(n.bound for n in numbers))


def _branches(conditions: list[Truth], count: int) -> tuple[list[Any], Any]:
    """(who takes each branch and who none, who has met an unknown condition before any true one)."""
    first = conditions[0]
    taken_by, left = [np.broadcast_to(first.t, count)], np.broadcast_to(first.f, count)
    doubt = ~(taken_by[0] | left)
    for condition in conditions[1:]:
        taken_by.append(left & condition.t)
        doubt |= left & ~(condition.t | condition.f)
        left = left & condition.f
    return [*taken_by, left], doubt


def _merged(masks: list[Any], values: list[Any], count: int, kind: Any) -> Array:
    found = np.empty(count, kind)
    found[...] = values[-1]
    for mask, value in zip(masks[:-1], values[:-1], strict=True):
        np.copyto(found, value, where=mask, casting="unsafe")
    return found


def _chosen_codes(masks: list[Any], codes: list[Code], count: int) -> Code:
    words = tuple(dict.fromkeys(word for code in codes for word in code.words))
    found = np.full(count, -1, np.int32)
    for mask, code in zip(masks, codes, strict=True):
        np.copyto(found, among(code, words), where=mask)
    return Code(found, words)


def among(code: Code, words: tuple[str, ...]) -> Any:
    """The places of the codes in another list; -1 for unknown, -2 for a word that is not in it."""
    if code.words == words:
        return code.i
    table = np.array([*(words.index(word) if word in words else -2 for word in code.words), -1], np.int32)
    return table[code.i]
