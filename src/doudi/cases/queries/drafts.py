"""What a draft holds, and what the register has for a household number typed into it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from doudi.cases.logic.stored import draft_context
from doudi.cases.logic.wizard import Answers, Someone, from_data
from doudi.cases.models import Draft
from doudi.cases.queries.register import register_of
from doudi.core.actor import Actor
from doudi.core.vault import vault
from doudi.registry.logic.numbers import masked_number
from doudi.registry.models import Person
from doudi.registry.queries import number_of, persons_by_numbers


def answers_of(draft: Draft) -> Answers:
    """The answers of a draft, decrypted."""
    return from_data(json.loads(vault().decrypt(draft_context(draft.id), bytes(draft.data_enc))))


def drafts_of(actor: Actor) -> QuerySet[Draft]:
    """The actor's drafts, the last saved first."""
    return Draft.objects.filter(account_id=actor.account_id).order_by("-saved_at")


@dataclass(frozen=True, slots=True)
class FoundHousehold:
    """A register household and its people on a day."""

    household: uuid.UUID
    people: tuple[Someone, ...]


def household_of_number(actor: Actor, number: str, on: date) -> FoundHousehold | None:
    """The people of a register household on a day, None if there is none in the actor's area. The caller records it."""
    view = register_of([number], []).view(number, on)
    if view is None or not actor.covers(view.area_code):
        return None
    people = Person.objects.in_bulk(list(view.members))
    found = []
    for key, relation in view.members.items():
        person = people[key]
        full = number_of(person)
        if full is not None:
            found.append(Someone(full, person.name, relation, person.number_masked))
    return FoundHousehold(view.household, tuple(found))


def named_in(answers: Iterable[Answers]) -> list[tuple[str, uuid.UUID]]:
    """Whom forms name, as far as the register has them, as the log names them."""
    known = persons_by_numbers(sorted({number for one in answers for number in one.numbers()}))
    return [("person", person.id) for person in known.values()]


def somebody(number: str) -> Someone:
    """A person by number, with the name the registry has."""
    known = persons_by_numbers([number]).get(number)
    return Someone(number, known.name if known else "", "", known.number_masked if known else masked_number(number))
