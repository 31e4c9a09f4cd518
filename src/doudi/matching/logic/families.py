"""A family as facts: what the registry knows of its people, what was declared, in the words of the rulebook."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from doudi.registry.logic.rolls import RollPerson

NOT_ANSWERED = "not_answered"
NOT_PERMITTED = "not_permitted"
UNCLEAR = "不清楚"
ADULT_AGE = 18

Fact = str | bool | None
"""A value as canonical text or truth; None: asked and not known."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One person of a family; a head may be no member."""

    person: RollPerson
    keys: tuple[uuid.UUID, ...]
    member: bool
    permitted: frozenset[str]
    """Authorised feeds that may be used of this person."""
    signed: bool
    """An authorisation of the person's own holds for every authorised feed."""


@dataclass(frozen=True, slots=True)
class Family:
    """One household as of a day."""

    household: uuid.UUID
    as_of: datetime.date
    area: str
    head: uuid.UUID | None
    subjects: tuple[Subject, ...]
    declared: Mapping[uuid.UUID, Mapping[str, str | None]] = field(default_factory=dict)
    """Declared facts by subject (household or person)."""


PERSON_FACTS: dict[str, Callable[[Subject], Fact]] = {
    "born_on": lambda subject: subject.person.born_on.isoformat() if subject.person.born_on else None,
    "sex": lambda subject: {"M": "男", "F": "女"}.get(subject.person.sex),
    "ethnicity": lambda subject: subject.person.ethnicity or None,
    "hukou_type": lambda subject: subject.person.hukou_type or None,
    "area": lambda subject: subject.person.area or None,
    "state": lambda subject: subject.person.state or None,
    "is_authorised": lambda subject: subject.signed,
}
"""Facts of a person the registry answers, by name; a name not here is never answered by the registry."""


def is_minor(born_on: datetime.date | None, on: datetime.date) -> bool:
    """Under eighteen on a day; an unknown birthday is not taken for a child's."""
    if born_on is None:
        return False
    reached = (on.year, on.month, on.day) >= (born_on.year + ADULT_AGE, born_on.month, born_on.day)
    return not reached


def declared_fact(value: str | None, codes: tuple[str, ...] | None) -> str | None:
    """A declared value as a fact: not cleared up, or outside the declared list, is asked and not known."""
    if value is None or value == UNCLEAR or (codes is not None and value not in codes):
        return None
    return value
