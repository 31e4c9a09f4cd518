"""What may be known of applications of other areas: that a number is taken, that a member is in another one that is
open. The answers come from functions of the database, which give no more; the caller's act or look goes on record.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence

from django.db import connection

from doudi.cases.lifecycle import OPEN


def known_numbers(numbers: Collection[str]) -> set[str]:
    """Those of the numbers that are taken, wherever."""
    if not numbers:
        return set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM cases_numbers_taken(%s)", [list(numbers)])
        return {number for (number,) in cursor.fetchall()}


def open_beside(application: uuid.UUID) -> dict[uuid.UUID, Sequence[uuid.UUID]]:
    """Other open applications that share members with this one on the day of the later, the newest first: opaque ids,
    and which of this one's own members are in them. Nothing for an application that whoever asks does not see.
    """
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT other, person FROM cases_open_beside(%s, %s)", [application, list(OPEN)])
        for other, person in cursor.fetchall():
            found.setdefault(other, []).append(person)
    return {other: list(dict.fromkeys(people)) for other, people in found.items()}
