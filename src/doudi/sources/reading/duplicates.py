"""Rows that say the same twice, and rows of one key that disagree."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from doudi.engine.feeds import Feed


class Duplicates:
    """Remembers digests only. `conflicts` are the numbers of all rows of a key that disagree."""

    def __init__(self, feed: Feed) -> None:
        self._mode = feed.duplicates
        self._keys = [column.name for column in feed.columns if column.key]
        self._seen: set[bytes] = set()
        self._first: dict[bytes, tuple[bytes, int]] = {}
        self.conflicts: dict[int, str] = {}
        """Row number → name of the key column."""

    def repeated(self, whose: Sequence[Any], values: dict[str, list[Any]], rows: Sequence[int]) -> set[int]:
        """Positions to leave out because an identical row came before."""
        if self._mode == "keep" or (self._mode == "conflicting" and not self._keys):
            return set()
        whole = _digests(zip(whose, *values.values(), strict=True))
        if self._mode == "drop_identical":
            return {at for at, digest in enumerate(whole) if self._is_known(digest)}
        keys = _digests(zip(*(values[name] for name in self._keys), strict=True))
        return {
            at for at, (key, digest) in enumerate(zip(keys, whole, strict=True)) if self._again(key, digest, rows[at])
        }

    def _is_known(self, digest: bytes) -> bool:
        known = digest in self._seen
        self._seen.add(digest)
        return known

    def _again(self, key: bytes, digest: bytes, row: int) -> bool:
        """True for an identical row; a row that disagrees stays and is noted together with the first."""
        first, first_row = self._first.setdefault(key, (digest, row))
        if first_row == row:
            return False
        if first == digest:
            return True
        self.conflicts[first_row] = self.conflicts[row] = self._keys[0]
        return False


def _digests(tuples: Iterable[tuple[Any, ...]]) -> list[bytes]:
    return [blake2b(repr(one).encode(), digest_size=16).digest() for one in tuples]
