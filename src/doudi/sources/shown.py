"""What the pages of deliveries show: a feed's line with its freshness, problems counted by kind."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doudi.core.clock import day_of
from doudi.engine.feeds import Feed
from doudi.sources.models import Delivery
from doudi.sources.queries.deliveries import FeedState

FRESH_DAYS = {"daily": 3, "weekly": 10, "monthly": 40, "quarterly": 100, "yearly": 380}
"""After so many days a feed of that cadence is late."""


@dataclass(frozen=True, slots=True)
class FeedLine:
    """One feed in the overview; `late` when its last good delivery is older than its cadence allows."""

    feed: Feed
    label: str
    supplier: str
    current: Delivery | None
    refused: Delivery | None
    age: int | None
    late: bool


def feed_line(state: FeedState, on: datetime.date, lang: str) -> FeedLine:
    """The line of a feed on a day."""
    age = (on - day_of(state.current.received_at)).days if state.current else None
    late = age is not None and age > FRESH_DAYS.get(state.feed.cadence, 40)
    feed = state.feed
    return FeedLine(feed, feed.label[lang], feed.supplier[lang], state.current, state.refused, age, late)


def problem_groups(listed: Sequence[Mapping[str, Any]], counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Problems by code and column, most frequent code first: how many, what to do, the first rows."""
    found: dict[str, dict[str, Any]] = {}
    for one in listed:
        group = found.setdefault(one["code"], {"said": one["said"], "columns": [], "rows": [], "count": 0})
        group["count"] = counts.get(one["code"], group["count"] + 1)
        if one["column"] and one["column"] not in group["columns"]:
            group["columns"].append(one["column"])
        if one["row"] and len(group["rows"]) < 8:
            group["rows"].append(one["row"])
    return sorted(found.values(), key=lambda group: -group["count"])
