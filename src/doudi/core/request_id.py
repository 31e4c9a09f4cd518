"""One id a request: in the answer's header, in every log line, for whoever has to find out what happened.

It says nothing about who asked. A proxy in front may have given one already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
GIVEN = re.compile(r"[0-9a-fA-F-]{16,64}")
_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The id of the request being answered; empty outside of one."""
    return _current.get()


class RequestId:
    """Middleware, outermost: gives the request its id and the answer its header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        token = _current.set(given if GIVEN.fullmatch(given) else uuid4().hex)
        try:
            response = self._get_response(request)
            response.headers[HEADER] = current()
        finally:
            _current.reset(token)
        return response
