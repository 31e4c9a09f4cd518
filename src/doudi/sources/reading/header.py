"""Finding the header and matching its columns: titles, merged rows as paths, aliases, units; strangers are refused."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import Any

from doudi.engine.feeds import Column, Feed
from doudi.sources.reading.cells import Rows, tight
from doudi.sources.reading.days import day
from doudi.sources.reading.faults import Problem, Refusal, cell_name, problem
from doudi.sources.reading.quantities import UNITS

SEARCHED = 20
COUNTERS = frozenset({"序号", "行号", "NO", "NO."})
"""Columns that only count the rows say nothing and are left out."""
_BRACKET = re.compile(r"^(.+?)(?:[(\[【<](.*?)[)\]】>]|[/,_](万元|元))$")
_NOTE = re.compile(r"平方米|平米|m2|单位[:：]|必填|选填|可空|格式|yyyy|YYYY|如[:：]|文本|\*")
_CUTOFF = re.compile(r"(?:截止|截至|数据日期|数据截止)[^0-9]{0,6}(\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?)")


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of the feed at its place in the file; `multiply` as the header's own unit says."""

    index: int
    column: Column
    name: str
    multiply: Decimal


@dataclass(frozen=True, slots=True)
class Header:
    """Which cell of a row is which column; `names` are the sender's headers by position."""

    names: tuple[str, ...]
    slots: tuple[Slot, ...]
    last_row: int
    width: int
    unnamed: frozenset[int]
    """Positions inside the header without a name."""
    titles: tuple[str, ...]


def find(rows: Rows, feed: Feed) -> Header:
    """Reads on to the header; raises Refusal when none is found or its columns do not fit."""
    known = _known(feed)
    window: list[tuple[int, list[Any]]] = []
    for number, cells in rows:
        window.append((number, cells))
        if len(window) > SEARCHED:
            break
        depths = range(1, min(max(feed.header_rows, 1) + 1, 3, len(window)) + 1)
        tried = [(depth, _paths([row for _, row in window[-depth:]])) for depth in depths]
        depth, names = max(tried, key=lambda one: _hits(one[1], known))
        hits = _hits(names, known)
        if hits * 2 >= len(feed.columns) or hits >= max(2, len([n for n in names if n]) - 1):
            titles = tuple(tight(cell) for _, row in window[:-depth] for cell in row if tight(cell))
            return _matched(names, known, feed, number, titles)
    wanted = "、".join(column.headers[0] for column in feed.columns if column.headers)
    raise Refusal(problem("header.missing", wanted=wanted))


def _hits(names: list[str], known: dict[str, Column]) -> int:
    return len({match[0].name for name in names if (match := _match(name, known))})


def plain(cell: Any) -> str:
    """A header's text: one form of characters, without blanks, colons and stars."""
    return tight(cell).strip(":*'\"")


def cutoff_in(titles: tuple[str, ...]) -> str | None:
    """The cut-off a title names, as ISO text."""
    for title in titles:
        match = _CUTOFF.search(title)
        found = day(match[1])[0] if match else None
        if found:
            return found.isoformat()
    return None


def _known(feed: Feed) -> dict[str, Column]:
    """Headers by their text in upper case; what a header is called inside its path only if that is plain."""
    known = {plain(header).upper(): column for column in feed.columns for header in column.headers}
    for column in feed.columns:
        for header in column.headers:
            known.setdefault(plain(header).replace("/", "").upper(), column)
    return known


def _match(name: str, known: dict[str, Column]) -> tuple[Column, Decimal] | None:
    """The column a header names and the factor of its amounts."""
    if not name:
        return None
    column = known.get(name.upper())
    bracket = _BRACKET.match(name)
    if column is not None:
        return column, _factor(column, _inside(bracket))
    if bracket is None:
        return None
    base, inside = bracket[1], _inside(bracket)
    unit = _unit(inside)
    column = next(
        (c for known_as, c in known.items() if known_as == base.upper() or _without_unit(known_as) == base.upper()),
        None,
    )
    if column is None or (unit and not column.unit.startswith("yuan")):
        return None
    if column.type in ("money", "number") and not unit and not _NOTE.search(inside):
        return None  # what is in the brackets may change what the figure means
    return column, _factor(column, inside)


def _without_unit(header: str) -> str:
    bracket = _BRACKET.match(header)
    return bracket[1] if bracket and _unit(_inside(bracket)) else header


def _inside(bracket: re.Match[str] | None) -> str:
    return (bracket[2] or bracket[3] or "") if bracket else ""


def _unit(inside: str) -> Decimal | None:
    text = re.sub(r"^(?:单位)?[:：]?(?:人民币)?", "", inside.removesuffix("/月").removesuffix("/年"))
    return UNITS.get(text)


def _factor(column: Column, inside: str) -> Decimal:
    unit = _unit(inside) if column.unit.startswith("yuan") else None
    return column.multiply if unit is None else unit


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
    return ["/".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*filled, strict=True)]


def _matched(names: list[str], known: dict[str, Column], feed: Feed, row: int, titles: tuple[str, ...]) -> Header:
    while names and not names[-1]:
        names = names[:-1]
    slots: dict[str, Slot] = {}
    for index, name in enumerate(names):
        if not name or name.upper() in COUNTERS:
            continue
        match = _match(name, known)
        if match is None:
            raise Refusal(_unknown(name, index, row, known))
        column, multiply = match
        if column.name in slots:
            raise Refusal(problem("header.twice", row=row, column=name, cell=cell_name(index, row)))
        slots[column.name] = Slot(index, column, name, multiply)
    for column in feed.columns:
        if column.part_of is not None and column.part_of in slots:
            whole = slots[column.part_of]
            slots.setdefault(column.name, Slot(whole.index, column, whole.name, column.multiply))
        if column.required and column.name not in slots:
            raise Refusal(problem("header.column_missing", row=row, column=column.headers[0]))
    unnamed = frozenset(index for index, name in enumerate(names) if not name)
    return Header(tuple(names), tuple(slots.values()), row, len(names), unnamed, titles)


def _unknown(name: str, index: int, row: int, known: dict[str, Column]) -> Problem:
    headers = list(dict.fromkeys(chain.from_iterable(column.headers for column in known.values())))
    close = difflib.get_close_matches(name, headers, n=1, cutoff=0.5)
    zh, en = (f"是不是“{close[0]}”？", f'Did you mean "{close[0]}"? ') if close else ("", "")
    fault = problem("header.unknown", row=row, column=name, cell=cell_name(index, row), hint=zh)
    return replace(fault, en=problem("header.unknown", row=row, column=name, hint=en).en)
