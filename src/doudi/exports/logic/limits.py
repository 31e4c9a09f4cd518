"""When a file needs a second person: how many people are in it, how many its asker had today, what was agreed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from doudi.exports.logic.agreements import Agreement


@dataclass(frozen=True, slots=True)
class Limits:
    """What one person may take out alone: people a file, an account and day, with whole numbers a file, and copies
    of own data an account and day.
    """

    a_file: int = 500
    a_day: int = 2000
    whole: int = 30
    copies: int = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to take out."""

    export: str
    persons: int
    full: bool
    department: str
    on: date
    own: bool = False
    """A copy of own data."""
    purpose: str = ""
    """Empty while none was chosen."""


@dataclass(frozen=True, slots=True)
class Today:
    """What an account took out since midnight, whatever the grant: people in all, files of the kind asked for, and
    people by standing agreement.
    """

    persons: int = 0
    files: int = 0
    agreed: Mapping[str, int] = field(default_factory=dict)


def second_person_for(asked: Asked, today: Today, limits: Limits) -> str:
    """Why a second person is needed: `file`, `full` (whole numbers in a file of many), `copies`, `day`, or empty."""
    if asked.persons > limits.a_file:
        return "file"
    if asked.full and asked.persons > limits.whole:
        return "full"
    if asked.own and today.files + 1 > limits.copies:
        return "copies"
    if asked.persons and today.persons + asked.persons > limits.a_day:
        return "day"
    return ""


def agreement_for(asked: Asked, agreements: Iterable[Agreement], today: Today) -> Agreement | None:
    """The standing agreement that covers it, if there is one in force: for this export, this asker's department, this
    purpose, this many in the file and in the day, and this masking.
    """
    return next((one for one in agreements if _covers(one, asked, today.agreed.get(one.name, 0))), None)


def _covers(one: Agreement, asked: Asked, under_it: int) -> bool:
    in_force = one.from_on <= asked.on and (one.to_on is None or asked.on < one.to_on)
    meant = asked.export in one.exports and asked.department == one.department and (one.full or not asked.full)
    return (
        in_force
        and meant
        and asked.purpose in ("", *one.purposes)
        and asked.persons <= one.persons
        and under_it + asked.persons <= one.a_day
    )
