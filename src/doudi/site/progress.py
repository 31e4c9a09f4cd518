"""Progress of a command on stderr: a line a step with the seconds gone by, a counter in place on a terminal."""

from __future__ import annotations

import sys
import time


class Progress:
    """`say` begins a step, `count` shows how far it is; silent when a program reads."""

    def __init__(self, *, silent: bool = False) -> None:
        self._started, self._silent, self._counting = time.monotonic(), silent, False

    def say(self, text: str) -> None:
        """A new step."""
        self._clear()
        if not self._silent:
            print(f"[{time.monotonic() - self._started:5.1f} s] {text}", file=sys.stderr, flush=True)

    def aside(self, text: str) -> None:
        """A remark for who watches a terminal; it is of no use in a log."""
        if not self._silent and is_watched():
            self._clear()
            print(f"          {text}", file=sys.stderr, flush=True)

    def count(self, done: int, of: int) -> None:
        """How much of the step is done."""
        if self._silent or not is_watched() or not of:
            return
        filled = 30 * done // of
        print(f"\r          {'█' * filled}{'░' * (30 - filled)} {done}/{of}", end="", file=sys.stderr, flush=True)
        self._counting = True
        if done >= of:
            self._clear()

    def _clear(self) -> None:
        if self._counting:
            print(file=sys.stderr)
            self._counting = False


def is_watched() -> bool:
    """Whether somebody looks at stderr on a terminal."""
    return sys.stderr.isatty()
