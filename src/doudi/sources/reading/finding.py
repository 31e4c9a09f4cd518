"""Which of the tables a file may hold is the one: the first whose header is found."""

from __future__ import annotations

from pathlib import Path

from doudi.engine.feeds import Feed
from doudi.sources.reading.faults import Refusal, problem
from doudi.sources.reading.header import Header, find
from doudi.sources.reading.lines import is_blank
from doudi.sources.reading.opening import Opened, tables

MAYBE_ELSEWHERE = ("header.missing", "file.quoting")
"""Refusals after which another worksheet or delimiter is tried."""


def found_table(path: Path, feed: Feed) -> tuple[Opened, Header]:
    """The table, read on to the row below its header; Refusal when there is none, or two worksheets with data."""
    first: Refusal | None = None
    found: tuple[Opened, Header] | None = None
    for opened in tables(path, feed):
        try:
            header = find(opened.rows, feed)
            more = found is not None and any(not is_blank(cells) for _number, cells in opened.rows)
        except Refusal as refusal:
            if found is None and refusal.problem.code not in MAYBE_ELSEWHERE:
                raise
            first = first or refusal
            continue
        if more:
            raise Refusal(problem("sheet.several", sheet=opened.sheet))
        found = found or (opened, header)
        if not opened.sheet:
            break
    if found is None:
        raise first or Refusal(problem("sheet.missing"))
    return found
