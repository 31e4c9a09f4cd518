"""No entry, no answer: refusals and looks go on record before anything is sent."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from doudi.audit.access import put_on_record
from doudi.audit.actions.recording import recorded
from doudi.core.errors import Forbidden


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


def _is_untraced(request: HttpRequest) -> bool:
    match = request.resolver_match
    return (
        match is None
        or bool(getattr(match.func, "doudi_untraced", ""))
        or (getattr(match.func, "doudi_access", "") == "public")
    )
