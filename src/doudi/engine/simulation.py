"""What a simulation finds: one rulebook beside another over one population. Plain data with one canonical JSON form.

`undetermined` is a line of its own everywhere: such households are in no total of eligible or not eligible, of winners
or losers. Money is in yuan: `month` holds monthly amounts and a twelfth of yearly ones, `year` twelve months of it;
what is paid once stands apart. docs/concepts/simulate.md defines each figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from doudi.engine.feeds import Bilingual
from doudi.engine.proposal import plain


@dataclass(frozen=True, slots=True)
class Side:
    """Households, and their cost, under one rulebook."""

    eligible: int
    not_eligible: int
    undetermined: int
    persons: int
    """Counted members of the eligible households whose number is known."""
    persons_unknown: int
    """Eligible households of whose persons the number is not known; they are in no count of persons."""
    amount_unknown: int
    """Eligible households whose amount is unknown; they are in no sum."""
    month: Decimal
    year: Decimal
    once: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table. winners + losers + otherwise + unchanged + undetermined = households."""

    key: str
    label: Bilingual
    households: int
    before: Side
    after: Side
    newly_in: int
    """Not eligible before, eligible after."""
    out: int
    """Eligible before, not eligible after."""
    winners: int
    losers: int
    otherwise: int
    """The same money by another recognition."""
    unchanged: int
    undetermined: int
    """Households for which it cannot be said whether anything changes."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """How far incomes stay below the line: sum per month, households below, their mean, and the index per person."""

    sum: Decimal
    households: int
    mean: Decimal
    """Per household below the line; zero where there is none."""
    index: Decimal
    """Mean over persons of shortfall ÷ line (Foster–Greer–Thorbecke, α = 1)."""


@dataclass(frozen=True, slots=True)
class PovertyGap:
    """The shortfall to today's line without help, with today's help, with the reform's, over the same households."""

    households: int
    persons: int
    undetermined: int
    """Households whose income or help is unknown under either rulebook."""
    without: Shortfall
    before: Shortfall
    after: Shortfall


@dataclass(frozen=True, slots=True)
class Simulation:
    """The whole result."""

    as_of: date
    place: str
    before: str
    after: str
    """Hashes of the two rulebooks."""
    households: int
    persons: int
    """Counted members of the households whose number is known."""
    persons_unknown: int
    """Households of whose persons the number is not known: not zero persons, and in no count of them."""
    errors: int
    """Households that could not be worked out (an overflow, a figure nobody set); they are in no line."""
    changed: int
    in_all: Line
    counted: tuple[str, ...]
    """The programmes that `in_all`, areas, groups and sizes take together."""
    programmes: tuple[Line, ...]
    areas: tuple[Line, ...]
    """By township; the last one may be households without a known area."""
    groups: tuple[Line, ...]
    """Families with somebody of a group, those of which it is not known in lines of their own."""
    sizes: tuple[Line, ...]
    gap: PovertyGap | None
    left_out: tuple[str, ...]
    """Programmes that read a figure nobody has set: they cannot be worked out for anyone and are in no line."""
    differing: tuple[str, ...]
    """Rules and parameters that differ themselves."""
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data; money as text."""
        data: dict[str, Any] = plain(self)
        return data
