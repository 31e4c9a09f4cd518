"""What the lake holds of many people: their rows by feed, read once a feed, and why rows are missing."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from doudi.matching.logic.families import NOT_ANSWERED, NOT_PERMITTED, Subject
from doudi.matching.logic.wanted import AUTHORISED, Wanted, covers
from doudi.sources import queries as sources

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows of one feed by lake key; `tainted` keys had a row quarantined for something but its number."""

    wanted: Wanted
    received: bool
    from_month: datetime.date | None
    to_month: datetime.date | None
    rows: dict[uuid.UUID, list[Row]]
    tainted: frozenset[uuid.UUID]

    def answer(self, subject: Subject, on: datetime.date) -> list[Row] | str:
        """The rows of a person, or the reason why they are unknown."""
        if self.wanted.scope == AUTHORISED and self.wanted.feed not in subject.permitted:
            return NOT_PERMITTED
        if not self.received or not covers(self.wanted, on, self.from_month, self.to_month):
            return NOT_ANSWERED
        if not subject.keys or any(key in self.tainted for key in subject.keys):
            return NOT_ANSWERED
        return [row for key in subject.keys for row in self.rows.get(key, ())]


def evidence(feeds: Sequence[Wanted], keys: Sequence[uuid.UUID]) -> list[Evidence]:
    """The evidence of all feeds on some people; one read of the lake per feed."""
    found = []
    for wanted in feeds:
        coverage = sources.coverage(wanted.feed)
        received = coverage is not None
        found.append(
            Evidence(
                wanted=wanted,
                received=received,
                from_month=coverage.from_month if coverage else None,
                to_month=coverage.to_month if coverage else None,
                rows=sources.rows_for(wanted.feed, list(keys)) if received else {},
                tainted=frozenset(sources.tainted(wanted.feed, list(keys))) if received else frozenset(),
            )
        )
    return found
