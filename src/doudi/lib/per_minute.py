"""Counting by the minute in one process: how often somebody came, without a write anywhere."""

from __future__ import annotations

import threading
from collections import Counter


class PerMinute:
    """A count for each name in the current minute. Time is an argument: seconds that go forward, but for callers that
    come a little late over the end of a minute; they count in the one that has begun.
    """

    def __init__(self) -> None:
        self._lock, self._minute, self._counts = threading.Lock(), -1, Counter[str]()

    def count(self, name: str, seconds: float) -> int:
        """Counts one more; how many it are in this minute."""
        with self._lock:
            minute = int(seconds // 60)
            if minute not in (self._minute, self._minute - 1):
                self._minute, self._counts = minute, Counter[str]()
            self._counts[name] += 1
            return self._counts[name]
