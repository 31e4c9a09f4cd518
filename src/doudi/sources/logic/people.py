"""Whom a row is about, without a key: by number, or by name with the day of birth. One found too many only keeps it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

_NOISE = re.compile(r"[\s'’‘`\"·•.\-‐‑–—]")
_DAY = re.compile(r"(?<!\d)(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})(?!\d)")
_FIRST = date(1899, 12, 30)
"""Day 0 of a spreadsheet."""


@dataclass(frozen=True, slots=True)
class People:
    """Who is looked for: numbers of 18 characters, names each with a day of birth."""

    numbers: frozenset[str] = field(default=frozenset(), repr=False)
    births: frozenset[tuple[str, date]] = field(default=frozenset(), repr=False)

    def are_in(self, cells: Iterable[str]) -> bool:
        """Whether a row is about one of them."""
        plain = [unicodedata.normalize("NFKC", cell).upper() for cell in cells]
        text = "|".join(_NOISE.sub("", cell) for cell in plain)
        if any(number in text or number[:6] + number[8:17] in text for number in self.numbers):
            return True
        named = {born for name, born in self.births if _NOISE.sub("", name.upper()) in text}
        return bool(named) and any(born in named for cell in plain for born in _days(cell))


def _days(cell: str) -> Iterator[date]:
    """Days that a text may mean."""
    if cell.strip().isdigit() and 0 < int(cell) < 100_000:
        yield date.fromordinal(_FIRST.toordinal() + int(cell))
    for year, month, day in _DAY.findall(cell):
        try:
            yield date(int(year), int(month), int(day))
        except ValueError:
            continue
