"""Registering people, many at once: new ones are written, known ones brought up to date; former names are kept."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Sequence
from hashlib import sha256

from django.db import transaction

from doudi.audit.actions import record_act
from doudi.core.actor import Actor
from doudi.core.row_context import everywhere
from doudi.core.vault import vault
from doudi.registry.actions.rows import insert_rows, update_rows
from doudi.registry.logic import names, numbers
from doudi.registry.logic.batches import chunks
from doudi.registry.logic.newcomers import NewPerson, Registered
from doudi.registry.models import DealtIn, NameRow, Person, PersonKey, PersonName

NAME_ROW = ("person_id", "kind", "text", "area_code")
UPDATED = ("name", "ethnicity", "hukou_type", "area_code", "state", "state_on")


@transaction.atomic
def register_people(
    *, actor: Actor, at: datetime.datetime, people: Sequence[NewPerson], origin: str = ""
) -> Registered:
    """Register people by number. A number given twice is one person (the first row counts). One audit entry for all."""
    by_number: dict[str, NewPerson] = {}
    for item in people:
        by_number.setdefault(item.number, item)
    safe = vault()
    indexes = {number: safe.blind_indexes(numbers.NUMBER_INDEX, number) for number in by_number}
    known = _known(indexes)
    ids = {number: person.merged_into_id or person.id for number, person in known.items()}
    new = [item for number, item in by_number.items() if number not in known]
    for item in new:
        ids[item.number] = uuid.uuid4()
    _write_new(new, ids, indexes, actor, at)
    changed = _bring_up_to_date([(known[number], by_number[number]) for number in known], at)
    record_act(
        actor=actor,
        verb="registry.register_people",
        subjects=[("person", str(ids[item.number])) for item in new] if len(new) <= 10 else [],
        at=at,
        before=None,
        after=None,
        reason=origin,
        count=len(new) + changed,
        digest=sha256("".join(sorted(map(str, ids.values()))).encode()).hexdigest(),
    )
    return Registered(ids, created=len(new), changed=changed)


@transaction.atomic
def register_unnumbered(*, actor: Actor, at: datetime.datetime, count: int, origin: str = "") -> list[uuid.UUID]:
    """Register people of whom not even a usable number is known. They have no key: no source answers about them."""
    made = [Person(registered_at=at) for _ in range(count)]
    Person.objects.bulk_create(made)
    deal_in({person.id for person in made}, actor.area)
    record_act(
        actor=actor,
        verb="registry.register_unnumbered",
        subjects=[("person", str(person.id)) for person in made] if count <= 10 else [],
        at=at,
        reason=origin,
        count=count,
    )
    return [person.id for person in made]


def _known(indexes: dict[str, list[bytes]]) -> dict[str, Person]:
    number_of = {index: number for number, under_each_key in indexes.items() for index in under_each_key}
    found: dict[str, Person] = {}
    for part in chunks(list(number_of)):
        for person in Person.objects.filter(number_index__in=part).defer("number_enc"):
            found[number_of[bytes(person.number_index or b"")]] = person
    return found


def deal_in(persons: Iterable[uuid.UUID], area_code: str) -> None:
    """The staff of an area deal with these persons, wherever they are registered; without an area nothing is noted."""
    if area_code:
        rows = [DealtIn(person_id=person, area_code=area_code) for person in persons]
        DealtIn.objects.bulk_create(rows, ignore_conflicts=True)


def _write_new(
    new: Sequence[NewPerson],
    ids: dict[str, uuid.UUID],
    indexes: dict[str, list[bytes]],
    actor: Actor,
    at: datetime.datetime,
) -> None:
    safe = vault()
    people, keys = [], []
    searched: list[tuple[uuid.UUID, str, str, str]] = []
    for item in new:
        person, name = ids[item.number], names.normalised_name(item.name)
        reading = (names.readings(name) or (names.Reading("", ""),))[0]
        number = item.number
        people.append(
            (
                person, name, reading.full[:200], reading.initials[:50],
                safe.encrypt(numbers.number_context(person), number.encode()), indexes[number][0],
                numbers.masked_number(number), numbers.sex(number), item.ethnicity, numbers.born_on(number),
                item.hukou_type, item.area_code, item.state, item.state_on, at,
            )
        )  # fmt: skip
        keys.append((uuid.uuid4(), person, safe.person_key(number), at))
        searched.extend((person, kind, text, item.area_code) for kind, text in names.search_texts(name))
    columns = (
        "id name pinyin initials number_enc number_index number_masked sex ethnicity born_on hukou_type area_code state"
    )
    insert_rows(Person, [*columns.split(), "state_on", "registered_at"], people)
    deal_in([ids[item.number] for item in new], actor.area)
    insert_rows(PersonKey, ["id", "person_id", "key", "since"], keys)
    insert_rows(NameRow, NAME_ROW, searched)


def _bring_up_to_date(pairs: Iterable[tuple[Person, NewPerson]], at: datetime.datetime) -> int:
    """Write what differs and is said; returns how many persons changed."""
    changed, renamed = [], []
    for person, given in pairs:
        values = {field: getattr(given, field) or getattr(person, field) for field in UPDATED}
        values["name"] = names.normalised_name(given.name) or person.name
        if all(getattr(person, field) == value for field, value in values.items()):
            continue
        changed.append((person.id, *(values[field] for field in UPDATED)))
        person.area_code = str(values["area_code"])
        if values["name"] != person.name:
            renamed.append((person, values["name"]))
    update_rows(Person, ["id", *UPDATED], changed)
    write_names(renamed, at.date())
    return len(changed)


def write_names(renamed: Sequence[tuple[Person, str]], until: datetime.date) -> None:
    """Give persons a new name: the former one goes on record, the search rows are made anew."""
    if not renamed:
        return
    former = [(uuid.uuid4(), person.id, person.name, until) for person, _ in renamed if person.name]
    insert_rows(PersonName, ["id", "person_id", "name", "until"], former)
    people = []
    searched: list[tuple[uuid.UUID, str, str, str]] = []
    for person, name in renamed:
        reading = (names.readings(name) or (names.Reading("", ""),))[0]
        people.append((person.id, name, reading.full[:200], reading.initials[:50]))
        searched.extend((person.id, kind, text, person.area_code) for kind, text in names.search_texts(name))
    update_rows(Person, ["id", "name", "pinyin", "initials"], people)
    with everywhere("somebody dealt with here may be searched for where they are registered"):
        NameRow.objects.filter(person_id__in=[person.id for person, _ in renamed]).delete()
        insert_rows(NameRow, NAME_ROW, searched)
