"""The access policy as data: role × area × department × purpose × field, and the questions asked of it.

What the file looks like and what is refused in it is in `reading`; who acts is asked in `accounts.access`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from doudi.engine.errors import Where

FULL, TOTALS, LIMIT, MASKED, NONE = "full", "totals", "limit", "masked", "none"
SIGHTS = {
    "identity_number": (FULL, MASKED),
    "phone": (FULL, MASKED),
    "address": (FULL, MASKED),
    "minors": (FULL, MASKED),
    "income": (FULL, TOTALS, LIMIT),
    "health": (FULL, TOTALS, LIMIT),
    "bank": (FULL, LIMIT),
}
"""Classes of fields the program knows, and how much of each can be seen, the most first."""
MEANS = ("income", "health", "bank")
"""Classes that rulebooks mark facts and columns with (`sensitivity`)."""
OFFICER, TOWNSHIP, LIMITS = "officer", "township", "limits"
"""Forms of a report or a proposal: down to the rows · sums of the family, of bank data a limit · limits only."""
SYSTEM = "system"
"""The machine itself: command line and tasks."""


@dataclass(frozen=True, slots=True)
class Role:
    """Where a role works, and for which departments it may be granted."""

    name: str
    level: str
    departments: tuple[str, ...]
    at: Where


@dataclass(frozen=True, slots=True)
class Permission:
    """Who holds it."""

    name: str
    roles: tuple[str, ...]
    at: Where


@dataclass(frozen=True, slots=True)
class Reveal:
    """Who may have a masked number shown in full, for what, for how long, how often an hour."""

    roles: tuple[str, ...]
    purposes: tuple[str, ...]
    seconds: int
    most_an_hour: int


@dataclass(frozen=True, slots=True)
class Field:
    """A class of personal data. `asks`: full sight begins with one of these purposes, for so many minutes."""

    name: str
    label: Mapping[str, str]
    seen: Mapping[str, str]
    """Sight by role; a role that is not in it sees nothing."""
    reveal: Reveal | None
    asks: tuple[str, ...]
    minutes: int
    emergency: bool

    @property
    def without_purpose(self) -> str:
        """What is left of full sight while no purpose is stated."""
        return SIGHTS[self.name][1]

    @property
    def least(self) -> str:
        """The smallest sight of it."""
        return SIGHTS[self.name][-1]


@dataclass(frozen=True, slots=True)
class Emergency:
    """Looks beyond one's area: how long they last, how much must be said, by when and of how many a review may wait."""

    hours: int
    reason_letters: int
    review_days: int
    most_unreviewed: int


@dataclass(frozen=True, slots=True)
class GrantReview:
    """How often grants are confirmed, and what becomes of those that are not."""

    days: int
    warn_days: int
    grace_days: int
    lapse: bool
    never_lapse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ViewAs:
    """Which roles' pages administrators may look at, and for how long."""

    roles: tuple[str, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """The whole file."""

    levels: tuple[str, ...]
    owner: str
    departments: Mapping[str, Mapping[str, str]]
    roles: Mapping[str, Role]
    groups: Mapping[str, tuple[str, ...]]
    permissions: Mapping[str, Permission]
    people: tuple[str, ...]
    """Permissions whose pages show families."""
    across_minutes: int
    purposes: Mapping[str, Mapping[str, str]]
    fields: Mapping[str, Field]
    emergency: Emergency
    grant_review: GrantReview
    view_as: ViewAs
    digest: str
    """SHA-256 of the file: which policy is in force."""

    def holders(self, permission: str) -> tuple[str, ...]:
        """The roles that hold a permission; KeyError for one the file does not know."""
        return self.permissions[permission].roles

    def may(self, role: str, permission: str) -> bool:
        """Whether a role holds a permission."""
        return role in self.permissions[permission].roles

    def sight(self, role: str, field: str) -> str:
        """How much a role sees of a class of fields; the machine sees all."""
        return FULL if role == SYSTEM else self.fields[field].seen.get(role, NONE)

    def sight_with(self, role: str, field: str, opened: frozenset[str]) -> str:
        """How much is seen now: full sight of what asks for a purpose only where it was opened by one."""
        found = self.sight(role, field)
        if found == FULL and role != SYSTEM and self.fields[field].asks and field not in opened:
            return self.fields[field].without_purpose
        return found

    def may_reveal(self, role: str, field: str) -> bool:
        """Whether a role may have a number of this class shown in full."""
        reveal = self.fields[field].reveal
        return reveal is not None and role in reveal.roles

    def is_across(self, department: str) -> bool:
        """Whether a grant of a department looks across at what belongs to another."""
        return department not in ("", self.owner)


def level_for(sights: Mapping[str, str]) -> str:
    """The fullest form of a report that shows of no class of means more than is seen of it."""
    if all(sights[field] == FULL for field in MEANS):
        return OFFICER
    if all(sights[field] in (FULL, TOTALS) for field in ("income", "health")) and sights["bank"] in (FULL, LIMIT):
        return TOWNSHIP
    return LIMITS
