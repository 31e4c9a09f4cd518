"""Entries about requests: what was asked for, and what came of it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from doudi.audit.actions.recording import record_look, recorded
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import DoudiError, Forbidden


def has_entry() -> bool:
    """Whether this request has an entry that stays, whatever becomes of its transaction."""
    return any(one is None for one in recorded.get() or ())


def note_caught(request: HttpRequest, error: DoudiError) -> None:
    """A refusal that the page itself tells, beside what was typed, is on record like one that ends the request."""
    if isinstance(error, Forbidden):
        put_on_record(request, "refused", error.code)


def put_on_record(request: HttpRequest, outcome: str, reason: str, *, page: str = "") -> None:
    """The view asked for, the opaque ids in its address, what came of it. `page` stands before what no view wrote."""
    match = request.resolver_match
    if match is None:
        return
    actor: Actor | None = getattr(request, "actor", None)
    asked = [(name.removesuffix("_id"), value) for name, value in match.kwargs.items() if isinstance(value, UUID)]
    record_look(
        actor=actor or Actor(str(request.user.pk), getattr(request.user, "name", ""), "account", ""),
        verb=f"{page}{match.view_name.replace(':', '.')}"[:80],
        subjects=asked,
        at=now(),
        outcome=outcome,
        reason=reason,
    )
