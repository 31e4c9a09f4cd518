"""An application as it is handed in, and what the register says to it. Numbers arrive normalised (18 characters)."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

OTHER_INCOME = "household.declared_other_income"
EDUCATION = "household.education_spending"
OBLIGORS = "household.obligor_status"

Declared = str | bool | int | Decimal | datetime.date | None


@dataclass(frozen=True, slots=True)
class NewApplication:
    """One application. `declared` maps facts to values, None where asked and not known; `signed` names who signed."""

    number: str
    applied_on: datetime.date
    household_number: str
    applicant: str = field(repr=False)
    members: tuple[str, ...] = field(repr=False)
    declared: Mapping[str, Declared] = field(default_factory=dict)
    signed: tuple[str, ...] = field(default=(), repr=False)
    unnumbered: int = 0
    """Members whose identity number nobody could read: they belong to the family and nothing is known of them."""


@dataclass(frozen=True, slots=True)
class RegisterView:
    """What the register says of the household an application names, as of its day."""

    household: uuid.UUID
    head: uuid.UUID | None
    area_code: str
    members: Mapping[uuid.UUID, str]
    """Relation to the head, by person."""
    is_later: bool = False
    """The register knows the household only from a later day on; what it first says is used."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Head, area and relations of the unit, and codes of what did not fit."""

    head: uuid.UUID | None
    area_code: str
    members: tuple[tuple[uuid.UUID, str], ...]
    problems: tuple[str, ...] = ()


def place_unit(
    members: tuple[uuid.UUID, ...], found: RegisterView | None, elsewhere: frozenset[uuid.UUID], *, named: bool
) -> Placed:
    """Whose head and area the unit has. Without a household number the register knows, nothing is guessed.

    `elsewhere`: members whom the register has in another household. If it has none of the members in the household
    named and at least one in another, it says something else, and head and area stay unknown.
    """
    if found is None:
        code = "cases.household_unknown" if named else "cases.household_not_given"
        return Placed(None, "", tuple((person, "") for person in members), (code,))
    lines = tuple((person, found.members.get(person, "")) for person in members)
    if not any(person in found.members for person in members) and any(person in elsewhere for person in members):
        return Placed(None, "", lines, ("cases.household_disagrees",))
    problems = []
    if found.head is None:
        problems.append("cases.head_unknown")
    if not found.area_code:
        problems.append("cases.address_unknown")
    if found.is_later:
        problems.append("cases.register_later")
    return Placed(found.head, found.area_code, lines, tuple(problems))


def as_text(value: Declared) -> str | None:
    """A declared value as the registry keeps it."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(value)
