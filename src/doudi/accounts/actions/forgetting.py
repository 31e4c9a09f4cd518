"""Sign-ins whose time of keeping is over."""

from __future__ import annotations

from collections.abc import Sequence

from doudi.accounts.models import AccountSession


def forget_sessions(sessions: Sequence[str]) -> int:
    """Delete rows of sessions; part of an act of keeping, which is recorded by its own name."""
    return AccountSession.objects.filter(id__in=sessions).delete()[0]
