"""The clerk who writes a department's file: numbers, names, days and codes in their hand, the file in its encoding."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from doudi.twin.county import County
from doudi.twin.dirt import written, written_names
from doudi.twin.habits import Habits, habits_of
from doudi.twin.plan import Array
from doudi.twin.text import labels, mixed_days


@dataclass(frozen=True, slots=True)
class Hand:
    """One department's clerk: what numbers and names look like in their file."""

    county: County
    feed: str
    rng: np.random.Generator
    share: float
    habits: Habits

    def numbers(self, person: Array) -> tuple[pa.Array, Array]:
        return written(self.rng, self.county.families.number[person], self.share)

    def names(self, person: Array) -> pa.Array:
        return written_names(self.rng, self.county.families.name.take(pa.array(person)), self.share / 4)

    def days(self, day: Array, style: str) -> pa.Array:
        return mixed_days(self.rng, day, self.habits.days or style, self.share / 4)

    def odd(self, count: int) -> Array:
        """Cells written with thousands separators where the department writes none."""
        return np.asarray(self.rng.random(count) < (1.0 if self.habits.thousands else self.share / 4))

    def codes(self, words: tuple[str, ...], codes: Array) -> pa.Array:
        return labels(tuple(word + " " * (self.habits.blanks and bool(word)) for word in words), codes)

    def write(self, path: Path, header: str, body: bytes, encoding: str = "utf-8", end: str = "\r\n") -> None:
        """Header and rows in the agreed encoding."""
        whole = (header + end).encode() + body
        if self.habits.unix:
            whole = whole.replace(b"\r\n", b"\n")
        if encoding != "utf-8":
            whole = whole.decode().encode(encoding)
        elif self.habits.mark and not whole.startswith(b"\xef\xbb\xbf"):
            whole = b"\xef\xbb\xbf" + whole
        path.write_bytes(whole)


def hand(county: County, feed: str) -> Hand:
    return Hand(county, feed, county.plan.stream("dirt:" + feed), county.plan.dirt, habits_of(county.plan, feed))
