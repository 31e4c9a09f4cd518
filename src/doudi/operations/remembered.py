"""The states of the last few seconds: the address is open, and asking often must not cost the database anything."""

from __future__ import annotations

from datetime import datetime
from threading import Lock

from doudi.core.health import PartState
from doudi.operations.queries import states

SECONDS = 5.0
_lock = Lock()
_last: tuple[datetime, list[PartState]] | None = None


def recent_states(at: datetime) -> list[PartState]:
    """States no older than a few seconds; who comes while they are read waits for the same ones."""
    global _last
    with _lock:
        if _last is None or not 0 <= (at - _last[0]).total_seconds() < SECONDS:
            _last = (at, states(at))
        return _last[1]


def forget() -> None:
    """The next one reads anew (tests)."""
    global _last
    with _lock:
        _last = None
