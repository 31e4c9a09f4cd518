"""Who acts: one account under one grant. Actions take it as an argument."""

from __future__ import annotations

from dataclasses import dataclass

EMERGENCY, VIEWING = "emergency", "viewing"
NOWHERE = "~"
"""An area that no code begins with and that sorts after all of them."""


@dataclass(frozen=True, slots=True)
class Actor:
    """An account acting under one grant. `area` bounds what it sees, by prefix; the system's is empty: everywhere.

    `mode` is empty, or one in which nothing can be written: an emergency look beyond the grant's own area, or the pages
    of a role seen by an administrator, who sees nobody's data there. `opened` are classes of personal data that a
    stated purpose or an emergency has opened.
    """

    account_id: str
    name: str
    role: str
    area: str
    department: str = ""
    purpose: str = ""
    grant_id: str = ""
    mode: str = ""
    opened: frozenset[str] = frozenset()

    @classmethod
    def system(cls, role: str = "system") -> Actor:
        """The machine itself: command line and tasks."""
        return cls("system", role, role, "")

    def covers(self, area_code: str) -> bool:
        """Whether an area lies within this actor's."""
        return area_code.startswith(self.people_area)

    @property
    def people_area(self) -> str:
        """The area whose people are seen: nowhere for who only views pages."""
        return NOWHERE if self.mode == VIEWING else self.area

    @property
    def reads_only(self) -> bool:
        """Whether this actor can write nothing at all."""
        return self.mode != ""
