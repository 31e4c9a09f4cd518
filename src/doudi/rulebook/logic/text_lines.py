"""Two versions of the same files, line by line: what was taken out, what was put in, with a little around it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

AROUND = 2
MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `kind` is out, in, same, or gap where lines are left out."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FileChange:
    """What changed in one file."""

    name: str
    lines: tuple[Line, ...]


def file_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[FileChange, ...]:
    """The files that differ, by name."""
    return tuple(
        FileChange(name, tuple(_lines(before.get(name, ""), after.get(name, ""))))
        for name in sorted({*before, *after})
        if before.get(name, "") != after.get(name, "")
    )


def _lines(before: str, after: str) -> Iterator[Line]:
    found = difflib.unified_diff(before.splitlines(), after.splitlines(), n=AROUND, lineterm="")
    for count, line in enumerate(found):
        if count < 2:
            continue
        if count > MOST_LINES:
            yield Line("gap", "…")
            return
        if line.startswith("@@"):
            if count > 2:
                yield Line("gap", "…")
        else:
            yield Line({"-": "out", "+": "in"}.get(line[:1], "same"), line[1:])
