"""Finding the header and matching its columns: titles above it, merged rows as paths, aliases; unknown columns are refused."""

from __future__ import annotations

import difflib
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from doudi.engine.feeds import Column, Feed
from doudi.sources.reading.faults import Refusal, cell_name, problem
from doudi.sources.reading.opening import Rows

SEARCHED = 12


@dataclass(frozen=True, slots=True)
class Header:
    """Which cell of a row is which column; `names` are the sender's headers by position."""

    names: tuple[str, ...]
    columns: tuple[tuple[int, Column], ...]
    last_row: int


def plain(cell: Any) -> str:
    """A header's text: NFKC, without blanks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(cell if cell is not None else "")))


def find(rows: Rows, feed: Feed) -> Header:
    """Reads on to the header; raises Refusal when none is found or its columns do not fit."""
    known = {plain(h): column for column in feed.columns for h in column.headers}
    window: list[tuple[int, list[Any]]] = []
    for number, cells in rows:
        window.append((number, cells))
        if len(window) > SEARCHED:
            break
        if len(window) < feed.header_rows:
            continue
        names = _paths([cells for _, cells in window[-feed.header_rows :]])
        hits = sum(1 for name in names if name in known)
        if hits * 2 >= len(feed.columns) or hits >= max(2, len([n for n in names if n]) - 1):
            return _matched(names, known, feed, number)
    wanted = "、".join(column.headers[0] for column in feed.columns)
    raise Refusal(problem("header.missing", wanted=wanted))


def _paths(rows: list[list[Any]]) -> list[str]:
    """Merged header rows as paths: a blank upper cell continues the one to its left."""
    width = max(len(row) for row in rows)
    filled = []
    for depth, row in enumerate(rows):
        texts = [plain(cell) for cell in row] + [""] * (width - len(row))
        if depth < len(rows) - 1:
            for index in range(1, width):
                texts[index] = texts[index] or texts[index - 1]
        filled.append(texts)
    return ["/".join(part for part in parts if part) for parts in zip(*filled, strict=True)]


def _matched(names: list[str], known: dict[str, Column], feed: Feed, last_row: int) -> Header:
    while names and not names[-1]:
        names = names[:-1]
    found: dict[str, int] = {}
    columns: list[tuple[int, Column]] = []
    for index, name in enumerate(names):
        column = known.get(name)
        if column is None:
            close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
            hint = (
                {"zh": f"是不是“{close[0]}”？", "en": f'Did you mean "{close[0]}"? '} if close else {"zh": "", "en": ""}
            )
            fault = problem(
                "header.unknown", row=last_row, column=name, cell=cell_name(index, last_row), hint=hint["zh"]
            )
            english = problem("header.unknown", row=last_row, column=name, hint=hint["en"]).en
            raise Refusal(type(fault)(fault.code, fault.row, fault.column, fault.cell, fault.zh, english))
        if column.name in found:
            raise Refusal(problem("header.twice", row=last_row, column=name, cell=cell_name(index, last_row)))
        found[column.name] = index
        columns.append((index, column))
    for column in feed.columns:
        if column.required and column.name not in found:
            raise Refusal(problem("header.column_missing", row=last_row, column=column.headers[0]))
    return Header(tuple(names), tuple(columns), last_row)
