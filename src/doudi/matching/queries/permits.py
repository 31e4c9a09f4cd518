"""Whose authorised data may be used on a day: by a permit of their own; children go with their family."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Iterable, Sequence

from django.db.models import Q

from doudi.registry.logic.batches import chunks
from doudi.sources.models import Permit

Permitted = Callable[[str, Sequence[uuid.UUID], datetime.date], set[uuid.UUID]]
"""(feed, lake keys, day) -> the keys whose rows may be used."""


def permitted_keys(feed: str, keys: Sequence[uuid.UUID], on: datetime.date) -> set[uuid.UUID]:
    """Keys with a permit for a feed on a day."""
    found: set[uuid.UUID] = set()
    for part in chunks(list(keys)):
        rows = Permit.objects.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), feed=feed, from_on__lte=on)
        found.update(rows.filter(person_key__in=part).values_list("person_key", flat=True))
    return found


def permits_by_feed(
    feeds: Iterable[str], keys: Sequence[uuid.UUID], on: datetime.date, permitted: Permitted | None = None
) -> dict[str, set[uuid.UUID]]:
    """Permitted keys of each authorised feed."""
    ask = permitted or permitted_keys
    return {feed: ask(feed, keys, on) for feed in feeds}
