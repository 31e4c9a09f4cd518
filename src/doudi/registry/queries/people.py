"""Persons by number and by lake key. Numbers are given normalised; a merged person is answered by the one kept."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from doudi.core.row_context import everywhere
from doudi.core.vault import vault
from doudi.registry.logic.batches import chunks
from doudi.registry.logic.numbers import NUMBER_INDEX, number_context
from doudi.registry.models import Person, PersonKey


def person_by_number(number: str) -> Person | None:
    """The person with a normalised number."""
    return persons_by_numbers([number]).get(number)


def persons_by_numbers(numbers: Sequence[str]) -> dict[str, Person]:
    """Persons with normalised numbers; unknown numbers are absent."""
    safe = vault()
    indexes = {index: number for number in numbers for index in safe.blind_indexes(NUMBER_INDEX, number)}
    found = {}
    for part in chunks(list(indexes)):
        for person in Person.objects.filter(number_index__in=part).select_related("merged_into"):
            found[indexes[bytes(person.number_index or b"")]] = person.merged_into or person
    return found


def same_persons(persons: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """These persons and every record merged with theirs, kept or merged away, wherever it is registered."""
    found = set(persons)
    fresh = set(found)
    with everywhere("a record merged away is the same person, also where it was of another area"):
        while fresh:
            near: set[uuid.UUID] = set()
            for part in chunks(sorted(fresh)):
                rows = Person.objects.filter(Q(pk__in=part) | Q(merged_into__in=part), merged_into__isnull=False)
                near.update(own for pair in rows.values_list("id", "merged_into_id") for own in pair)
            fresh = near - found
            found |= fresh
    return found


def number_of(person: Person) -> str | None:
    """The full number, decrypted. The caller records the look."""
    if person.number_enc is None:
        return None
    return vault().decrypt(number_context(person.id), bytes(person.number_enc)).decode()


def keys_of(persons: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Lake keys of persons, the oldest first."""
    found: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for part in chunks(list(persons)):
        for person, key in (
            PersonKey.objects.filter(person_id__in=part).order_by("since").values_list("person_id", "key")
        ):
            found[person].append(key)
    return dict(found)


def persons_by_keys(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Person id by lake key."""
    found: dict[uuid.UUID, uuid.UUID] = {}
    for part in chunks(list(keys)):
        found.update(PersonKey.objects.filter(key__in=part).values_list("key", "person_id"))
    return found
