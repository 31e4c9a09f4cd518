"""How long a session lasts, and on which kind of device."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class SessionRules:
    """Idle end, the warning before it, and the end that comes however busy somebody is."""

    idle: timedelta = timedelta(minutes=15)
    warning: timedelta = timedelta(seconds=150)
    longest: timedelta = timedelta(hours=12)

    def left(self, seen_at: datetime, started_at: datetime, at: datetime) -> timedelta:
        """What is left when nothing more is done."""
        return max(timedelta(), min(seen_at + self.idle, started_at + self.longest) - at)

    def ended(self, seen_at: datetime, started_at: datetime, at: datetime) -> str:
        """idle, long, clock, or nothing while it lasts. A clock that was set back gives nobody more time."""
        if at - seen_at >= self.idle:
            return "idle"
        if seen_at - at > STEP:
            return "clock"
        return "long" if at - started_at >= self.longest else ""


STEP = timedelta(minutes=1)
"""So far two processes' clocks may lie apart."""
NOTED_EVERY = timedelta(seconds=10)
"""A session's last request is written this often at most; the idle end may come that much early, never late."""


def device_kind(user_agent: str) -> str:
    """`phone` for a browser that says it is mobile, else `window`."""
    return "phone" if "Mobi" in user_agent else "window"
