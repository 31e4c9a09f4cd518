"""What was done to the house as a whole goes on record in it."""

from __future__ import annotations

from datetime import datetime

from doudi.audit.actions import record_act
from doudi.core.actor import Actor


def note_backup(*, actor: Actor, at: datetime, name: str, files: int, digest: str) -> None:
    """A backup was taken: its name, how many files, the digest of its manifest."""
    record_act(actor=actor, verb="operations.back_up", subjects=[("backup", name)], at=at, count=files, digest=digest)


def note_restore(*, actor: Actor, at: datetime, name: str, until: str, digest: str) -> None:
    """The house was restored: what was done between the instant and now is no longer in it."""
    record_act(
        actor=actor, verb="operations.restore", subjects=[("backup", name)], at=at, digest=digest, reason=until[:200]
    )
