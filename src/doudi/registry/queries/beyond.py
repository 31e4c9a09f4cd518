"""What may be known of other areas: whose a number is and where, never more. The answers come from functions of the
database, which give these columns and no others; whatever else lies beyond the bounds of the grant stays unseen.

The caller is an act or a look that goes on record.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import connection

from doudi.core.vault import vault
from doudi.registry.logic.batches import chunks
from doudi.registry.logic.numbers import NUMBER_INDEX


@dataclass(frozen=True, slots=True)
class Registered:
    """The person with a number (the one kept, if merged): an id and an area."""

    id: uuid.UUID
    area_code: str


@dataclass(frozen=True, slots=True)
class RegisterMembership:
    """That the register has somebody in a household for a period; which one is told by an opaque id."""

    person_id: uuid.UUID
    household_id: uuid.UUID
    from_on: datetime.date
    to_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class HouseholdElsewhere:
    """That a register household of a number lies in another area."""

    household: uuid.UUID
    area_code: str


def registered_as(numbers: Sequence[str]) -> dict[str, Registered]:
    """Who bears each normalised number, wherever registered; unknown numbers are absent."""
    safe = vault()
    indexes = {index: number for number in numbers for index in safe.blind_indexes(NUMBER_INDEX, number)}
    found: dict[str, Registered] = {}
    with connection.cursor() as cursor:
        for part in chunks(list(indexes)):
            cursor.execute("SELECT number_index, person_id, area_code FROM registry_known_numbers(%s)", [list(part)])
            for index, person, area in cursor.fetchall():
                found[indexes[bytes(index)]] = Registered(person, area)
    return found


def register_memberships(persons: Collection[uuid.UUID]) -> list[RegisterMembership]:
    """Every membership of these persons in register households, wherever those lie."""
    found: list[RegisterMembership] = []
    with connection.cursor() as cursor:
        for part in chunks(list(persons)):
            cursor.execute("SELECT person_id, household_id, from_on, to_on FROM registry_register_of(%s)", [list(part)])
            found += [RegisterMembership(*row) for row in cursor.fetchall()]
    return found


def households_elsewhere(numbers: Collection[str]) -> dict[str, HouseholdElsewhere]:
    """The register households with these numbers that lie beyond the bounds of whoever asks."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, household_id, area_code FROM registry_household_elsewhere(%s)", [list(numbers)])
        return {number: HouseholdElsewhere(household, area) for number, household, area in cursor.fetchall()}
