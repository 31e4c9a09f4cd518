"""Rolls: many households as of a day in flat rows, for building cases and snapshots."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Sequence

from django.db.models import Exists, OuterRef, Q

from doudi.registry.logic.areas import bounds
from doudi.registry.logic.batches import chunks
from doudi.registry.logic.rolls import Roll, RollMember, RollPerson
from doudi.registry.models import Address, Headship, Household, Membership, Person
from doudi.registry.queries.families import holds_on

BATCH = 20_000


PERSON_COLUMNS = ("id", "born_on", "sex", "ethnicity", "hukou_type", "area_code", "state")


def roll(households: Sequence[uuid.UUID], on: datetime.date) -> Roll:
    """The roll of given households on a day."""
    members: dict[uuid.UUID, list[RollMember]] = {key: [] for key in households}
    heads: dict[uuid.UUID, uuid.UUID] = {}
    areas: dict[uuid.UUID, str] = {}
    kinds: dict[uuid.UUID, str] = {}
    columns = ["household_id", "relation", *(f"person__{name}" for name in PERSON_COLUMNS)]
    for part in chunks(households, BATCH):
        for key, kind, area in Household.objects.filter(pk__in=part).values_list("id", "kind", "area_code"):
            kinds[key], areas[key] = kind, area
        rows = Membership.objects.filter(holds_on(on), household_id__in=part)
        for row in rows.order_by("from_on", "seq", "id").values_list(*columns).iterator(BATCH):
            members[row[0]].append(RollMember(row[0], RollPerson(*row[2:]), row[1]))
        heads.update(
            Headship.objects.filter(holds_on(on), household_id__in=part).values_list("household_id", "person_id")
        )
        areas.update(
            Address.objects.filter(holds_on(on), household_id__in=part).values_list("household_id", "area_code")
        )
    inside = {(key, line.person.id) for key, lines in members.items() for line in lines}
    strangers = [person for key, person in heads.items() if (key, person) not in inside]
    return Roll(members, heads, areas, kinds, {person.id: person for person in _people(strangers)})


def _people(persons: Iterable[uuid.UUID]) -> Iterator[RollPerson]:
    for part in chunks(list(persons), BATCH):
        for row in Person.objects.filter(pk__in=part).values_list(*PERSON_COLUMNS):
            yield RollPerson(*row)


def screened_households(on: datetime.date, prefix: str = "") -> list[uuid.UUID]:
    """Assistance units, and register households none of whose people is in a unit yet, of an area on a day."""
    living = Household.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), formed_on__lte=on)
    limits = bounds(prefix)
    if limits:
        living = living.filter(area_code__gte=limits[0], area_code__lt=limits[1])
    in_unit = Membership.objects.filter(holds_on(on), kind="unit", person_id=OuterRef("person_id"))
    formed = Membership.objects.filter(holds_on(on), Exists(in_unit), kind="hukou").values("household_id")
    units = living.filter(kind="unit")
    register = living.filter(kind="hukou").exclude(pk__in=formed)
    return sorted([*units.values_list("id", flat=True), *register.values_list("id", flat=True)])
