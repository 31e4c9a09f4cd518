"""No entry, no answer: refusals and looks go on record before anything is sent."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from doudi.audit.actions.recording import record_look, recorded
from doudi.core.actor import Actor
from doudi.core.clock import now
from doudi.core.errors import DoudiError, Forbidden


class RefusalsOnRecord:
    """Writes an entry for every Forbidden that meets somebody signed in; the answer is left to whoever comes after."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """The view asked for, the opaque ids in its address, and the code of the refusal."""
        if isinstance(error, Forbidden) and request.user.is_authenticated:
            put_on_record(request, "refused", error.code)


class AnswersOnRecord:
    """Whatever somebody signed in is answered has an entry: the view's own, or one written here. Views that show and
    change nothing of anybody say so (`core.access.untraced`). Outermost of all that answers errors.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = recorded.set([])
        try:
            response = self._get_response(request)
            noted = recorded.get() or []
        finally:
            recorded.reset(token)
        is_error = response.status_code >= 400
        # what an action wrote went with its transaction, if the answer is an error
        acts = [one for one in noted if one is not None]
        is_on_record = len(acts) < len(noted) or (any(one.stands for one in acts) and not is_error)
        if not is_on_record and request.user.is_authenticated and not _is_untraced(request):
            said = ("failed", str(response.status_code)) if is_error else ("seen", "")
            put_on_record(request, *said, page="page.")
        return response


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


def _is_untraced(request: HttpRequest) -> bool:
    match = request.resolver_match
    return (
        match is None
        or bool(getattr(match.func, "doudi_untraced", ""))
        or (getattr(match.func, "doudi_access", "") == "public")
    )
