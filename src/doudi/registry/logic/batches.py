"""Long lists in parts that fit one statement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

ROWS_AT_A_TIME = 5_000
T = TypeVar("T")


def chunks(rows: Sequence[T], size: int = ROWS_AT_A_TIME) -> Iterator[Sequence[T]]:
    """The rows in parts of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
