"""Which of the tables a file may hold is the one: the first whose header is found."""

from __future__ import annotations

from pathlib import Path

from doudi.engine.feeds import Feed
from doudi.sources.reading.faults import Refusal, problem
from doudi.sources.reading.header import Header, find
from doudi.sources.reading.lines import is_blank
from doudi.sources.reading.opening import Opened, tables


def found_table(path: Path, feed: Feed) -> tuple[Opened, Header]:
    """The table, read on to the row below its header; Refusal when there is none, or two worksheets with data."""
    first: Refusal | None = None
    found: tuple[Opened, Header] | None = None
    for opened in tables(path, feed):
        try:
            header = find(opened.rows, feed)
        except Refusal as refusal:
            if found is None and (
                refusal.problem.code not in ("header.missing", "file.quoting") or not opened.sheet + opened.delimiter
            ):
                raise
            first = first or refusal
            continue
        if found is None:
            found = opened, header
            if not opened.sheet:
                break
        elif any(not is_blank(cells) for _number, cells in opened.rows):
            raise Refusal(problem("sheet.several", sheet=opened.sheet))
    if found is None:
        assert first is not None
        raise first
    return found
