"""Columns in the order of the snapshot: which place a row belongs to, and what the cells of one place come to.

Arrow in, Arrow out; the sums and doubts in between are numpy. A sum that 64 bits might not hold raises `TooWide`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]
_LARGEST = 2**63 - 1


class TooWide(ArithmeticError):
    """A sum might not fit in 64 bits."""


class Places:
    """The numbers of some things (persons, households) in their order, and at which place each stands."""

    def __init__(self, numbers: Array) -> None:
        self.count = len(numbers)
        self._first = int(numbers[0]) if self.count else 0
        self._numbers = None if self._follow(numbers) else numbers

    def _follow(self, numbers: Array) -> bool:
        """Whether each number is the one before and one more."""
        return not self.count or bool((np.diff(numbers) == 1).all())

    def of(self, wanted: Array) -> Array:
        """The place of each number wanted; -1 for one that is not there."""
        if not self.count:
            return np.full(len(wanted), -1, np.int32)
        if self._numbers is None:
            places = wanted - self._first
            return np.where((places >= 0) & (places < self.count), places, -1).astype(np.int32, copy=False)
        order = np.argsort(self._numbers, kind="stable")
        found = np.searchsorted(self._numbers, wanted, sorter=order).clip(0, self.count - 1)
        places = order[found]
        return np.where(self._numbers[places] == wanted, places, -1).astype(np.int32)


class Groups:
    """Rows by the place of their owner: those of one owner stand together, or are put so."""

    def __init__(self, places: Array, count: int) -> None:
        self._count = count
        self._order: Array | None = None
        if len(places) and (places[1:] < places[:-1]).any():
            self._order = np.argsort(places, kind="stable")
            places = places[self._order]
        self._starts = np.flatnonzero(np.diff(places, prepend=-2))
        self._owners = places[self._starts]
        ends = np.append(self._starts[1:], len(places))
        self._most = int((ends - self._starts).max()) if len(places) else 0

    def _reduced(self, ufunc: Any, cells: Array, found: Array) -> Array:
        if len(self._starts):
            cells = cells if self._order is None else cells[self._order]
            inside = self._owners >= 0
            values = ufunc.reduceat(cells, self._starts, dtype=found.dtype)
            found[self._owners[inside]] = values[inside]
        return found

    def sums(self, cells: Array) -> pa.Array:
        """The sum of each owner's cells; nothing to sum is 0."""
        if len(cells) and max(int(cells.max()), -int(cells.min())) * self._most > _LARGEST:
            raise TooWide("a sum may be too wide for 64 bits")
        return pa.array(self._reduced(np.add, cells, np.zeros(self._count, np.int64)))

    def any(self, cells: Array) -> pa.Array:
        """1 where an owner has a cell of 1."""
        return pa.array(self._reduced(np.maximum, cells, np.zeros(self._count, np.uint8)))


def spread(values: pa.Array, places: Array, count: int) -> pa.Array:
    """Values put at their places; empty elsewhere."""
    index = np.full(count, -1, np.int64)
    index[places] = np.arange(len(places))
    return taken(values, index)


def taken(values: pa.Array, places: Array) -> pa.Array:
    """The value at each place; empty for -1."""
    missing = places < 0
    if missing.any():
        return values.take(pa.array(places, mask=missing))
    return values.take(pa.array(places))


def decimals(values: pa.Array, scale: int) -> pa.Array:
    """Whole numbers of 10^-scale as decimals; 64 bits are widened, nothing is rounded."""
    if pa.types.is_null(values.type):
        return pa.nulls(len(values), pa.decimal128(38, scale))
    whole = values.fill_null(0).to_numpy()
    words = np.column_stack([whole, whole >> 63])
    validity = values.is_valid().buffers()[1] if values.null_count else None
    kind = pa.decimal128(38, scale)
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(words)])


def through(further: Array, places: Array) -> Array:
    """Where those places lead; -1 stays -1."""
    if not len(further):
        return np.full(len(places), -1, np.int32)
    return np.where(places < 0, -1, further[places]).astype(np.int32, copy=False)
