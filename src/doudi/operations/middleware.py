"""Every answered request is counted and logged: which view, how it ended, how long it took. Never the address: it may
hold ids, and what was searched for is nobody's business.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from doudi.operations.metrics import count_request

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
HEALTH = "/health/"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
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


class HealthFromHere:
    """Middleware, before the host is looked at: monitoring on this machine asks `/health/` under this machine's name.

    No other page answers to it, so that nothing is ever built on a name that nobody set up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked_as = str(request.META.get("HTTP_HOST", "")).removesuffix(f":{request.META.get('SERVER_PORT', '')}")
        if request.path_info == HEALTH and asked_as in LOOPBACK and _is_here(request.META.get("REMOTE_ADDR", "")):
            request.META["HTTP_HOST"] = settings.HEALTH_HOST
        return self._get_response(request)


def _is_here(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
