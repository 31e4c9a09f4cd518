"""What is handed in to be registered: people, households, declarations. Numbers arrive normalised (18 characters)."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass, field
from decimal import Decimal

from doudi.registry.logic.obligors import Obligor


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person with a usable number; empty fields say nothing and change nothing of a person already known."""

    number: str
    name: str = ""
    ethnicity: str = ""
    hukou_type: str = ""
    area_code: str = ""
    state: str = ""
    state_on: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household with its members by person id; `head` may be unknown (None) or no member."""

    number: str | None
    area_code: str
    head: uuid.UUID | None
    members: tuple[tuple[uuid.UUID, str], ...]
    """(person, relation to the head)."""
    kept_in: str = ""
    """Area whose staff handle its application, if it was formed by one."""


@dataclass(frozen=True, slots=True)
class NewDeclaration:
    """One declared fact of a household or of a person."""

    fact: str
    value: str | None
    said_on: datetime.date
    household: uuid.UUID | None = None
    person: uuid.UUID | None = None
    said_by: uuid.UUID | None = None
    application: str = ""


@dataclass(frozen=True, slots=True)
class NewObligors:
    """Who is obliged to support a person, all of them; none of them is nobody, None asked and not known."""

    person: uuid.UUID
    obligors: tuple[Obligor, ...] | None = field(repr=False)
    said_on: datetime.date
    said_by: uuid.UUID | None = None
    application: str = ""


@dataclass(frozen=True, slots=True)
class NewLabel:
    """A label on a household or a person."""

    code: str
    from_on: datetime.date
    origin: str
    household: uuid.UUID | None = None
    person: uuid.UUID | None = None
    to_on: datetime.date | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of people handed in: their ids by number, how many were new, how many changed."""

    ids: dict[str, uuid.UUID] = field(repr=False)
    created: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Formed:
    """What became of households handed in: their ids in the order given, how many were new, how many changed."""

    ids: tuple[uuid.UUID, ...] = field(repr=False)
    created: int = 0
    changed: int = 0
