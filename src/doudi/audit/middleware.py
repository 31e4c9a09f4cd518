"""Refusals go on record before they are answered: who wanted what, and why it was refused."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from doudi.audit.actions import record_look
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import Forbidden


class RefusalsOnRecord:
    """Writes an entry for every Forbidden that meets somebody signed in; the answer is left to whoever comes after."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """The view asked for, the opaque ids in its address, and the code of the refusal."""
        match = request.resolver_match
        if not isinstance(error, Forbidden) or not request.user.is_authenticated or match is None:
            return
        actor: Actor | None = getattr(request, "actor", None)
        asked = [(name.removesuffix("_id"), value) for name, value in match.kwargs.items() if isinstance(value, UUID)]
        record_look(
            actor=actor or Actor(str(request.user.pk), getattr(request.user, "name", ""), "account", ""),
            verb=match.view_name.replace(":", ".")[:80],
            subjects=asked,
            at=now(),
            outcome="refused",
            reason=error.code,
        )
