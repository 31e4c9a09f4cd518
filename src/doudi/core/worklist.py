"""The shape of an entry of somebody's work, and the socket that apps fill with theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from doudi.core.sockets import Socket


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to do: for whom, which step, until when, and the next act as a link."""

    key: str
    subject_label: str
    matter: str
    step: str
    url: str
    action_label: str
    due_on: date | None = None
    area_code: str = ""
    subjects: tuple[tuple[str, str], ...] = ()
    """Whose it is, as the audit log names them (kind, opaque id): who sees the item has looked at them."""


worklist: Socket[WorkItem] = Socket("worklist")
"""Fillers take (actor, today)."""
