"""Which months a delivery answers for."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coverage:
    """First days of the first and last month covered; None is an open end. `cutoff` as the sender said it."""

    from_month: datetime.date | None
    to_month: datetime.date | None
    cutoff: datetime.date | None
    delivery: uuid.UUID
    received_at: datetime.datetime


def last_whole_month(cutoff: datetime.date) -> datetime.date:
    """First day of the last month a cut-off closes: 30 June closes June, 29 June closes May."""
    if (cutoff + datetime.timedelta(days=1)).day == 1:
        return cutoff.replace(day=1)
    return (cutoff.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)


def months_of(
    kind: str,
    cutoff: datetime.date | None,
    measured: tuple[datetime.date | None, datetime.date | None],
    received_on: datetime.date,
) -> tuple[datetime.date | None, datetime.date | None]:
    """(from, to) of one delivery: `declared` by its cut-off, or `measured` in its period column, never beyond today.

    Without a cut-off a delivery speaks up to the day it was received: of months after that it knows nothing.
    """
    if kind == "declared":
        return None, last_whole_month(min(cutoff or received_on, received_on))
    first, last = measured
    this_month = received_on.replace(day=1)
    if first is None or last is None or first > this_month:
        return None, None
    return first, min(last, this_month)
