"""Identity numbers nobody has: area prefix 99, true birth date, order and check character, for all people at once."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from doudi.lib.identity_number import CHECKS, WEIGHTS
from doudi.twin.plan import Array

_WEIGHTS = np.array(WEIGHTS, dtype=np.int64)
_CHECKS = np.frombuffer(CHECKS.encode(), dtype=np.uint8)


def numbers(prefix: Array, born: Array, male: Array) -> Array:
    """Numbers as an array of uint8 (n, 18). `prefix` six digits, `born` days since 1970; unique within the call."""
    order = _order(prefix, born, male)
    if order.size and int(order.max()) > 999:
        raise ValueError("more than 499 people of one sex born on one day: take a smaller county")
    dates = born.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    years = months.astype("datetime64[Y]").astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (dates - months.astype("datetime64[D]")).astype(np.int64) + 1
    value = ((((prefix.astype(np.int64) * 10000 + years) * 100 + month) * 100) + day) * 1000 + order
    digits = np.empty((len(born), 17), dtype=np.uint8)
    for place in range(16, -1, -1):
        value, digit = np.divmod(value, 10)
        digits[:, place] = digit
    return with_check(digits)


def with_check(digits: Array) -> Array:
    """Seventeen digits (0 to 9) → eighteen ASCII characters."""
    check = _CHECKS[(digits.astype(np.int64) @ _WEIGHTS) % 11]
    return np.concatenate([digits + 48, check[:, None]], axis=1).astype(np.uint8)


def texts(ascii_rows: Array) -> pa.Array:
    """(n, width) ASCII codes → a string array."""
    rows = np.ascontiguousarray(ascii_rows, dtype=np.uint8)
    count, width = rows.shape
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    return pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(rows))


def _order(prefix: Array, born: Array, male: Array) -> Array:
    """Three-digit order: odd for men, even for women, counted within prefix, day and sex."""
    key = (prefix.astype(np.int64) * 1_000_000 + born + 100_000) * 2 + male
    places = np.argsort(key, kind="stable")
    ordered = key[places]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    lengths = np.diff(np.r_[starts, len(ordered)])
    rank = np.empty(len(key), dtype=np.int64)
    rank[places] = np.arange(len(key)) - np.repeat(starts, lengths)
    return np.asarray(rank * 2 + np.where(male, 1, 2))
