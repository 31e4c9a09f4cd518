"""Which feeds a rulebook reads and how much of each: its records, their columns, the months its windows reach back."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from doudi.engine.quantities import RELATION
from doudi.engine.rulebook import Rulebook
from doudi.engine.tree import Kind

AUTHORISED = "authorised"
GIVEN = ("registry", "declared")
STRUCTURE = (("household", "area"), ("person", "member"))
"""Not looked up: the shape of the family itself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One feed as the rulebook reads it."""

    record: str
    feed: str
    scope: str
    columns: tuple[tuple[str, Kind], ...]
    months: int | None
    """How many whole months before the day a fact looks back at; None if no fact has a window."""


def window_of(months: int, day: datetime.date) -> tuple[datetime.date, datetime.date]:
    """First and last month (as first days) of the `months` months before a day's month."""
    last = _month(day.year * 12 + day.month - 2)
    return _month(last.year * 12 + last.month - months), last


def _month(count: int) -> datetime.date:
    return datetime.date(count // 12, count % 12 + 1, 1)


def covers(
    wanted: Wanted, day: datetime.date, from_month: datetime.date | None, to_month: datetime.date | None
) -> bool:
    """Whether a delivery covering these months answers for the windows; an open start or end is taken as covered."""
    if wanted.months is None:
        return True
    first, last = window_of(wanted.months, day)
    return (from_month is None or from_month <= first) and (to_month is None or to_month >= last)


def wanted_feeds(rulebook: Rulebook) -> list[Wanted]:
    """Every feed a rulebook reads, by record name; obligors are written down at the counter, no feed brings them."""
    months: dict[str, int] = {}
    for fact in rulebook.facts.values():
        rows = fact.from_rows
        if rows is not None and rows.window_column is not None:
            months[rows.feed] = max(months.get(rows.feed, 0), rows.window_months)
    return [
        Wanted(
            record=record.name,
            feed=record.feed.name,
            scope=record.feed.scope,
            columns=tuple((name, column.kind) for name, column in record.columns.items()),
            months=months.get(record.feed.name),
        )
        for record in sorted(rulebook.records.values(), key=lambda record: record.name)
        if record.name != RELATION
    ]


def given_facts(rulebook: Rulebook) -> dict[tuple[str, str], Kind]:
    """Facts the registry and declarations give directly, by (entity, name); the rest come from rows."""
    return {
        (fact.entity, fact.name): fact.kind
        for fact in rulebook.facts.values()
        if fact.source in GIVEN and fact.entity in ("household", "person") and (fact.entity, fact.name) not in STRUCTURE
    }
