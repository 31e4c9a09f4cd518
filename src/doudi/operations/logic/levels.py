"""From figures to levels: what is well, what somebody should look at, what is broken. One table of limits."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARN, BAD = "ok", "warn", "bad"
ORDER = (OK, WARN, BAD)


@dataclass(frozen=True, slots=True)
class Limit:
    """From which value on a figure warns or is bad; `falling` turns it round (free space)."""

    warn: float
    bad: float
    falling: bool = False

    def level(self, figure: float | None) -> str:
        """A figure that nobody knows is bad: it may be anything."""
        if figure is None:
            return BAD
        value, warn, bad = (-figure, -self.warn, -self.bad) if self.falling else (figure, self.warn, self.bad)
        return BAD if value >= bad else WARN if value >= warn else OK


LIMITS = {
    "disk": Limit(15.0, 5.0, falling=True),  # percent free
    "database": Limit(0.5, 3.0),  # seconds to answer
    "connections": Limit(80.0, 95.0),  # percent used
    "worker": Limit(40.0, 120.0),  # seconds since its last sign of life
    "queue": Limit(900.0, 7200.0),  # seconds that the oldest job which is due waits
    "archive": Limit(300.0, 3600.0),  # seconds since log was to be archived and was not
    "backup": Limit(26.0, 74.0),  # hours since the last one
}


def worst(levels: list[str]) -> str:
    """The level of the whole."""
    return max(levels, key=ORDER.index, default=OK)
