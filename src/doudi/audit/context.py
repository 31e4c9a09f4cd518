"""Whether pages say that the log is not anchored, or with nobody outside, for those who are signed in."""

from __future__ import annotations

import time
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from doudi.audit.adapters.holders import holders
from doudi.audit.queries.anchoring import anchoring
from doudi.core.actor import Actor
from doudi.core.consoles import AUDIT

FRESH = 10.0
"""Seconds for which an answer holds in one process."""
_known: dict[str, tuple[float, bool]] = {}


def unanchored(request: HttpRequest) -> dict[str, Any]:
    """`unanchored`: approvals are stopped. `unwitnessed`, for the audit administrator: no holder outside."""
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "unanchored": SimpleLazyObject(_told) if actor is not None else False,
        "unwitnessed": actor is not None and actor.role == AUDIT and not holders(),
    }


def forget() -> None:
    """The next page asks anew."""
    _known.clear()


def _told() -> bool:
    at, told = _known.get("now", (float("-inf"), False))
    if time.monotonic() - at > FRESH:
        told = anchoring().is_overdue
        _known["now"] = (time.monotonic(), told)
    return told
