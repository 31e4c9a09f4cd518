"""What a formula is worked out for: a household, a person, a row of a record. Values are memorised per subject."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Value = bool | Decimal | int | date | str | None
"""None is unknown."""

REASONS = ("never_asked", "not_answered", "not_permitted", "conflicting")


@dataclass(slots=True, eq=False)
class Subject:
    """One household, person or row. `facts` holds what was given (None: given as unknown, reason in `why`)."""

    entity: str
    id: str
    facts: dict[str, Value]
    why: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    """Of what a person has chosen (facts whose source is discretion): the reason they gave."""
    memo: dict[str, Value] = field(default_factory=dict)
    household: Subject | None = None
    person: Subject | None = None
    is_member: bool = True
    members: list[Subject] = field(default_factory=list)
    """Of a household: the persons who are members."""
    persons: list[Subject] = field(default_factory=list)
    head: Subject | None = None
    rows: dict[str, list[Subject]] = field(default_factory=dict)
    """Of a person: rows by record; a record that did not answer holds one phantom row."""
    place: int = -1
    """Of a person: the place among the persons of the household."""
    phantom: str | None = None
    """Of a row: the reason why it stands for rows nobody has answered about."""


@dataclass(frozen=True, slots=True)
class Case:
    """A household as of a day at a place, ready to be worked out."""

    as_of: date
    area: str | None
    household: Subject
    canonical: bytes
    """The case as canonical JSON: what is stored, digested and replayed."""
