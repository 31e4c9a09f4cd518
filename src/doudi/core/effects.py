"""What was written inside a transaction, and whether it still stands: an act whose transaction was rolled back did not
happen, though the request went on and answered.
"""

from __future__ import annotations

from django.db import connection, transaction


class Effect:
    """Something just written over the ordinary connection."""

    def __init__(self) -> None:
        self._is_committed = False
        transaction.on_commit(self)

    def __call__(self) -> None:
        self._is_committed = True

    @property
    def stands(self) -> bool:
        """Whether it is committed, or still waits for that: Django forgets what waited in a part rolled back."""
        return self._is_committed or any(waiting[1] is self for waiting in connection.run_on_commit)
