"""Whose authorised data may be used: answered by a function of the database, because an authorisation opens a person's
data wherever the person applies. Whoever asks names the keys and learns nothing of any other.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence

from django.db import connection

MANY = 20_000


def permitted_keys(feed: str, keys: Sequence[uuid.UUID], on: datetime.date) -> set[uuid.UUID]:
    """Keys with a permit for a feed on a day."""
    found: set[uuid.UUID] = set()
    with connection.cursor() as cursor:
        for first in range(0, len(keys), MANY):
            part = list(keys[first : first + MANY])
            cursor.execute("SELECT person_key FROM sources_permitted(%s, %s, %s)", [feed, part, on])
            found.update(key for (key,) in cursor.fetchall())
    return found
