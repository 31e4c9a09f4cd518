"""Whom lists follow: how many a department does, and by which numbers, for the proofs of what it is told."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from doudi.core.row_context import everywhere
from doudi.core.vault import vault
from doudi.registry.models import Person
from doudi.registry.queries import number_of


def lock_followed(department: str, product: str) -> int:
    """How many people the lists of a department follow that go on, in whatever area; until the transaction ends, no
    other list of the same begins.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 8))", [f"{department}|{product}"])
        cursor.execute("SELECT people FROM exchange_followed(%s, %s)", [department, product])
        ((people,),) = cursor.fetchall()  # a count that does not come is an error, and not nobody
    return int(people)


def numbers_followed(persons: Iterable[UUID]) -> dict[UUID, str]:
    """Numbers of people whom a list follows, of those who have moved away, too. The caller records the look."""
    with everywhere("a proof says whom it is about, also when they have left the asker's area"):
        rows = list(Person.objects.filter(pk__in=list(persons)))
    return {row.id: number for row in rows if (number := number_of(row))}


def salt_of_change(change: int) -> str:
    """What binds the proof of a change to a person, the same whenever it is read; told to its receiver alone."""
    return vault().salted_digest(str(change).encode(), b"exchange.change").hex()[:32]
