"""What was declared, as of a day. What an application reads of persons was said in it, or in no application at all: the
same person in another application never changes it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Mapping

from doudi.registry.logic.batches import chunks
from doudi.registry.logic.obligors import Obligor
from doudi.registry.models import Declaration, ObligorStatement
from doudi.registry.sealing import declared_value

Asking = tuple[uuid.UUID, str]
"""A person and the number of the application that asks; with an empty number, what was said anywhere counts."""


def declared_on(household: uuid.UUID, on: datetime.date, application: str = "") -> dict[str, str | None]:
    """Declared household facts as of a day: the latest said, those of the application named before all others."""
    return declared_values([household], on, {household: application} if application else {}).get(household, {})


def declared_values(
    households: Iterable[uuid.UUID], on: datetime.date, applications: Mapping[uuid.UUID, str] | None = None
) -> dict[uuid.UUID, dict[str, str | None]]:
    """Declared facts of many households as of a day: {household: {fact: value, None if not known}}."""
    found: dict[uuid.UUID, dict[str, str | None]] = {}
    wanted = applications or {}
    for part in chunks(list(households)):
        rows = Declaration.objects.filter(household__in=part, said_on__lte=on).order_by("said_on", "recorded_at", "id")
        ordered = list(rows.values_list("household_id", "fact", "application", "id", "value_enc"))
        ordered.sort(key=lambda row: row[2] == wanted.get(row[0], row[2]))
        latest = {(row[0], row[1]): (row[3], row[4]) for row in ordered}
        for (household, fact), (own, stored) in latest.items():
            found.setdefault(household, {})[fact] = declared_value(own, stored)
    return found


def declared_of_persons(asking: Iterable[Asking], on: datetime.date) -> dict[Asking, dict[str, str | None]]:
    """Declared facts of persons as of a day, each as the application that asks has them."""
    found: dict[Asking, dict[str, str | None]] = {}
    said: dict[uuid.UUID, list[tuple[str, str, uuid.UUID, bytes | memoryview[int] | None]]] = {}
    wanted = list(dict.fromkeys(asking))
    for part in chunks(list({person for person, _application in wanted})):
        rows = Declaration.objects.filter(person__in=part, said_on__lte=on).order_by("said_on", "recorded_at", "id")
        named = rows.values_list("person_id", "application", "fact", "id", "value_enc")
        for person, application, fact, key, stored in named:
            said.setdefault(person, []).append((application, fact, key, stored))
    for person, own in wanted:
        counting = [row for row in said.get(person, ()) if _counts(row[0], own)]
        ordered = sorted(counting, key=lambda row: bool(own) and row[0] == own)
        for fact, (key, stored) in {row[1]: (row[2], row[3]) for row in ordered}.items():
            found.setdefault((person, own), {})[fact] = declared_value(key, stored)
    return found


def obligors_said(asking: Iterable[Asking], on: datetime.date) -> dict[Asking, tuple[Obligor, ...] | None]:
    """Who is said to be obliged to support each person, as of a day and as the application that asks has it: nobody is
    (), None is asked and not known; a person nobody has asked about is not in it.
    """
    wanted = list(dict.fromkeys(asking))
    said = _lists([person for person, _application in wanted], on)
    found: dict[Asking, tuple[Obligor, ...] | None] = {}
    for person, own in wanted:
        counting = [row for row in said.get(person, ()) if _counts(row[0], own)]
        if counting:
            found[person, own] = max(enumerate(counting), key=lambda at: (bool(own) and at[1][0] == own, at[0]))[1][1]
    return found


def obligors_said_elsewhere(
    people: Iterable[uuid.UUID], on: datetime.date, application: str
) -> dict[uuid.UUID, dict[str, tuple[Obligor, ...] | None]]:
    """What other applications say of who is obliged to support each person, the latest in each: {person: {number:
    obligors}}. Whether the reader may see the other application is the caller's to ask.
    """
    return {
        person: {number: obligors for number, obligors in rows if number not in ("", application)}
        for person, rows in _lists(people, on).items()
    }


def _lists(
    people: Iterable[uuid.UUID], on: datetime.date
) -> dict[uuid.UUID, list[tuple[str, tuple[Obligor, ...] | None]]]:
    """Every list said of each person with the application it was said in, the latest last."""
    found: dict[uuid.UUID, list[tuple[str, tuple[Obligor, ...] | None]]] = {}
    for part in chunks(list(people)):
        rows = ObligorStatement.objects.filter(person__in=part, said_on__lte=on)
        for row in rows.order_by("said_on", "recorded_at", "seq", "id"):
            found.setdefault(row.person_id, []).append((row.application, row.obligors))
    return found


def _counts(said_in: str, own: str) -> bool:
    """Whether what was said in an application counts for the one that asks."""
    return not own or said_in in ("", own)
