"""Columns as text, quickly: money, days, names and identity numbers as departments write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from doudi.twin.plan import EPOCH, Array, calendar

_BASE = (date(1915, 1, 1) - EPOCH).days
_LAST = (date(2045, 12, 31) - EPOCH).days
_PATTERNS = {
    "compact": "{:04d}{:02d}{:02d}",
    "iso": "{:04d}-{:02d}-{:02d}",
    "slashed": "{}/{}/{}",
    "dotted": "{:04d}.{:02d}.{:02d}",
    "chinese": "{}年{}月{}日",
}
_FEN = pa.array([f"{fen:02d}" for fen in range(100)])


def money(cents: Array, *, thousands: bool | Array = False) -> pa.Array:
    """Fen → 1234.50, or 1,234.50 (everywhere, or where a mask says so)."""
    size = np.abs(cents)
    yuan = pc.cast(pa.array(size // 100), pa.string())
    column = pc.binary_join_element_wise(yuan, _FEN.take(pa.array(size % 100)), ".")
    column = _changed(column, cents < 0, lambda part: pc.binary_join_element_wise("-", part, ""))
    if thousands is True:
        return _grouped(column)
    return column if thousands is False else _changed(column, np.asarray(thousands), _grouped)


def _grouped(column: pa.Array) -> pa.Array:
    column = pc.replace_substring_regex(column, r"^(-?\d{1,3})(\d{3})\.", r"\1,\2.")
    return pc.replace_substring_regex(column, r"^(-?\d{1,3})(\d{3}),", r"\1,\2,")


def _changed(column: pa.Array, where: Array, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """The column with some cells changed; the others cost nothing."""
    if not where.any():
        return column
    mask = pa.array(where)
    return pc.replace_with_mask(column, mask, change(column.filter(mask)))


def quoted(column: pa.Array) -> pa.Array:
    """Cells with a comma in double quotes, as CSV wants it."""
    commas = pc.match_substring(column, ",").to_numpy(zero_copy_only=False)
    return _changed(column, commas, lambda part: pc.binary_join_element_wise('"', part, '"', ""))


def day_texts(day: Array, style: str) -> pa.Array:
    """Days since 1970 in a style: 20260701, 2026-07-01, 2026/7/1, 2026.07.01, 2026年7月1日."""
    return _calendar(style).take(pa.array(day - _BASE))


def mixed_days(rng: np.random.Generator, day: Array, style: str, share: float) -> pa.Array:
    """A style, with a share of cells written in another one."""
    column = day_texts(day, style)
    if not share:
        return column
    for other in ("iso", "slashed", "chinese"):
        where = rng.random(len(day)) < share / 3
        if where.any():
            column = pc.replace_with_mask(column, pa.array(where), day_texts(day[where], other))
    return column


@cache
def _calendar(style: str) -> pa.Array:
    pattern = _PATTERNS[style]
    dates = (calendar(day) for day in range(_BASE, _LAST + 1))
    return pa.array([pattern.format(d.year, d.month, d.day) for d in dates])


def labels(words: tuple[str, ...], codes: Array) -> pa.Array:
    """Codes → their words."""
    return pa.array(words).take(pa.array(codes.astype(np.int64)))


def padded(value: Array, width: int) -> pa.Array:
    """Whole numbers with leading zeros."""
    return pc.utf8_lpad(pc.cast(pa.array(value), pa.string()), width, "0")


def joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def lines(columns: list[pa.Array], *, delimiter: str = ",", end: str = "\r\n") -> bytes:
    """Cells → the bytes of a text table in UTF-8, without its header."""
    if not columns or not len(columns[0]):
        return b""
    body = pc.binary_join_element_wise(*columns, delimiter)
    body = pc.cast(pc.binary_join_element_wise(body, end, ""), pa.large_string())
    if isinstance(body, pa.ChunkedArray):
        body = body.combine_chunks()
    offsets = np.frombuffer(body.buffers()[1], dtype=np.int64)[body.offset : body.offset + len(body) + 1]
    return bytes(memoryview(body.buffers()[2])[int(offsets[0]) : int(offsets[-1])])
