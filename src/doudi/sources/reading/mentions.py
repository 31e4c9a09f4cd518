"""Whether a kept file has a row about one of some people. In the child, for it opens the file again.

Rows are looked through as texts, whatever their columns mean: refused files have none that are agreed. Of workbooks
every sheet is, also a hidden one. A file that cannot be looked through is taken for one that has such a row
(`Reader.mentions`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from doudi.sources.logic.people import People
from doudi.sources.reading.cells import text_of
from doudi.sources.reading.job import Limits

MENTIONS = "mentions"
MARKED = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK, _OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


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

        for _name, rows in sheets(path, hidden=True):
            yield from ([text_of(cell) for cell in cells] for _number, cells in rows)
        return
    for encoding in ("utf-16",) if head.startswith(MARKED) else ("utf-8", "gb18030"):
        with path.open(encoding=encoding, errors="replace") as lines:
            yield from (re.split(r"[,;|\t]", line) for line in lines)
