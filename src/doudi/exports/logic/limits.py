"""When a file needs a second person: how many people are in it, how many its asker had today, what was agreed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from doudi.exports.logic.agreements import Agreement


@dataclass(frozen=True, slots=True)
class Limits:
    """Persons a file, and persons an account and day, that one person may take out alone."""

    a_file: int = 500
    a_day: int = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to take out."""

    export: str
    persons: int
    full: bool
    department: str
    on: date


def second_person_for(asked: Asked, today: int, limits: Limits) -> str:
    """Why a second person is needed: `file`, `day`, `full` (numbers unmasked in a file of many), or empty."""
    if asked.persons > limits.a_file:
        return "file"
    if asked.persons and today + asked.persons > limits.a_day:
        return "day"
    return ""


def agreement_for(asked: Asked, agreements: Iterable[Agreement]) -> Agreement | None:
    """The standing agreement that covers it, if there is one in force for this export, this many and this masking."""
    for one in agreements:
        fits = asked.export in one.exports and asked.persons <= one.persons and (one.full or not asked.full)
        if fits and one.from_on <= asked.on and (one.to_on is None or asked.on < one.to_on):
            return one
    return None
