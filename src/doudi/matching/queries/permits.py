"""Whose authorised data may be used on a day: by a permit of their own; children go with their family."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Sequence

from doudi.sources.queries.permits import permitted_keys

Permitted = Callable[[str, Sequence[uuid.UUID], datetime.date], set[uuid.UUID]]
"""(feed, lake keys, day) -> the keys whose rows may be used."""


def permits_by_feed(
    feeds: Iterable[str], keys: Sequence[uuid.UUID], on: datetime.date, permitted: Permitted | None = None
) -> dict[str, set[uuid.UUID]]:
    """Permitted keys of each authorised feed."""
    ask = permitted or permitted_keys
    return {feed: ask(feed, keys, on) for feed in feeds}
