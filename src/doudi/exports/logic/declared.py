"""What an export says of itself, beside its view, and what it hands the door. A test finds views that say nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from doudi.exports.logic.marks import Mark

PERSONAL, TOTALS, RULES = "personal", "totals", "rules"
HOLDS = (PERSONAL, TOTALS, RULES)
"""Data of people; counts and sums of people; rules and figures that are public anyway."""


@dataclass(frozen=True, slots=True)
class Export:
    """One kind of file. `name` is the verb in the log; `holds` what is in it; `kinds` the endings it may have."""

    name: str
    holds: str
    kinds: tuple[str, ...]
    offers_full: bool = False
    """Whether numbers may be asked for unmasked. They are masked unless somebody does."""
    own: bool = False
    """One person's own data for that person: whole, and so many a day and account without a second person."""

    def __post_init__(self) -> None:
        if self.holds not in HOLDS:
            raise ValueError(self.holds)

    @property
    def is_personal(self) -> bool:
        """Whether a purpose is asked and persons are counted."""
        return self.holds == PERSONAL


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that may be made: authorised and counted, not yet written. `make` draws the mark on it.

    `persons` is how many people's data are in it (an upper bound where nobody has counted heads): of a personal file
    one at least, for not counted is not nobody, and the limits would let it pass.
    """

    label: str
    """What it is, for the page that asks what it is wanted for."""
    file_name: str
    media: str
    make: Callable[[Mark], bytes]
    back: str = "/"
    """The page it is asked for from."""
    persons: int = 0
    subjects: tuple[tuple[str, object], ...] = ()
    full: bool = False
    may_be_full: bool = False
    inline: bool = False
    internal: bool = False
    """Exact figures for use inside the area: a purpose is asked though nobody is named."""
