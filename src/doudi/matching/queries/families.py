"""Families as of a day: the registry's roll with lake keys, permits and declarations laid beside it."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence

from doudi.matching.logic.families import Family, Subject, is_minor
from doudi.matching.queries.permits import Permitted, permits_by_feed
from doudi.registry.logic.rolls import Roll, RollPerson
from doudi.registry.queries import Asking, declared_of_persons, declared_values, keys_of, roll


def families(
    households: Sequence[uuid.UUID],
    on: datetime.date,
    authorised: Sequence[str],
    *,
    applications: Mapping[uuid.UUID, str] | None = None,
    permitted: Permitted | None = None,
    permits_on: datetime.date | None = None,
) -> list[Family]:
    """Families of households on a day, in the order given. `authorised` names the feeds that need a permit.

    Permits count as of `permits_on`, by default the same day.
    """
    found = roll(list(households), on)
    people = {line.person.id for lines in found.members.values() for line in lines} | set(found.outside)
    keys = keys_of(people)
    every_key = [key for held in keys.values() for key in held]
    permits = permits_by_feed(authorised, every_key, permits_on or on, permitted)
    declared = _declared(households, found, on, applications or {})
    return [_family(key, found, on, keys, permits, declared[key]) for key in households]


def _declared(
    households: Sequence[uuid.UUID], found: Roll, on: datetime.date, applications: Mapping[uuid.UUID, str]
) -> dict[uuid.UUID, dict[uuid.UUID, Mapping[str, str | None]]]:
    """What each household and its people declared, by household and subject: a person in two of them may have declared
    different things in each.
    """
    asking: dict[uuid.UUID, list[Asking]] = {}
    for key in households:
        heads = [found.heads[key]] if key in found.heads else []
        people = [*(line.person.id for line in found.members[key]), *heads]
        asking[key] = [(person, applications.get(key, "")) for person in people]
    said = declared_values(households, on, applications)
    told = declared_of_persons([one for those in asking.values() for one in those], on)
    declared: dict[uuid.UUID, dict[uuid.UUID, Mapping[str, str | None]]] = {key: {} for key in households}
    for key, those in asking.items():
        if key in said:
            declared[key][key] = said[key]
        declared[key].update((one[0], told[one]) for one in those if one in told)
    return declared


def _family(
    household: uuid.UUID,
    found: Roll,
    on: datetime.date,
    keys: Mapping[uuid.UUID, list[uuid.UUID]],
    permits: Mapping[str, set[uuid.UUID]],
    declared: Mapping[uuid.UUID, Mapping[str, str | None]],
) -> Family:
    head = found.heads.get(household)
    unit = found.kinds.get(household) == "unit"
    lines = [(line.person, True) for line in found.members[household]]
    if head in found.outside and all(person.id != head for person, _member in lines):
        lines.append((found.outside[head], False))
    subjects = tuple(
        _subject(person, tuple(keys.get(person.id, ())), member, unit and member, permits, on)
        for person, member in lines
    )
    return Family(household, on, found.areas.get(household, ""), head, subjects, declared)


def _subject(
    person: RollPerson,
    keys: tuple[uuid.UUID, ...],
    member: bool,
    in_unit: bool,
    permits: Mapping[str, set[uuid.UUID]],
    on: datetime.date,
) -> Subject:
    """Children of an assistance unit go with the family: their rows need no signature of their own."""
    signed = frozenset(feed for feed, allowed in permits.items() if any(key in allowed for key in keys))
    with_family = in_unit and is_minor(person.born_on, on)
    return Subject(
        person=person,
        keys=keys,
        member=member,
        permitted=frozenset(permits) if with_family else signed,
        signed=bool(permits) and len(signed) == len(permits),
    )
