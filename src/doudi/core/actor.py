"""Who acts: one account under one grant. Actions take it as an argument."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """An account acting under one grant. `area` bounds what it sees, by prefix; the system's is empty: everywhere."""

    account_id: str
    name: str
    role: str
    area: str
    department: str = ""
    purpose: str = ""
    grant_id: str = ""

    @classmethod
    def system(cls, role: str = "system") -> Actor:
        """The machine itself: command line and tasks."""
        return cls("system", role, role, "")

    def covers(self, area_code: str) -> bool:
        """Whether an area lies within this actor's."""
        return area_code.startswith(self.area)
