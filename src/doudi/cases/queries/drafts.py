"""What a draft holds, and what the register has for a household number typed into it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from doudi.cases.logic.stored import draft_context
from doudi.cases.logic.wizard import Answers, Someone, from_data
from doudi.cases.models import Draft
from doudi.cases.queries.register import register_of
from doudi.core.actor import Actor
from doudi.core.row_context import everywhere
from doudi.core.vault import vault
from doudi.keeping.logic.duties import Subject
from doudi.keeping.queries import held
from doudi.registry.logic.numbers import masked_number
from doudi.registry.models import Household, Person
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


def subjects_of(drafts: Iterable[Answers]) -> list[tuple[Subject, ...]]:
    """By what a hold would keep each of these forms: whom it names and the register household typed into it, of
    whatever area. Asked by the machine, or for it.
    """
    forms = list(drafts)
    known = persons_by_numbers(sorted({number for one in forms for number in one.numbers()}))
    typed = sorted({one.household_number for one in forms if one.household_number})
    rows = Household.objects.filter(kind="hukou", number__in=typed).values_list("number", "id")
    households = {number or "": household for number, household in rows}
    return [_subjects(one, known, households) for one in forms]


def _subjects(form: Answers, known: Mapping[str, Person], households: Mapping[str, uuid.UUID]) -> tuple[Subject, ...]:
    people = {("person", str(known[number].id)) for number in form.numbers() if number in known}
    household = households.get(form.household_number)
    return tuple(sorted(people | ({("household", str(household))} if household else set())))


def names_somebody_held(before: Answers, after: Answers | None = None) -> bool:
    """Whether a form names somebody under a hold whom it will not name any more; without `after`, whom it names. The
    caller's transaction has locked the holds, so that none is placed now.
    """
    with everywhere("a hold of any county keeps a form that names whom it holds"):
        own, left = subjects_of([before, after or Answers()])
        lost = set(own) - set(left)
        return bool(lost) and not lost.isdisjoint(held())


def somebody(number: str) -> Someone:
    """A person by number, with the name the registry has."""
    known = persons_by_numbers([number]).get(number)
    return Someone(number, known.name if known else "", "", known.number_masked if known else masked_number(number))
