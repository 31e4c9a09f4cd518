"""Whether a kept file has a row about one of some people: by number, or by name with the day of birth. In the child.

Rows are looked through as texts, whatever their columns mean: refused files have none that are agreed. Finding one too
many only keeps a file; a file that cannot be looked through is taken for one that has such a row (`Reader.mentions`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from doudi.sources.reading.cells import text_of
from doudi.sources.reading.job import Limits

MENTIONS = "mentions"
MARKED = (b"\xff\xfe", b"\xfe\xff")
_NOISE = re.compile(r"[\s'’‘`\"·•.\-‐‑–—]")
_DAY = re.compile(r"(?<!\d)(\d{4})\D{0,2}(\d{1,2})\D{0,2}(\d{1,2})(?!\d)")
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
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


@dataclass(frozen=True, slots=True)
class Search:
    """A file and who is looked for in it."""

    path: str
    folder: str
    limits: Limits
    people: People


def search(work: Search) -> None:
    """Writes MENTIONS into the folder: 1 or 0. Any error means that it could not be told."""
    found = any(work.people.are_in(row) for row in _rows(Path(work.path)))
    (Path(work.folder) / MENTIONS).write_text("1" if found else "0", encoding="ascii")


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as file:
        head = file.read(4)
    if head == _OLD_WORKBOOK:
        raise ValueError("an old workbook is not opened")
    if head == _WORKBOOK:
        from doudi.sources.reading.workbook import sheets

        for _name, rows in sheets(path):
            yield from ([text_of(cell) for cell in cells] for _number, cells in rows)
        return
    for encoding in ("utf-16",) if head.startswith(MARKED) else ("utf-8", "gb18030"):
        with path.open(encoding=encoding, errors="replace") as lines:
            yield from (re.split(r"[,;|\t]", line) for line in lines)
