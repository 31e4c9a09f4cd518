"""Arrow columns drawn from distributions, vectorised; `unknown` marks the cells that stay empty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]


def offsets(counts: Array) -> Array:
    """0, 1, 2 … within each group of so many."""
    ends = np.cumsum(counts)
    within: Array = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts, counts)
    return within


def identifiers(rng: np.random.Generator, first: int, count: int) -> pa.Array:
    """Random ids in the form of UUIDs that sort in the order they are made."""
    raw = np.empty((count, 16), np.uint8)
    raw[:, :5] = (first + np.arange(count)).astype(">u8").view(np.uint8).reshape(count, 8)[:, 3:]
    raw[:, 5:] = rng.integers(0, 256, (count, 11), np.uint8)
    digits = np.frombuffer(raw.tobytes().hex().encode(), np.uint8).reshape(count, 32)
    text = np.full((count, 36), ord("-"), np.uint8)
    for start, end, at in ((0, 8, 0), (8, 12, 9), (12, 16, 14), (16, 20, 19), (20, 32, 24)):
        text[:, at : at + end - start] = digits[:, start:end]
    ends = pa.array(np.arange(count + 1, dtype=np.int32) * 36).buffers()[1]
    return pa.StringArray.from_buffers(count, ends, pa.py_buffer(text.tobytes()))


def chosen(rng: np.random.Generator, shares: Mapping[str, float], rows: int, unknown: Array) -> pa.Array:
    """Codes by their shares."""
    weights = np.array(list(shares.values()))
    index = np.searchsorted(np.cumsum(weights / weights.sum()), rng.random(rows), side="right").clip(
        0, len(weights) - 1
    )
    return pa.array(list(shares), pa.string()).take(pa.array(index, pa.int32(), mask=unknown))


def amounts(rng: np.random.Generator, median: float, spread: float, rows: int) -> Array:
    """Log-normal amounts in hundredths; a third of them nothing at all is left to the caller's shares."""
    return np.asarray(np.minimum(rng.lognormal(np.log(median), spread, rows), 10_000_000) * 100).astype(np.int64)


def decimals(hundredths: Array, kind: pa.DataType, unknown: Array) -> pa.Array:
    """Whole hundredths as decimals of a stored type, without passing through binary fractions."""
    scaled = hundredths * 10 ** (kind.scale - 2) if kind.scale >= 2 else hundredths // 10 ** (2 - kind.scale)
    words = np.column_stack([scaled, scaled >> 63]).astype("<i8")
    validity = pa.array(~unknown).buffers()[1]
    return pa.Array.from_buffers(kind, len(scaled), [validity, pa.py_buffer(words.tobytes())])


def dates(day: date, ago: Array, unknown: Array) -> pa.Array:
    """Days before a day."""
    epoch = (day - date(1970, 1, 1)).days
    return pa.array((epoch - np.floor(ago)).astype(np.int32), pa.int32(), mask=unknown).cast(pa.date32())


def months(first: date, after: Array, unknown: Array) -> pa.Array:
    """First days of months, so many months after a first one."""
    count = (first.year - 1970) * 12 + first.month - 1 + after
    days = count.astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)
    return pa.array(days, pa.int32(), mask=unknown).cast(pa.date32())
