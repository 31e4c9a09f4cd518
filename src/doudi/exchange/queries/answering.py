"""What the register and the ledger say of people and one recognition on a day."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from doudi.core.actor import Actor
from doudi.core.clock import day_of
from doudi.core.vault import vault
from doudi.exchange.logic.answers import Answer, Known, answer
from doudi.exchange.logic.cursors import Mac, turned, turned_back
from doudi.exchange.logic.products import Product
from doudi.registry.logic.names import normalised_name
from doudi.registry.models import Label, Membership, Person
from doudi.registry.queries import keys_of, persons_by_numbers
from doudi.registry.queries.families import holds_on
from doudi.sources.queries import coverage, tainted


@dataclass(frozen=True, slots=True)
class Asked:
    """A person as somebody asks about them: a normalised number, and the name if it was given."""

    number: str
    name: str = ""


def answers_for(
    product: Product, asked: Sequence[Asked], actor: Actor, on: date, today: date
) -> list[tuple[Answer, Person | None]]:
    """An answer each, and the person it is about if there is one."""
    people = persons_by_numbers(sorted({one.number for one in asked}))
    persons = [people.get(one.number) for one in asked]
    facts = _facts(product, [person.id for person in persons if person], on)
    return [
        (answer(_known(one, person, actor, facts), on, today, product.max_age_days), person)
        for one, person in zip(asked, persons, strict=True)
    ]


def answers_about(
    product: Product, people: Sequence[Person], actor: Actor, on: date, today: date
) -> dict[uuid.UUID, Answer]:
    """The answers about people who are known."""
    facts = _facts(product, [person.id for person in people], on)
    return {
        person.id: answer(_known(Asked("", ""), person, actor, facts), on, today, product.max_age_days)
        for person in people
    }


def rows_after(
    product: Product, actor: Actor, after: uuid.UUID | None, limit: int, on: date
) -> tuple[list[dict[str, Any]], uuid.UUID | None, list[uuid.UUID]]:
    """(rows in the order of their people's ids, where the next page begins, the people of these)."""
    found = list(_recognised(product, actor, on, after)[: limit + 1])
    people, more = found[:limit], len(found) > limit
    labels = _labels_of(product, [person.id for person in people], on)
    rows = [_row(product, actor, person, labels[person.id]) for person in people if person.id in labels]
    return rows, people[-1].id if more else None, [person.id for person in people]


def sealed_cursor(person: uuid.UUID, department: str) -> uuid.UUID:
    """Where a page begins, as one department is told it: the inner id would let two of them join their people."""
    return turned(person, _mac(department))


def opened_cursor(cursor: uuid.UUID, department: str) -> uuid.UUID:
    """The place again. One that was not ours is some place of the roll, and says nothing of anybody."""
    return turned_back(cursor, _mac(department))


def _mac(department: str) -> Mac:
    return lambda data: vault().salted_digest(department.encode() + b"|" + data, b"exchange.cursor")


def ledger_day(product: Product) -> date | None:
    """The day the newest ledger speaks for."""
    held = coverage(product.evidence)
    if held is None:
        return None
    return held.cutoff or day_of(held.received_at)


@dataclass(frozen=True, slots=True)
class _Facts:
    labelled: frozenset[uuid.UUID]
    doubtful: frozenset[uuid.UUID]
    placed: frozenset[uuid.UUID]
    ledger: date | None


def _facts(product: Product, people: Sequence[uuid.UUID], on: date) -> _Facts:
    placed = Membership.objects.filter(holds_on(on), person_id__in=people).values_list("person_id", flat=True)
    return _Facts(
        frozenset(_labels_of(product, people, on)), _doubtful(product, people), frozenset(placed), ledger_day(product)
    )


def _known(asked: Asked, person: Person | None, actor: Actor, facts: _Facts) -> Known:
    if person is None:
        return Known(False, False, False, False, False, False, facts.ledger)
    fits = not asked.name or normalised_name(asked.name) == person.name
    inside = actor.covers(person.area_code)
    return Known(
        True, fits, inside, person.id in facts.labelled, person.id in facts.doubtful, person.id in facts.placed,
        facts.ledger,
    )  # fmt: skip


def _labels_of(product: Product, people: Sequence[uuid.UUID], on: date) -> dict[uuid.UUID, Label]:
    """The recognition of each person who has it on a day: their own, or their household's."""
    found: dict[uuid.UUID, Label] = {}
    own = Label.objects.filter(holds_on(on), code=product.recognition, person_id__in=people)
    for label in own.order_by("from_on"):
        assert label.person_id is not None
        found.setdefault(label.person_id, label)
    rows = Membership.objects.filter(holds_on(on), person_id__in=people).values_list("person_id", "household_id")
    households: dict[uuid.UUID, list[uuid.UUID]] = {}
    for person, household in rows:
        households.setdefault(household, []).append(person)
    theirs = Label.objects.filter(holds_on(on), code=product.recognition, household_id__in=list(households))
    for label in theirs.order_by("from_on"):
        assert label.household_id is not None
        for person in households[label.household_id]:
            found.setdefault(person, label)
    return found


def _doubtful(product: Product, people: Sequence[uuid.UUID]) -> frozenset[uuid.UUID]:
    """People with a row of the current ledger that was set aside."""
    keys = keys_of(people)
    spoiled = tainted(product.evidence, [key for own in keys.values() for key in own])
    return frozenset(person for person, own in keys.items() if spoiled & set(own))


def _recognised(product: Product, actor: Actor, on: date, after: uuid.UUID | None) -> QuerySet[Person]:
    labels = Label.objects.filter(holds_on(on), code=product.recognition)
    members = Membership.objects.filter(
        holds_on(on), household_id__in=labels.filter(household_id__isnull=False).values("household_id")
    )
    own = labels.filter(person_id__isnull=False).values("person_id")
    people = Person.objects.filter(Q(pk__in=members.values("person_id")) | Q(pk__in=own), merged_into__isnull=True)
    people = people.filter(area_code__gte=actor.area, area_code__lt=actor.area + ":") if actor.area else people
    return (people.filter(pk__gt=after) if after else people).order_by("pk")


def _row(product: Product, actor: Actor, person: Person, label: Label) -> dict[str, Any]:
    """The columns the product names, in its order."""
    values: Mapping[str, Any] = {
        "reference": reference_of(person.id, actor.department),
        "name": person.name,
        "number_masked": person.number_masked,
        "area": person.area_code,
        "recognition": label.code,
        "from_on": label.from_on.isoformat(),
        "to_on": label.to_on.isoformat() if label.to_on else None,
    }
    return {name: values[name] for name in product.fields}


def reference_of(person: uuid.UUID, department: str) -> str:
    """A name for a person that one department sees always and no other ever."""
    return vault().salted_digest(f"{department}|{person}".encode(), b"exchange.reference").hex()[:32]
