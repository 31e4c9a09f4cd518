"""Who of a household has signed, until when, and who still has to."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from doudi.matching.logic.families import is_minor
from doudi.registry.queries import members
from doudi.verification.models import Authorisation


@dataclass(frozen=True, slots=True)
class AuthorisationLine:
    """One member: minors go with the family and sign nothing; an adult has signed or not."""

    person: uuid.UUID
    name: str
    number_masked: str
    is_minor: bool
    standing: Authorisation | None
    earlier: tuple[Authorisation, ...]


def in_force(on: datetime.date) -> Q:
    """Authorisations that hold on a day."""
    ends = (Q(to_on=None) | Q(to_on__gte=on)) & (Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
    return Q(signed_on__lte=on) & ends


def authorisations_of(household: uuid.UUID, on: datetime.date) -> list[AuthorisationLine]:
    """Every member of a household on a day with the authorisation that holds then and the others."""
    people = [row.person for row in members(household, on)]
    rows = list(
        Authorisation.objects.filter(person_id__in=[one.id for one in people]).order_by("-signed_on", "-recorded_at")
    )
    holding = set(
        Authorisation.objects.filter(in_force(on), pk__in=[row.pk for row in rows]).values_list("pk", flat=True)
    )
    lines = []
    for person in people:
        own = [row for row in rows if row.person_id == person.id]
        standing = next((row for row in own if row.pk in holding), None)
        earlier = tuple(row for row in own if row is not standing)
        minor = is_minor(person.born_on, on)
        lines.append(AuthorisationLine(person.id, person.name, person.number_masked, minor, standing, earlier))
    return lines


def signed_on(persons: Iterable[uuid.UUID], on: datetime.date) -> set[uuid.UUID]:
    """Those of some persons whose authorisation holds on a day."""
    return set(
        Authorisation.objects.filter(in_force(on), person_id__in=set(persons)).values_list("person_id", flat=True)
    )
