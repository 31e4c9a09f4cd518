"""What a source said about a person: read off the case, with the date of its data and the reason of a silence."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.engine.rulebook import Rulebook
from doudi.matching.logic.wanted import Wanted, covers

ANSWERED, NOTHING_FOUND, NOT_ANSWERED, NOT_PERMITTED = "answered", "nothing_found", "not_answered", "not_permitted"
SILENT = (NOT_ANSWERED, NOT_PERMITTED)


@dataclass(frozen=True, slots=True)
class Held:
    """The delivery of a feed the answers come from; all empty if none was accepted."""

    from_month: datetime.date | None = None
    to_month: datetime.date | None = None
    cutoff: datetime.date | None = None
    delivery: uuid.UUID | None = None
    received_at: datetime.datetime | None = None
    received: bool = False

    @property
    def data_on(self) -> datetime.date | None:
        """The day up to which the data speak: the sender's cut-off, else the end of the last month measured in them."""
        return self.cutoff or (_month_end(self.to_month) if self.from_month and self.to_month else None)


@dataclass(frozen=True, slots=True)
class PersonAnswer:
    """One source about one person."""

    person: uuid.UUID
    seq: int
    is_member: bool
    feed: str
    state: str
    reason: str
    rows: int


def silent_when_empty(rulebook: Rulebook) -> frozenset[str]:
    """Feeds in whose lists no row means no answer, not nothing: all facts read from them say `absent: unknown`."""
    said: dict[str, set[str]] = {}
    for fact in rulebook.facts.values():
        if fact.from_rows is not None:
            said.setdefault(fact.from_rows.feed, set()).add(fact.from_rows.absent)
    return frozenset(feed for feed, absents in said.items() if absents == {"unknown"})


def answers_of(
    case: Mapping[str, Any],
    feeds: Sequence[Wanted],
    held: Mapping[str, Held],
    silent: Collection[str],
    numbered: Collection[uuid.UUID],
) -> list[PersonAnswer]:
    """Every person of a case × every feed. `numbered` are the persons the lake can know at all."""
    as_of = datetime.date.fromisoformat(case["as_of"])
    found = []
    for seq, person in enumerate(case["persons"]):
        key = uuid.UUID(person["id"])
        for wanted in feeds:
            rows = person["records"][wanted.record]
            state, reason = _state(rows, wanted, held[wanted.feed], as_of, wanted.feed in silent, key in numbered)
            count = len(rows) if state == ANSWERED else 0
            found.append(PersonAnswer(key, seq, bool(person["member"]), wanted.feed, state, reason, count))
    return found


def _state(
    rows: Any, wanted: Wanted, held: Held, as_of: datetime.date, silent: bool, numbered: bool
) -> tuple[str, str]:
    if isinstance(rows, Mapping):
        if rows["unknown"] == NOT_PERMITTED:
            return NOT_PERMITTED, "not_signed"
        return NOT_ANSWERED, _why(wanted, held, as_of, numbered)
    if rows:
        return ANSWERED, ""
    return (NOT_ANSWERED, "no_row") if silent else (NOTHING_FOUND, "")


def _why(wanted: Wanted, held: Held, as_of: datetime.date, numbered: bool) -> str:
    if not held.received:
        return "no_delivery"
    if not covers(wanted, as_of, held.from_month, held.to_month):
        return "not_covered"
    return "quarantined" if numbered else "no_number"


def _month_end(month: datetime.date) -> datetime.date:
    following = datetime.date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return following - datetime.timedelta(days=1)
