"""What the rows of one owner come to, three-valued: aggregates over arrays of rows whose owners stand together in order."""

from __future__ import annotations

from typing import Any

import numpy as np

from doudi.engine.backends.arrays import (
    LIMIT,
    Array,
    Code,
    Day,
    Number,
    TooWide,
    Truth,
    Values,
    known,
    tight,
    unknown,
)  # fmt: skip

_NONE = np.int64(np.iinfo(np.int64).min)


class Rows:
    """Rows of owners, `count` of them, by the place of each row's owner. The last `phantoms` rows stand for people whose
    feed did not answer; the others are in the order of their owners.
    """

    def __init__(self, owner: Array, count: int, phantoms: int = 0) -> None:
        self.owner, self.count, self.phantoms = owner, count, phantoms
        self.real = len(owner) - phantoms
        self._most: int | None = None

    def most(self) -> int:
        """The most rows an owner has."""
        if self._most is None:
            self._most = int(np.bincount(self.owner[: self.real]).max(initial=0))
        return self._most

    def any(self, mask: Any) -> Array:
        """Which owners have a row in the mask."""
        found = np.zeros(self.count, bool)
        if np.ndim(mask):
            places = np.flatnonzero(mask)
            if len(places):
                found[self.owner[places]] = True
        elif mask:
            found[self.owner] = True
        return found

    def sum(self, number: Number, mask: Any) -> Number:
        """The sum of the values in the mask; phantoms count nothing."""
        values = self._zero_outside(number, mask)
        bound = number.bound * self.most()
        if bound >= LIMIT:
            bound = tight(Number(values, 0)) * self.most()
            if bound >= LIMIT:
                raise TooWide("a sum")
        found = np.zeros(self.count, np.int64)
        np.add.at(found, self.owner[: self.real], values)
        return Number(found, number.scale, None, bound)

    def _zero_outside(self, number: Number, mask: Any) -> Array:
        """The values of real rows, nothing for those outside the mask."""
        values: Array = number.v[: self.real] if np.ndim(number.v) else np.full(self.real, number.v, np.int64)
        if not np.ndim(mask):
            return values if mask else np.zeros(self.real, np.int64)
        found: Array = np.multiply(values, mask[: self.real], dtype=np.int64)
        return found

    def counted(self, mask: Any) -> Number:
        """How many rows of each owner are in the mask."""
        owners = self.owner[np.flatnonzero(mask)] if np.ndim(mask) else self.owner[: len(self.owner) * bool(mask)]
        return Number(np.bincount(owners, minlength=self.count), 0, None, max(1, len(owners)))


def aggregated(op: str, rows: Rows, where: Truth, value: Values | None, order: Values | None) -> Values:
    """One aggregate. `value` is None for count and exists; `order` is what latest goes by."""
    if rows.phantoms:
        where = Truth(where.t & _real(rows), where.f)
    if op in ("exists", "any", "all"):
        return _kleene(op, rows, where, value)
    unsure = ~(where.t | where.f)
    if op == "count":
        found = rows.counted(where.t)
        return Number(found.v, 0, rows.any(unsure), found.bound)
    assert value is not None
    if op == "latest":
        assert order is not None
        return _latest(rows, where, value, order, rows.any(unsure | (where.t & ~known(order))))
    doubt = rows.any(unsure | (where.t & ~known(value)))
    if op == "sum":
        assert isinstance(value, Number)
        found = rows.sum(value, where.t & known(value))
        return Number(found.v, found.scale, doubt, found.bound)
    if op == "count_distinct":
        firsts = _distinct(rows, where.t & known(value), _keys(value))[0]
        return Number(np.bincount(rows.owner[firsts], minlength=rows.count), 0, doubt, max(1, len(firsts)))
    return _extreme(op, rows, where.t & known(value), value, doubt)


def _real(rows: Rows) -> Array:
    found = np.ones(len(rows.owner), bool)
    found[rows.real :] = False
    return found


def _kleene(op: str, rows: Rows, where: Truth, value: Values | None) -> Truth:
    if op == "exists":
        said = where
    else:
        assert isinstance(value, Truth)
        yes, no = (value.f, value.t) if op == "all" else (value.t, value.f)
        said = Truth(where.t & yes, where.f | no)
    decided = rows.any(said.t)
    settled = ~decided & ~rows.any(~(said.t | said.f))
    return Truth(settled, decided) if op == "all" else Truth(decided, settled)


def known_part(rows: Rows, where: Truth, value: Number) -> tuple[Number, Array]:
    """(the sum of what is known, which owners have any part unknown)."""
    if rows.phantoms:
        where = Truth(where.t & _real(rows), where.f)
    doubt = rows.any(~(where.t | where.f) | (where.t & ~known(value)))
    return rows.sum(value, where.t & known(value)), doubt


def once_per_key(rows: Rows, where: Truth, value: Number, key: Values) -> Number:
    """The sum that counts each key once; rows of one key that disagree make it unknown."""
    if rows.phantoms:
        where = Truth(where.t & _real(rows), where.f)
    inside = ~np.broadcast_to(where.f, len(rows.owner))
    sure = where.t & known(value) & known(key)
    doubt = rows.any(inside & ~sure)
    firsts, order, starts = _distinct(rows, inside & sure, _keys(key))
    values = np.broadcast_to(value.v, len(rows.owner))[order]
    if len(starts):
        low, high = np.minimum.reduceat(values, starts), np.maximum.reduceat(values, starts)
        doubt[rows.owner[firsts][low != high]] = True
    once = np.zeros(len(rows.owner), bool)
    once[firsts] = True
    found = rows.sum(value, once)
    return Number(found.v, found.scale, doubt, found.bound)


def _distinct(rows: Rows, mask: Any, keys: Array) -> tuple[Array, Array, Array]:
    """For the rows in the mask: (a row of each owner and key, rows sorted by owner and key, where each pair starts)."""
    chosen = np.flatnonzero(np.broadcast_to(mask, len(rows.owner)))
    owners, keys = rows.owner[chosen], np.broadcast_to(keys, len(rows.owner))[chosen]
    sorting = _by_owner_and_key(rows.count, owners, keys)
    order, owners, sorted_keys = chosen[sorting], owners[sorting], keys[sorting]
    new = np.ones(len(order), bool)
    new[1:] = (owners[1:] != owners[:-1]) | (sorted_keys[1:] != sorted_keys[:-1])
    starts = np.flatnonzero(new)
    return order[starts], order, starts


def _by_owner_and_key(count: int, owners: Array, keys: Array) -> Array:
    """The order by owner, then key. What is in order already is sorted faster as one number."""
    if not len(keys):
        return np.empty(0, np.int64)
    low, high = int(keys.min()), int(keys.max())
    if (high - low + 1) * count < LIMIT:
        return np.argsort(owners * (high - low + 1) + (keys - low), kind="stable")
    return np.lexsort((keys, owners))


def _keys(values: Values) -> Array:
    """Values as whole numbers that are equal where the values are; the least of all for unknown."""
    if isinstance(values, Truth):
        return np.where(values.t, 1, np.where(values.f, 0, _NONE))
    if isinstance(values, Code):
        return np.where(values.i < 0, _NONE, values.i)
    gone = unknown(values)
    return np.asarray(values.v) if gone is None else np.where(gone, _NONE, values.v)


def _extreme(op: str, rows: Rows, mask: Any, value: Values, doubt: Array) -> Values:
    assert isinstance(value, (Number, Day)), "min and max are of numbers and days"
    limits = np.iinfo(np.int64)
    none, ufunc = (limits.max, np.minimum) if op == "min" else (limits.min, np.maximum)
    values = np.where(np.broadcast_to(mask, len(rows.owner)), value.v, np.int64(none))  # days are of 32 bits
    found = np.full(rows.count, none, np.int64)
    ufunc.at(found, rows.owner, values)
    nobody = ~rows.any(mask) | doubt
    found[nobody] = 0
    if isinstance(value, Day):
        return Day(found.astype(np.int32), nobody)
    return Number(found, value.scale, nobody, value.bound)


def _latest(rows: Rows, where: Truth, value: Values, order: Values, doubt: Array) -> Values:
    """The value of the rows that come last; unknown if those differ, and over nobody."""
    ranks = _keys(order) if not isinstance(order, Code) else _keys(_ranked(order))
    newest = np.full(rows.count, _NONE, np.int64)
    chosen = np.flatnonzero(np.broadcast_to(where.t & known(order), len(rows.owner)))
    ranks = np.broadcast_to(ranks, len(rows.owner))
    np.maximum.at(newest, rows.owner[chosen], ranks[chosen])
    last = chosen[ranks[chosen] == newest[rows.owner[chosen]]]
    keys = np.broadcast_to(_keys(value), len(rows.owner))[last]
    low, high = np.full(rows.count, np.iinfo(np.int64).max), np.full(rows.count, _NONE)
    np.minimum.at(low, rows.owner[last], keys)
    np.maximum.at(high, rows.owner[last], keys)
    gone = doubt | (low != high) | (high == _NONE)
    found = np.where(gone, 0, high)
    if isinstance(value, Truth):
        return Truth(~gone & (found == 1), ~gone & (found == 0))
    if isinstance(value, Code):
        return Code(np.where(gone, -1, found).astype(np.int32), value.words)
    return (
        Day(found.astype(np.int32), gone) if isinstance(value, Day) else Number(found, value.scale, gone, value.bound)
    )


def _ranked(code: Code) -> Code:
    """The same codes by the order of their words as text."""
    words = tuple(sorted(code.words))
    table = np.array([*(words.index(word) for word in code.words), -1], np.int32)
    return Code(table[code.i], words)
