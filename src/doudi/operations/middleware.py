"""Every answered request is counted and logged: which view, how it ended, how long it took. Never the address: it may
hold ids, and what was searched for is nobody's business.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from doudi.operations.metrics import count_request

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
logger = structlog.get_logger("doudi.request")


class Measured:
    """Middleware, just inside the request's id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = self._get_response(request)
        seconds = time.monotonic() - started
        match = request.resolver_match
        view = match.view_name or "unnamed" if match else "none"
        method = request.method if request.method in METHODS else "other"
        count_request(view, str(method), response.status_code, seconds)
        logger.info("request", view=view, method=method, status=response.status_code, ms=round(seconds * 1000, 1))
        return response
