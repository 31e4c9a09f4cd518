"""What of an impact could not be worked out: all of it, some counties, some households."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class NotWorkedOut:
    """What is not known of an impact."""

    whole: bool
    places: int
    """Counties of which nothing is known."""
    households: int
    """Households with an error, in those that are known."""


def not_worked_out(result: Mapping[str, Any]) -> NotWorkedOut | None:
    """What a stored result leaves open; None where everything is known."""
    counties = [one for one in result.get("counties") or () if isinstance(one, Mapping)]
    whole, places = "problem" in result, sum("problem" in one for one in counties)
    households = max(_errors(result), sum(_errors(one) for one in counties))
    return NotWorkedOut(whole, places, households) if whole or places or households else None


def _errors(table: Mapping[str, Any]) -> int:
    value = table.get("errors")
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
