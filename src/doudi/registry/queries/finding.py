"""Finding somebody by name, a part of it, pinyin, initials, identity number or household number, within one's area."""

from __future__ import annotations

import datetime
import re
import uuid
from collections import defaultdict
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet

from doudi.core.actor import Actor
from doudi.core.vault import vault
from doudi.lib.identity_number import normalise
from doudi.registry.access import persons_visible_to
from doudi.registry.logic.areas import prefix_end
from doudi.registry.logic.names import normalised_name
from doudi.registry.logic.numbers import NUMBER_INDEX
from doudi.registry.models import Household, Membership, NameRow, Person, PersonKey

MOST_HITS = 50


@dataclass(frozen=True, slots=True)
class HouseholdRef:
    """A household somebody belongs to today."""

    id: uuid.UUID
    kind: str
    number: str | None


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A person found, with a masked number."""

    person_id: uuid.UUID
    name: str
    number_masked: str
    sex: str
    born_on: datetime.date | None
    area_code: str
    households: tuple[HouseholdRef, ...]
    born_year: int | None = None
    """The year alone, where the day is not for the reader."""


def search(text: str, actor: Actor, limit: int = MOST_HITS) -> list[SearchHit]:
    """People of the actor's area: exact names first, then by area and name. Nothing for an empty text."""
    words = text.strip()
    if not words:
        return []
    visible = persons_visible_to(actor)
    found = list(_matching(words, visible).order_by("area_code", "name", "id")[: limit + 1])
    exact = normalised_name(words)
    found.sort(key=lambda person: person.name != exact)
    return _hits(found[:limit])


def _matching(words: str, visible: QuerySet[Person]) -> QuerySet[Person]:
    """People by what was typed.

    Ids come first, few of them from here and many as an array made once: whatever the planner believes of the tables,
    people are then read by their key, and not all of an area against each other row.
    """
    number = normalise(words)
    if number is not None:
        indexes = vault().blind_indexes(NUMBER_INDEX, number)
        old = list(PersonKey.objects.filter(key=vault().person_key(number)).values_list("person_id", flat=True))
        return visible.filter(Q(number_index__in=indexes) | Q(pk__in=old))
    if re.search(r"\d", words):
        homes = list(Household.objects.filter(number=words.upper()).values_list("pk", flat=True))
        members = Membership.objects.filter(household__in=homes, to_on__isnull=True)
        return visible.filter(pk__in=list(members.values_list("person_id", flat=True)))
    if words.isascii():
        return _by_sound(re.sub(r"[^a-z]", "", words.lower()), visible)
    return _by_name(normalised_name(words), visible)


def _by_sound(letters: str, visible: QuerySet[Person]) -> QuerySet[Person]:
    """Full pinyin or initials beginning with the letters."""
    if not letters:
        return visible.none()
    rows = NameRow.objects.filter(kind__in=["p", "i"], text__gte=letters, text__lt=prefix_end(letters))
    return visible.filter(_named(rows))


def _by_name(name: str, visible: QuerySet[Person]) -> QuerySet[Person]:
    """The whole name, or every one- and two-character part of what was typed."""
    plain = name.replace("·", "")
    if not plain:
        return visible.none()
    pairs = [plain[i : i + 2] for i in range(len(plain) - 1)] or [plain]
    rows = visible
    for pair in pairs:
        rows = rows.filter(_named(NameRow.objects.filter(kind="g", text=pair)))
    return rows


def _named(rows: QuerySet[NameRow]) -> Func:
    """Persons with one of the rows, as `id = ANY (ARRAY (…))`: the array is made once."""
    ids = ArraySubquery(rows.values("person_id"))
    return Func(F("pk"), ids, template="%(expressions)s)", arg_joiner=" = ANY (", output_field=BooleanField())


def _hits(people: list[Person]) -> list[SearchHit]:
    households: dict[uuid.UUID, list[HouseholdRef]] = defaultdict(list)
    rows = Membership.objects.filter(person__in=people, to_on__isnull=True).select_related("household")
    for row in rows.order_by("kind", "from_on"):
        households[row.person_id].append(HouseholdRef(row.household.id, row.household.kind, row.household.number))
    return [
        SearchHit(
            person_id=person.id,
            name=person.name,
            number_masked=person.number_masked,
            sex=person.sex,
            born_on=person.born_on,
            area_code=person.area_code,
            households=tuple(households[person.id]),
        )
        for person in people
    ]
